import { cancelled } from "../errors.ts";
import type { Workers } from "../machine/machine.ts";

/**
 * The same threads with an abort signal: when it fires, `run` rejects at once with Failure `cancelled`. The thread
 * continues until its job or the run ends, because a single job cannot be stopped.
 */
export function abortableWorkers(workers: Workers, signal: AbortSignal): Workers {
  return { width: workers.width, run: (job, onBytes) => untilAborted(workers.run(job, onBytes), signal) };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(cancelled(signal, "The files were not read to the end"));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", stop));
}
