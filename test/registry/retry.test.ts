import { describe, expect, it } from "vitest";
import { TransientFailure } from "../../src/registry/failures.ts";
import { withRetries } from "../../src/registry/retry.ts";
import { testMachine } from "./fixture.ts";

const HOUR = 3_600_000;

/** Work that fails this often, and then gives the number of tries. */
function failing(times: number, retryAfter?: number): () => Promise<number> {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= times) throw new TransientFailure("rate-limit", "busy", {}, retryAfter);
    return tries;
  };
}

describe("the delay before another try", () => {
  it.each([0, 1])("is what the server requests, instead of the default: %i ms", async (asked) => {
    const retryPolicy = { tries: 5, firstDelay: HOUR, longestWait: HOUR };
    expect(await withRetries(testMachine({}), retryPolicy, failing(4, asked))).toBe(5);
  });

  it("is the default if the server requests none", async () => {
    const retryPolicy = { tries: 3, firstDelay: 1, longestWait: 0 };
    expect(await withRetries(testMachine({}), retryPolicy, failing(2))).toBe(3);
  });

  it("is logged with the reason and the number of the try", async () => {
    const machine = testMachine({});
    await withRetries(machine, { tries: 3, firstDelay: 1, longestWait: 20 }, failing(2, 20));
    expect(machine.lines).toEqual(["busy Attempt 2 of 3 in 0.0 s.", "busy Attempt 3 of 3 in 0.0 s."]);
  });

  it("ends the tries if it is longer than the limit", async () => {
    const retryPolicy = { tries: 5, firstDelay: 1, longestWait: 1000 };
    await expect(withRetries(testMachine({}), retryPolicy, failing(1, 1001))).rejects.toThrow("busy");
  });

  it("ends when the run is cancelled", async () => {
    const retryPolicy = { tries: 5, firstDelay: HOUR, longestWait: HOUR };
    const cancelled = new AbortController();
    const machine = { ...testMachine({}), signal: cancelled.signal };
    const waiting = withRetries(machine, retryPolicy, failing(1));
    setImmediate(() => cancelled.abort("SIGTERM"));
    await expect(waiting).rejects.toMatchObject({ class: "cancelled" });
  });
});
