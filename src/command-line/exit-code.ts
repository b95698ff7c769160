import { type Failure, type FailureClass, TimeOver } from "../errors.ts";

/**
 * The exit code of each class of failure: 2 for the command line, 1 for what is built, and those of sysexits(3) for what
 * surrounds it, so that a pipeline can repeat a job that failed for a passing reason.
 */
export const EXIT_CODES: Readonly<Record<Exclude<FailureClass, "cancelled">, number>> = {
  input: 2,
  bento: 1,
  dockerfile: 1,
  "run-step": 1,
  "base-image": 1,
  platform: 1,
  disk: 1,
  tool: 1,
  engine: 69,
  internal: 70,
  network: 75,
  "rate-limit": 75,
  auth: 77,
};

/** As timeout(1) has it. */
export const TIME_OVER = 124;

/** 128 and the number of the signal, as a shell has it. */
export const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** @param reason why the run was cancelled: a signal's name or a {@link TimeOver}; undefined if it was not. */
export function exitCodeOf(failure: Failure, reason: unknown): number {
  if (failure.class !== "cancelled") return EXIT_CODES[failure.class];
  return reason instanceof TimeOver ? TIME_OVER : (SIGNALS[String(reason)] ?? 1);
}
