import { BLOCK, type Extension, parseHeader, parseRecords, type TarHeader, textAt } from "./header.ts";

/** A member of a tar. */
export interface TarMember {
  /** As written in the archive. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "hard link" | "irregular";
  /** The size of a file in bytes; 0 for other kinds. */
  readonly size: number;
  readonly mode: number;
  /** The target of a link or hard link. */
  readonly target: string;
  /** The bytes of a file. Bytes that have not been read are skipped when the next member is requested. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The largest extended header or long name in bytes; Python and GNU tar write some hundred. */
const MAX_METADATA = 1 << 20;

/** Typeflags of POSIX. Devices and pipes are not distinguished. */
const KINDS = new Map<string, TarMember["kind"]>([
  ["0", "file"],
  ["1", "hard link"],
  ["2", "link"],
  ["3", "irregular"],
  ["4", "irregular"],
  ["5", "directory"],
  ["6", "irregular"],
]);

/** Descriptions of unsupported members for error messages, by the typeflags of other programs. */
const UNSUPPORTED = new Map([
  ["7", "a contiguous file"],
  ["D", "a directory of an incremental GNU archive"],
  ["M", "the rest of a file from another volume"],
  ["S", "a sparse file"],
  ["V", "the label of a volume"],
  ["X", "an extended header of Solaris"],
]);

/**
 * Reads a tar (v7, ustar, pax, GNU's long names) member by member, in time and memory proportional to its size. The bytes
 * after its end must be zeros and are skipped block by block. Unsupported members are refused, never skipped.
 * @throws Error that completes "… is not a valid archive: …".
 */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const reader = new ByteReader(bytes);
  try {
    let extension: Extension = {};
    for (;;) {
      const block = await reader.take(BLOCK);
      if (isZero(block)) break;
      const header = parseHeader(block);
      const more = await readExtension(header, reader);
      if (more === undefined) {
        const member = memberOf(header, extension);
        const content = reader.portion(member.size);
        yield { ...member, content };
        await reader.skip(content.left + paddingOf(member.size));
        extension = {};
      } else {
        extension = { ...extension, ...more };
      }
    }
    await readEnd(reader);
  } finally {
    await reader.close();
  }
}

/** The values of an extended header for the next member; undefined for the header of a member. */
async function readExtension(header: TarHeader, reader: ByteReader): Promise<Extension | undefined> {
  const { type, size } = header;
  if (!["x", "g", "L", "K"].includes(type)) return undefined;
  if (size > MAX_METADATA) throw new Error(`an extended header has ${size} bytes, the limit is ${MAX_METADATA}`);
  const content = await reader.take(size);
  await reader.skip(paddingOf(size));
  if (type === "L") return { path: textAt(content, 0, size) };
  if (type === "K") return { linkpath: textAt(content, 0, size) };
  const records = parseRecords(content);
  if (type === "x") return records;
  // A global header applies to all members. Programs do not write names or sizes there; `git archive` writes its commit.
  if (Object.keys(records).length > 0) throw new Error("a global header sets one name or size for all members");
  return {};
}

function memberOf(header: TarHeader, extension: Extension): Omit<TarMember, "content"> {
  const path = extension.path ?? header.name;
  const kind = header.type === "0" && path.endsWith("/") ? "directory" : KINDS.get(header.type);
  const unsupported = extension.sparse === true ? "a sparse file" : UNSUPPORTED.get(header.type);
  if (kind === undefined || unsupported !== undefined) {
    const what = unsupported ?? `of the unknown type ${JSON.stringify(header.type)}`;
    throw new Error(`its member ${path} is ${what}, which is not supported`);
  }
  // Some programs write a size for directories and links, but no content follows. Python's tarfile ignores it too.
  const size = kind === "file" ? (extension.size ?? header.size) : 0;
  return { path, kind, size, mode: header.mode, target: extension.linkpath ?? header.link };
}

/**
 * Checks the end of a tar: two blocks of zeros, and more to fill a tape record. One block is sufficient, as for GNU tar and
 * Python's tarfile. They also accept a tar without any, but such a tar may be truncated.
 */
async function readEnd(reader: ByteReader): Promise<void> {
  for (let rest = await reader.some(); rest.length > 0; rest = await reader.some()) requireZeros(rest);
}

function requireZeros(bytes: Buffer): void {
  if (!isZero(bytes)) throw new Error("it has data after its end marker");
}

const ZEROS = Buffer.alloc(1 << 16);

function isZero(bytes: Buffer): boolean {
  for (let start = 0; start < bytes.length; start += ZEROS.length) {
    const part = bytes.subarray(start, start + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Reads pieces of any length from a stream of chunks. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }

  /** The available bytes, at least one and at most `limit`; empty at the end. */
  async some(limit: number = Number.POSITIVE_INFINITY): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return this.#rest;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** As `some`. @throws Error at the end of the archive. */
  async next(limit: number): Promise<Buffer> {
    const bytes = await this.some(limit);
    if (bytes.length === 0) throw new Error("it ends too early");
    return bytes;
  }

  /** Exactly `length` bytes. */
  async take(length: number): Promise<Buffer> {
    if (this.#rest.length >= length) return this.some(length);
    const parts: Buffer[] = [];
    for (let left = length; left > 0; left -= parts.at(-1)?.length ?? 0) parts.push(await this.next(left));
    return Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.next(left)).length;
  }

  /** The next `size` bytes for a single reader; `left` is the number of unread ones. */
  portion(size: number): AsyncIterable<Uint8Array> & { readonly left: number } {
    let left = size;
    const next = async (): Promise<Buffer> => {
      const bytes = await this.next(left);
      left -= bytes.length;
      return bytes;
    };
    return {
      get left() {
        return left;
      },
      async *[Symbol.asyncIterator]() {
        while (left > 0) yield await next();
      },
    };
  }

  /** Closes the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
