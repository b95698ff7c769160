const require = process.getBuiltinModule;
import {
  decompress,
  memberPath,
  unpackTar,
  unsafe
} from "./chunk-D3KZM76X.js";
import "./chunk-WG3CPRCG.js";
import {
  Failure,
  cancelled,
  errorCode,
  isDiskFull,
  randomUUID
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/bento/archive/extract.ts
import { join as join2 } from "node:path/posix";

// src/bento/archive/format.ts
var HEAD_LENGTH = 512;
var MAGIC = [
  { format: "xz", at: 0, bytes: [253, 55, 122, 88, 90, 0] },
  { format: "gzip", at: 0, bytes: [31, 139] },
  { format: "bzip2", at: 0, bytes: [66, 90, 104] },
  { format: "zstd", at: 0, bytes: [40, 181, 47, 253] },
  { format: "zip", at: 0, bytes: [80, 75, 3, 4] },
  { format: "tar", at: 257, bytes: [117, 115, 116, 97, 114] }
];
function recognizeFormat(head) {
  return MAGIC.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte))?.format;
}

// src/bento/archive/limits.ts
import { setImmediate } from "node:timers/promises";
var PAUSE_BYTES = 1 << 20;
var LIMITS = {
  entries: 1e5,
  freeBytes: 64 * 1024 * 1024,
  ratio: 100,
  nameBytes: 4096,
  linkPaths: 2e8
};
var Limiter = class {
  #archive;
  #bytes;
  #entries;
  #signal;
  #linkPaths;
  #bytesUsed = 0;
  #linkPathsUsed = 0;
  #entriesUsed = 0;
  /** @param archive its path, for the message; @param size its size in bytes. */
  constructor(archive, size, limits, signal) {
    this.#archive = archive;
    this.#bytes = limits.freeBytes + size * limits.ratio;
    this.#entries = limits.entries;
    this.#linkPaths = limits.linkPaths;
    this.#signal = signal;
  }
  /** The same bytes, counted. Some decoders never wait for the machine, hence the pauses, in which signals are heard. */
  async *meter(content) {
    let untilPause = PAUSE_BYTES;
    for await (const chunk of content) {
      this.#bytesUsed += chunk.length;
      if (this.#bytesUsed > this.#bytes)
        this.#fail(`more than ${this.#bytes} bytes, which no real Bento of its size holds`);
      untilPause -= chunk.length;
      if (untilPause < 0) {
        await setImmediate();
        untilPause = PAUSE_BYTES;
      }
      if (this.#signal.aborted) throw cancelled(this.#signal, "The archive was not unpacked");
      yield chunk;
    }
  }
  spendEntry() {
    this.#entriesUsed += 1;
    this.checkEntries(this.#entriesUsed);
  }
  /** @param length of a path that a link leads through. */
  spendLinkPath(length) {
    this.#linkPathsUsed += length;
    if (this.#linkPathsUsed > this.#linkPaths) this.#fail("links that lead through each other without end");
  }
  /** @param count of all entries, where an archive tells it beforehand. */
  checkEntries(count) {
    if (count > this.#entries) this.#fail(`more than ${this.#entries} entries`);
  }
  #fail(what) {
    throw new Failure("bento", `${this.#archive} unpacks to ${what}`, {
      code: "TooLarge",
      hint: "If the archive is sound, unpack it in a step of its own and give the directory as `bento`."
    });
  }
};

// src/bento/archive/tree.ts
import { basename, dirname, join } from "node:path/posix";
import { pipeline } from "node:stream/promises";

// src/bento/archive/links.ts
var MAX_LINKS = 40;
var MAX_PATH = 4096;
function resolveLink(path, root, at) {
  const partsOf = (text) => text.split("/").filter((part) => part !== "" && part !== ".");
  const here = partsOf(path.slice(root.length));
  const ahead = [];
  for (let links = 0; links <= MAX_LINKS; ) {
    const place = [...root === "" ? [] : [root], ...here].join("/");
    if (place.length >= MAX_PATH) return "outside";
    const growth = at(place);
    if (growth?.kind === "link") {
      links += 1;
      if (growth.target.startsWith("/")) return "outside";
      ahead.push(...partsOf(growth.target).reverse());
      here.pop();
    }
    const part = ahead.pop();
    if (part === void 0) return "inside";
    if (part !== "..") here.push(part);
    else if (here.pop() === void 0) return "outside";
  }
  return "inside";
}

// src/bento/archive/tree.ts
var DIRECTORY_MODE = 493;
var FILE_MODE = 420;
var PROGRAM_MODE = 493;
var SMALL = 1 << 16;
var ArchiveTree = class {
  root;
  #files;
  #limiter;
  #nameBytes;
  #growth = /* @__PURE__ */ new Map();
  /** @param root absolute path of an empty directory. */
  constructor(root, files, limiter, nameBytes) {
    this.root = root;
    this.#files = files;
    this.#limiter = limiter;
    this.#nameBytes = nameBytes;
  }
  async addDirectory(name) {
    const path = memberPath(name, this.#nameBytes);
    await this.#makeDirectories(path, name);
  }
  /**
   * Writes the content, counted by whoever gives it.
   * @param executable any x bit of the member's mode; @param content `size` bytes.
   */
  async addFile(name, executable, content, size) {
    const path = await this.#reserve(name, { kind: "file" });
    await this.#write(content, size, join(this.root, path), executable);
  }
  /** A symbolic link. That its target stays inside is checked by `finish`, when all that it may pass through is there. */
  async addLink(name, target) {
    if (Buffer.byteLength(target) >= MAX_PATH) throw unsafe(name, "is a link with an endless target");
    if (target === "" || target.startsWith("/") || target.includes("\0")) throw leaving(name, target);
    if (target.includes("\uFFFD")) throw unsafe(name, "is a link with a target that is not UTF-8");
    const path = await this.#reserve(name, { kind: "link", target });
    await this.#files.makeLink(target, join(this.root, path));
  }
  /** A hard link to an earlier file becomes a copy: the image has no use for the link, and no builder promises to keep it. */
  async addHardLink(name, target) {
    const origin = target.split("/").filter((part) => part !== "" && part !== ".").join("/");
    if (target.startsWith("/") || this.#growth.get(origin)?.kind !== "file") {
      throw unsafe(name, `is a hard link to ${target}, which is no earlier file of the archive`);
    }
    const path = await this.#reserve(name, { kind: "file" });
    if (path === origin) throw unsafe(name, "is a hard link to itself");
    const info = await this.#files.info(join(this.root, origin));
    const executable = ((info?.mode ?? 0) & 73) !== 0;
    const content = this.#limiter.meter(this.#files.source(join(this.root, origin)));
    await this.#write(content, info?.size ?? 0, join(this.root, path), executable);
  }
  /** Where the bento.yaml lies: the root, or the only directory at the top that has one. "" stands for the root. */
  bentoDirectories() {
    const manifests = [...this.#growth.keys()].filter((path) => basename(path) === "bento.yaml");
    if (manifests.includes("bento.yaml")) return [""];
    return manifests.map(dirname).filter((directory) => !directory.includes("/"));
  }
  /** Checks that every link below `directory` stays inside it. @throws {Failure} bento/UnsafePath, TooLarge. */
  checkLinks(directory) {
    const at = (place) => {
      const growth = this.#growth.get(place);
      this.#limiter.spendLinkPath(place.length + (growth?.kind === "link" ? growth.target.length : 0));
      return growth;
    };
    for (const [path, growth] of this.#growth) {
      const inside = directory === "" || path.startsWith(`${directory}/`);
      if (growth.kind !== "link" || !inside) continue;
      if (resolveLink(path, directory, at) === "outside") throw leaving(path, growth.target);
    }
  }
  at(path) {
    return this.#growth.get(path);
  }
  /** Makes room for a member that is no directory. One of the same kind is replaced, as `tar` does with an updated archive. */
  async #reserve(name, growth) {
    const path = memberPath(name, this.#nameBytes);
    if (path === "") throw unsafe(name, "stands for the archive's root and is no directory");
    if (dirname(path) !== ".") await this.#makeDirectories(dirname(path), name);
    const before = this.#growth.get(path);
    if (before !== void 0) {
      if (before.kind !== growth.kind) throw unsafe(name, `comes twice, as ${before.kind} and as ${growth.kind}`);
      await this.#files.remove(join(this.root, path));
    }
    this.#limiter.spendEntry();
    this.#growth.set(path, growth);
    return path;
  }
  async #makeDirectories(path, name) {
    if (path === "" || path === ".") return;
    const known = this.#growth.get(path);
    if (known?.kind === "directory") return;
    if (known?.kind === "link") throw unsafe(name, `would be written through the link ${path}`);
    if (known !== void 0) throw unsafe(name, `lies below ${path}, which is a file`);
    await this.#makeDirectories(dirname(path), name);
    this.#limiter.spendEntry();
    this.#growth.set(path, { kind: "directory" });
    await this.#files.makeDirectory(join(this.root, path), DIRECTORY_MODE);
  }
  async #write(content, size, path, executable) {
    const mode = executable ? PROGRAM_MODE : FILE_MODE;
    if (size <= SMALL) return this.#files.write(path, Buffer.concat(await Array.fromAsync(content)), mode);
    await pipeline(content, this.#files.sink(path, { mode }));
    await this.#files.setMode(path, mode);
  }
};
function leaving(name, target) {
  return unsafe(name, `is a link to ${target}, which leaves the Bento`);
}

// src/bento/archive/zip.ts
import { crc32 } from "node:zlib";
var KIND = 61440;
var SYMLINK = 40960;
var DIRECTORY = 16384;
var REGULAR = 32768;
var UNSAFE_NAME = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s;
async function unpackZip(path, size, files, { tree, limiter }) {
  const zip = await openZip(path, size, files);
  limiter.checkEntries(zip.entryCount);
  try {
    for await (const entry of zip.eachEntry()) await addMember(zip, entry, tree, limiter);
  } catch (error) {
    const [, name] = UNSAFE_NAME.exec(error instanceof Error ? error.message : "") ?? [];
    throw name === void 0 ? error : unsafe(name, "has a name that leaves the archive");
  }
}
async function openZip(path, size, files) {
  const { fromRandomAccessReaderPromise, RandomAccessReader } = (await import("./yauzl-BDGIKMYA.js")).default;
  class FileReader extends RandomAccessReader {
    _readStreamForRange(start, end) {
      return files.source(path, { start, end: end - 1 });
    }
  }
  return fromRandomAccessReaderPromise(new FileReader(), size, { lazyEntries: true });
}
async function addMember(zip, entry, tree, limiter) {
  const name = entry.fileName;
  const mode = entry.externalFileAttributes >>> 16;
  const kind = mode & KIND;
  if (name.endsWith("/") || kind === DIRECTORY) return tree.addDirectory(name);
  if (entry.isEncrypted()) {
    throw new Failure("bento", `The archive's member ${name} is encrypted`, { code: "ArchiveCorrupt" });
  }
  if (kind === SYMLINK) return tree.addLink(name, await readTarget(zip, entry));
  if (kind !== REGULAR && kind !== 0) throw unsafe(name, "is no file, directory or link");
  const content = limiter.meter(await zip.openReadStreamPromise(entry));
  await tree.addFile(name, (mode & 73) !== 0, checked(content, entry), entry.uncompressedSize);
}
async function readTarget(zip, entry) {
  if (entry.uncompressedSize >= MAX_PATH) throw unsafe(entry.fileName, "is a link with an endless target");
  const chunks = [];
  for await (const chunk of checked(await zip.openReadStreamPromise(entry), entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
async function* checked(content, entry) {
  let sum = 0;
  for await (const chunk of content) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error(`the check sum of ${entry.fileName} does not fit`);
}

// src/bento/archive/extract.ts
var OF_THE_SYSTEM = /* @__PURE__ */ new Set(["EACCES", "EPERM", "EROFS", "EMFILE", "EIO", "ENOENT"]);
async function extractArchive(path, address, machine, limits = LIMITS) {
  const root = join2(await machine.files.scratch(), `bento-${randomUUID()}`);
  await machine.files.makeDirectory(root, 448);
  try {
    const tree = await unpack(path, root, machine, limits);
    return join2(root, findBento(tree, address));
  } catch (error) {
    await machine.files.remove(root);
    throw explain(error, address);
  }
}
async function unpack(path, root, machine, limits) {
  const { files, signal } = machine;
  const size = (await files.info(path))?.size ?? 0;
  const limiter = new Limiter(path, size, limits, signal);
  const tree = new ArchiveTree(root, files, limiter, limits.nameBytes);
  const format = recognizeFormat(await files.readHead(path, HEAD_LENGTH));
  if (format === void 0) {
    throw new Error(
      size === 0 ? "it is empty" : "its first bytes are those of no tar, zip, xz, gzip, bzip2 or zstd file"
    );
  }
  if (format === "zip") {
    await unpackZip(path, size, files, { tree, limiter });
    return tree;
  }
  const source = files.source(path);
  try {
    const bytes = format === "tar" ? source : await decompress(source, format, machine);
    await unpackTar(limiter.meter(bytes), tree);
  } finally {
    source.destroy();
  }
  return tree;
}
function findBento(tree, address) {
  const directories = tree.bentoDirectories();
  const [directory, ...others] = directories;
  if (directory === void 0 || others.length > 0) {
    const found = directory === void 0 ? "no bento.yaml" : `several Bentos (${directories.join(", ")})`;
    throw new Failure("bento", `${address} holds ${found} at the top or in a single folder there`, {
      code: "ManifestMissing",
      hint: "Give an archive that `bentoml export` made, or one of a single Bento's directory."
    });
  }
  const manifest = join2(directory, "bento.yaml");
  const kind = tree.at(manifest)?.kind;
  if (kind !== "file") {
    throw new Failure("bento", `In ${address}, ${manifest} must be a regular file; it is a ${kind}`, {
      code: "UnsafePath"
    });
  }
  tree.checkLinks(directory);
  return directory;
}
function explain(error, address) {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new Failure("disk", `There is no room to unpack ${address}: ${reason}`, {
      hint: "It is unpacked below RUNNER_TEMP. Free some space, or give an unpacked directory as `bento`.",
      cause: error
    });
  }
  if (OF_THE_SYSTEM.has(errorCode(error))) {
    return new Failure("bento", `${address} cannot be unpacked: ${reason}`, { code: "Unreadable", cause: error });
  }
  return new Failure("bento", `${address} is not a sound archive of a Bento: ${reason}`, {
    code: "ArchiveCorrupt",
    hint: "Make it anew with `bentoml export`; if it was downloaded or is an artifact, it may have been cut off.",
    cause: error
  });
}
export {
  extractArchive
};
