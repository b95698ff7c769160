import { setTimeout } from "node:timers/promises";
import pRetry from "p-retry";
import { Failure } from "../errors.ts";
import type { World } from "../world/world.ts";
import { TransientFailure } from "./failures.ts";

export interface Patience {
  /** Tries in all. */
  readonly tries: number;
  /** Milliseconds before the second try; each further wait is twice as long, and up to twice that at random. */
  readonly firstDelay: number;
  /** The longest wait, in milliseconds, that a registry may ask for. */
  readonly longestWait: number;
}

export const PATIENCE: Patience = { tries: 5, firstDelay: 1000, longestWait: 120_000 };

type RetryWorld = Pick<World, "actions" | "signal">;

/**
 * Runs the work again after a {@link TransientFailure}; it must be safe to repeat.
 * @throws the work's last error, or Failure `cancelled` when the run is being cancelled.
 */
export async function withRetries<T>(
  world: RetryWorld,
  patience: Patience,
  work: () => Promise<T>,
  signal: AbortSignal = world.signal,
): Promise<T> {
  try {
    return await pRetry(work, {
      retries: patience.tries - 1,
      minTimeout: patience.firstDelay,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => isWorthWaiting(error, patience),
      async onFailedAttempt({ error, retriesLeft }) {
        if (retriesLeft === 0 || !isWorthWaiting(error, patience)) return;
        world.actions.info(`${error.message} Trying again.`);
        const wait = error instanceof TransientFailure ? (error.retryAfter ?? 0) : 0;
        if (wait > 0) await setTimeout(wait, undefined, { signal });
      },
    });
  } catch (error) {
    if (world.signal.aborted) throw cancelled();
    throw error;
  }
}

export function cancelled(): Failure {
  return new Failure("cancelled", "The run was cancelled.");
}

function isWorthWaiting(error: Error, { longestWait }: Patience): boolean {
  return error instanceof TransientFailure && (error.retryAfter ?? 0) <= longestWait;
}
