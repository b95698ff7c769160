import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { getExecOutput } from "@actions/exec";
import { which } from "@actions/io";
import { Failure } from "../errors.ts";
import type { Captured, Env, Exit, Invocation, Processes } from "./world.ts";

/** Lines kept of a build's output: enough for BuildKit's closing block and the step's own last words. */
const TAIL_LINES = 400;
/** After SIGINT the runner waits 7.5 s, sends SIGTERM, and kills everything 2.5 s later; children get the first 5 s. */
const KILL_AFTER_MS = 5_000;

/** Real processes. Children see `env` unless told otherwise; `signal` ends what still streams. */
export function realProcesses(env: Env, signal: AbortSignal): Processes {
  return {
    async which(tool) {
      return (await which(tool)) || undefined;
    },
    capture: (invocation) => capture(invocation, env),
    stream: (invocation, onLine) => stream(invocation, onLine, env, signal),
  };
}

function definedOnly(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function capture(invocation: Invocation, env: Env): Promise<Captured> {
  // @actions/exec splits its first argument like a shell does; quoted, a path with blanks stays one word.
  const { exitCode, stdout, stderr } = await getExecOutput(`"${invocation.tool}"`, [...invocation.args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(invocation.env ?? env),
    input: Buffer.from(invocation.stdin ?? ""),
    ...(invocation.cwd === undefined ? {} : { cwd: invocation.cwd }),
  });
  return { code: exitCode, stdout, stderr };
}

async function stream(
  invocation: Invocation,
  onLine: (line: string) => void,
  env: Env,
  signal: AbortSignal,
): Promise<Exit> {
  if (signal.aborted) throw new Failure("cancelled", `${invocation.tool} was not started: the run was cancelled`);
  // `detached` makes the child the leader of its own process group, so that a signal reaches all that it started.
  const child = spawn(invocation.tool, [...invocation.args], {
    detached: true,
    env: definedOnly(invocation.env ?? env),
    stdio: [invocation.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(invocation.cwd === undefined ? {} : { cwd: invocation.cwd }),
  });
  const stopListening = endGroupOn(signal, child);
  const tail: string[] = [];
  const keep = (line: string): void => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine(line);
  };
  try {
    child.stdin?.end(invocation.stdin);
    const drained = [child.stdout, child.stderr].flatMap((output) => (output === null ? [] : [eachLine(output, keep)]));
    const [code, killedBy]: (number | string | null)[] = await once(child, "close");
    await Promise.all(drained);
    return {
      code: typeof code === "number" ? code : undefined,
      signal: typeof killedBy === "string" ? killedBy : undefined,
      tail,
    };
  } finally {
    stopListening();
  }
}

async function eachLine(output: Readable, keep: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY })) keep(line);
}

/** Gives the function that undoes it. */
function endGroupOn(signal: AbortSignal, child: ChildProcess): () => void {
  let lastResort: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), KILL_AFTER_MS);
  };
  signal.addEventListener("abort", end, { once: true });
  return () => {
    signal.removeEventListener("abort", end);
    clearTimeout(lastResort);
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already, which is what was wanted.
  }
}
