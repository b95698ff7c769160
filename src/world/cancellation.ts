import { Failure } from "../errors.ts";

/** The failure of a run whose signal was aborted; says whether a person or the input `timeout` ended it. */
export function cancelled(signal: AbortSignal, what: string): Failure {
  const why = signal.reason === "timeout" ? "its time was over (input timeout)" : "the run was cancelled";
  return new Failure("cancelled", `${what}: ${why}`, { cause: signal.reason });
}
