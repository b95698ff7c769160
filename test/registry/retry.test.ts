import { describe, expect, it } from "vitest";
import { TransientFailure } from "../../src/registry/failures.ts";
import { withRetries } from "../../src/registry/retry.ts";
import { testMachine } from "./fixture.ts";

const HOUR = 3_600_000;

/** Fails as often, and then gives how often it was tried. */
function failing(times: number, retryAfter?: number): () => Promise<number> {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= times) throw new TransientFailure("rate-limit", "busy", {}, retryAfter);
    return tries;
  };
}

describe("the wait before another try", () => {
  it.each([0, 1])("is what the server asks for, though our own would be an hour: %i ms", async (asked) => {
    const retryPolicy = { tries: 5, firstDelay: HOUR, longestWait: HOUR };
    expect(await withRetries(testMachine({}), retryPolicy, failing(4, asked))).toBe(5);
  });

  it("is our own where the server asks for nothing", async () => {
    const retryPolicy = { tries: 3, firstDelay: 1, longestWait: 0 };
    expect(await withRetries(testMachine({}), retryPolicy, failing(2))).toBe(3);
  });

  it("is not taken when it is longer than our patience", async () => {
    const retryPolicy = { tries: 5, firstDelay: 1, longestWait: 1000 };
    await expect(withRetries(testMachine({}), retryPolicy, failing(1, 1001))).rejects.toThrow("busy");
  });

  it("ends with the run", async () => {
    const retryPolicy = { tries: 5, firstDelay: HOUR, longestWait: HOUR };
    const cancelled = new AbortController();
    const machine = { ...testMachine({}), signal: cancelled.signal };
    const waiting = withRetries(machine, retryPolicy, failing(1));
    setImmediate(() => cancelled.abort("SIGTERM"));
    await expect(waiting).rejects.toMatchObject({ class: "cancelled" });
  });
});
