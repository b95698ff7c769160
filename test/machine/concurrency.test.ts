import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { limitConcurrency } from "../../src/machine/concurrency.ts";

describe("limitConcurrency", () => {
  it("runs at most the given number of tasks and starts the next one whenever one ends or fails", async () => {
    const take = limitConcurrency(2);
    const events: string[] = [];
    let inside = 0;
    let most = 0;
    const ends = await Promise.allSettled(
      ["a", "b", "c", "d", "e"].map((name) =>
        take(async () => {
          events.push(name);
          inside += 1;
          most = Math.max(most, inside);
          await sleep(1);
          inside -= 1;
          if (name === "b") throw new Error("b");
          return name;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(events).toEqual(["a", "b", "c", "d", "e"]);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"]);
    expect(await take(async () => "again")).toBe("again");
  });
});
