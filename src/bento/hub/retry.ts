import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { Failure } from "../../errors.ts";
import type { Machine } from "../../machine/machine.ts";
import { HubRateLimit } from "./refusals.ts";

/** How patient to be. */
export interface HubRetryPolicy {
  readonly retries: number;
  /** Milliseconds before the second attempt; each further one waits twice as long. */
  readonly delay: number;
  /** The longest wait the Hub may ask for, in seconds. */
  readonly maxWait: number;
  /** Milliseconds that an answer in JSON may take; all the pages of a listing, ten times as many. */
  readonly answerTime: number;
}

export const HUB_RETRY_POLICY: HubRetryPolicy = { retries: 4, delay: 1_000, maxWait: 120, answerTime: 60_000 };

/**
 * Repeats what failed for want of the network or for too many requests; for those it waits as long as the Hub asks.
 * @throws {Failure} the last one; cancelled.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  machine: Pick<Machine, "signal" | "actions">,
  pace: HubRetryPolicy,
): Promise<T> {
  try {
    return await pRetry(work, {
      retries: pace.retries,
      minTimeout: pace.delay,
      signal: machine.signal,
      shouldRetry: ({ error }) => isPassing(error, pace),
      async onFailedAttempt({ error, retriesLeft }) {
        if (retriesLeft === 0 || !isPassing(error, pace)) return;
        machine.actions.info(`${error.message}; trying again`);
        if (error instanceof HubRateLimit && error.waitSeconds !== undefined) {
          await sleep(error.waitSeconds * 1000, undefined, { signal: machine.signal });
        }
      },
    });
  } catch (error) {
    if (machine.signal.aborted) throw new Failure("cancelled", "The download was cancelled", { cause: error });
    throw error;
  }
}

/** Whether the same request may be answered another time. */
export function isPassing(error: unknown, pace: HubRetryPolicy): boolean {
  if (error instanceof HubRateLimit) return (error.waitSeconds ?? 0) <= pace.maxWait;
  if (!(error instanceof Failure) || error.class !== "network") return false;
  // Other 4xx answers stay what they are, and so do these.
  return !/^4(?!08)\d\d$|^(?:UnsafeAddress|RedirectLoop|AnswerTooLong)$/.test(error.code);
}
