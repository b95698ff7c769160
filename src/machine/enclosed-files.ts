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

/** For a pipe that took a file's place, `O_NONBLOCK`: opening it must not wait for somebody who writes. */
export const FILE_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const DIRECTORY_FLAGS = FILE_FLAGS | O_DIRECTORY;

/** Where Linux tells what a descriptor of this process is open on. Source: proc_pid_fd(5) */
export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** A file or directory that is not where it was found. */
export function displaced(path: string, cause?: unknown): Failure {
  return new Failure("bento", `${path} was exchanged while the Bento was read: a link or something else is there now`, {
    code: "UnsafePath",
    hint: "Build when nothing writes into the Bento or its models any more.",
    cause,
  });
}

/** What is known to be there, and too deep for a path to lead to. */
function tooLong(path: string, cause: unknown): Failure {
  return new Failure("bento", `${path}: the path is too long for this machine`, {
    code: "UnsafePath",
    hint: "Shorten the names in the Bento, or put it into a directory with a shorter path.",
    cause,
  });
}

/** Real files of enclosures. What a Bento holds decides how often it is asked for; `signal` ends that. */
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
    entry: unlessAborted((directory, name) => look(join(directory.path, name), directory.root)),
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
  // No file has a name with it, and Node takes no such path.
  if (path.includes("\0")) return undefined;
  const wanted = join(directory.path, path);
  const real = await realpath(wanted).catch((error: unknown) => {
    if (isMissing(error) || isUnfollowable(error) || isTooLong(error)) return undefined;
    throw error;
  });
  if (real === undefined) return undefined;
  if (isWithin(real, directory.root)) return look(real, directory.root);
  throw new Failure("bento", `${wanted} leads out of ${directory.root}`, {
    code: "UnsafePath",
    hint: "Replace the link with what it leads to, or build the Bento anew.",
  });
}

/** What is at the path itself. */
async function look(path: string, root: string): Promise<EnclosedEntry | undefined> {
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
  // What is no UTF-8 is read as U+FFFD; so is U+FFFD.
  if (entries.some(({ name }) => name.includes("\ufffd"))) checkNames(await readdir(opened, "buffer"), path);
  return entries
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The path by which the directory that is open can be listed, whatever is at its own path now. */
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
  return new Failure("bento", `${paths.join(", ")}: no name that is not UTF-8 can be in a Bento's image`, {
    code: "NameNotUtf8",
    lines: paths,
    hint: "Rename it, or leave it out of the Bento.",
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

/** Opens what is at the path and has no link on the way to it. */
async function openAt(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags).catch((error: unknown) => {
    if (isTooLong(error)) throw tooLong(path, error);
    throw isUnfollowable(error) ? displaced(path, error) : error;
  });
  try {
    if ((await placeOf(handle, path)) === path) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw displaced(path);
}

async function placeOf({ fd }: FileHandle, path: string): Promise<string> {
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

/** The two places that make these types. */
function enclosure(path: string, root: string): Enclosure {
  return { path, root } as Enclosure;
}

function enclosedFile(path: string): EnclosedFile {
  return { kind: "path", path } as EnclosedFile;
}
