const require = process.getBuiltinModule;
import {
  sha256InName
} from "./chunk-4VYR3FMV.js";
import {
  Failure,
  createHash,
  digestOf,
  errorCode,
  firstFew,
  hexOf,
  mapFiles,
  printBytes,
  printPlatform,
  printTag,
  remoteFilesOf,
  rootParents,
  splitLayers
} from "./chunk-X4LXKBUS.js";

// src/cache/names.ts
var ENVIRONMENT_LABEL = "dev.bento-image.environment";
var LAYER_TITLE = "dev.bento-image.layer";
var LAYER_KEY = "dev.bento-image.layer.key";
var LAYER_DIFF_ID = "dev.bento-image.layer.diff-id";
var CONTENT_KEY = "dev.bento-image.key";
var ENVIRONMENT_KEY = "dev.bento-image.environment.key";
var ENVIRONMENT_CONFIG = "dev.bento-image.environment.config";
var RECORD_SIGNATURE = "dev.bento-image.signature";
var TAG_DIGITS = 40;
function environmentTag(key, signer) {
  return `bento-environment-${digitsOf(key, signer)}`;
}
var UNKNOWN_ENVIRONMENT_TAG = "bento-environment-of-a-key-not-yet-known";
function modelTag(key, signer) {
  return `bento-model-${digitsOf(key, signer)}`;
}
function digitsOf(key, signer) {
  return hexOf(signer?.tagKey(key) ?? key).slice(0, TAG_DIGITS);
}
function lastTag(bento, platforms) {
  const key = digestOf(JSON.stringify([bento, ...platforms.map(printPlatform)]));
  return `bento-last-${hexOf(key).slice(0, TAG_DIGITS)}`;
}

