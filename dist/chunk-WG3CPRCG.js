const require = process.getBuiltinModule;

// src/tar/header.ts
var BLOCK = 512;
var CHECKSUM_START = 148;
var CHECKSUM_END = 156;
var BLANK = 32;
function parseHeader(block) {
  if (numberAt(block, CHECKSUM_START, 8) !== checksumOf(block)) throw new Error("a header's checksum is wrong");
  const name = textAt(block, 0, 100);
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? textAt(block, 345, 155) : "";
  const type = block.toString("latin1", 156, 157);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: numberAt(block, 100, 8),
    size: numberAt(block, 124, 12),
    type: type === "\0" ? "0" : type,
    link: textAt(block, 157, 100)
  };
}
function checksumOf(block) {
  const sum = (bytes) => bytes.reduce((total, byte) => total + byte, 0);
  return sum(block) - sum(block.subarray(CHECKSUM_START, CHECKSUM_END)) + BLANK * (CHECKSUM_END - CHECKSUM_START);
}
function textAt(block, start, length) {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}
function numberAt(block, start, length) {
  const first = block[start] ?? 0;
  if ((first & 128) !== 0) return binaryAt(block.subarray(start, start + length));
  const digits = textAt(block, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error("a header holds something else in the place of a number");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
function binaryAt(field) {
  const value = field.reduce((total, byte, index) => total * 256 + (index === 0 ? byte & 127 : byte), 0);
  if (!Number.isSafeInteger(value)) throw new Error("a header holds a number that is negative or too big");
  return value;
}
function parseRecords(bytes) {
  let extension = {};
  for (let start = 0; start < bytes.length && bytes[start] !== 0; ) {
    const digits = bytes.toString("latin1", start, start + 12).split(" ", 1)[0] ?? "";
    const end = start + Number(digits);
    const equals = bytes.indexOf("=", start + digits.length);
    if (!/^[1-9]\d*$/.test(digits) || equals === -1 || equals >= end || bytes[end - 1] !== 10) {
      throw new Error("an extended header is damaged");
    }
    const key = bytes.toString("utf8", start + digits.length + 1, equals);
    extension = { ...extension, ...meaningOf(key, bytes.subarray(equals + 1, end - 1)) };
    start = end;
  }
  return extension;
}
function meaningOf(key, value) {
  if (key === "path" || key === "linkpath") return { [key]: value.toString() };
  if (key === "size") return { size: sizeFrom(value.toString()) };
  return key.startsWith("GNU.sparse.") ? { sparse: true } : {};
}
function sizeFrom(value) {
  const size = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new Error(`an extended header gives the size ${value.slice(0, 30)}`);
  return size;
}

// src/tar/reader.ts
var MAX_METADATA = 1 << 20;
var KINDS = /* @__PURE__ */ new Map([
  ["0", "file"],
  ["1", "hard link"],
  ["2", "link"],
  ["3", "irregular"],
  ["4", "irregular"],
  ["5", "directory"],
  ["6", "irregular"]
]);
var UNSUPPORTED = /* @__PURE__ */ new Map([
  ["7", "a contiguous file"],
  ["D", "a directory of an incremental GNU archive"],
  ["M", "the rest of a file from another volume"],
  ["S", "a sparse file"],
  ["V", "the label of a volume"],
  ["X", "an extended header of Solaris"]
]);
async function* readTar(bytes) {
  const reader = new ByteReader(bytes);
  try {
    let extension = {};
    for (; ; ) {
      const block = await reader.take(BLOCK);
      if (isZero(block)) break;
      const header = parseHeader(block);
      const more = await readExtension(header, reader);
      if (more === void 0) {
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
async function readExtension(header, reader) {
  const { type, size } = header;
  if (!["x", "g", "L", "K"].includes(type)) return void 0;
  if (size > MAX_METADATA) throw new Error(`an extended header has ${size} bytes, more than ${MAX_METADATA}`);
  const content = await reader.take(size);
  await reader.skip(paddingOf(size));
  if (type === "L") return { path: textAt(content, 0, size) };
  if (type === "K") return { linkpath: textAt(content, 0, size) };
  const records = parseRecords(content);
  if (type === "x") return records;
  if (Object.keys(records).length > 0) throw new Error("a global header gives all members one name or size");
  return {};
}
function memberOf(header, extension) {
  const path = extension.path ?? header.name;
  const kind = header.type === "0" && path.endsWith("/") ? "directory" : KINDS.get(header.type);
  const unsupported = extension.sparse === true ? "a sparse file" : UNSUPPORTED.get(header.type);
  if (kind === void 0 || unsupported !== void 0) {
    const what = unsupported ?? `of the unknown type ${JSON.stringify(header.type)}`;
    throw new Error(`its member ${path} is ${what}, which is not supported`);
  }
  const size = kind === "file" ? extension.size ?? header.size : 0;
  return { path, kind, size, mode: header.mode, target: extension.linkpath ?? header.link };
}
async function readEnd(reader) {
  for (let rest = await reader.some(); rest.length > 0; rest = await reader.some()) refuseBytes(rest);
}
function refuseBytes(bytes) {
  if (!isZero(bytes)) throw new Error("it does not end where its last member ends");
}
var ZEROS = Buffer.alloc(1 << 16);
function isZero(bytes) {
  for (let start = 0; start < bytes.length; start += ZEROS.length) {
    const part = bytes.subarray(start, start + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}
function paddingOf(size) {
  return (BLOCK - size % BLOCK) % BLOCK;
}
var ByteReader = class {
  #chunks;
  #rest = Buffer.alloc(0);
  constructor(bytes) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }
  /** What is there, at least a byte and at most `most`; nothing at the end. */
  async some(most = Number.POSITIVE_INFINITY) {
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
  async next(most) {
    const bytes = await this.some(most);
    if (bytes.length === 0) throw new Error("it ends too early");
    return bytes;
  }
  /** Exactly `length` bytes. */
  async take(length) {
    if (this.#rest.length >= length) return this.some(length);
    const parts = [];
    for (let left = length; left > 0; left -= parts.at(-1)?.length ?? 0) parts.push(await this.next(left));
    return Buffer.concat(parts);
  }
  async skip(length) {
    for (let left = length; left > 0; ) left -= (await this.next(left)).length;
  }
  /** The next `size` bytes, for one reader; `left` of them are not read yet. */
  portion(size) {
    let left = size;
    const next = async () => {
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
      }
    };
  }
  /** Lets go of the stream. */
  async close() {
    await this.#chunks.return?.();
  }
};

export {
  readTar
};
