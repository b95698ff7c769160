/** Runs dist/bento-image.js as a person does: arguments, no variable of a runner, the fakes of a job on PATH. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Call } from "../fakes/cli.ts";
import type { Job } from "./job.ts";

const COMMAND = fileURLToPath(new URL("../../dist/bento-image.js", import.meta.url));

export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
  /** Names in the directory for temporary files. */
  readonly leftovers: readonly string[];
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly outcome: Promise<CommandOutcome>;
}

export function startCommand(
  job: Job,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: job.workspace,
    env: {
      PATH: join(job.root, "bin"),
      HOME: join(job.root, "user"),
      TMPDIR: job.temporary,
      BENTOML_HOME: job.home,
      // Nothing listens there: no test asks anybody but this machine.
      HTTPS_PROXY: "http://127.0.0.1:9",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, outcome: endOf(child, job) };
}

export function runCommand(...parameters: Parameters<typeof startCommand>): Promise<CommandOutcome> {
  return startCommand(...parameters).outcome;
}

async function endOf(child: ChildProcess, job: Job): Promise<CommandOutcome> {
  const printed = Promise.all([child.stdout, child.stderr].map((output) => (output === null ? "" : text(output))));
  const [code] = await once(child, "close");
  const [stdout = "", stderr = ""] = await printed;
  const lines = await readFile(join(job.control, "calls.jsonl"), "utf8").catch(() => "");
  return {
    code,
    stdout,
    stderr,
    calls: lines.split("\n").flatMap((line): readonly Call[] => (line === "" ? [] : [JSON.parse(line)])),
    leftovers: await readdir(job.temporary),
  };
}
