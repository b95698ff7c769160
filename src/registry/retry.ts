import { setTimeout } from "node:timers/promises";
import pRetry from "p-retry";
import { cancelled } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { printDuration } from "../text/duration.ts";
import { TransientFailure } from "./failures.ts";

export interface RetryPolicy {
  /** Number of tries, including the first. */
  readonly tries: number;
  /**
   * Milliseconds before the second try. Each further wait is twice as long, plus a random part of up to the same length.
   * A wait that the server requests replaces this, whether shorter or longer.
   */
  readonly firstDelay: number;
  /** The longest wait, in milliseconds, that a server may request; a longer one ends the tries. */
  readonly longestWait: number;
}

export const RETRY_POLICY: RetryPolicy = { tries: 5, firstDelay: 1000, longestWait: 120_000 };

type RetryMachine = Pick<Machine, "actions" | "signal">;

/**
 * Runs the work again after a {@link TransientFailure}; it must be safe to repeat.
 * @throws the work's last error, or Failure `cancelled` when the run is cancelled.
 */
export async function withRetries<T>(
  machine: RetryMachine,
  retryPolicy: RetryPolicy,
  work: () => Promise<T>,
  signal: AbortSignal = machine.signal,
): Promise<T> {
  try {
    return await pRetry(work, {
      retries: retryPolicy.tries - 1,
      // No wait by the library: it would be added to the wait that the server requests.
      minTimeout: 0,
      signal,
      shouldRetry: ({ error }) => isWorthWaiting(error, retryPolicy),
      async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0 || !isWorthWaiting(error, retryPolicy)) return;
        const requested = error instanceof TransientFailure ? error.retryAfter : undefined;
        const wait = requested ?? backOff(attemptNumber, retryPolicy);
        machine.actions.info(
          `${error.message} Attempt ${attemptNumber + 1} of ${retryPolicy.tries} in ${printDuration(wait / 1000)}.`,
        );
        await setTimeout(wait, undefined, { signal });
      },
    });
  } catch (error) {
    if (machine.signal.aborted) throw cancelled(machine.signal, "The work with the registry was stopped", error);
    throw error;
  }
}

/** Milliseconds to wait after this try, counted from 1. */
function backOff(attempt: number, { firstDelay }: RetryPolicy): number {
  return firstDelay * 2 ** (attempt - 1) * (1 + Math.random());
}

function isWorthWaiting(error: Error, { longestWait }: RetryPolicy): boolean {
  return error instanceof TransientFailure && (error.retryAfter ?? 0) <= longestWait;
}
