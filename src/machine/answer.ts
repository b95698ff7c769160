import { Failure, type FailureClass, type FailureDetails } from "../errors.ts";

/** The message of a worker thread to the main thread. It contains plain values only. */
export type Answer = { readonly result: unknown } | { readonly error: SentError };

/** A message before the answer: how many bytes the job has read since the last one. */
export interface Progress {
  readonly bytes: number;
}

/** An error as a plain value, because a structured clone between threads loses classes and own properties. */
export interface SentError {
  readonly message: string;
  readonly stack: string | undefined;
  /** The code of Node's error, e.g. EACCES, or of the Failure. */
  readonly code: string | undefined;
  readonly failure?: { readonly class: FailureClass } & Omit<FailureDetails, "code" | "cause">;
}

export function sendable(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, code: undefined };
  const { message, stack } = error;
  const code = "code" in error ? String(error.code) : undefined;
  return error instanceof Failure ? { message, stack, code, failure: detailsOf(error) } : { message, stack, code };
}

/** Restores the error: a Failure with all details, or an error of Node with its code. */
export function errorFrom({ message, stack, code, failure }: SentError): Error {
  const original = Object.assign(new Error(message), { stack, code });
  if (failure === undefined) return original;
  const { class: failureClass, ...details } = failure;
  return new Failure(failureClass, message, { ...details, ...(code === undefined ? {} : { code }), cause: original });
}

function detailsOf(failure: Failure): NonNullable<SentError["failure"]> {
  const { class: failureClass, lines, hint, position } = failure;
  return {
    class: failureClass,
    lines,
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
  };
}
