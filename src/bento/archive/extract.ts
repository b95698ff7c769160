import { randomUUID } from "node:crypto";
import { join } from "node:path/posix";
import { errorCode, Failure, isDiskFull } from "../../errors.ts";
import type { Machine } from "../../machine/machine.ts";
import { decompress } from "./decompress.ts";
import { HEAD_LENGTH, recognizeFormat } from "./format.ts";
import { LIMITS, Limiter, type Limits } from "./limits.ts";
import { unpackTar } from "./tar.ts";
import { ArchiveTree } from "./tree.ts";
import { unpackZip } from "./zip.ts";

type ArchiveMachine = Pick<Machine, "env" | "files" | "filter" | "processes" | "signal">;

/** Errors of the disk that is written to, not of the archive. */
const OF_THE_SYSTEM = new Set(["EACCES", "EPERM", "EROFS", "EMFILE", "EIO", "ENOENT"]);

/**
 * Unpacks the archive of a Bento into a new directory below the run's scratch directory, which is removed on failure. The
 * format is recognized by content, not by name: tar, plain or with xz, gzip, bzip2 or zstd, or zip. Memory use is constant.
 * @param path absolute; @param address the user's input, for messages.
 * @returns absolute path of the directory that contains bento.yaml: the top, or the only top-level directory that has one.
 * @throws {Failure} bento/ArchiveCorrupt, UnsafePath, TooLarge, ManifestMissing, Unreadable; disk; cancelled.
 */
export async function extractArchive(
  path: string,
  address: string,
  machine: ArchiveMachine,
  limits: Limits = LIMITS,
): Promise<string> {
  const root = join(await machine.files.scratch(), `bento-${randomUUID()}`);
  await machine.files.makeDirectory(root, 0o700);
  try {
    const tree = await unpack(path, root, machine, limits);
    return join(root, findBento(tree, address));
  } catch (error) {
    await machine.files.remove(root);
    throw explain(error, address);
  }
}

async function unpack(path: string, root: string, machine: ArchiveMachine, limits: Limits): Promise<ArchiveTree> {
  const { files, signal } = machine;
  const size = (await files.info(path))?.size ?? 0;
  const limiter = new Limiter(path, size, limits, signal);
  const tree = new ArchiveTree(root, files, limiter, limits.nameBytes);
  const format = recognizeFormat(await files.readHead(path, HEAD_LENGTH));
  if (format === undefined) {
    throw new Error(size === 0 ? "it is empty" : "it is not a tar, zip, xz, gzip, bzip2 or zstd file");
  }
  if (format === "zip") {
    await unpackZip(path, size, files, { tree, limiter });
    return tree;
  }
  const source = files.source(path);
  try {
    const bytes = format === "tar" ? source : await decompress(source, format, machine);
    await unpackTar(limiter.meter(bytes), tree);
  } finally {
    source.destroy();
  }
  return tree;
}

function findBento(tree: ArchiveTree, address: string): string {
  const directories = tree.bentoDirectories();
  const [directory, ...others] = directories;
  if (directory === undefined || others.length > 0) {
    const found = directory === undefined ? "no bento.yaml" : `several Bentos (${directories.join(", ")})`;
    throw new Failure("bento", `${address} contains ${found} at its top level or in a top-level directory`, {
      code: "ManifestMissing",
      hint: "Use an archive of `bentoml export`, or of the directory of a single Bento.",
    });
  }
  const manifest = join(directory, "bento.yaml");
  const kind = tree.at(manifest)?.kind;
  if (kind !== "file") {
    throw new Failure("bento", `In ${address}, ${manifest} must be a regular file; it is a ${kind}`, {
      code: "UnsafePath",
    });
  }
  tree.checkLinks(directory);
  return directory;
}

function explain(error: unknown, address: string): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new Failure("disk", `Not enough disk space to unpack ${address}: ${reason}`, {
      hint: "Archives are unpacked below RUNNER_TEMP. Free some space, or use an unpacked directory as `bento`.",
      cause: error,
    });
  }
  if (OF_THE_SYSTEM.has(errorCode(error))) {
    return new Failure("bento", `Cannot unpack ${address}: ${reason}`, { code: "Unreadable", cause: error });
  }
  return new Failure("bento", `${address} is not a valid archive of a Bento: ${reason}`, {
    code: "ArchiveCorrupt",
    hint: "Create it again with `bentoml export`. If it was downloaded or is an artifact, it may be truncated.",
    cause: error,
  });
}
