import { describe, expect, it } from "vitest";
import { asFailure, cancelled, Failure, TimeOver } from "../../src/errors.ts";
import type { Actions, Annotation } from "../../src/machine/machine.ts";
import { printFailure, reportFailure } from "../../src/report/failure.ts";
import { openStopwatch } from "../../src/report/stopwatch.ts";

function report(failure: Failure) {
  const said: { message: string; annotation: Annotation | undefined }[] = [];
  const debug: string[] = [];
  const actions: Partial<Actions> = {
    error: (message, annotation) => void said.push({ message, annotation }),
    debug: (line) => void debug.push(line),
  };
  reportFailure(failure, actions as Actions);
  return { said, debug };
}

describe("a failure", () => {
  it("is one annotation: class and cause, the tool's lines, what to do, and where", () => {
    const position = { file: "/temp/Dockerfile", line: 3 };
    const failure = new Failure("run-step", "it failed", { lines: ["one", "two"], hint: "Do that.", position });
    expect(report(failure).said).toEqual([
      {
        message: "[run-step] it failed\n  one\n  two\n→ Do that.",
        annotation: { title: "A build step failed", file: "/temp/Dockerfile", line: 3 },
      },
    ]);
  });

  it("keeps the end of a long log, and fits where the runner would cut", () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
    const text = printFailure(new Failure("tool", "it failed", { lines, hint: "Do that." }));
    expect(text.length).toBeLessThan(4_096);
    expect(text).toContain("line 999\n→ Do that.");
    expect(text).not.toContain("line 1\n");
  });

  it("fits although one line is longer than all", () => {
    const text = printFailure(
      new Failure("input", "x".repeat(5_000), { lines: ["y".repeat(5_000)], hint: `Do that.${"z".repeat(5_000)}` }),
    );
    expect(text.length).toBeLessThan(4_096);
    expect(text).toContain("→ Do that.");
  });

  it("of a full disk is one, whoever met it", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(asFailure(error)).toMatchObject({ class: "disk", code: "DiskFull", message: error.message });
  });

  it("that is a bug of ours says so, with the stack in the debug log", () => {
    const { said, debug } = report(asFailure(new TypeError("x is not a function")));
    expect(said[0]?.message).toMatch(/^\[internal\] x is not a function\n→ Please report it/);
    expect(debug[0]).toMatch(/^TypeError/);
  });

  it.each([
    ["SIGTERM", "[cancelled] The build stopped because the run was cancelled"],
    [new TimeOver(300_000), "[cancelled] The build stopped because its time was over: the input timeout is 5 min"],
  ])("after %s is a cancel", (reason, text) => {
    expect(printFailure(cancelled(AbortSignal.abort(reason), "The build stopped"))).toBe(text);
  });
});

describe("the stopwatch", () => {
  it("notes a phase also when it fails", async () => {
    let now = 0;
    const watch = openStopwatch(() => new Date(now));
    await watch.phase("one", async () => {
      now += 1_500;
    });
    await expect(watch.phase("two", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(watch.phases).toEqual([
      { title: "one", seconds: 1.5 },
      { title: "two", seconds: 0 },
    ]);
  });
});
