import { printBytes, printBytesOf, printRate } from "../text/byte-size.ts";
import { printDuration } from "../text/duration.ts";
import type { Actions, ProgressTask } from "./machine.ts";

/** How far all tasks of one title are. Bytes, seconds. */
export interface ProgressState {
  readonly title: string;
  readonly done: number;
  /** Absent if the size of a task is unknown. */
  readonly total?: number;
  /** Bytes a second in the last {@link WINDOW}. */
  readonly rate: number;
  /** Seconds until all is done, at this rate. Absent if the total is unknown, nothing moves, or the rate is not yet sure. */
  readonly left?: number;
  /** All tasks have ended. */
  readonly isOver: boolean;
}

/** The time for a meter. */
export interface Clock {
  /** Milliseconds from any fixed point. */
  now(): number;
  /** Calls back regularly until the returned function is called; does not keep the process alive. */
  every(milliseconds: number, callback: () => void): () => void;
}

export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/** Milliseconds over which the rate is measured. */
const WINDOW = 30_000;
/** Milliseconds between two measurements. */
const STEP = 500;
/** Milliseconds after which a rate is sure: the first bytes only fill the kernel's buffers. */
const SURE = 3_000;

interface Task {
  size: number | undefined;
  done: number;
  hasBegun: boolean;
  isOpen: boolean;
}

/** The tasks of one title. */
class Meter {
  readonly title: string;
  readonly #tasks: Task[] = [];
  /** All bytes that moved so far, those of failed tries included, at points in time; the newest is last. */
  readonly #measured: { at: number; moved: number }[] = [];
  #moved = 0;
  /** Milliseconds between tasks, in which nothing could move, as while a file is hashed that is uploaded next. */
  #paused = 0;
  #pausedAt: number | undefined;

  constructor(title: string) {
    this.title = title;
  }

  get isOver(): boolean {
    return this.#tasks.every(({ isOpen }) => !isOpen);
  }

  open(size: number | undefined): Task {
    const task = { size, done: 0, hasBegun: false, isOpen: true };
    this.#tasks.push(task);
    return task;
  }

  move(task: Task, bytes: number, now: number): void {
    if (this.#pausedAt !== undefined) this.#paused += now - this.#pausedAt;
    this.#pausedAt = undefined;
    task.hasBegun = true;
    this.#measure(this.#time(now));
    task.done += bytes;
    this.#moved += bytes;
  }

  close(task: Task, now: number): void {
    task.isOpen = false;
    const isMoving = this.#tasks.some(({ hasBegun, isOpen }) => hasBegun && isOpen);
    if (!isMoving) this.#pausedAt ??= now;
  }

  state(now: number): ProgressState {
    const done = sum(this.#tasks.map((task) => task.done));
    const sizes = this.#tasks.flatMap(({ size, done, isOpen }) => (isOpen ? (size ?? []) : done));
    const total = sizes.length === this.#tasks.length ? sum(sizes) : undefined;
    const time = this.#time(now);
    const rate = this.#rate(time);
    const isSure = rate > 0 && time - (this.#measured[0]?.at ?? time) >= SURE;
    return {
      title: this.title,
      done,
      rate,
      isOver: this.isOver,
      ...(total === undefined ? {} : { total }),
      ...(total === undefined || !isSure ? {} : { left: Math.max(0, total - done) / rate }),
    };
  }

  /** The time without pauses, which all measurements use. */
  #time(now: number): number {
    return (this.#pausedAt ?? now) - this.#paused;
  }

  #measure(time: number): void {
    const last = this.#measured.at(-1);
    if (last === undefined || time - last.at >= STEP) this.#measured.push({ at: time, moved: this.#moved });
  }

  #rate(time: number): number {
    this.#measure(time);
    while ((this.#measured[1]?.at ?? time) < time - WINDOW) this.#measured.shift();
    const [first] = this.#measured;
    if (first === undefined || time <= first.at) return 0;
    return ((this.#moved - first.moved) * 1000) / (time - first.at);
  }
}

/**
 * Meters for the tasks of a run. From the first byte of a title until its last task ends, `show` is called every `interval`
 * milliseconds, and then once more with `isOver`.
 */
export function openProgress(
  show: (state: ProgressState) => void,
  interval: number,
  clock: Clock = REAL_CLOCK,
): Actions["progress"] {
  const meters = new Map<string, { readonly meter: Meter; stop?: () => void }>();
  return (title, size) => {
    const entry = meters.get(title) ?? { meter: new Meter(title) };
    meters.set(title, entry);
    const { meter } = entry;
    const task = meter.open(size);
    return {
      add(bytes) {
        if (!task.isOpen) return;
        meter.move(task, bytes, clock.now());
        entry.stop ??= clock.every(interval, () => show(meter.state(clock.now())));
      },
      restart(from = 0) {
        if (task.isOpen) task.done = from;
      },
      resize(to) {
        task.size = to;
      },
      end() {
        meter.close(task, clock.now());
        if (!meter.isOver || meters.get(title) !== entry) return;
        meters.delete(title);
        entry.stop?.();
        if (entry.stop !== undefined) show(meter.state(clock.now()));
      },
    };
  };
}

/** The same pieces, counted when they have been consumed. */
export async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of pieces) {
    yield piece;
    count(piece.length);
  }
}

/** Content whose bytes are counted. Each time it is opened, the task starts again at `from`. */
export function countedContent(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  task: ProgressTask,
  from = 0,
): () => Promise<AsyncIterable<Uint8Array>> {
  return async () => {
    task.restart(from);
    return counted(await open(), task.add);
  };
}

/** `models 6.2 of 14.9 GB, 41 %, 92 MB/s, 1 min 35 s left` */
export function printProgress({ title, done, total, rate, left }: ProgressState): string {
  const speed = rate === 0 ? "nothing moves" : printRate(rate);
  if (total === undefined) return `${title} ${printBytes(done)}, ${speed}`;
  const percent = total === 0 ? 100 : Math.floor((Math.min(done, total) * 100) / total);
  const time = left === undefined || left > 9 ? printDuration(left ?? 0) : `${Math.ceil(left)} s`;
  const rest = left === undefined || left === 0 ? "" : `, ${time} left`;
  return `${title} ${printBytesOf(done, total)}, ${percent} %, ${speed}${rest}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
