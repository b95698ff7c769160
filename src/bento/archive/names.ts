import { Failure } from "../../errors.ts";
import { unsafe } from "./unsafe.ts";

/**
 * The normalized path of a member in the tree: `./a//b/` is `a/b`, `.` is "".
 * @param maxBytes the longest name.
 * @throws {Failure} bento/UnsafePath when it is absolute or contains `..`, ArchiveCorrupt when file systems do not support it.
 */
export function memberPath(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) > maxBytes) throw unusable(name);
  if (name.startsWith("/")) throw unsafe(name, "has an absolute name");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(name, "contains .. in its path");
  if (name.includes("\0") || name.includes("\ufffd")) throw unusable(name);
  return parts.join("/");
}

function unusable(name: string): Failure {
  const shown = JSON.stringify(name.slice(0, 100));
  return new Failure("bento", `The archive's member ${shown} has a name that is too long or not UTF-8`, {
    code: "ArchiveCorrupt",
  });
}
