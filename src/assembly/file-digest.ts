import { createHash } from "node:crypto";
import type { Digest } from "../image/digest.ts";
import type { Files } from "../world/world.ts";

/** The digest of a whole file, read in pieces: it may be large. */
export async function fileDigest(path: string, files: Pick<Files, "pieces">): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const piece of files.pieces(path)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}
