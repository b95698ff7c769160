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

/** The kind of an entry, read without following links. */
export function kindOf(entry: Kinds): FileKind {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}

export function infoFrom(found: Stats): FileInfo {
  return { kind: kindOf(found), size: found.size, mode: found.mode & 0o7777, modified: found.mtime };
}

/** The path does not exist, or one of its directories is a file. */
export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(error));
}

/** The directory is not empty. Source: rmdir(2) */
export function isOccupied(error: unknown): boolean {
  return ["ENOTEMPTY", "EEXIST"].includes(errorCode(error));
}

/**
 * A link instead of a file or directory, a cycle of links, or an entry that cannot be opened, such as a socket.
 * Source: open(2), O_NOFOLLOW, ENXIO.
 */
export function isUnfollowable(error: unknown): boolean {
  return ["ELOOP", "ENOTDIR", "ENXIO"].includes(errorCode(error));
}

/** The path, or a name in it, is longer than Linux allows: path_resolution(7). */
export function isTooLong(error: unknown): boolean {
  return errorCode(error) === "ENAMETOOLONG";
}
