import type { RemoteFile } from "../bento/bento.ts";
import { errorCode, Failure } from "../errors.ts";
import type { EnclosedFile, EnclosedReading } from "../machine/enclosure.ts";
import type { FileInfo } from "../machine/file-info.ts";
import type { FileEntry } from "./layer.ts";

/** Reads the files of a layer. */
export interface Reading extends EnclosedReading {
  /** The content of a file at the Hub, verified against its hash. If undefined, files at the Hub cannot be read. */
  remote?(file: RemoteFile): AsyncIterable<Uint8Array>;
}

/**
 * The content of a file of a layer, with exactly the planned number of bytes. A piece is valid until the next one is
 * requested.
 * @throws Failure `bento`, code `ContentChanged`, when the file is gone, is not a regular file, has another size, or is
 * written while it is read.
 */
export async function* contentOf(entry: FileEntry, files: Reading): AsyncGenerator<Uint8Array> {
  const { source, size } = entry;
  if (source.kind === "content") {
    yield Buffer.from(source.content);
    return;
  }
  if (source.kind === "remote") {
    if (files.remote === undefined) throw new Error(`${source.file.path} is only at the Hub and cannot be read here`);
    yield* files.remote(source.file);
    return;
  }
  const before = await checkUnchanged(source, size, files);
  let read = 0;
  for await (const piece of piecesOf(source, files)) {
    read += piece.length;
    if (read > size) throw changed(source.path, `has more than the expected ${size} bytes`);
    yield piece;
  }
  if (read < size) throw changed(source.path, `ends after ${read} of ${size} bytes`);
  const after = await checkUnchanged(source, size, files);
  if (after.modified.getTime() !== before.modified.getTime())
    throw changed(source.path, "was modified while it was read");
}

/**
 * The file's current metadata.
 * @throws Failure `bento`, code `ContentChanged`, when it is not a regular file of this size.
 */
export async function checkUnchanged(
  file: EnclosedFile,
  size: number,
  files: Pick<EnclosedReading, "info">,
): Promise<FileInfo> {
  const { path } = file;
  const info = await files.info(file);
  if (info === undefined) throw changed(path, "no longer exists");
  if (info.kind !== "file") throw changed(path, "is no longer a regular file");
  if (info.size !== size) throw changed(path, `has ${info.size} bytes instead of ${size}`);
  return info;
}

/** A file may be removed between the check and the opening. */
async function* piecesOf(file: EnclosedFile, files: Reading): AsyncGenerator<Uint8Array> {
  try {
    yield* files.pieces(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw changed(file.path, "no longer exists", error);
    throw error;
  }
}

/** The failure for a file that differs from the plan. `how` completes the sentence after "it". */
export function changed(path: string, how: string, cause?: unknown): Failure {
  return new Failure("bento", `${path} changed while its layer was created: it ${how}`, {
    code: "ContentChanged",
    hint: "Run the build when no other process writes to the Bento or its models.",
    cause,
  });
}
