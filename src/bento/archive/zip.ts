import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { Failure } from "../../errors.ts";
import type { Files } from "../../machine/machine.ts";
import type { Limiter } from "./limits.ts";
import { MAX_PATH } from "./links.ts";
import type { ArchiveTree } from "./tree.ts";
import { unsafe } from "./unsafe.ts";

/** `st_mode` is the upper half of the external attributes when the archive was made on Unix (APPNOTE 4.4.15). */
const KIND = 0o170000;
const SYMLINK = 0o120000;
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;
/** Errors of yauzl's `validateFileName` for a name that leads outside the target directory. */
const UNSAFE_NAME = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s;

/**
 * Unpacks a zip into the tree. Links, which other tools than BentoML may write, are kept.
 * @param path absolute; @param size its bytes.
 * @throws {Failure} bento/UnsafePath, TooLarge, ArchiveCorrupt; yauzl's own errors when the archive is damaged.
 */
export async function unpackZip(
  path: string,
  size: number,
  files: Files,
  { tree, limiter }: { readonly tree: ArchiveTree; readonly limiter: Limiter },
): Promise<void> {
  const zip = await openZip(path, size, files);
  limiter.checkEntries(zip.entryCount);
  try {
    for await (const entry of zip.eachEntry()) await addMember(zip, entry, tree, limiter);
  } catch (error) {
    const [, name] = UNSAFE_NAME.exec(error instanceof Error ? error.message : "") ?? [];
    throw name === undefined ? error : unsafe(name, "has a name that leads outside the archive");
  }
}

async function openZip(path: string, size: number, files: Files): Promise<ZipFile> {
  const { fromRandomAccessReaderPromise, RandomAccessReader } = await import("../../machine/libraries.ts");
  class FileReader extends RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      // yauzl's `end` is exclusive. It never requests an empty range.
      return files.source(path, { start, end: end - 1 });
    }
  }
  return fromRandomAccessReaderPromise(new FileReader(), size, { lazyEntries: true });
}

async function addMember(zip: ZipFile, entry: Entry, tree: ArchiveTree, limiter: Limiter): Promise<void> {
  const name = entry.fileName;
  const mode = entry.externalFileAttributes >>> 16;
  const kind = mode & KIND;
  if (name.endsWith("/") || kind === DIRECTORY) return tree.addDirectory(name);
  if (entry.isEncrypted()) {
    throw new Failure("bento", `The archive's member ${name} is encrypted`, { code: "ArchiveCorrupt" });
  }
  if (kind === SYMLINK) return tree.addLink(name, await readTarget(zip, entry));
  if (kind !== REGULAR && kind !== 0) throw unsafe(name, "is not a file, directory or link");
  const content = limiter.meter(await zip.openReadStreamPromise(entry));
  await tree.addFile(name, (mode & 0o111) !== 0, checked(content, entry), entry.uncompressedSize);
}

async function readTarget(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize >= MAX_PATH) throw unsafe(entry.fileName, "is a link with a target that is too long");
  const chunks: Uint8Array[] = [];
  for await (const chunk of checked(await zip.openReadStreamPromise(entry), entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Verifies the checksum, because yauzl only verifies sizes. */
async function* checked(content: AsyncIterable<Uint8Array>, entry: Entry): AsyncGenerator<Uint8Array> {
  const { crc32 } = await import("node:zlib");
  let sum = 0;
  for await (const chunk of content) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
}
