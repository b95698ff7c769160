/**
 * Gzip without compression: its size is known before its bytes, and the bytes depend on no version of zlib.
 * @see https://www.rfc-editor.org/rfc/rfc1952 gzip, https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 stored blocks
 */
import { crc32 } from "node:zlib";

/** The most that a stored block can hold. */
const MOST = 0xffff;
const BLOCK_HEADER = 5;
/** Blocks given out together: pieces of about 1 MiB. */
const BLOCKS = 16;

/** The same for all: deflate, no name, no time, no operating system. */
export const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const TRAILER = 8;

/** @param crc CRC-32 of the content. @param size bytes of the content. */
export function gzipTrailer(crc: number, size: number): Uint8Array {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}

/** Bytes of the gzip of this many bytes. */
export function storedSize(size: number): number {
  const blocks = Math.max(1, Math.ceil(size / MOST));
  return GZIP_HEADER.length + blocks * BLOCK_HEADER + size + TRAILER;
}

/**
 * The gzip of a content in stored blocks, all of them full but the last. A piece is valid until the next is asked for.
 * @param size bytes of the content, which must have exactly as many.
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

/** Cuts bytes into stored blocks, and gathers these in one buffer. */
class StoredBlocks {
  readonly #buffer: Buffer;
  #used = 0;
  /** Bytes that the current block still takes. */
  #room = 0;
  /** Bytes that belong to later blocks. */
  #later: number;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(BLOCKS * (BLOCK_HEADER + MOST), storedSize(size)));
    this.#later = size;
    this.#start();
  }

  *add(piece: Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < piece.length; ) {
      if (this.#room === 0) {
        if (this.#later === 0) throw new Error("A content has more bytes than were said.");
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
    if (this.#room + this.#later > 0) throw new Error("A content has fewer bytes than were said.");
    return this.#take();
  }

  /** Gives what is gathered. */
  #take(): Uint8Array {
    const gathered = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return gathered;
  }

  #start(): void {
    const length = Math.min(MOST, this.#later);
    this.#later -= length;
    this.#room = length;
    this.#buffer.writeUInt8(this.#later === 0 ? 1 : 0, this.#used);
    this.#buffer.writeUInt16LE(length, this.#used + 1);
    this.#buffer.writeUInt16LE(MOST - length, this.#used + 3);
    this.#used += BLOCK_HEADER;
  }
}
