import { setTimeout as sleep } from "node:timers/promises";
import { cancelled, Failure } from "../errors.ts";
import type { Env, LiveProcess } from "../machine/machine.ts";
import { hintFrom } from "./diagnosis.ts";
import type { EngineMachine } from "./engine.ts";
import { type Journal, MARK } from "./record.ts";
import type { DaemonName } from "./record-entry.ts";

export interface Daemon {
  /** Used in messages, in the record and as the log's name. */
  readonly name: DaemonName;
  /** Absolute path of the program, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly env: Env;
  /** Absolute path of the socket that it listens on when it is ready. */
  readonly socket: string;
}

type DaemonMachine = Pick<EngineMachine, "files" | "system" | "signal">;

const READY_WITHIN_MS = 30_000;
const LOG_LINES = 20;

/**
 * Starts a daemon and waits until it listens.
 * @param within milliseconds.
 * @throws Failure `engine`, with the end of its log, when it does not listen in time; `cancelled`.
 */
export async function startDaemon(
  { name, argv: [tool, ...args], env, socket }: Daemon,
  journal: Journal,
  machine: DaemonMachine,
  within = READY_WITHIN_MS,
): Promise<void> {
  const log = `${journal.directory}/${name}.log`;
  const replace = await journal.add({ kind: "process", name });
  const process = await machine.system.launch({ tool, args, env: { ...env, [MARK]: journal.directory } }, log);
  await replace({ kind: "process", name, process });
  const problem = await untilReady(process, socket, machine, within);
  if (problem === undefined) return;
  const lines = await lastLines(log, machine);
  throw new Failure("engine", `${name} ${problem}`, { code: "EngineNotReady", lines, hint: hintFrom(lines) });
}

/** Undefined when it is ready, else what happened instead, as text to follow its name. */
async function untilReady(
  process: LiveProcess,
  socket: string,
  { system, signal }: DaemonMachine,
  within: number,
): Promise<string | undefined> {
  const deadline = performance.now() + within;
  for (let pause = 10; performance.now() < deadline; pause = Math.min(pause * 1.5, 200)) {
    if (signal.aborted) throw cancelled(signal, "Waiting for the engine stopped");
    if (await system.listens(socket)) return undefined;
    if (!(await system.isAlive(process))) return "ended instead of starting";
    await sleep(pause);
  }
  return `was not ready within ${within / 1000} s`;
}

async function lastLines(log: string, { files }: DaemonMachine): Promise<readonly string[]> {
  const text = await files.readText(log);
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-LOG_LINES);
}
