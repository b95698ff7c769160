import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { slowest, tallyOf, type VitestReport } from "../../.github/scripts/test/report.ts";

function reportOf(...results: readonly (readonly [status: string, tags?: readonly string[]])[]): VitestReport {
  const assertionResults = results.map(([status, tags = []], index) => ({
    ...{ ancestorTitles: ["", "a group"], title: `test ${index}` },
    ...{ status, tags, duration: status === "passed" ? 1500 : null },
  }));
  return { testResults: [{ name: resolve("test/lab/a.test.ts"), assertionResults }] };
}

describe("the sum of a project's tests", () => {
  it("parts the long ones that were left out from those that cannot run here", () => {
    const report = reportOf(["passed"], ["failed"], ["skipped", ["long"]], ["skipped"], ["passed", ["long"]]);
    expect(tallyOf(report, false)).toMatchObject({ passed: 2, failed: 1, long: 1, skipped: 1 });
  });

  it("has a failure when vitest ends badly though every test passed", () => {
    expect(tallyOf(reportOf(["passed"]), false).failed).toBe(1);
  });

  it("has a failure when no test ran", () => {
    expect(tallyOf(reportOf(["skipped"]), true).failed).toBe(1);
  });

  it("names each test by its file and all its names", () => {
    expect(tallyOf(reportOf(["passed"]), true).timed).toEqual([
      { test: "test/lab/a.test.ts > a group > test 0", seconds: 1.5 },
    ]);
  });
});

describe("the slowest tests", () => {
  it("are the ten that took most, the slowest first", () => {
    const tests = Array.from({ length: 12 }, (_, seconds) => ({ test: `test ${seconds}`, seconds }));
    const lines = slowest(tests);
    expect(lines).toHaveLength(10);
    expect([lines[0], lines[9]]).toEqual(["  11.0 s  test 11", "   2.0 s  test 2"]);
  });
});
