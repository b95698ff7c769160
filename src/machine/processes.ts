import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { which } from "@actions/io";
import { cancelled, Failure } from "../errors.ts";
import { definedOnly } from "../values.ts";
import type { Captured, Env, Exit, Invocation, Processes } from "./machine.ts";

/** Lines kept of a build's output: enough for BuildKit's closing block and the step's own last words. */
const TAIL_LINES = 400;
/** After SIGINT the runner waits 7.5 s, sends SIGTERM, and kills everything 2.5 s later; children get the first 5 s. */
const KILL_AFTER_MS = 5_000;
/** What a child started may live on with its output open, as podman's pause process does; it is not waited for longer. */
const DRAIN_MS = 5_000;

/** Real processes. Children see `env` unless told otherwise; `signal` ends all that run. */
export function realProcesses(env: Env, signal: AbortSignal): Processes {
  return {
    async which(tool, path) {
      if (path === undefined || path === env["PATH"]) return (await which(tool)) || undefined;
      for (const directory of path.split(delimiter)) {
        const found = directory === "" ? "" : await which(join(directory, tool));
        if (found !== "") return found;
      }
      return undefined;
    },
    // @actions/exec crashes this process when a program ends without reading its input.
    ask: (invocation) =>
      invocation.stdin === undefined ? ask(invocation, env) : capture(invocation, env, new AbortController().signal),
    async capture(invocation) {
      const answer = await capture(invocation, env, eitherOf(signal, invocation));
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return answer;
    },
    async stream(invocation, onLine) {
      const tail: string[] = [];
      const keep = async (output: Readable): Promise<void> => {
        for await (const line of linesOf(output)) {
          tail.push(line);
          if (tail.length > TAIL_LINES) tail.shift();
          onLine(line);
        }
      };
      return { ...(await run(invocation, env, eitherOf(signal, invocation), { stdout: keep, stderr: keep })), tail };
    },
  };
}

function eitherOf(signal: AbortSignal, { signal: own }: Invocation): AbortSignal {
  return own === undefined ? signal : AbortSignal.any([signal, own]);
}

/** Characters of each stream. The longest answers list some thousand images or builders. */
const LONGEST_ANSWER = 16 << 20;

async function capture(invocation: Invocation, env: Env, signal: AbortSignal): Promise<Captured> {
  const answer = { stdout: "", stderr: "" };
  const full = new AbortController();
  const readerOf = (stream: keyof typeof answer) => async (output: Readable) => {
    for await (const text of output) {
      // What still comes is read, and dropped, so that a program which tidies up before it ends is not held up.
      if (full.signal.aborted) continue;
      answer[stream] += text;
      if (answer[stream].length > LONGEST_ANSWER) full.abort();
    }
  };
  const readers = { stdout: readerOf("stdout"), stderr: readerOf("stderr") };
  // A question has nothing to clean up: one that takes too long is not waited for.
  const killAfter = invocation.signal === undefined ? KILL_AFTER_MS : 0;
  const either = AbortSignal.any([signal, full.signal]);
  const { code, signal: killedBy } = await run(invocation, env, either, readers, killAfter);
  if (full.signal.aborted) throw endless(invocation.tool);
  return { ...answer, code: code ?? statusOf(killedBy) };
}

function endless(tool: string): Failure {
  return new Failure("tool", `${tool} answered more than ${LONGEST_ANSWER} characters and was stopped`, {
    code: "TooLarge",
    hint: `See what ${tool} prints on this machine; a wrapper on PATH may take its place.`,
  });
}

async function ask({ tool, args, cwd, env }: Invocation, ambient: Env): Promise<Captured> {
  const { getExecOutput } = await import("./libraries.ts");
  // It splits its first argument as a shell does; quoted, a path with blanks stays one word.
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env ?? ambient),
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { code: exitCode, stdout, stderr };
}

/** Reads one output to its end. */
type Reader = (output: Readable) => Promise<void>;

async function run(
  invocation: Invocation,
  env: Env,
  signal: AbortSignal,
  readers: { readonly stdout: Reader; readonly stderr: Reader },
  killAfter = KILL_AFTER_MS,
): Promise<Omit<Exit, "tail">> {
  const { tool, args, stdin, cwd } = invocation;
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  // `detached` makes the child the leader of its own process group, so that a signal reaches all that it started.
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env),
    stdio: "pipe",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const stopListening = endGroupOn(signal, child, killAfter);
  try {
    // A child that ends without reading its input is none of our mistakes.
    child.stdin.on("error", () => undefined).end(stdin);
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8");
    const drained = Promise.allSettled([readers.stdout(child.stdout), readers.stderr(child.stderr)]);
    const [code, killedBy]: (number | string | null)[] = await once(child, "exit");
    await drain(drained, child);
    return {
      code: typeof code === "number" ? code : undefined,
      signal: typeof killedBy === "string" ? killedBy : undefined,
    };
  } catch (error) {
    throw notStarted(error, tool);
  } finally {
    stopListening();
  }
}

/** Waits until everything that was printed is read, but not for ever. */
async function drain(read: Promise<unknown>, child: ChildProcess): Promise<void> {
  const giveUp = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await read;
  clearTimeout(giveUp);
}

/** PATH may change, and files without the right to execute are on it, between the look-up and the start. */
export function notStarted(error: unknown, tool: string): unknown {
  const isSpawn = error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn");
  return isSpawn ? new Failure("tool", `${tool} cannot be started: ${error.message}`, { cause: error }) : error;
}

/** The status that a shell gives a program which a signal ended. */
function statusOf(killedBy: string | undefined): number {
  return 128 + (constants.signals[killedBy as NodeJS.Signals] ?? 0);
}

/** Characters of a line; what is in its middle beyond them is left out. No message of a tool is as long. */
const LONGEST_LINE = 1 << 16;

/** Lines without their ends; `\r\n` ends a line, and so does the end of the text. */
async function* linesOf(output: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of output) {
    const [first = "", ...lines] = text.split("\n");
    rest = shorten(rest + first);
    for (const line of lines) {
      yield rest.endsWith("\r") ? rest.slice(0, -1) : rest;
      rest = shorten(line);
    }
  }
  if (rest !== "") yield rest;
}

/** Keeps the beginning, and the end, where tools say why they ended. */
function shorten(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  const half = LONGEST_LINE / 2 - ELLIPSIS.length;
  return `${line.slice(0, half)}${ELLIPSIS}${line.slice(-half)}`;
}

const ELLIPSIS = " … ";

/** Gives the function that undoes it. */
export function endGroupOn(signal: AbortSignal, child: ChildProcess, killAfter: number): () => void {
  let lastResort: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), killAfter);
  };
  signal.addEventListener("abort", end, { once: true });
  return () => {
    signal.removeEventListener("abort", end);
    clearTimeout(lastResort);
    // The leader is gone; what it leaves behind after a cancel had its time too.
    if (signal.aborted) signalGroup(child, "SIGKILL");
  };
}

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already, which is what was wanted.
  }
}
