import { BLOCK, type Extension, parseHeader, parseRecords, type TarHeader, textAt } from "./header.ts";

/** A member of a tar. */
export interface TarMember {
  /** As it stands in the archive. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "hard link" | "irregular";
  /** Bytes of a file; 0 of all others. */
  readonly size: number;
  readonly mode: number;
  /** What a link or hard link leads to. */
  readonly target: string;
  /** A file's bytes. What is left of them when the next member is asked for is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Of one extended header or long name; Python and GNU tar write some hundred. */
const MAX_METADATA = 1 << 20;

/** Typeflags of POSIX. Devices and pipes are told apart by nobody here. */
const KINDS = new Map<string, TarMember["kind"]>([
  ["0", "file"],
  ["1", "hard link"],
  ["2", "link"],
  ["3", "irregular"],
  ["4", "irregular"],
  ["5", "directory"],
  ["6", "irregular"],
]);

/** What the error calls a member that is not read, for the typeflags that other programs write. */
const UNSUPPORTED = new Map([
  ["7", "a contiguous file"],
  ["D", "a directory of an incremental GNU archive"],
  ["M", "the rest of a file from another volume"],
  ["S", "a sparse file"],
  ["V", "the label of a volume"],
  ["X", "an extended header of Solaris"],
]);

/**
 * Reads a tar (v7, ustar, pax, GNU's long names) member by member, in time and memory that grow with its bytes alone: all
 * that comes after its end must be zeros, and is skipped block by block. What is not understood is refused and never
 * skipped.
 * @throws Error that completes "it is no sound archive: …".
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

/** What a header that describes the next member says of it; undefined for a member's own. */
async function readExtension(header: TarHeader, reader: ByteReader): Promise<Extension | undefined> {
  const { type, size } = header;
  if (!["x", "g", "L", "K"].includes(type)) return undefined;
  if (size > MAX_METADATA) throw new Error(`an extended header has ${size} bytes, more than ${MAX_METADATA}`);
  const content = await reader.take(size);
  await reader.skip(paddingOf(size));
  if (type === "L") return { path: textAt(content, 0, size) };
  if (type === "K") return { linkpath: textAt(content, 0, size) };
  const records = parseRecords(content);
  if (type === "x") return records;
  // One for all members: what programs write there (`git archive` its commit) says nothing of names and sizes.
  if (Object.keys(records).length > 0) throw new Error("a global header gives all members one name or size");
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
  // As Python's tarfile: the size that some programs write for directories and links has no bytes that follow.
  const size = kind === "file" ? (extension.size ?? header.size) : 0;
  return { path, kind, size, mode: header.mode, target: extension.linkpath ?? header.link };
}

/**
 * A tar ends with two blocks of zeros, and fills a tape's record with more of them. One is enough, as for GNU tar and
 * Python's tarfile; they read a tar without any, too, but that may as well be the first half of one.
 */
async function readEnd(reader: ByteReader): Promise<void> {
  for (let rest = await reader.some(); rest.length > 0; rest = await reader.some()) refuseBytes(rest);
}

function refuseBytes(bytes: Buffer): void {
  if (!isZero(bytes)) throw new Error("it does not end where its last member ends");
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

/** Takes a stream of chunks apart in pieces of a length that the reader chooses. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }

  /** What is there, at least a byte and at most `most`; nothing at the end. */
  async some(most: number = Number.POSITIVE_INFINITY): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return this.#rest;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** As `some`, where the archive must not end. */
  async next(most: number): Promise<Buffer> {
    const bytes = await this.some(most);
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

  /** The next `size` bytes, for one reader; `left` of them are not read yet. */
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

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
