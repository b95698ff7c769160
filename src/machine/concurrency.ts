/** Limits on parallel work. */
import { cancelled } from "../errors.ts";

/** Runs at most `width` tasks at the same time; further ones wait in the order of their calls. */
export function limitConcurrency(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = width;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/**
 * Runs `work` for the items in order, at most `width` at a time. The first failure aborts the signal of the others, and is
 * thrown when all of them have ended.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const taskSignal = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  let failure: { readonly error: unknown } | undefined;

  async function worker(): Promise<void> {
    for (const item of queue) {
      if (taskSignal.aborted) return;
      try {
        await work(item, taskSignal);
      } catch (error) {
        failure ??= { error };
        failed.abort(error);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
  if (signal.aborted) throw cancelled(signal, "The work with the registry was stopped");
}

/** Parallel file operations: enough to hide the latency of a network disk. */
const MAX_PARALLEL_FILES = 64;

/** Like `Promise.all` over a map, for file operations, with a limit on how many run at the same time. */
export async function mapFiles<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += MAX_PARALLEL_FILES) {
    results.push(...(await Promise.all(items.slice(start, start + MAX_PARALLEL_FILES).map(work))));
  }
  return results;
}
