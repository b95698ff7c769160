import { cancelled } from "../errors.ts";
import type { Workers } from "../machine/machine.ts";

/**
 * The same threads, for work that may not be wanted any more: when the signal comes, `run` rejects at once with Failure
 * `cancelled`. The thread goes on until its job or the run ends, for nobody can end a job alone.
 */
export function abortableWorkers(workers: Workers, signal: AbortSignal): Workers {
  return { width: workers.width, run: (job) => untilAborted(workers.run(job), signal) };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(cancelled(signal, "Reading the files was stopped"));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", stop));
}
