import { readFileSync } from "node:fs";
import { FAILURE_TITLES, type FailureClass } from "../../../src/errors.ts";
import { table } from "./metadata.ts";

/** Total: the compiler asks for the advice of a new class. */
const ADVICE: Readonly<Record<FailureClass, string>> = {
  input:
    "The message names every wrong input with a correct example, or the backends that support what this one does not.",
  bento:
    "The Bento is incomplete, damaged or unsafe to unpack. For a missing model the message gives the command that fetches it.",
  dockerfile:
    "The annotation shows the line of your own Dockerfile. If the Dockerfile was generated, please report a bug.",
  "run-step": "A command of the Bento or a package installation failed; the message holds its last lines.",
  "base-image": "The name is wrong, or access is denied: log in before this step.",
  platform:
    "The base image does not exist for that platform, or the machine has no emulation: build on a native runner, or install binfmt emulators.",
  auth: "Log in before this step. For ghcr.io the job needs `permissions: packages: write`.",
  "rate-limit": "Log in (anonymous limits are low), or use a mirror.",
  network:
    "Run the job again. If it fails again, check the proxy, the certificate authority and the address of the registry.",
  disk: "Free space on the runner, or move the engine's storage.",
  engine: "The daemon is not running, or this user may not access it. `backend: auto` selects a backend that works.",
  tool: "A tool is missing or too old (the message names the required version), or it failed in a way that no other class covers.",
  cancelled: "The run was cancelled, or `timeout` expired. Every process that the action started was stopped.",
  internal: "Please report it with the log of a run with debug logging enabled.",
};

const PAGE = "docs/troubleshooting.md";

/** @throws Error when the page has no heading for a class: links in annotations lead there. */
export function failureTable(): string {
  const page = readFileSync(PAGE, "utf8");
  const classes = Object.keys(ADVICE) as readonly FailureClass[];
  const missing = classes.filter((name) => !page.includes(`\n## ${name}\n`));
  if (missing.length > 0) throw new Error(`${PAGE} has no heading for ${missing.join(", ")}`);
  return table(
    ["Class", "Meaning", "What to do"],
    classes.map((name) => [`[\`${name}\`](#${name})`, FAILURE_TITLES[name], ADVICE[name]]),
  );
}
