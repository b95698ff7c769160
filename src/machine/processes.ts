import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { which } from "@actions/io";
import { cancelled, Failure } from "../errors.ts";
import { definedOnly } from "../values.ts";
import type { Captured, Env, Exit, Invocation, Processes } from "./machine.ts";

/** How many lines of a build's output are kept: enough for BuildKit's final block and the last lines of the step. */
const TAIL_LINES = 400;
/** Time for children to end. After SIGINT the runner waits 7.5 s, sends SIGTERM, and kills everything 2.5 s later. */
const KILL_AFTER_MS = 5_000;
/** How long to wait for output after a child's end. Its own children may keep the output open, as podman's pause process does. */
const DRAIN_MS = 5_000;

/** Real processes. `env` is the default environment of children; `signal` ends all running ones. */
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
      const answer = await capture(invocation, env, signalOf(signal, invocation));
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
      return { ...(await run(invocation, env, signalOf(signal, invocation), { stdout: keep, stderr: keep })), tail };
    },
  };
}

function signalOf(signal: AbortSignal, { signal: own }: Invocation): AbortSignal {
  return own === undefined ? signal : AbortSignal.any([signal, own]);
}

/** The longest captured output in characters, per stream. The longest real ones list some thousands of images or builders. */
const MAX_OUTPUT = 16 << 20;

async function capture(invocation: Invocation, env: Env, signal: AbortSignal): Promise<Captured> {
  const answer = { stdout: "", stderr: "" };
  const full = new AbortController();
  const readerOf = (stream: keyof typeof answer) => async (output: Readable) => {
    for await (const text of output) {
      // Further output is read and dropped, so that a program that cleans up before it ends is not blocked.
      if (full.signal.aborted) continue;
      answer[stream] += text;
      if (answer[stream].length > MAX_OUTPUT) full.abort();
    }
  };
  const readers = { stdout: readerOf("stdout"), stderr: readerOf("stderr") };
  // A short command has nothing to clean up, so it is killed at once on a timeout.
  const killAfter = invocation.signal === undefined ? KILL_AFTER_MS : 0;
  const anySignal = AbortSignal.any([signal, full.signal]);
  const { code, signal: killedBy } = await run(invocation, env, anySignal, readers, killAfter);
  if (full.signal.aborted) throw tooMuchOutput(invocation.tool);
  return { ...answer, code: code ?? statusOf(killedBy) };
}

function tooMuchOutput(tool: string): Failure {
  return new Failure("tool", `${tool} printed more than ${MAX_OUTPUT} characters and was stopped`, {
    code: "TooLarge",
    hint: `Check what ${tool} prints on this machine. It may be a wrapper on PATH.`,
  });
}

async function ask({ tool, args, cwd, env }: Invocation, ambient: Env): Promise<Captured> {
  const { getExecOutput } = await import("./libraries.ts");
  // The function splits its first argument like a shell, so a path with blanks must be quoted.
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env ?? ambient),
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { code: exitCode, stdout, stderr };
}

/** Reads an output stream to its end. */
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
  // `detached` makes the child the leader of its own process group, so that a signal reaches all of its descendants.
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env),
    stdio: "pipe",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const stopListening = endGroupOn(signal, child, killAfter);
  try {
    // It is not an error if a child ends without reading its input.
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

/** Waits until the whole output has been read, with a time limit. */
async function drain(read: Promise<unknown>, child: ChildProcess): Promise<void> {
  const giveUp = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await read;
  clearTimeout(giveUp);
}

/** Converts an error at the start of a program: PATH may have changed since the lookup, or the file may not be executable. */
export function notStarted(error: unknown, tool: string): unknown {
  const isSpawn = error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn");
  return isSpawn ? new Failure("tool", `Cannot start ${tool}: ${error.message}`, { cause: error }) : error;
}

/** The exit status that a shell reports for a program ended by a signal. */
function statusOf(killedBy: string | undefined): number {
  return 128 + (constants.signals[killedBy as NodeJS.Signals] ?? 0);
}

/** The longest line in characters; longer ones are shortened in the middle. Messages of tools are far shorter. */
const MAX_LINE_LENGTH = 1 << 16;

/** The lines of an output without line ends. `\r\n` ends a line as well, and so does the end of the text. */
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

/** Keeps the start and the end of a line; tools give their reason at the end. */
function shorten(line: string): string {
  if (line.length <= MAX_LINE_LENGTH) return line;
  const half = MAX_LINE_LENGTH / 2 - ELLIPSIS.length;
  return `${line.slice(0, half)}${ELLIPSIS}${line.slice(-half)}`;
}

const ELLIPSIS = " … ";

/** Ends the child's process group when the signal fires. @returns a function that removes the listener. */
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
    // The leader has ended. After a cancel, its remaining children are killed.
    if (signal.aborted) signalGroup(child, "SIGKILL");
  };
}

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}
