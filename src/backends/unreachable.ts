/** Why a buildkitd cannot be reached, in the words of the program that leads there. */
import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { lastLines } from "./last-lines.ts";

/** What to do about what ssh 9 and the buildctl at its other end say. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /Permission denied|Too many authentication failures/,
    "ssh asks nobody here: give it a key that the machine takes, in an agent (SSH_AUTH_SOCK) or in ~/.ssh, in a step before.",
  ],
  [
    /Host key verification failed/,
    "Put the machine's host key into ~/.ssh/known_hosts in a step before; take it from the machine itself.",
  ],
  [/(?:command )?not found/, "buildctl must be on the PATH of that user on that machine."],
  [
    /dial unix/,
    "No buildkitd that this user may use listens there; ssh://user@host/path/buildkitd.sock names another socket.",
  ],
  [
    /^ssh: |Connection (?:closed|reset|timed out)/,
    "Is the address right, sshd up, and does a firewall let this runner through?",
  ],
];

const DEFAULT_HINT =
  "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST.";

/**
 * The failure of questions that no buildkitd answered. Where another program leads there, the message closes with its last
 * line, which buildctl quotes in an error of its own.
 * @param message without a full stop, e.g. `buildctl cannot reach a buildkitd`.
 */
export function buildkitdMissing(message: string, answers: readonly Captured[]): Failure {
  const line = answers.map(({ stderr }) => guideLine(stderr)).find((found) => found !== undefined);
  const [, hint = DEFAULT_HINT] = HINTS.find(([pattern]) => pattern.test(line ?? "")) ?? [];
  return new Failure("engine", line === undefined ? message : `${message}: ${line}`, {
    code: "BuildkitdMissing",
    lines: answers.flatMap(lastLines),
    hint,
  });
}

/** Source: docker/cli, cli/connhelper/commandconn: `… has exited with exit status 255, …: stderr=TEXT`, quoted as Go does. */
function guideLine(stderr: string): string | undefined {
  const quoted = /has exited with .{0,200}stderr=((?:[^"\\]|\\.)*)/.exec(stderr)?.[1] ?? "";
  const lines = quoted.split(/(?:\\[rn])+/).map((line) => line.replaceAll('\\"', '"').trim());
  return lines.findLast((line) => line !== "");
}
