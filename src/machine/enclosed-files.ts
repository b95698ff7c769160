import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { cancelled, Failure, firstFew } from "../errors.ts";
import type { EnclosedEntry, EnclosedFile, EnclosedFiles, Enclosure } from "./enclosure.ts";
import type { DirectoryEntry, FileInfo } from "./file-info.ts";
import { infoFrom, isMissing, isTooLong, isUnfollowable, kindOf } from "./file-info.ts";
import { pieceReader } from "./pieces.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;

/** `O_NONBLOCK`, because opening a pipe that replaced a file must not wait for a writer. */
export const FILE_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const DIRECTORY_FLAGS = FILE_FLAGS | O_DIRECTORY;

/** The link in /proc that shows the path of an open descriptor. Source: proc_pid_fd(5) */
export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** The failure for a file or directory that was replaced after it had been found. */
export function displaced(path: string, cause?: unknown): Failure {
  return new Failure("bento", `${path} was replaced by a link or another file while the Bento was read`, {
    code: "UnsafePath",
    hint: "Run the build when no other process writes to the Bento or its models.",
    cause,
  });
}

/** The failure for an entry that exists but whose path is too long. */
function tooLong(path: string, cause: unknown): Failure {
  return new Failure("bento", `${path}: the path is too long for this machine`, {
    code: "UnsafePath",
    hint: "Use shorter names in the Bento, or move it to a directory with a shorter path.",
    cause,
  });
}

/** Reads real files of enclosures. `signal` ends the reading, because a Bento may have very many files. */
export function realEnclosedFiles(signal: AbortSignal): EnclosedFiles {
  const pieces = pieceReader();
  const unlessAborted =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (signal.aborted) throw cancelled(signal, "The files of the Bento were not all read");
      return work(...args);
    };
  return {
    enclose: unlessAborted(enclose),
    find: unlessAborted(find),
    list: unlessAborted(list),
    readLink: unlessAborted(readLink),
    read: unlessAborted(read),
    entry: unlessAborted((directory, name) => entryAt(join(directory.path, name), directory.root)),
    info: unlessAborted(({ path }) => infoOf(path)),
    pieces: ({ path }) => pieces(() => openFile(path)),
  };
}

async function enclose(directory: string): Promise<Enclosure> {
  const path = await realpath(directory).catch((error: unknown) => {
    if (isMissing(error)) return directory;
    throw error;
  });
  return enclosure(path, path);
}

async function find(directory: Enclosure, path: string): Promise<EnclosedEntry | undefined> {
  // File names cannot contain NUL, and Node refuses such paths.
  if (path.includes("\0")) return undefined;
  const requested = join(directory.path, path);
  const real = await realpath(requested).catch((error: unknown) => {
    if (isMissing(error) || isUnfollowable(error) || isTooLong(error)) return undefined;
    throw error;
  });
  if (real === undefined) return undefined;
  if (isWithin(real, directory.root)) return entryAt(real, directory.root);
  throw new Failure("bento", `${requested} is a link that leads outside ${directory.root}`, {
    code: "UnsafePath",
    hint: "Replace the link with its target, or build the Bento again.",
  });
}

/** The entry at the path; links are not followed. */
async function entryAt(path: string, root: string): Promise<EnclosedEntry | undefined> {
  const info = await infoOf(path);
  switch (info?.kind) {
    case "file":
      return { kind: "file", file: enclosedFile(path), info };
    case "directory":
      return { kind: "directory", directory: enclosure(path, root) };
    case "other":
      return { kind: "other" };
    default:
      return undefined;
  }
}

async function list({ path }: Enclosure): Promise<readonly DirectoryEntry[]> {
  await using handle = await openAt(path, DIRECTORY_FLAGS).catch((error: unknown) => {
    throw isMissing(error) ? displaced(path, error) : error;
  });
  const opened = await listed(handle, path);
  const entries = await readdir(opened, { withFileTypes: true });
  // Invalid UTF-8 is read as U+FFFD, but a name may also contain a real U+FFFD.
  if (entries.some(({ name }) => name.includes("\ufffd"))) checkNames(await readdir(opened, "buffer"), path);
  return entries
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A path to list the open directory, independent of what is at its original path now. */
async function listed({ fd }: FileHandle, path: string): Promise<string> {
  const open = descriptorPath(fd);
  return (await infoOf(open)) === undefined ? path : open;
}

function checkNames(names: readonly Buffer[], directory: string): void {
  const unreadable = names.filter((name) => !isUtf8(name)).map((name) => join(directory, printName(name)));
  if (unreadable.length > 0) throw notUtf8(unreadable);
}

async function readLink(directory: Enclosure, name: string): Promise<string> {
  const path = join(directory.path, name);
  const target = await readlink(path, "buffer").catch((error: unknown) => {
    throw isTooLong(error) ? tooLong(path, error) : error;
  });
  if (!isUtf8(target)) throw notUtf8([`${path} -> ${printName(target)}`]);
  return target.toString();
}

function notUtf8(all: readonly string[]): Failure {
  const paths = firstFew(all);
  return new Failure("bento", `${paths.join(", ")}: file names in a Bento must be UTF-8`, {
    code: "NameNotUtf8",
    lines: paths,
    hint: "Rename these files, or exclude them from the Bento.",
  });
}

/** `caf\xe9` for the bytes of café in Latin-1. */
function printName(name: Buffer): string {
  return name
    .toString("latin1")
    .replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

async function read({ path }: EnclosedFile, start: number, length: number): Promise<Uint8Array> {
  await using handle = await openFile(path);
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function openFile(path: string): Promise<FileHandle> {
  const handle = await openAt(path, FILE_FLAGS);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw displaced(path);
}

/** Opens the entry at the path. Refuses links in the path. */
async function openAt(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags).catch((error: unknown) => {
    if (isTooLong(error)) throw tooLong(path, error);
    throw isUnfollowable(error) ? displaced(path, error) : error;
  });
  try {
    if ((await realPathOf(handle, path)) === path) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw displaced(path);
}

async function realPathOf({ fd }: FileHandle, path: string): Promise<string> {
  return readlink(descriptorPath(fd)).catch((error: unknown) => {
    if (isMissing(error)) return realpath(path);
    throw error;
  });
}

async function infoOf(path: string): Promise<FileInfo | undefined> {
  try {
    return infoFrom(await lstat(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw isTooLong(error) ? tooLong(path, error) : error;
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith("/") ? root : `${root}/`);
}

/** Only these two functions create values of these types. */
function enclosure(path: string, root: string): Enclosure {
  return { path, root } as Enclosure;
}

function enclosedFile(path: string): EnclosedFile {
  return { kind: "path", path } as EnclosedFile;
}
