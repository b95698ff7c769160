import type { Phase } from "./report.ts";

export interface Stopwatch {
  /** Runs the work and records how long it took, even if it fails. */
  phase<T>(title: string, work: () => Promise<T>): Promise<T>;
  readonly phases: readonly Phase[];
  /** Seconds since the stopwatch was opened. */
  elapsed(): number;
}

/** @param now in milliseconds; not the time of day, which may be set during a run. */
export function openStopwatch(now = (): number => performance.now()): Stopwatch {
  const opened = now();
  const elapsed = (): number => (now() - opened) / 1000;
  const phases: Phase[] = [];
  return {
    phases,
    elapsed,
    async phase(title, work) {
      const start = elapsed();
      try {
        return await work();
      } finally {
        phases.push({ title, start, seconds: elapsed() - start });
      }
    },
  };
}
