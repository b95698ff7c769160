import { describe, expect, it, vi } from "vitest";
import { REPORTS } from "../../src/action/reports.ts";
import { asFailure, cancelled, Failure, TimeOver } from "../../src/errors.ts";
import type { Actions, Annotation } from "../../src/machine/machine.ts";
import { printFailure, reportFailure } from "../../src/report/failure.ts";
import { openStopwatch } from "../../src/report/stopwatch.ts";

function report(failure: Failure, hide: Actions["hide"] = (text) => text) {
  const annotations: { message: string; annotation: Annotation | undefined }[] = [];
  const debug: string[] = [];
  const actions: Partial<Actions> = {
    error: (message, annotation) => void annotations.push({ message, annotation }),
    debug: (line) => void debug.push(line),
    hide,
  };
  reportFailure(failure, actions as Actions, REPORTS.build);
  return { annotations, debug };
}

describe("a failure", () => {
  it("is reported as one annotation: class, message, the tool's lines, hint and position", () => {
    const position = { file: "/temp/Dockerfile", line: 3 };
    const failure = new Failure("run-step", "it failed", { lines: ["one", "two"], hint: "Do that.", position });
    expect(report(failure).annotations).toEqual([
      {
        message: expect.stringMatching(
          /^\[run-step\] it failed\n {2}one\n {2}two\n→ Do that\.\n→ https:.*\/docs\/troubleshooting\.md#run-step$/,
        ),
        annotation: { title: "A build step failed", file: "/temp/Dockerfile", line: 3 },
      },
    ]);
  });

  it("of several inputs is an annotation for each mistake, with the documentation of its input", () => {
    const mistakes = ["tags: no", "platforms: none"];
    const { annotations } = report(new Failure("input", mistakes.join(), { lines: mistakes, mistakes }));
    expect(annotations.map(({ message }) => message.split("\n"))).toEqual([
      ["[input] tags: no", expect.stringMatching(/^→ https:.*\/docs\/inputs\.md#tags$/)],
      ["[input] platforms: none", expect.stringMatching(/^→ https:.*\/docs\/inputs\.md#platforms$/)],
    ]);
  });

  it("has no more annotations than GitHub shows, and still every mistake", () => {
    const mistakes = Array.from({ length: 14 }, (_, index) => `input-${"x".repeat(index + 1)}: no`);
    const { annotations } = report(new Failure("input", "14", { mistakes }));
    expect(annotations).toHaveLength(10);
    for (const mistake of mistakes) expect(annotations.map(({ message }) => message).join("\n")).toContain(mistake);
  });

  it("keeps the end of a long log within the runner's limit", () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
    const text = printFailure(new Failure("tool", "it failed", { lines, hint: "Do that." }));
    expect(text.length).toBeLessThan(4_096);
    expect(text).toContain("line 999\n→ Do that.");
    expect(text).not.toContain("line 1\n");
  });

  it("fits the runner's limit even if a single line does not", () => {
    const text = printFailure(
      new Failure("input", "x".repeat(5_000), { lines: ["y".repeat(5_000)], hint: `Do that.${"z".repeat(5_000)}` }),
    );
    expect(text.length).toBeLessThan(4_096);
    expect(text).toContain("→ Do that.");
  });

  it("is cut after its masked values were taken away, as a part of one matches no mask", () => {
    const secret = "s3cr3t-0f-the-j0b-".repeat(20);
    const hide = (text: string): string => text.replaceAll(secret, "***");
    const cutWithin = (most: number): string => `${"x".repeat(most - 40)}${secret}`;
    const position = { file: secret };
    const mistakes = Array.from({ length: 12 }, () => cutWithin(2_000));
    const failures = [
      new Failure("tool", cutWithin(2_000), { lines: [secret], hint: cutWithin(1_500), position }),
      new Failure("input", "12", { mistakes: mistakes.slice(0, 3) }),
      new Failure("input", "12", { mistakes }),
    ];
    for (const failure of failures) {
      const { annotations } = report(failure, hide);
      expect(JSON.stringify(annotations)).not.toContain("s3cr3t");
      expect(JSON.stringify(annotations)).toContain("***");
    }
  });

  it("of a full disk has class disk, whatever wrote to it", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(asFailure(error)).toMatchObject({ class: "disk", code: "DiskFull", message: error.message });
  });

  it("that is a bug of this action asks to report it and logs its stack for debugging", () => {
    const { annotations, debug } = report(asFailure(new TypeError("x is not a function")));
    expect(annotations[0]?.message).toMatch(/^\[internal\] x is not a function\n→ Please report it/);
    expect(debug[0]).toMatch(/^TypeError/);
  });

  it.each([
    ["SIGTERM", "[cancelled] The build stopped because the run was cancelled"],
    [new TimeOver(300_000), "[cancelled] The build stopped because its time was over: the input timeout is 5 min"],
  ])("after %s has class cancelled", (reason, text) => {
    expect(printFailure(cancelled(AbortSignal.abort(reason), "The build stopped"))).toBe(text);
  });
});

describe("the stopwatch", () => {
  it("records a phase even if it fails", async () => {
    let now = 0;
    const watch = openStopwatch(() => now);
    await watch.phase("one", async () => {
      now += 1_500;
    });
    await expect(watch.phase("two", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(watch.phases).toEqual([
      { title: "one", start: 0, seconds: 1.5 },
      { title: "two", start: 1.5, seconds: 0 },
    ]);
    expect(watch.elapsed()).toBe(1.5);
  });

  it("goes on when the clock of the machine is set back", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 2_000_000_000_000 });
    try {
      const watch = openStopwatch();
      vi.setSystemTime(1_000_000_000_000);
      await watch.phase("one", async () => vi.setSystemTime(0));
      expect(watch.phases[0]?.start).toBeGreaterThanOrEqual(0);
      expect(watch.phases[0]?.seconds).toBeGreaterThanOrEqual(0);
      expect(watch.elapsed()).toBeGreaterThanOrEqual(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
