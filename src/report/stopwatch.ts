import type { Phase } from "./report.ts";

export interface Stopwatch {
  /** Runs the work and records how long it took, even if it fails. */
  phase<T>(title: string, work: () => Promise<T>): Promise<T>;
  readonly phases: readonly Phase[];
  /** Seconds since the stopwatch was opened. */
  elapsed(): number;
}

export function openStopwatch(now: () => Date): Stopwatch {
  const opened = now().getTime();
  const elapsed = (): number => (now().getTime() - opened) / 1000;
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
