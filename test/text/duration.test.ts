import { expect, it } from "vitest";
import { printDuration } from "../../src/text/duration.ts";

it("a duration is printed in one or two units", () => {
  expect([0, 0.42, 9.94, 9.96, 54.2, 59.6, 60, 95, 3599.6, 3600, 7380].map(printDuration)).toEqual([
    ...["0.0 s", "0.4 s", "9.9 s", "10 s", "54 s", "1 min", "1 min", "1 min 35 s", "1 h", "1 h", "2 h 3 min"],
  ]);
});
