import type { RemoteFile } from "../bento/bento.ts";
import { errorCode, Failure } from "../errors.ts";
import type { EnclosedFile, EnclosedReading } from "../machine/enclosure.ts";
import type { FileInfo } from "../machine/file-info.ts";
import type { FileEntry } from "./layer.ts";

/** What it takes to read the files of a layer. */
export interface Reading extends EnclosedReading {
  /** The content of a file at the Hub, checked against its hash; without it such files cannot be read. */
  remote?(file: RemoteFile): AsyncIterable<Uint8Array>;
}

/**
 * The content of a file of a layer, exactly as many bytes as were planned. A piece is valid until the next is asked for.
 * @throws Failure `bento`, code `ContentChanged`, when the file is gone, is no regular file, has another size, or is
 * written while it is read.
 */
export async function* contentOf(entry: FileEntry, files: Reading): AsyncGenerator<Uint8Array> {
  const { source, size } = entry;
  if (source.kind === "content") {
    yield Buffer.from(source.content);
    return;
  }
  if (source.kind === "remote") {
    if (files.remote === undefined) throw new Error(`${source.file.path} is not on this machine`);
    yield* files.remote(source.file);
    return;
  }
  const before = await checkUnchanged(source, size, files);
  let read = 0;
  for await (const piece of piecesOf(source, files)) {
    read += piece.length;
    if (read > size) throw changed(source.path, `has more than the ${size} bytes that it had`);
    yield piece;
  }
  if (read < size) throw changed(source.path, `ends after ${read} bytes, it had ${size}`);
  const after = await checkUnchanged(source, size, files);
  if (after.modified.getTime() !== before.modified.getTime()) throw changed(source.path, "was written meanwhile");
}

/**
 * What the file is now.
 * @throws Failure `bento`, code `ContentChanged`, when it is no regular file of this size.
 */
export async function checkUnchanged(
  file: EnclosedFile,
  size: number,
  files: Pick<EnclosedReading, "info">,
): Promise<FileInfo> {
  const { path } = file;
  const info = await files.info(file);
  if (info === undefined) throw changed(path, "is gone");
  if (info.kind !== "file") throw changed(path, "is no regular file any more");
  if (info.size !== size) throw changed(path, `has ${info.size} bytes, it had ${size}`);
  return info;
}

/** A file may go between the look at it and its opening. */
async function* piecesOf(file: EnclosedFile, files: Reading): AsyncGenerator<Uint8Array> {
  try {
    yield* files.pieces(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw changed(file.path, "is gone", error);
    throw error;
  }
}

/** The failure of a file that is not what was planned; `how` goes on after its path. */
export function changed(path: string, how: string, cause?: unknown): Failure {
  return new Failure("bento", `${path} changed while its layer was made: it ${how}`, {
    code: "ContentChanged",
    hint: "Build when nothing writes into the Bento or its models any more.",
    cause,
  });
}
