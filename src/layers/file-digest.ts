import { createHash } from "node:crypto";
import type { Digest } from "../oci/digest.ts";

/** The digest of a file, which is read in pieces because it may be large. */
export async function fileDigest<File>(
  file: File,
  files: { pieces(file: File): AsyncIterable<Uint8Array> },
): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const piece of files.pieces(file)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}
