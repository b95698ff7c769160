import { availableParallelism, tmpdir } from "node:os";
import { resolve } from "node:path";
import { TimeOver } from "../errors.ts";
import { isOfAction } from "./action-variables.ts";
import { realActions } from "./actions.ts";
import { realFiles } from "./files.ts";
import { filter } from "./filter.ts";
import { realHttp } from "./http.ts";
import { listen } from "./listener.ts";
import type { Env, Machine } from "./machine.ts";
import { realProcesses } from "./processes.ts";
import { realSystem } from "./system.ts";
import { realToolCache } from "./tool-cache.ts";
import { realWorkers } from "./workers.ts";

/** The longest delay of a timer in milliseconds; longer ones fire at once. Source: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_TIMER = 2 ** 31 - 1;

export interface RealMachine extends Machine {
  /** Removes the scratch directory and closes listeners, threads and idle connections of the run. */
  dispose(): Promise<void>;
}

/** What a caller other than the runner gives; default: what the runner gives. */
export type Surroundings = Pick<Machine, "actions" | "env" | "workspace">;

/** The real machine. SIGINT and SIGTERM abort `signal` instead of ending the process at once. */
export function realMachine({ env, workspace, actions }: Surroundings = ofRunner()): RealMachine {
  const cancellation = new AbortController();
  const cancel = (signal: NodeJS.Signals): void => cancellation.abort(signal);
  let timer: NodeJS.Timeout | undefined;
  const startTimer = (left: number, reason: TimeOver): void => {
    const wait = Math.min(left, MAX_TIMER);
    timer = setTimeout(() => (wait < left ? startTimer(left - wait, reason) : cancellation.abort(reason)), wait);
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env["RUNNER_TEMP"] || tmpdir(), cancellation.signal);
  // Set by the runner when debug logging is on.
  const log = env["RUNNER_DEBUG"] === "1" ? { log: actions.debug } : {};
  const http = realHttp({ env, signal: cancellation.signal, ...log });
  const workers = realWorkers(availableParallelism(), cancellation.signal);
  return {
    env,
    workspace,
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(ofChildren(env), cancellation.signal),
    workers,
    async *filter(invocation, input) {
      yield* filter(invocation, input, ofChildren(env), cancellation.signal);
    },
    listen,
    system: async () => realSystem(),
    toolCache: async () => realToolCache(env),
    actions,
    signal: cancellation.signal,
    now: () => new Date(),
    cancelAfter: (milliseconds) => startTimer(milliseconds, new TimeOver(milliseconds)),
    async dispose() {
      clearTimeout(timer);
      http.close();
      await workers.dispose();
      await files.dispose();
      process.off("SIGINT", cancel);
      process.off("SIGTERM", cancel);
    },
  };
}

function ofRunner(): Surroundings {
  // Uses the global `process`, since an import of node:process loads worker threads, reports and locks (4 ms).
  const env: Env = Object.assign(Object.create(null), process.env);
  return {
    env,
    workspace: resolve(env["GITHUB_WORKSPACE"] || "."),
    actions: realActions(Boolean(env["GITHUB_STEP_SUMMARY"])),
  };
}

/** The environment of child processes, without the variables of {@link isOfAction}. */
function ofChildren(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOfAction(name)));
}
