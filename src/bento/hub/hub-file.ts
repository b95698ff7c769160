import { Failure } from "../../errors.ts";

/** A file of a repository at one commit. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of the content for files in LFS or Xet, else git's SHA-1 of the blob: what the Hub's ETag and the cache's blob names are. */
  readonly hash: string;
  /** git's SHA-1 of what is in the repository itself: of the pointer for files in LFS or Xet. */
  readonly blobId: string;
}

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Bytes that Linux's file systems take: limits.h(0p), NAME_MAX, and PATH_MAX without what comes before. */
const MAX_NAME = 255;
const MAX_PATH = 2_048;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Characters of an unusable name in a failure. */
const SHOWN = 200;

/**
 * The files as they are, when each of them can be stored below one directory and named in a log.
 * @throws {Failure} bento/UnsafePath naming the first that would leave the directory, that no file system takes, that has
 * control characters, that comes twice, or that is a directory of another; or whose hash or size is none.
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
  const name = JSON.stringify(path.slice(0, SHOWN)).replace(CONTROLS, escapeControl);
  return new Failure("bento", `The Hub lists ${name} (${String(size)} bytes, ${hash.slice(0, 64)}), ${why}`, {
    code: "UnsafePath",
  });
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
