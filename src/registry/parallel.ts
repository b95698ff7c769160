import { cancelled } from "../errors.ts";

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
