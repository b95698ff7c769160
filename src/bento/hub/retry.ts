import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { Failure } from "../../errors.ts";
import type { Machine } from "../../machine/machine.ts";
import { printDuration } from "../../text/duration.ts";
import { HubRateLimit } from "./refusals.ts";

/** Limits for retries and waits. */
export interface HubRetryPolicy {
  readonly retries: number;
  /** Milliseconds before the second attempt. The wait doubles for each further one. */
  readonly delay: number;
  /** The longest accepted wait of a rate limit, in seconds. */
  readonly maxWait: number;
  /** Milliseconds that a JSON response may take. All pages of a listing may take ten times as long. */
  readonly answerTime: number;
}

export const HUB_RETRY_POLICY: HubRetryPolicy = { retries: 4, delay: 1_000, maxWait: 120, answerTime: 60_000 };

/**
 * Retries after network failures and rate limits. After a rate limit it waits as long as the Hub requests.
 * @throws {Failure} the last one; cancelled.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  machine: Pick<Machine, "signal" | "actions">,
  retryPolicy: HubRetryPolicy,
): Promise<T> {
  try {
    return await pRetry(work, {
      retries: retryPolicy.retries,
      // No wait by the library: it would be added to the wait that the Hub requests.
      minTimeout: 0,
      signal: machine.signal,
      shouldRetry: ({ error }) => isPassing(error, retryPolicy),
      async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0 || !isPassing(error, retryPolicy)) return;
        const requested = error instanceof HubRateLimit ? error.waitSeconds : undefined;
        const seconds = requested ?? (retryPolicy.delay * 2 ** (attemptNumber - 1)) / 1000;
        const attempt = `attempt ${attemptNumber + 1} of ${retryPolicy.retries + 1}`;
        machine.actions.info(`${error.message}; ${attempt} in ${printDuration(seconds)}`);
        await sleep(seconds * 1000, undefined, { signal: machine.signal });
      },
    });
  } catch (error) {
    if (machine.signal.aborted) throw new Failure("cancelled", "The download was cancelled", { cause: error });
    throw error;
  }
}

/** Whether a retry of the same request may succeed. */
export function isPassing(error: unknown, retryPolicy: HubRetryPolicy): boolean {
  if (error instanceof HubRateLimit) return (error.waitSeconds ?? 0) <= retryPolicy.maxWait;
  if (!(error instanceof Failure) || error.class !== "network") return false;
  // Other 4xx responses and these codes are permanent.
  return !/^4(?!08)\d\d$|^(?:UnsafeAddress|RedirectLoop|AnswerTooLong)$/.test(error.code);
}
