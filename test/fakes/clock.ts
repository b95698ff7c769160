import type { Clock } from "../../src/machine/progress.ts";

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves the clock and calls back for each interval that has passed. */
  advance(milliseconds: number): void;
  /** How many timers run. */
  readonly timers: number;
}

export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Set<{ next: number; readonly interval: number; readonly callback: () => void }>();
  return {
    now: () => now,
    every(interval, callback) {
      const timer = { next: now + interval, interval, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [due] = [...timers].sort((one, other) => one.next - other.next);
        if (due === undefined || due.next > end) break;
        now = due.next;
        due.next += due.interval;
        due.callback();
      }
      now = end;
    },
    get timers() {
      return timers.size;
    },
  };
}