// src/layers/tar-writer.ts
var BLOCK = 512;
var NAME_LENGTH = 100;
var PREFIX_LENGTH = 155;
var LINK_MODE = 511;
var END = 2 * BLOCK;
var TYPES = { file: "0", link: "2", directory: "5" };
var DIGITS = { uid: 7, gid: 7, size: 11, mtime: 11 };
function headerOf(entry, epoch) {
  const path = pathOf(entry);
  const records = recordsOf(entry, epoch);
  const header = block({
    ...numbersOf(entry, epoch),
    ...splitPath(path) ?? { name: asciiName(path), prefix: "" },
    type: TYPES[entry.kind],
    mode: entry.kind === "link" ? LINK_MODE : entry.mode,
    link: asciiName(targetOf(entry))
  });
  return records === "" ? header : Buffer.concat([extended(records), header]);
}
function paddingOf(size) {
  return (BLOCK - size % BLOCK) % BLOCK;
}
function endOfTar() {
  return new Uint8Array(END);
}
function tarSize({ entries, epoch }) {
  return entries.reduce((total, entry) => total + entrySize(entry, epoch), END);
}
function isRemote({ entries }) {
  return entries.some((entry) => entry.kind === "file" && entry.source.kind === "remote");
}
function entrySize(entry, epoch) {
  const records = Buffer.byteLength(recordsOf(entry, epoch));
  const extension = records === 0 ? 0 : BLOCK + padded(records);
  return extension + BLOCK + padded(sizeOf(entry));
}
function padded(size) {
  return size + paddingOf(size);
}
function sizeOf(entry) {
  return entry.kind === "file" ? entry.size : 0;
}
function pathOf({ kind, path }) {
  return kind === "directory" ? `${path}/` : path;
}
function targetOf(entry) {
  return entry.kind === "link" ? entry.target : "";
}
function numbersOf(entry, epoch) {
  return { ...entry.owner, size: sizeOf(entry), mtime: epoch };
}
function recordsOf(entry, epoch) {
  const path = pathOf(entry);
  const link = targetOf(entry);
  const numbers = numbersOf(entry, epoch);
  return [
    ...splitPath(path) === void 0 ? [record("path", path)] : [],
    ...fits(link) ? [] : [record("linkpath", link)],
    ...["size", "uid", "gid", "mtime"].filter((field) => !fitsOctal(numbers[field], DIGITS[field])).map((field) => record(field, String(numbers[field])))
  ].join("");
}
function isAscii(text) {
  return Buffer.byteLength(text) === text.length;
}
function fits(name) {
  return name.length <= NAME_LENGTH && isAscii(name);
}
function splitPath(path) {
  if (fits(path)) return { name: path, prefix: "" };
  const slash = path.lastIndexOf("/", Math.min(PREFIX_LENGTH, path.length - 2));
  const name = path.slice(slash + 1);
  return slash > 0 && fits(name) && isAscii(path) ? { name, prefix: path.slice(0, slash) } : void 0;
}
function asciiName(name) {
  return name.replace(new RegExp("\\P{ASCII}", "gu"), "_").slice(0, NAME_LENGTH);
}
function fitsOctal(value, digits) {
  return value >= 0 && value < 8 ** digits;
}
function record(key, value) {
  const rest = Buffer.byteLength(` ${key}=${value}
`);
  const digits = String(rest + String(rest).length).length;
  return `${rest + digits} ${key}=${value}
`;
}
function extended(records) {
  const content = Buffer.from(records);
  const header = block({
    name: "././@PaxHeader",
    prefix: "",
    type: "x",
    mode: 420,
    uid: 0,
    gid: 0,
    size: content.length,
    mtime: 0,
    link: ""
  });
  return Buffer.concat([header, content, Buffer.alloc(paddingOf(content.length))]);
}
function block({ name, prefix, type, mode, uid, gid, size, mtime, link }) {
  const bytes = Buffer.alloc(BLOCK);
  const put = (text, offset) => void bytes.write(text, offset, "latin1");
  put(name, 0);
  put(octal(mode, 7), 100);
  put(octal(uid, DIGITS.uid), 108);
  put(octal(gid, DIGITS.gid), 116);
  put(octal(size, DIGITS.size), 124);
  put(octal(mtime, DIGITS.mtime), 136);
  put(type, 156);
  put(link, 157);
  put("ustar\x0000", 257);
  put(octal(0, 7), 329);
  put(octal(0, 7), 337);
  put(prefix, 345);
  const sum = bytes.reduce((total, byte) => total + byte, 8 * 32);
  put(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}
function octal(value, digits) {
  return (fitsOctal(value, digits) ? value : 0).toString(8).padStart(digits, "0");
}

// src/layers/encoding.ts
import { deflateRaw } from "node:zlib";

// src/layers/file-content.ts
async function* contentOf(entry, files) {
  const { source, size } = entry;
  if (source.kind === "content") {
    yield Buffer.from(source.content);
    return;
  }
  if (source.kind === "remote") {
    if (files.remote === void 0) throw new Error(`${source.file.path} is only at the Hub and cannot be read here`);
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
async function checkUnchanged(file, size, files) {
  const { path } = file;
  const info = await files.info(file);
  if (info === void 0) throw changed(path, "no longer exists");
  if (info.kind !== "file") throw changed(path, "is no longer a regular file");
  if (info.size !== size) throw changed(path, `has ${info.size} bytes instead of ${size}`);
  return info;
}
async function* piecesOf(file, files) {
  try {
    yield* files.pieces(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw changed(file.path, "no longer exists", error);
    throw error;
  }
}
function changed(path, how, cause) {
  return new Failure("bento", `${path} changed while its layer was created: it ${how}`, {
    code: "ContentChanged",
    hint: "Run the build when no other process writes to the Bento or its models.",
    cause
  });
}

// src/layers/sample.ts
var WINDOW = 1 << 16;
var WINDOWS = 32;
async function sampleOf(plan, files) {
  const { positions, size } = layOut(plan);
  const read = windowsOf(size).map(async (window) => {
    const parts = [];
    for (const { entry, start } of positions.filter(
      (position) => position.start < window.end && position.end > window.start
    )) {
      parts.push(...await readEntry(entry, plan.epoch, relativeTo(window, start), files));
    }
    return parts;
  });
  return Buffer.concat((await Promise.all(read)).flat());
}
function layOut({ entries, epoch }) {
  let offset = 0;
  const positions = entries.map((entry) => {
    const start = offset;
    offset += entrySize(entry, epoch);
    return { entry, start, end: offset };
  });
  return { positions, size: offset };
}
function windowsOf(size) {
  const count = Math.min(WINDOWS, Math.ceil(size / WINDOW));
  const distance = size <= WINDOWS * WINDOW ? WINDOW : (size - WINDOW) / (WINDOWS - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * distance);
    return { start, end: start + WINDOW };
  });
}
function relativeTo({ start, end }, offset) {
  return { start: Math.max(0, start - offset), end: Math.max(0, end - offset) };
}
async function readEntry(entry, epoch, window, files) {
  const header = headerOf(entry, epoch);
  const head = header.subarray(window.start, window.end);
  if (entry.kind !== "file") return [head];
  const padding = relativeTo(window, header.length + entry.size);
  return [
    head,
    ...await readContent(entry, relativeTo(window, header.length), files),
    new Uint8Array(paddingOf(entry.size)).subarray(padding.start, padding.end)
  ];
}
async function readContent({ source, size }, window, files) {
  const { start } = window;
  const end = Math.min(size, window.end);
  if (start >= end || source.kind === "remote") return [];
  if (source.kind === "content") return [Buffer.from(source.content).subarray(start, end)];
  await checkUnchanged(source, size, files);
  return [await files.read(source, start, end - start)];
}

// src/layers/encoding.ts
var GZIP_LEVEL = 6;
var ZSTD_LEVEL = 3;
var MIN_GAIN = 0.05;
async function chooseEncoding(plan, compression, files) {
  const isAuto = compression === void 0 || compression.auto === true;
  if (isAuto && isRemote(plan))
    return { encoding: { kind: "stored" }, reason: "stored: streamed from the Hub, not sampled" };
  if (isAuto) return choose(plan, gzip(compression?.level), files);
  const encoding = requested(compression);
  return { encoding, reason: `${printEncoding(encoding)}: as requested` };
}
function mediaTypeOf({ kind }) {
  const tar = "application/vnd.oci.image.layer.v1.tar";
  if (kind === "none") return tar;
  return kind === "zstd" ? `${tar}+zstd` : `${tar}+gzip`;
}
function requested({ format, level }) {
  if (format === "gzip") return gzip(level);
  return format === "zstd" ? { kind: "zstd", level: level ?? ZSTD_LEVEL } : { kind: "none" };
}
function gzip(level = GZIP_LEVEL) {
  return level === 0 ? { kind: "stored" } : { kind: "gzip", level };
}
function deflatedSize(bytes) {
  return new Promise((resolve, reject) => {
    deflateRaw(
      bytes,
      { level: GZIP_LEVEL },
      (error, deflated) => error === null ? resolve(deflated.length) : reject(error)
    );
  });
}
async function choose(plan, compressed, files) {
  const sample = await sampleOf(plan, files);
  const ratio = await deflatedSize(sample) / sample.length;
  const encoding = ratio > 1 - MIN_GAIN ? { kind: "stored" } : compressed;
  const percent = (100 * ratio).toFixed(1);
  return {
    encoding,
    reason: `${printEncoding(encoding)}: a sample of ${printBytes(sample.length)} compresses to ${percent} %`
  };
}
function printEncoding(encoding) {
  return "level" in encoding ? `${encoding.kind} level ${encoding.level}` : encoding.kind;
}

// src/layers/layer-bytes.ts
import { constants, crc32 as crc322, createDeflateRaw, createZstdCompress } from "node:zlib";

// src/layers/stored-gzip.ts
import { crc32 } from "node:zlib";
var MAX_BLOCK = 65535;
var BLOCK_HEADER = 5;
var BLOCKS = 16;
var GZIP_HEADER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 255);
var TRAILER = 8;
function gzipTrailer(crc, size) {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}
function storedSize(size) {
  const blocks = Math.max(1, Math.ceil(size / MAX_BLOCK));
  return GZIP_HEADER.length + blocks * BLOCK_HEADER + size + TRAILER;
}
async function* storedGzip(content, size) {
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
var StoredBlocks = class {
  #buffer;
  #used = 0;
  /** Bytes that are still missing in the current block. */
  #room = 0;
  /** Bytes that belong to later blocks. */
  #later;
  constructor(size) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(BLOCKS * (BLOCK_HEADER + MAX_BLOCK), storedSize(size)));
    this.#later = size;
    this.#start();
  }
  *add(piece) {
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
  end() {
    if (this.#room + this.#later > 0) throw new Error("The content has fewer bytes than expected.");
    return this.#take();
  }
  /** The collected blocks. */
  #take() {
    const collected = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return collected;
  }
  #start() {
    const length = Math.min(MAX_BLOCK, this.#later);
    this.#later -= length;
    this.#room = length;
    this.#buffer.writeUInt8(this.#later === 0 ? 1 : 0, this.#used);
    this.#buffer.writeUInt16LE(length, this.#used + 1);
    this.#buffer.writeUInt16LE(MAX_BLOCK - length, this.#used + 3);
    this.#used += BLOCK_HEADER;
  }
};

// src/layers/layer-bytes.ts
var PIECE = 1 << 20;
var COMPRESSED_PIECE = 1 << 16;
async function* tarOf(plan, files) {
  for (const entry of plan.entries) {
    yield headerOf(entry, plan.epoch);
    if (entry.kind !== "file") continue;
    yield* contentOf(entry, files);
    yield new Uint8Array(paddingOf(entry.size));
  }
  yield endOfTar();
}
function blobOf(plan, encoding, files) {
  return encode(tarOf(plan, files), tarSize(plan), encoding);
}
function encode(tar, size, encoding) {
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
function blobSize(plan, { kind }) {
  if (kind === "stored") return storedSize(tarSize(plan));
  return kind === "none" ? tarSize(plan) : void 0;
}
async function* deflatedGzip(content, level) {
  let crc = 0;
  let size = 0;
  const counted = async function* () {
    for await (const piece of content) {
      crc = crc322(piece, crc);
      size += piece.length;
      yield piece;
    }
  };
  yield GZIP_HEADER;
  yield* through(createDeflateRaw({ level, chunkSize: COMPRESSED_PIECE }), counted());
  yield gzipTrailer(crc, size);
}
function zstd(content, level, size) {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 0 };
  return through(createZstdCompress({ params, pledgedSrcSize: size, chunkSize: COMPRESSED_PIECE }), content);
}
async function* through(compressor, content) {
  const fed = feed(compressor, gathered(content)).catch((error) => void compressor.destroy(error));
  try {
    yield* compressor;
  } finally {
    compressor.destroy();
    await fed;
  }
}
async function feed(compressor, pieces) {
  for await (const piece of pieces) {
    await new Promise((done, fail) => {
      compressor.write(piece, (error) => error ? fail(error) : done());
    });
  }
  compressor.end();
}
async function* gathered(content) {
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

// src/layers/collect.ts
import { basename, dirname, join } from "node:path/posix";

// src/text/byte-order.ts
function compareBytes(one, other) {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const left = one.charCodeAt(index);
    const right = other.charCodeAt(index);
    if (left !== right) return rankOf(left) - rankOf(right);
  }
  return one.length - other.length;
}
var FIRST_SURROGATE = 55296;
var AFTER_SURROGATES = 57344;
var UNITS = 65536;
function rankOf(unit) {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + UNITS : unit;
}

// src/layers/collect.ts
var DIRECTORY_MODE = 493;
var PLAIN_MODE = 420;
var EXECUTABLE_MODE = 493;
var OWNER_EXECUTES = 64;
var ROOT = { uid: 0, gid: 0 };
async function collectPayload(recipe, epoch, files, remote = /* @__PURE__ */ new Map()) {
  const collected = [];
  for (const layer of recipe.payload.filter(({ kind }) => kind !== "parents")) {
    const found = [];
    for (const copy of layer.copies) found.push(await collectCopy(copy, layer.owner, recipe, files, remote));
    const entries = withParents(found.flat(), layer.owner, rootParents(recipe.layout));
    refuseReserved(entries, layer.name);
    collected.push({ layer, plan: { title: layer.name, entries, epoch } });
  }
  return collected;
}
async function collectCopy(copy, owner, recipe, files, remote) {
  if (copy.context === "generated") return collectGenerated(copy, owner, recipe.generated, files);
  const context = recipe.contexts.find(({ name }) => name === copy.context)?.directory ?? recipe.context;
  const found = await mapFiles(copy.sources, async (source) => {
    const file = remote.get(join(context.path, source));
    if (file !== void 0) return [remoteEntry(targetPath(copy.destination, source), file, owner)];
    const located = await locate(source, context, files);
    if (located.kind === "directory") {
      return collectDirectory(located.directory, relative(copy.destination), owner, files);
    }
    return [fileEntry(targetPath(copy.destination, source), join(context.path, source), located, owner)];
  });
  return found.flat();
}
async function locate(source, context, files) {
  const found = await files.find(context, source);
  if (found !== void 0) return found;
  throw new Failure("bento", `${join(context.path, source)} is a link whose target does not exist in ${context.path}`, {
    code: "UnsafePath",
    hint: "Replace the link with its target, or build the Bento again."
  });
}
function targetPath(destination, source) {
  return relative(destination.endsWith("/") ? join(destination, basename(source)) : destination);
}
function relative(path) {
  return path.replace(/^\/+|(?<!\/)\/+$/g, "");
}
async function collectDirectory(directory, imagePath, owner, files) {
  const entries = [];
  const pending = [{ directory, imagePath }];
  for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
    const here = next;
    entries.push(directoryEntry(here.imagePath, owner));
    const inside = await mapFiles(await files.list(here.directory), async ({ name, kind }) => {
      const path = join(here.imagePath, name);
      if (kind === "symlink") {
        entries.push({ kind: "link", path, target: await files.readLink(here.directory, name), owner });
        return [];
      }
      const found = await files.entry(here.directory, name);
      if (found?.kind === "directory") return [{ directory: found.directory, imagePath: path }];
      entries.push(fileEntry(path, join(here.directory.path, name), found, owner));
      return [];
    });
    pending.push(...inside.flat());
  }
  return entries;
}
function fileEntry(imagePath, hostPath, found, owner) {
  if (found?.kind !== "file") {
    const problem = found === void 0 ? "no longer exists" : "is not a regular file";
    throw new Failure("bento", `${hostPath} ${problem}, so it cannot be added to the image`, {
      code: "EntryUnusable",
      hint: "Remove sockets, pipes and devices from the Bento, or build it again."
    });
  }
  const { file, info } = found;
  const mode = (info.mode & OWNER_EXECUTES) === 0 ? PLAIN_MODE : EXECUTABLE_MODE;
  return { kind: "file", path: imagePath, mode, owner, size: info.size, source: file };
}
function remoteEntry(imagePath, file, owner) {
  return { kind: "file", path: imagePath, mode: PLAIN_MODE, owner, size: file.size, source: { kind: "remote", file } };
}
function directoryEntry(path, owner) {
  return { kind: "directory", path, mode: DIRECTORY_MODE, owner };
}
async function collectGenerated({ sources, destination }, owner, generated, files) {
  const inside = generated.filter(({ path }) => sources.some((source) => path.startsWith(`${source}/`)));
  return mapFiles(inside, async (entry) => {
    const imagePath = join(relative(destination), entry.path.slice(entry.path.indexOf("/") + 1));
    return generatedEntry(entry, imagePath, owner, files);
  });
}
async function generatedEntry(entry, imagePath, owner, files) {
  switch (entry.kind) {
    case "directory":
      return directoryEntry(imagePath, owner);
    case "link":
      return { kind: "link", path: imagePath, target: entry.target, owner };
    case "file": {
      const { content, mode } = entry;
      const size = Buffer.byteLength(content);
      return { kind: "file", path: imagePath, mode, owner, size, source: { kind: "content", content } };
    }
    case "copy": {
      const { from, source, mode } = entry;
      return { ...fileEntry(imagePath, join(from.path, source), await files.find(from, source), owner), mode };
    }
  }
}
function withParents(entries, owner, roots) {
  const all = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) {
      if (all.get(path)?.kind === "directory") break;
      all.set(path, directoryEntry(path, roots.includes(`/${path}`) ? ROOT : owner));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((one, other) => compareBytes(one.path, other.path));
}
var WHITEOUT = ".wh.";
function refuseReserved(entries, layer) {
  const reserved = entries.filter(({ path }) => basename(path).startsWith(WHITEOUT)).map(({ path }) => path);
  if (reserved.length === 0) return;
  throw new Failure("bento", `${layer}: an image cannot contain files whose names start with ${WHITEOUT}`, {
    code: "NameReserved",
    lines: firstFew(reserved),
    hint: "Rename these files, or exclude them from the Bento."
  });
}

