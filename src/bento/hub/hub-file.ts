import { Failure } from "../../errors.ts";

/** A file of a repository at one commit. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of the content for files in LFS or Xet, otherwise git's SHA-1 of the blob. The Hub's ETag and the blob names of the cache are the same hash. */
  readonly hash: string;
  /** git's SHA-1 of the blob in the git repository; for files in LFS or Xet, of the pointer. */
  readonly blobId: string;
}

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Limits of Linux file systems in bytes (limits.h(0p)): NAME_MAX, and PATH_MAX less a margin for the parent directories. */
const MAX_NAME = 255;
const MAX_PATH = 2_048;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** How many characters of an unusable name a message shows. */
const MAX_SHOWN = 200;

/**
 * Checks that all files can be stored in one directory and shown in a log. @returns the same files.
 * @throws {Failure} bento/UnsafePath with the first file that would leave the directory, that file systems do not support,
 * that has control characters, that occurs twice, that is also a directory, or whose hash or size is invalid.
 */
export function checkFiles(files: readonly HubFile[]): readonly HubFile[] {
  const paths = new Set<string>();
  const directories = new Set<string>();
  for (const file of files) {
    const isNew = !paths.has(file.path);
    if (!isNew || !isStorable(file)) throw unusable(file, isNew ? "which cannot be stored" : "twice");
    paths.add(file.path);
    for (const directory of directoriesOf(file.path)) directories.add(directory);
  }
  const both = files.find(({ path }) => directories.has(path));
  if (both !== undefined) throw unusable(both, "as a file and as a directory");
  return files;
}

function isStorable({ path, size, hash, blobId }: HubFile): boolean {
  const parts = path.split("/");
  return (
    parts.every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= MAX_NAME) &&
    Buffer.byteLength(path) <= MAX_PATH &&
    path.search(CONTROLS) === -1 &&
    path.isWellFormed() &&
    HASH.test(hash) &&
    HASH.test(blobId) &&
    Number.isSafeInteger(size) &&
    size >= 0
  );
}

function* directoriesOf(path: string): Generator<string> {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) yield path.slice(0, end);
}

function unusable({ path, size, hash }: HubFile, why: string): Failure {
  const name = JSON.stringify(path.slice(0, MAX_SHOWN)).replace(CONTROLS, escapeControl);
  return new Failure("bento", `The Hub lists ${name} (${String(size)} bytes, ${hash.slice(0, 64)}), ${why}`, {
    code: "UnsafePath",
  });
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
