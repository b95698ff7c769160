import { describe, expect, it } from "vitest";
import { buildkitdMissing } from "../../src/backends/unreachable.ts";

/** The error of buildctl 0.33 that quotes its connection helper. */
function helperError(words: string): string {
  const command = "command [ssh -l ci -- kit buildctl dial-stdio] has exited with exit status 255";
  return `error: failed to list workers: Unavailable: connection error: desc = "error reading server preface: ${command}, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=${words}"\n`;
}

const failureOf = (stderr: string) => buildkitdMissing("no answer", [{ code: 1, stdout: "", stderr }]);

describe("a buildkitd that cannot be reached", () => {
  it.each([
    ["ci@kit: Permission denied (publickey).\\r\\n", "ci@kit: Permission denied (publickey).", /SSH_AUTH_SOCK/],
    ["@@@@ CHANGED @@@@\\r\\nHost key verification failed.\\r\\n", "Host key verification failed.", /known_hosts/],
    [
      "ssh: connect to host kit port 22: Connection refused\\r\\n",
      "ssh: connect to host kit port 22: Connection refused",
      /firewall/,
    ],
    [
      "bash: line 1: buildctl: command not found\\n",
      "bash: line 1: buildctl: command not found",
      /buildctl must be on the PATH/,
    ],
    [
      'error: dial unix \\"/s\\": connect: no such file or directory\\n',
      'error: dial unix "/s": connect: no such file or directory',
      /names another socket/,
    ],
    ["Error: No such container: kit\\n", "Error: No such container: kit", /Start buildkitd/],
  ])("is reported with the last line of its connection helper: %s", (words, line, hint) => {
    const failure = failureOf(helperError(words));
    expect(failure).toMatchObject({ class: "engine", message: `no answer: ${line}` });
    expect(failure.hint).toMatch(hint);
  });

  it("is reported without that line if there is no connection helper", () => {
    expect(failureOf("error: failed to list workers: Unavailable: EOF\n")).toMatchObject({
      message: "no answer",
      lines: ["error: failed to list workers: Unavailable: EOF"],
    });
  });
});
