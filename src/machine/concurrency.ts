/** How much happens at the same time. */
import { cancelled } from "../errors.ts";

/** Runs at most `width` works at the same time; others wait for their turn, in the order in which they came. */
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
 * Works on the items in their order, at most `width` at a time. The first failure aborts the signal that the others got,
 * and is thrown when all of them have ended.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  let failure: { readonly error: unknown } | undefined;

  async function worker(): Promise<void> {
    for (const item of queue) {
      if (either.aborted) return;
      try {
        await work(item, either);
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

/** Enough to hide the latency of a network disk. */
const FILES_AT_ONCE = 64;

/** Like `Promise.all` over a map of what is read from disk, with a bound on what happens at the same time. */
export async function mapFiles<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += FILES_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + FILES_AT_ONCE).map(work))));
  }
  return results;
}
