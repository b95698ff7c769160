import type { Worker } from "node:worker_threads";
import { cancelled, Failure } from "../errors.ts";
import { type Answer, errorFrom, type Progress } from "./answer.ts";
import { limitConcurrency } from "./concurrency.ts";
import type { Workers } from "./machine.ts";

/** Mebibytes for young objects. A small value, so that stream buffers are collected soon (142 instead of 166 MiB with zstd). */
const YOUNG = 2;

export interface RealWorkers extends Workers {
  /** Ends all threads; running jobs fail. */
  dispose(): Promise<void>;
}

/**
 * Starts threads on demand, at most `width`. Idle threads are reused and do not keep the process alive. `signal` ends all
 * threads.
 */
export function realWorkers(width: number, signal: AbortSignal): RealWorkers {
  const threads = new Set<Worker>();
  const idle: Worker[] = [];
  const inTurn = limitConcurrency(width);
  let disposed = false;

  function refuseWhenOver(): void {
    if (signal.aborted) throw stopped(signal);
    if (disposed) throw ended();
  }

  async function start(): Promise<Worker> {
    const { Worker: Thread } = await import("node:worker_threads");
    refuseWhenOver();
    // The environment is empty: a thread that reads files needs no inputs or credentials.
    const thread = new Thread(entryPoint(), { env: {}, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    threads.add(thread);
    return thread.once("exit", () => threads.delete(thread));
  }

  async function perform(job: unknown, onBytes: (count: number) => void): Promise<Answer> {
    refuseWhenOver();
    const thread = idle.pop() ?? (await start());
    try {
      const answer = await ask(thread, job, onBytes);
      idle.push(thread);
      return answer;
    } catch (error) {
      await thread.terminate();
      throw error;
    }
  }

  async function endAll(): Promise<void> {
    idle.length = 0;
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }

  const onAbort = (): void => void endAll();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    width,
    async run(job, onBytes = () => undefined) {
      const answer = await inTurn(() => perform(job, onBytes)).catch((error: unknown) => {
        throw signal.aborted ? stopped(signal, error) : error;
      });
      if ("error" in answer) throw errorFrom(answer.error);
      return answer.result;
    },
    async dispose() {
      disposed = true;
      signal.removeEventListener("abort", onAbort);
      await endAll();
    },
  };
}

/** The script is beside this file's folder in `src` and beside this file in `dist`. */
function entryPoint(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../worker.ts" : "./worker.js", here);
}

function ask(thread: Worker, job: unknown, onBytes: (count: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(ended());
    const onMessage = (message: Answer | Progress): void => {
      if ("bytes" in message) {
        onBytes(message.bytes);
        return;
      }
      thread.off("error", reject).off("exit", onExit).off("message", onMessage);
      thread.unref();
      resolve(message);
    };
    thread.ref();
    thread.once("error", reject).once("exit", onExit).on("message", onMessage);
    thread.postMessage(job);
  });
}

function ended(): Failure {
  return new Failure("internal", "A worker thread ended before its job was done");
}

function stopped(signal: AbortSignal, cause?: unknown): Failure {
  return cancelled(signal, "The files were not read to the end", cause);
}
