import type { Stats } from "node:fs";
import { errorCode } from "../errors.ts";

export type FileKind = "file" | "directory" | "symlink" | "other";

export interface FileInfo {
  readonly kind: FileKind;
  /** Bytes; meaningless for directories. */
  readonly size: number;
  /** Permission bits only, e.g. 0o755. */
  readonly mode: number;
  readonly modified: Date;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

interface Kinds {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Of an entry that was looked at without following links. */
export function kindOf(entry: Kinds): FileKind {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}

export function infoFrom(found: Stats): FileInfo {
  return { kind: kindOf(found), size: found.size, mode: found.mode & 0o7777, modified: found.mtime };
}

/** There is nothing at the path, or a file where it has a directory. */
export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(error));
}

/** The directory holds something. Source: rmdir(2) */
export function isOccupied(error: unknown): boolean {
  return ["ENOTEMPTY", "EEXIST"].includes(errorCode(error));
}

/**
 * A link where a file or directory is wanted, or links in a circle; something that cannot be opened, as a socket.
 * Source: open(2), O_NOFOLLOW, ENXIO.
 */
export function isUnfollowable(error: unknown): boolean {
  return ["ELOOP", "ENOTDIR", "ENXIO"].includes(errorCode(error));
}

/** The path, or a name in it, has more bytes than Linux takes: path_resolution(7). */
export function isTooLong(error: unknown): boolean {
  return errorCode(error) === "ENAMETOOLONG";
}
