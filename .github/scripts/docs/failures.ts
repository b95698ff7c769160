import { FAILURE_TITLES, type FailureClass } from "../../../src/errors.ts";
import { table } from "./metadata.ts";

/** Total: the compiler asks for the advice of a new class. */
const ADVICE: Readonly<Record<FailureClass, string>> = {
  input:
    "The message names every input that is wrong, with a right example; or the backends that can do what this one cannot.",
  bento:
    "The Bento is incomplete, damaged or unsafe to unpack. For a missing model the message gives the command that fetches it.",
  dockerfile:
    "With a Dockerfile of yours: the line is in the annotation. With a generated one it is a bug; please report it.",
  "run-step": "A command of the Bento or an installation failed; its own last lines are in the message.",
  "base-image": "The name is wrong, or you may not see the image: log in before this step.",
  platform:
    "The base image is not made for that platform, or the machine has no emulation: build on a native runner, or install binfmt.",
  auth: "Log in before this step. For ghcr.io the job needs `permissions: packages: write`.",
  "rate-limit": "Log in (anonymous limits are low), or use a mirror.",
  network: "Run again. If it stays: proxy, certificate authority or address of the registry.",
  disk: "Free space on the runner, or move the engine's storage.",
  engine: "The daemon does not run, or this user may not use it. `backend: auto` takes what works.",
  tool: "The program is missing or too old; the message says which version is needed. Else it failed in a way that has no class of its own.",
  cancelled: "Someone cancelled the run, or `timeout` passed. Everything started was stopped.",
  internal: "Please report it, with the log of a run with debug logging on.",
};

export function failureTable(): string {
  const classes = Object.keys(ADVICE) as readonly FailureClass[];
  return table(
    ["Class", "Meaning", "What to do"],
    classes.map((name) => [`\`${name}\``, FAILURE_TITLES[name], ADVICE[name]]),
  );
}