// src/layers/layer-key.ts
var FORMAT = 1;
var BLOB = /^blobs\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
function identityOf(located) {
  if (located.kind === "snapshot") {
    const isNamedByContent = located.files.every(({ source }) => BLOB.test(source));
    return isNamedByContent ? "named by content" : `commit ${located.commit}`;
  }
  const { tag, creationTime } = located.model;
  return creationTime === void 0 ? void 0 : `${printTag(tag)} ${creationTime.toISOString()}`;
}
function layerKey(plan, compression, identity) {
  const entries = plan.entries.map((entry) => ({
    ...entry,
    ..."source" in entry ? { source: entry.source.kind === "content" ? entry.source.content : identity } : {}
  }));
  const { epoch } = plan;
  return digestOf(JSON.stringify({ format: FORMAT, epoch, compression, entries }));
}

// src/layers/named-content.ts
function checkNames({ fromCache }, files) {
  if (fromCache !== true) return files;
  return {
    ...files,
    pieces(file) {
      const sha256 = sha256InName(file.path);
      return sha256 === void 0 ? files.pieces(file) : checked(file.path, sha256, files.pieces(file));
    }
  };
}
async function* checked(path, sha256, pieces) {
  const hash2 = createHash("sha256");
  for await (const piece of pieces) {
    hash2.update(piece);
    yield piece;
  }
  if (hash2.digest("hex") === sha256) return;
  throw new Failure("bento", `${path}: the SHA-256 of the file is not its name, so it is damaged or was replaced`, {
    code: "Damaged",
    hint: "Remove the file; the next run downloads it again. Check who can write to this cache."
  });
}

