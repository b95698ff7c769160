import { describe, expect, it } from "vitest";
import { openProgress, type ProgressState, printProgress } from "../../src/machine/progress.ts";
import { manualClock } from "../fakes/clock.ts";

function meter() {
  const clock = manualClock();
  const lines: string[] = [];
  const ended: ProgressState[] = [];
  const show = (state: ProgressState) => (state.isOver ? ended.push(state) : lines.push(printProgress(state)));
  return { clock, lines, ended, progress: openProgress(show, 10_000, clock) };
}

const MB = 1e6;

describe("The progress of a task", () => {
  it("is a line every 10 s with amount, share, rate and the time left", () => {
    const { clock, lines, progress } = meter();
    const task = progress("models", 14_900 * MB);
    for (let tenth = 0; tenth < 672; tenth += 1) {
      clock.advance(100);
      task.add(9.2 * MB);
    }
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe("models 5.5 of 14.9 GB, 37 %, 92 MB/s, 1 min 42 s left");
  });

  it("gives the true time left when the rate changes, after the window has passed", () => {
    const { clock, lines, progress } = meter();
    const task = progress("uploading models", 10_000 * MB);
    const run = (seconds: number, rate: number) => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1000);
        task.add(rate * MB);
      }
    };
    run(30, 200);
    run(51, 20);
    expect(lines.at(-1)).toBe("uploading models 7.0 of 10.0 GB, 70 %, 20 MB/s, 2 min 30 s left");
  });

  it("adds up tasks of one title, waiting ones too", () => {
    const { clock, lines, progress } = meter();
    const [first, second] = [progress("models", 100 * MB), progress("models", 300 * MB), progress("models", 600 * MB)];
    first?.add(0);
    clock.advance(9_000);
    first?.add(100 * MB);
    first?.end();
    second?.add(100 * MB);
    clock.advance(1_000);
    expect(lines).toEqual(["models 0.2 of 1.0 GB, 20 %, 20 MB/s, 40 s left"]);
  });

  it("does not count pauses between tasks, as while the next file is hashed", () => {
    const { clock, lines, progress } = meter();
    const [small, big] = [progress("models", 10 * MB), progress("models", 990 * MB)];
    small.add(5 * MB);
    clock.advance(500);
    small.add(5 * MB);
    small.end();
    clock.advance(8_000);
    const second = () => {
      big.add(20 * MB);
      clock.advance(1_000);
    };
    for (let seconds = 0; seconds < 12; seconds += 1) second();
    // Too soon to be sure: 1.5 s of both tasks are measured.
    expect(lines).toEqual(["models 0.1 of 1.0 GB, 5 %, 25 MB/s", "models 0.3 of 1.0 GB, 25 %, 21 MB/s, 36 s left"]);
  });

  it("no longer counts what an ended task has not moved", () => {
    const { clock, lines, progress } = meter();
    const present = progress("models", 900 * MB);
    const task = progress("models", 100 * MB);
    task.add(0);
    clock.advance(5_000);
    task.add(50 * MB);
    present.end();
    clock.advance(5_000);
    expect(lines).toEqual(["models 50.0 of 100.0 MB, 50 %, 5.0 MB/s, 10 s left"]);
  });

  it("goes back when the task begins again, and the rate does not", () => {
    const { clock, lines, progress } = meter();
    const task = progress("models", 1000 * MB);
    task.add(0);
    clock.advance(9_000);
    task.add(400 * MB);
    task.restart();
    task.add(100 * MB);
    clock.advance(1_000);
    expect(lines).toEqual(["models 0.1 of 1.0 GB, 10 %, 50 MB/s, 18 s left"]);
  });

  it("says when nothing moves any more", () => {
    const { clock, lines, progress } = meter();
    const task = progress("models", 1000 * MB);
    task.add(500 * MB);
    clock.advance(60_000);
    expect(lines.at(-1)).toBe("models 0.5 of 1.0 GB, 50 %, nothing moves");
  });

  it("has no share and no end if a size is unknown", () => {
    const { clock, lines, progress } = meter();
    progress("download", 10 * MB);
    progress("download").add(100 * MB);
    clock.advance(10_000);
    expect(lines).toEqual(["download 100.0 MB, 10 MB/s"]);
  });

  it("is not shown when it is short or has not begun", () => {
    const { clock, lines, ended, progress } = meter();
    progress("models", MB);
    const short = progress("release", MB);
    short.add(MB);
    clock.advance(9_999);
    short.end();
    clock.advance(60_000);
    expect(lines).toEqual([]);
    expect(ended.map(({ title, done }) => [title, done])).toEqual([["release", MB]]);
  });

  it("leaves no timer, whoever ends first and however often", () => {
    const { clock, ended, progress } = meter();
    const tasks = [progress("a", MB), progress("a", MB), progress("b")];
    for (const task of tasks) task.add(1);
    expect(clock.timers).toBe(2);
    for (const task of [...tasks, ...tasks]) task.end();
    for (const task of tasks) task.add(1);
    expect(clock.timers).toBe(0);
    expect(ended).toHaveLength(2);
  });

  it("begins anew when a title is used again", () => {
    const { clock, lines, progress } = meter();
    const first = progress("models", 500 * MB);
    first.add(500 * MB);
    first.end();
    const second = progress("models", 100 * MB);
    first.end();
    second.add(10 * MB);
    clock.advance(10_000);
    expect(lines).toEqual(["models 10.0 of 100.0 MB, 10 %, 1.0 MB/s, 1 min 30 s left"]);
  });
});
