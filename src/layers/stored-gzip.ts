/**
 * Gzip without compression: its size is known in advance, and its bytes do not depend on the version of zlib.
 * @see https://www.rfc-editor.org/rfc/rfc1952 gzip, https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 stored blocks
 */
import { crc32 } from "node:zlib";

/** The largest content of a stored block, in bytes. */
const MAX_BLOCK = 0xffff;
const BLOCK_HEADER = 5;
/** How many blocks are returned together, as pieces of about 1 MiB. */
const BLOCKS = 16;

/** The same for every file: deflate, no name, no time, no operating system. */
export const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const TRAILER = 8;

/** @param crc CRC-32 of the content. @param size bytes of the content. */
export function gzipTrailer(crc: number, size: number): Uint8Array {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}

/** The size of the gzip of `size` bytes, in bytes. */
export function storedSize(size: number): number {
  const blocks = Math.max(1, Math.ceil(size / MAX_BLOCK));
  return GZIP_HEADER.length + blocks * BLOCK_HEADER + size + TRAILER;
}

/**
 * The gzip of a content in stored blocks. All blocks except the last one are full. A piece is valid until the next one is
 * requested.
 * @param size the exact size of the content, in bytes.
 * @throws Error when the content has another size.
 */
export async function* storedGzip(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  const blocks = new StoredBlocks(size);
  let crc = 0;
  yield GZIP_HEADER;
  for await (const piece of content) {
    crc = crc32(piece, crc);
    yield* blocks.add(piece);
  }
  yield blocks.end();
  yield gzipTrailer(crc, size);
}

/** Cuts bytes into stored blocks and collects the blocks in one buffer. */
class StoredBlocks {
  readonly #buffer: Buffer;
  #used = 0;
  /** Bytes that are still missing in the current block. */
  #room = 0;
  /** Bytes that belong to later blocks. */
  #later: number;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(BLOCKS * (BLOCK_HEADER + MAX_BLOCK), storedSize(size)));
    this.#later = size;
    this.#start();
  }

  *add(piece: Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < piece.length; ) {
      if (this.#room === 0) {
        if (this.#later === 0) throw new Error("The content has more bytes than expected.");
        if (this.#used === this.#buffer.length) yield this.#take();
        this.#start();
      }
      const part = piece.subarray(from, from + this.#room);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      this.#room -= part.length;
      from += part.length;
    }
  }

  end(): Uint8Array {
    if (this.#room + this.#later > 0) throw new Error("The content has fewer bytes than expected.");
    return this.#take();
  }

  /** The collected blocks. */
  #take(): Uint8Array {
    const collected = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return collected;
  }

  #start(): void {
    const length = Math.min(MAX_BLOCK, this.#later);
    this.#later -= length;
    this.#room = length;
    this.#buffer.writeUInt8(this.#later === 0 ? 1 : 0, this.#used);
    this.#buffer.writeUInt16LE(length, this.#used + 1);
    this.#buffer.writeUInt16LE(MAX_BLOCK - length, this.#used + 3);
    this.#used += BLOCK_HEADER;
  }
}
