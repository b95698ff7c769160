/** Why a buildkitd cannot be reached, as the connection helper (such as ssh) reports it. */
import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { lastLines } from "./last-lines.ts";

/** Hints for the errors of ssh 9, and of the buildctl that it runs on the remote machine. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /Permission denied|Too many authentication failures/,
    "ssh cannot ask for a password here. In an earlier step, give it a key that the machine accepts, in an agent (SSH_AUTH_SOCK) or in ~/.ssh.",
  ],
  [
    /Host key verification failed/,
    "In an earlier step, add the machine's host key to ~/.ssh/known_hosts. Copy the key from the machine itself.",
  ],
  [/(?:command )?not found/, "buildctl must be on the PATH of that user on that machine."],
  [
    /dial unix/,
    "No buildkitd listens on that socket, or this user may not use it; ssh://user@host/path/buildkitd.sock names another socket.",
  ],
  [
    /^ssh: |Connection (?:closed|reset|timed out)/,
    "Check that the address is right, that sshd runs, and that no firewall blocks this runner.",
  ],
];

const DEFAULT_HINT =
  "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST.";

/**
 * The failure for a buildkitd that did not answer. If a connection helper such as ssh was used, the message ends with its
 * last line, which buildctl quotes in its own error.
 * @param message without a full stop, e.g. `buildctl cannot reach a buildkitd`.
 */
export function buildkitdMissing(message: string, answers: readonly Captured[]): Failure {
  const line = answers.map(({ stderr }) => helperError(stderr)).find((found) => found !== undefined);
  const [, hint = DEFAULT_HINT] = HINTS.find(([pattern]) => pattern.test(line ?? "")) ?? [];
  return new Failure("engine", line === undefined ? message : `${message}: ${line}`, {
    code: "BuildkitdMissing",
    lines: answers.flatMap(lastLines),
    hint,
  });
}

/** Source: docker/cli, cli/connhelper/commandconn: `… has exited with exit status 255, …: stderr=TEXT`, quoted as Go does. */
function helperError(stderr: string): string | undefined {
  const quoted = /has exited with .{0,200}stderr=((?:[^"\\]|\\.)*)/.exec(stderr)?.[1] ?? "";
  const lines = quoted.split(/(?:\\[rn])+/).map((line) => line.replaceAll('\\"', '"').trim());
  return lines.findLast((line) => line !== "");
}