// src/layers/hash.ts
function performHash(job, files) {
  return job.kind === "tar" ? hashTar(job, files) : hashBlob(job, files);
}
async function hashTar({ plan }, files) {
  const hash2 = createHash("sha256");
  const watched = watch(checkNames(plan, files));
  for await (const piece of tarOf(plan, watched.files)) hash2.update(piece);
  return { digest: `sha256:${hash2.digest("hex")}`, newest: watched.newest() };
}
async function hashBlob({ plan, encoding }, files) {
  const hash2 = createHash("sha256");
  const watched = watch(encoding.kind === "none" ? checkNames(plan, files) : files);
  let size = 0;
  for await (const piece of blobOf(plan, encoding, watched.files)) {
    hash2.update(piece);
    size += piece.length;
  }
  return { digest: `sha256:${hash2.digest("hex")}`, size, newest: watched.newest() };
}
function watch(files) {
  let newest = 0;
  const info = async (file) => {
    const found = await files.info(file);
    newest = Math.max(newest, found?.modified.getTime() ?? 0);
    return found;
  };
  return { files: { info, pieces: (file) => files.pieces(file) }, newest: () => newest };
}

// src/layers/measure.ts
var MIN_WORKER_COST = 8 << 20;
var COST_PER_FILE = 1 << 16;
async function measureLayer(plan, encoding, measuring) {
  const hasher = hasherFor(plan, measuring);
  if (encoding.kind === "none") {
    const { digest: digest2 } = await hasher({ kind: "tar", plan });
    return { plan, encoding, diffId: digest2, digest: digest2, size: tarSize(plan) };
  }
  const [tar, blob] = await Promise.all([hasher({ kind: "tar", plan }), hasher({ kind: "blob", plan, encoding })]);
  if (tar.newest !== blob.newest) throw changed(plan.title, "was modified while it was read");
  const { digest, size } = blob;
  return { plan, encoding, diffId: tar.digest, digest, size };
}
function hasherFor(plan, { files, workers }) {
  const cost = tarSize(plan) + COST_PER_FILE * plan.entries.length;
  return cost < MIN_WORKER_COST ? (job) => hashHere(job, files.enclosed) : (job) => hashInWorker(job, workers);
}
async function hashHere(job, files) {
  return await performHash(job, files);
}
async function hashInWorker(job, workers) {
  return await workers.run(job);
}

