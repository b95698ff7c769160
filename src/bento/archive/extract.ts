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

/** Errors of the disk to which we write, not of the archive. */
const OF_THE_SYSTEM = new Set(["EACCES", "EPERM", "EROFS", "EMFILE", "EIO", "ENOENT"]);

/**
 * Unpacks the archive of a Bento into a directory of its own below the run's scratch directory, and leaves nothing there
 * when that fails. Format by content, not name: xz, gzip, bzip2 or zstd around a tar, tar, zip. Memory stays flat.
 * @param path absolute; @param address as the user knows it.
 * @returns absolute path of the directory that holds bento.yaml: the top, or the only directory at the top that has one.
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
    throw new Error(
      size === 0 ? "it is empty" : "its first bytes are those of no tar, zip, xz, gzip, bzip2 or zstd file",
    );
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
    throw new Failure("bento", `${address} holds ${found} at the top or in a single folder there`, {
      code: "ManifestMissing",
      hint: "Give an archive that `bentoml export` made, or one of a single Bento's directory.",
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
    return new Failure("disk", `There is no room to unpack ${address}: ${reason}`, {
      hint: "It is unpacked below RUNNER_TEMP. Free some space, or give an unpacked directory as `bento`.",
      cause: error,
    });
  }
  if (OF_THE_SYSTEM.has(errorCode(error))) {
    return new Failure("bento", `${address} cannot be unpacked: ${reason}`, { code: "Unreadable", cause: error });
  }
  return new Failure("bento", `${address} is not a sound archive of a Bento: ${reason}`, {
    code: "ArchiveCorrupt",
    hint: "Make it anew with `bentoml export`; if it was downloaded or is an artifact, it may have been cut off.",
    cause: error,
  });
}
