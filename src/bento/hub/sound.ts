/** Verifies cached files against the hub's listing, because a cache may be shared and its files replaced. */
import { createHash, type Hash } from "node:crypto";
import type { Machine } from "../../machine/machine.ts";
import { sha256InName } from "../blob-name.ts";
import type { HubFile } from "./hub-file.ts";

const SHA256_DIGITS = 64;

/** The hash that names a blob: SHA-256, or git's SHA-1 of a blob. */
export function hashFor({ hash, size }: Pick<HubFile, "hash" | "size">): Hash {
  return hash.length === SHA256_DIGITS ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

/**
 * Whether a regular file has the listed size and hash. A file that is named by its SHA-256, as big ones are, is not read
 * here: its hash is verified when its layer is hashed. All other files are read.
 */
export async function isSound(
  path: string,
  listed: Pick<HubFile, "hash" | "size">,
  { files }: Pick<Machine, "files">,
): Promise<boolean> {
  const info = await files.info(path);
  if (info?.kind !== "file" || info.size !== listed.size) return false;
  if (sha256InName(path) === listed.hash) return true;
  const hash = hashFor(listed);
  for await (const piece of files.pieces(path)) hash.update(piece);
  return hash.digest("hex") === listed.hash;
}
