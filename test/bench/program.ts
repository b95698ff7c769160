/** Runs a Node program as a process of its own and says how long it took and how much memory it had. */
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Inputs } from "../lab/runner.ts";

export type Env = Readonly<Record<string, string>>;

export const ACTION = resolve("dist/main.js");

export interface Ran {
  readonly code: number | null;
  readonly log: string;
  /** From its start until it is gone. */
  readonly milliseconds: number;
}

export interface RunOptions {
  /** Ends the program when it is aborted; what started it then gets the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onStart?: (pid: number) => void;
}

export function run(program: string, args: readonly string[], env: Env, options: RunOptions = {}): Promise<Ran> {
  const { signal, onStart } = options;
  return new Promise((done, fail) => {
    signal?.throwIfAborted();
    const chunks: Buffer[] = [];
    const started = performance.now();
    // A group of its own: what the program starts ends with it, and not before.
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    const end = (): void => endGroup(child.pid);
    signal?.addEventListener("abort", end);
    if (child.pid !== undefined) onStart?.(child.pid);
    child.on("error", fail);
    child.on("close", (code) => {
      signal?.removeEventListener("abort", end);
      if (signal?.aborted === true) return fail(signal.reason);
      done({ code, log: Buffer.concat(chunks).toString(), milliseconds: performance.now() - started });
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch {
    // It has ended by itself just now.
  }
}

/** @throws Error with the end of what it said when it does not go well. */
export async function runWell(
  program: string,
  args: readonly string[],
  env: Env,
  options: RunOptions = {},
): Promise<Ran> {
  const ran = await run(program, args, env, options);
  if (ran.code === 0) return ran;
  throw new Error(`${[program, ...args.slice(0, 3)].join(" ")} ended with ${ran.code}:\n${ran.log.slice(-4_000)}`);
}

/** The environment of a step of the action: its inputs, and the runner's files in `place`. */
export async function stepEnvironment(place: string, inputs: Inputs, env: Env = {}): Promise<Env> {
  const temporary = join(place, "runner-temp");
  await mkdir(temporary, { recursive: true });
  const files = { GITHUB_OUTPUT: join(place, "output"), GITHUB_STEP_SUMMARY: join(place, "summary") };
  for (const file of Object.values(files)) await writeFile(file, "");
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: place,
    ...env,
    ...files,
    RUNNER_TEMP: temporary,
    GITHUB_WORKSPACE: place,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
}

const WITNESS = pathToFileURL(resolve(import.meta.dirname, "peak-witness.ts")).href;

/** Runs a Node program well and gives the most memory it had resident, in MiB, as the kernel counted it. */
export async function peakOf(
  place: string,
  args: readonly string[],
  env: Env,
  signal: AbortSignal,
): Promise<{ readonly mebibytes: number; readonly seconds: number; readonly log: string }> {
  const file = join(place, "peak");
  const witnessed = { ...env, BENCH_PEAK_FILE: file };
  const { log, milliseconds } = await runWell(process.execPath, ["--import", WITNESS, ...args], witnessed, { signal });
  return { mebibytes: Number(await readFile(file, "utf8")) / 1024, seconds: milliseconds / 1000, log };
}
