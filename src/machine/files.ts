import { createReadStream, createWriteStream } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rmdir,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rmRF } from "@actions/io";
import { realEnclosedFiles } from "./enclosed-files.ts";
import type { DirectoryEntry, FileInfo } from "./file-info.ts";
import { infoFrom, isMissing, isOccupied, kindOf } from "./file-info.ts";
import type { Files } from "./machine.ts";
import { pieceReader } from "./pieces.ts";

async function info(path: string): Promise<FileInfo | undefined> {
  try {
    return infoFrom(await lstat(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function list(path: string): Promise<readonly DirectoryEntry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function readHead(path: string, length: number): Promise<Uint8Array> {
  await using handle = await open(path);
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

async function write(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await writeFile(path, content, { mode });
  await chmod(path, mode);
}

async function makeDirectory(path: string, mode: number): Promise<void> {
  const created = await mkdir(path, { recursive: true, mode });
  if (created !== undefined) await chmod(path, mode);
}

async function removeEmpty(path: string): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!isMissing(error) && !isOccupied(error)) throw error;
  });
}

async function makeKept(temporary: string): Promise<string> {
  const directory = await mkdtemp(join(temporary, "bento-image-"));
  await chmod(directory, 0o755);
  return directory;
}

/**
 * A temporary directory without special characters in its path. Paths below it are used in fields separated by commas,
 * `--secret id=…,src=…`, in which podman and buildah do not support quotes.
 */
function plainTemporary(temporary: string): string {
  return [temporary, tmpdir()].find((directory) => !/[,"\r\n]/.test(directory)) ?? "/tmp";
}

/** Real files, with one scratch directory for the run; `dispose` removes it. */
export interface RealFiles extends Files {
  dispose(): Promise<void>;
}

/**
 * @param temporary absolute path of an existing directory, RUNNER_TEMP on a runner.
 * @param signal ends the reading of Bentos and models, but not the clean-up.
 */
export function realFiles(temporary: string, signal = new AbortController().signal): RealFiles {
  let scratch: Promise<string> | undefined;
  let kept: Promise<string> | undefined;
  const pieces = pieceReader();
  return {
    enclosed: realEnclosedFiles(signal),
    info,
    list,
    readHead,
    pieces: (path) => pieces(() => open(path)),
    write,
    makeDirectory,
    readBytes: (path) => readFile(path),
    readText: (path) => readFile(path, "utf8"),
    readLink: (path) => readlink(path),
    realPath: (path) => realpath(path),
    source: (path, range) => createReadStream(path, { ...range, highWaterMark: 1 << 16 }),
    sink: (path, { mode, append }) => createWriteStream(path, { mode, flags: append ? "a" : "wx" }),
    makeLink: (target, path) => symlink(target, path),
    setMode: (path, mode) => chmod(path, mode),
    rename: (from, to) => rename(from, to),
    remove: (path) => rmRF(path),
    removeEmpty,
    scratch() {
      // mkdtemp sets mode 0700, which protects secrets and credentials from other users of the machine.
      scratch ??= mkdtemp(join(plainTemporary(temporary), "bento-image-"));
      return scratch;
    },
    kept() {
      kept ??= makeKept(temporary);
      return kept;
    },
    async dispose() {
      if (scratch !== undefined) await rmRF(await scratch);
    },
  };
}