// src/assembly/prepare-layers.ts
async function planPayload(recipe, models, { epoch, compression }, machine) {
  const collected = await collectPayload(recipe, epoch, machine.files.enclosed, remoteFilesOf(models));
  const whole = collected.map(({ layer, plan }, index) => {
    const model = layer.kind === "model" ? models[index] : void 0;
    const identity = model === void 0 ? void 0 : identityOf(model);
    const own = model?.kind === "snapshot" ? { ...plan, fromCache: true } : plan;
    return { located: model, plan: own, identity, model: keyOf(plan, compression, identity) };
  });
  return splitLayers(whole).map(({ located, plan, identity, model }) => {
    const key = keyOf(plan, compression, identity);
    return {
      plan,
      ...located === void 0 ? {} : { located },
      ...key === void 0 || model === void 0 ? {} : { key, model }
    };
  });
}
function keyOf(plan, compression, identity) {
  return identity === void 0 ? void 0 : layerKey(plan, compression, identity);
}
async function prepareLayer(job, cachedLayers, { compression, verifyModels }, machine, stream) {
  const found = job.key === void 0 ? void 0 : cachedLayers.get(job.key);
  if (isRemote(job.plan)) return found === void 0 ? stream(job) : reuse(job, found, compression, machine);
  if (found === void 0) return hash(job, compression, machine);
  return verifyModels ? verify(job, found, compression, machine) : reuse(job, found, compression, machine);
}
function reuse(job, found, compression, machine) {
  return {
    ...describeLayer(job, found),
    origin: "cached",
    reason: "",
    async open() {
      if (isRemote(job.plan)) throw new LayerLost(job);
      const again = await hash(job, compression, machine);
      if (again.descriptor.digest === found.digest) return again.open();
      throw new LayerLost(job);
    }
  };
}
async function verify(job, found, compression, machine) {
  const own = await hash(job, compression, machine);
  const { digest, size } = own.descriptor;
  if (digest === found.digest && size === found.size && own.diffId === found.diffId) {
    return { ...own, origin: "verified" };
  }
  machine.actions.warning(
    `${job.plan.title}: the cached layer ${found.digest} (diff ID ${found.diffId}) differs from the layer made from the files, ${digest} (diff ID ${own.diffId}). The one made from the files is used. Possible causes: the files have changed, another version of zlib compressed the cached layer, or somebody replaced it.`
  );
  return own;
}
var LayerLost = class extends Error {
  job;
  constructor(job) {
    super(`${job.plan.title}: the registry no longer has the cached layer, and its files do not reproduce it`);
    this.job = job;
  }
};
async function hash(job, compression, machine) {
  const { plan } = job;
  const { encoding, reason } = await chooseEncoding(plan, compression, machine.files.enclosed);
  const measured = await measureLayer(plan, encoding, machine);
  return {
    ...describeLayer(job, { ...measured, mediaType: mediaTypeOf(encoding) }),
    origin: "hashed",
    reason,
    open: async () => blobOf(plan, encoding, machine.files.enclosed)
  };
}
function describeLayer(job, { mediaType, digest, size, diffId }) {
  const { plan, key } = job;
  const annotations = {
    [LAYER_TITLE]: plan.title,
    ...key === void 0 ? {} : { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId }
  };
  return { title: plan.title, descriptor: { mediaType, digest, size, annotations }, diffId, job };
}
function reportOf({ title, origin, reason }) {
  return { title, note: origin === "hashed" ? reason : NOTES[origin] };
}
var NOTES = {
  cached: "cached, not read",
  verified: "cached, verified by reading the files",
  streamed: "streamed from the Hub"
};
var NEVER_TOO_LARGE = 1e9;
async function predictSize({ plan, key }, cachedLayers, compression, machine) {
  const found = key === void 0 ? void 0 : cachedLayers.get(key);
  if (found !== void 0) return found.size;
  if (tarSize(plan) < NEVER_TOO_LARGE) return tarSize(plan);
  const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
  return blobSize(plan, encoding) ?? 0;
}

export {
  ENVIRONMENT_LABEL,
  LAYER_TITLE,
  LAYER_KEY,
  LAYER_DIFF_ID,
  CONTENT_KEY,
  ENVIRONMENT_KEY,
  ENVIRONMENT_CONFIG,
  RECORD_SIGNATURE,
  environmentTag,
  UNKNOWN_ENVIRONMENT_TAG,
  modelTag,
  lastTag,
  tarSize,
  isRemote,
  chooseEncoding,
  mediaTypeOf,
  tarOf,
  blobOf,
  encode,
  blobSize,
  planPayload,
  prepareLayer,
  LayerLost,
  describeLayer,
  reportOf,
  predictSize
};
