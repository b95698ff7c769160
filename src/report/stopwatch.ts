import type { Phase } from "./report.ts";

export interface Stopwatch {
  /** Runs the work and records how long it took, even if it fails. */
  phase<T>(title: string, work: () => Promise<T>): Promise<T>;
  readonly phases: readonly Phase[];
}

export function openStopwatch(now: () => Date): Stopwatch {
  const phases: Phase[] = [];
  return {
    phases,
    async phase(title, work) {
      const start = now().getTime();
      try {
        return await work();
      } finally {
        phases.push({ title, seconds: (now().getTime() - start) / 1000 });
      }
    },
  };
}
