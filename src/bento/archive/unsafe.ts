import { Failure } from "../../errors.ts";

/** The Failure for a member that must not be unpacked. `fault` completes the sentence that starts with its name. */
export function unsafe(name: string, fault: string): Failure {
  return new Failure("bento", `The archive's member ${name} ${fault}`, {
    code: "UnsafePath",
    hint: "BentoML does not write such archives. Do not trust its source.",
  });
}
