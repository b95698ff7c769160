import { Failure } from "../../errors.ts";

/** The Failure for a member that must not be unpacked; `fault` ends the sentence that its name begins. */
export function unsafe(name: string, fault: string): Failure {
  return new Failure("bento", `The archive's member ${name} ${fault}`, {
    code: "UnsafePath",
    hint: "No BentoML writes such an archive: do not trust where it came from.",
  });
}
