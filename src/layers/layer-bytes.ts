import type { Transform } from "node:stream";
import { constants, crc32, createDeflateRaw, createZstdCompress } from "node:zlib";
import { contentOf, type Reading } from "./file-content.ts";
import type { Encoding, LayerPlan } from "./layer.ts";
import { GZIP_HEADER, gzipTrailer, storedGzip, storedSize } from "./stored-gzip.ts";
import { endOfTar, headerOf, paddingOf, tarSize } from "./tar-writer.ts";

const PIECE = 1 << 20;
/** The size of a compressor's output buffers. Each is a new one, so bigger ones take more memory until they are collected. */
const COMPRESSED_PIECE = 1 << 16;

/**
 * The tar of a layer. A piece is valid until the next one is requested.
 * @throws Failure `bento`, code `ContentChanged`, with the file that differs from the plan.
 */
export async function* tarOf(plan: LayerPlan, files: Reading): AsyncGenerator<Uint8Array> {
  for (const entry of plan.entries) {
    yield headerOf(entry, plan.epoch);
    if (entry.kind !== "file") continue;
    yield* contentOf(entry, files);
    yield new Uint8Array(paddingOf(entry.size));
  }
  yield endOfTar();
}

/**
 * The blob of a layer: its tar, encoded. A piece is valid until the next one is requested.
 * @throws Failure like {@link tarOf}.
 */
export function blobOf(plan: LayerPlan, encoding: Encoding, files: Reading): AsyncIterable<Uint8Array> {
  return encode(tarOf(plan, files), tarSize(plan), encoding);
}

/**
 * Encodes a tar. A piece is valid until the next one is requested.
 * @param size bytes of the tar.
 */
export function encode(tar: AsyncIterable<Uint8Array>, size: number, encoding: Encoding): AsyncIterable<Uint8Array> {
  switch (encoding.kind) {
    case "none":
      return gathered(tar);
    case "stored":
      return storedGzip(tar, size);
    case "gzip":
      return deflatedGzip(tar, encoding.level);
    case "zstd":
      return zstd(tar, encoding.level, size);
  }
}

/** The blob's size in bytes; undefined when it depends on compression. */
export function blobSize(plan: LayerPlan, { kind }: Encoding): number | undefined {
  if (kind === "stored") return storedSize(tarSize(plan));
  return kind === "none" ? tarSize(plan) : undefined;
}

/** Does not use createGzip, because its header contains the operating system. */
async function* deflatedGzip(content: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let size = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
  };
  yield GZIP_HEADER;
  yield* through(createDeflateRaw({ level, chunkSize: COMPRESSED_PIECE }), counted());
  yield gzipTrailer(crc, size);
}

/** Zstandard without its own checksum, which the digest makes redundant. */
function zstd(content: AsyncIterable<Uint8Array>, level: number, size: number): AsyncIterable<Uint8Array> {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 0 };
  return through(createZstdCompress({ params, pledgedSrcSize: size, chunkSize: COMPRESSED_PIECE }), content);
}

/** Compresses full pieces only, because a compressor's output may depend on how its input is cut. */
async function* through(compressor: Transform, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const fed = feed(compressor, gathered(content)).catch((error: Error) => void compressor.destroy(error));
  try {
    yield* compressor;
  } finally {
    compressor.destroy();
    await fed;
  }
}

/** Writes a piece only after the previous one has been consumed, because they share a buffer. */
async function feed(compressor: Transform, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    await new Promise<void>((done, fail) => {
      compressor.write(piece, (error) => (error ? fail(error) : done()));
    });
  }
  compressor.end();
}

/** The same bytes in pieces of 1 MiB; only the last one may be smaller. */
async function* gathered(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  let used = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + PIECE - used);
      buffer.set(part, used);
      used += part.length;
      from += part.length;
      if (used === PIECE) {
        yield buffer;
        used = 0;
      }
    }
  }
  if (used > 0) yield buffer.subarray(0, used);
}
