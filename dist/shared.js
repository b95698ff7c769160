import { __commonJSMin, __toESM } from "./rolldown-runtime.js";
import { basename, dirname, join, normalize, relative, resolve } from "node:path/posix";
import { createHash, randomUUID } from "node:crypto";
import { Readable, pipeline } from "node:stream";
import { setImmediate, setTimeout as setTimeout$1 } from "node:timers/promises";
import { pipeline as pipeline$1 } from "node:stream/promises";
import { Buffer as Buffer$1, isUtf8 } from "node:buffer";
import { BlockList, isIP } from "node:net";
import { basename as basename$1, delimiter as delimiter$1, dirname as dirname$1, join as join$1, resolve as resolve$1 } from "node:path";
import { availableParallelism, constants, tmpdir, userInfo } from "node:os";
import * as os from "os";
import { EOL } from "os";
import * as crypto from "crypto";
import * as fs from "fs";
import { constants as constants$1, promises } from "fs";
import * as path from "path";
import { ok } from "assert";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { closeSync, constants as constants$2, createReadStream, createWriteStream, fstatSync, openSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { chmod, lstat, mkdir, mkdtemp, open, readFile, readdir, readlink, realpath, rename, rm, rmdir, stat, symlink, writeFile } from "node:fs/promises";
// src/text/documentation.ts
const REPOSITORY$2 = "OWNER/bento-image";
const VERSION$2 = "1.0.0";
function documentationUrl(page) {
	return `https://github.com/${REPOSITORY$2}/blob/v${VERSION$2}/${page}`;
}
const BUG_REPORT_URL = `https://github.com/${REPOSITORY$2}/issues/new?template=bug.yml`;
// src/errors.ts
const FAILURE_TITLES = {
	input: "An input is invalid",
	bento: "The Bento cannot be used",
	dockerfile: "The Dockerfile cannot be built",
	"run-step": "A build step failed",
	"base-image": "The base image cannot be used",
	platform: "The platform cannot be built here",
	auth: "The registry refused the credentials",
	"rate-limit": "The registry limits the rate of requests",
	network: "The network or the registry did not answer",
	disk: "The disk is full",
	engine: "The engine cannot be reached",
	tool: "The tool is missing, too old or failed",
	cancelled: "The build was cancelled",
	internal: "A bug in this action"
};
var Failure = class extends Error {
	name = "Failure";
	class;
	code;
	lines;
	mistakes;
	hint;
	position;
	constructor(failureClass, message, details = {}) {
		super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
		this.class = failureClass;
		this.code = details.code ?? failureClass;
		this.lines = details.lines ?? [];
		this.mistakes = details.mistakes ?? [];
		this.hint = details.hint;
		this.position = details.position;
	}
};
var ProgramMissing = class extends Failure {
	program;
	constructor(program, { message, ...details } = {}) {
		super("tool", message ?? `${program} is not on PATH`, {
			code: "ToolMissing",
			hint: `Let the action install ${program} (input install), install it on the runner, or choose another backend.`,
			...details
		});
		this.program = program;
	}
};
function missingOnMachine(program) {
	return new ProgramMissing(program, { hint: `The action does not install ${program}: install it on the runner, or choose another backend (backend: auto takes what works, and sets up BuildKit where nothing does).` });
}
var NamedEngineFailure = class extends Failure {};
function isLack(error) {
	if (error instanceof ProgramMissing) return true;
	return error instanceof Failure && error.class === "engine" && !(error instanceof NamedEngineFailure);
}
var TimeOver = class {
	limit;
	constructor(limit) {
		this.limit = limit;
	}
	toString() {
		return `its time was over: the input timeout is ${this.limit / 6e4} min`;
	}
};
function cancelled(signal, what, cause) {
	return new Failure("cancelled", `${what} because ${signal.reason instanceof TimeOver ? `${signal.reason}` : "the run was cancelled"}`, { cause });
}
const MAX_LISTED$1 = 20;
function firstFew(items) {
	const more = items.length - MAX_LISTED$1;
	return more > 0 ? [...items.slice(0, MAX_LISTED$1), `and ${more} more`] : items;
}
function errorCode(error) {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}
function isDiskFull(error) {
	return ["ENOSPC", "EDQUOT"].includes(errorCode(error));
}
function asFailure(error) {
	if (error instanceof Failure) return error;
	const message = error instanceof Error ? error.message : String(error);
	if (isDiskFull(error)) return new Failure("disk", message, {
		code: "DiskFull",
		hint: "Free some disk space, or set TMPDIR, RUNNER_TEMP or the path of the output to a larger disk.",
		cause: error
	});
	return new Failure("internal", message, {
		cause: error,
		hint: `Please report it at ${BUG_REPORT_URL} with the log of a run with debug logging on (ACTIONS_STEP_DEBUG=true).`
	});
}
// src/bento/archive/decompress.ts
async function decompress(source, format, machine) {
	switch (format) {
		case "gzip": return gunzip(source);
		case "zstd": {
			const { createZstdDecompress } = await import("node:zlib");
			return pipeline(source, createZstdDecompress(), () => void 0);
		}
		case "xz": {
			const { XzReadableStream } = await import("./libraries.js");
			return Readable.fromWeb(new XzReadableStream(Readable.toWeb(source)));
		}
		case "bzip2": return bunzip2(source, machine);
	}
}
async function gunzip(source) {
	const { createGunzip } = await import("node:zlib");
	return pipeline(source, createGunzip(), () => void 0);
}
async function bunzip2(source, { env, filter, processes }) {
	if (await processes.which("bzip2") === void 0) throw new Failure("tool", "The archive is compressed with bzip2, but the program bzip2 is not on PATH", {
		code: "ToolMissing",
		hint: "Install it in an earlier step (`apt-get install bzip2`), or compress the Bento with xz or gzip."
	});
	return filter({
		tool: "bzip2",
		args: ["-dc"],
		env: { PATH: env["PATH"] }
	}, source);
}
// src/bento/archive/format.ts
const MAGIC = [
	{
		format: "xz",
		at: 0,
		bytes: [
			253,
			55,
			122,
			88,
			90,
			0
		]
	},
	{
		format: "gzip",
		at: 0,
		bytes: [31, 139]
	},
	{
		format: "bzip2",
		at: 0,
		bytes: [
			66,
			90,
			104
		]
	},
	{
		format: "zstd",
		at: 0,
		bytes: [
			40,
			181,
			47,
			253
		]
	},
	{
		format: "zip",
		at: 0,
		bytes: [
			80,
			75,
			3,
			4
		]
	},
	{
		format: "tar",
		at: 257,
		bytes: [
			117,
			115,
			116,
			97,
			114
		]
	}
];
function recognizeFormat(head) {
	return MAGIC.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte))?.format;
}
// src/bento/archive/limits.ts
const PAUSE_BYTES = 1 << 20;
const LIMITS$1 = {
	entries: 1e5,
	freeBytes: 67108864,
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
	constructor(archive, size, limits, signal) {
		this.#archive = archive;
		this.#bytes = limits.freeBytes + size * limits.ratio;
		this.#entries = limits.entries;
		this.#linkPaths = limits.linkPaths;
		this.#signal = signal;
	}
	async *meter(content) {
		let untilPause = PAUSE_BYTES;
		for await (const chunk of content) {
			this.#bytesUsed += chunk.length;
			if (this.#bytesUsed > this.#bytes) this.#fail(`more than ${this.#bytes} bytes, the limit for an archive of its size`);
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
	spendLinkPath(length) {
		this.#linkPathsUsed += length;
		if (this.#linkPathsUsed > this.#linkPaths) this.#fail("links that are too expensive to resolve");
	}
	checkEntries(count) {
		if (count > this.#entries) this.#fail(`more than ${this.#entries} entries`);
	}
	#fail(what) {
		throw new Failure("bento", `${this.#archive} unpacks to ${what}`, {
			code: "TooLarge",
			hint: "If you trust the archive, unpack it in a separate step and use the directory as `bento`."
		});
	}
};
// src/tar/header.ts
const CHECKSUM_START = 148;
const CHECKSUM_END = 156;
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
	return sum(block) - sum(block.subarray(CHECKSUM_START, CHECKSUM_END)) + 256;
}
function textAt(block, start, length) {
	const field = block.subarray(start, start + length);
	const end = field.indexOf(0);
	return field.toString("utf8", 0, end === -1 ? length : end);
}
function numberAt(block, start, length) {
	if (((block[start] ?? 0) & 128) !== 0) return binaryAt(block.subarray(start, start + length));
	const digits = textAt(block, start, length).trim();
	if (!/^[0-7]*$/.test(digits)) throw new Error("a header has an invalid number");
	return digits === "" ? 0 : Number.parseInt(digits, 8);
}
function binaryAt(field) {
	const value = field.reduce((total, byte, index) => total * 256 + (index === 0 ? byte & 127 : byte), 0);
	if (!Number.isSafeInteger(value)) throw new Error("a header has a number that is negative or too large");
	return value;
}
function parseRecords(bytes) {
	let extension = {};
	for (let start = 0; start < bytes.length && bytes[start] !== 0;) {
		const digits = bytes.toString("latin1", start, start + 12).split(" ", 1)[0] ?? "";
		const end = start + Number(digits);
		const equals = bytes.indexOf("=", start + digits.length);
		if (!/^[1-9]\d*$/.test(digits) || equals === -1 || equals >= end || bytes[end - 1] !== 10) throw new Error("an extended header is damaged");
		const key = bytes.toString("utf8", start + digits.length + 1, equals);
		extension = {
			...extension,
			...extensionOf(key, bytes.subarray(equals + 1, end - 1))
		};
		start = end;
	}
	return extension;
}
function extensionOf(key, value) {
	if (key === "path" || key === "linkpath") return { [key]: value.toString() };
	if (key === "size") return { size: sizeFrom(value.toString()) };
	return key.startsWith("GNU.sparse.") ? { sparse: true } : {};
}
function sizeFrom(value) {
	const size = /^\d+$/.test(value) ? Number(value) : NaN;
	if (!Number.isSafeInteger(size)) throw new Error(`an extended header has the invalid size ${value.slice(0, 30)}`);
	return size;
}
// src/tar/reader.ts
const MAX_METADATA = 1 << 20;
const KINDS = new Map([
	["0", "file"],
	["1", "hard link"],
	["2", "link"],
	["3", "irregular"],
	["4", "irregular"],
	["5", "directory"],
	["6", "irregular"]
]);
const UNSUPPORTED = new Map([
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
		for (;;) {
			const block = await reader.take(512);
			if (isZero(block)) break;
			const header = parseHeader(block);
			const more = await readExtension(header, reader);
			if (more === void 0) {
				const member = memberOf$1(header, extension);
				const content = reader.portion(member.size);
				yield {
					...member,
					content
				};
				await reader.skip(content.left + paddingOf(member.size));
				extension = {};
			} else extension = {
				...extension,
				...more
			};
		}
		await readEnd(reader);
	} finally {
		await reader.close();
	}
}
async function readExtension(header, reader) {
	const { type, size } = header;
	if (![
		"x",
		"g",
		"L",
		"K"
	].includes(type)) return void 0;
	if (size > MAX_METADATA) throw new Error(`an extended header has ${size} bytes, the limit is ${MAX_METADATA}`);
	const content = await reader.take(size);
	await reader.skip(paddingOf(size));
	if (type === "L") return { path: textAt(content, 0, size) };
	if (type === "K") return { linkpath: textAt(content, 0, size) };
	const records = parseRecords(content);
	if (type === "x") return records;
	if (Object.keys(records).length > 0) throw new Error("a global header sets one name or size for all members");
	return {};
}
function memberOf$1(header, extension) {
	const path = extension.path ?? header.name;
	const kind = header.type === "0" && path.endsWith("/") ? "directory" : KINDS.get(header.type);
	const unsupported = extension.sparse === true ? "a sparse file" : UNSUPPORTED.get(header.type);
	if (kind === void 0 || unsupported !== void 0) {
		const what = unsupported ?? `of the unknown type ${JSON.stringify(header.type)}`;
		throw new Error(`its member ${path} is ${what}, which is not supported`);
	}
	return {
		path,
		kind,
		size: kind === "file" ? extension.size ?? header.size : 0,
		mode: header.mode,
		target: extension.linkpath ?? header.link
	};
}
async function readEnd(reader) {
	for (let rest = await reader.some(); rest.length > 0; rest = await reader.some()) requireZeros(rest);
}
function requireZeros(bytes) {
	if (!isZero(bytes)) throw new Error("it has data after its end marker");
}
const ZEROS = Buffer.alloc(65536);
function isZero(bytes) {
	for (let start = 0; start < bytes.length; start += ZEROS.length) {
		const part = bytes.subarray(start, start + ZEROS.length);
		if (!part.equals(ZEROS.subarray(0, part.length))) return false;
	}
	return true;
}
function paddingOf(size) {
	return (512 - size % 512) % 512;
}
var ByteReader = class {
	#chunks;
	#rest = Buffer.alloc(0);
	constructor(bytes) {
		this.#chunks = bytes[Symbol.asyncIterator]();
	}
	async some(limit = Number.POSITIVE_INFINITY) {
		while (this.#rest.length === 0) {
			const { done, value } = await this.#chunks.next();
			if (done === true) return this.#rest;
			this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		}
		const taken = this.#rest.subarray(0, limit);
		this.#rest = this.#rest.subarray(taken.length);
		return taken;
	}
	async next(limit) {
		const bytes = await this.some(limit);
		if (bytes.length === 0) throw new Error("it ends too early");
		return bytes;
	}
	async take(length) {
		if (this.#rest.length >= length) return this.some(length);
		const parts = [];
		for (let left = length; left > 0; left -= parts.at(-1)?.length ?? 0) parts.push(await this.next(left));
		return Buffer.concat(parts);
	}
	async skip(length) {
		for (let left = length; left > 0;) left -= (await this.next(left)).length;
	}
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
	async close() {
		await this.#chunks.return?.();
	}
};
// src/bento/archive/unsafe.ts
function unsafe(name, fault) {
	return new Failure("bento", `The archive's member ${name} ${fault}`, {
		code: "UnsafePath",
		hint: "BentoML does not write such archives. Do not trust its source."
	});
}
// src/bento/archive/tar.ts
async function unpackTar(bytes, tree) {
	for await (const member of readTar(bytes)) await addMember$1(member, tree);
}
function addMember$1({ path, kind, size, mode, target, content }, tree) {
	switch (kind) {
		case "file": return tree.addFile(path, (mode & 73) !== 0, content, size);
		case "directory": return tree.addDirectory(path);
		case "link": return tree.addLink(path, target);
		case "hard link": return tree.addHardLink(path, target);
		case "irregular": throw unsafe(path, "is not a file, directory or link");
	}
}
// src/bento/archive/links.ts
const MAX_LINKS = 40;
function resolveLink(path, root, at) {
	const partsOf = (text) => text.split("/").filter((part) => part !== "" && part !== ".");
	const here = partsOf(path.slice(root.length));
	const pending = [];
	for (let links = 0; links <= MAX_LINKS;) {
		const current = [...root === "" ? [] : [root], ...here].join("/");
		if (current.length >= 4096) return "outside";
		const entry = at(current);
		if (entry?.kind === "link") {
			links += 1;
			if (entry.target.startsWith("/")) return "outside";
			pending.push(...partsOf(entry.target).reverse());
			here.pop();
		}
		const part = pending.pop();
		if (part === void 0) return "inside";
		if (part !== "..") here.push(part);
		else if (here.pop() === void 0) return "outside";
	}
	return "inside";
}
// src/bento/archive/names.ts
function memberPath(name, maxBytes) {
	if (Buffer.byteLength(name) > maxBytes) throw unusable$1(name);
	if (name.startsWith("/")) throw unsafe(name, "has an absolute name");
	const parts = name.split("/").filter((part) => part !== "" && part !== ".");
	if (parts.includes("..")) throw unsafe(name, "contains .. in its path");
	if (name.includes("\0") || name.includes("�")) throw unusable$1(name);
	return parts.join("/");
}
function unusable$1(name) {
	return new Failure("bento", `The archive's member ${JSON.stringify(name.slice(0, 100))} has a name that is too long or not UTF-8`, { code: "ArchiveCorrupt" });
}
// src/bento/archive/tree.ts
const DIRECTORY_MODE = 493;
const FILE_MODE = 420;
const PROGRAM_MODE = 493;
const SMALL = 65536;
var ArchiveTree = class {
	root;
	#files;
	#limiter;
	#nameBytes;
	#entries = new Map();
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
	async addFile(name, executable, content, size) {
		const path = await this.#reserve(name, { kind: "file" });
		await this.#write(content, size, join(this.root, path), executable);
	}
	async addLink(name, target) {
		if (Buffer.byteLength(target) >= 4096) throw unsafe(name, "is a link with a target that is too long");
		if (target === "" || target.startsWith("/") || target.includes("\0")) throw leadsOutside(name, target);
		if (target.includes("�")) throw unsafe(name, "is a link with a target that is not UTF-8");
		const path = await this.#reserve(name, {
			kind: "link",
			target
		});
		await this.#files.makeLink(target, join(this.root, path));
	}
	async addHardLink(name, target) {
		const origin = target.split("/").filter((part) => part !== "" && part !== ".").join("/");
		if (target.startsWith("/") || this.#entries.get(origin)?.kind !== "file") throw unsafe(name, `is a hard link to ${target}, which is not an earlier file of the archive`);
		const path = await this.#reserve(name, { kind: "file" });
		if (path === origin) throw unsafe(name, "is a hard link to itself");
		const info = await this.#files.info(join(this.root, origin));
		const executable = ((info?.mode ?? 0) & 73) !== 0;
		const content = this.#limiter.meter(this.#files.source(join(this.root, origin)));
		await this.#write(content, info?.size ?? 0, join(this.root, path), executable);
	}
	bentoDirectories() {
		const manifests = [...this.#entries.keys()].filter((path) => basename(path) === "bento.yaml");
		if (manifests.includes("bento.yaml")) return [""];
		return manifests.map(dirname).filter((directory) => !directory.includes("/"));
	}
	checkLinks(directory) {
		const at = (place) => {
			const entry = this.#entries.get(place);
			this.#limiter.spendLinkPath(place.length + (entry?.kind === "link" ? entry.target.length : 0));
			return entry;
		};
		for (const [path, entry] of this.#entries) {
			const inside = directory === "" || path.startsWith(`${directory}/`);
			if (entry.kind !== "link" || !inside) continue;
			if (resolveLink(path, directory, at) === "outside") throw leadsOutside(path, entry.target);
		}
	}
	at(path) {
		return this.#entries.get(path);
	}
	async #reserve(name, entry) {
		const path = memberPath(name, this.#nameBytes);
		if (path === "") throw unsafe(name, "is the archive's root but not a directory");
		if (dirname(path) !== ".") await this.#makeDirectories(dirname(path), name);
		const before = this.#entries.get(path);
		if (before !== void 0) {
			if (before.kind !== entry.kind) throw unsafe(name, `occurs twice, as ${before.kind} and as ${entry.kind}`);
			await this.#files.remove(join(this.root, path));
		}
		this.#limiter.spendEntry();
		this.#entries.set(path, entry);
		return path;
	}
	async #makeDirectories(path, name) {
		if (path === "" || path === ".") return;
		const existing = this.#entries.get(path);
		if (existing?.kind === "directory") return;
		if (existing?.kind === "link") throw unsafe(name, `would be written through the link ${path}`);
		if (existing !== void 0) throw unsafe(name, `is below ${path}, which is a file`);
		await this.#makeDirectories(dirname(path), name);
		this.#limiter.spendEntry();
		this.#entries.set(path, { kind: "directory" });
		await this.#files.makeDirectory(join(this.root, path), DIRECTORY_MODE);
	}
	async #write(content, size, path, executable) {
		const mode = executable ? PROGRAM_MODE : FILE_MODE;
		if (size <= SMALL) return this.#files.write(path, Buffer.concat(await Array.fromAsync(content)), mode);
		await pipeline$1(content, this.#files.sink(path, { mode }));
		await this.#files.setMode(path, mode);
	}
};
function leadsOutside(name, target) {
	return unsafe(name, `is a link to ${target}, which leads outside the Bento`);
}
// src/bento/archive/zip.ts
const KIND = 61440;
const SYMLINK = 40960;
const DIRECTORY = 16384;
const REGULAR = 32768;
const UNSAFE_NAME = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s;
async function unpackZip(path, size, files, { tree, limiter }) {
	const zip = await openZip(path, size, files);
	limiter.checkEntries(zip.entryCount);
	try {
		for await (const entry of zip.eachEntry()) await addMember(zip, entry, tree, limiter);
	} catch (error) {
		const [, name] = UNSAFE_NAME.exec(error instanceof Error ? error.message : "") ?? [];
		throw name === void 0 ? error : unsafe(name, "has a name that leads outside the archive");
	}
}
async function openZip(path, size, files) {
	const { fromRandomAccessReaderPromise, RandomAccessReader } = await import("./libraries.js");
	class FileReader extends RandomAccessReader {
		_readStreamForRange(start, end) {
			return files.source(path, {
				start,
				end: end - 1
			});
		}
	}
	return fromRandomAccessReaderPromise(new FileReader(), size, { lazyEntries: true });
}
async function addMember(zip, entry, tree, limiter) {
	const name = entry.fileName;
	const mode = entry.externalFileAttributes >>> 16;
	const kind = mode & KIND;
	if (name.endsWith("/") || kind === DIRECTORY) return tree.addDirectory(name);
	if (entry.isEncrypted()) throw new Failure("bento", `The archive's member ${name} is encrypted`, { code: "ArchiveCorrupt" });
	if (kind === SYMLINK) return tree.addLink(name, await readTarget(zip, entry));
	if (kind !== REGULAR && kind !== 0) throw unsafe(name, "is not a file, directory or link");
	const content = limiter.meter(await zip.openReadStreamPromise(entry));
	await tree.addFile(name, (mode & 73) !== 0, checked$1(content, entry), entry.uncompressedSize);
}
async function readTarget(zip, entry) {
	if (entry.uncompressedSize >= 4096) throw unsafe(entry.fileName, "is a link with a target that is too long");
	const chunks = [];
	for await (const chunk of checked$1(await zip.openReadStreamPromise(entry), entry)) chunks.push(chunk);
	return Buffer.concat(chunks).toString("utf8");
}
async function* checked$1(content, entry) {
	const { crc32 } = await import("node:zlib");
	let sum = 0;
	for await (const chunk of content) {
		sum = crc32(chunk, sum);
		yield chunk;
	}
	if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
}
// src/bento/archive/extract.ts
const OF_THE_SYSTEM = new Set([
	"EACCES",
	"EPERM",
	"EROFS",
	"EMFILE",
	"EIO",
	"ENOENT"
]);
async function extractArchive(path, address, machine, limits = LIMITS$1) {
	const root = join(await machine.files.scratch(), `bento-${randomUUID()}`);
	await machine.files.makeDirectory(root, 448);
	try {
		const tree = await unpack(path, root, machine, limits);
		return join(root, findBento(tree, address));
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
	const format = recognizeFormat(await files.readHead(path, 512));
	if (format === void 0) throw new Error(size === 0 ? "it is empty" : "it is not a tar, zip, xz, gzip, bzip2 or zstd file");
	if (format === "zip") {
		await unpackZip(path, size, files, {
			tree,
			limiter
		});
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
	if (directory === void 0 || others.length > 0) throw new Failure("bento", `${address} contains ${directory === void 0 ? "no bento.yaml" : `several Bentos (${directories.join(", ")})`} at its top level or in a top-level directory`, {
		code: "ManifestMissing",
		hint: "Use an archive of `bentoml export`, or of the directory of a single Bento."
	});
	const manifest = join(directory, "bento.yaml");
	const kind = tree.at(manifest)?.kind;
	if (kind !== "file") throw new Failure("bento", `In ${address}, ${manifest} must be a regular file; it is a ${kind}`, { code: "UnsafePath" });
	tree.checkLinks(directory);
	return directory;
}
function explain(error, address) {
	if (error instanceof Failure) return error;
	const reason = error instanceof Error ? error.message : String(error);
	if (isDiskFull(error)) return new Failure("disk", `Not enough disk space to unpack ${address}: ${reason}`, {
		hint: "Archives are unpacked below RUNNER_TEMP. Free some space, or use an unpacked directory as `bento`.",
		cause: error
	});
	if (OF_THE_SYSTEM.has(errorCode(error))) return new Failure("bento", `Cannot unpack ${address}: ${reason}`, {
		code: "Unreadable",
		cause: error
	});
	return new Failure("bento", `${address} is not a valid archive of a Bento: ${reason}`, {
		code: "ArchiveCorrupt",
		hint: "Create it again with `bentoml export`. If it was downloaded or is an artifact, it may be truncated.",
		cause: error
	});
}
// src/bento/home.ts
const MAX_EXPANSIONS = 10;
function expandPath(path, env) {
	let expanded = path;
	for (let round = 0; round < MAX_EXPANSIONS; round += 1) {
		const before = expanded;
		expanded = expanded.replace(/^~(?=$|\/)/, () => homeOf(env, path)).replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) => env[bare ?? braced] ?? whole);
		if (expanded === before) break;
	}
	return expanded;
}
function homeOf(env, path) {
	if (env["HOME"]) return env["HOME"];
	throw new Failure("input", `${path} starts with ~, but HOME is not set`, {
		code: "HomeUnknown",
		hint: "Use an absolute path, or set HOME in the step's env. bentoml-home sets the store, HF_HOME the cache of Hugging Face models."
	});
}
function bentomlHome(given, machine) {
	const home = given || machine.env["BENTOML_HOME"] || "~/bentoml";
	return resolve(machine.workspace, expandPath(home, machine.env));
}
function storeDirectories(home) {
	return {
		bentos: join(home, "bentos"),
		models: join(home, "models")
	};
}
// src/bento/named-directory.ts
async function encloseNamed(path, { files, workspace }) {
	const directory = await files.enclosed.enclose(path);
	const top = await files.realPath(workspace).catch(() => workspace);
	const base = [workspace, top].find((one) => path.startsWith(`${one}/`));
	if (base === void 0) return directory;
	const real = directory.path;
	if (real === join(top, path.slice(base.length))) return directory;
	const containsWorkspace = top === real || top.startsWith(real === "/" ? real : `${real}/`);
	const isWorkingCopy = real.split("/").includes(".git") || await files.info(join(real, ".git")) !== void 0;
	if (!containsWorkspace && !isWorkingCopy) return directory;
	throw new Failure("bento", `${path} is a link to ${real}, which is ${containsWorkspace ? "the workspace or above it" : "a Git working copy"}`, {
		code: "UnsafePath",
		hint: "Replace the link with the Bento or model itself. Links to other directories, such as on another disk, are allowed."
	});
}
// src/text/variable-name.ts
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const SHELL_VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// src/bento/env.ts
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const STAGES = [
	"all",
	"build",
	"runtime"
];
function readEnvs(node) {
	const envs = new Map();
	for (const item of node.items()) {
		const name = item.key("name").requiredText();
		const value = item.key("value").text() ?? "";
		const stage = readStage(item.key("stage"));
		if (stage === "build") checkSecret(item, name, value);
		else checkEnv(item, name, stage === "runtime" ? value.replace(/[\r\n]/g, "") : value);
		envs.set(name, {
			name,
			value,
			stage
		});
	}
	return [...envs.values()];
}
function readDockerEnv(node) {
	if (!node.present) return void 0;
	const pairs = node.isList ? node.texts().map(splitPair) : node.textEntries();
	for (const [name, value] of pairs) checkEnv(node, name, value);
	return Object.fromEntries(pairs);
}
function hasControlCharacter(text) {
	return CONTROL.test(text);
}
function readStage(node) {
	const text = node.text() ?? "all";
	const stage = STAGES.find((name) => name === text);
	if (stage === void 0) node.mistake(`is "${text}"; it must be one of ${STAGES.join(", ")}`);
	return stage ?? "all";
}
function splitPair(text) {
	const equals = text.indexOf("=");
	return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}
function checkEnv(node, name, value) {
	checkName(node, name, VARIABLE_NAME);
	if (hasControlCharacter(value)) node.mistake(`sets ${name} to a value with a line break or control character, which ENV does not support`, "ValueInvalid");
}
function checkSecret(node, name, value) {
	checkName(node, name, SHELL_VARIABLE_NAME);
	if (value.includes("\0")) node.mistake(`sets ${name} to a value with NUL, which a variable cannot contain`, "ValueInvalid");
}
function checkName(node, name, grammar) {
	if (grammar.test(name)) return;
	node.mistake(`sets "${name}", which is not a valid variable name`, "ValueInvalid");
}
// src/bento/image-options.ts
const DISTROS = [
	"debian",
	"alpine",
	"ubi8",
	"amazonlinux"
];
const PYTHON$1 = /^(\d+\.\d+)(?:\.\d+)?$/;
const CUDA = /^[\w.-]+$/;
const BOOTSTRAP = /^(?:apt-get update|apk add|yum (?:update|upgrade))\b/;
function readImageV1(manifest) {
	const docker = manifest.key("docker");
	const conda = manifest.key("conda");
	const baseImage = readBaseImage(docker.key("base_image"));
	const pythonVersion = readPython(docker.key("python_version"));
	const cudaVersion = readCuda(docker.key("cuda_version"));
	const dockerEnv = readDockerEnv(docker.key("env"));
	return {
		spec: 1,
		distro: readDistro(docker.key("distro")),
		systemPackages: readSystemPackages(docker.key("system_packages")),
		setupScript: docker.key("setup_script").present,
		dockerfileTemplate: docker.key("dockerfile_template").present,
		conda: [
			"environment_yml",
			"channels",
			"dependencies",
			"pip"
		].some((name) => conda.key(name).truthy),
		...pythonVersion === void 0 ? {} : { pythonVersion },
		...cudaVersion === void 0 ? {} : { cudaVersion },
		...dockerEnv === void 0 ? {} : { dockerEnv },
		...baseImage === void 0 ? {} : { baseImage }
	};
}
function readImageV2(manifest) {
	const image = manifest.key("image");
	const baseImage = readBaseImage(image.key("base_image"));
	if (baseImage === void 0) image.key("base_image").mistake("is empty; a base image is required", "ValueInvalid");
	const pythonVersion = readWord(image.key("python_version"));
	return {
		spec: 2,
		baseImage: baseImage ?? "",
		...pythonVersion === void 0 ? {} : { pythonVersion },
		commands: dropRepeatedBootstrap(readCommands(image.key("commands"))),
		postCommands: readCommands(image.key("post_commands")),
		buildInclude: image.key("build_include").texts()
	};
}
function dropRepeatedBootstrap(commands) {
	const [first, second, ...rest] = commands;
	return first !== void 0 && first === second && BOOTSTRAP.test(first) ? [first, ...rest] : commands;
}
function readBaseImage(node) {
	const image = readWord(node);
	if (image?.startsWith("-")) node.mistake(`is "${image}", which is not an image reference`, "ValueInvalid");
	return image;
}
function readWord(node) {
	const word = node.text()?.trim();
	if (!word) return void 0;
	if (/\s/.test(word) || hasControlCharacter(word)) node.mistake(`is ${JSON.stringify(word)}; it must not contain blanks, line breaks or control characters`, "ValueInvalid");
	return word;
}
function readPython(node) {
	const text = node.text();
	if (!text) return void 0;
	const minor = pythonMinor(text);
	if (minor === void 0) node.mistake(`is "${text}"; it must look like 3.11`, "ValueInvalid");
	return minor;
}
function pythonMinor(version) {
	return PYTHON$1.exec(version.trim())?.[1];
}
function readCuda(node) {
	const text = node.text();
	if (text && !CUDA.test(text)) node.mistake(`is "${text}", which is not a version`, "ValueInvalid");
	return text || void 0;
}
function readDistro(node) {
	const text = node.text() || "debian";
	const distro = DISTROS.find((name) => name === text);
	if (distro === void 0) node.mistake(`is "${text}"; it must be one of ${DISTROS.join(", ")}`);
	return distro ?? "debian";
}
function readSystemPackages(node) {
	const packages = node.texts();
	if (packages.some(hasControlCharacter)) node.mistake("contains a line break or control character", "ValueInvalid");
	return packages;
}
function readCommands(node) {
	const commands = node.texts();
	if (commands.some((command) => command.includes("\0"))) node.mistake("contains a NUL character", "ValueInvalid");
	return commands;
}
// src/bento/instant.ts
const ISO = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;
function parseInstant(text) {
	const [, day, time, fraction = "", zone = "Z"] = ISO.exec(text.trim()) ?? [];
	if (day === void 0 || time === void 0) return void 0;
	const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
	const instant = new Date(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
	return Number.isNaN(instant.getTime()) ? void 0 : instant;
}
// src/bento/manifest-node.ts
var ManifestNode = class ManifestNode {
	path;
	#value;
	#mistakes;
	constructor(value, path, mistakes) {
		this.path = path;
		this.#value = value;
		this.#mistakes = mistakes;
	}
	get present() {
		return this.#value !== void 0 && this.#value !== null;
	}
	get truthy() {
		if (!this.present || this.#value === "") return false;
		return typeof this.#value !== "object" || Object.keys(this.#value).length > 0;
	}
	get isText() {
		return typeof this.#value === "string";
	}
	get isList() {
		return Array.isArray(this.#value);
	}
	key(name) {
		const path = this.path === "" ? name : `${this.path}.${name}`;
		const map = this.#map();
		return this.#at(map !== void 0 && Object.hasOwn(map, name) ? map[name] : void 0, path);
	}
	text() {
		if (typeof this.#value === "string") return this.#value;
		if (this.present) this.#wrong("a string");
	}
	requiredText() {
		if (!this.present) this.mistake("is missing");
		return this.text() ?? "";
	}
	items() {
		if (Array.isArray(this.#value)) return this.#value.map((item, index) => this.#at(item, `${this.path}[${index}]`));
		if (this.present) this.#wrong("a list");
		return [];
	}
	texts() {
		return this.items().map((item) => item.requiredText());
	}
	textEntries() {
		const map = this.#map();
		if (map === void 0) return [];
		return Object.keys(map).map((name) => [name, this.key(name).text() ?? ""]);
	}
	mistake(message, code = "ManifestInvalid") {
		this.#mistakes.push({
			code,
			message: `${this.path === "" ? "the file" : `\`${this.path}\``} ${message}`
		});
	}
	#map() {
		if (!this.present) return void 0;
		if (typeof this.#value === "object" && !Array.isArray(this.#value)) return this.#value;
		this.#wrong("a map");
	}
	#at(value, path) {
		return new ManifestNode(value, path, this.#mistakes);
	}
	#wrong(expected) {
		this.mistake(`must be ${expected}, not ${kindOf$1(this.#value)}`);
	}
};
function kindOf$1(value) {
	if (Array.isArray(value)) return "a list";
	return typeof value === "string" ? "a string" : "a map";
}
// src/bento/bento.ts
function printTag(tag) {
	return `${tag.name}:${tag.version}`;
}
// src/bento/hub-address.ts
function parseHubAddress(text) {
	const url = URL.parse(text) ?? void 0;
	return url?.protocol === "https:" || url?.protocol === "http:" ? url : void 0;
}
function printHubAddress({ origin, pathname }) {
	return `${origin}${pathname}`.replace(/\/{1,100}$/, "");
}
// src/bento/tag.ts
const MAX_LENGTH = 63;
const PART = /^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/;
function faultOfTagPart(part) {
	if (part === "") return "is empty";
	if (part.length > MAX_LENGTH) return `has ${part.length} characters, at most ${MAX_LENGTH} are allowed`;
	if (!PART.test(part)) return "must be letters, digits, '-', '_' and '.', with a letter or digit at both ends";
}
function parseTagReference(text) {
	const lower = text.toLowerCase();
	const colon = lower.indexOf(":");
	const name = colon === -1 ? lower : lower.slice(0, colon);
	const version = colon === -1 ? void 0 : lower.slice(colon + 1);
	const faults = [describe$1("name", name), ...version === void 0 ? [] : [describe$1("version", version)]].filter((fault) => fault !== void 0);
	if (faults.length > 0) throw new Failure("input", `"${text}" is not a Bento tag: ${faults.join("; ")}`, {
		code: "TagInvalid",
		hint: version === "" ? `For the newest version, use "${name}:latest".` : "A tag is `name` or `name:version`."
	});
	return {
		tag: version === void 0 ? { name } : {
			name,
			version
		},
		lowered: lower !== text
	};
}
function parseTag$1(text) {
	const [name = "", ...rest] = text.toLowerCase().split(":");
	const version = rest.join(":");
	return faultOfTagPart(name) === void 0 && faultOfTagPart(version) === void 0 ? {
		name,
		version
	} : void 0;
}
function describe$1(half, part) {
	const fault = faultOfTagPart(part);
	return fault === void 0 ? void 0 : `the ${half} "${part}" ${fault}`;
}
// src/bento/model-list.ts
const REPOSITORY$1 = /^(?!.*(?:--|\.\.))[\w-][\w.-]{0,95}(?:\/[\w-][\w.-]{0,95})?$/;
const REVISION = /^(?!.*\.\.)(?=.{1,200}$)[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;
const MAX_PATTERNS = 1e3;
const MAX_PATTERN_LENGTH = 1e3;
function readModels(manifest, warnings) {
	const lists = [manifest.key("models"), ...manifest.key("services").items().map((service) => service.key("models"))];
	const models = new Map();
	for (const item of lists.flatMap((list) => list.items())) {
		const model = readModel(item, warnings);
		if (model === void 0) continue;
		const key = printTag(model.tag);
		models.set(key, {
			...pickCommon(models.get(key)),
			...model
		});
	}
	return [...models].sort(([one], [other]) => one < other ? -1 : 1).map(([, model]) => model);
}
function pickCommon(model) {
	return {
		...model?.alias === void 0 ? {} : { alias: model.alias },
		...model?.creationTime === void 0 ? {} : { creationTime: model.creationTime }
	};
}
function readModel(item, warnings) {
	if (item.isText) {
		const tag = readTag(item);
		return tag && {
			registry: "bentoml",
			tag
		};
	}
	const tag = readTag(item.key("tag"));
	const alias = item.key("alias").text();
	const creationTime = readTime(item.key("creation_time"));
	const registry = item.key("registry").text() ?? "bentoml";
	if (tag === void 0) return void 0;
	const common = {
		tag,
		...alias ? { alias } : {},
		...creationTime === void 0 ? {} : { creationTime }
	};
	if (registry === "bentoml") return {
		registry,
		...common
	};
	if (registry === "huggingface") return {
		registry,
		...common,
		...readHubMetadata(item.key("metadata"), tag, warnings)
	};
	item.key("registry").mistake(`is "${registry}"; it must be bentoml or huggingface`);
}
function readTag(node) {
	const text = node.requiredText();
	const tag = parseTag$1(text);
	if (tag === void 0 && text !== "") node.mistake(`is "${text}", which is not a tag \`name:version\``, "TagInvalid");
	return tag;
}
function readTime(node) {
	const text = node.text();
	const time = text === void 0 ? void 0 : parseInstant(text);
	if (text !== void 0 && time === void 0) node.mistake(`is "${text}", which is not a time`);
	return time;
}
function readHubMetadata(metadata, tag, warnings) {
	const repository = (metadata.key("model_id").text() ?? tag.name.replace("--", "/")).toLowerCase();
	const revision = metadata.key("revision").text() || "main";
	const endpoint = readEndpoint(metadata.key("endpoint"), warnings);
	if (!REPOSITORY$1.test(repository)) metadata.mistake(`has the model_id ${JSON.stringify(repository)}`, "ValueInvalid");
	if (!REVISION.test(revision)) metadata.mistake(`has the revision ${JSON.stringify(revision)}`, "ValueInvalid");
	return {
		repository,
		revision,
		...endpoint ? { endpoint } : {},
		include: readPatterns(metadata.key("include")),
		exclude: readPatterns(metadata.key("exclude"))
	};
}
function readEndpoint(node, warnings) {
	const text = node.text();
	if (!text) return void 0;
	const url = parseHubAddress(text);
	if (url === void 0) {
		node.mistake("is not a URL that starts with https:// or http://", "ValueInvalid");
		return;
	}
	if (url.username !== "" || url.password !== "") warnings.push(`bento.yaml contains credentials for ${url.host} (${node.path}). Everybody who has the Bento or the image can read them. They are not used; set credentials for the build in HF_ENDPOINT.`);
	return printHubAddress(url);
}
function readPatterns(node) {
	const patterns = node.isText ? [node.requiredText()] : node.texts();
	if (patterns.length <= MAX_PATTERNS && patterns.every(({ length }) => length <= MAX_PATTERN_LENGTH)) return patterns;
	node.mistake(`has more than ${MAX_PATTERNS} patterns, or one of more than ${MAX_PATTERN_LENGTH} characters`, "ValueInvalid");
	return [];
}
// src/bento/yaml.ts
const MAX_ALIASES = 1e3;
async function parseYaml(text, file) {
	const { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } = await import("./libraries.js");
	try {
		return load(text, {
			schema: FAILSAFE_SCHEMA.withTags(nullCoreTag),
			json: true,
			maxAliases: MAX_ALIASES
		});
	} catch (error) {
		if (!(error instanceof YAMLException)) throw error;
		const line = error.mark === void 0 ? void 0 : error.mark.line + 1;
		throw new Failure("bento", `${file} is not valid YAML${line === void 0 ? "" : ` (line ${line})`}: ${error.reason}`, {
			code: "ManifestInvalid",
			position: line === void 0 ? { file } : {
				file,
				line
			},
			cause: error
		});
	}
}
// src/bento/manifest.ts
async function readManifest(text, file) {
	const document = await parseManifest(text, file);
	const mistakes = [];
	const warnings = [];
	const root = new ManifestNode(document, "", mistakes);
	const manifest = {
		tag: {
			name: readTagPart(root.key("name"), warnings),
			version: readTagPart(root.key("version"), warnings)
		},
		bentomlVersion: root.key("bentoml_version").text() ?? "",
		creationTime: readCreationTime(root.key("creation_time")),
		service: root.key("service").text() ?? "",
		labels: Object.fromEntries(root.key("labels").textEntries()),
		envs: readEnvs(root.key("envs")),
		models: readModels(root, warnings),
		image: readSpec(root.key("spec"), warnings) === 2 ? readImageV2(root) : readImageV1(root),
		warnings
	};
	failOn(mistakes, file);
	return manifest;
}
async function readCreationTimeOf(text, file) {
	return parseInstant(new ManifestNode(await parseManifest(text, file), "", []).key("creation_time").text() ?? "");
}
async function parseManifest(text, file) {
	const document = text.trim() === "" ? void 0 : await parseYaml(text, file);
	if (document === null || typeof document !== "object" || Array.isArray(document)) throw new Failure("bento", `${file} is not the manifest of a Bento: it must be a YAML map`, {
		code: "ManifestInvalid",
		position: { file }
	});
	return document;
}
function failOn(mistakes, file) {
	const [first] = mistakes;
	if (first === void 0) return;
	const messages = firstFew([...new Set(mistakes.map((mistake) => mistake.message))]);
	const code = mistakes.find((mistake) => mistake.code === "ManifestInvalid")?.code ?? first.code;
	throw new Failure("bento", `${file}: ${messages.join("; ")}`, {
		code,
		lines: messages,
		position: { file },
		hint: "Correct the source of the Bento (service or bentofile.yaml) and run `bentoml build` again."
	});
}
function readTagPart(node, warnings) {
	const text = node.requiredText();
	const lower = text.toLowerCase();
	if (lower !== text) warnings.push(`The Bento's ${node.path} "${text}" is changed to "${lower}", as BentoML does.`);
	const fault = node.present ? faultOfTagPart(lower) : void 0;
	if (fault !== void 0) node.mistake(`is "${text}", which ${fault}`, "TagInvalid");
	return lower;
}
function readCreationTime(node) {
	const text = node.requiredText();
	const time = parseInstant(text);
	if (time === void 0 && text !== "") node.mistake(`is "${text}", which is not a time`);
	return time ?? new Date(0);
}
function readSpec(node, warnings) {
	const text = node.text() ?? "1";
	if (text === "2") return 2;
	if (text !== "1") warnings.push(`bento.yaml has the unknown spec "${text}"; it is read as spec 1, as BentoML does.`);
	return 1;
}
// src/bento/read-text.ts
const MAX_BYTES$1 = 1 << 20;
async function findFile(directory, path, files) {
	const found = await files.find(directory, path);
	if (found === void 0 || found.kind === "file") return found;
	const kind = found.kind === "directory" ? "a directory" : "a special file";
	throw new Failure("bento", `${join(directory.path, path)} must be a regular file; it is ${kind}`, { code: "UnsafePath" });
}
async function readStrictText(directory, path, files, limit = MAX_BYTES$1) {
	const name = join(directory.path, path);
	const bytes = await readOrExplain(directory, path, files, limit);
	if (bytes === void 0) return void 0;
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		throw new Failure("bento", `${name} is not UTF-8 text`, {
			code: "ManifestInvalid",
			position: { file: name },
			cause: error
		});
	}
}
async function readOrExplain(directory, path, files, limit) {
	const name = join(directory.path, path);
	try {
		const found = await findFile(directory, path, files);
		if (found === void 0) return void 0;
		const { size } = found.info;
		if (size <= limit) return await files.read(found.file, 0, size);
		throw new Failure("bento", `${name} has ${size} bytes; the limit is ${limit}`, { code: "TooLarge" });
	} catch (error) {
		if (error instanceof Failure) throw error;
		throw new Failure("bento", `Cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`, {
			code: "Unreadable",
			cause: error
		});
	}
}
// src/bento/store.ts
const MAX_LISTED = 10;
async function findInStore(reference, directory, machine) {
	const folder = join(directory, reference.name);
	const versions = await listVersions(folder, machine);
	if (versions.length === 0) throw await noSuchName(reference, directory, machine);
	const version = reference.version === void 0 || reference.version === "latest" ? await latestVersion(folder, versions, machine) : matchVersion(reference.name, reference.version, versions, directory);
	return join(folder, version);
}
async function listStore(directory, machine) {
	const names = await listDirectories(directory, machine);
	return (await Promise.all(names.map(async (name) => (await listVersions(join(directory, name), machine)).map((version) => `${name}:${version}`)))).flat();
}
async function listVersions(folder, machine) {
	const names = await listDirectories(folder, machine);
	const manifests = await Promise.all(names.map((name) => machine.files.info(join(folder, name, "bento.yaml"))));
	return names.filter((_, index) => manifests[index] !== void 0);
}
async function listDirectories(directory, machine) {
	if (await machine.files.info(directory) === void 0) return [];
	return (await machine.files.list(directory)).filter(({ kind }) => kind === "directory" || kind === "symlink").map(({ name }) => name);
}
function matchVersion(name, requested, versions, directory) {
	if (versions.includes(requested)) return requested;
	const matches = versions.filter((version) => version.startsWith(requested));
	const [match, ...others] = matches;
	if (match !== void 0 && others.length === 0) return match;
	if (match !== void 0) throw new Failure("input", `${name}:${requested} matches several Bentos: ${some(matches)}`, {
		code: "Ambiguous",
		hint: "Use a longer prefix or the full version."
	});
	throw new Failure("input", `The Bento Store ${directory} does not have ${name}:${requested}; versions of ${name}: ${some(versions)}`, {
		code: "NotFound",
		hint: "Build the Bento with `bentoml build` or pull it from BentoCloud with `bentoml pull`."
	});
}
async function noSuchName({ name, version }, directory, machine) {
	const tags = await listStore(directory, machine);
	const content = tags.length === 0 ? "the store is empty" : `it has ${some(tags)}`;
	return new Failure("input", `The Bento Store ${directory} does not have ${version === void 0 ? name : `${name}:${version}`}; ${content}`, {
		code: "NotFound",
		hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job."
	});
}
async function latestVersion(folder, versions, machine) {
	const { enclosed } = machine.files;
	const named = (await readStrictText(await enclosed.enclose(folder), "latest", enclosed))?.trim() ?? "";
	if (versions.includes(named)) return named;
	const times = await Promise.all(versions.map((version) => creationTime(join(folder, version), machine)));
	return versions.map((version, index) => ({
		version,
		time: times[index]?.getTime() ?? Number.NEGATIVE_INFINITY
	})).reduce((best, candidate) => candidate.time > best.time ? candidate : best).version;
}
async function creationTime(folder, machine) {
	const { enclosed } = machine.files;
	try {
		const text = await readStrictText(await enclosed.enclose(folder), "bento.yaml", enclosed);
		return text === void 0 ? void 0 : await readCreationTimeOf(text, join(folder, "bento.yaml"));
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		machine.actions.warning(`A version was ignored in the search for the newest one: ${error.message}`);
		return;
	}
}
function some(names) {
	const more = names.length - MAX_LISTED;
	return `${names.slice(0, MAX_LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
// src/bento/address.ts
const PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
async function locateBento(address, machine) {
	const { bento } = address;
	if (bento.trim() === "") throw new Failure("input", "The input bento is empty", { code: "NotFound" });
	const path = resolve(machine.workspace, expandPath(bento, machine.env));
	const real = await existing(path, machine);
	if (real !== void 0) return locatePath(path, real, bento, machine);
	return locateTag(address, path, machine);
}
async function existing(path, machine) {
	if (await machine.files.info(path) === void 0) return void 0;
	try {
		return await machine.files.realPath(path);
	} catch (error) {
		throw new Failure("input", `Cannot resolve the path ${path}: ${error instanceof Error ? error.message : String(error)}`, {
			code: "NotFound",
			cause: error
		});
	}
}
async function locatePath(named, path, address, machine) {
	const kind = (await machine.files.info(path))?.kind;
	if (kind === "file") return {
		directory: await machine.files.enclosed.enclose(await extractArchive(path, address, machine)),
		origin: "archive",
		address
	};
	if (kind !== "directory") throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
	const directory = await encloseNamed(named, machine);
	if (!await hasManifest(directory, machine)) throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
		code: "ManifestMissing",
		hint: PATH_ONLY.test(address) ? "Use the directory that `bentoml build` created, not the project or the store that contains it." : `An existing path has precedence over a tag. For the Bento of that name in the store, use "${address}:latest".`
	});
	return {
		directory,
		origin: "directory",
		address
	};
}
async function hasManifest(directory, { files }) {
	try {
		return await files.enclosed.find(directory, "bento.yaml") !== void 0;
	} catch (error) {
		if (error instanceof Failure) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new Failure("bento", `Cannot read ${directory.path}: ${reason}`, {
			code: "Unreadable",
			cause: error
		});
	}
}
async function locateTag(address, path, machine) {
	const { bento } = address;
	if (PATH_ONLY.test(bento)) throw new Failure("input", `${path} does not exist`, {
		code: "NotFound",
		hint: `Relative paths start at ${machine.workspace}. Check that this job has built the Bento or downloaded its artifact.`
	});
	const { tag, lowered } = parseTagReference(bento);
	if (lowered) machine.actions.warning(`The tag "${bento}" is changed to lower case, as BentoML does.`);
	const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, machine));
	try {
		return {
			directory: await encloseNamed(await findInStore(tag, bentos, machine), machine),
			origin: "store",
			address: bento
		};
	} catch (error) {
		if (!(error instanceof Failure) || error.code !== "NotFound") throw error;
		throw new Failure(error.class, `${path} does not exist, and no Bento of the store matches: ${error.message}`, {
			code: error.code,
			...error.hint === void 0 ? {} : { hint: error.hint }
		});
	}
}
// src/bento/conda.ts
const PYTHON = /^\s*-\s*["']?(?:[\w./-]+::)?python\s*={1,2}\s*(\d+\.\d+)/;
function condaPython(environment) {
	return environment.split("\n").map((line) => PYTHON.exec(line)?.[1]).find((version) => version !== void 0);
}
// src/machine/concurrency.ts
function limitConcurrency(width) {
	const waiting = [];
	let free = width;
	return async (work) => {
		if (free > 0) free -= 1;
		else await new Promise((go) => waiting.push(go));
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next === void 0) free += 1;
			else next();
		}
	};
}
async function inParallel(items, width, signal, work) {
	const failed = new AbortController();
	const taskSignal = AbortSignal.any([signal, failed.signal]);
	const queue = items.values();
	let failure;
	async function worker() {
		for (const item of queue) {
			if (taskSignal.aborted) return;
			try {
				await work(item, taskSignal);
			} catch (error) {
				failure ??= { error };
				failed.abort(error);
			}
		}
	}
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
	if (failure !== void 0) throw failure.error;
	if (signal.aborted) throw cancelled(signal, "The work with the registry was stopped");
}
const MAX_PARALLEL_FILES = 64;
async function mapFiles(items, work) {
	const results = [];
	for (let start = 0; start < items.length; start += MAX_PARALLEL_FILES) results.push(...await Promise.all(items.slice(start, start + MAX_PARALLEL_FILES).map(work)));
	return results;
}
// src/bento/readability.ts
async function checkReadable(directory, files) {
	const findings = {
		irregular: [],
		leaving: [],
		unreadable: []
	};
	const pending = [directory];
	for (let next = pending.pop(); next !== void 0; next = pending.pop()) pending.push(...await checkDirectory(next, directory, files, findings));
	report$1(findings.irregular, "UnsafePath", "not a file, directory or link", directory);
	report$1(findings.leaving, "UnsafePath", "links that lead outside the directory", directory);
	report$1(findings.unreadable, "Unreadable", "not readable", directory);
}
async function checkDirectory(directory, top, files, findings) {
	const inside = [];
	const nameOf = (name) => relative(top.path, join(directory.path, name));
	const entries = await files.list(directory).catch((error) => {
		if (!isPermissionError(error)) throw error;
		findings.unreadable.push(`${nameOf("") || "."}/`);
		return [];
	});
	const faults = await mapFiles(entries, (entry) => checkEntry(entry, directory, files, inside));
	for (const [index, { name }] of entries.entries()) {
		const fault = faults[index];
		if (fault !== void 0) findings[fault].push(nameOf(name));
	}
	return inside;
}
async function checkEntry({ name, kind }, directory, files, inside) {
	if (kind === "symlink") return await leadsOut(directory, name, files) ? "leaving" : void 0;
	try {
		const found = await files.entry(directory, name);
		if (found?.kind === "other") return "irregular";
		if (found?.kind === "directory") inside.push(found.directory);
		if (found?.kind === "file" && (found.info.mode & 4) === 0) await files.read(found.file, 0, 1);
		return;
	} catch (error) {
		if (isPermissionError(error)) return "unreadable";
		throw error;
	}
}
async function leadsOut(directory, name, files) {
	try {
		if (await files.find(directory, name) !== void 0) return false;
	} catch (error) {
		if (error instanceof Failure && error.code === "UnsafePath") return true;
		if (!isPermissionError(error)) throw error;
	}
	const target = relative(directory.root, resolve(directory.path, await files.readLink(directory, name)));
	return target === ".." || target.startsWith("../");
}
function isPermissionError(error) {
	const code = errorCode(error);
	return code === "EACCES" || code === "EPERM";
}
function report$1(paths, code, fault, { path: directory }) {
	if (paths.length === 0) return;
	const named = firstFew(paths.toSorted());
	throw new Failure("bento", `${directory} contains entries that are ${fault}: ${named.join(", ")}`, {
		code,
		lines: named,
		hint: code === "Unreadable" ? `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.` : "Replace each entry with the file or directory itself, exclude it from the Bento, or create it in a command of the build."
	});
}
// src/bento/references.ts
const LOST_SCRIPTS = "`bentoml build` up to 1.4.38 does not store the files of `Image.run_script`. Use `Image.run` for the commands, or set the script as `docker.setup_script` in bentofile.yaml, and build the Bento again.";
function neededFiles(image) {
	const common = ["env/docker/entrypoint.sh"];
	if (image.spec === 2) return [...common, "env/python/requirements.txt"];
	return [
		...common,
		...image.installScript ? [] : ["env/python/requirements.txt"],
		...image.setupScript ? ["env/docker/setup_script"] : [],
		...image.dockerfileTemplate ? ["env/docker/Dockerfile"] : [],
		...image.conda ? ["env/conda/environment.yml"] : []
	];
}
async function findMissingFiles(image, directory, files) {
	return (await absent(neededFiles(image), (path) => findFile(directory, path, files))).map((path) => ({ message: `${path} is not in the Bento` }));
}
async function findMissingScripts(image, directory, files) {
	const commands = [...image.commands, ...image.postCommands].join("\n");
	return (await absent([...new Set(commands.match(/\bscript__\w+/g) ?? [])], (name) => findFile(directory, join("env/docker", name), files))).map((name) => ({
		message: `a command runs env/docker/${name}, which does not exist`,
		hint: LOST_SCRIPTS
	}));
}
async function findMissingIncludes(image, directory, files) {
	return (await absent(image.buildInclude, (path) => files.find(directory, join("src", path)))).map((path) => ({ message: `\`image.build_include\` lists ${path}, which is not in src/` }));
}
async function findMissingPackages(references, root, file, directory, files) {
	return (await mapFiles(references, async ({ kind, text, path }) => {
		if (/^(?:file:|\/)/i.test(path)) return {
			message: `the requirement "${text}" is a file on the machine that built the Bento`,
			hint: "Use a path below the project (`./wheels/…`) or publish the wheel to an index, and build the Bento again."
		};
		const base = kind === "file" ? root : join(file, "..");
		return (normalize(path).startsWith("../") ? void 0 : await files.find(directory, join(base, path))) === void 0 ? { message: `the file of the requirement "${text}" is not in the Bento` } : void 0;
	})).filter((reference) => reference !== void 0);
}
function uncoveredPackages(references, buildInclude) {
	const included = new Set(buildInclude);
	if (included.has(".")) return [];
	const paths = new Set(references.filter(({ kind }) => kind === "file").map(({ path }) => normalize(path).replace(/(?<=[^/])\/$/, "")));
	const outer = outermost([...included, ...paths]);
	return [...paths].filter((path) => outer.has(path) && !included.has(path));
}
function outermost(paths) {
	const outer = new Set();
	let last;
	for (const path of paths.map((one) => `${one}/`).sort()) {
		if (last !== void 0 && path.startsWith(last)) continue;
		last = path;
		outer.add(path.slice(0, -1));
	}
	return outer;
}
async function absent(names, find) {
	const found = await mapFiles(names, find);
	return names.filter((_, index) => found[index] === void 0);
}
// src/bento/requirements.ts
const SHORT = {
	"-i": "--index-url",
	"-f": "--find-links"
};
const INDEX_OPTIONS = new Set([
	"--index-url",
	"--extra-index-url",
	"--find-links",
	"--trusted-host",
	"--no-index"
]);
const NESTED = new Set([
	"-r",
	"--requirement",
	"-c",
	"--constraint"
]);
const EDITABLE = new Set(["-e", "--editable"]);
const ARCHIVE = /\.(?:whl|tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/;
function parseRequirements(text) {
	const lines = text.replace(/\\\r?\n/g, " ").split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/s, "").trim()).filter((line) => line !== "");
	return {
		indexOptions: lines.map(indexOptionOf).filter((option) => option !== void 0),
		references: lines.map(referenceOf).filter((reference) => reference !== void 0)
	};
}
function splitOption(line) {
	const [, name = "", rest = ""] = /^(-[a-zA-Z]|--[a-z-]+)(?![a-z-])(.*)$/s.exec(line) ?? [];
	const value = rest.trim();
	if (name === "" || !/^(?:\s|=|$)/.test(rest)) return void 0;
	return {
		name: SHORT[name] ?? name,
		value: value.startsWith("=") ? value.slice(1).trim() : value
	};
}
function indexOptionOf(line) {
	const option = splitOption(line);
	if (option === void 0 || !INDEX_OPTIONS.has(option.name)) return void 0;
	return `${option.name} ${option.value}`.trim();
}
function referenceOf(line) {
	const option = splitOption(line);
	if (option !== void 0) {
		if (NESTED.has(option.name)) return reference("requirements", option.value);
		return EDITABLE.has(option.name) ? fileReference(option.value) : void 0;
	}
	const [, direct] = /^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(line) ?? [];
	return fileReference(direct ?? line.split(/\s+|;/)[0] ?? "");
}
function fileReference(text) {
	if (/^file:/i.test(text)) return reference("file", text);
	if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return void 0;
	return text.startsWith(".") || text.startsWith("/") || ARCHIVE.test(text) ? reference("file", text) : void 0;
}
function reference(kind, text) {
	const path = withoutExtras(text.replace(/#.*$/s, ""));
	return path === "" ? void 0 : {
		kind,
		text,
		path
	};
}
function withoutExtras(path) {
	const start = path.lastIndexOf("[");
	return path.endsWith("]") && start > 0 && path[start - 1] !== "/" && path.indexOf("]", start) === path.length - 1 ? path.slice(0, start) : path;
}
// src/bento/bento-directory.ts
async function readBento(located, machine, { complete = true } = {}) {
	const { directory } = located;
	const files = machine.files.enclosed;
	const manifest = await readManifestFile(located, files);
	for (const warning of manifest.warnings) machine.actions.warning(warning);
	await checkReadable(directory, files);
	const image = await completeImage(manifest, directory, files);
	const requirements = await readRequirements(image, directory, files);
	if (complete) await checkReferences(image, requirements, directory, files);
	const { warnings: _, ...rest } = manifest;
	return {
		...rest,
		image: image.spec === 2 ? coverPackages(image, requirements) : image,
		directory,
		entries: await readEntries(directory, files),
		indexOptions: requirements.indexOptions
	};
}
async function readManifestFile({ directory, address }, files) {
	const file = join(directory.path, "bento.yaml");
	const text = await readStrictText(directory, "bento.yaml", files);
	if (text === void 0) throw new Failure("bento", `${address} is not a Bento: there is no bento.yaml in ${directory.path}`, {
		code: "ManifestMissing",
		hint: "Use the directory, archive or tag that `bentoml build` created, not the project."
	});
	if (await files.entry(directory, "bento.yaml") === void 0) throw new Failure("bento", `${file} must be a regular file; it is a link`, { code: "UnsafePath" });
	return readManifest(text, file);
}
async function completeImage(manifest, directory, files) {
	const { image } = manifest;
	if (image.spec === 2) return {
		...image,
		buildInclude: checkIncludes(image.buildInclude, directory.path)
	};
	const pythonVersion = image.pythonVersion ?? await builderPython(image, directory, files);
	const condaVersion = (image.conda ? await readCondaPython(directory, files) : void 0) ?? pythonVersion;
	return {
		...image,
		...pythonVersion === void 0 ? {} : { pythonVersion },
		...image.conda && condaVersion !== void 0 ? { condaPython: condaVersion } : {},
		installScript: await findFile(directory, "env/python/install.sh", files) !== void 0
	};
}
async function builderPython(image, directory, files) {
	if (image.baseImage !== void 0) return void 0;
	const text = await readStrictText(directory, "env/python/version.txt", files);
	return text === void 0 ? void 0 : pythonMinor(text);
}
async function readCondaPython(directory, files) {
	const text = await readStrictText(directory, "env/conda/environment.yml", files);
	return text === void 0 ? void 0 : condaPython(text);
}
function checkIncludes(paths, directory) {
	const normal = paths.map((path) => normalize(path).replace(/\/$/, ""));
	const bad = paths.filter((_, index) => /^\/|^\.\.(?:\/|$)|[\u0000-\u001f]/.test(normal[index] ?? ""));
	if (bad.length === 0) return normal;
	throw new Failure("bento", `\`image.build_include\` has paths outside src/: ${bad.join(", ")}`, {
		code: "UnsafePath",
		position: { file: join(directory, "bento.yaml") }
	});
}
async function requirementsLocation(image, directory, files) {
	const python = "env/python";
	if (image.spec === 1) {
		const lock = join(python, "requirements.lock.txt");
		return {
			file: await files.find(directory, lock) !== void 0 ? lock : join(python, "requirements.txt"),
			root: python
		};
	}
	const root = await files.find(directory, "src") === void 0 ? python : "src";
	return {
		file: join(python, "requirements.txt"),
		root
	};
}
const MAX_REQUIREMENTS = 2 << 20;
async function readRequirements(image, directory, files) {
	const location = await requirementsLocation(image, directory, files);
	const text = await readStrictText(directory, location.file, files, MAX_REQUIREMENTS);
	return {
		...location,
		...parseRequirements(text ?? "")
	};
}
async function checkReferences(image, { references, root, file }, directory, files) {
	const missing = [
		...await findMissingFiles(image, directory, files),
		...image.spec === 2 ? await findMissingScripts(image, directory, files) : [],
		...image.spec === 2 ? await findMissingIncludes(image, directory, files) : [],
		...await findMissingPackages(references, root, file, directory, files)
	];
	if (missing.length === 0) return;
	const messages = firstFew(missing.map(({ message }) => message));
	const hints = [...new Set(missing.map(({ hint }) => hint).filter((hint) => hint !== void 0))];
	throw new Failure("bento", `The Bento in ${directory.path} is incomplete: ${messages.join("; ")}`, {
		code: "ReferenceMissing",
		lines: messages,
		hint: hints.join(" ") || "Build the Bento again. If the file is still missing, the build options refer to a file that they do not include."
	});
}
function coverPackages(image, { references }) {
	return {
		...image,
		buildInclude: [...image.buildInclude, ...uncoveredPackages(references, image.buildInclude)]
	};
}
async function readEntries(directory, files) {
	return (await files.list(directory)).flatMap(({ name, kind }) => kind === "other" ? [] : [{
		name,
		kind
	}]);
}
// src/text/byte-size.ts
const UNITS_OF_1024 = [
	"b",
	"k",
	"m",
	"g",
	"t"
];
const UNITS$1 = [
	"B",
	"kB",
	"MB",
	"GB",
	"TB"
];
function parseBytes(text) {
	const [, digits, unit = ""] = /^(\d{1,15})([bkmgt]?)b?$/i.exec(text) ?? [];
	const bytes = Number(digits) * 1024 ** Math.max(0, UNITS_OF_1024.indexOf(unit.toLowerCase()));
	return Number.isSafeInteger(bytes) ? bytes : void 0;
}
function printBytes(count) {
	const power = powerOf(count);
	return `${inUnit(count, power)} ${UNITS$1[power]}`;
}
function printBytesOf(count, total) {
	const power = powerOf(total);
	return `${inUnit(count, power)} of ${inUnit(total, power)} ${UNITS$1[power]}`;
}
function printRate(bytesPerSecond) {
	const power = powerOf(bytesPerSecond);
	const value = bytesPerSecond / 1e3 ** power;
	return `${value.toFixed(value < 9.95 && power > 0 ? 1 : 0)} ${UNITS$1[power]}/s`;
}
function powerOf(count) {
	return Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), UNITS$1.length - 1);
}
function inUnit(count, power) {
	return (count / 1e3 ** power).toFixed(power === 0 ? 0 : 1);
}
// src/bento/hub/folder-name.ts
function folderName(repository) {
	return `models--${repository.replaceAll("/", "--")}`;
}
// src/text/json.ts
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
function isJsonObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
const HIDDEN = "***";
function openHider() {
	const forms = new Set();
	return {
		add(mask) {
			for (const form of formsOf(mask)) if (form.length >= 6) forms.add(form);
		},
		hide(text) {
			let hidden = "";
			let end = 0;
			for (const range of merged([...forms].flatMap((form) => rangesOf(form, text)))) {
				hidden += `${text.slice(end, range.start)}${HIDDEN}`;
				end = range.end;
			}
			return hidden + text.slice(end);
		}
	};
}
function rangesOf(form, text) {
	const found = [];
	for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) found.push({
		start,
		end: start + form.length
	});
	return found;
}
function merged(ranges) {
	const found = [];
	for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
		const last = found.at(-1);
		if (last === void 0 || range.start > last.end) found.push(range);
		else found.splice(-1, 1, {
			start: last.start,
			end: Math.max(last.end, range.end)
		});
	}
	return found;
}
function formsOf(mask) {
	const base64 = [
		0,
		1,
		2
	].map((shift) => base64Within(Buffer.from(mask), shift));
	return [
		mask,
		JSON.stringify(mask).slice(1, -1),
		encodeURIComponent(mask.toWellFormed()),
		...base64,
		...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))
	];
}
function base64Within(bytes, shift) {
	return Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").slice(Math.ceil(shift * 4 / 3), Math.floor((shift + bytes.length) * 4 / 3));
}
// src/secrets/masks.ts
function masksOf(secret) {
	const bytes = secret.revealBytes();
	const lines = isUtf8(bytes) ? linesOf$1(secret.reveal()) : [];
	const masks = lines.length === 1 ? lines : [...lines, base64Start(bytes)];
	return [...new Set(masks)].filter((mask) => mask.length >= 6);
}
function linesOf$1(text) {
	return text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
}
function base64Start(bytes) {
	const length = Buffer.from(bytes).toString("latin1").trimEnd().length;
	return Buffer.from(bytes.subarray(0, length - length % 3)).toString("base64");
}
// src/secrets/secret.ts
const INSPECT = Symbol.for("nodejs.util.inspect.custom");
var Secret = class {
	#value;
	constructor(value) {
		this.#value = value;
	}
	reveal() {
		return typeof this.#value === "string" ? this.#value : Buffer.from(this.#value).toString("utf8");
	}
	revealBytes() {
		return typeof this.#value === "string" ? Buffer.from(this.#value) : this.#value;
	}
	toString() {
		return "***";
	}
	toJSON() {
		return "***";
	}
	[INSPECT]() {
		return "***";
	}
};
// src/machine/address-kind.ts
const NAT64 = "64:ff9b::";
const SELF = [
	["0.0.0.0", 8],
	["127.0.0.0", 8],
	["169.254.0.0", 16],
	["::", 127],
	["fe80::", 10],
	["fd00:ec2::", 32],
	["fd20:ce::254", 128],
	["100.100.100.200", 32],
	["168.63.129.16", 32],
	["192.0.0.192", 32]
];
const PRIVATE = [
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["172.16.0.0", 12],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.168.0.0", 16],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 3],
	["::", 96],
	[NAT64, 96],
	["64:ff9b:1::", 48],
	["100::", 64],
	["2001::", 23],
	["2001:db8::", 32],
	["2002::", 16],
	["fc00::", 7],
	["fec0::", 10],
	["ff00::", 8]
];
const SELF_NAME = /^(?:(?:.+\.)?localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|metadata(?:\.google\.internal|\.goog)?|instance-data(?:\.ec2\.internal)?)$/;
const PRIVATE_NAME = /^[^.]+$|\.(?:internal|local|localdomain|lan|home\.arpa)$/;
const networks = new Map();
function addressKind(hostname) {
	const name = hostname.toLowerCase().replace(/\.$/, "").replace(/^\[|\]$/g, "");
	if (isIP(name) === 0) return kindOfName(name);
	if (isIn(name, SELF)) return "self";
	return isIn(name, PRIVATE) ? "private" : "public";
}
function kindOfName(name) {
	if (SELF_NAME.test(name)) return "self";
	return PRIVATE_NAME.test(name) ? "private" : "public";
}
function isIn(address, listed) {
	return blockList(listed).check(address, familyOf(address));
}
function blockList(listed) {
	const cached = networks.get(listed);
	if (cached !== void 0) return cached;
	const list = new BlockList();
	for (const [address, bits] of listed) {
		const family = familyOf(address);
		list.addSubnet(address, bits, family);
		if (family === "ipv4") list.addSubnet(`${NAT64}${address}`, 96 + bits, "ipv6");
	}
	networks.set(listed, list);
	return list;
}
function familyOf(address) {
	return isIP(address) === 6 ? "ipv6" : "ipv4";
}
// src/machine/address.ts
function isLoopback(host) {
	const name = host.replace(/:\d+$/, "").toLowerCase();
	return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}
function unsafeReason(url, from, purpose = "trust") {
	if (url.protocol !== "https:" && url.protocol !== "http:") return "which is not a web address";
	const [kind, own] = [addressKind(url.hostname), addressKind(from.hostname)];
	const isElsewhere = url.hostname !== from.hostname;
	if (isElsewhere && kind === "self" && own !== "self") return "a private address of this machine";
	if (purpose === "content") return void 0;
	if (url.protocol === "http:" && from.protocol === "https:") return "which is not encrypted";
	return isElsewhere && kind !== "public" && own === "public" ? "a private address" : void 0;
}
function unquote(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
// src/bento/hub/endpoint.ts
const PUBLIC_HUB = "https://huggingface.co";
function endpointOf({ repository, endpoint }, env) {
	const own = workflowEndpoint(env);
	const address = endpoint === void 0 ? PUBLIC_HUB : printHubAddress(new URL(endpoint));
	if (address === PUBLIC_HUB || address === own.address) return own;
	const { protocol, hostname } = new URL(address);
	if (protocol !== "https:") throw refused(repository, address, "which is not encrypted");
	if (addressKind(hostname) !== "public") throw refused(repository, address, "which is a private address");
	return {
		address,
		namedBy: "bento"
	};
}
function workflowEndpoint(env) {
	const url = parseHubAddress(env["HF_ENDPOINT"] || PUBLIC_HUB);
	if (url === void 0) throw new Failure("input", "The variable HF_ENDPOINT is not a URL that starts with https:// or http://", { code: "HubInvalid" });
	const login = url.username === "" ? {} : { login: `${unquote(url.username)}:${unquote(url.password)}` };
	return {
		address: printHubAddress(url),
		namedBy: "workflow",
		...login
	};
}
function refused(repository, address, why) {
	return new Failure("bento", `The Bento names a hub for ${repository} that the workflow does not: ${address}, ${why}`, {
		code: "UnsafeAddress",
		hint: `If you trust this hub, set it in the step's \`env\`: HF_ENDPOINT: ${address}`
	});
}
function credentialsFor(url, { address, namedBy, login }, token) {
	if (namedBy === "bento" || url.origin !== new URL(address).origin) return {};
	if (login !== void 0) return { authorization: `Basic ${Buffer$1.from(login).toString("base64")}` };
	return token === void 0 ? {} : { authorization: `Bearer ${token}` };
}
function addressFrom(text, from, { address }) {
	const hub = new URL(address);
	const url = URL.parse(text, from.href);
	const reason = url === null ? "which is not a web address" : unsafeReason(url, hub);
	if (url === null || reason !== void 0) throw new Failure("network", `The hub ${hub.host} redirects to ${url?.origin ?? "an invalid address"}, ${reason}`, {
		code: "UnsafeAddress",
		hint: "Check the public address in the configuration of the hub or its proxy."
	});
	url.username = "";
	url.password = "";
	return url;
}
// src/bento/hub/refusals.ts
var HubRateLimit = class extends Failure {
	waitSeconds;
	constructor(message, waitSeconds) {
		super("rate-limit", message, { hint: "Set HF_TOKEN, since the Hub allows more requests with a token, or cache ~/.cache/huggingface between runs." });
		this.waitSeconds = waitSeconds;
	}
};
const MAX_MESSAGE = 300;
function refusal$1(url, { status, headers }, refused) {
	const message = refused.endpoint.namedBy === "bento" ? void 0 : headers["x-error-message"];
	const detail = message === void 0 ? "" : `: ${message.slice(0, MAX_MESSAGE)}`;
	const page = `${refused.endpoint.address}/${refused.repository}`;
	if (status === 401 || status === 403) return new Failure("auth", `${page} refused access (HTTP ${status})${detail}`, { hint: authHint(page, refused) });
	if (status === 404) return new Failure("bento", `${printUrl(url)} does not exist (HTTP 404)${detail}`, {
		code: "ModelMissing",
		hint: "The repository or the commit has been removed or renamed since the Bento was built."
	});
	if (status === 429) {
		const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
		return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? void 0 : wait);
	}
	return new Failure("network", `${printUrl(url)} answered HTTP ${status}${detail}`, { code: String(status) });
}
function authHint(page, { endpoint: { address, namedBy, login }, hasToken }) {
	if (namedBy === "bento") return `Only the Bento names ${address}, so no credentials were sent to it. To send HF_TOKEN or a login, set HF_ENDPOINT=${address}.`;
	if (login !== void 0) return "The login in HF_ENDPOINT was sent instead of HF_TOKEN. Check that it may read the repository.";
	const gated = `For a gated repository, the token's owner must accept its terms at ${page}.`;
	return hasToken ? `The token in HF_TOKEN has no access to this repository, or the repository does not exist. ${gated}` : `Set HF_TOKEN in the step's \`env\` to a token that has access (the Hub also answers 401 if a repository does not exist). ${gated}`;
}
function printUrl({ origin, pathname }) {
	return `${origin}${pathname}`;
}
// src/bento/hub/client.ts
const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([
	301,
	302,
	303,
	307,
	308
]);
async function openHub(model, machine) {
	const { repository } = model;
	const endpoint = endpointOf(model, machine.env);
	const token = await findToken(machine);
	for (const mask of masksFor(endpoint, token)) machine.actions.mask(mask);
	if (isOffline(machine.env)) return {
		endpoint,
		repository,
		get: () => Promise.reject(refusedOffline(repository))
	};
	return {
		endpoint,
		repository,
		async get(url, headers = {}, signal = machine.signal) {
			const send = (hop) => request(hop, {
				...headers,
				...credentialsFor(hop, endpoint, token)
			}, signal, machine);
			const response = await follow(url, endpoint, send);
			if (response.status < 300 || response.status === 416) return response;
			response.body.destroy();
			throw refusal$1(url, response, {
				endpoint,
				repository,
				hasToken: token !== void 0
			});
		}
	};
}
function masksFor({ login }, token) {
	return [...login === void 0 ? [] : [secretOf(login), Buffer$1.from(login).toString("base64")], ...token === void 0 ? [] : [token]].flatMap((text) => masksOf(new Secret(text)));
}
function secretOf(login) {
	const colon = login.indexOf(":");
	return login.slice(colon + 1) || login.slice(0, colon);
}
function isOffline(env) {
	return /^(?:1|on|yes|true)$/i.test(env["HF_HUB_OFFLINE"] ?? "");
}
function refusedOffline(repository) {
	return new Failure("bento", `HF_HUB_OFFLINE is set, but the cache does not contain all files of ${repository}`, {
		code: "ModelMissing",
		hint: "Restore the cache in an earlier step, or unset HF_HUB_OFFLINE."
	});
}
async function findToken({ env, files }) {
	const given = env["HF_TOKEN"]?.trim() || env["HUGGING_FACE_HUB_TOKEN"]?.trim();
	if (given) return given;
	const named = env["HF_TOKEN_PATH"] || join(env["HF_HOME"] || "~/.cache/huggingface", "token");
	const path = named.startsWith("~") && !env["HOME"] ? void 0 : expandPath(named, env);
	if (path?.startsWith("/") !== true || await files.info(path) === void 0) return void 0;
	return (await files.readText(path)).trim() || void 0;
}
async function follow(start, endpoint, send) {
	let url = start;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
		const response = await send(url);
		const location = response.headers["location"];
		if (!REDIRECTS.has(response.status) || location === void 0) return response;
		response.body.destroy();
		url = addressFrom(location, url, endpoint);
	}
	throw new Failure("network", `${printUrl(start)} redirects more than ${MAX_REDIRECTS} times`, { code: "RedirectLoop" });
}
async function request(url, headers, signal, machine) {
	try {
		return await machine.http.request({
			method: "GET",
			url,
			headers,
			signal
		});
	} catch (error) {
		throw networkFailure(error, url, machine);
	}
}
function networkFailure(error, url, machine) {
	if (error instanceof Failure) return error;
	if (machine.signal.aborted) return new Failure("cancelled", `The download from ${url.host} was cancelled`);
	const reason = error instanceof Error ? error.message : String(error);
	return new Failure("network", `${url.host} did not answer: ${reason}`, { cause: error });
}
// node_modules/is-network-error/index.js
const objectToString = Object.prototype.toString;
const isError = (value) => objectToString.call(value) === "[object Error]";
const errorMessages = new Set([
	"network error",
	"NetworkError when attempting to fetch resource.",
	"The Internet connection appears to be offline.",
	"Network request failed",
	"fetch failed",
	"terminated",
	" A network error occurred.",
	"Network connection lost"
]);
function isNetworkError(error) {
	if (!(error && isError(error) && error.name === "TypeError" && typeof error.message === "string")) return false;
	const { message, stack } = error;
	if (message === "Load failed" || message.startsWith("Load failed (") && message.endsWith(")")) return stack === void 0 || "__sentry_captured__" in error;
	if (message.startsWith("error sending request for url")) return true;
	if (message === "Failed to fetch" || message.startsWith("Failed to fetch (") && message.endsWith(")")) return true;
	return errorMessages.has(message);
}
// node_modules/p-retry/index.js
function validateRetries(retries) {
	if (typeof retries === "number") {
		if (retries < 0) throw new TypeError("Expected `retries` to be a non-negative number.");
		if (Number.isNaN(retries)) throw new TypeError("Expected `retries` to be a valid number or Infinity, got NaN.");
		if (Number.isFinite(retries) && !Number.isInteger(retries)) throw new TypeError("Expected `retries` to be a non-negative integer or Infinity.");
	} else if (retries !== void 0) throw new TypeError("Expected `retries` to be a number or Infinity.");
}
function validateNumberOption(name, value, { allowInfinity = false } = {}) {
	if (typeof value !== "number" || Number.isNaN(value)) throw new TypeError(`Expected \`${name}\` to be a number${allowInfinity ? " or Infinity" : ""}.`);
	if (!allowInfinity && !Number.isFinite(value)) throw new TypeError(`Expected \`${name}\` to be a finite number.`);
	if (value < 0) throw new TypeError(`Expected \`${name}\` to be \u{2265} 0.`);
}
function validateOption(name, value, type) {
	if (value === void 0 || value === null) return;
	if (typeof value !== type) throw new TypeError(`Expected \`${name}\` to be a ${type}.`);
}
function validateSignal(value) {
	if (value === void 0 || value === null) return;
	if (typeof value.throwIfAborted !== "function" || typeof value.addEventListener !== "function" || typeof value.removeEventListener !== "function") throw new TypeError("Expected `signal` to be an AbortSignal.");
}
var AbortError = class AbortError extends Error {
	constructor(message) {
		super(typeof message === "string" ? message : void 0);
		this.name = "AbortError";
		if (message instanceof Error) {
			this.originalError = message;
			({message} = message);
		} else {
			this.originalError = new Error(message);
			({message} = this.originalError);
			Error.captureStackTrace?.(this.originalError, AbortError);
		}
		this.message = message;
	}
};
const maximumDelay = 2 ** 31 - 1;
function calculateDelay(retriesConsumed, options) {
	if (options.minTimeout === 0) return 0;
	const attempt = retriesConsumed + 1;
	const random = options.randomize ? Math.random() + 1 : 1;
	const timeout = Math.round(random * options.minTimeout * options.factor ** (attempt - 1));
	return Math.min(timeout, Math.ceil(options.maxTimeout), maximumDelay);
}
function calculateRemainingTime(start, max) {
	return Number.isFinite(max) ? max - (performance.now() - start) : max;
}
async function delayForRetry(delay, options) {
	if (delay <= 0) return;
	await new Promise((resolve, reject) => {
		const onAbort = () => {
			clearTimeout(timeoutToken);
			reject(options.signal.reason);
		};
		const timeoutToken = setTimeout(() => {
			options.signal?.removeEventListener("abort", onAbort);
			resolve();
		}, delay);
		if (options.unref) timeoutToken.unref?.();
		options.signal?.addEventListener("abort", onAbort, { once: true });
	});
}
function stringifyThrownValue(value) {
	try {
		return String(value);
	} catch {
		return Object.prototype.toString.call(value);
	}
}
function unwrapAbortError(error) {
	let cause = error;
	while (cause instanceof AbortError && cause.originalError instanceof Error) cause = cause.originalError;
	return cause;
}
async function onAttemptFailure({ error, attemptNumber, retriesConsumed, startTime, options }) {
	const abortIfNeeded = () => {
		options.signal?.throwIfAborted();
	};
	const normalizedError = error instanceof Error ? error : new TypeError(`Non-error was thrown: "${stringifyThrownValue(error)}". You should only throw errors.`);
	abortIfNeeded();
	if (normalizedError instanceof AbortError) throw unwrapAbortError(normalizedError);
	const retriesLeft = options.retries - retriesConsumed;
	const isRetriableError = !(normalizedError instanceof TypeError) || isNetworkError(normalizedError);
	const timeLeft = calculateRemainingTime(startTime, options.maxRetryTime);
	const delayTime = isRetriableError && timeLeft > 0 && retriesLeft > 0 ? calculateDelay(retriesConsumed, options) : 0;
	const consumeRetryContext = Object.freeze({
		error: normalizedError,
		attemptNumber,
		retriesLeft,
		retriesConsumed,
		retryDelay: delayTime
	});
	const consumeRetry = await options.shouldConsumeRetry(consumeRetryContext) ?? true;
	abortIfNeeded();
	const effectiveDelay = consumeRetry ? delayTime : 0;
	const context = Object.freeze({
		error: normalizedError,
		attemptNumber,
		retriesLeft,
		retriesConsumed,
		retryDelay: effectiveDelay
	});
	await options.onFailedAttempt(context);
	abortIfNeeded();
	const remainingTime = calculateRemainingTime(startTime, options.maxRetryTime);
	if (!isRetriableError || remainingTime <= 0 || retriesLeft <= 0) throw normalizedError;
	const shouldRetry = await options.shouldRetry(context);
	abortIfNeeded();
	if (!shouldRetry) throw normalizedError;
	const remainingTimeAfterShouldRetry = calculateRemainingTime(startTime, options.maxRetryTime);
	if (remainingTimeAfterShouldRetry <= 0) throw normalizedError;
	if (!consumeRetry) return false;
	await delayForRetry(Math.min(effectiveDelay, remainingTimeAfterShouldRetry), options);
	return true;
}
async function pRetry(input, options = {}) {
	options = { ...options };
	options.retries ??= 10;
	validateRetries(options.retries);
	if (Object.hasOwn(options, "forever")) throw new Error("The `forever` option is no longer supported. For many use-cases, you can set `retries: Infinity` instead.");
	options.factor ??= 2;
	options.minTimeout ??= 1e3;
	options.maxTimeout ??= Infinity;
	options.maxRetryTime ??= Infinity;
	options.randomize ??= false;
	options.onFailedAttempt ??= () => {};
	options.shouldRetry ??= () => true;
	options.shouldConsumeRetry ??= () => true;
	validateOption("onFailedAttempt", options.onFailedAttempt, "function");
	validateOption("shouldRetry", options.shouldRetry, "function");
	validateOption("shouldConsumeRetry", options.shouldConsumeRetry, "function");
	validateOption("randomize", options.randomize, "boolean");
	validateOption("unref", options.unref, "boolean");
	validateSignal(options.signal);
	validateNumberOption("factor", options.factor);
	validateNumberOption("minTimeout", options.minTimeout);
	validateNumberOption("maxTimeout", options.maxTimeout, { allowInfinity: true });
	validateNumberOption("maxRetryTime", options.maxRetryTime, { allowInfinity: true });
	if (options.factor === 0) options.factor = 1;
	options.signal?.throwIfAborted();
	let attemptNumber = 0;
	let retriesConsumed = 0;
	const startTime = performance.now();
	while (retriesConsumed <= options.retries) {
		attemptNumber++;
		try {
			options.signal?.throwIfAborted();
			const result = await input(attemptNumber);
			options.signal?.throwIfAborted();
			return result;
		} catch (error) {
			if (await onAttemptFailure({
				error,
				attemptNumber,
				retriesConsumed,
				startTime,
				options
			})) retriesConsumed++;
		}
	}
	throw new Error("Retry attempts exhausted without throwing an error.");
}
// src/text/duration.ts
function printDuration(seconds) {
	if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return `${minutes} min${after(whole % 60, "s")}`;
	return `${Math.floor(minutes / 60)} h${after(minutes % 60, "min")}`;
}
function after(count, unit) {
	return count === 0 ? "" : ` ${count} ${unit}`;
}
// src/bento/hub/retry.ts
const HUB_RETRY_POLICY = {
	retries: 4,
	delay: 1e3,
	maxWait: 120,
	answerTime: 6e4
};
async function retrying(work, machine, retryPolicy) {
	try {
		return await pRetry(work, {
			retries: retryPolicy.retries,
			minTimeout: 0,
			signal: machine.signal,
			shouldRetry: ({ error }) => isPassing(error, retryPolicy),
			async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
				if (retriesLeft === 0 || !isPassing(error, retryPolicy)) return;
				const seconds = (error instanceof HubRateLimit ? error.waitSeconds : void 0) ?? retryPolicy.delay * 2 ** (attemptNumber - 1) / 1e3;
				const attempt = `attempt ${attemptNumber + 1} of ${retryPolicy.retries + 1}`;
				machine.actions.info(`${error.message}; ${attempt} in ${printDuration(seconds)}`);
				await setTimeout$1(seconds * 1e3, void 0, { signal: machine.signal });
			}
		});
	} catch (error) {
		if (machine.signal.aborted) throw new Failure("cancelled", "The download was cancelled", { cause: error });
		throw error;
	}
}
function isPassing(error, retryPolicy) {
	if (error instanceof HubRateLimit) return (error.waitSeconds ?? 0) <= retryPolicy.maxWait;
	if (!(error instanceof Failure) || error.class !== "network") return false;
	return !/^4(?!08)\d\d$|^(?:UnsafeAddress|RedirectLoop|AnswerTooLong)$/.test(error.code);
}
// src/bento/hub/answer.ts
const MAX_ANSWER = 16 << 20;
function askJson(hub, url, machine, retryPolicy) {
	return retrying(() => askOnce(hub, url, machine, retryPolicy), machine, retryPolicy);
}
async function askOnce(hub, url, machine, { answerTime }) {
	const limit = AbortSignal.timeout(answerTime);
	const signal = AbortSignal.any([machine.signal, limit]);
	try {
		const { body, headers } = await hub.get(url, { accept: "application/json" }, signal);
		const text = await readText(body, url);
		return {
			value: parse$2(text, url),
			size: Buffer.byteLength(text),
			headers
		};
	} catch (error) {
		if (!limit.aborted || machine.signal.aborted) throw networkFailure(error, url, machine);
		throw new Failure("network", `${printUrl(url)} did not answer within ${answerTime / 1e3} s`, {
			code: "AnswerTooSlow",
			cause: error
		});
	}
}
async function readText(body, url) {
	const chunks = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > MAX_ANSWER) throw new Failure("network", `${printUrl(url)} answered with more than ${MAX_ANSWER} bytes`, { code: "AnswerTooLong" });
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}
function parse$2(text, url) {
	const value = parseJson(text);
	if (value === void 0) throw invalidAnswer(url, "content that is not JSON");
	return value;
}
function invalidAnswer(url, what) {
	return new Failure("network", `${printUrl(url)} answered with ${what}`, {
		code: "AnswerInvalid",
		hint: "Check that the address is a Hugging Face Hub and that no proxy answers instead."
	});
}
// src/bento/hub/hub-file.ts
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const MAX_NAME = 255;
const MAX_PATH = 2048;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const MAX_SHOWN = 200;
function checkFiles(files) {
	const paths = new Set();
	const directories = new Set();
	for (const file of files) {
		const isNew = !paths.has(file.path);
		if (!isNew || !isStorable(file)) throw unusable(file, isNew ? "which cannot be stored" : "twice");
		paths.add(file.path);
		for (const directory of directoriesOf(file.path)) directories.add(directory);
	}
	const both = files.find(({ path }) => directories.has(path));
	if (both !== void 0) throw unusable(both, "as a file and as a directory");
	return files;
}
function isStorable({ path, size, hash, blobId }) {
	return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= MAX_NAME) && Buffer.byteLength(path) <= MAX_PATH && path.search(CONTROLS) === -1 && path.isWellFormed() && HASH.test(hash) && HASH.test(blobId) && Number.isSafeInteger(size) && size >= 0;
}
function* directoriesOf(path) {
	for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) yield path.slice(0, end);
}
function unusable({ path, size, hash }, why) {
	return new Failure("bento", `The Hub lists ${JSON.stringify(path.slice(0, MAX_SHOWN)).replace(CONTROLS, escapeControl)} (${String(size)} bytes, ${hash.slice(0, 64)}), ${why}`, { code: "UnsafePath" });
}
function escapeControl(character) {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
// src/bento/hub/listing.ts
const LIMITS = {
	entries: 2e5,
	pages: 400,
	bytes: 128 << 20
};
const COMMIT = /^[0-9a-f]{40}$/;
function isCommit(revision) {
	return COMMIT.test(revision);
}
async function resolveRevision(hub, revision, machine, retryPolicy) {
	const { address } = hub.endpoint;
	const url = new URL(`${address}/api/models/${hub.repository}/revision/${encodeURIComponent(revision)}`);
	const { value } = await askJson(hub, url, machine, retryPolicy);
	const sha = isJsonObject(value) ? value["sha"] : void 0;
	if (typeof sha === "string" && isCommit(sha)) return sha;
	throw invalidAnswer(url, "no commit");
}
async function listCommit(hub, commit, machine, retryPolicy) {
	const { address } = hub.endpoint;
	const start = new URL(`${address}/api/models/${hub.repository}/tree/${commit}?recursive=true&expand=false`);
	const files = [];
	const total = {
		entries: 0,
		pages: 0,
		bytes: 0
	};
	const deadline = machine.now().getTime() + 10 * retryPolicy.answerTime;
	for (let url = start; url !== void 0;) {
		const { value, size, headers } = await askJson(hub, url, machine, retryPolicy);
		const entries = entriesOf(value, url);
		total.entries += entries.length;
		total.pages += 1;
		total.bytes += size;
		if (total.entries > LIMITS.entries || total.pages > LIMITS.pages || total.bytes > LIMITS.bytes) throw tooLong$1(start);
		if (machine.now().getTime() > deadline) throw tooSlow(start);
		for (const entry of entries) if (entry["type"] === "file") files.push(readFile$1(entry, url));
		url = nextPage(headers["link"], url, hub);
	}
	return checkFiles(files);
}
function entriesOf(value, url) {
	if (Array.isArray(value) && value.every(isJsonObject)) return value;
	throw invalidAnswer(url, "content that is not a list of files");
}
function readFile$1(entry, url) {
	const { path, oid } = entry;
	const { size, oid: hash } = (isJsonObject(entry["lfs"]) ? entry["lfs"] : void 0) ?? {
		size: entry["size"],
		oid
	};
	if (typeof path === "string" && typeof size === "number" && typeof hash === "string" && typeof oid === "string") return {
		path,
		size,
		hash,
		blobId: oid
	};
	throw invalidAnswer(url, "a file without path, size, or hash");
}
function nextPage(links, url, { endpoint }) {
	const next = links?.split("<").map((link) => /^([^>]*)>\s*;\s*rel="?next\b/.exec(link)?.[1]).find((address) => address !== void 0);
	return next === void 0 ? void 0 : addressFrom(next, url, endpoint);
}
function tooSlow(url) {
	return new Failure("network", `${printUrl(url)} took too long to list the files`, { code: "AnswerTooSlow" });
}
function tooLong$1(url) {
	const { entries, pages, bytes } = LIMITS;
	return new Failure("network", `${printUrl(url)} lists more than ${entries} files, on more than ${pages} pages, or in more than ${bytes} bytes`, {
		code: "AnswerTooLong",
		hint: "The repository has too many files for an image. Select fewer with `include` and `exclude`, or use another repository."
	});
}
// src/bento/hub/cache.ts
const OTHER_HUBS = ".endpoints";
function cacheOf(endpoint, machine) {
	const standard = standardCache(machine);
	return endpoint.namedBy === "workflow" ? standard : join(standard, OTHER_HUBS, directoryName(endpoint));
}
function directoryName({ address }) {
	const { hostname } = new URL(address);
	const hash = createHash("sha256").update(address).digest("hex");
	return `${hostname.replace(/[^a-z0-9.-]/g, "")}-${hash.slice(0, 32)}`;
}
function standardCache({ env, workspace }) {
	const given = env["BENTOML_HF_CACHE_DIR"] || env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
	const home = env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || "~/.cache", "huggingface");
	return resolve(workspace, expandPath(given || join(home, "hub"), env));
}
async function findFolders(cache, repository, { files }) {
	if (await files.info(cache) === void 0) return [];
	const folder = folderName(repository).toLowerCase();
	return (await files.list(cache)).map(({ name }) => name).filter((name) => name.toLowerCase() === folder).toSorted((one) => one === folder ? -1 : 1).map((name) => join(cache, name));
}
async function readSnapshot(folder, commit, machine) {
	if (await machine.files.info(join(folder, "snapshots", commit)) === void 0) return void 0;
	const real = await machine.files.realPath(folder);
	const found = new Map();
	return {
		folder: real,
		files: found,
		broken: await collect(join(real, "snapshots", commit), "", real, found, machine)
	};
}
async function collect(directory, prefix, folder, found, machine) {
	let broken = false;
	for (const entry of await machine.files.list(directory)) {
		const path = `${prefix}${entry.name}`;
		const location = join(directory, entry.name);
		if (entry.kind === "directory") {
			broken = await collect(location, `${path}/`, folder, found, machine) || broken;
			continue;
		}
		const file = await locate$1(location, path, folder, entry, machine);
		if (file === void 0) broken = true;
		else found.set(path, file);
	}
	return broken;
}
async function locate$1(location, path, folder, { kind }, { files }) {
	const real = kind === "symlink" ? await files.realPath(location).catch(() => void 0) : location;
	if (real === void 0 || !real.startsWith(`${folder}/`)) return void 0;
	const info = await files.info(real);
	return info?.kind === "file" ? {
		source: relative(folder, real),
		path,
		size: info.size
	} : void 0;
}
async function readRef(folder, revision, { files }) {
	const path = join(folder, "refs", revision);
	const commit = (await files.info(path))?.kind === "file" ? (await files.readText(path)).trim() : "";
	return isCommit(commit) ? commit : void 0;
}
// src/bento/hub/file.ts
function fileUrl({ endpoint: { address }, repository }, commit, path) {
	const name = path.split("/").map(encodeURIComponent).join("/");
	return new URL(`${address}/${repository}/resolve/${commit}/${name}`);
}
function isContinued({ status, headers }, start) {
	return status === 206 && headers["content-range"]?.startsWith(`bytes ${start}-`) === true;
}
function damaged(path, { repository }, hash) {
	return new Failure("network", `The download of ${path} of ${repository} is damaged: its hash is not ${hash}`, {
		code: "Damaged",
		hint: "Check whether a proxy or mirror between here and the Hub changes or truncates files."
	});
}
// src/bento/blob-name.ts
function sha256InName(path) {
	return /\/blobs\/([0-9a-f]{64})$/.exec(path)?.[1];
}
// src/bento/hub/sound.ts
const SHA256_DIGITS$1 = 64;
function hashFor({ hash, size }) {
	return hash.length === SHA256_DIGITS$1 ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}
async function isSound(path, listed, { files }) {
	const info = await files.info(path);
	if (info?.kind !== "file" || info.size !== listed.size) return false;
	if (sha256InName(path) === listed.hash) return true;
	const hash = hashFor(listed);
	for await (const piece of files.pieces(path)) hash.update(piece);
	return hash.digest("hex") === listed.hash;
}
// src/bento/hub/download.ts
const MAX_PARALLEL = 4;
async function downloadFiles(files, download, machine, retryPolicy) {
	const stop = new AbortController();
	const signal = AbortSignal.any([machine.signal, stop.signal]);
	const tasks = files.map((file) => ({
		file,
		task: machine.actions.progress("downloading models", file.size)
	}));
	const queue = tasks.values();
	const workers = Array.from({ length: MAX_PARALLEL }, async () => {
		for (const { file, task } of queue) {
			if (signal.aborted) return;
			try {
				await downloadFile(file, download, {
					...machine,
					signal
				}, task, retryPolicy);
			} catch (error) {
				stop.abort();
				throw error;
			}
		}
	});
	const ends = await Promise.allSettled(workers);
	for (const { task } of tasks) task.end();
	const failures = ends.flatMap((end) => end.status === "rejected" ? [end.reason] : []);
	if (failures.length === 0) return;
	if (machine.signal.aborted) throw new Failure("cancelled", "The download of the model was cancelled");
	throw failures.find((failure) => !(failure instanceof Failure && failure.class === "cancelled")) ?? failures[0];
}
async function downloadFile(file, download, machine, task, retryPolicy) {
	const blob = join(download.folder, "blobs", file.hash);
	if (!await isSound(blob, file, machine)) {
		await machine.files.remove(blob);
		await fetchBlob(file, blob, download, machine, task, retryPolicy);
	}
	task.end();
	await linkBlob(join(download.folder, "snapshots", download.commit, file.path), blob, machine);
}
async function linkBlob(path, blob, { files }) {
	const target = relative(dirname(path), blob);
	if ((await files.info(path))?.kind === "symlink" && await files.readLink(path) === target) return;
	await files.makeDirectory(dirname(path), 493);
	await files.remove(path);
	await files.makeLink(target, path);
}
async function fetchBlob(file, blob, download, machine, task, retryPolicy) {
	const { files, actions } = machine;
	const part = `${blob}.${randomUUID()}.part`;
	await files.rename(`${blob}.part`, part).catch(ignoreMissing);
	try {
		await retrying(() => continueBlob(file, part, download, task, machine), machine, retryPolicy);
		await files.setMode(part, 420);
		await files.rename(part, blob);
		actions.info(`Downloaded ${file.path} (${printBytes(file.size)})`);
	} catch (error) {
		await files.rename(part, `${blob}.part`).catch(ignoreMissing);
		throw explainDisk(error, file);
	}
}
async function continueBlob(file, part, { hub, commit }, task, machine) {
	const { files } = machine;
	const start = await resumePoint(file, part, machine);
	let digest = hashFor(file);
	if (start > 0) for await (const chunk of files.source(part)) digest.update(chunk);
	if (start < file.size || start === 0) {
		const url = fileUrl(hub, commit, file.path);
		const response = await hub.get(url, start === 0 ? {} : { range: `bytes=${start}-` }, machine.signal);
		const continued = isContinued(response, start);
		if (start > 0 && !continued) {
			await files.remove(part);
			digest = hashFor(file);
		}
		if (response.status === 416) {
			response.body.destroy();
			throw new Failure("network", `${url.host} cannot resume ${file.path} at byte ${start}`);
		}
		try {
			task.restart(continued ? start : 0);
			const bytes = watch(response.body, file, continued ? start : 0, digest, task);
			await pipeline$1(bytes, files.sink(part, {
				mode: 420,
				append: true
			}));
		} catch (error) {
			throw isOfDisk(error) ? error : networkFailure(error, url, machine);
		}
	}
	if (digest.digest("hex") === file.hash) return;
	await files.remove(part);
	throw damaged(file.path, hub, file.hash);
}
async function resumePoint(file, part, { files }) {
	const info = await files.info(part);
	if (info === void 0) return 0;
	if (info.kind === "file" && info.size <= file.size) return info.size;
	await files.remove(part);
	return 0;
}
async function* watch(bytes, file, start, digest, task) {
	let done = start;
	for await (const chunk of bytes) {
		done += chunk.length;
		digest.update(chunk);
		if (done > file.size) throw new Error(`${file.path} is larger than the announced ${file.size} bytes`);
		task.add(chunk.length);
		yield chunk;
	}
}
function ignoreMissing(error) {
	if (errorCode(error) !== "ENOENT") throw error;
}
function isOfDisk(error) {
	return isDiskFull(error) || [
		"EACCES",
		"EROFS",
		"EIO"
	].includes(errorCode(error));
}
function explainDisk(error, file) {
	if (!isOfDisk(error) || error instanceof Failure) return error;
	return new Failure("disk", `Cannot store ${file.path} (${printBytes(file.size)}): ${String(error)}`, { cause: error });
}
// src/bento/hub/fetch.ts
async function fetchSnapshot(snapshot, machine, retryPolicy = HUB_RETRY_POLICY) {
	const { model, commit, directory } = snapshot;
	const missing = snapshot.files.flatMap(({ path, size, remote }) => remote === void 0 ? [] : [{
		path,
		size,
		hash: remote
	}]);
	if (missing.length === 0) return snapshot;
	await fetchFiles(missing, {
		hub: await openHub(model, machine),
		commit,
		folder: directory.path
	}, machine, retryPolicy);
	return {
		...snapshot,
		files: snapshot.files.map(({ source, path, size }) => ({
			source,
			path,
			size
		}))
	};
}
async function fetchFiles(files, download, machine, retryPolicy) {
	if (files.length === 0) return;
	const { hub, commit, folder } = download;
	const bytes = files.reduce((sum, { size }) => sum + size, 0);
	machine.actions.info(`${hub.repository}@${commit}: downloading ${files.length} files (${printBytes(bytes)}) from ${hub.endpoint.address} to ${folder}`);
	await downloadFiles(files, download, machine, retryPolicy);
}
async function makeFolder({ endpoint, repository }, given, machine) {
	const cache = cacheOf(endpoint, machine);
	const [existing] = await findFolders(cache, repository, machine);
	const preferred = given ?? existing ?? join(cache, folderName(repository));
	try {
		await machine.files.makeDirectory(join(preferred, "blobs"), 493);
		return preferred;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		machine.actions.warning(`The Hugging Face cache is not writable, so the download is not cached: ${reason}`);
		const folder = join(await machine.files.scratch(), "hf-models", directoryName(endpoint), folderName(repository));
		await machine.files.makeDirectory(join(folder, "blobs"), 493);
		return folder;
	}
}
// src/text/glob.ts
function compileGlob(pattern) {
	const pieces = parse$1([...pattern]);
	return { matches: (text) => matches(pieces, [...text]) };
}
function parse$1(pattern) {
	const pieces = [];
	let at = 0;
	while (at < pattern.length) {
		const character = pattern[at] ?? "";
		const end = character === "[" ? classEnd(pattern, at) : void 0;
		if (end !== void 0) {
			pieces.push(characterClass(pattern.slice(at + 1, end)));
			at = end;
		} else if (character === "*") {
			if (pieces.at(-1) !== "star") pieces.push("star");
		} else pieces.push(character === "?" ? "any" : (other) => other === character);
		at += 1;
	}
	return pieces;
}
function classEnd(pattern, start) {
	const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
	const end = pattern.indexOf("]", first + 1);
	return end === -1 ? void 0 : end;
}
function characterClass(content) {
	const negated = content[0] === "!";
	const members = negated ? content.slice(1) : content;
	const ranges = [];
	for (let at = 0; at < members.length;) {
		const isRange = members[at + 1] === "-" && at + 2 < members.length;
		ranges.push([codeOf(members[at]), codeOf(members[isRange ? at + 2 : at])]);
		at += isRange ? 3 : 1;
	}
	return (character) => {
		const code = codeOf(character);
		return ranges.some(([low, high]) => low <= code && code <= high) !== negated;
	};
}
function codeOf(character) {
	return character?.codePointAt(0) ?? 0;
}
function matches(pieces, text) {
	let piece = 0;
	let at = 0;
	let star;
	while (at < text.length) {
		const expected = pieces[piece];
		if (expected === "star") {
			star = {
				piece,
				at
			};
			piece += 1;
		} else if (expected === "any" || expected?.(text[at] ?? "") === true) {
			piece += 1;
			at += 1;
		} else if (star !== void 0) {
			star.at += 1;
			at = star.at;
			piece = star.piece + 1;
		} else return false;
	}
	return pieces.slice(piece).every((rest) => rest === "star");
}
// src/bento/hub/patterns.ts
const STEPS_AT_ONCE = 4e6;
async function selectPaths(files, { include, exclude }, signal) {
	const included = include.map(compile);
	const excluded = exclude.map(compile);
	const patternLength = [...include, ...exclude].reduce((sum, { length }) => sum + length, 1);
	const selected = [];
	let steps = 0;
	for (const file of files) {
		steps += file.path.length * patternLength;
		if (steps > STEPS_AT_ONCE) {
			steps = 0;
			await setImmediate();
			if (signal.aborted) throw cancelled(signal, "The selection of a model's files was stopped");
		}
		if ((included.length === 0 || included.some((glob) => glob.matches(file.path))) && !excluded.some((glob) => glob.matches(file.path))) selected.push(file);
	}
	return selected;
}
function compile(pattern) {
	return compileGlob(pattern.endsWith("/") ? `${pattern}*` : pattern);
}
// src/bento/hub/tree.ts
const VERSION$1 = 1;
const MAX_SIZE = 256 << 20;
async function readTree(folder, commit, { files }) {
	const path = join(folder, "trees", `${commit}.json`);
	const info = await files.info(path);
	if (info?.kind !== "file" || info.size > MAX_SIZE) return void 0;
	try {
		const tree = JSON.parse(await files.readText(path));
		if (!isJsonObject(tree) || tree["format_version"] !== VERSION$1 || !isJsonObject(tree["files"])) return void 0;
		return checkFiles(Object.entries(tree["files"]).map(([name, file]) => readEntry(name, file)));
	} catch {
		return;
	}
}
function readEntry(path, { size, blob_id, lfs_sha256, lfs_size }) {
	return {
		path,
		size: lfs_size ?? size,
		hash: lfs_sha256 ?? blob_id,
		blobId: blob_id
	};
}
async function writeTree(folder, commit, listed, { files }) {
	const entries = listed.map(({ path, size, hash, blobId }) => {
		return [path, {
			size,
			blob_id: blobId,
			...hash.length === 64 ? {
				lfs_sha256: hash,
				lfs_size: size
			} : {}
		}];
	});
	const tree = {
		format_version: VERSION$1,
		files: Object.fromEntries(entries)
	};
	await files.makeDirectory(join(folder, "trees"), 493);
	const path = join(folder, "trees", `${commit}.json`);
	await files.write(`${path}.tmp`, `${JSON.stringify(tree, void 0, 1)}\n`, 420);
	await files.rename(`${path}.tmp`, path);
}
// src/bento/hub/snapshot.ts
const SHA256_DIGITS = 64;
const ANY_WAIT = {
	...HUB_RETRY_POLICY,
	maxWait: Number.POSITIVE_INFINITY
};
async function locateSnapshot(model, machine, { retryPolicy = HUB_RETRY_POLICY, dryRun = false, remoteFrom = Number.POSITIVE_INFINITY } = {}) {
	const hub = await openHub(model, machine);
	if (!dryRun) return locate(model, hub, {
		retryPolicy,
		dryRun,
		remoteFrom
	}, machine);
	try {
		return await locate(model, hub, {
			retryPolicy: {
				...retryPolicy,
				retries: 0
			},
			dryRun,
			remoteFrom
		}, machine);
	} catch (error) {
		if (machine.signal.aborted || !(isOffline(machine.env) || isPassing(error, ANY_WAIT))) throw error;
		return unknownSnapshot(model, hub, error, machine);
	}
}
async function locate(model, hub, { retryPolicy, dryRun, remoteFrom }, machine) {
	const folders = await findFolders(cacheOf(hub.endpoint, machine), model.repository, machine);
	const commit = await findCommit(model, hub, folders, machine, retryPolicy);
	const search = {
		model,
		commit,
		hub,
		cached: (await Promise.all(folders.map((folder) => readSnapshot(folder, commit, machine)))).filter((snapshot) => snapshot !== void 0),
		machine,
		retryPolicy,
		dryRun,
		remoteFrom,
		listing: (await Promise.all(folders.map((folder) => readTree(folder, commit, machine)))).find((one) => one !== void 0)
	};
	return await findComplete(search) ?? await findWithHub(search);
}
function unknownSnapshot(model, { endpoint }, cause, machine) {
	const { repository, revision } = model;
	machine.actions.warning(`This dry run does not know the files of ${repository}@${revision}, and shows the image without them: ${reasonOf(cause)}`);
	return located(model, revision, join(cacheOf(endpoint, machine), folderName(repository)), [], false, "hub", machine);
}
function reasonOf(error) {
	return error instanceof Error ? error.message : String(error);
}
async function findCommit({ repository, revision }, hub, folders, machine, retryPolicy) {
	if (isCommit(revision)) return revision;
	try {
		return await resolveRevision(hub, revision, machine, retryPolicy);
	} catch (error) {
		const cached = (await Promise.all(folders.map((folder) => readRef(folder, revision, machine)))).find(Boolean);
		if (cached === void 0 || machine.signal.aborted) throw error;
		machine.actions.warning(`${repository}: the Hub did not resolve "${revision}"; using the cached commit ${cached}.`);
		return cached;
	}
}
async function findComplete(search) {
	const { cached, commit, model, machine } = search;
	for (const snapshot of cached) {
		const tree = await readTree(snapshot.folder, commit, machine);
		if (tree === void 0) continue;
		const files = await pickAll(await selectPaths(tree, model, machine.signal), snapshot, search);
		if (files !== void 0) return located(model, commit, snapshot.folder, files, true, "cache", machine);
	}
}
async function findWithHub(search) {
	const { model, commit, hub, cached, machine, retryPolicy, listing } = search;
	let listed;
	try {
		listed = listing ?? await listCommit(hub, commit, machine, retryPolicy);
	} catch (error) {
		const accepted = machine.signal.aborted ? void 0 : await acceptUnlisted(search, error);
		if (accepted === void 0) throw error;
		return accepted;
	}
	const selected = await selectPaths(listed, model, machine.signal);
	if (selected.length === 0) throw new Failure("bento", `\`include\` and \`exclude\` select no file of ${model.repository}@${commit}`, { code: "ModelMissing" });
	for (const snapshot of cached) {
		const files = await pickAll(selected, snapshot, search);
		if (files === void 0) continue;
		const isListed = await readTree(snapshot.folder, commit, machine) !== void 0;
		return located(model, commit, snapshot.folder, files, isListed, "cache", machine);
	}
	return download(search, listed, selected);
}
async function pickAll(selected, { files, folder }, { machine, dryRun }) {
	const found = [];
	for (const listed of selected) {
		const file = files.get(listed.path);
		if (file?.size !== listed.size) return void 0;
		if (!dryRun && !await isSound(join(folder, file.source), listed, machine)) return void 0;
		found.push(file);
	}
	return found.length === 0 ? void 0 : found;
}
async function acceptUnlisted({ model, commit, cached, machine }, cause) {
	for (const snapshot of cached) {
		const files = await selectPaths([...snapshot.files.values()], model, machine.signal);
		if (await readTree(snapshot.folder, commit, machine) !== void 0 || snapshot.broken || files.length === 0) continue;
		machine.actions.warning(`${model.repository}: cannot check with the Hub whether the cache is complete (${reasonOf(cause)}); using its ${files.length} files.`);
		return located(model, commit, snapshot.folder, files, false, "cache", machine);
	}
}
async function download(search, listed, selected) {
	const { model, commit, hub, cached, machine, retryPolicy, dryRun, remoteFrom } = search;
	const [given] = cached.map(({ folder }) => folder);
	if (dryRun) return located(model, commit, given ?? join(cacheOf(hub.endpoint, machine), folderName(model.repository)), selected.map(blobOf), false, "hub", machine);
	const folder = await makeFolder(hub, given, machine);
	const [local, remote] = await partition(selected, folder, remoteFrom, machine);
	await fetchFiles(local, {
		hub,
		commit,
		folder
	}, machine, retryPolicy);
	await writeTree(folder, commit, listed, machine);
	return located(model, commit, folder, [...local.map(blobOf), ...remote.map((file) => ({
		...blobOf(file),
		remote: file.hash
	}))], true, "hub", machine);
}
function blobOf({ path, size, hash }) {
	return {
		source: join("blobs", hash),
		path,
		size
	};
}
async function partition(files, folder, remoteFrom, machine) {
	const local = [];
	const remote = [];
	for (const file of files) (file.size >= remoteFrom && file.hash.length === SHA256_DIGITS && await machine.files.info(join(folder, blobOf(file).source)) === void 0 ? remote : local).push(file);
	return [local, remote];
}
async function located(model, commit, folder, files, listed, origin, machine) {
	return {
		kind: "snapshot",
		model,
		directory: await encloseNamed(folder, machine),
		files: files.toSorted((one, other) => one.path < other.path ? -1 : 1),
		commit,
		listed,
		origin
	};
}
// src/bento/models.ts
async function locateModels(bento, options, machine) {
	const store = () => storeDirectories(bentomlHome(options.bentomlHome, machine)).models;
	const stored = await locateStoreModels(bento, store, machine);
	const located = [];
	for (const model of bento.models) {
		const found = model.registry === "bentoml" ? stored.get(model) : await locateSnapshot(model, machine, options);
		if (found !== void 0) located.push(found);
	}
	return located;
}
function remoteFilesOf(models) {
	const all = new Map();
	for (const located of models) {
		if (located.kind === "store") continue;
		const { model, commit, directory } = located;
		for (const { source, path, size, remote } of located.files) if (remote !== void 0) all.set(join(directory.path, source), {
			model,
			commit,
			path,
			size,
			sha256: remote
		});
	}
	return all;
}
async function fetchModels(models, machine) {
	const fetched = [];
	for (const located of models) fetched.push(located.kind === "snapshot" ? await fetchSnapshot(located, machine) : located);
	return fetched;
}
async function locateStoreModels(bento, store, machine) {
	const models = bento.models.filter((model) => model.registry === "bentoml");
	const found = await mapFiles(models, (model) => locateStoreModel(model, bento.directory, store, machine));
	const missing = models.filter((_, index) => found[index] === void 0).map(({ tag }) => printTag(tag));
	if (missing.length > 0) throw allMissing(missing, bento.directory.path, store());
	return new Map(models.flatMap((model, index) => pair(model, found[index])));
}
async function locateStoreModel(model, bento, store, machine) {
	const { name, version } = model.tag;
	const found = await machine.files.enclosed.find(bento, join("models", name, version));
	const inBento = found?.kind === "directory" ? await locateAt(model, "bento", found.directory, machine) : void 0;
	if (inBento !== void 0) return inBento;
	const directory = await encloseNamed(join(store(), name, version), machine);
	const stored = await locateAt(model, "store", directory, machine);
	if (stored !== void 0) await checkReadable(directory, machine.files.enclosed);
	return stored;
}
async function locateAt(model, origin, directory, machine) {
	if (await findFile(directory, "model.yaml", machine.files.enclosed) === void 0) return void 0;
	return {
		kind: "store",
		model: await withCreationTime(model, directory, machine),
		origin,
		directory
	};
}
function pair(model, found) {
	return found === void 0 ? [] : [[model, found]];
}
async function withCreationTime(model, directory, machine) {
	if (model.creationTime !== void 0) return model;
	const creationTime = await readCreationTimeOf(await readStrictText(directory, "model.yaml", machine.files.enclosed) ?? "", join(directory.path, "model.yaml"));
	return creationTime === void 0 ? model : {
		...model,
		creationTime
	};
}
function allMissing(tags, directory, store) {
	const pulls = firstFew(tags.map((tag) => `bentoml models pull ${tag}`));
	return new Failure("bento", `Models of the Bento not found: ${firstFew(tags).join(", ")}. Searched ${join(directory, "models")} and ${store}`, {
		code: "ModelMissing",
		lines: pulls,
		hint: "Restore the Model Store of the machine that built the Bento (`bentoml-home`), export the Bento with its models (`bentoml export`), or log in to BentoCloud and pull them: " + firstFew(tags.map((tag) => `\`bentoml models pull ${tag}\``)).join(", ")
	});
}
// src/oci/digest.ts
const DIGEST = /^sha256:[0-9a-f]{64}$/;
function isDigest(text) {
	return DIGEST.test(text);
}
function digestOf(content) {
	return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
function hexOf(digest) {
	return digest.slice(7);
}
// src/oci/reference.ts
const DOCKER_HUB = "docker.io";
const OFFICIAL = "library/";
const NAME_LIMIT = 255;
const TAG_LIMIT = 128;
const LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]*$/;
function parseReference(text) {
	if (text === "") throw invalid$1(text, "it is empty");
	checkCharacters(text);
	const { name, tag, digest } = split(text);
	const { domain, path } = splitDomain(text, name);
	checkDomain(text, domain);
	checkPath(text, path);
	if (domain.length + 1 + path.length > NAME_LIMIT) throw invalid$1(text, `the name is longer than ${NAME_LIMIT} characters`);
	return {
		domain,
		path,
		...tag === void 0 ? {} : { tag: checkedTag(text, tag) },
		...digest === void 0 ? {} : { digest: checkedDigest(text, digest) }
	};
}
function printReference(reference) {
	const { tag, digest } = reference;
	return `${printRepository(reference)}${tag === void 0 ? "" : `:${tag}`}${digest === void 0 ? "" : `@${digest}`}`;
}
function printRepository({ domain, path }) {
	return `${domain}/${path}`;
}
function printFamiliar(reference) {
	const full = printReference(reference);
	if (reference.domain !== DOCKER_HUB) return full;
	const { path } = reference;
	const short = path.startsWith(OFFICIAL) && !path.includes("/", 8);
	return full.slice(10 + (short ? 8 : 0));
}
function isOfficial({ domain, path }) {
	return domain === DOCKER_HUB && path.startsWith(OFFICIAL);
}
function repositoryOf({ domain, path }) {
	return {
		domain,
		path
	};
}
function withDigest({ domain, path }, digest) {
	return {
		domain,
		path,
		digest
	};
}
function sameRepository(a, b) {
	return a.domain === b.domain && a.path === b.path;
}
function distinctRepositories(references) {
	const distinct = [];
	for (const reference of references) if (!distinct.some((repository) => sameRepository(repository, reference))) distinct.push(repositoryOf(reference));
	return distinct;
}
function split(text) {
	const at = text.indexOf("@");
	const digest = at < 0 ? void 0 : text.slice(at + 1);
	const tagged = at < 0 ? text : text.slice(0, at);
	const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
	return colon < 0 ? {
		name: tagged,
		tag: void 0,
		digest
	} : {
		name: tagged.slice(0, colon),
		tag: tagged.slice(colon + 1),
		digest
	};
}
function splitDomain(text, name) {
	if (name === "") throw invalid$1(text, "the name is missing");
	const slash = name.indexOf("/");
	const first = name.slice(0, slash);
	if (slash < 0 || !looksLikeDomain(first)) return atDockerHub(name);
	const rest = name.slice(slash + 1);
	return first === DOCKER_HUB || first === "index.docker.io" ? atDockerHub(rest) : {
		domain: first,
		path: rest
	};
}
function looksLikeDomain(first) {
	return /[.:]/.test(first) || first === "localhost";
}
function atDockerHub(path) {
	return {
		domain: DOCKER_HUB,
		path: path === "" || path.includes("/") ? path : OFFICIAL + path
	};
}
function checkCharacters(text) {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw invalid$1(text, `it starts with a URL scheme; write "${text.slice(text.indexOf("://") + 3)}"`);
	const odd = /[^\w./:@[\]-]/u.exec(text);
	if (odd !== null) throw invalid$1(text, `${JSON.stringify(odd[0])} is not allowed in a reference`);
}
function checkDomain(text, domain) {
	if (!DOMAIN.test(domain)) throw invalid$1(text, `"${domain}" is not a host name with an optional port`);
}
function checkPath(text, path) {
	if (path === "") throw invalid$1(text, "the repository's name is missing after the host");
	if (/[A-Z]/.test(path)) {
		const at = text.indexOf(path.startsWith(OFFICIAL) ? path.slice(8) : path);
		throw invalid$1(text, `repository names are lower case; write "${text.slice(0, at) + text.slice(at).replace(/^[^:@]*/, (name) => name.toLowerCase())}"`);
	}
	for (const component of path.split("/")) {
		if (component === "") throw invalid$1(text, "it has an empty part between slashes or a trailing slash");
		if (!PATH_COMPONENT.test(component)) throw invalid$1(text, `"${component}" must be letters and digits, separated by a single ".", "_" or "__" or by dashes, without separators at either end`);
	}
	if (/^library\/[0-9a-f]{64}$/.test(path)) throw invalid$1(text, "64 hexadecimal digits are an image ID, not a name");
}
function checkedTag(text, tag) {
	if (tag === "") throw invalid$1(text, "the tag after \":\" is empty");
	if (tag.length > TAG_LIMIT) throw invalid$1(text, `the tag has ${tag.length} characters, ${TAG_LIMIT} is the limit`);
	if (!TAG.test(tag)) throw invalid$1(text, `the tag "${tag}" must consist of letters, digits, "_", "." and "-" and must not start with "." or "-"`);
	return tag;
}
function checkedDigest(text, digest) {
	if (!isDigest(digest)) throw invalid$1(text, "the part after \"@\" must be \"sha256:\" and 64 lower-case hexadecimal digits");
	return digest;
}
function invalid$1(text, reason) {
	return new Failure("input", `"${text.length > 300 ? `${text.slice(0, 300)}…` : text}" is not an image reference: ${reason}.`, {
		code: "ReferenceInvalid",
		hint: "Use a reference such as ghcr.io/acme/iris:1.4.0."
	});
}
// src/values.ts
function nonEmpty(list) {
	const [first, ...rest] = list;
	return first === void 0 ? void 0 : [first, ...rest];
}
function ownValue(table, key) {
	return Object.hasOwn(table, key) ? table[key] : void 0;
}
function definedOnly$1(table) {
	return Object.fromEntries(Object.entries(table).filter((pair) => pair[1] !== void 0));
}
function duplicates(items) {
	return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
// src/inputs/official-images.ts
function findOfficial(tags, inputs = "tags") {
	return tags.filter(isOfficial).map((tag) => {
		const name = printFamiliar(tag);
		return `${inputs}: "${name}" has no registry and namespace, so it means ${printRepository(tag)}, one of Docker's official images (for example: ghcr.io/acme/${name})`;
	});
}
// src/oci/annotation.ts
const LEVELS = [
	"manifest",
	"index",
	"manifest-descriptor",
	"index-descriptor"
];
function readAnnotation(text) {
	const at = text.indexOf(":");
	if (at < 0) return [{ name: text }];
	const name = text.slice(at + 1);
	if (name === "") throw new Error(`"${text}" has no annotation name`);
	return text.slice(0, at).split(",").map((level) => readLevel(level, name));
}
function readLevel(text, name) {
	const [, word, platform] = /^([a-z-]+)(?:\[([\w/-]+)\])?$/.exec(text) ?? [];
	const level = LEVELS.find((name) => name === word);
	if (level === void 0) throw new Error(`"${text}:" must be one of ${LEVELS.join(":, ")}:, with an optional platform such as [linux/amd64]`);
	return {
		level,
		name,
		...platform === void 0 ? {} : { platform }
	};
}
function isOfIndex({ level, platform }) {
	return level === "index" && platform === void 0;
}
function isOfManifests({ level = "manifest", platform }) {
	return level === "manifest" && platform === void 0;
}
// src/oci/platform.ts
const ARCHITECTURES = new Set("386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" "));
const SYSTEMS$1 = new Set("aix android darwin freebsd illumos linux netbsd openbsd plan9 solaris wasi wasip1 windows".split(" "));
const ALIASES = {
	x86_64: ["amd64"],
	"x86-64": ["amd64"],
	x64: ["amd64"],
	i386: ["386"],
	i686: ["386"],
	aarch64: ["arm64"],
	armhf: ["arm", "v7"],
	armel: ["arm", "v6"],
	armv5l: ["arm", "v5"],
	armv6l: ["arm", "v6"],
	armv7l: ["arm", "v7"],
	armv8l: ["arm", "v8"]
};
const DEFAULT_VARIANTS = {
	amd64: "v1",
	arm64: "v8"
};
function parsePlatform(text) {
	const parts = text.trim().toLowerCase().split("/");
	if (parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)) || parts.length > 3) throw invalid(text, "it must be os/architecture or os/architecture/variant");
	const [first = "", second, variant] = parts;
	if (second === void 0) {
		if (SYSTEMS$1.has(first)) throw invalid(text, "the architecture is missing");
		return checked(text, normalizePlatform({
			os: "linux",
			architecture: first
		}));
	}
	if (SYSTEMS$1.has(second) && !SYSTEMS$1.has(first)) throw invalid(text, `the operating system comes first; write "${[
		second,
		first,
		...parts.slice(2)
	].join("/")}"`);
	return checked(text, normalizePlatform({
		os: first,
		architecture: second,
		...variant === void 0 ? {} : { variant }
	}));
}
function normalizePlatform(platform) {
	const os = platform.os.toLowerCase();
	const given = platform.architecture.toLowerCase();
	const [architecture, implied] = ownValue(ALIASES, given) ?? [given];
	const variant = normalVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
	return {
		os: os === "macos" ? "darwin" : os,
		architecture,
		...variant === "" ? {} : { variant }
	};
}
function printPlatform({ os, architecture, variant }) {
	return variant === void 0 ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
function platformSlug(platform) {
	return printPlatform(platform).replaceAll("/", "-");
}
function samePlatform(a, b) {
	return printPlatform(a) === printPlatform(b);
}
function normalVariant(architecture, given) {
	const variant = /^[0-9]$/.test(given) && architecture.startsWith("arm") ? `v${given}` : given;
	if (architecture === "386") return "";
	if (architecture === "arm" && variant === "") return "v7";
	return variant === ownValue(DEFAULT_VARIANTS, architecture) ? "" : variant;
}
function checked(text, platform) {
	if (!SYSTEMS$1.has(platform.os)) throw invalid(text, `"${platform.os}" is not an operating system`);
	if (!ARCHITECTURES.has(platform.architecture)) throw invalid(text, `"${platform.architecture}" is not an architecture; use one of ${[...ARCHITECTURES].join(", ")}`);
	return platform;
}
function invalid(text, reason) {
	return new Failure("input", `"${text}" is not a platform: ${reason}.`, {
		code: "PlatformInvalid",
		hint: "Use a platform such as linux/amd64 or linux/arm64."
	});
}
// src/inputs/lists.ts
function splitList(text, separators, readQuoted) {
	return splitRecords(text, readQuoted).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
function splitRecords(text, readQuoted) {
	return NEEDS_READER.test(text) ? readQuoted(text) : readPlain(text);
}
const NEEDS_READER = /["\r]/;
function readPlain(text) {
	return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(","));
}
async function openQuotedReader(texts) {
	if (!texts.some((text) => NEEDS_READER.test(text))) return readPlain;
	const { parse } = await import("./libraries.js");
	return (text) => parse(text, {
		columns: false,
		relax_quotes: true,
		comment: "#",
		comment_no_infix: true,
		relax_column_count: true,
		skip_empty_lines: true
	});
}
function splitLines(text) {
	return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}
// src/inputs/decoder.ts
function decoder(example, decode) {
	return {
		example,
		decode
	};
}
function list$2(example, decode) {
	return {
		example,
		kind: "list",
		decode
	};
}
function secret(example, decode) {
	return {
		example,
		kind: "secret",
		decode
	};
}
function ofKind(kind, { example, decode }) {
	return {
		example,
		kind,
		decode
	};
}
function text(example) {
	return decoder(example, (raw) => raw.trim() || void 0);
}
function parsed(example, parse) {
	return decoder(example, parse);
}
function required(example) {
	return decoder(example, (raw) => {
		if (raw.trim() === "") throw new Error("it is required");
		return raw.trim();
	});
}
const TRUE$1 = /^(true|True|TRUE)$/;
const FALSE$1 = /^(false|False|FALSE)$/;
function isFalse(raw) {
	return FALSE$1.test(raw.trim());
}
function toggle$1() {
	return ofKind("toggle", decoder("true", readToggle));
}
function readToggle(raw) {
	const word = raw.trim();
	if (word === "") return void 0;
	if (TRUE$1.test(word)) return true;
	if (isFalse(word)) return false;
	throw new Error(`"${word}" is neither true nor false`);
}
function oneOf(...choices) {
	return decoder(choices[0] ?? "", (raw) => {
		const word = raw.trim();
		if (word === "") return void 0;
		const found = choices.find((one) => one === word);
		if (found === void 0) throw new Error(`"${word}" is none of ${choices.join(", ")}`);
		return found;
	});
}
function items(example) {
	return list$2(example, (raw, readQuoted) => splitList(raw, { commas: true }, readQuoted));
}
function someOf(example, choices) {
	return each$1(example, (item) => {
		if (choices.includes(item)) return item;
		throw new Error(`"${item}" is none of ${choices.join(", ")}`);
	});
}
function lines(example) {
	return list$2(example, (raw, readQuoted) => splitList(raw, { commas: false }, readQuoted));
}
function argv(example) {
	return list$2(example, splitLines);
}
function pairs$1(example) {
	return list$2(example, (raw, readQuoted) => definedOnly$1(readPairs(raw, readQuoted)));
}
function readPairs(raw, readQuoted, loneKey) {
	const problems = [];
	const found = new Map();
	for (const line of splitList(raw, { commas: false }, readQuoted)) {
		const at = line.indexOf("=");
		const isLone = loneKey?.test(line) === true;
		const key = at < 0 ? line : line.slice(0, at).trim();
		if (!isLone && (at < 1 || key === "")) problems.push(`"${line}" is not key=value`);
		else if (found.has(key)) problems.push(`"${key}" is given twice`);
		else found.set(key, isLone ? void 0 : line.slice(at + 1));
	}
	refuse$1(problems);
	return Object.fromEntries(found);
}
function buildArguments(example) {
	return list$2(example, (raw, readQuoted) => readPairs(raw, readQuoted, BUILD_ARGUMENT));
}
const BUILD_ARGUMENT = /^[A-Za-z_]\w*$/;
function secretText(example) {
	return secret(example, (raw) => raw.trim() === "" ? void 0 : new Secret(raw.trim()));
}
const SHORTEST_KEY = 32;
function secretKey(example) {
	return secret(example, (raw) => {
		const key = raw.trim();
		if (key !== "" && key.length < SHORTEST_KEY) throw new Error(`the key is shorter than ${SHORTEST_KEY} characters; \`openssl rand -hex 32\` makes one`);
		return key === "" ? void 0 : new Secret(key);
	});
}
function secretPairs(example) {
	return secret(example, (raw, readQuoted) => {
		const problems = [];
		const found = new Map();
		for (const [index, line] of splitList(raw, { commas: false }, readQuoted).entries()) {
			const at = line.indexOf("=");
			if (at < 1) problems.push(`item ${index + 1} is not id=value`);
			else found.set(line.slice(0, at).trim(), new Secret(line.slice(at + 1)));
		}
		refuse$1(problems);
		return Object.fromEntries(found);
	});
}
function secretVariables$1(example) {
	return each$1(example, (item) => {
		const [id = item, variable = id, ...rest] = item.split("=").map((part) => part.trim());
		if (rest.length > 0 || variable === "") throw new Error(`"${item}" is neither VARIABLE nor id=VARIABLE`);
		return {
			id,
			variable
		};
	});
}
function each$1(example, parse) {
	return list$2(example, (raw, readQuoted) => {
		const problems = [];
		const found = [];
		for (const item of splitList(raw, { commas: true }, readQuoted)) try {
			found.push(parse(item));
		} catch (error) {
			problems.push(error instanceof Error ? error.message : String(error));
		}
		refuse$1(problems);
		return found;
	});
}
function references(example) {
	const all = each$1(example, parseTag);
	return list$2(example, (raw, readQuoted) => distinctReferences(all.decode(raw, readQuoted)));
}
function parseTag(text) {
	const reference = parseReference(text);
	if (reference.digest !== void 0) throw new Error(`"${text}" has a digest; give a tag instead`);
	return reference.tag === void 0 ? {
		...reference,
		tag: "latest"
	} : reference;
}
function distinctReferences(references) {
	return [...new Map(references.map((reference) => [printReference(reference), reference])).values()];
}
function platforms(example) {
	return each$1(example, parsePlatform);
}
function wholeNumber(example, minimum) {
	return decoder(example, (raw) => {
		const word = raw.trim();
		if (word === "") return void 0;
		if (!/^\d{1,15}$/.test(word) || Number(word) < minimum) throw new Error(`"${word}" is not a whole number of at least ${minimum}`);
		return Number(word);
	});
}
function byteSize(example) {
	return decoder(example, (raw) => {
		const word = raw.trim();
		if (word === "") return void 0;
		const bytes = parseBytes(word);
		if (bytes === void 0) throw new Error(`"${word}" is not a size`);
		return bytes;
	});
}
function epoch(example) {
	const seconds = wholeNumber(example, 0);
	return decoder(example, (raw, readQuoted) => raw.trim() === "bento" ? "bento" : seconds.decode(raw, readQuoted));
}
const HIGHEST_LEVEL = {
	gzip: 9,
	zstd: 22,
	none: 0
};
function repositoryOrOff(example) {
	return decoder(example, (raw) => {
		const name = raw.trim();
		if (name === "" || name === "off") return name || void 0;
		const { tag, digest, ...repository } = parseReference(name);
		if (tag !== void 0 || digest !== void 0) throw new Error(`"${name}" has a tag or digest; give the repository alone`);
		return repository;
	});
}
function compression(example) {
	return decoder(example, (raw) => {
		const found = /^(auto|gzip|zstd|none)?(?::(\d{1,2}))?$/.exec(raw.trim());
		if (found === null) throw new Error(`"${raw.trim()}" is none of auto, gzip, zstd, none, or one of them with :level`);
		const [, word, digits] = found;
		const format = word === "zstd" || word === "none" ? word : "gzip";
		if (word === void 0 || word === "auto") return {
			format,
			auto: true,
			...levelOf(digits, format)
		};
		return {
			format,
			...levelOf(digits, format)
		};
	});
}
function levelOf(digits, format) {
	if (digits === void 0) return {};
	const level = Number(digits);
	if (level > HIGHEST_LEVEL[format]) throw new Error(`${format} has no level ${level}`);
	return { level };
}
function refuse$1(problems) {
	if (problems.length > 0) throw new Failure("input", problems.join("; "));
}
// src/inputs/attestations.ts
function attestation(example) {
	return {
		example,
		decode: (raw) => readAttributes(raw.trim())
	};
}
function readAttributes(text) {
	if (/^(?:false|)$/i.test(text)) return void 0;
	if (/^true$/i.test(text)) return "";
	const invalid = text.split(",").filter((item) => !/^[\w-]+=./.test(item));
	if (invalid.length > 0) throw new Error(`"${invalid.join(",")}" is neither true, false nor key=value`);
	return text;
}
const TYPES$1 = ["provenance", "sbom"];
function attestations(example) {
	return {
		example,
		kind: "list",
		decode(raw, readQuoted) {
			const found = {};
			for (const line of splitList(raw, { commas: false }, readQuoted)) {
				const [first = "", ...others] = line.split(",");
				const type = TYPES$1.find((name) => first === `type=${name}`);
				if (type === void 0) throw new Error(`"${line}" does not begin with type=${TYPES$1.join(" or type=")}`);
				if (type in found) throw new Error(`type=${type} is given twice`);
				if (!others.includes("disabled=true")) found[type] = readAttributes(others.join(",")) ?? "";
			}
			return found;
		}
	};
}
function annotations(example) {
	return annotationsBy(example, printKey);
}
function indexAnnotations(example) {
	return annotationsBy(example, (key) => {
		if ((key.level ?? "index") === "index" && key.platform === void 0) return key.name;
		throw new Error(`"${key.level}:${key.name}" is not for the index; with docker/metadata-action, set DOCKER_METADATA_ANNOTATIONS_LEVELS: index`);
	});
}
function annotationsBy(example, print) {
	const plain = pairs$1(example);
	return {
		example,
		kind: "list",
		decode(raw, readQuoted) {
			const found = new Map();
			for (const [levelsAndName, text] of Object.entries(plain.decode(raw, readQuoted))) for (const key of readAnnotation(levelsAndName).map(print)) {
				if (found.has(key)) throw new Error(`"${key}" is given twice`);
				found.set(key, text);
			}
			return Object.fromEntries(found);
		}
	};
}
function printKey({ level = "manifest", platform, name }) {
	const where = platform === void 0 ? level : `${level}[${platform}]`;
	return where === "manifest" ? name : `${where}:${name}`;
}
// src/backends/backend.ts
function unsupported(reason) {
	return { unsupported: reason };
}
function noFlag(reason) {
	return { noFlag: reason };
}
function isAddress(builder) {
	return builder?.includes("://") === true;
}
function isUnsupported(answer) {
	return "unsupported" in answer;
}
// src/backends/kubernetes-options.ts
const OPTIONS = [
	...[
		"image",
		"replicas",
		"rootless",
		"loadbalance",
		"timeout"
	],
	...[
		"requests.cpu",
		"requests.memory",
		"requests.ephemeral-storage"
	],
	...[
		"limits.cpu",
		"limits.memory",
		"limits.ephemeral-storage",
		"buildkit-root-volume-memory"
	],
	...[
		"nodeselector",
		"tolerations",
		"annotations",
		"labels",
		"schedulername",
		"serviceaccount"
	],
	...["qemu.install", "qemu.image"]
];
const REFUSED = {
	namespace: "give it before the question mark",
	"default-load": "the inputs load, push and output control where the image goes",
	"persistent-volume-claim.requests.storage": "its volumes would stay in the cluster when the builder is removed"
};
const READY_WITHIN = 12e4;
function readDeployment(address) {
	const [, namespace = "", path = "", query = ""] = /^kubernetes:\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(address) ?? [];
	const pairs = [...new URLSearchParams(query)];
	const problems = pairs.flatMap(([name], index) => {
		const refused = ownValue(REFUSED, name);
		if (refused !== void 0) return [`${name}: ${refused}`];
		if (!OPTIONS.includes(name) && !/^env\../.test(name)) return [`"${name}" is not an option of ${address.split("?")[0]} (options: ${OPTIONS.join(", ")}, env.NAME)`];
		return pairs.findIndex(([other]) => other === name) === index ? [] : [`${name} is given twice`];
	});
	if (namespace !== "" && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(namespace)) problems.push(`"${namespace}" is not a valid Kubernetes namespace`);
	if (path !== "") problems.push(`"${path}" is not allowed after the namespace`);
	const options = Object.fromEntries(pairs);
	const { timeout } = options;
	const readyWithin = timeout === void 0 ? READY_WITHIN : milliseconds(timeout);
	if (readyWithin === void 0) problems.push(`timeout: "${timeout}" is not a duration such as 90s or 5m`);
	if (problems.length > 0) throw new Error(problems.join("; "));
	return {
		options: {
			...namespace === "" ? {} : { namespace },
			...options
		},
		...readyWithin && { readyWithin }
	};
}
const UNITS = {
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5
};
function milliseconds(duration) {
	if (!/^(?:\d{1,6}(?:ms|s|m|h))+$/.test(duration)) return void 0;
	return [...duration.matchAll(/(\d{1,6})(ms|s|m|h)/g)].reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * (UNITS[unit] ?? 0), 0);
}
// src/backends/builder-nodes.ts
function isOneDaemon(builder) {
	return isAddress(builder) && !/\s/.test(builder ?? "") && !builder?.startsWith(KUBERNETES);
}
function parseBuilder(raw) {
	const builder = raw.trim();
	if (isAddress(builder)) readNodes(builder);
	return builder || void 0;
}
function readNodes(builder) {
	const problems = [];
	const nodes = builder.split(/\r?\n/).flatMap((line) => {
		try {
			return line.trim() === "" ? [] : [readNode$1(line.trim())];
		} catch (error) {
			problems.push(error instanceof Error ? error.message : String(error));
			return [];
		}
	});
	if (new Set(nodes.map(({ driver }) => driver)).size > 1) problems.push("a builder has either addresses or deployments in Kubernetes, not both");
	for (const duplicate of duplicates(nodes.flatMap(({ endpoint }) => endpoint ?? []))) problems.push(`${duplicate} is given twice`);
	for (const duplicate of duplicates(nodes.flatMap(({ platforms }) => platforms.map(printPlatform)))) problems.push(`${duplicate} is given to two nodes`);
	const all = nonEmpty(nodes);
	if (problems.length > 0 || all === void 0) throw new Failure("input", problems.join("; "));
	return all;
}
const KUBERNETES = "kubernetes://";
function readNode$1(line) {
	const [address = "", ...lists] = line.split(/\s+/);
	const platforms = lists.flatMap((list) => list.split(",")).filter((platform) => platform !== "").map(parsePlatform);
	if (address.startsWith(KUBERNETES)) return {
		driver: "kubernetes",
		...readDeployment(address),
		platforms
	};
	if (!/^[a-z][a-z0-9+.-]*:\/\/./.test(address)) throw new Error(`"${address}" is not an address`);
	return {
		driver: "remote",
		endpoint: address,
		options: {},
		platforms
	};
}
// src/backends/deliveries.ts
function includesDelivery(plan, kind) {
	return plan.deliveries.some((delivery) => delivery.kind === kind);
}
function intermediateLayout(plan) {
	return plan.deliveries.find((delivery) => delivery.kind === "layout")?.path ?? `${plan.scratch}/layout`;
}
// node_modules/semver/internal/debug.js
var require_debug = __commonJSMin(((exports, module) => {
	module.exports = typeof process === "object" && process.env && process.env.NODE_DEBUG && /\bsemver\b/i.test(process.env.NODE_DEBUG) ? (...args) => console.error("SEMVER", ...args) : () => {};
}));
// node_modules/semver/internal/constants.js
var require_constants = __commonJSMin(((exports, module) => {
	module.exports = {
		MAX_LENGTH: 256,
		MAX_SAFE_COMPONENT_LENGTH: 16,
		MAX_SAFE_BUILD_LENGTH: 250,
		MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER || 9007199254740991,
		WHITESPACE_CHARACTERS: [
			"	",
			"\n",
			"\v",
			"\f",
			"\r",
			" ",
			"\xA0",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			"\u2028",
			"\u2029",
			" ",
			" ",
			"　",
			"﻿"
		],
		RELEASE_TYPES: [
			"major",
			"premajor",
			"minor",
			"preminor",
			"patch",
			"prepatch",
			"prerelease"
		],
		SEMVER_SPEC_VERSION: "2.0.0",
		FLAG_INCLUDE_PRERELEASE: 1,
		FLAG_LOOSE: 2
	};
}));
// node_modules/semver/internal/re.js
var require_re = __commonJSMin(((exports, module) => {
	const { MAX_SAFE_COMPONENT_LENGTH, MAX_SAFE_BUILD_LENGTH, MAX_LENGTH } = require_constants();
	const debug = require_debug();
	exports = module.exports = {};
	const re = exports.re = [];
	const safeRe = exports.safeRe = [];
	const src = exports.src = [];
	const safeSrc = exports.safeSrc = [];
	const t = exports.t = {};
	let R = 0;
	const LETTERDASHNUMBER = "[a-zA-Z0-9-]";
	const safeRegexReplacements = [
		["\\s", 1],
		["\\d", MAX_LENGTH],
		[LETTERDASHNUMBER, MAX_SAFE_BUILD_LENGTH]
	];
	const makeSafeRegex = (value) => {
		for (const [token, max] of safeRegexReplacements) value = value.split(`${token}*`).join(`${token}{0,${max}}`).split(`${token}+`).join(`${token}{1,${max}}`);
		return value;
	};
	const createToken = (name, value, isGlobal) => {
		const safe = makeSafeRegex(value);
		const index = R++;
		debug(name, index, value);
		t[name] = index;
		src[index] = value;
		safeSrc[index] = safe;
		re[index] = new RegExp(value, isGlobal ? "g" : void 0);
		safeRe[index] = new RegExp(safe, isGlobal ? "g" : void 0);
	};
	createToken("NUMERICIDENTIFIER", "0|[1-9]\\d*");
	createToken("NUMERICIDENTIFIERLOOSE", "\\d+");
	createToken("NONNUMERICIDENTIFIER", `\\d*[a-zA-Z-]${LETTERDASHNUMBER}*`);
	createToken("MAINVERSION", `(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})`);
	createToken("MAINVERSIONLOOSE", `(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})`);
	createToken("PRERELEASEIDENTIFIER", `(?:${src[t.NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIER]})`);
	createToken("PRERELEASEIDENTIFIERLOOSE", `(?:${src[t.NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIERLOOSE]})`);
	createToken("PRERELEASE", `(?:-(${src[t.PRERELEASEIDENTIFIER]}(?:\\.${src[t.PRERELEASEIDENTIFIER]})*))`);
	createToken("PRERELEASELOOSE", `(?:-?(${src[t.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${src[t.PRERELEASEIDENTIFIERLOOSE]})*))`);
	createToken("BUILDIDENTIFIER", `${LETTERDASHNUMBER}+`);
	createToken("BUILD", `(?:\\+(${src[t.BUILDIDENTIFIER]}(?:\\.${src[t.BUILDIDENTIFIER]})*))`);
	createToken("FULLPLAIN", `v?${src[t.MAINVERSION]}${src[t.PRERELEASE]}?${src[t.BUILD]}?`);
	createToken("FULL", `^${src[t.FULLPLAIN]}$`);
	createToken("LOOSEPLAIN", `[v=\\s]*${src[t.MAINVERSIONLOOSE]}${src[t.PRERELEASELOOSE]}?${src[t.BUILD]}?`);
	createToken("LOOSE", `^${src[t.LOOSEPLAIN]}$`);
	createToken("GTLT", "((?:<|>)?=?)");
	createToken("XRANGEIDENTIFIERLOOSE", `${src[t.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);
	createToken("XRANGEIDENTIFIER", `${src[t.NUMERICIDENTIFIER]}|x|X|\\*`);
	createToken("XRANGEPLAIN", `[v=\\s]*(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:${src[t.PRERELEASE]})?${src[t.BUILD]}?)?)?`);
	createToken("XRANGEPLAINLOOSE", `[v=\\s]*(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:${src[t.PRERELEASELOOSE]})?${src[t.BUILD]}?)?)?`);
	createToken("XRANGE", `^${src[t.GTLT]}\\s*${src[t.XRANGEPLAIN]}$`);
	createToken("XRANGELOOSE", `^${src[t.GTLT]}\\s*${src[t.XRANGEPLAINLOOSE]}$`);
	createToken("COERCEPLAIN", `(^|[^\\d])(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}})(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?`);
	createToken("COERCE", `${src[t.COERCEPLAIN]}(?:$|[^\\d])`);
	createToken("COERCEFULL", src[t.COERCEPLAIN] + `(?:${src[t.PRERELEASE]})?(?:${src[t.BUILD]})?(?:$|[^\\d])`);
	createToken("COERCERTL", src[t.COERCE], true);
	createToken("COERCERTLFULL", src[t.COERCEFULL], true);
	createToken("LONETILDE", "(?:~>?)");
	createToken("TILDETRIM", `(\\s*)${src[t.LONETILDE]}\\s+`, true);
	exports.tildeTrimReplace = "$1~";
	createToken("TILDE", `^${src[t.LONETILDE]}${src[t.XRANGEPLAIN]}$`);
	createToken("TILDELOOSE", `^${src[t.LONETILDE]}${src[t.XRANGEPLAINLOOSE]}$`);
	createToken("LONECARET", "(?:\\^)");
	createToken("CARETTRIM", `(\\s*)${src[t.LONECARET]}\\s+`, true);
	exports.caretTrimReplace = "$1^";
	createToken("CARET", `^${src[t.LONECARET]}${src[t.XRANGEPLAIN]}$`);
	createToken("CARETLOOSE", `^${src[t.LONECARET]}${src[t.XRANGEPLAINLOOSE]}$`);
	createToken("COMPARATORLOOSE", `^${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]})$|^$`);
	createToken("COMPARATOR", `^${src[t.GTLT]}\\s*(${src[t.FULLPLAIN]})$|^$`);
	createToken("COMPARATORTRIM", `(\\s*)${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]}|${src[t.XRANGEPLAIN]})`, true);
	exports.comparatorTrimReplace = "$1$2$3";
	createToken("HYPHENRANGE", `^\\s*(${src[t.XRANGEPLAIN]})\\s+-\\s+(${src[t.XRANGEPLAIN]})\\s*$`);
	createToken("HYPHENRANGELOOSE", `^\\s*(${src[t.XRANGEPLAINLOOSE]})\\s+-\\s+(${src[t.XRANGEPLAINLOOSE]})\\s*$`);
	createToken("STAR", "(<|>)?=?\\s*\\*");
	createToken("GTE0", "^\\s*>=\\s*0\\.0\\.0\\s*$");
	createToken("GTE0PRE", "^\\s*>=\\s*0\\.0\\.0-0\\s*$");
}));
// node_modules/semver/internal/parse-options.js
var require_parse_options = __commonJSMin(((exports, module) => {
	const looseOption = Object.freeze({ loose: true });
	const emptyOpts = Object.freeze({});
	const parseOptions = (options) => {
		if (!options) return emptyOpts;
		if (typeof options !== "object") return looseOption;
		return options;
	};
	module.exports = parseOptions;
}));
// node_modules/semver/internal/identifiers.js
var require_identifiers = __commonJSMin(((exports, module) => {
	const numeric = /^[0-9]+$/;
	const compareIdentifiers = (a, b) => {
		if (typeof a === "number" && typeof b === "number") return a === b ? 0 : a < b ? -1 : 1;
		const anum = numeric.test(a);
		const bnum = numeric.test(b);
		if (anum && bnum) {
			a = +a;
			b = +b;
		}
		return a === b ? 0 : anum && !bnum ? -1 : bnum && !anum ? 1 : a < b ? -1 : 1;
	};
	const rcompareIdentifiers = (a, b) => compareIdentifiers(b, a);
	module.exports = {
		compareIdentifiers,
		rcompareIdentifiers
	};
}));
// node_modules/semver/classes/semver.js
var require_semver = __commonJSMin(((exports, module) => {
	const debug = require_debug();
	const { MAX_LENGTH, MAX_SAFE_INTEGER } = require_constants();
	const { safeRe: re, t } = require_re();
	const parseOptions = require_parse_options();
	const { compareIdentifiers } = require_identifiers();
	const isPrereleaseIdentifier = (prerelease, identifier) => {
		const identifiers = identifier.split(".");
		if (identifiers.length > prerelease.length) return false;
		for (let i = 0; i < identifiers.length; i++) if (compareIdentifiers(prerelease[i], identifiers[i]) !== 0) return false;
		return true;
	};
	module.exports = class SemVer {
		constructor(version, options) {
			options = parseOptions(options);
			if (version instanceof SemVer) {
				if (version.loose === !!options.loose && version.includePrerelease === !!options.includePrerelease) return version;
				else version = version.version;
			} else if (typeof version !== "string") throw new TypeError(`Invalid version. Must be a string. Got type "${typeof version}".`);
			if (version.length > MAX_LENGTH) throw new TypeError(`version is longer than ${MAX_LENGTH} characters`);
			debug("SemVer", version, options);
			this.options = options;
			this.loose = !!options.loose;
			this.includePrerelease = !!options.includePrerelease;
			const m = version.trim().match(options.loose ? re[t.LOOSE] : re[t.FULL]);
			if (!m) throw new TypeError(`Invalid Version: ${version}`);
			this.raw = version;
			this.major = +m[1];
			this.minor = +m[2];
			this.patch = +m[3];
			if (this.major > MAX_SAFE_INTEGER || this.major < 0) throw new TypeError("Invalid major version");
			if (this.minor > MAX_SAFE_INTEGER || this.minor < 0) throw new TypeError("Invalid minor version");
			if (this.patch > MAX_SAFE_INTEGER || this.patch < 0) throw new TypeError("Invalid patch version");
			if (!m[4]) this.prerelease = [];
			else this.prerelease = m[4].split(".").map((id) => {
				if (/^[0-9]+$/.test(id)) {
					const num = +id;
					if (num >= 0 && num < MAX_SAFE_INTEGER) return num;
				}
				return id;
			});
			this.build = m[5] ? m[5].split(".") : [];
			this.format();
		}
		format() {
			this.version = `${this.major}.${this.minor}.${this.patch}`;
			if (this.prerelease.length) this.version += `-${this.prerelease.join(".")}`;
			return this.version;
		}
		toString() {
			return this.version;
		}
		compare(other) {
			debug("SemVer.compare", this.version, this.options, other);
			if (!(other instanceof SemVer)) {
				if (typeof other === "string" && other === this.version) return 0;
				other = new SemVer(other, this.options);
			}
			if (other.version === this.version) return 0;
			return this.compareMain(other) || this.comparePre(other);
		}
		compareMain(other) {
			if (!(other instanceof SemVer)) other = new SemVer(other, this.options);
			if (this.major < other.major) return -1;
			if (this.major > other.major) return 1;
			if (this.minor < other.minor) return -1;
			if (this.minor > other.minor) return 1;
			if (this.patch < other.patch) return -1;
			if (this.patch > other.patch) return 1;
			return 0;
		}
		comparePre(other) {
			if (!(other instanceof SemVer)) other = new SemVer(other, this.options);
			if (this.prerelease.length && !other.prerelease.length) return -1;
			else if (!this.prerelease.length && other.prerelease.length) return 1;
			else if (!this.prerelease.length && !other.prerelease.length) return 0;
			let i = 0;
			do {
				const a = this.prerelease[i];
				const b = other.prerelease[i];
				debug("prerelease compare", i, a, b);
				if (a === void 0 && b === void 0) return 0;
				else if (b === void 0) return 1;
				else if (a === void 0) return -1;
				else if (a === b) continue;
				else return compareIdentifiers(a, b);
			} while (++i);
		}
		compareBuild(other) {
			if (!(other instanceof SemVer)) other = new SemVer(other, this.options);
			let i = 0;
			do {
				const a = this.build[i];
				const b = other.build[i];
				debug("build compare", i, a, b);
				if (a === void 0 && b === void 0) return 0;
				else if (b === void 0) return 1;
				else if (a === void 0) return -1;
				else if (a === b) continue;
				else return compareIdentifiers(a, b);
			} while (++i);
		}
		inc(release, identifier, identifierBase) {
			if (release.startsWith("pre")) {
				if (!identifier && identifierBase === false) throw new Error("invalid increment argument: identifier is empty");
				if (identifier) {
					const match = `-${identifier}`.match(this.options.loose ? re[t.PRERELEASELOOSE] : re[t.PRERELEASE]);
					if (!match || match[1] !== identifier) throw new Error(`invalid identifier: ${identifier}`);
				}
			}
			switch (release) {
				case "premajor":
					this.prerelease.length = 0;
					this.patch = 0;
					this.minor = 0;
					this.major++;
					this.inc("pre", identifier, identifierBase);
					break;
				case "preminor":
					this.prerelease.length = 0;
					this.patch = 0;
					this.minor++;
					this.inc("pre", identifier, identifierBase);
					break;
				case "prepatch":
					this.prerelease.length = 0;
					this.inc("patch", identifier, identifierBase);
					this.inc("pre", identifier, identifierBase);
					break;
				case "prerelease":
					if (this.prerelease.length === 0) this.inc("patch", identifier, identifierBase);
					this.inc("pre", identifier, identifierBase);
					break;
				case "release":
					if (this.prerelease.length === 0) throw new Error(`version ${this.raw} is not a prerelease`);
					this.prerelease.length = 0;
					break;
				case "major":
					if (this.minor !== 0 || this.patch !== 0 || this.prerelease.length === 0) this.major++;
					this.minor = 0;
					this.patch = 0;
					this.prerelease = [];
					break;
				case "minor":
					if (this.patch !== 0 || this.prerelease.length === 0) this.minor++;
					this.patch = 0;
					this.prerelease = [];
					break;
				case "patch":
					if (this.prerelease.length === 0) this.patch++;
					this.prerelease = [];
					break;
				case "pre": {
					const base = Number(identifierBase) ? 1 : 0;
					if (this.prerelease.length === 0) this.prerelease = [base];
					else {
						let i = this.prerelease.length;
						while (--i >= 0) if (typeof this.prerelease[i] === "number") {
							this.prerelease[i]++;
							i = -2;
						}
						if (i === -1) {
							if (identifier === this.prerelease.join(".") && identifierBase === false) throw new Error("invalid increment argument: identifier already exists");
							this.prerelease.push(base);
						}
					}
					if (identifier) {
						let prerelease = [identifier, base];
						if (identifierBase === false) prerelease = [identifier];
						if (isPrereleaseIdentifier(this.prerelease, identifier)) {
							const prereleaseBase = this.prerelease[identifier.split(".").length];
							if (isNaN(prereleaseBase)) this.prerelease = prerelease;
						} else this.prerelease = prerelease;
					}
					break;
				}
				default: throw new Error(`invalid increment argument: ${release}`);
			}
			this.raw = this.format();
			if (this.build.length) this.raw += `+${this.build.join(".")}`;
			return this;
		}
	};
}));
// node_modules/semver/functions/compare.js
var require_compare = __commonJSMin(((exports, module) => {
	const SemVer = require_semver();
	const compare = (a, b, loose) => new SemVer(a, loose).compare(new SemVer(b, loose));
	module.exports = compare;
}));
// node_modules/semver/functions/lt.js
var require_lt = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const lt = (a, b, loose) => compare(a, b, loose) < 0;
	module.exports = lt;
}));
// node_modules/semver/functions/gte.js
var require_gte = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const gte = (a, b, loose) => compare(a, b, loose) >= 0;
	module.exports = gte;
}));
// node_modules/semver/functions/parse.js
var require_parse = __commonJSMin(((exports, module) => {
	const SemVer = require_semver();
	const parse = (version, options, throwErrors = false) => {
		if (version instanceof SemVer) return version;
		try {
			return new SemVer(version, options);
		} catch (er) {
			if (!throwErrors) return null;
			throw er;
		}
	};
	module.exports = parse;
}));
// src/backends/versions.ts
var import_lt = __toESM(require_lt(), 1);
var import_gte = __toESM(require_gte(), 1);
var import_parse = __toESM(require_parse(), 1);
function versionOf(text) {
	const version = (0, import_parse.default)(text?.trim() ?? "", { loose: true });
	if (version === null || version.version.startsWith("0.0.0")) return void 0;
	return `${version.major}.${version.minor}.${version.patch}`;
}
function versionsOf(found) {
	return Object.fromEntries(Object.entries(found).flatMap(([component, text]) => {
		const version = versionOf(text);
		return version === void 0 ? [] : [[component, version]];
	}));
}
function isAtLeast(engine, component, version) {
	const found = engine.versions[component];
	return found === void 0 || (0, import_gte.default)(found, version);
}
// src/backends/podman-remote.ts
const CLIENT_VERSION_ARGS = [
	"version",
	"--format",
	"{{.Client.Version}}"
];
const CLIENT_SINCE = "5.8.4";
const SERVICE_SINCE = "5.6.0";
function checkVersions(client, { podman: service }) {
	const { podman: own } = versionsOf({ podman: client?.stdout });
	const old = [...tooOld(own, CLIENT_SINCE, "the client", "to save the image"), ...tooOld(service, SERVICE_SINCE, "the service", "for named contexts")];
	if (old.length === 0) return;
	throw new Failure("tool", old.join(" · "), {
		code: "TooOld",
		lines: old,
		hint: "Update it, run podman on the machine of the service, or name a buildkitd in the input builder."
	});
}
function tooOld(version, since, part, purpose) {
	return version !== void 0 && (0, import_lt.default)(version, since) ? [`podman ${version} is too old as ${part}: ${since} or later is needed ${purpose}`] : [];
}
const FORMATS = {
	layout: "oci-dir",
	"oci-archive": "oci-archive"
};
function saveFromService(image, { features: { platforms, compression, format: mediaTypes } }, evidence) {
	if ((platforms ?? []).length > 1) return unsupported("podman's remote client saves only one platform at a time");
	if (compression !== void 0 && (compression.format !== "gzip" || compression.level !== void 0)) return unsupported("podman's service compresses saved layers with gzip, at its default level");
	if (mediaTypes === "docker") return unsupported("podman's service saves only OCI images");
	const format = FORMATS[evidence.kind];
	const args = [
		"save",
		"--format",
		format,
		"--output",
		evidence.path,
		image
	];
	return {
		steps: [{
			kind: "run",
			command: {
				title: `podman save ${format}`,
				tool: "podman",
				args
			}
		}],
		evidence: [evidence]
	};
}
const nodeDiagnosis = {
	question: () => ({ args: ["version"] }),
	unreachable: (answer, { builder }) => builder === void 0 || answer?.code === 0 ? void 0 : [`the podman service at ${builder}`]
};
// src/backends/buildah-delivery.ts
function nameOf$1({ references }) {
	return references[0].tag ?? "latest";
}
function platformImages({ features: { platforms }, kept }) {
	if (platforms === void 0 || platforms.length < 2) return void 0;
	return nonEmpty(platforms.map((platform) => {
		const name = printPlatform(platform).replaceAll("/", "-");
		return {
			platform,
			idFile: `${kept}/image-${name}.id`,
			name
		};
	}));
}
function idFile({ kept }) {
	return `${kept}/image.id`;
}
function assembleBuildah(tool) {
	return ({ plan, flags }) => {
		const build = (title, iidfile, more) => ({
			title,
			tool,
			args: [
				...[
					"build",
					"--layers=true",
					"--identity-label=false",
					"--file",
					plan.dockerfile
				],
				...flags,
				...more,
				...["--iidfile", iidfile],
				...plan.extraArgs,
				plan.context
			]
		});
		const images = platformImages(plan);
		if (images !== void 0) {
			const [first, ...others] = images;
			const member = ({ platform, idFile: iidfile }) => {
				const printed = printPlatform(platform);
				return {
					command: build(`${tool} build ${printed}`, iidfile, ["--platform", printed]),
					evidence: []
				};
			};
			return [member(first), ...others.map(member)];
		}
		const names = includesDelivery(plan, "load") ? namesOf$1(plan).flatMap((name) => ["--tag", name]) : [];
		return [{
			command: build(`${tool} build`, idFile(plan), names),
			evidence: [{
				kind: "digest",
				path: idFile(plan),
				means: "config"
			}]
		}];
	};
}
function namesOf$1({ references }) {
	return references.map(printReference);
}
function run$1(tool, title, args) {
	return {
		kind: "run",
		command: {
			title: `${tool} ${title}`,
			tool,
			args
		}
	};
}
function compressionFlags({ features: { compression } }, engine) {
	const { format = "gzip", level } = compression ?? {};
	return [
		...["--compression-format", format],
		...isAtLeast(engine, "buildah", "1.33.0") ? ["--force-compression"] : [],
		...level === void 0 ? [] : ["--compression-level", String(level)]
	];
}
function toLayout(tool, plan, engine) {
	const layout = intermediateLayout(plan);
	if (engine.remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, {
		kind: "layout",
		path: layout
	});
	const evidence = [{
		kind: "layout",
		path: layout
	}];
	const name = nameOf$1(plan);
	const images = platformImages(plan);
	const exportImage = plan.features.format === "docker" ? exportDocker : exportOci;
	const store = {
		tool,
		plan,
		engine
	};
	if (images === void 0) return {
		steps: exportImage(store, idFile(plan), name),
		evidence
	};
	const exported = images.flatMap((image) => exportImage(store, image.idFile, image.name));
	const [first, ...others] = images;
	const members = [memberOf(first), ...others.map(memberOf)];
	return {
		steps: [...exported, {
			kind: "join",
			layout,
			members,
			name
		}],
		evidence
	};
}
function fromLayout(tool, plan, engine, next) {
	const layout = toLayout(tool, plan, engine);
	return isUnsupported(layout) ? layout : {
		...layout,
		steps: [...layout.steps, next]
	};
}
const exportOci = ({ tool, plan, engine }, from, to) => [run$1(tool, "push oci", [
	"push",
	...compressionFlags(plan, engine),
	{ contentOf: from },
	`oci:${intermediateLayout(plan)}:${to}`
])];
const exportDocker = ({ tool, plan, engine }, from, to) => {
	const directory = `${plan.scratch}/docker-${to}`;
	return [run$1(tool, "push dir", [
		"push",
		...[...tool === "podman" ? ["--compress"] : [], ...compressionFlags(plan, engine)],
		{ contentOf: from },
		`dir:${directory}`
	]), {
		kind: "adopt",
		directory,
		layout: intermediateLayout(plan),
		name: to
	}];
};
function memberOf({ name, platform }) {
	return {
		name,
		platform
	};
}
function toArchive(tool, plan, path, engine) {
	if (engine.remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, {
		kind: "oci-archive",
		path
	});
	const evidence = [{
		kind: "oci-archive",
		path
	}];
	if (platformImages(plan) === void 0) {
		const to = `oci-archive:${path}:${nameOf$1(plan)}`;
		return {
			steps: [run$1(tool, "push oci-archive", [
				"push",
				...compressionFlags(plan, engine),
				{ contentOf: idFile(plan) },
				to
			])],
			evidence
		};
	}
	const layout = toLayout(tool, plan, engine);
	if (isUnsupported(layout)) return layout;
	const args = [
		"--create",
		"--file",
		path,
		"--directory",
		intermediateLayout(plan),
		"oci-layout",
		"index.json",
		"blobs"
	];
	return {
		steps: [...layout.steps, run$1("tar", "--create", args)],
		evidence: [...layout.evidence, ...evidence]
	};
}
function toList(tool, plan, images) {
	const list = `localhost/bento-image:${basename$1(plan.kept).replaceAll(/[^\w.-]/g, "-")}`;
	const step = (...args) => run$1(tool, "manifest", args);
	return { steps: [
		step("manifest", "create", list),
		...images.map((image) => step("manifest", "add", list, { contentOf: image.idFile })),
		...namesOf$1(plan).map((name) => step("tag", list, name)),
		step("manifest", "rm", list)
	] };
}
function withoutColon(deliver) {
	return (delivery, plan, engine) => delivery.path.includes(":") ? unsupported(`podman and buildah would cut the path ${delivery.path} at its colon`) : deliver(delivery, plan, engine);
}
function buildahDeliveries(tool) {
	return {
		push: (_, plan, engine) => fromLayout(tool, plan, engine, {
			kind: "upload",
			layout: intermediateLayout(plan),
			to: plan.references
		}),
		"push-by-digest": (_, plan, engine) => {
			const to = distinctRepositories(plan.references);
			return fromLayout(tool, plan, engine, {
				kind: "upload-by-digest",
				layout: intermediateLayout(plan),
				to
			});
		},
		load: (_, plan) => {
			const images = platformImages(plan);
			return images === void 0 ? {} : toList(tool, plan, images);
		},
		layout: withoutColon((_, plan, engine) => toLayout(tool, plan, engine)),
		"oci-archive": withoutColon(({ path }, plan, engine) => toArchive(tool, plan, path, engine)),
		"docker-archive": withoutColon(({ path }, plan, { remote }) => {
			if (remote === true) return unsupported("podman's remote client saves a docker archive without the image's name");
			if (platformImages(plan) !== void 0) return unsupported("a docker archive holds one platform");
			const to = `docker-archive:${path}:${printReference(plan.references[0])}`;
			return { steps: [run$1(tool, "push docker-archive", [
				"push",
				{ contentOf: idFile(plan) },
				to
			])] };
		})
	};
}
// src/backends/flags.ts
function value(flag) {
	return (given) => ({ flags: [flag, given] });
}
function each(flag) {
	return (given) => ({ flags: given.flatMap((item) => [flag, item]) });
}
function joined(flag) {
	return (given) => ({ flags: [flag, given.join(",")] });
}
function pairs(flag, prefix = "") {
	return (given) => ({ flags: pairFlags(flag, given, prefix) });
}
function pairFlags(flag, given, prefix = "") {
	return Object.entries(given).flatMap(([key, text]) => [flag, `${prefix}${key}=${text}`]);
}
function toggle(flag) {
	return (given) => given ? { flags: [flag] } : noFlag("it is off by default");
}
function since(component, version, render) {
	return {
		component,
		since: version,
		render
	};
}
function attestFlag([type, attributes]) {
	return ["--attest", attributes === "" ? `type=${type}` : `type=${type},${attributes}`];
}
// src/backends/registries.ts
const ENGINE_CONFIGURATION = noFlag("the engine reads it from its configuration, which this action writes for the engines that it starts");
const registriesByConfiguration = {
	registryMirrors: ENGINE_CONFIGURATION,
	insecureRegistries: ENGINE_CONFIGURATION,
	registryAuthorities: ENGINE_CONFIGURATION
};
// src/backends/buildah-family.ts
const REGISTRY_CACHE_ONLY = "podman and buildah store caches only in a registry repository, one tag per step";
const CACHE_REJECTED = "the repository rejected the cache";
function repositoryFlags(flag) {
	return (caches) => {
		const named = caches.map((cache) => ({
			cache,
			ref: /^(?:type=registry,ref=)?([^=,]+)(?:,|$)/.exec(cache)?.[1]
		}));
		const others = named.flatMap(({ cache, ref }) => ref === void 0 ? [cache] : []);
		if (others.length > 0) return unsupported(`${REGISTRY_CACHE_ONLY}, and do not support ${others.join(" ")}`);
		return { flags: named.flatMap(({ ref = "" }) => [flag, printRepository(parseReference(ref))]) };
	};
}
function cacheFlags$1(cache) {
	if (cache.kind !== "registry") return unsupported(REGISTRY_CACHE_ONLY);
	const repository = printRepository(cache.repository);
	const from = ["--cache-from", repository];
	return cache.write ? {
		flags: [
			...from,
			"--cache-to",
			repository
		],
		mayFail: CACHE_REJECTED
	} : { flags: from };
}
function annotationFlags(annotations) {
	const keys = Object.entries(annotations).flatMap(([key, text]) => readAnnotation(key).map((read) => ({
		...read,
		text
	})));
	if (!keys.every(isOfManifests)) return unsupported("podman and buildah annotate only manifests");
	return { flags: keys.flatMap(({ name, text }) => ["--annotation", `${name}=${text}`]) };
}
const buildahFeatures = {
	builder: unsupported("podman and buildah build in their own process"),
	builderKeys: unsupported("podman and buildah build in their own process"),
	platforms: ([first, ...others]) => others.length > 0 ? noFlag("each platform has a build of its own, which sets it") : { flags: ["--platform", printPlatform(first)] },
	format: (format) => ({ flags: ["--format", format] }),
	compression: ({ format }) => format === "none" ? unsupported("podman and buildah always compress the layers of a layout") : noFlag("the store keeps layers uncompressed; they are compressed on export"),
	epoch: ({ seconds }, engine) => ({ flags: isAtLeast(engine, "buildah", "1.41.0") ? [
		"--source-date-epoch",
		String(seconds),
		"--rewrite-timestamp"
	] : ["--timestamp", String(seconds)] }),
	strictBase: () => ({ forbids: ["does not match the expected platform"] }),
	pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
	noCache: toggle("--no-cache"),
	noCacheFilters: unsupported("podman and buildah can only disable the cache of all stages (no-cache)"),
	cacheFrom: repositoryFlags("--cache-from"),
	cacheTo: repositoryFlags("--cache-to"),
	cache: cacheFlags$1,
	target: value("--target"),
	buildArgs: pairs("--build-arg"),
	cacheMounts: unsupported("podman and buildah keep all cache mounts of a user in one directory"),
	contexts: (contexts) => ({ flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]) }),
	remoteContexts: pairs("--build-context"),
	secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
	ssh: each("--ssh"),
	labels: labelFlags,
	annotations: annotationFlags,
	attests: unsupported("podman and buildah do not create attestations"),
	addHosts: each("--add-host"),
	network: value("--network"),
	allow: unsupported("podman and buildah do not support entitlements"),
	shmSize: value("--shm-size"),
	ulimits: each("--ulimit"),
	cgroupParent: value("--cgroup-parent"),
	...registriesByConfiguration
};
const BUILDAH_OVERRIDES = ["BUILDAH_FORMAT", "BUILDAH_LAYERS"];
const CACHED_STEP$1 = /^--> (?:Using cache|Cache pulled from remote) /;
const LINKS_SINCE = "1.41.0";
const BUILDAH_MINIMUM = {
	podman: "4.3.0",
	buildah: "1.28.0",
	because: "earlier versions have no named contexts"
};
const SEVERAL_MOUNTS = {
	component: "buildah",
	since: "1.33.0"
};
const BUILDAH_DIALECT = {
	bindMount: SEVERAL_MOUNTS,
	cacheMount: SEVERAL_MOUNTS,
	secretMount: SEVERAL_MOUNTS,
	sshMount: SEVERAL_MOUNTS,
	tmpfsMount: SEVERAL_MOUNTS,
	stepNetwork: "read",
	hereDocument: SEVERAL_MOUNTS,
	linkedCopy: {
		component: "buildah",
		since: LINKS_SINCE
	},
	copyOwner: "read",
	copyMode: "read"
};
function labelFlags(labels) {
	const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
	if (mangled.length > 0) return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
	return { flags: Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]) };
}
// src/backends/last-lines.ts
function lastLines({ stdout, stderr }) {
	return `${stdout}\n${stderr}`.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").slice(-5);
}
// src/backends/buildah.ts
function readEngine$5([answer]) {
	const parsed = answer?.code === 0 ? parseJson(answer.stdout) : void 0;
	const info = typeof parsed === "object" && parsed !== null ? parsed : {};
	if (info.version === void 0) throw new Failure("engine", "buildah does not work on this machine", {
		lines: answer === void 0 ? [] : lastLines(answer),
		hint: "Run `buildah info` on the runner to see the error. A rootless buildah needs subuid and subgid ranges for its user."
	});
	return {
		versions: versionsOf({ buildah: info.version }),
		emulation: "kernel",
		...info.buildPlatform === void 0 ? {} : { platform: parsePlatform(info.buildPlatform) }
	};
}
const buildah = {
	name: "buildah",
	tool: "buildah",
	stores: ["buildah"],
	client: "podman",
	title: "buildah, no daemon",
	isCandidate: (builder) => builder === void 0,
	requires: [{
		component: "buildah",
		minimum: BUILDAH_MINIMUM.buildah,
		because: BUILDAH_MINIMUM.because
	}],
	installs: true,
	programs: {},
	provides: {
		kind: "package",
		name: "buildah"
	},
	addresses: [],
	overrides: BUILDAH_OVERRIDES,
	dialect: BUILDAH_DIALECT,
	layers: "per-step",
	cachedStep: CACHED_STEP$1,
	questions: () => [{ args: ["version", "--json"] }],
	readEngine: readEngine$5,
	assumed: { versions: {} },
	features: buildahFeatures,
	deliveries: buildahDeliveries("buildah"),
	assemble: assembleBuildah("buildah")
};
const BASE_CHECK = `skip=${[
	"ConsistentInstructionCasing",
	"CopyIgnoredFile",
	"DuplicateStageName",
	"ExposeInvalidFormat",
	"ExposeProtoCasing",
	"FileConsistentCommandCasing",
	"FromAsCasing",
	"FromPlatformFlagConstDisallowed",
	"InvalidDefaultArgInFrom",
	"InvalidDefinitionDescription",
	"JSONArgsRecommended",
	"LegacyKeyValueFormat",
	"MaintainerDeprecated",
	"MultipleInstructionsDisallowed",
	"NoEmptyContinuation",
	"RedundantTargetPlatform",
	"ReservedStageName",
	"SecretsUsedInArgOrEnv",
	"StageNameCasing",
	"UndefinedArgInFrom",
	"UndefinedVar",
	"WorkdirRelativePath"
].join(",")};error=true`;
const BASE_CHECK_LINE = `# check=${BASE_CHECK}`;
function baseCheckOf(dockerfile) {
	return dockerfile.startsWith(`${BASE_CHECK_LINE}\n`) ? "by-dockerfile" : "by-argument";
}
// src/backends/buildkit.ts
const BUILDKIT_DIALECT = {
	bindMount: "read",
	cacheMount: "read",
	secretMount: "read",
	sshMount: "read",
	tmpfsMount: "read",
	stepNetwork: "read",
	hereDocument: "read",
	linkedCopy: "read",
	copyOwner: "read",
	copyMode: "read"
};
const COMPRESSIONS = {
	gzip: "gzip",
	zstd: "zstd",
	none: "uncompressed"
};
function compressionAttributes({ format, level }) {
	return {
		compression: COMPRESSIONS[format],
		...level === void 0 ? {} : { "compression-level": String(level) },
		"force-compression": "false"
	};
}
function annotationAttributes(annotations) {
	const attributes = Object.entries(annotations).flatMap(([key, text]) => readAnnotation(key).map(({ level, platform, name }) => [`annotation${level === void 0 ? "" : `-${level}`}${platform === void 0 ? "" : `[${platform}]`}.${name}`, text]));
	return { attributes: Object.fromEntries(attributes) };
}
function quoteFields(fields) {
	return fields.map((field) => /[",\n]/.test(field) ? `"${field.replaceAll("\"", "\"\"")}"` : field).join(",");
}
const attributeFeatures = {
	format: (format) => ({ attributes: {
		"oci-mediatypes": String(format === "oci"),
		"oci-artifact": "false"
	} }),
	compression: (compression) => ({ attributes: compressionAttributes(compression) }),
	annotations: annotationAttributes
};
function renderEpoch(flag, prefix = "") {
	return ({ seconds, rewrite }) => ({
		flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${seconds}`],
		attributes: rewrite ? { "rewrite-timestamp": "true" } : {}
	});
}
function renderBaseCheck(flag, prefix = "") {
	return (where) => where === "by-argument" ? { flags: [flag, `${prefix}BUILDKIT_DOCKERFILE_CHECK=${BASE_CHECK}`] } : noFlag("the Dockerfile says so in its first line");
}
function renderCacheMounts(flag, prefix = "") {
	return (name) => ({ flags: [flag, `${prefix}BUILDKIT_CACHE_MOUNT_NS=${name}`] });
}
function isOciOnly(key, text) {
	return key.startsWith("annotation") || key.startsWith("oci-") && `${key}=${text}` !== "oci-mediatypes=false";
}
function withAttributes(exporter, attributes) {
	const fitting = Object.entries(attributes).filter(([key, text]) => exporter.type !== "docker" || !isOciOnly(key, text));
	return {
		...exporter,
		attributes: {
			...exporter.attributes,
			...Object.fromEntries(fitting)
		}
	};
}
function joinNames(references) {
	return references.map(printReference).join(",");
}
const fileDeliveries = {
	layout: ({ path }, plan) => ({
		exporters: [{
			type: "oci",
			attributes: {
				name: joinNames(plan.references),
				dest: path,
				tar: "false"
			}
		}],
		evidence: [{
			kind: "layout",
			path
		}]
	}),
	"oci-archive": ({ path }, plan) => ({
		exporters: [{
			type: "oci",
			attributes: {
				name: joinNames(plan.references),
				dest: path
			}
		}],
		evidence: [{
			kind: "oci-archive",
			path
		}]
	}),
	"docker-archive": ({ path }, plan) => dockerArchive(path, plan)
};
function refuseAttestations(plan, steps) {
	return plan.features.attests === void 0 ? steps : unsupported("a docker archive, which loading uses too, cannot hold attestations");
}
function dockerArchive(path, plan) {
	if ((plan.features.platforms ?? []).length > 1) return unsupported("a docker archive holds one platform");
	return refuseAttestations(plan, { exporters: [{
		type: "docker",
		attributes: {
			name: joinNames(plan.references),
			dest: path
		}
	}] });
}
function pushByDigest(plan) {
	if (includesDelivery(plan, "load") || includesDelivery(plan, "docker-archive")) return uploadByDigest(plan);
	return { exporters: [{
		type: "image",
		attributes: {
			name: distinctRepositories(plan.references).map(printRepository).join(","),
			push: "true",
			"push-by-digest": "true",
			"name-canonical": "true"
		}
	}] };
}
function uploadByDigest(plan) {
	const path = intermediateLayout(plan);
	return {
		...includesDelivery(plan, "layout") ? {} : fileDeliveries.layout({ path }, plan),
		steps: [{
			kind: "upload-by-digest",
			layout: path,
			to: distinctRepositories(plan.references)
		}]
	};
}
function printExporter({ type, attributes }) {
	return quoteFields([`type=${type}`, ...Object.entries(attributes).map(([key, text]) => `${key}=${text}`)]);
}
function metadataEvidence(path, exporters) {
	return {
		kind: "metadata",
		path,
		trust: exporters.some(({ type }) => type === "docker") ? "config" : "root"
	};
}
function hostPairs(addHosts) {
	return addHosts.map((entry) => entry.replace(":", "=")).join(",");
}
// src/backends/buildkit-cache.ts
const CACHED_STEP = /^#\d+ CACHED$/;
function renderCache(from, to) {
	return (cache) => {
		const described = describeCache(cache);
		return { flags: [
			from,
			described.from,
			...cache.write ? [to, described.to] : []
		] };
	};
}
const EXPORT_OPTIONS = ["mode=max", "ignore-error=true"];
function describeCache(cache) {
	switch (cache.kind) {
		case "registry": {
			const fields = ["type=registry", `ref=${printReference({
				...cache.repository,
				tag: cache.tag
			})}`];
			const form = ["image-manifest=true", "oci-mediatypes=true"];
			return {
				from: quoteFields(fields),
				to: quoteFields([
					...fields,
					...EXPORT_OPTIONS,
					...form
				])
			};
		}
		case "gha": {
			const fields = ["type=gha", `scope=${cache.scope}`];
			return {
				from: quoteFields(fields),
				to: quoteFields([...fields, ...EXPORT_OPTIONS])
			};
		}
		case "local": {
			const { directory } = cache;
			return {
				from: quoteFields(["type=local", `src=${directory}`]),
				to: quoteFields([
					"type=local",
					`dest=${directory}`,
					...EXPORT_OPTIONS
				])
			};
		}
		case "inline": return {
			from: quoteFields(["type=registry", `ref=${printReference(cache.image)}`]),
			to: "type=inline"
		};
	}
}
// src/backends/buildkitd.ts
function addressFlags(builder, { ca, cert, key } = {}) {
	return Object.entries({
		"--addr": builder,
		"--tlscacert": ca,
		"--tlscert": cert,
		"--tlskey": key
	}).flatMap(([flag, text]) => text === void 0 ? [] : [flag, text]);
}
function workersQuestion(builder, keys) {
	return {
		tool: "buildctl",
		args: [
			...addressFlags(builder, keys),
			"debug",
			"workers",
			"--format",
			"{{json .}}"
		]
	};
}
function nativePlatform(workers) {
	const [worker] = Array.isArray(workers) ? workers : [];
	const [first] = worker?.platforms ?? [];
	if (first?.os === void 0 || first.architecture === void 0) return {};
	const { os, architecture, variant } = first;
	return { platform: normalizePlatform({
		os,
		architecture,
		...variant === void 0 ? {} : { variant }
	}) };
}
function describeDaemon(builder) {
	return builder === void 0 ? "a buildkitd" : `the buildkitd at ${builder}`;
}
function unreachableBuildkitd(answer, { builder }) {
	return answer?.code === 0 ? [] : [`the buildkitd at ${builder ?? "buildctl's default address"}`];
}
// src/backends/unreachable.ts
const HINTS = [
	[/Permission denied|Too many authentication failures/, "ssh cannot ask for a password here. In an earlier step, give it a key that the machine accepts, in an agent (SSH_AUTH_SOCK) or in ~/.ssh."],
	[/Host key verification failed/, "In an earlier step, add the machine's host key to ~/.ssh/known_hosts. Copy the key from the machine itself."],
	[/(?:command )?not found/, "buildctl must be on the PATH of that user on that machine."],
	[/dial unix/, "No buildkitd listens on that socket, or this user may not use it; ssh://user@host/path/buildkitd.sock names another socket."],
	[/^ssh: |Connection (?:closed|reset|timed out)/, "Check that the address is right, that sshd runs, and that no firewall blocks this runner."]
];
const DEFAULT_HINT = "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST.";
function buildkitdMissing(message, answers) {
	const line = answers.map(({ stderr }) => helperError(stderr)).find((found) => found !== void 0);
	const [, hint = DEFAULT_HINT] = HINTS.find(([pattern]) => pattern.test(line ?? "")) ?? [];
	return new Failure("engine", line === void 0 ? message : `${message}: ${line}`, {
		code: "BuildkitdMissing",
		lines: answers.flatMap(lastLines),
		hint
	});
}
function helperError(stderr) {
	return (/has exited with .{0,200}stderr=((?:[^"\\]|\\.)*)/.exec(stderr)?.[1] ?? "").split(/(?:\\[rn])+/).map((line) => line.replaceAll("\\\"", "\"").trim()).findLast((line) => line !== "");
}
// src/backends/buildctl.ts
function option(key, text) {
	return { flags: ["--opt", `${key}=${text}`] };
}
function cacheFlags(flag) {
	return (caches) => ({ flags: caches.flatMap((cache) => [flag, cache.includes("type=") ? cache : `type=registry,ref=${cache}`]) });
}
const features$1 = {
	...attributeFeatures,
	builder: (address) => isOneDaemon(address) ? noFlag("the command names the detected daemon") : unsupported("buildctl takes one address, for example unix:///run/buildkit/buildkitd.sock"),
	builderKeys: noFlag("they are global flags of buildctl, before `build`"),
	platforms: (platforms) => option("platform", platforms.map(printPlatform).join(",")),
	epoch: renderEpoch("--opt", "build-arg:"),
	strictBase: renderBaseCheck("--opt", "build-arg:"),
	pull: (pull) => pull ? option("image-resolve-mode", "pull") : noFlag("the daemon uses the base image that it has"),
	noCache: toggle("--no-cache"),
	noCacheFilters: (stages) => option("no-cache", stages.join(",")),
	cacheFrom: cacheFlags("--import-cache"),
	cacheTo: cacheFlags("--export-cache"),
	cache: renderCache("--import-cache", "--export-cache"),
	target: (target) => option("target", target),
	buildArgs: pairs("--opt", "build-arg:"),
	cacheMounts: renderCacheMounts("--opt", "build-arg:"),
	contexts: (contexts) => ({ flags: contexts.flatMap(({ name, directory }) => [
		"--local",
		`${name}=${directory}`,
		"--opt",
		`context:${name}=local:${name}`
	]) }),
	remoteContexts: pairs("--opt", "context:"),
	secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
	ssh: each("--ssh"),
	labels: pairs("--opt", "label:"),
	attests: (attests) => ({ flags: Object.entries(attests).flatMap(([type, attributes]) => ["--opt", `attest:${type}=${attributes}`]) }),
	addHosts: (addHosts) => option("add-hosts", hostPairs(addHosts)),
	network: (mode) => ({ flags: [
		"--opt",
		`force-network-mode=${mode}`,
		...mode === "host" ? ["--allow", "network.host"] : []
	] }),
	allow: each("--allow"),
	shmSize: (size) => {
		const bytes = parseBytes(size);
		return bytes === void 0 ? unsupported(`"${size}" is not a size such as 128m`) : option("shm-size", String(bytes));
	},
	ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
	cgroupParent: (parent) => option("cgroup-parent", parent),
	...registriesByConfiguration
};
function assemble$2({ plan, engine, flags, exporters }) {
	const metadata = `${plan.kept}/metadata.json`;
	return [{
		command: {
			title: "buildctl build",
			tool: "buildctl",
			args: [
				...addressFlags(engine.builder, plan.features.builderKeys),
				...[
					"build",
					"--progress",
					"plain",
					"--frontend",
					"dockerfile.v0"
				],
				...[
					"--local",
					`context=${plan.context}`,
					"--local",
					`dockerfile=${dirname$1(plan.dockerfile)}`
				],
				...["--opt", `filename=${basename$1(plan.dockerfile)}`],
				...flags,
				...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
				...["--metadata-file", metadata],
				...plan.extraArgs
			]
		},
		evidence: [metadataEvidence(metadata, exporters)]
	}];
}
function readEngine$4([workers, info], builder) {
	if (workers === void 0 || workers.code !== 0) throw buildkitdMissing(`buildctl cannot reach ${describeDaemon(builder)}`, workers === void 0 ? [] : [workers]);
	const version = /"version":\s*"([^"]+)"/.exec(info?.stdout ?? "")?.[1];
	return {
		versions: versionsOf({ buildkit: version }),
		...nativePlatform(parseJson(workers.stdout)),
		...builder === void 0 ? {} : { builder }
	};
}
const buildctl = {
	name: "buildctl",
	tool: "buildctl",
	stores: [
		"docker",
		"podman",
		"nerdctl"
	],
	client: "docker",
	title: "buildctl with a running buildkitd, local or remote",
	isCandidate: (builder) => builder === void 0 || isOneDaemon(builder),
	requires: [{
		component: "buildkit",
		minimum: "0.13.0",
		because: "needed for rewriting file times and for several outputs of one build"
	}],
	installs: true,
	programs: {
		buildctl: "buildkit",
		buildkitd: "buildkit",
		runc: "buildkit",
		rootlesskit: "rootlesskit"
	},
	provides: {
		kind: "engine",
		engine: "buildkitd"
	},
	addresses: ["BUILDKIT_HOST"],
	overrides: [],
	dialect: BUILDKIT_DIALECT,
	layers: "per-step",
	cachedStep: CACHED_STEP,
	questions: (builder, keys) => [workersQuestion(builder, keys), { args: [
		...addressFlags(builder, keys),
		"debug",
		"info",
		"--format",
		"{{json .}}"
	] }],
	readEngine: readEngine$4,
	nodeDiagnosis: {
		question: workersQuestion,
		unreachable: unreachableBuildkitd
	},
	assumed: { versions: {} },
	features: features$1,
	deliveries: {
		...fileDeliveries,
		push: (_, plan) => ({ exporters: [{
			type: "image",
			attributes: {
				name: joinNames(plan.references),
				push: "true"
			}
		}] }),
		"push-by-digest": (_, plan) => pushByDigest(plan),
		load: (_, plan) => {
			const archive = `${plan.scratch}/image.tar`;
			const exported = dockerArchive(archive, plan);
			return isUnsupported(exported) ? exported : {
				...exported,
				steps: [{
					kind: "load",
					archive
				}]
			};
		}
	},
	assemble: assemble$2
};
// src/backends/docker-build-flags.ts
const dockerBuildFlags = {
	...attributeFeatures,
	platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
	epoch: renderEpoch("--build-arg"),
	strictBase: renderBaseCheck("--build-arg"),
	pull: toggle("--pull"),
	noCache: toggle("--no-cache"),
	cacheFrom: each("--cache-from"),
	cacheTo: each("--cache-to"),
	cache: renderCache("--cache-from", "--cache-to"),
	target: value("--target"),
	buildArgs: pairs("--build-arg"),
	cacheMounts: renderCacheMounts("--build-arg"),
	contexts: (contexts) => ({ flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]) }),
	remoteContexts: pairs("--build-context"),
	secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
	ssh: each("--ssh"),
	labels: pairs("--label"),
	attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
	network: value("--network"),
	allow: each("--allow")
};
// src/backends/buildx-build.ts
const SCHEMES = [
	"docker-container:",
	"kube-pod:",
	"ssh:",
	"tcp:",
	"unix:"
];
const DOCKER_OVERRIDES = [
	"DOCKER_BUILDKIT",
	"DOCKER_DEFAULT_PLATFORM",
	"DOCKER_CONTENT_TRUST",
	"BUILDKIT_PROGRESS",
	"BUILDKIT_SYNTAX",
	"BUILDX_DEFAULT_POLICY",
	"BUILDX_GIT_INFO",
	"BUILDX_GIT_LABELS",
	"BUILDX_METADATA_PROVENANCE",
	"BUILDX_METADATA_WARNINGS",
	"BUILDX_NO_DEFAULT_ATTESTATIONS",
	"BUILDX_NO_DEFAULT_LOAD",
	"BUILDX_NO_DEFAULT_OCI_ARTIFACT"
];
function nodesOf(builder) {
	return isAddress(builder) ? readNodes(builder) : void 0;
}
const buildxFeatures = {
	...dockerBuildFlags,
	builder: (builder) => {
		const unknown = nodesOf(builder)?.find(({ endpoint = "tcp:" }) => !SCHEMES.some((one) => endpoint.startsWith(one)));
		return unknown === void 0 ? noFlag("the command names the detected builder") : unsupported(`buildx does not support the address ${unknown.endpoint}`);
	},
	builderKeys: ({ ca }) => ca === void 0 ? unsupported("buildx also needs the CA certificate (builder-ca)") : noFlag("buildx gets them when it creates the builder"),
	noCacheFilters: joined("--no-cache-filter"),
	addHosts: each("--add-host"),
	shmSize: value("--shm-size"),
	ulimits: each("--ulimit"),
	cgroupParent: value("--cgroup-parent"),
	...registriesByConfiguration
};
function attestationsOff({ attests = {} }) {
	return [...attests.provenance === void 0 ? ["--provenance=false"] : [], ...attests.sbom === void 0 ? ["--sbom=false"] : []];
}
function assembleBuildx({ plan, engine, flags, exporters }) {
	const metadata = `${plan.kept}/metadata.json`;
	const args = [
		...["buildx", "build"],
		...engine.builder === void 0 ? [] : ["--builder", engine.builder],
		...[
			"--progress",
			"plain",
			"--file",
			plan.dockerfile
		],
		...flags,
		...attestationsOff(plan.features),
		...exporters.length === 0 ? ["--output", "type=cacheonly"] : [],
		...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
		...["--metadata-file", metadata],
		...plan.extraArgs,
		plan.context
	];
	return [{
		command: {
			title: `docker buildx build (${engine.builder ?? "the current builder"})`,
			tool: "docker",
			args
		},
		evidence: [metadataEvidence(metadata, exporters)]
	}];
}
function missingBuildx(answer) {
	return new ProgramMissing("docker-buildx", {
		message: "docker has no buildx plugin; the legacy builder cannot build this image",
		lines: answer === void 0 ? [] : lastLines(answer),
		hint: "Let the action install it (input install), install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl."
	});
}
function podmanAsDocker() {
	return new Failure("tool", "the program docker on this machine is podman", {
		code: "NotDocker",
		hint: "Use the backend podman."
	});
}
// src/backends/buildx-inspect.ts
function readInspect(text) {
	const [head = "", ...rest] = text.split(/^Nodes:.*$/m);
	const nodes = rest.join("").split(/^(?=Name:)/m).filter((part) => part.startsWith("Name:"));
	const [name, driver, error] = [
		"Name",
		"Driver",
		"Error"
	].map((label) => field(head, label));
	return {
		name,
		driver,
		error,
		nodes: nodes.map(readNode)
	};
}
function readNode(text) {
	return {
		name: field(text, "Name") ?? "",
		address: field(text, "Endpoint") ?? "",
		status: field(text, "Status"),
		buildkit: field(text, "BuildKit(?: version)?"),
		platforms: (field(text, "Platforms")?.split(",") ?? []).flatMap(readPlatform)
	};
}
function readPlatform(word) {
	try {
		return [parsePlatform(word.trim().replace(/\*?( \(\+\d+\))?$/, ""))];
	} catch {
		return [];
	}
}
function field(text, name) {
	return new RegExp(`^${name}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1]?.trim();
}
function inspectQuestion(builder) {
	return { args: [
		"buildx",
		"inspect",
		"--timeout",
		"4s",
		...builderFlag(builder)
	] };
}
function builderFlag(builder) {
	return builder === void 0 ? [] : ["--builder", builder];
}
function isUnreachable({ status }) {
	return status !== void 0 && status !== "running";
}
function unreachableNodes(answer, { nodes = [] }) {
	if (answer === void 0 || answer.code !== 0) return void 0;
	return readInspect(answer.stdout).nodes.filter(isUnreachable).map((node) => {
		const platform = node.platforms[0] ?? nodes.find(({ name }) => name === node.name)?.platforms[0];
		return `node ${node.name} at ${node.address}${platform === void 0 ? "" : ` (${printPlatform(platform)})`}`;
	});
}
// src/backends/current-builder.ts
const buildxCurrent = {
	path(env) {
		const docker = env["DOCKER_CONFIG"] || `${env["HOME"] || "/root"}/.docker`;
		return `${env["BUILDX_CONFIG"] || `${docker}/buildx`}/current`;
	},
	read(text) {
		const stored = parseJson(text);
		const name = isJsonObject(stored) ? stored["Name"] : void 0;
		return typeof name === "string" && name !== "" && name !== "default" ? name : void 0;
	}
};
// src/backends/buildx.ts
const RUNNING_DRIVERS = [
	"remote",
	"docker",
	void 0
];
function mayStart([, inspect]) {
	if (inspect === void 0 || inspect.code !== 0) return true;
	const { driver, nodes } = readInspect(inspect.stdout);
	return !RUNNING_DRIVERS.includes(driver) && !nodes.every(({ status }) => status === "running");
}
function buildxVersion(answer) {
	return /buildx\s+v?(\S+)/.exec(answer?.stdout ?? "")?.[1];
}
function readEngine$3([version, ...inspections]) {
	if (version === void 0 || version.code !== 0) throw missingBuildx(version);
	if (!version.stdout.includes("buildx")) throw podmanAsDocker();
	const inspect = inspections.at(-1);
	if (inspect === void 0 || inspect.code !== 0) throw notInspected(inspections);
	const { name, driver, nodes, error } = readInspect(inspect.stdout);
	if (driver === "docker" || driver === void 0) throw dockerDriver(name ?? "default", error);
	const unreachable = nodes.filter(isUnreachable);
	if (unreachable.length > 0) throw nodesUnreachable(name ?? "", unreachable);
	const [first] = nodes;
	const platform = first?.platforms[0];
	return {
		versions: versionsOf({
			buildx: buildxVersion(version),
			buildkit: first?.buildkit
		}),
		nodes: nodes.map(({ name: node, address, platforms }) => ({
			name: node,
			address,
			platforms
		})),
		...platform === void 0 ? {} : { platform },
		...name === void 0 ? {} : { builder: name }
	};
}
function nodesUnreachable(builder, nodes) {
	const descriptions = nodes.map(({ name, address, status }) => `node ${name} at ${address} is ${status}`);
	return new Failure("engine", `the builder ${builder} has nodes that do not answer: ${descriptions.join(" · ")}`, {
		code: "NodeDead",
		lines: descriptions,
		hint: "Start the daemon there, or check its address and certificates. To recreate the builder, use `docker buildx rm` and `docker buildx create`."
	});
}
function notInspected(inspections) {
	const [first, second] = inspections;
	const { name } = readInspect(first?.code === 0 ? first.stdout : "");
	const last = second ?? first;
	return new Failure("engine", name === void 0 ? "buildx finds no builder" : `the builder ${name} does not start`, {
		code: name === void 0 ? "NoBuilder" : "BuilderNotStarted",
		lines: last === void 0 ? [] : lastLines(last),
		hint: "List the builders with `docker buildx ls`. Create one with `docker buildx create --use`, or name one in the input builder."
	});
}
function dockerDriver(name, error) {
	return new Failure("engine", `the builder ${name} is the docker daemon itself (docker driver)`, {
		code: "DockerDriver",
		lines: error === void 0 ? [] : [error],
		hint: "Use the backend docker, or create a separate builder with docker/setup-buildx-action or `docker buildx create --use`."
	});
}
function byOneNode(deliver) {
	return (delivery, plan, { nodes = [] }) => nodes.length > 1 && (plan.features.platforms ?? []).length > 1 ? unsupported("a builder with several nodes cannot write one file for several platforms; push the image and copy it from the registry") : deliver(delivery, plan);
}
const buildx = {
	name: "buildx",
	tool: "docker",
	stores: ["docker"],
	client: "docker",
	title: "docker buildx with the current builder, a named one, or one created from addresses",
	isCandidate: (builder) => !isOneDaemon(builder),
	requires: [{
		component: "buildx",
		minimum: "0.13.0",
		because: "needed for several outputs of one build and for named contexts"
	}, {
		component: "buildkit",
		minimum: "0.13.0",
		because: "needed for rewriting file times"
	}],
	installs: false,
	programs: {
		"docker-buildx": "buildx",
		buildkitd: "buildkit",
		runc: "buildkit",
		rootlesskit: "rootlesskit"
	},
	provides: {
		kind: "engine",
		engine: "buildx-builder"
	},
	addresses: ["BUILDX_BUILDER"],
	overrides: DOCKER_OVERRIDES,
	dialect: BUILDKIT_DIALECT,
	layers: "per-step",
	cachedStep: CACHED_STEP,
	questions: (builder) => [
		{ args: ["buildx", "version"] },
		inspectQuestion(builder),
		{
			args: [
				"buildx",
				"inspect",
				"--bootstrap",
				...builderFlag(builder)
			],
			isOpen: mayStart
		}
	],
	nodesOf,
	currentBuilder: buildxCurrent,
	readEngine: readEngine$3,
	nodeDiagnosis: {
		question: inspectQuestion,
		unreachable: unreachableNodes
	},
	assumed: { versions: {} },
	features: buildxFeatures,
	deliveries: {
		layout: byOneNode(fileDeliveries.layout),
		"oci-archive": byOneNode(fileDeliveries["oci-archive"]),
		"docker-archive": fileDeliveries["docker-archive"],
		push: (_, plan) => ({ exporters: [{
			type: "image",
			attributes: {
				name: joinNames(plan.references),
				push: "true"
			}
		}] }),
		"push-by-digest": (_, plan) => pushByDigest(plan),
		load: byOneNode((_, plan) => refuseAttestations(plan, { exporters: [{
			type: "docker",
			attributes: { name: joinNames(plan.references) }
		}] }))
	},
	assemble: assembleBuildx
};
// src/backends/docker.ts
function parseInfo(answer) {
	const parsed = parseJson(answer?.stdout ?? "");
	return typeof parsed === "object" && parsed !== null ? parsed : {};
}
function storeOf(info) {
	return (info.DriverStatus ?? []).some((pair) => pair.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}
const REWRITES_SINCE = "29.1.0";
const CLASSIC_NOTE = "This docker daemon uses the classic image store, which creates its own layers: its images have other digests than those of other backends. The containerd image store and the backend buildx give the same digest everywhere.";
function readEngine$2([answer]) {
	const info = parseInfo(answer);
	if (info.host !== void 0) throw podmanAsDocker();
	if (info.ServerVersion === void 0 || info.ServerVersion === "") throw new Failure("engine", "the docker daemon cannot be reached", {
		lines: info.ServerErrors ?? (answer === void 0 ? [] : lastLines(answer)),
		hint: "Start the daemon, give this user access to its socket (group docker), or choose the backend podman, buildah or buildctl."
	});
	const plugin = info.ClientInfo?.Plugins?.find(({ Name }) => Name === "buildx");
	if (plugin === void 0) throw missingBuildx(void 0);
	const store = storeOf(info);
	const versions = versionsOf({
		docker: info.ServerVersion,
		buildx: plugin.Version
	});
	if (store === "containerd" && !isAtLeast({ versions }, "docker", REWRITES_SINCE)) throw new Failure("tool", `docker ${info.ServerVersion} cannot rewrite file times with the containerd image store`, { hint: `Use the backend buildx with a docker-container builder, or docker ${REWRITES_SINCE} or newer.` });
	return {
		versions,
		store,
		builder: info.ClientInfo?.Context ?? "default",
		...platformOf(info),
		...info.ClientInfo?.Context === "default" ? { emulation: "kernel" } : {},
		...store === "classic" ? { notes: [CLASSIC_NOTE] } : {}
	};
}
function platformOf({ OSType, Architecture }) {
	return OSType === void 0 || Architecture === void 0 ? {} : { platform: parsePlatform(`${OSType}/${Architecture}`) };
}
function image(plan, engine, more = {}) {
	const unpack = engine.store === "classic" ? {} : { unpack: "false" };
	return { exporters: [{
		type: "image",
		attributes: {
			name: joinNames(plan.references),
			...more,
			...unpack
		}
	}] };
}
function onContainerd(deliver) {
	return (delivery, plan, engine) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : deliver(delivery, plan);
}
const CLASSIC_ATTRIBUTES = new Set([
	"name",
	"push",
	"dest"
]);
function assemble$1(invocation) {
	if (invocation.engine.store !== "classic") return assembleBuildx(invocation);
	const exporters = invocation.exporters.map(({ type, attributes }) => ({
		type,
		attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => CLASSIC_ATTRIBUTES.has(key)))
	}));
	const [{ command, evidence }] = assembleBuildx({
		...invocation,
		exporters
	});
	return [{
		command,
		evidence: evidence.map((item) => item.kind === "metadata" && !includesDelivery(invocation.plan, "push") ? {
			...item,
			trust: "config"
		} : item)
	}];
}
const CLASSIC_LIMIT = "the classic image store of this docker daemon does not support it; switch the daemon to the containerd image store";
function notOnClassic(render) {
	return (given, engine, features) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : render(given, engine, features);
}
const docker = {
	name: "docker",
	tool: "docker",
	stores: ["docker"],
	client: "docker",
	title: "the docker daemon itself (docker driver of buildx)",
	isCandidate: (builder) => builder === void 0,
	requires: [{
		component: "docker",
		minimum: "23.0.0",
		because: "needed for BuildKit as the daemon's default builder"
	}, {
		component: "buildx",
		minimum: "0.13.0",
		because: "needed for several outputs of one build and for named contexts"
	}],
	installs: false,
	programs: { "docker-buildx": "buildx" },
	provides: { kind: "nothing" },
	addresses: [],
	overrides: DOCKER_OVERRIDES,
	dialect: BUILDKIT_DIALECT,
	layers: "per-step",
	cachedStep: CACHED_STEP,
	questions: () => [{ args: [
		"info",
		"--format",
		"{{json .}}"
	] }],
	readEngine: readEngine$2,
	assumed: {
		versions: {},
		store: "containerd",
		builder: "default"
	},
	features: {
		...buildxFeatures,
		builder: unsupported("docker always builds in its own daemon"),
		builderKeys: unsupported("docker always builds in its own daemon"),
		platforms: (platforms, engine) => engine.store === "classic" && platforms.length > 1 ? unsupported(CLASSIC_LIMIT) : buildxFeatures.platforms(platforms),
		cacheTo: (caches, engine, features) => engine.store === "classic" && caches.some((cache) => !/^(?:.*,)?type=inline\b/.test(cache)) ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cacheTo(caches, engine, features),
		cache: (cache, engine, features) => engine.store === "classic" && cache.write && cache.kind !== "inline" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cache(cache, engine, features),
		annotations: notOnClassic(buildxFeatures.annotations),
		attests: notOnClassic(buildxFeatures.attests),
		compression: (given, engine) => engine.store === "classic" && given.format !== "gzip" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.compression(given)
	},
	deliveries: {
		...fileDeliveries,
		layout: onContainerd(fileDeliveries.layout),
		"oci-archive": onContainerd(fileDeliveries["oci-archive"]),
		"docker-archive": onContainerd(fileDeliveries["docker-archive"]),
		push: (_, plan, engine) => image(plan, engine, { push: "true" }),
		"push-by-digest": onContainerd((_, plan) => uploadByDigest(plan)),
		load: (_, plan, engine) => includesDelivery(plan, "push") ? {} : image(plan, engine)
	},
	assemble: assemble$1
};
// src/backends/nerdctl.ts
const NO_SUCH_FLAG = "nerdctl build has no such flag";
const features = {
	...dockerBuildFlags,
	builder: (address) => isOneDaemon(address) ? noFlag("the command names the detected daemon") : unsupported("nerdctl takes the address of one buildkitd"),
	builderKeys: unsupported("nerdctl has no flags for certificates of a buildkitd"),
	noCacheFilters: unsupported(NO_SUCH_FLAG),
	addHosts: since("nerdctl", "2.0.3", each("--add-host")),
	shmSize: unsupported(NO_SUCH_FLAG),
	ulimits: unsupported(NO_SUCH_FLAG),
	cgroupParent: unsupported(NO_SUCH_FLAG),
	...registriesByConfiguration
};
function assemble({ plan, engine, flags, exporters }) {
	const cached = flags.filter((flag) => flag !== "--no-cache" && flag !== "--pull");
	return nonEmpty(exporters.map((exporter, index) => assembleOne({
		plan,
		engine,
		flags: index === 0 ? flags : cached
	}, exporter, index))) ?? [assembleOne({
		plan,
		engine,
		flags
	}, CACHE_ONLY, 0)];
}
const CACHE_ONLY = {
	type: "image",
	attributes: { store: "false" }
};
function assembleOne({ plan, engine, flags }, exporter, index) {
	const isNamed = exporter.type === "image" && exporter !== CACHE_ONLY;
	const [first] = plan.references;
	const names = includesDelivery(plan, "load") ? plan.references : [first];
	const iidfile = `${plan.kept}/image-${index}.id`;
	const args = [
		"build",
		...engine.builder === void 0 ? [] : ["--buildkit-host", engine.builder],
		...[
			"--progress",
			"plain",
			"--file",
			plan.dockerfile
		],
		...flags,
		...isNamed ? names.flatMap((reference) => ["--tag", printReference(reference)]) : [],
		...["--output", printExporter(exporter)],
		...isNamed ? ["--iidfile", iidfile] : [],
		...plan.extraArgs,
		plan.context
	];
	return {
		command: {
			title: `nerdctl build (${exporter.attributes["push"] === "true" ? "push" : exporter.type})`,
			tool: "nerdctl",
			args
		},
		evidence: isNamed ? [{
			kind: "digest",
			path: iidfile,
			means: "root"
		}] : []
	};
}
const NAMESPACED_ADDRESS = "unix:///run/buildkit-default/buildkitd.sock";
function readEngine$1([version, ...workers], builder) {
	if (version === void 0 || version.code !== 0) throw new Failure("engine", "nerdctl cannot reach containerd", {
		lines: version === void 0 ? [] : lastLines(version),
		hint: "Start containerd, or name its socket in CONTAINERD_ADDRESS. A rootless containerd serves only its own user."
	});
	if (workers.every(({ code }) => code !== 0)) throw buildkitdMissing(`nerdctl cannot reach ${describeDaemon(builder)}`, workers);
	const [first, namespaced] = workers;
	const address = builder ?? (first?.code === 0 ? void 0 : NAMESPACED_ADDRESS);
	const answer = first?.code === 0 ? first : namespaced;
	const found = /"Client":\s*\{\s*"Version":\s*"v?([^"]+)"/.exec(version.stdout)?.[1];
	return {
		versions: versionsOf({ nerdctl: found }),
		...nativePlatform(parseJson(answer?.stdout ?? "")),
		...address === void 0 ? {} : { builder: address }
	};
}
const nerdctl = {
	name: "nerdctl",
	tool: "nerdctl",
	stores: ["nerdctl"],
	client: "nerdctl",
	title: "nerdctl with containerd and its buildkitd",
	isCandidate: (builder) => builder === void 0,
	requires: [{
		component: "nerdctl",
		minimum: "2.0.0",
		because: "needed for named contexts"
	}],
	installs: true,
	programs: {
		nerdctl: "nerdctl",
		buildctl: "buildkit",
		buildkitd: "buildkit",
		containerd: "nerdctl-full",
		"containerd-shim-runc-v2": "nerdctl-full",
		runc: "nerdctl-full"
	},
	provides: {
		kind: "engine",
		engine: "containerd"
	},
	addresses: ["BUILDKIT_HOST"],
	overrides: [],
	dialect: BUILDKIT_DIALECT,
	layers: "per-step",
	cachedStep: CACHED_STEP,
	questions: (builder) => [
		{ args: [
			"version",
			"--format",
			"json"
		] },
		workersQuestion(builder),
		...builder === void 0 ? [workersQuestion(NAMESPACED_ADDRESS)] : []
	],
	readEngine: readEngine$1,
	nodeDiagnosis: {
		question: workersQuestion,
		unreachable: unreachableBuildkitd
	},
	assumed: { versions: {} },
	features,
	deliveries: {
		...fileDeliveries,
		push: (_, plan) => {
			const [first, ...others] = plan.references;
			const rest = nonEmpty(others);
			return {
				exporters: [{
					type: "image",
					attributes: { push: "true" }
				}],
				...rest === void 0 ? {} : { steps: [{
					kind: "copy",
					from: first,
					to: rest
				}] }
			};
		},
		"push-by-digest": (_, plan) => uploadByDigest(plan),
		load: (_, plan) => includesDelivery(plan, "push") ? {} : { exporters: [{
			type: "image",
			attributes: {}
		}] }
	},
	assemble
};
// src/backends/podman.ts
function readInfo(answer) {
	const parsed = answer?.code === 0 ? parseJson(answer.stdout) : void 0;
	return typeof parsed === "object" && parsed !== null ? parsed : {};
}
function readEngine([answer, client]) {
	const info = readInfo(answer);
	if (info.host === void 0) throw new Failure("engine", "podman does not work on this machine", {
		lines: answer === void 0 ? [] : lastLines(answer),
		hint: "Run `podman info` on the runner to see the error; if CONTAINER_HOST is set, check the service that it names. A rootless podman needs subuid and subgid ranges for its user."
	});
	const { os = "linux", arch, serviceIsRemote, buildahVersion } = info.host;
	const versions = versionsOf({
		podman: info.version?.Version,
		buildah: buildahVersion
	});
	if (serviceIsRemote === true) checkVersions(client, versions);
	return {
		versions,
		...serviceIsRemote === true ? { remote: true } : { emulation: "kernel" },
		...arch === void 0 ? {} : { platform: parsePlatform(`${os}/${arch}`) }
	};
}
const podman = {
	name: "podman",
	tool: "podman",
	stores: ["podman"],
	client: "podman",
	title: "podman, no daemon",
	isCandidate: (builder) => builder === void 0,
	requires: [{
		component: "podman",
		minimum: BUILDAH_MINIMUM.podman,
		because: BUILDAH_MINIMUM.because
	}],
	installs: true,
	programs: {},
	provides: {
		kind: "package",
		name: "podman"
	},
	addresses: ["CONTAINER_HOST", "CONTAINER_CONNECTION"],
	overrides: BUILDAH_OVERRIDES,
	dialect: BUILDAH_DIALECT,
	layers: "per-step",
	cachedStep: CACHED_STEP$1,
	questions: () => [{ args: [
		"info",
		"--format",
		"json"
	] }, {
		args: CLIENT_VERSION_ARGS,
		isOpen: ([info]) => readInfo(info).host?.serviceIsRemote === true
	}],
	readEngine,
	nodeDiagnosis,
	assumed: { versions: {} },
	features: buildahFeatures,
	deliveries: buildahDeliveries("podman"),
	assemble: assembleBuildah("podman")
};
// src/backends/index.ts
const BACKENDS = [
	docker,
	buildx,
	podman,
	buildah,
	nerdctl,
	buildctl
];
function findBackend(name) {
	return BACKENDS.find((backend) => backend.name === name);
}
// src/tools/tool-request.ts
const TOOL_NAMES = [
	"buildx",
	"buildkit",
	"nerdctl",
	"nerdctl-full",
	"rootlesskit",
	"cni-plugins"
];
const INSTALL_POLICIES = [
	"missing",
	"never",
	"always"
];
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/;
function parseToolRequests(text) {
	const problems = [];
	const requests = [];
	for (const item of text.split(/[\s,]+/).filter((word) => word !== "")) {
		const at = item.indexOf("@");
		const given = at < 0 ? item : item.slice(0, at);
		const name = TOOL_NAMES.find((one) => one === given);
		const version = at < 0 ? "" : item.slice(at + 1).replace(/^v/, "");
		if (name === void 0) problems.push(`"${given}" is none of ${TOOL_NAMES.join(", ")}`);
		else if (!VERSION.test(version)) problems.push(`"${item}" has no valid version`);
		else if (requests.some((request) => request.name === name)) problems.push(`${name} is given twice`);
		else requests.push({
			name,
			version
		});
	}
	refuse(problems);
	return requests;
}
function parseChecksums(text) {
	const problems = [];
	const found = new Map();
	const lines = text.split("\n").map((line) => line.trim());
	for (const line of lines.filter((one) => one !== "" && !one.startsWith("#"))) {
		const [, sum = "", asset = ""] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?([^\s/]+)$/.exec(line) ?? [];
		const sha256 = sum.toLowerCase();
		if (asset === "") problems.push(`"${line}" is not a SHA-256 checksum and a file name`);
		else if ((found.get(asset) ?? sha256) !== sha256) problems.push(`${asset} is given twice, with different checksums`);
		else found.set(asset, sha256);
	}
	refuse(problems);
	return Object.fromEntries(found);
}
function parseMirror(text) {
	const mirror = text.trim().replace(/(?<!^|\/)\/+$/, "");
	if (mirror === "") return void 0;
	const isUrl = [
		"file:",
		"http:",
		"https:"
	].includes(URL.parse(mirror)?.protocol ?? "");
	if (!mirror.startsWith("/") && !isUrl) throw new Failure("input", `"${mirror}" is neither an absolute directory nor a file, http or https URL`);
	return mirror;
}
function refuse(problems) {
	if (problems.length > 0) throw new Failure("input", problems.join("; "));
}
// src/inputs/engine-schema.ts
const engineSchema = {
	backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
	builder: ofKind("list", parsed("tcp://buildkitd:1234", parseBuilder)),
	"builder-ca": ofKind("document", text("${{ vars.BUILDKIT_CA }}")),
	"builder-cert": ofKind("document", text("${{ vars.BUILDKIT_CERT }}")),
	"builder-key": secretText("${{ secrets.BUILDKIT_KEY }}"),
	install: oneOf(...INSTALL_POLICIES),
	tools: ofKind("list", parsed("buildkit@0.32.2 nerdctl@2.3.5", parseToolRequests)),
	"tool-mirror": parsed("https://mirror.acme.example/github", parseMirror),
	"tool-checksums": ofKind("list", parsed(`${"0".repeat(64)}  buildkit-v0.33.0.linux-amd64.tar.gz`, parseChecksums)),
	"registry-mirrors": pairs$1("docker.io=mirror.acme.example"),
	"insecure-registries": items("registry.internal:5000"),
	"registry-authorities": pairs$1("registry.internal=/etc/ssl/acme.pem"),
	"cache-limit": byteSize("20gb"),
	"keep-state": toggle$1()
};
// src/inputs/exporters.ts
const EXPORTER_ATTRIBUTE = /^\s*[a-z][\w.-]*\s*=/i;
const IMAGE = [
	"name",
	"push",
	"push-by-digest",
	"name-canonical"
];
const FILE = [
	"name",
	"dest",
	"tar"
];
const TYPES = {
	registry: {
		attributes: IMAGE,
		read({ flag }) {
			if (flag("push") === false) throw new Error("type=registry pushes whatever push= says; use type=image,push=false");
			return {
				kind: "image",
				push: true,
				byDigest: flag("push-by-digest") === true
			};
		}
	},
	image: {
		attributes: IMAGE,
		read: ({ flag }) => ({
			kind: "image",
			push: flag("push"),
			byDigest: flag("push-by-digest") === true
		})
	},
	oci: {
		attributes: FILE,
		read: ({ path, flag }) => writeTo(path, flag("tar") === false ? "layout" : "oci-archive")
	},
	docker: {
		attributes: FILE,
		read({ path, flag }) {
			if (flag("tar") === false) throw new Error("only OCI layouts are directories; use type=oci,tar=false");
			return path === void 0 ? { kind: "load" } : writeTo(path, "docker-archive");
		}
	}
};
function writeTo(path, kind) {
	if (path !== void 0 && path !== "" && path !== "-") return {
		kind: "file",
		output: {
			kind,
			path
		}
	};
	throw new Error("dest=PATH is required, because the standard output is the log of the step");
}
const NOT_HERE = {
	local: "this action writes images, not their files; `oci:DIRECTORY` writes an OCI layout",
	tar: "this action writes images, not their files; `oci-archive:FILE` writes an OCI archive",
	cacheonly: "every build delivers an image; to export the cache as well, use the input cache-to"
};
function readExporter(fields) {
	const given = readFields(fields);
	const type = given.get("type");
	if (type === void 0) throw new Error("docker's \"type=\" is missing; a path with \"=\" is written as \"./PATH\"");
	const reason = ownValue(NOT_HERE, type);
	if (reason !== void 0) throw new Error(`type=${type} is not available: ${reason}`);
	const found = ownValue(TYPES, type);
	if (found === void 0) throw new Error(`type=${type} is none of ${Object.keys(TYPES).join(", ")}`);
	const problems = [...given].flatMap(([name, value]) => ["type", ...found.attributes].includes(name) ? [] : [refusal(name, value, found)]);
	if (problems.length > 0) throw new Error(problems.join("; "));
	const flag = (name) => readFlag(name, given.get(name));
	flag("name-canonical");
	return {
		exporter: found.read({
			path: given.get("dest"),
			flag
		}),
		names: namesOf(given.get("name"))
	};
}
function readFields(fields) {
	const found = new Map();
	for (const field of fields) {
		const at = field.indexOf("=");
		if (at < 0) throw new Error(`"${field.trim()}" is not key=value`);
		const name = field.slice(0, at).trim().toLowerCase();
		if (found.has(name)) throw new Error(`${name}= is given twice`);
		found.set(name, field.slice(at + 1).trim());
	}
	return found;
}
const TRUE = [
	"1",
	"t",
	"T",
	"TRUE",
	"true",
	"True"
];
const FALSE = [
	"0",
	"f",
	"F",
	"FALSE",
	"false",
	"False"
];
function readFlag(name, value) {
	if (value === void 0) return void 0;
	if (TRUE.includes(value)) return true;
	if (FALSE.includes(value)) return false;
	throw new Error(`${name}=${value} is neither true nor false`);
}
function namesOf(names) {
	return (names ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "").map(parseTag);
}
function refusal(name, value, { attributes }) {
	const [, level = "manifest", key] = /^annotation(?:-([a-z-]+(?:\[[\w/-]+\])?))?\.(.+)$/.exec(name) ?? [];
	if (key !== void 0) return `${name}= is given as \`annotations: ${level === "manifest" ? key : `${level}:${key}`}=${value}\``;
	const instead = ownValue(INSTEAD, name);
	if (instead !== void 0) return `${name}= is not read here; ${instead(value)}`;
	return `${name}= is none of ${["type", ...attributes].join(", ")}`;
}
const TIMES = () => "use the input source-date-epoch, to which file times are clamped";
const COMPRESSION = () => "use the input compression, such as `compression: zstd:3`";
const INSTEAD = {
	compression: COMPRESSION,
	"compression-level": COMPRESSION,
	"force-compression": COMPRESSION,
	"oci-mediatypes": (value) => `use \`format: ${FALSE.includes(value) ? "docker" : "oci"}\``,
	"rewrite-timestamp": TIMES,
	"source-date-epoch": TIMES,
	"registry.insecure": () => "name the registry in the input insecure-registries",
	context: () => "choose docker's context by the variable DOCKER_CONTEXT",
	push: () => "use type=registry, or `push: true`",
	dest: () => "use type=oci or type=docker to write a file"
};
// src/inputs/outputs.ts
const PREFIXES$1 = {
	oci: "layout",
	"oci-archive": "oci-archive",
	"docker-archive": "docker-archive"
};
function outputs(example) {
	return {
		example,
		kind: "list",
		decode(raw, readQuoted) {
			const problems = [];
			const found = [];
			for (const [text, read] of splitRecords(raw, readQuoted).flatMap(readersOf)) try {
				found.push({
					text,
					...read()
				});
			} catch (error) {
				problems.push(`"${text}": ${error instanceof Error ? error.message : String(error)}`);
			}
			refuse$1(problems);
			return found;
		}
	};
}
function readersOf(fields) {
	if (fields.some((field) => EXPORTER_ATTRIBUTE.test(field))) return [[fields.join(","), () => readExporter(fields)]];
	return fields.map((field) => field.trim()).filter((path) => path !== "").map((path) => [path, () => ({
		exporter: {
			kind: "file",
			output: readPath(path)
		},
		names: []
	})]);
}
function readPath(text) {
	if (text === "-") throw new Error("the standard output is the log of the step; give a path");
	const [, prefix, path = ""] = /^([a-z-]+):(.*)$/s.exec(text) ?? [];
	if (prefix === void 0) return {
		kind: text.endsWith(".tar") ? "oci-archive" : "layout",
		path: text
	};
	const kind = ownValue(PREFIXES$1, prefix);
	if (kind === void 0) throw new Error(`"${prefix}:" is none of ${Object.keys(PREFIXES$1).join(":, ")}:`);
	if (path === "") throw new Error("it has no path");
	return {
		kind,
		path
	};
}
// src/inputs/schema.ts
const FEATURES = [...[
	"all",
	"aws",
	"grpc",
	"grpc-channelz",
	"grpc-reflection",
	"io",
	"io-file",
	"io-image",
	"io-json",
	"io-pandas"
], ...[
	"monitor-otlp",
	"tracing",
	"tracing-jaeger",
	"tracing-otlp",
	"tracing-zipkin",
	"triton"
]];
const schema = {
	bento: required("./dist/iris.bento"),
	"bentoml-home": text("./bentoml"),
	dockerfile: text("generated"),
	"enable-features": someOf("grpc", FEATURES),
	...engineSchema,
	tags: references("ghcr.io/acme/iris:1.4.0"),
	platforms: platforms("linux/amd64"),
	labels: pairs$1("org.opencontainers.image.vendor=Acme"),
	annotations: annotations("org.opencontainers.image.description=Iris"),
	provenance: attestation("mode=max"),
	sbom: attestation("true"),
	attests: attestations("type=provenance,mode=max"),
	"build-args": buildArguments("PIP_INDEX_URL=https://pypi.example.com/simple"),
	target: text("environment"),
	format: oneOf("oci", "docker"),
	compression: compression("zstd:3"),
	"source-date-epoch": epoch("1700000000"),
	assembly: oneOf("auto", "direct", "backend"),
	"environment-cache": repositoryOrOff("ghcr.io/acme/iris-environments"),
	"cache-key": secretKey("${{ secrets.CACHE_KEY }}"),
	"verify-models": toggle$1(),
	"if-exists": oneOf("build", "skip"),
	"model-artifact": toggle$1(),
	push: toggle$1(),
	"push-by-digest": toggle$1(),
	"digest-file": text("./digests"),
	load: toggle$1(),
	output: outputs("oci:./image"),
	cache: oneOf("auto", "off", "registry", "gha", "local", "inline"),
	"cache-from": lines("type=registry,ref=ghcr.io/acme/iris:cache"),
	"cache-to": lines("type=registry,ref=ghcr.io/acme/iris:cache,mode=max"),
	"no-cache": toggle$1(),
	"no-cache-filters": items("environment"),
	pull: toggle$1(),
	secrets: secretPairs("HF_TOKEN=${{ secrets.HF_TOKEN }}"),
	"secret-envs": secretVariables$1("HF_TOKEN"),
	"secret-files": pairs$1("netrc=/home/me/.netrc"),
	ssh: lines("default"),
	"registry-auth-file": text("/run/user/1000/auth.json"),
	"add-hosts": items("pypi.internal:10.0.0.7"),
	allow: items("network.host"),
	"build-contexts": pairs$1("extras=./extras"),
	"cgroup-parent": text("/ci"),
	network: text("host"),
	"shm-size": text("128m"),
	ulimit: items("nofile=1024:2048"),
	"extra-args": argv("--debug"),
	timeout: wholeNumber("60", 1),
	"dry-run": toggle$1(),
	summary: toggle$1()
};
const RENAMED = {
	"bento-tag": "bento",
	"oci-backend": "backend",
	outputs: "output"
};
function isPushed({ push, pushByDigest }) {
	return push === true || pushByDigest === true;
}
// src/inputs/conflicts.ts
function findConflicts(inputs, given) {
	const tags = given.tags.length < inputs.tags.length ? "tags, output" : "tags";
	const push = isPushed(inputs) && !isPushed(given) ? "push, output" : "push";
	const layouts = inputs.output.filter(({ kind }) => kind === "layout");
	return [
		...isPushed(inputs) ? findOfficial(inputs.tags, tags) : [],
		...duplicates(inputs.output.map(({ path }) => plain(path))).map((path) => `output: ${path} is given twice`),
		...duplicates(secretIds(inputs)).map((id) => `secrets, secret-envs, secret-files: the secret ${id} is given twice`),
		...secretIds(inputs).filter((id) => !SECRET_ID.test(id)).map((id) => `secrets, secret-envs, secret-files: "${id}" is not a valid id (for example: HF_TOKEN)`),
		...when(isPushed(inputs) && inputs.tags.length === 0, `${push}: tags are required (for example: tags: ghcr.io/acme/iris:1.4.0)`),
		...when(inputs.assembly === "backend" && (inputs.ifExists === "skip" || inputs.environmentCache !== void 0 || inputs.cacheKey !== void 0 || inputs.modelArtifact === true), "if-exists, environment-cache, cache-key, model-artifact: these require direct assembly (for example: assembly: auto)"),
		...when(typeof inputs.environmentCache === "object" && isOfficial(inputs.environmentCache), "environment-cache: a name without registry and namespace is one of Docker's official images (for example: ghcr.io/acme/iris-cache)"),
		...when(inputs.cacheKey !== void 0 && inputs.environmentCache === "off", "cache-key, environment-cache: no environment is cached, so there is nothing to sign (for example: environment-cache: ghcr.io/acme/iris-cache)"),
		...when(inputs.cacheKey !== void 0 && (inputs.cache === "registry" || inputs.cache === "inline"), "cache-key, cache: a builder's registry cache cannot be signed (for example: cache: auto)"),
		...when(inputs.modelArtifact === true && !isPushed(inputs), "model-artifact: the image must be pushed (for example: push: true)"),
		...when(inputs.digestFile !== void 0 && !isPushed(inputs), "digest-file: the image must be pushed (for example: push-by-digest: true)"),
		...when(inputs.builderCert === void 0 !== (inputs.builderKey === void 0), "builder-cert, builder-key: give both or neither"),
		...when((inputs.builderCa ?? inputs.builderCert) !== void 0 && !/^[ \t]*tcp:\/\//m.test(inputs.builder ?? ""), "builder-ca, builder-cert, builder-key: these require a tcp:// address in builder (for example: builder: tcp://buildkitd:1234)"),
		...when((inputs.cache === "registry" || inputs.cache === "inline") && inputs.tags.length === 0, "cache: this cache is stored in the repository of the first tag, and there are no tags (for example: cache: local)"),
		...[...inputs.cacheFrom, ...inputs.cacheTo].filter((line) => CREDENTIAL.test(line)).map(() => "cache-from, cache-to: a credential would appear on the command line; the tools find credentials themselves"),
		...["provenance", "sbom"].filter((type) => inputs[type] !== void 0 && inputs.attests[type] !== void 0).map((type) => `${type}, attests: the same attestation is given twice`),
		...when(Object.keys(inputs.annotations).some((key) => /^index[^:]*:/.test(key)) && !isIndex(inputs), "annotations: an image of one platform without attestations has no index to annotate (for example: org.opencontainers.image.title=Iris)"),
		...when(layouts.length > 1, "output: give at most one layout directory"),
		...when(inputs.load === false && !isPushed(inputs) && inputs.output.length === 0, "load: with load: false and neither push nor output, the image would be discarded (for example: push: true)"),
		...when(inputs.format === "docker" && inputs.output.some(({ kind }) => kind !== "docker-archive"), "format: an OCI layout or OCI archive cannot be in docker's format (for example: output: docker-archive:image.tar)"),
		...when(inputs.format === "docker" && inputs.compression.format === "zstd", "compression: docker's format does not support zstd layers (for example: format: oci)")
	];
}
function plain(path) {
	return normalize(path).replace(/(?<=.)\/$/, "");
}
const CREDENTIAL = /(?:^|,)(?:token|ghtoken|secret_access_key|session_token|secret_key)=/;
function isIndex({ platforms, provenance, sbom, attests }) {
	return platforms.length > 1 || provenance !== void 0 || sbom !== void 0 || Object.keys(attests).length > 0;
}
const SECRET_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
function secretIds({ secrets, secretEnvs, secretFiles }) {
	return [
		...Object.keys(secrets),
		...secretEnvs.map(({ id }) => id),
		...Object.keys(secretFiles)
	];
}
function when(condition, problem) {
	return condition ? [problem] : [];
}
// src/inputs/decode-schema.ts
async function decodeSchema(schema, env, findConflicts) {
	const raw = (name) => variable(env, name);
	return decodeValues(schema, raw, await openQuotedReader(Object.keys(schema).map(raw)), [], findConflicts);
}
function decodeValues(schema, raw, readQuoted, mistakes, findConflicts) {
	const problems = [...mistakes];
	const decoded = {};
	for (const [name, decoder] of Object.entries(schema)) try {
		decoded[camelCase(name)] = decoder.decode(raw(name), readQuoted);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		problems.push(`${name}: ${reason} (for example: ${decoder.example})`);
	}
	const values = decoded;
	if (problems.length === 0) problems.push(...findConflicts(values));
	if (problems.length > 0) throw inputFailure(problems);
	return values;
}
function variable(env, name) {
	return env[`INPUT_${name.toUpperCase()}`] ?? "";
}
function inputFailure(problems) {
	return new Failure("input", `${problems.length === 1 ? "one input is" : `${problems.length} inputs are`} not right: ${problems.join(" · ")}`, {
		lines: problems,
		mistakes: problems,
		hint: `Every input, with its grammar and an example: ${documentationUrl("docs/inputs.md")}`
	});
}
function camelCase(name) {
	return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}
// src/inputs/foreign.ts
const REPOSITORY = {
	instead: ["tags"],
	note: "`tags` has full references, with registry and repository"
};
const DOCKERFILE = {
	instead: ["dockerfile"],
	note: "by default, the Dockerfile is generated from the Bento"
};
const PLATFORMS = {
	instead: ["platforms"],
	note: "platforms are written as in `linux/arm64`"
};
const LOGIN = {
	instead: ["registry-auth-file"],
	note: "log in before, with docker/login-action or redhat-actions/podman-login; their credentials are found"
};
const SIGNING = {
	instead: [],
	note: "sign the output `image` in a later step, with actions/attest or cosign"
};
const FROM_BENTO = {
	instead: ["bento"],
	note: "the Bento determines it"
};
const FOREIGN = {
	arch: PLATFORMS,
	archs: PLATFORMS,
	"base-image": {
		instead: ["bento"],
		note: "the Bento names its base image"
	},
	"buildah-image": {
		instead: ["backend"],
		note: "buildah is the runner's; buildctl and nerdctl are installed if they are missing"
	},
	call: {
		instead: ["dry-run"],
		note: "only builds are run; a dry run checks the inputs and writes the Dockerfile"
	},
	containerfiles: DOCKERFILE,
	content: FROM_BENTO,
	context: {
		instead: ["bento"],
		note: "the context is the Bento, a directory or an archive; `build-contexts` adds others"
	},
	digestfile: {
		instead: ["digest-file"],
		note: "`digest-file` is a directory, and the output `digest` is the digest"
	},
	dockerfiles: DOCKERFILE,
	entrypoint: FROM_BENTO,
	envs: {
		instead: ["bento"],
		note: "the Bento declares variables; `build-args` gives them other values"
	},
	file: DOCKERFILE,
	"github-token": {
		instead: ["secret-envs"],
		note: "no context is fetched from Git; `secret-envs` passes a token to build steps"
	},
	image: REPOSITORY,
	layers: {
		instead: ["no-cache"],
		note: "intermediate layers are always cached unless `no-cache` is true",
		ours: "true"
	},
	oci: {
		instead: ["format"],
		note: "it is `oci` unless it is set to `docker`",
		ours: "true"
	},
	password: LOGIN,
	platform: PLATFORMS,
	"podman-args": {
		instead: [],
		note: "podman's own files and variables configure it, such as `CONTAINERS_STORAGE_CONF`"
	},
	port: FROM_BENTO,
	registry: REPOSITORY,
	remote: {
		instead: [],
		note: "podman's own settings count, such as `CONTAINER_HOST`"
	},
	"sign-passphrase": SIGNING,
	"sigstore-private-key": SIGNING,
	squash: {
		instead: [],
		note: "each model keeps its own layer, so that unchanged models are not pushed again",
		ours: "false"
	},
	tag: REPOSITORY,
	"tls-verify": {
		instead: ["insecure-registries", "registry-authorities"],
		note: "TLS is verified; `insecure-registries` lists those without it, `registry-authorities` private authorities",
		ours: "true"
	},
	username: LOGIN,
	workdir: FROM_BENTO
};
function findForeign(env) {
	return Object.entries(FOREIGN).filter(([name, { ours = "" }]) => !["", ours].includes(variable(env, name).trim().toLowerCase())).map(([name, { instead, note }]) => {
		const [first] = instead;
		const example = first === void 0 ? "" : ` (for example: ${first}: ${schema[first].example})`;
		return `${name}: this action has no such input${first === void 0 ? "" : `; use ${instead.join(", ")}`}: ${note}${example}; ${`if the variable INPUT_${name.toUpperCase()} comes from \`env:\`, rename it`}`;
	});
}
// src/machine/action-variables.ts
const TOKENS$1 = [
	"ACTIONS_RUNTIME_TOKEN",
	"ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	"ACTIONS_ID_TOKEN_REQUEST_URL"
];
function isOfAction(name) {
	return name.startsWith("INPUT_") || name.startsWith("STATE_") || TOKENS$1.includes(name);
}
// src/inputs/resolve.ts
function resolveInputs(values, env) {
	return {
		...values,
		...resolveDestination(values),
		buildArgs: definedOnly$1(Object.fromEntries(Object.entries(values.buildArgs).map(([name, value]) => [name, value ?? ownValue(env, name)])))
	};
}
function resolveDestination(values) {
	const { output, tags } = values;
	const images = output.flatMap(({ exporter }) => exporter.kind === "image" ? [exporter] : []);
	const push = values.push === true || images.some((image) => image.push === true);
	const pushByDigest = values.pushByDigest === true || push && images.some(({ byDigest }) => byDigest);
	const load = output.some(({ exporter }) => exporter.kind === "load") || !push && images.some((image) => image.push === false);
	return {
		push: push || values.push,
		pushByDigest: pushByDigest || values.pushByDigest,
		load: values.load ?? (load || void 0),
		output: output.flatMap(({ exporter }) => exporter.kind === "file" ? [exporter.output] : []),
		tags: tags.length > 0 ? tags : distinctReferences(output.flatMap(({ names }) => names))
	};
}
function findUnresolved(values) {
	return [
		...values.output.flatMap((element) => problemsOf(element, values)),
		...findContradictions(values),
		...findSecretVariables(values)
	];
}
function problemsOf({ text, exporter, names }, values) {
	const { push, byDigest } = exporter.kind === "image" ? exporter : {
		push: true,
		byDigest: false
	};
	const isPushed = push === true || values.push === true || values.pushByDigest === true;
	return [
		[exporter.kind === "load" && values.load === false, "it contradicts `load: false`"],
		[exporter.kind === "image" && push === true && values.push === false, "it contradicts `push: false`"],
		[push === void 0 && !isPushed, "it says nothing about where the image goes; add push=true to push it, or use type=docker to load it"],
		[byDigest && push === false, "push-by-digest=true contradicts push=false"],
		[names.length > 0 && values.tags.length > 0 && !areAmong(names, values.tags, byDigest || values.pushByDigest === true), "the input tags replaces name=, as in docker, and does not contain it; give one of the two"]
	].flatMap(([applies, problem]) => applies ? [`output: "${text}": ${problem}`] : []);
}
function areAmong(names, tags, byDigest) {
	const print = byDigest ? printRepository : printReference;
	const known = new Set(tags.map(print));
	return names.every((name) => known.has(print(name)));
}
function findContradictions({ output, tags }) {
	const named = output.filter(({ names }) => names.length > 0);
	const lists = new Set(named.map(({ names }) => names.map(printReference).sort().join()));
	const pushes = output.flatMap(({ exporter }) => exporter.kind === "image" ? [exporter.byDigest] : []);
	return [...tags.length === 0 && lists.size > 1 ? ["output: several different name= are given; list all tags in the input tags (for example: ghcr.io/acme/iris:1.4.0)"] : [], ...new Set(pushes).size > 1 ? ["output: push either by tag or by digest, not both"] : []];
}
function findSecretVariables({ buildArgs, secretEnvs }) {
	const secrets = new Set(secretEnvs.map(({ variable }) => variable));
	const names = Object.keys(buildArgs).filter((name) => buildArgs[name] === void 0);
	return [...names.filter(isOfAction).map((name) => `build-args: ${name} belongs to the runner and is not passed to a build`), ...names.filter((name) => secrets.has(name)).map((name) => `build-args, secret-envs: ${name} is a secret, and a build argument is public; give it in secret-envs alone`)];
}
function notesOfBuildArgs({ buildArgs }, env) {
	return Object.entries(buildArgs).filter(([name, value]) => value === void 0 && ownValue(env, name) === void 0).map(([name]) => `build-args: the step has no variable ${name}, so the build gets the Dockerfile's default.`);
}
// src/inputs/decode.ts
async function decodeInputs(env) {
	return decodeWith(env, await openQuotedReader(Object.keys(schema).map(readRaw(env).raw)));
}
function decodeWith(env, readQuoted) {
	const { raw, notes, problems } = readRaw(env);
	const values = decodeValues(schema, raw, readQuoted, [...problems, ...findForeign(env)], (given) => [...findUnresolved(given), ...findConflicts(resolveInputs(given, env), given)]);
	return {
		inputs: resolveInputs(values, env),
		notes: [...notes, ...notesOfBuildArgs(values, env)]
	};
}
function readRaw(env) {
	const notes = [];
	const problems = [];
	const renamed = new Map();
	for (const [old, current] of Object.entries(RENAMED)) {
		const value = variable(env, old);
		if (value === "") continue;
		notes.push(`The input "${old}" is now called "${current}".`);
		if (current !== "backend" && variable(env, current) !== "") problems.push(`"${old}" and "${current}" are both given`);
		renamed.set(current, value);
	}
	return {
		raw: (name) => renamed.get(name) ?? variable(env, name),
		notes,
		problems
	};
}
// src/inputs/input-file.ts
const KERNEL = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;
async function lookUpInputFile(given, { files, workspace }) {
	const path = resolve$1(workspace, given);
	try {
		const real = await files.realPath(path);
		const kind = (await files.info(real))?.kind;
		if (kind === "directory") return { fault: `${path} is a directory, not a file` };
		if (kind !== "file") return { fault: `${path} is a device, pipe or socket, not a file` };
		if (KERNEL.test(real)) return { fault: `${path} is a link to ${real}, which is not a file on disk` };
		await files.readHead(real, 1);
		return { path };
	} catch (error) {
		const code = errorCode(error);
		if (["ENOENT", "ENOTDIR"].includes(code)) return { fault: `${path} does not exist` };
		return { fault: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
	}
}
async function findInputFile(input, given, machine, details = {}) {
	const found = await lookUpInputFile(given, machine);
	if ("path" in found) return found.path;
	throw new Failure("input", `${input}: ${found.fault}`, details);
}
async function checkInputDirectories({ buildContexts, digestFile }, machine) {
	const wanted = [...Object.values(buildContexts).filter((address) => !address.includes("://")).map((path) => ({
		input: "build-contexts",
		path,
		mayBeMissing: false
	})), ...digestFile === void 0 ? [] : [{
		input: "digest-file",
		path: digestFile,
		mayBeMissing: true
	}]];
	const faults = [];
	for (const { input, path, mayBeMissing } of wanted) {
		const kind = await kindAt(resolve$1(machine.workspace, path), machine);
		if (kind === "directory" || kind === void 0 && mayBeMissing) continue;
		const fault = kind === void 0 ? "does not exist" : "is not a directory";
		faults.push(`${input}: ${resolve$1(machine.workspace, path)} ${fault}`);
	}
	if (faults.length > 0) throw new Failure("input", faults.join(" · "), { lines: faults });
}
async function kindAt(path, { files }) {
	const real = await files.realPath(path).catch(() => void 0);
	return real === void 0 || KERNEL.test(real) ? void 0 : (await files.info(real))?.kind;
}
// src/layers/split.ts
const MIN_OWN_LAYER_SIZE = 64 * 2 ** 20;
const MAX_ADDED_LAYERS = 64;
function splitLayer(plan, budget) {
	const big = plan.entries.filter((entry) => entry.kind === "file" && isBig(entry)).sort((one, other) => other.size - one.size).slice(0, Math.max(0, budget));
	const separate = new Set(big);
	const rest = plan.entries.filter((entry) => !separate.has(entry));
	const parts = plan.entries.filter((entry) => separate.has(entry)).map((entry) => ({
		...plan,
		title: `${plan.title} (${nameOf(entry)})`,
		entries: [...plan.entries.filter((other) => isAbove(other, entry)), entry]
	}));
	const restIsNeeded = rest.some((entry) => !big.some((file) => isAbove(entry, file)));
	return big.length === 0 || restIsNeeded ? [...parts, {
		...plan,
		entries: rest
	}] : parts;
}
function splitLayers(layers) {
	let budget = MAX_ADDED_LAYERS;
	return layers.flatMap((layer) => {
		const parts = splitLayer(layer.plan, budget);
		budget -= parts.length - 1;
		return parts.map((plan) => ({
			...layer,
			plan
		}));
	});
}
function isBig({ size, source }) {
	return size >= MIN_OWN_LAYER_SIZE || source.kind === "remote";
}
function isAbove(directory, { path }) {
	return directory.kind === "directory" && path.startsWith(`${directory.path}/`);
}
function nameOf({ path }) {
	const name = path.slice(path.lastIndexOf("/") + 1);
	return /^[0-9a-f]{40,64}$/.test(name) ? `${name.slice(0, 12)}…` : name;
}
// src/report/stopwatch.ts
function openStopwatch(now = () => performance.now()) {
	const opened = now();
	const elapsed = () => (now() - opened) / 1e3;
	const phases = [];
	return {
		phases,
		elapsed,
		async phase(title, work) {
			const start = elapsed();
			try {
				return await work();
			} finally {
				phases.push({
					title,
					start,
					seconds: elapsed() - start
				});
			}
		}
	};
}
// src/bento/model-size.ts
function modelSize(located, files) {
	return located.kind === "store" ? directorySize(located.directory, files) : Promise.resolve(sum$1(located.files.map(({ size }) => size)));
}
async function directorySize(directory, files) {
	const entries = await mapFiles(await files.list(directory), ({ name }) => files.entry(directory, name));
	let size = 0;
	for (const entry of entries) {
		if (entry?.kind === "file") size += entry.info.size;
		if (entry?.kind === "directory") size += await directorySize(entry.directory, files);
	}
	return size;
}
function sum$1(sizes) {
	return sizes.reduce((all, size) => all + size, 0);
}
// src/recipe/dockerfile/parse.ts
const HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
const HEREDOC_KEYWORDS = [
	"RUN",
	"COPY",
	"ADD"
];
function parseDockerfile(text) {
	const lines = text.split(/\r?\n/);
	const continuation = new RegExp(`\\${escapeCharacter(lines)}[ \\t]*$`);
	const ends = heredocEnds(lines);
	const instructions = [];
	let index = 0;
	while (index < lines.length) {
		const parts = [];
		let firstLine = index + 1;
		for (let more = true; more && index < lines.length; index += 1) {
			const line = lines[index] ?? "";
			if (/^\s*#/.test(line) || line.trim() === "" && parts.length > 0) continue;
			if (parts.length === 0) firstLine = index + 1;
			more = continuation.test(line);
			parts.push(line.replace(continuation, ""));
		}
		const logical = parts.join("").trim();
		if (logical === "") continue;
		const instruction = splitInstruction(logical);
		const lastOwn = index;
		if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, ends, index);
		instructions.push({
			...instruction,
			firstLine,
			lastLine: index,
			hasHereDocument: index > lastOwn
		});
	}
	return instructions;
}
function lastBase(instructions, buildArgs) {
	const values = new Map();
	const stages = new Map();
	let base;
	for (const { keyword, operands } of instructions) {
		if (keyword === "ARG" && base === void 0) for (const [, name = "", quoted, bare = ""] of operands.matchAll(/([A-Za-z_]\w*)(?:=(?:"([^"]*)"|(\S*)))?/g)) values.set(name, ownValue(buildArgs, name) ?? quoted ?? bare);
		if (keyword !== "FROM") continue;
		const [image = "", , stage] = operands.split(/\s+/);
		const expanded = image.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (whole, braced, bare) => String(values.get(braced ?? bare) ?? whole));
		base = stages.get(expanded.toLowerCase()) ?? expanded;
		if (stage !== void 0) stages.set(stage.toLowerCase(), base);
	}
	return base;
}
function escapeCharacter(lines) {
	for (const line of lines) {
		const [, name, value] = /^#\s*([a-zA-Z]+)\s*=\s*(\S+)/.exec(line) ?? [];
		if (name === void 0) return "\\";
		if (name.toLowerCase() === "escape" && value === "`") return "`";
	}
	return "\\";
}
function splitInstruction(logical) {
	const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(logical) ?? [];
	const [leading = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
	return {
		keyword: keyword.toUpperCase(),
		flags: leading.split(/\s+/).filter((flag) => flag !== ""),
		operands: rest.slice(leading.length).trim()
	};
}
function skipHeredocs(logical, ends, start) {
	let index = start;
	for (const [, dash, , name = ""] of logical.matchAll(HEREDOC)) {
		const end = ends(name, dash === "-", index);
		if (end !== void 0) index = end + 1;
	}
	return index;
}
function heredocEnds(lines) {
	const plain = new Map();
	const indented = new Map();
	for (let index = lines.length - 1; index >= 0; index -= 1) {
		const [, tabs, name] = /^(\t*)([A-Za-z_]\w*)$/.exec(lines[index] ?? "") ?? [];
		if (name === void 0) continue;
		for (const positions of tabs === "" ? [plain, indented] : [indented]) {
			const existing = positions.get(name);
			if (existing === void 0) positions.set(name, [index]);
			else existing.push(index);
		}
	}
	return (name, isIndented, from) => {
		const positions = (isIndented ? indented : plain).get(name) ?? [];
		while ((positions.at(-1) ?? from) < from) positions.pop();
		return positions.at(-1);
	};
}
// src/recipe/dialect.ts
const CONSTRUCTS = {
	bindMount: "RUN --mount=type=bind",
	cacheMount: "RUN --mount=type=cache",
	secretMount: "RUN --mount=type=secret",
	sshMount: "RUN --mount=type=ssh",
	tmpfsMount: "RUN --mount=type=tmpfs",
	stepNetwork: "RUN --network",
	hereDocument: "here-documents",
	linkedCopy: "COPY --link",
	copyOwner: "COPY --chown",
	copyMode: "COPY --chmod"
};
const CONSTRUCT_NAMES = Object.keys(CONSTRUCTS);
const FULL_DIALECT = {
	reads: readsOf(() => true),
	layers: "per-step"
};
function readsOf(isRead) {
	return Object.fromEntries(CONSTRUCT_NAMES.map((name) => [name, isRead(name)]));
}
function constructsOf(dockerfile) {
	const found = new Set(parseDockerfile(dockerfile).flatMap(constructsIn));
	return CONSTRUCT_NAMES.filter((name) => found.has(name));
}
const COPY_FLAGS = {
	"--link": "linkedCopy",
	"--chown": "copyOwner",
	"--chmod": "copyMode"
};
const MOUNTS = {
	bind: "bindMount",
	cache: "cacheMount",
	secret: "secretMount",
	ssh: "sshMount",
	tmpfs: "tmpfsMount"
};
function constructsIn({ keyword, flags, hasHereDocument }) {
	const names = flags.map((flag) => flag.split("=", 1)[0]);
	return [
		...hasHereDocument ? ["hereDocument"] : [],
		...keyword === "RUN" ? flags.flatMap(mountOf) : [],
		...keyword === "RUN" && names.includes("--network") ? ["stepNetwork"] : [],
		...keyword === "COPY" || keyword === "ADD" ? Object.entries(COPY_FLAGS).flatMap(([flag, name]) => names.includes(flag) ? [name] : []) : []
	];
}
function mountOf(flag) {
	if (!flag.startsWith("--mount=")) return [];
	const type = /(?:=|,)type=([^,]*)/.exec(flag)?.[1]?.toLowerCase() ?? "bind";
	return [ownValue(MOUNTS, type) ?? "bindMount"];
}
// src/recipe/fixed-time.ts
const FIXED_TIME = 315619200;
// src/commands/attestations.ts
function attestationsOf({ attests, provenance, sbom }) {
	const all = {
		provenance,
		sbom,
		...attests
	};
	return {
		...all.provenance === void 0 ? {} : { provenance: all.provenance || "mode=min" },
		...all.sbom === void 0 ? {} : { sbom: all.sbom }
	};
}
function withBuilderId(inputs, env) {
	const { provenance, ...others } = attestationsOf(inputs);
	const run = addressOfRun(env);
	if (provenance === void 0 || run === void 0 || /(?:^|,)builder-id=/.test(provenance)) return inputs;
	return {
		...inputs,
		attests: {
			...others,
			provenance: `${provenance},builder-id=${run}`
		}
	};
}
function addressOfRun(env) {
	const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
	if (!server || !repository || !run) return void 0;
	return `${server}/${repository}/actions/runs/${run}/attempts/${env["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
}
// src/secrets/reserved-variables.ts
const OF_RUNNER = [
	"ACTIONS_",
	"GITHUB_",
	"INPUT_",
	"RUNNER_",
	"STATE_"
];
const TOOLS = [
	..."PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM TMPDIR TMP TEMP LD_PRELOAD".split(" "),
	..."HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS".split(" "),
	..."SSH_AUTH_SOCK KUBECONFIG STORAGE_DRIVER STORAGE_OPTS CNI_PATH NETCONFPATH DBUS_SESSION_BUS_ADDRESS".split(" ")
];
const OF_TOOLS = [..."LC_ LD_LIBRARY_ XDG_ SSL_CERT_ GODEBUG OTEL_ KUBERNETES_ REGISTRY_".split(" "), ..."BUILDAH_ BUILDCTL_ BUILDKIT_ BUILDX_ CONTAINER_ CONTAINERD_ CONTAINERS_ DOCKER_ NERDCTL_ PODMAN_".split(" ")];
const OF_CLOUDS = [..."ALIBABA_CLOUD_ ARM_ AWS_ AZURE_ CLOUDSDK_ DIGITALOCEAN_ ECR_".split(" "), ..."GCLOUD_ GCP_ GOOGLE_ IBMCLOUD_ OCI_CLI_ VAULT_".split(" ")];
const TOKENS = [
	"CR_PAT",
	"HF_TOKEN",
	"NODE_AUTH_TOKEN"
];
const OF_TOKENS = "BENTO_CLOUD_ COSIGN_ DOCKERHUB_ GH_ HUGGINGFACE_ HUGGING_FACE_ SIGSTORE_".split(" ");
const LOGINS = [
	..."AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION".split(" "),
	..."AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE".split(" "),
	..."AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_CREDENTIALS_FULL_URI".split(" "),
	..."GOOGLE_APPLICATION_CREDENTIALS GOOGLE_GHA_CREDS_PATH CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE".split(" "),
	..."CLOUDSDK_AUTH_ACCESS_TOKEN AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_USERNAME".split(" "),
	..."AZURE_PASSWORD AZURE_CLIENT_CERTIFICATE_PATH AZURE_CLIENT_CERTIFICATE_PASSWORD".split(" "),
	..."AZURE_FEDERATED_TOKEN_FILE BUILDKIT_AZURE_STORAGE_SECRET_ACCESS_KEY".split(" "),
	..."DOCKER_AUTH_CONFIG DOCKER_CONFIG DOCKER_CERT_PATH REGISTRY_AUTH_FILE".split(" ")
];
const RESERVED = new Set([...TOOLS, ...TOKENS]);
const PREFIXES = [
	...OF_RUNNER,
	...OF_TOOLS,
	...OF_CLOUDS,
	...OF_TOKENS
];
const READ_BY_TOOLS = new Set([...TOOLS, ...LOGINS]);
function isReadByTools(name) {
	return READ_BY_TOOLS.has(name.toUpperCase());
}
function isReserved(name, value = "") {
	const upper = name.toUpperCase();
	if (upper === "HF_ENDPOINT") return value.includes("@");
	return RESERVED.has(upper) || PREFIXES.some((prefix) => upper.startsWith(prefix));
}
// src/commands/gather-secrets.ts
function secretVariables(inputs, bento) {
	const named = inputs.secretEnvs.map(({ variable }) => variable).filter((name) => !isReadByTools(name));
	const asked = bento.envs.filter(({ stage, name }) => stage === "build" && !isReserved(name)).map(({ name }) => name);
	return [...new Set([...named, ...asked])];
}
function refuseSecretArguments(inputs, bento, env) {
	const published = new Map(bento.envs.map(({ name, value }) => [name, value]));
	const named = secretVariables(inputs, bento).filter((name) => {
		const value = ownValue(inputs.buildArgs, name);
		return value !== void 0 && value !== "" && value === env[name] && value !== published.get(name);
	});
	if (named.length === 0) return;
	const lines = named.map((name) => `build-args: the variable ${name} is a secret of the build`);
	throw new Failure("input", lines.join(" · "), {
		lines,
		mistakes: lines,
		hint: "Leave it out of build-args: a build argument is public, and steps of the build get the secret anyway."
	});
}
const MOST_BYTES$1 = 512e3;
async function gatherSecrets(inputs, declared, directory, machine) {
	const problems = agentProblems(inputs.ssh, machine.env);
	const found = await readValues(inputs, declared, machine, problems);
	const { values } = found;
	problems.push(...tooLarge(values));
	if (problems.length > 0) throw missing(problems);
	maskAll(found, machine);
	const all = [...values].map(([id, content]) => ({
		id,
		content,
		path: join$1(directory, id)
	}));
	return {
		mounts: all.map(({ id, path }) => ({
			id,
			path
		})),
		files: all.map(({ path, content }) => ({
			path,
			content,
			mode: 384
		}))
	};
}
async function maskSecrets(inputs, { envs }, machine) {
	maskAll(await readValues(inputs, envs.filter(({ stage }) => stage === "build").map(({ name, value }) => ({
		name,
		declared: value
	})), machine, []), machine);
}
function maskAll({ values, published }, { actions }) {
	for (const [id, secret] of values) if (!published.has(id)) maskSecret(id, secret, actions);
}
async function readValues(inputs, declared, machine, problems) {
	const given = await readInputs(inputs, machine, problems);
	const { values, published } = readDeclared(declared.filter(({ name }) => !given.has(name)), machine.env, problems);
	return {
		values: new Map([...given, ...values]),
		published
	};
}
async function readInputs(inputs, machine, problems) {
	const values = new Map(Object.entries(inputs.secrets));
	for (const { id, variable } of inputs.secretEnvs) {
		const value = machine.env[variable];
		if (value === void 0) problems.push(`secret-envs: the variable ${variable} is not set`);
		else values.set(id, new Secret(value));
	}
	for (const [id, path] of Object.entries(inputs.secretFiles)) {
		const found = await lookUpInputFile(path, machine);
		if ("fault" in found) problems.push(`secret-files: ${found.fault}`);
		else values.set(id, new Secret(await machine.files.readHead(found.path, 512001)));
	}
	return values;
}
function readDeclared(declared, env, problems) {
	const values = new Map();
	const published = new Set();
	for (const { name, declared: fallback } of declared) {
		const own = isReserved(name, env[name]) ? void 0 : env[name];
		const value = own ?? fallback;
		if (value === fallback) published.add(name);
		if (own === void 0 && fallback === "") problems.push(`the Bento needs ${name} while it is built${whyNot(name, env)}`);
		else values.set(name, new Secret(value));
	}
	return {
		values,
		published
	};
}
function whyNot(name, env) {
	return env[name] === void 0 || !isReserved(name, env[name]) ? "" : `; a Bento gets this variable of the step only when it is allowed: give secret-envs: ${name}`;
}
async function declaredMounts(inputs, declared, directory) {
	return {
		mounts: secretIdsOf(inputs, declared).map((id) => ({
			id,
			path: join$1(directory, id)
		})),
		files: []
	};
}
function secretIdsOf(inputs, declared) {
	const ids = [
		...Object.keys(inputs.secrets),
		...inputs.secretEnvs.map(({ id }) => id),
		...Object.keys(inputs.secretFiles),
		...declared.map(({ name }) => name)
	];
	return [...new Set(ids)];
}
function agentProblems(ssh, env) {
	const wanted = ssh.filter((line) => !line.includes("="));
	return wanted.length === 0 || env["SSH_AUTH_SOCK"] ? [] : [`ssh: ${wanted.join(", ")} needs an agent, and SSH_AUTH_SOCK is not set`];
}
function tooLarge(values) {
	return [...values].filter(([, secret]) => secret.revealBytes().length > MOST_BYTES$1).map(([id]) => `the secret ${id} is larger than ${MOST_BYTES$1 / 1024} KiB`);
}
function missing(problems) {
	const onlyAgent = problems.every((problem) => problem.startsWith("ssh:"));
	return new Failure("input", problems.join(" · "), {
		code: "SecretMissing",
		lines: problems,
		hint: onlyAgent ? "Start an agent in a step before this one, or name a key: `ssh: default=/path/to/key`." : "Give it in the step, for example `env: { HF_TOKEN: ${{ secrets.HF_TOKEN }} }`, or by the input secrets; pull requests from forks have no secrets."
	});
}
function maskSecret(id, secret, actions) {
	const masks = masksOf(secret);
	for (const mask of masks) actions.mask(mask);
	if (masks.length > 0 || secret.reveal().trim() === "") return;
	actions.info(`The secret ${id} is not masked, because it is shorter than 6 characters: the mask would hide unrelated text in the log, and GitHub would drop outputs that contain it.`);
}
// src/commands/builder-keys.ts
function builderKeyFiles({ builderCa, builderCert, builderKey }, directory) {
	const given = Object.entries({
		ca: builderCa,
		cert: builderCert,
		key: builderKey
	}).flatMap(([name, content]) => content === void 0 ? [] : [{
		name,
		content,
		path: join$1(directory, "builder", `${name}.pem`),
		mode: 384
	}]);
	if (given.length === 0) return {
		keys: void 0,
		files: []
	};
	return {
		keys: Object.fromEntries(given.map(({ name, path }) => [name, path])),
		files: given.map(({ path, content, mode }) => ({
			path,
			content: withLineEnd(content),
			mode
		}))
	};
}
async function writeBuilderKeys(inputs, { files, actions }) {
	if (inputs.builderKey !== void 0) maskSecret("builder-key", inputs.builderKey, actions);
	const made = builderKeyFiles(inputs, await files.scratch());
	for (const { path, content, mode } of made.files) {
		await files.makeDirectory(dirname$1(path), 448);
		await files.write(path, content instanceof Secret ? content.revealBytes() : content, mode);
	}
	return made.keys;
}
function withLineEnd(content) {
	return content instanceof Secret ? new Secret(`${content.reveal()}\n`) : `${content}\n`;
}
// src/commands/plan.ts
const DEFAULT_EPOCH = FIXED_TIME;
function referencesOf(inputs, bento) {
	return nonEmpty(inputs.tags) ?? [parseReference(`${bento.tag.name}:${bento.tag.version}`)];
}
function makePlan(inputs, bento, source, engine, secrets, paths) {
	return {
		dockerfile: paths.dockerfile,
		context: source.context.path,
		references: referencesOf(inputs, bento),
		features: {
			...requiredFeatures(inputs, bento, source),
			...definedOnly(optionalFeatures(inputs, source, engine, secrets, paths))
		},
		constructs: constructsOf(source.dockerfile),
		deliveries: deliveriesOf(inputs, paths.workspace),
		extraArgs: inputs.extraArgs,
		scratch: paths.scratch,
		kept: paths.kept
	};
}
function requiredFeatures(inputs, bento, source) {
	return {
		format: inputs.format ?? "oci",
		compression: withoutChoice(inputs.compression),
		epoch: clampTo(epochOf(inputs, bento), source),
		pull: inputs.pull ?? false,
		strictBase: baseCheckOf(source.dockerfile)
	};
}
function optionalFeatures(inputs, source, engine, secrets, paths) {
	const generated = paths.generated === void 0 ? [] : [{
		name: "generated",
		directory: paths.generated
	}];
	const extra = Object.entries(inputs.buildContexts).map(([name, address]) => ({
		name,
		address
	}));
	const directories = extra.filter(({ address }) => !address.includes("://"));
	return {
		builder: inputs.builder,
		builderKeys: builderKeyFiles(inputs, paths.scratch).keys,
		platforms: nonEmpty(inputs.platforms) ?? (engine.platform === void 0 ? void 0 : [engine.platform]),
		noCache: inputs.noCache,
		noCacheFilters: filled(inputs.noCacheFilters),
		cacheFrom: filled(inputs.cacheFrom),
		cacheTo: filled(inputs.cacheTo),
		cache: void 0,
		target: inputs.target,
		buildArgs: filledPairs({
			...withoutKeys(inputs.buildArgs, source.resolvedBuildArgs),
			...source.buildArgs
		}),
		cacheMounts: void 0,
		contexts: filled([
			...generated,
			...source.contexts.map(({ name, directory }) => ({
				name,
				directory: directory.path
			})),
			...directories.map(({ name, address }) => ({
				name,
				directory: resolve$1(paths.workspace, address)
			}))
		]),
		remoteContexts: filledPairs(Object.fromEntries(extra.filter(({ address }) => address.includes("://")).map(({ name, address }) => [name, address]))),
		secrets: filled(secrets),
		ssh: filled(inputs.ssh),
		labels: filledPairs(inputs.labels),
		annotations: filledPairs(inputs.annotations),
		attests: filledPairs(attestationsOf(inputs)),
		addHosts: filled(inputs.addHosts),
		network: inputs.network,
		allow: filled(inputs.allow),
		shmSize: inputs.shmSize,
		ulimits: filled(inputs.ulimit),
		cgroupParent: inputs.cgroupParent,
		registryMirrors: filledPairs(inputs.registryMirrors),
		insecureRegistries: filled(inputs.insecureRegistries),
		registryAuthorities: filledPairs(pathsFrom(paths.workspace, inputs.registryAuthorities))
	};
}
function withoutChoice({ format, level }) {
	return level === void 0 ? { format } : {
		format,
		level
	};
}
function clampTo(seconds, { newestTime }) {
	return {
		seconds,
		rewrite: newestTime === void 0 || newestTime > seconds
	};
}
function epochOf({ sourceDateEpoch }, bento) {
	if (sourceDateEpoch === "bento") return Math.floor(bento.creationTime.getTime() / 1e3);
	return sourceDateEpoch ?? DEFAULT_EPOCH;
}
function layoutPath({ output }, workspace) {
	const layout = output.find(({ kind }) => kind === "layout");
	return layout === void 0 ? void 0 : resolve$1(workspace, layout.path);
}
function isLoaded(inputs) {
	return inputs.load === true || !isPushed(inputs) && inputs.output.length === 0;
}
function deliveriesOf(inputs, workspace) {
	const outputs = inputs.output.map(({ kind, path }) => ({
		kind,
		path: resolve$1(workspace, path)
	}));
	return nonEmpty([
		...isPushed(inputs) ? [{ kind: inputs.pushByDigest === true ? "push-by-digest" : "push" }] : [],
		...isLoaded(inputs) ? [{ kind: "load" }] : [],
		...outputs
	]) ?? [{ kind: "load" }];
}
function filled(list) {
	return list.length === 0 ? void 0 : list;
}
function filledPairs(given) {
	return Object.keys(given).length === 0 ? void 0 : given;
}
function withoutKeys(given, keys) {
	return Object.fromEntries(Object.entries(given).filter(([key]) => !keys.includes(key)));
}
function pathsFrom(workspace, given) {
	return Object.fromEntries(Object.entries(given).map(([name, path]) => [name, resolve$1(workspace, path)]));
}
function definedOnly(features) {
	return Object.fromEntries(Object.entries(features).filter(([, value]) => value !== void 0));
}
// src/action/opening.ts
function openingOf(inputs, bento) {
	const platforms = inputs.platforms.map(printPlatform).join(", ");
	const names = referencesOf(inputs, bento).map(printReference).join(", ");
	return [`Bento: ${printTag(bento.tag)}, made with BentoML ${bento.bentomlVersion}`, `Image: ${names}${platforms === "" ? "" : ` for ${platforms}`}`];
}
async function printModels(models, { files }) {
	const described = await Promise.all(models.map(async (located) => `${printTag(located.model.tag)} (${await describe(located, files)})`));
	return described.length === 0 ? [] : [`Models: ${described.join(", ")}`];
}
function showDockerfile(dockerfile, actions) {
	const group = actions.openGroup("Generated Dockerfile", "file");
	group.info(dockerfile.trimEnd());
	group.end();
}
async function describe(located, files) {
	const size = printBytes(await modelSize(located, files.enclosed));
	if (located.kind === "store") return size;
	const remote = located.files.filter((file) => file.remote !== void 0).reduce((sum, file) => sum + file.size, 0);
	return remote === 0 ? size : `${size}, ${printBytes(remote)} of it only at the Hub`;
}
// src/action/build.ts
const MINUTE = 6e4;
async function build(machine) {
	const { inputs, notes } = await decodeInputs(machine.env);
	if (inputs.timeout !== void 0) machine.cancelAfter(inputs.timeout * MINUTE);
	const watch = openStopwatch();
	await checkInputDirectories(inputs, machine);
	const { bento, models } = await watch.phase("read the Bento", () => readBentoAndModels(inputs, machine));
	const { makeAndReport } = await import("./make-image.js");
	await makeAndReport({
		inputs,
		bento,
		models,
		watch,
		machine
	}, notes);
}
async function readBentoAndModels(inputs, machine) {
	const home = inputs.bentomlHome === void 0 ? {} : { bentomlHome: inputs.bentomlHome };
	const located = await locateBento({
		bento: inputs.bento,
		...home
	}, machine);
	const { dockerfile = "generated" } = inputs;
	const bento = await readBento(located, machine, { complete: dockerfile === "generated" });
	for (const line of openingOf(inputs, bento)) machine.actions.info(line);
	const models = await locateModels(bento, {
		...home,
		dryRun: inputs.dryRun === true,
		remoteFrom: MIN_OWN_LAYER_SIZE
	}, machine);
	for (const line of await printModels(models, machine)) machine.actions.info(line);
	return {
		bento,
		models
	};
}
// src/action/reports.ts
const REPORTS = {
	build: {
		summary: true,
		inputs: "docs/inputs.md",
		anchors: Object.keys(schema)
	},
	merge: {
		summary: true,
		inputs: "docs/matrix.md#mergeactionyml"
	},
	matrix: {
		summary: false,
		inputs: "docs/matrix.md#matrixactionyml"
	},
	setup: {
		summary: false,
		inputs: "docs/setup.md#one-set-up-for-several-steps"
	}
};
// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
	issueCommand(name, {}, message);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs.appendFileSync(filePath, `${toCommandValue(message)}${os.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${os.EOL}${convertedValue}${os.EOL}${delimiter}`;
}
// node_modules/@actions/core/lib/summary.js
var __awaiter$3 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access, appendFile, writeFile: writeFile$1 } = promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	filePath() {
		return __awaiter$3(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, constants$1.R_OK | constants$1.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	write(options) {
		return __awaiter$3(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile$1 : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	clear() {
		return __awaiter$3(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	stringify() {
		return this._buffer;
	}
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	addEOL() {
		return this.addRaw(EOL);
	}
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const summary = new Summary();
// node_modules/@actions/io/lib/io-util.js
var __awaiter$2 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { chmod: chmod$1, copyFile: copyFile$1, lstat: lstat$1, mkdir: mkdir$1, open: open$3, readdir: readdir$1, rename: rename$1, rm: rm$1, rmdir: rmdir$1, stat: stat$1, symlink: symlink$1, unlink } = fs.promises;
const IS_WINDOWS = process.platform === "win32";
function readlink$1(fsPath) {
	return __awaiter$2(this, void 0, void 0, function* () {
		const result = yield fs.promises.readlink(fsPath);
		if (IS_WINDOWS && !result.endsWith("\\")) return `${result}\\`;
		return result;
	});
}
fs.constants.O_RDONLY;
function exists(fsPath) {
	return __awaiter$2(this, void 0, void 0, function* () {
		try {
			yield stat$1(fsPath);
		} catch (err) {
			if (err.code === "ENOENT") return false;
			throw err;
		}
		return true;
	});
}
function isRooted(p) {
	p = normalizeSeparators(p);
	if (!p) throw new Error("isRooted() parameter \"p\" cannot be empty");
	if (IS_WINDOWS) return p.startsWith("\\") || /^[A-Z]:/i.test(p);
	return p.startsWith("/");
}
function tryGetExecutablePath(filePath, extensions) {
	return __awaiter$2(this, void 0, void 0, function* () {
		let stats = void 0;
		try {
			stats = yield stat$1(filePath);
		} catch (err) {
			if (err.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
		}
		if (stats && stats.isFile()) {
			if (IS_WINDOWS) {
				const upperExt = path.extname(filePath).toUpperCase();
				if (extensions.some((validExt) => validExt.toUpperCase() === upperExt)) return filePath;
			} else if (isUnixExecutable(stats)) return filePath;
		}
		const originalFilePath = filePath;
		for (const extension of extensions) {
			filePath = originalFilePath + extension;
			stats = void 0;
			try {
				stats = yield stat$1(filePath);
			} catch (err) {
				if (err.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
			}
			if (stats && stats.isFile()) {
				if (IS_WINDOWS) {
					try {
						const directory = path.dirname(filePath);
						const upperName = path.basename(filePath).toUpperCase();
						for (const actualName of yield readdir$1(directory)) if (upperName === actualName.toUpperCase()) {
							filePath = path.join(directory, actualName);
							break;
						}
					} catch (err) {
						console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
					}
					return filePath;
				} else if (isUnixExecutable(stats)) return filePath;
			}
		}
		return "";
	});
}
function normalizeSeparators(p) {
	p = p || "";
	if (IS_WINDOWS) {
		p = p.replace(/\//g, "\\");
		return p.replace(/\\\\+/g, "\\");
	}
	return p.replace(/\/\/+/g, "/");
}
function isUnixExecutable(stats) {
	return (stats.mode & 1) > 0 || (stats.mode & 8) > 0 && process.getgid !== void 0 && stats.gid === process.getgid() || (stats.mode & 64) > 0 && process.getuid !== void 0 && stats.uid === process.getuid();
}
// node_modules/@actions/io/lib/io.js
var __awaiter$1 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
function cp(source_1, dest_1) {
	return __awaiter$1(this, arguments, void 0, function* (source, dest, options = {}) {
		const { force, recursive, copySourceDirectory } = readCopyOptions(options);
		const destStat = (yield exists(dest)) ? yield stat$1(dest) : null;
		if (destStat && destStat.isFile() && !force) return;
		const newDest = destStat && destStat.isDirectory() && copySourceDirectory ? path.join(dest, path.basename(source)) : dest;
		if (!(yield exists(source))) throw new Error(`no such file or directory: ${source}`);
		if ((yield stat$1(source)).isDirectory()) {
			if (!recursive) throw new Error(`Failed to copy. ${source} is a directory, but tried to copy without recursive flag.`);
			else yield cpDirRecursive(source, newDest, 0, force);
		} else {
			if (path.relative(source, newDest) === "") throw new Error(`'${newDest}' and '${source}' are the same file`);
			yield copyFile(source, newDest, force);
		}
	});
}
function rmRF(inputPath) {
	return __awaiter$1(this, void 0, void 0, function* () {
		if (IS_WINDOWS) {
			if (/[*"<>|]/.test(inputPath)) throw new Error("File path must not contain `*`, `\"`, `<`, `>` or `|` on Windows");
		}
		try {
			yield rm$1(inputPath, {
				force: true,
				maxRetries: 3,
				recursive: true,
				retryDelay: 300
			});
		} catch (err) {
			throw new Error(`File was unable to be removed ${err}`);
		}
	});
}
function mkdirP(fsPath) {
	return __awaiter$1(this, void 0, void 0, function* () {
		ok(fsPath, "a path argument must be provided");
		yield mkdir$1(fsPath, { recursive: true });
	});
}
function which(tool, check) {
	return __awaiter$1(this, void 0, void 0, function* () {
		if (!tool) throw new Error("parameter 'tool' is required");
		if (check) {
			const result = yield which(tool, false);
			if (!result) {
				if (IS_WINDOWS) throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
				else throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
			}
			return result;
		}
		const matches = yield findInPath(tool);
		if (matches && matches.length > 0) return matches[0];
		return "";
	});
}
function findInPath(tool) {
	return __awaiter$1(this, void 0, void 0, function* () {
		if (!tool) throw new Error("parameter 'tool' is required");
		const extensions = [];
		if (IS_WINDOWS && process.env["PATHEXT"]) {
			for (const extension of process.env["PATHEXT"].split(path.delimiter)) if (extension) extensions.push(extension);
		}
		if (isRooted(tool)) {
			const filePath = yield tryGetExecutablePath(tool, extensions);
			if (filePath) return [filePath];
			return [];
		}
		if (tool.includes(path.sep)) return [];
		const directories = [];
		if (process.env.PATH) {
			for (const p of process.env.PATH.split(path.delimiter)) if (p) directories.push(p);
		}
		const matches = [];
		for (const directory of directories) {
			const filePath = yield tryGetExecutablePath(path.join(directory, tool), extensions);
			if (filePath) matches.push(filePath);
		}
		return matches;
	});
}
function readCopyOptions(options) {
	return {
		force: options.force == null ? true : options.force,
		recursive: Boolean(options.recursive),
		copySourceDirectory: options.copySourceDirectory == null ? true : Boolean(options.copySourceDirectory)
	};
}
function cpDirRecursive(sourceDir, destDir, currentDepth, force) {
	return __awaiter$1(this, void 0, void 0, function* () {
		if (currentDepth >= 255) return;
		currentDepth++;
		yield mkdirP(destDir);
		const files = yield readdir$1(sourceDir);
		for (const fileName of files) {
			const srcFile = `${sourceDir}/${fileName}`;
			const destFile = `${destDir}/${fileName}`;
			if ((yield lstat$1(srcFile)).isDirectory()) yield cpDirRecursive(srcFile, destFile, currentDepth, force);
			else yield copyFile(srcFile, destFile, force);
		}
		yield chmod$1(destDir, (yield stat$1(sourceDir)).mode);
	});
}
function copyFile(srcFile, destFile, force) {
	return __awaiter$1(this, void 0, void 0, function* () {
		if ((yield lstat$1(srcFile)).isSymbolicLink()) {
			try {
				yield lstat$1(destFile);
				yield unlink(destFile);
			} catch (e) {
				if (e.code === "EPERM") {
					yield chmod$1(destFile, "0666");
					yield unlink(destFile);
				}
			}
			const symlinkFull = yield readlink$1(srcFile);
			yield symlink$1(symlinkFull, destFile, IS_WINDOWS ? "junction" : null);
		} else if (!(yield exists(destFile)) || force) yield copyFile$1(srcFile, destFile);
	});
}
var ExitCode;
(function(ExitCode) {
	ExitCode[ExitCode["Success"] = 0] = "Success";
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function exportVariable(name, val) {
	const convertedVal = toCommandValue(val);
	process.env[name] = convertedVal;
	if (process.env["GITHUB_ENV"] || "") return issueFileCommand("ENV", prepareKeyValueMessage(name, val));
	issueCommand("set-env", { name }, convertedVal);
}
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
function addPath(inputPath) {
	if (process.env["GITHUB_PATH"] || "") issueFileCommand("PATH", inputPath);
	else issueCommand("add-path", {}, inputPath);
	process.env["PATH"] = `${inputPath}${path.delimiter}${process.env["PATH"]}`;
}
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(os.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
	issueCommand("debug", {}, message);
}
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function notice(message, properties = {}) {
	issueCommand("notice", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info$1(message) {
	process.stdout.write(message + os.EOL);
}
function startGroup(name) {
	issue("group", name);
}
function endGroup() {
	issue("endgroup");
}
function saveState(name, value) {
	if (process.env["GITHUB_STATE"] || "") return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
	issueCommand("save-state", { name }, toCommandValue(value));
}
function getState(name) {
	return process.env[`STATE_${name}`] || "";
}
// src/machine/log-text.ts
const LINE_END = /(\r\n|\r|\n)/;
const COLONS = /^[\s\p{C}]*(?=::)/u;
function asLogText(text) {
	return breakBrackets(text.includes("::") ? text.split(LINE_END).map(breakColons).join("") : text);
}
function breakColons(line) {
	return line.replace(COLONS, "$&\\");
}
function breakBrackets(text) {
	return text.replaceAll("##[", "##\\[");
}
function asOneLine(text) {
	return text.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");
}
// src/machine/progress.ts
const REAL_CLOCK = {
	now: () => performance.now(),
	every(milliseconds, callback) {
		const timer = setInterval(callback, milliseconds).unref();
		return () => clearInterval(timer);
	}
};
const WINDOW = 3e4;
const STEP = 500;
const SURE = 3e3;
var Meter = class {
	title;
	#tasks = [];
	#measured = [];
	#moved = 0;
	#paused = 0;
	#pausedAt;
	constructor(title) {
		this.title = title;
	}
	get isOver() {
		return this.#tasks.every(({ isOpen }) => !isOpen);
	}
	open(size) {
		const task = {
			size,
			done: 0,
			hasBegun: false,
			isOpen: true
		};
		this.#tasks.push(task);
		return task;
	}
	move(task, bytes, now) {
		if (this.#pausedAt !== void 0) this.#paused += now - this.#pausedAt;
		this.#pausedAt = void 0;
		task.hasBegun = true;
		this.#measure(this.#time(now));
		task.done += bytes;
		this.#moved += bytes;
	}
	close(task, now) {
		task.isOpen = false;
		if (!this.#tasks.some(({ hasBegun, isOpen }) => hasBegun && isOpen)) this.#pausedAt ??= now;
	}
	state(now) {
		const done = sum(this.#tasks.map((task) => task.done));
		const sizes = this.#tasks.flatMap(({ size, done, isOpen }) => isOpen ? size ?? [] : done);
		const total = sizes.length === this.#tasks.length ? sum(sizes) : void 0;
		const time = this.#time(now);
		const rate = this.#rate(time);
		const isSure = rate > 0 && time - (this.#measured[0]?.at ?? time) >= SURE;
		return {
			title: this.title,
			done,
			rate,
			isOver: this.isOver,
			...total === void 0 ? {} : { total },
			...total === void 0 || !isSure ? {} : { left: Math.max(0, total - done) / rate }
		};
	}
	#time(now) {
		return (this.#pausedAt ?? now) - this.#paused;
	}
	#measure(time) {
		const last = this.#measured.at(-1);
		if (last === void 0 || time - last.at >= STEP) this.#measured.push({
			at: time,
			moved: this.#moved
		});
	}
	#rate(time) {
		this.#measure(time);
		while ((this.#measured[1]?.at ?? time) < time - WINDOW) this.#measured.shift();
		const [first] = this.#measured;
		if (first === void 0 || time <= first.at) return 0;
		return (this.#moved - first.moved) * 1e3 / (time - first.at);
	}
};
function openProgress(show, interval, clock = REAL_CLOCK) {
	const meters = new Map();
	return (title, size) => {
		const entry = meters.get(title) ?? { meter: new Meter(title) };
		meters.set(title, entry);
		const { meter } = entry;
		const task = meter.open(size);
		return {
			add(bytes) {
				if (!task.isOpen) return;
				meter.move(task, bytes, clock.now());
				entry.stop ??= clock.every(interval, () => show(meter.state(clock.now())));
			},
			restart(from = 0) {
				if (task.isOpen) task.done = from;
			},
			resize(to) {
				task.size = to;
			},
			end() {
				meter.close(task, clock.now());
				if (!meter.isOver || meters.get(title) !== entry) return;
				meters.delete(title);
				entry.stop?.();
				if (entry.stop !== void 0) show(meter.state(clock.now()));
			}
		};
	};
}
async function* counted(pieces, count) {
	for await (const piece of pieces) {
		yield piece;
		count(piece.length);
	}
}
function countedContent(open, task, from = 0) {
	return async () => {
		task.restart(from);
		return counted(await open(), task.add);
	};
}
function printProgress({ title, done, total, rate, left }) {
	const speed = rate === 0 ? "nothing moves" : printRate(rate);
	if (total === void 0) return `${title} ${printBytes(done)}, ${speed}`;
	const percent = total === 0 ? 100 : Math.floor(Math.min(done, total) * 100 / total);
	const time = left === void 0 || left > 9 ? printDuration(left ?? 0) : `${Math.ceil(left)} s`;
	const rest = left === void 0 || left === 0 ? "" : `, ${time} left`;
	return `${title} ${printBytesOf(done, total)}, ${percent} %, ${speed}${rest}`;
}
function sum(numbers) {
	return numbers.reduce((all, one) => all + one, 0);
}
// src/machine/actions.ts
const PROGRESS_INTERVAL = 1e4;
function properties({ title, file, line } = {}) {
	return {
		...title === void 0 ? {} : { title: breakBrackets(title) },
		...file === void 0 ? {} : { file: breakBrackets(file) },
		...line === void 0 ? {} : { startLine: line }
	};
}
function realActions(hasSummary) {
	if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", () => void 0);
	const print = (text) => info$1(asLogText(text));
	const { openGroup, closeGroup } = logGroups(print);
	const info = (text) => {
		closeGroup();
		print(text);
	};
	const annotate = (issue) => (message, annotation) => {
		closeGroup();
		issue(breakBrackets(message), properties(annotation));
	};
	const hider = openHider();
	return {
		info,
		debug: (text) => debug(breakBrackets(text)),
		notice: annotate(notice),
		warning: annotate(warning),
		error: annotate(error),
		openGroup,
		progress: openProgress((state) => {
			if (!state.isOver) info(printProgress(state));
		}, PROGRESS_INTERVAL),
		mask(value) {
			hider.add(value);
			setSecret(value);
		},
		hide: hider.hide,
		setOutput: (name, value) => setOutput(name, value),
		exportVariable: (name, value) => exportVariable(name, value),
		addPath,
		saveState: (name, value) => saveState(name, value),
		getState,
		async writeSummary(markdown) {
			if (!hasSummary) return;
			try {
				await summary.addRaw(hider.hide(markdown), true).write();
			} catch (error) {
				info(`The job summary cannot be written: ${asFailure(error).message}`);
			}
		}
	};
}
function logGroups(print) {
	let current;
	function closeGroup() {
		if (current !== void 0) endGroup();
		current = void 0;
	}
	function openGroup(title) {
		let shown = title;
		const enter = () => {
			if (current === group) return;
			closeGroup();
			startGroup(breakBrackets(asOneLine(shown)));
			shown = `${title}, continued`;
			current = group;
		};
		const group = {
			info(line) {
				enter();
				print(line);
			},
			end() {
				if (current === group) closeGroup();
			}
		};
		enter();
		return group;
	}
	return {
		openGroup,
		closeGroup
	};
}
// src/machine/file-info.ts
function kindOf(entry) {
	if (entry.isSymbolicLink()) return "symlink";
	if (entry.isDirectory()) return "directory";
	return entry.isFile() ? "file" : "other";
}
function infoFrom(found) {
	return {
		kind: kindOf(found),
		size: found.size,
		mode: found.mode & 4095,
		modified: found.mtime
	};
}
function isMissing(error) {
	return ["ENOENT", "ENOTDIR"].includes(errorCode(error));
}
function isOccupied(error) {
	return ["ENOTEMPTY", "EEXIST"].includes(errorCode(error));
}
function isUnfollowable(error) {
	return [
		"ELOOP",
		"ENOTDIR",
		"ENXIO"
	].includes(errorCode(error));
}
function isTooLong(error) {
	return errorCode(error) === "ENAMETOOLONG";
}
// src/machine/pieces.ts
const PIECE = 1 << 20;
function pieceReader() {
	const spare = [];
	return async function* pieces(open) {
		await using handle = await open();
		const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
		try {
			for (;;) {
				const { bytesRead } = await handle.read(buffer, 0, PIECE);
				if (bytesRead === 0) return;
				yield buffer.subarray(0, bytesRead);
			}
		} finally {
			spare.push(buffer);
		}
	};
}
// src/machine/enclosed-files.ts
const { O_RDONLY: O_RDONLY$1, O_NOFOLLOW: O_NOFOLLOW$1, O_NONBLOCK: O_NONBLOCK$1, O_DIRECTORY: O_DIRECTORY$1 } = constants$2;
const FILE_FLAGS = O_RDONLY$1 | O_NOFOLLOW$1 | O_NONBLOCK$1;
const DIRECTORY_FLAGS = FILE_FLAGS | O_DIRECTORY$1;
function descriptorPath(fd) {
	return `/proc/self/fd/${fd}`;
}
function displaced(path, cause) {
	return new Failure("bento", `${path} was replaced by a link or another file while the Bento was read`, {
		code: "UnsafePath",
		hint: "Run the build when no other process writes to the Bento or its models.",
		cause
	});
}
function tooLong(path, cause) {
	return new Failure("bento", `${path}: the path is too long for this machine`, {
		code: "UnsafePath",
		hint: "Use shorter names in the Bento, or move it to a directory with a shorter path.",
		cause
	});
}
function realEnclosedFiles(signal) {
	const pieces = pieceReader();
	const unlessAborted = (work) => async (...args) => {
		if (signal.aborted) throw cancelled(signal, "The files of the Bento were not all read");
		return work(...args);
	};
	return {
		enclose: unlessAborted(enclose),
		find: unlessAborted(find),
		list: unlessAborted(list$1),
		readLink: unlessAborted(readLink),
		read: unlessAborted(read$1),
		entry: unlessAborted((directory, name) => entryAt(join$1(directory.path, name), directory.root)),
		info: unlessAborted(({ path }) => infoOf(path)),
		pieces: ({ path }) => pieces(() => openFile(path))
	};
}
async function enclose(directory) {
	const path = await realpath(directory).catch((error) => {
		if (isMissing(error)) return directory;
		throw error;
	});
	return enclosure(path, path);
}
async function find(directory, path) {
	if (path.includes("\0")) return void 0;
	const requested = join$1(directory.path, path);
	const real = await realpath(requested).catch((error) => {
		if (isMissing(error) || isUnfollowable(error) || isTooLong(error)) return void 0;
		throw error;
	});
	if (real === void 0) return void 0;
	if (isWithin(real, directory.root)) return entryAt(real, directory.root);
	throw new Failure("bento", `${requested} is a link that leads outside ${directory.root}`, {
		code: "UnsafePath",
		hint: "Replace the link with its target, or build the Bento again."
	});
}
async function entryAt(path, root) {
	const info = await infoOf(path);
	switch (info?.kind) {
		case "file": return {
			kind: "file",
			file: enclosedFile(path),
			info
		};
		case "directory": return {
			kind: "directory",
			directory: enclosure(path, root)
		};
		case "other": return { kind: "other" };
		default: return;
	}
}
async function list$1({ path }) {
	await using handle = await openAt(path, DIRECTORY_FLAGS).catch((error) => {
		throw isMissing(error) ? displaced(path, error) : error;
	});
	const opened = await listed(handle, path);
	const entries = await readdir(opened, { withFileTypes: true });
	if (entries.some(({ name }) => name.includes("�"))) checkNames(await readdir(opened, "buffer"), path);
	return entries.map((entry) => ({
		name: entry.name,
		kind: kindOf(entry)
	})).sort((one, other) => one.name < other.name ? -1 : 1);
}
async function listed({ fd }, path) {
	const open = descriptorPath(fd);
	return await infoOf(open) === void 0 ? path : open;
}
function checkNames(names, directory) {
	const unreadable = names.filter((name) => !isUtf8(name)).map((name) => join$1(directory, printName(name)));
	if (unreadable.length > 0) throw notUtf8(unreadable);
}
async function readLink(directory, name) {
	const path = join$1(directory.path, name);
	const target = await readlink(path, "buffer").catch((error) => {
		throw isTooLong(error) ? tooLong(path, error) : error;
	});
	if (!isUtf8(target)) throw notUtf8([`${path} -> ${printName(target)}`]);
	return target.toString();
}
function notUtf8(all) {
	const paths = firstFew(all);
	return new Failure("bento", `${paths.join(", ")}: file names in a Bento must be UTF-8`, {
		code: "NameNotUtf8",
		lines: paths,
		hint: "Rename these files, or exclude them from the Bento."
	});
}
function printName(name) {
	return name.toString("latin1").replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
async function read$1({ path }, start, length) {
	await using handle = await openFile(path);
	const buffer = Buffer.alloc(length);
	let filled = 0;
	while (filled < length) {
		const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
		if (bytesRead === 0) break;
		filled += bytesRead;
	}
	return buffer.subarray(0, filled);
}
async function openFile(path) {
	const handle = await openAt(path, FILE_FLAGS);
	if ((await handle.stat()).isFile()) return handle;
	await handle.close();
	throw displaced(path);
}
async function openAt(path, flags) {
	const handle = await open(path, flags).catch((error) => {
		if (isTooLong(error)) throw tooLong(path, error);
		throw isUnfollowable(error) ? displaced(path, error) : error;
	});
	try {
		if (await realPathOf(handle, path) === path) return handle;
	} catch (error) {
		await handle.close();
		throw error;
	}
	await handle.close();
	throw displaced(path);
}
async function realPathOf({ fd }, path) {
	return readlink(descriptorPath(fd)).catch((error) => {
		if (isMissing(error)) return realpath(path);
		throw error;
	});
}
async function infoOf(path) {
	try {
		return infoFrom(await lstat(path));
	} catch (error) {
		if (isMissing(error)) return void 0;
		throw isTooLong(error) ? tooLong(path, error) : error;
	}
}
function isWithin(path, root) {
	return path === root || path.startsWith(root.endsWith("/") ? root : `${root}/`);
}
function enclosure(path, root) {
	return {
		path,
		root
	};
}
function enclosedFile(path) {
	return {
		kind: "path",
		path
	};
}
// src/machine/files.ts
async function info(path) {
	try {
		return infoFrom(await lstat(path));
	} catch (error) {
		if (isMissing(error)) return void 0;
		throw error;
	}
}
async function list(path) {
	return (await readdir(path, { withFileTypes: true })).map((entry) => ({
		name: entry.name,
		kind: kindOf(entry)
	})).sort((one, other) => one.name < other.name ? -1 : 1);
}
async function readHead(path, length) {
	await using handle = await open(path);
	const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
	return buffer.subarray(0, bytesRead);
}
async function write(path, content, mode) {
	await writeFile(path, content, { mode });
	await chmod(path, mode);
}
async function makeDirectory(path, mode) {
	if (await mkdir(path, {
		recursive: true,
		mode
	}) !== void 0) await chmod(path, mode);
}
async function removeEmpty(path) {
	await rmdir(path).catch((error) => {
		if (!isMissing(error) && !isOccupied(error)) throw error;
	});
}
async function makeKept(temporary) {
	const directory = await mkdtemp(join$1(temporary, "bento-image-"));
	await chmod(directory, 493);
	return directory;
}
function plainTemporary(temporary) {
	return [temporary, tmpdir()].find((directory) => !/[,"\r\n]/.test(directory)) ?? "/tmp";
}
function realFiles(temporary, signal = new AbortController().signal) {
	let scratch;
	let kept;
	const pieces = pieceReader();
	return {
		enclosed: realEnclosedFiles(signal),
		info,
		list,
		readHead,
		pieces: (path) => pieces(() => open(path)),
		write,
		makeDirectory,
		readBytes: (path) => readFile(path),
		readText: (path) => readFile(path, "utf8"),
		readLink: (path) => readlink(path),
		realPath: (path) => realpath(path),
		source: (path, range) => createReadStream(path, {
			...range,
			highWaterMark: 65536
		}),
		sink: (path, { mode, append }) => createWriteStream(path, {
			mode,
			flags: append ? "a" : "wx"
		}),
		makeLink: (target, path) => symlink(target, path),
		setMode: (path, mode) => chmod(path, mode),
		rename: (from, to) => rename(from, to),
		remove: (path) => rmRF(path),
		removeEmpty,
		scratch() {
			scratch ??= mkdtemp(join$1(plainTemporary(temporary), "bento-image-"));
			return scratch;
		},
		kept() {
			kept ??= makeKept(temporary);
			return kept;
		},
		async dispose() {
			if (scratch !== void 0) await rmRF(await scratch);
		}
	};
}
// src/machine/processes.ts
const TAIL_LINES = 400;
const KILL_AFTER_MS = 5e3;
const DRAIN_MS = 5e3;
function realProcesses(env, signal) {
	return {
		async which(tool, path) {
			if (path === void 0 || path === env["PATH"]) return await which(tool) || void 0;
			for (const directory of path.split(delimiter$1)) {
				const found = directory === "" ? "" : await which(join$1(directory, tool));
				if (found !== "") return found;
			}
		},
		ask: (invocation) => invocation.stdin === void 0 ? ask$1(invocation, env) : capture(invocation, env, new AbortController().signal),
		async capture(invocation) {
			const answer = await capture(invocation, env, signalOf(signal, invocation));
			if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
			return answer;
		},
		async stream(invocation, onLine) {
			const tail = [];
			const keep = async (output) => {
				for await (const line of linesOf(output)) {
					tail.push(line);
					if (tail.length > TAIL_LINES) tail.shift();
					onLine(line);
				}
			};
			return {
				...await run(invocation, env, signalOf(signal, invocation), {
					stdout: keep,
					stderr: keep
				}),
				tail
			};
		}
	};
}
function signalOf(signal, { signal: own }) {
	return own === void 0 ? signal : AbortSignal.any([signal, own]);
}
const MAX_OUTPUT = 16 << 20;
async function capture(invocation, env, signal) {
	const answer = {
		stdout: "",
		stderr: ""
	};
	const full = new AbortController();
	const readerOf = (stream) => async (output) => {
		for await (const text of output) {
			if (full.signal.aborted) continue;
			answer[stream] += text;
			if (answer[stream].length > MAX_OUTPUT) full.abort();
		}
	};
	const readers = {
		stdout: readerOf("stdout"),
		stderr: readerOf("stderr")
	};
	const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
	const { code, signal: killedBy } = await run(invocation, env, AbortSignal.any([signal, full.signal]), readers, killAfter);
	if (full.signal.aborted) throw tooMuchOutput(invocation.tool);
	return {
		...answer,
		code: code ?? statusOf$1(killedBy)
	};
}
function tooMuchOutput(tool) {
	return new Failure("tool", `${tool} printed more than ${MAX_OUTPUT} characters and was stopped`, {
		code: "TooLarge",
		hint: `Check what ${tool} prints on this machine. It may be a wrapper on PATH.`
	});
}
async function ask$1({ tool, args, cwd, env }, ambient) {
	const { getExecOutput } = await import("./libraries.js");
	const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
		silent: true,
		ignoreReturnCode: true,
		env: definedOnly$1(env ?? ambient),
		...cwd === void 0 ? {} : { cwd }
	});
	return {
		code: exitCode,
		stdout,
		stderr
	};
}
async function run(invocation, env, signal, readers, killAfter = KILL_AFTER_MS) {
	const { tool, args, stdin, cwd } = invocation;
	const { spawn } = await import("node:child_process");
	if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
	const child = spawn(tool, [...args], {
		detached: true,
		env: definedOnly$1(invocation.env ?? env),
		stdio: "pipe",
		...cwd === void 0 ? {} : { cwd }
	});
	const stopListening = endGroupOn(signal, child, killAfter);
	try {
		child.stdin.on("error", () => void 0).end(stdin);
		for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8");
		const drained = Promise.allSettled([readers.stdout(child.stdout), readers.stderr(child.stderr)]);
		const [code, killedBy] = await once(child, "exit");
		await drain(drained, child);
		return {
			code: typeof code === "number" ? code : void 0,
			signal: typeof killedBy === "string" ? killedBy : void 0
		};
	} catch (error) {
		throw notStarted(error, tool);
	} finally {
		stopListening();
	}
}
async function drain(read, child) {
	const giveUp = setTimeout(() => {
		child.stdout?.destroy();
		child.stderr?.destroy();
	}, DRAIN_MS);
	await read;
	clearTimeout(giveUp);
}
function notStarted(error, tool) {
	return error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn") ? new Failure("tool", `Cannot start ${tool}: ${error.message}`, { cause: error }) : error;
}
function statusOf$1(killedBy) {
	return 128 + (constants.signals[killedBy] ?? 0);
}
const MAX_LINE_LENGTH = 65536;
async function* linesOf(output) {
	let rest = "";
	for await (const text of output) {
		const [first = "", ...lines] = text.split("\n");
		rest = shorten(rest + first);
		for (const line of lines) {
			yield rest.endsWith("\r") ? rest.slice(0, -1) : rest;
			rest = shorten(line);
		}
	}
	if (rest !== "") yield rest;
}
function shorten(line) {
	if (line.length <= MAX_LINE_LENGTH) return line;
	const half = MAX_LINE_LENGTH / 2 - ELLIPSIS.length;
	return `${line.slice(0, half)}${ELLIPSIS}${line.slice(-half)}`;
}
const ELLIPSIS = " … ";
function endGroupOn(signal, child, killAfter) {
	let lastResort;
	const end = () => {
		signalGroup(child, "SIGTERM");
		lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), killAfter);
	};
	signal.addEventListener("abort", end, { once: true });
	return () => {
		signal.removeEventListener("abort", end);
		clearTimeout(lastResort);
		if (signal.aborted) signalGroup(child, "SIGKILL");
	};
}
function signalGroup(child, signal) {
	if (child.pid === void 0) return;
	try {
		process.kill(-child.pid, signal);
	} catch {}
}
// src/machine/filter.ts
const MAX_ERROR_LENGTH = 300;
async function* filter({ tool, args, env }, input, ambient, signal) {
	const { spawn } = await import("node:child_process");
	if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
	const child = spawn(tool, [...args], {
		detached: true,
		env: definedOnly$1(env ?? ambient),
		stdio: "pipe"
	});
	const stopListening = endGroupOn(signal, child, 0);
	const ended = once(child, "exit");
	ended.catch(() => void 0);
	let errorOutput = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		errorOutput = `${errorOutput}${text.slice(0, MAX_ERROR_LENGTH)}`.slice(0, MAX_ERROR_LENGTH);
	});
	const fed = pipeline$1(input, child.stdin).then(() => void 0, () => input.errored);
	try {
		yield* child.stdout;
		const [code] = await ended;
		if (signal.aborted) throw cancelled(signal, `${tool} was stopped`);
		const failedInput = await fed;
		if (failedInput) throw failedInput;
		if (code !== 0) throw new Error(`${tool} failed with exit code ${code}: ${errorOutput.trim() || "no error output"}`);
	} catch (error) {
		throw notStarted(error, tool);
	} finally {
		stopListening();
		if (child.exitCode === null && child.signalCode === null) signalGroup(child, "SIGKILL");
	}
}
// src/machine/http-body.ts
function isStreamed(body) {
	return body !== void 0 && typeof body !== "string" && !(body instanceof Uint8Array);
}
function sendPieces(body, sent) {
	let left = Number(sent.getHeader("content-length"));
	let over = false;
	let release = () => void 0;
	async function send() {
		for await (const piece of body) {
			if (over || sent.destroyed) return;
			left -= piece.length;
			if (left < 0) throw new Error("the body is longer than its content-length");
			await new Promise((resolve) => {
				release = resolve;
				sent.write(piece, (error) => {
					if (error) over = true;
					resolve();
				});
			});
			if (over || sent.destroyed) return;
		}
		if (left > 0) throw new Error("the body is shorter than its content-length");
		sent.end();
	}
	return new Promise((resolve, reject) => {
		function stop() {
			release();
			if (left === 0) return;
			over = true;
			resolve();
			if (body instanceof Readable) body.destroy();
		}
		sent.once("close", stop);
		sent.once("response", (response) => {
			if (left !== 0) response.once("close", () => sent.destroy());
			stop();
		});
		send().then(resolve, (error) => {
			if (over) return;
			sent.destroy(error instanceof Error ? error : new Error(String(error)));
			reject(error);
		});
	});
}
// src/machine/request-log.ts
const PUBLIC_PARAMETERS = [
	"digest",
	"from",
	"mount",
	"n",
	"scope",
	"service"
];
const LONGEST_PART = 128;
const BEFORE_RIGHTS = /^(?:up|down)loads?$/i;
async function logged(request, send, log) {
	const start = performance.now();
	const end = (outcome) => log(`${request.method} ${printAddress(request.url)}: ${outcome}, ${printDuration((performance.now() - start) / 1e3)}`);
	try {
		const response = await send();
		end(response.status);
		return response;
	} catch (error) {
		end(errorCode(error) || "failed");
		throw error;
	}
}
function printAddress({ protocol, host, pathname, searchParams }) {
	const parts = pathname.split("/");
	const first = parts.findIndex((part) => BEFORE_RIGHTS.test(part));
	const isPublic = (part, index) => part === "" || part.length <= LONGEST_PART && (first === -1 || index <= first);
	const path = parts.map((part, index) => isPublic(part, index) ? part : "…").join("/");
	const shown = [...searchParams].filter(([name]) => PUBLIC_PARAMETERS.includes(name));
	const query = shown.map(([name, value]) => `${name}=${encodeURI(value)}`);
	const all = shown.length < searchParams.size ? [...query, "…"] : query;
	return `${protocol}//${host}${path}${all.length === 0 ? "" : `?${all.join("&")}`}`;
}
// src/machine/trust.ts
const UNTRUSTED = new Set([
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"SELF_SIGNED_CERT_IN_CHAIN",
	"UNABLE_TO_GET_ISSUER_CERT",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE"
]);
function isUntrusted(error) {
	return UNTRUSTED.has(errorCode(error));
}
function certificateDirectories(env) {
	const home = env["HOME"];
	return [
		"/etc/docker/certs.d",
		"/etc/containers/certs.d",
		...home === void 0 ? [] : [join$1(home, ".config/docker/certs.d"), join$1(home, ".config/containers/certs.d")]
	];
}
async function registryRoots(env, host) {
	const roots = [];
	for (const directory of certificateDirectories(env)) {
		const names = await readdir(join$1(directory, host)).catch(() => []);
		for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) roots.push(await readFile(join$1(directory, host, name), "utf8"));
	}
	return roots;
}
// src/machine/http.ts
const IDLE_TIMEOUT = 3e4;
function realHttp(run) {
	const transports = new Map();
	const agents = [];
	const roots = new Map();
	let trustMachine = false;
	function transportOf(protocol) {
		const existing = transports.get(protocol);
		if (existing !== void 0) return existing;
		const opened = openTransport(protocol, run.env).then((transport) => {
			agents.push(transport.agent);
			return transport;
		});
		transports.set(protocol, opened);
		return opened;
	}
	function rootsOf(url) {
		const key = `${url.host} ${trustMachine}`;
		const found = roots.get(key) ?? gatherRoots(run.env, url.host, trustMachine);
		roots.set(key, found);
		return found;
	}
	function attempt(request) {
		const { log } = run;
		return log === void 0 ? send(request) : logged(request, () => send(request), log);
	}
	async function send(request) {
		const { url } = request;
		const transport = await transportOf(url.protocol);
		const ca = url.protocol === "https:" ? await rootsOf(url) : void 0;
		return exchange(transport.request(url, {
			method: request.method,
			headers: headersOf(request),
			agent: transport.agent,
			signal: request.signal ?? run.signal,
			timeout: request.idleTimeout ?? IDLE_TIMEOUT,
			...ca === void 0 ? {} : { ca }
		}), request);
	}
	return {
		async request(request) {
			try {
				return await attempt(request);
			} catch (error) {
				if (trustMachine || !isUntrusted(error)) throw error;
				trustMachine = true;
				if (isStreamed(request.body)) throw error;
				return await attempt(request);
			}
		},
		close() {
			for (const agent of agents) agent.destroy();
		}
	};
}
async function openTransport(protocol, env) {
	const options = {
		keepAlive: true,
		proxyEnv: { ...env }
	};
	if (protocol === "https:") {
		const https = process.getBuiltinModule("node:https");
		return {
			agent: new https.Agent(options),
			request: https.request
		};
	}
	const http = process.getBuiltinModule("node:http");
	return {
		agent: new http.Agent(options),
		request: http.request
	};
}
async function gatherRoots(env, host, trustMachine) {
	const own = await registryRoots(env, host);
	if (own.length === 0 && !trustMachine) return void 0;
	const { getCACertificates } = await import("node:tls");
	return [
		...getCACertificates("default"),
		...own,
		...trustMachine ? getCACertificates("system") : []
	];
}
function headersOf({ headers, body }) {
	if (body === void 0 || isStreamed(body)) return { ...headers };
	return {
		...headers,
		"content-length": String(Buffer.byteLength(body))
	};
}
function exchange(sent, { body, url }) {
	return new Promise((resolve, reject) => {
		let answer;
		sent.on("error", reject);
		sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
		const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
		sending.catch(reject);
		sent.on("response", (response) => {
			answer = response;
			const given = {
				status: response.statusCode ?? 0,
				headers: flatten(response),
				body: response
			};
			sending.then(() => resolve(given), reject);
		});
		if (!isStreamed(body)) sent.end(body);
	});
}
function flatten(response) {
	const headers = {};
	for (const [name, value] of Object.entries(response.headers)) if (value !== void 0) headers[name] = Array.isArray(value) ? value.join(", ") : value;
	return headers;
}
function timedOut(url) {
	return Object.assign(new Error(`${url.host} sent no data within the idle timeout`), { code: "ETIMEDOUT" });
}
// src/machine/listener.ts
const LOOPBACK = "127.0.0.1";
async function listen(answer) {
	const { createServer } = await import("node:http");
	const server = createServer((request, response) => {
		respond(request, response, answer).catch((error) => {
			response.destroy(error instanceof Error ? error : new Error(String(error)));
		});
	});
	await new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, LOOPBACK, resolve);
	});
	const { port } = server.address();
	return {
		host: `${LOOPBACK}:${port}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(() => resolve()));
		}
	};
}
async function respond(request, response, answer) {
	const { method = "", url: path = "", headers } = request;
	request.resume();
	const { authorization } = headers;
	const { status, headers: own = {}, body } = await answer({
		method,
		path,
		authorization
	});
	response.writeHead(status, own);
	if (body !== void 0 && method !== "HEAD") await send(body, response);
	response.end();
}
async function send(body, response) {
	const closed = new Promise((resolve) => response.once("close", resolve));
	for await (const piece of body) {
		await Promise.race([closed, new Promise((written) => response.write(piece, () => written()))]);
		if (response.destroyed) return;
	}
}
// src/machine/launch.ts
async function launch({ tool, args, env, cwd }, log) {
	const { spawn } = await import("node:child_process");
	await using output = await open(log, "a", 384);
	const child = spawn(tool, [...args], {
		detached: true,
		stdio: [
			"ignore",
			output.fd,
			output.fd
		],
		cwd: cwd ?? "/",
		...env === void 0 ? {} : { env: definedOnly$1(env) }
	});
	try {
		await once(child, "spawn");
	} catch (error) {
		throw new Failure("tool", `Cannot start ${tool}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
	}
	child.unref();
	return child.pid ?? -1;
}
async function listens(address) {
	const { connect } = await import("node:net");
	return new Promise((settle) => {
		const socket = typeof address === "string" ? connect(address) : connect(address);
		socket.once("connect", () => {
			socket.destroy();
			settle(true);
		});
		socket.once("error", () => settle(false));
	});
}
// src/machine/private-files.ts
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants$2;
const MAX_BYTES = 1 << 20;
const STICKY = 512;
const OTHERS = 63;
function isPrivate(directory, owner) {
	try {
		using opened = open$2(directory, O_DIRECTORY);
		return opened !== void 0 && whyShared(opened.descriptor, owner) === void 0;
	} catch {
		return false;
	}
}
function readPrivate(directory, name, owner) {
	try {
		using opened = open$2(directory, O_DIRECTORY);
		if (opened === void 0) return { kind: "absent" };
		const shared = whyShared(opened.descriptor, owner);
		if (shared !== void 0) return {
			kind: "foreign",
			why: `the directory ${shared}`
		};
		using file = open$2(`${pathOf(opened.descriptor)}/${name}`, O_NONBLOCK);
		if (file === void 0) return { kind: "empty" };
		const why = whyUnfit(fstatSync(file.descriptor), owner);
		if (why !== void 0) return {
			kind: "foreign",
			why: `its ${name} ${why}`
		};
		return {
			kind: "text",
			text: readFileSync(file.descriptor, "utf8")
		};
	} catch (error) {
		return {
			kind: "foreign",
			why: error instanceof Error ? error.message : String(error)
		};
	}
}
function pathOf(descriptor) {
	return `/proc/self/fd/${descriptor}`;
}
function open$2(path, flags) {
	try {
		const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | flags);
		return {
			descriptor,
			[Symbol.dispose]: () => closeSync(descriptor)
		};
	} catch (error) {
		if (errorCode(error) === "ENOENT") return void 0;
		throw error;
	}
}
function whyShared(directory, owner) {
	using parent = open$2(`${pathOf(directory)}/..`, O_DIRECTORY);
	const isMovable = parent !== void 0 && isOpenToAll(fstatSync(parent.descriptor));
	return whyForeign(fstatSync(directory), owner) ?? (isMovable ? "may be renamed by everybody" : void 0);
}
function whyUnfit(info, owner) {
	if (!info.isFile()) return "is not a regular file";
	if (info.size > MAX_BYTES) return `is larger than ${MAX_BYTES} bytes`;
	return whyForeign(info, owner);
}
function whyForeign({ uid, mode }, owner) {
	if (uid !== process.getuid?.() && uid !== owner) return `belongs to the user ${uid}`;
	return (mode & OTHERS) === 0 ? void 0 : "is open to other users";
}
function isOpenToAll({ mode }) {
	return (mode & 2) !== 0 && (mode & STICKY) === 0;
}
// src/machine/system.ts
function realSystem() {
	return {
		user() {
			const { uid, username } = userInfo();
			return {
				id: uid,
				name: username
			};
		},
		self: async () => identify(process.pid),
		postStep: () => [process.execPath, postStep()],
		async launch(invocation, log) {
			return identify(await launch(invocation, log));
		},
		isAlive: async (target) => isAlive(target),
		async marked(name, value) {
			const all = statuses();
			return withDescendants(all, all.filter(({ pid }) => variableOf(pid, name) === value && isOf(pid, [thisUser()])));
		},
		async marks(name) {
			const namespace = mountNamespaceOf("self");
			const here = statuses().filter(({ pid }) => mountNamespaceOf(pid) === namespace && isOf(pid, [thisUser()]));
			return [...new Set(here.map(({ pid }) => variableOf(pid, name)).filter((value) => value !== void 0))];
		},
		async rootsArguments(name) {
			const words = statuses().filter(({ pid }) => isOf(pid, [0, thisUser()])).flatMap(({ pid }) => read(`/proc/${pid}/cmdline`).split("\0"));
			return [...new Set(words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1)))];
		},
		async rootedBelow(directories) {
			const namespace = mountNamespaceOf("self");
			return statuses().filter(({ pid }) => mountNamespaceOf(pid) !== namespace).filter(({ pid }) => mountsOf(pid).some(({ point, origin }) => point === "/" && directories.some((path) => origin.includes(`${path}/`))));
		},
		async signal(target, signal, group) {
			if (!isAlive(target)) return;
			try {
				process.kill(group === void 0 ? target.pid : -target.pid, signal);
			} catch (error) {
				if (!isGone(error)) throw error;
			}
		},
		async mountsBelow(directory) {
			return mountsOf("self").map(({ point }) => point).filter((point) => point.startsWith(`${directory}/`)).reverse();
		},
		listens,
		isPrivate: async (directory, owner) => isPrivate(directory, owner),
		readPrivate
	};
}
function postStep() {
	const here = import.meta.url;
	return fileURLToPath(new URL(here.endsWith(".ts") ? "../post.ts" : "./post.js", here));
}
function identify(pid) {
	return {
		pid,
		started: statusOf(pid)?.started ?? ""
	};
}
function isAlive({ pid, started }) {
	return started !== "" && statusOf(pid)?.started === started;
}
function statusOf(pid) {
	const text = read(`/proc/${pid}/stat`);
	const [state, parent, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const started = fields[17];
	if (started === void 0 || state === "Z" || state === "X") return void 0;
	return {
		pid,
		started,
		parent: Number(parent)
	};
}
function statuses() {
	return attempt(() => readdirSync("/proc"), []).filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => pid !== process.pid).map(statusOf).filter((status) => status !== void 0);
}
function withDescendants(all, roots) {
	const found = new Map(roots.map((status) => [status.pid, status]));
	for (let grown = -1; grown !== found.size;) {
		grown = found.size;
		for (const status of all) if (found.has(status.parent)) found.set(status.pid, status);
	}
	return [...found.values()].sort((one, other) => Number(other.started) - Number(one.started) || other.pid - one.pid);
}
function variableOf(pid, name) {
	return read(`/proc/${pid}/environ`).split("\0").find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
}
function isOf(pid, users) {
	const [, ids = ""] = /^Uid:\t(.+)$/m.exec(read(`/proc/${pid}/status`)) ?? [];
	return ids !== "" && ids.split("	").every((id) => users.includes(Number(id)));
}
function thisUser() {
	return process.getuid?.();
}
function mountNamespaceOf(pid) {
	return attempt(() => readlinkSync(`/proc/${pid}/ns/mnt`), void 0);
}
function mountsOf(pid) {
	return read(`/proc/${pid}/mountinfo`).split("\n").filter((line) => line !== "").map((line) => {
		const [, , , root = "", point = ""] = line.split(" ");
		return {
			point: unescaped(point),
			origin: unescaped(`${root} ${line.slice(line.indexOf(" - "))}`)
		};
	});
}
function unescaped(text) {
	return text.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
}
function read(path) {
	return attempt(() => readFileSync(path, "utf8"), "");
}
function attempt(work, otherwise) {
	try {
		return work();
	} catch {
		return otherwise;
	}
}
function isGone(error) {
	return errorCode(error) === "ESRCH";
}
// src/machine/tool-cache.ts
function realToolCache(env) {
	let opened;
	const cache = () => {
		opened ??= open$1(env);
		return opened;
	};
	return {
		async find(tool, version, architecture) {
			const { find } = await cache();
			return find(tool, version, architecture) || void 0;
		},
		async add(directory, tool, version, architecture, isSound) {
			const { cacheDir } = await cache();
			const staged = await cacheDir(directory, tool, version, `${architecture}-${randomUUID()}`);
			const final = join$1(dirname$1(staged), architecture);
			try {
				if (!await publish(staged, final) && !await isSound(final)) await replace(staged, final);
				await writeFile(`${final}.complete`, "");
				return final;
			} finally {
				await discard(staged);
				await sweep(dirname$1(staged), architecture);
			}
		}
	};
}
async function open$1(env) {
	process.env["RUNNER_TOOL_CACHE"] = env["RUNNER_TOOL_CACHE"] || await ownDirectory(env);
	return import("./libraries.js");
}
async function ownDirectory(env) {
	const { uid } = userInfo();
	const path = join$1(env["RUNNER_TEMP"] || tmpdir(), `bento-image-tools-${uid}`);
	await mkdir(path, {
		recursive: true,
		mode: 448
	});
	const there = await lstat(path);
	if (there.isDirectory() && there.uid === uid && (there.mode & 18) === 0) return path;
	throw new Failure("tool", `${path} is not a directory that only this user can write to`, {
		code: "CacheNotPrivate",
		hint: "Remove it, or set RUNNER_TOOL_CACHE to a directory of this user."
	});
}
async function publish(staged, final) {
	try {
		await rename(staged, final);
		return true;
	} catch (error) {
		if (isOccupied(error)) return false;
		throw error;
	}
}
async function replace(staged, final) {
	const old = `${final}-${randomUUID()}`;
	await rename(final, old).catch((error) => {
		if (errorCode(error) !== "ENOENT") throw error;
	});
	await publish(staged, final);
	await discard(old);
}
async function discard(path) {
	await rm(path, {
		recursive: true,
		force: true
	});
	await rm(`${path}.complete`, { force: true });
}
const ABANDONED = 36e5;
async function sweep(parent, architecture) {
	for (const name of await readdir(parent)) {
		if (!name.startsWith(`${architecture}-`) || name.endsWith(".complete")) continue;
		const path = join$1(parent, name);
		const changed = await stat(path).then(({ mtimeMs }) => mtimeMs, () => Date.now());
		if (Date.now() - changed > ABANDONED) await discard(path);
	}
}
// src/machine/answer.ts
function errorFrom({ message, stack, code, failure }) {
	const original = Object.assign(new Error(message), {
		stack,
		code
	});
	if (failure === void 0) return original;
	const { class: failureClass, ...details } = failure;
	return new Failure(failureClass, message, {
		...details,
		...code === void 0 ? {} : { code },
		cause: original
	});
}
// src/machine/workers.ts
const YOUNG = 2;
function realWorkers(width, signal) {
	const threads = new Set();
	const idle = [];
	const inTurn = limitConcurrency(width);
	let disposed = false;
	function refuseWhenOver() {
		if (signal.aborted) throw stopped(signal);
		if (disposed) throw ended();
	}
	async function start() {
		const { Worker: Thread } = await import("node:worker_threads");
		refuseWhenOver();
		const thread = new Thread(entryPoint(), {
			env: {},
			resourceLimits: { maxYoungGenerationSizeMb: YOUNG }
		});
		threads.add(thread);
		return thread.once("exit", () => threads.delete(thread));
	}
	async function perform(job, onBytes) {
		refuseWhenOver();
		const thread = idle.pop() ?? await start();
		try {
			const answer = await ask(thread, job, onBytes);
			idle.push(thread);
			return answer;
		} catch (error) {
			await thread.terminate();
			throw error;
		}
	}
	async function endAll() {
		idle.length = 0;
		await Promise.all([...threads].map((thread) => thread.terminate()));
	}
	const onAbort = () => void endAll();
	signal.addEventListener("abort", onAbort, { once: true });
	return {
		width,
		async run(job, onBytes = () => void 0) {
			const answer = await inTurn(() => perform(job, onBytes)).catch((error) => {
				throw signal.aborted ? stopped(signal, error) : error;
			});
			if ("error" in answer) throw errorFrom(answer.error);
			return answer.result;
		},
		async dispose() {
			disposed = true;
			signal.removeEventListener("abort", onAbort);
			await endAll();
		}
	};
}
function entryPoint() {
	const here = import.meta.url;
	return new URL(here.endsWith(".ts") ? "../worker.ts" : "./worker.js", here);
}
function ask(thread, job, onBytes) {
	return new Promise((resolve, reject) => {
		const onExit = () => reject(ended());
		const onMessage = (message) => {
			if ("bytes" in message) {
				onBytes(message.bytes);
				return;
			}
			thread.off("error", reject).off("exit", onExit).off("message", onMessage);
			thread.unref();
			resolve(message);
		};
		thread.ref();
		thread.once("error", reject).once("exit", onExit).on("message", onMessage);
		thread.postMessage(job);
	});
}
function ended() {
	return new Failure("internal", "A worker thread ended before its job was done");
}
function stopped(signal, cause) {
	return cancelled(signal, "The files were not read to the end", cause);
}
// src/machine/real-machine.ts
const MAX_TIMER = 2 ** 31 - 1;
function realMachine({ env, workspace, actions } = ofRunner()) {
	const cancellation = new AbortController();
	const cancel = (signal) => cancellation.abort(signal);
	let timer;
	const startTimer = (left, reason) => {
		const wait = Math.min(left, MAX_TIMER);
		timer = setTimeout(() => wait < left ? startTimer(left - wait, reason) : cancellation.abort(reason), wait);
	};
	process.on("SIGINT", cancel);
	process.on("SIGTERM", cancel);
	const files = realFiles(env["RUNNER_TEMP"] || tmpdir(), cancellation.signal);
	const log = env["RUNNER_DEBUG"] === "1" ? { log: actions.debug } : {};
	const http = realHttp({
		env,
		signal: cancellation.signal,
		...log
	});
	const workers = realWorkers(availableParallelism(), cancellation.signal);
	return {
		env,
		workspace,
		architecture: process.arch,
		files,
		http,
		processes: realProcesses(ofChildren(env), cancellation.signal),
		workers,
		async *filter(invocation, input) {
			yield* filter(invocation, input, ofChildren(env), cancellation.signal);
		},
		listen,
		system: async () => realSystem(),
		toolCache: async () => realToolCache(env),
		actions,
		signal: cancellation.signal,
		now: () => new Date(),
		cancelAfter: (milliseconds) => startTimer(milliseconds, new TimeOver(milliseconds)),
		async dispose() {
			clearTimeout(timer);
			http.close();
			await workers.dispose();
			await files.dispose();
			process.off("SIGINT", cancel);
			process.off("SIGTERM", cancel);
		}
	};
}
function ofRunner() {
	const env = Object.assign(Object.create(null), process.env);
	return {
		env,
		workspace: resolve$1(env["GITHUB_WORKSPACE"] || "."),
		actions: realActions(Boolean(env["GITHUB_STEP_SUMMARY"]))
	};
}
function ofChildren(env) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !isOfAction(name)));
}
// src/report/failure.ts
const MOST_CHARACTERS = 4e3;
const MOST_OF_MESSAGE = 2e3;
const MOST_OF_HINT = 1500;
const MOST_ANNOTATIONS = 10;
function reportFailure(failure, actions, pages) {
	const shown = withoutMasked(failure, actions.hide);
	for (const text of annotationsOf(shown, pages)) actions.error(text, annotationOf(shown));
	if (failure.cause instanceof Error && failure.cause.stack !== void 0) actions.debug(failure.cause.stack);
}
function withoutMasked(failure, hide) {
	const { class: failureClass, message, lines, mistakes, hint, position } = failure;
	return {
		class: failureClass,
		message: hide(message),
		lines: lines.map(hide),
		mistakes: mistakes.map(hide),
		hint: hint === void 0 ? void 0 : hide(hint),
		position: position === void 0 ? void 0 : {
			...position,
			file: hide(position.file)
		}
	};
}
function annotationOf({ class: failureClass, position }) {
	return {
		title: FAILURE_TITLES[failureClass],
		...position === void 0 ? {} : { file: position.file },
		...position?.line === void 0 ? {} : { line: position.line }
	};
}
function annotationsOf(failure, pages) {
	const { mistakes } = failure;
	if (mistakes.length === 0) return [`${printFailure(failure)}\n→ ${documentationUrl(`docs/troubleshooting.md#${failure.class}`)}`];
	const each = mistakes.map((mistake) => printMistake(mistake, pages));
	if (each.length <= MOST_ANNOTATIONS) return each;
	const rest = mistakes.slice(9);
	return [...each.slice(0, 9), cut([`[input] ${rest.length} more mistakes:`, ...rest].join("\n  "), MOST_CHARACTERS)];
}
function printMistake(mistake, pages) {
	return `[input] ${cut(mistake, MOST_OF_MESSAGE)}\n→ ${documentationUrl(inputPage(mistake, pages))}`;
}
function inputPage(mistake, { inputs, anchors = [] }) {
	const [, name = ""] = /^(?:--)?([a-z][a-z-]{0,63}): /.exec(mistake) ?? [];
	return isPage(inputs) && anchors.includes(name) ? `${inputs}#${name}` : inputs;
}
function isPage(page) {
	return page.endsWith(".md");
}
function printFailure(failure) {
	const message = cut(failure.message, MOST_OF_MESSAGE);
	const hint = failure.hint === void 0 ? [] : [`→ ${cut(failure.hint, MOST_OF_HINT)}`];
	const room = MOST_CHARACTERS - message.length - (hint[0]?.length ?? 0);
	const lines = deciding(failure).map((line) => `  ${line}`);
	return [
		`[${failure.class}] ${message}`,
		...lastThatFit(lines, room),
		...hint
	].join("\n");
}
function deciding({ message, lines }) {
	return lines.slice(-30).filter((line) => !message.includes(line));
}
function cut(text, most) {
	return text.length > most ? `${text.slice(0, most)}…` : text;
}
function lastThatFit(lines, room) {
	const fitting = [];
	let used = 0;
	for (const line of lines.toReversed()) {
		used += line.length + 1;
		if (used > room) break;
		fitting.unshift(line);
	}
	return fitting;
}
// src/report/markdown.ts
var Markdown = class {
	source;
	constructor(source) {
		this.source = source;
	}
};
const NOTHING = new Markdown("");
function markdown(literals, ...values) {
	const sources = values.map((value) => (typeof value === "string" ? textOf(value) : value).source);
	return new Markdown(String.raw({ raw: literals }, ...sources));
}
function prose(text) {
	return join$2(oneLine(text).split(/`([^`]+)`/).map((part, index) => index % 2 === 1 ? code(part) : escapeLine(part)), "");
}
function join$2(parts, separator) {
	return new Markdown(parts.map(({ source }) => source).filter((source) => source !== "").join(separator));
}
const PUNCTUATION = /[\\`*_{}[\]<>()#+!|~&:@=$^-]/g;
const BEFORE_DOT = /^\d+(?=\.(?: |$))|www(?=\.)/gi;
function textOf(text) {
	return escapeLine(oneLine(text));
}
function escapeLine(line) {
	return new Markdown(line.replace(PUNCTUATION, "\\$&").replace(BEFORE_DOT, "$&\\").replaceAll("@", "@<!-- -->"));
}
function code(text) {
	const line = oneLine(text);
	if (line === "") return NOTHING;
	if (!/[`|\\]/.test(line)) return new Markdown(`\`${line}\``);
	return new Markdown(`<code>${line.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll("&#64;", "&#64;<!-- -->")}</code>`);
}
function literal(text) {
	const line = oneLine(text);
	if (line === "") return NOTHING;
	const fence = "`".repeat(longestRun([line]) + 1);
	const gap = /^`|`$/.test(line) ? " " : "";
	return new Markdown(`${fence}${gap}${line}${gap}${fence}`);
}
function longestRun(lines) {
	return lines.flatMap((line) => line.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
const MOST_BYTES = 99e4;
const MOST_OF_BLOCK = 4e5;
const LONGEST_LINE = 8e3;
const LONGEST = 2e3;
function oneLine(text) {
	const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
	return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
function codeBlock(language, lines) {
	const cut = lines.map(cutLine);
	const count = countOfFitting(cut, MOST_OF_BLOCK);
	const shown = cut.slice(0, count);
	const fence = "`".repeat(Math.max(2, longestRun(shown)) + 1);
	const rest = count === lines.length ? [] : [`… ${lines.length - count} more lines`];
	return new Markdown([
		`${fence}${language}`,
		...shown,
		...rest,
		fence
	].join("\n"));
}
function cutLine(line) {
	const rest = line.length - LONGEST_LINE;
	return rest > 0 ? `${line.slice(0, LONGEST_LINE)}… ${rest} more characters` : line;
}
function countOfFitting(texts, most) {
	let bytes = 0;
	const first = texts.findIndex((text) => {
		bytes += Buffer.byteLength(text) + 1;
		return bytes > most;
	});
	return first === -1 ? texts.length : first;
}
function table(head, rows, texts = []) {
	const line = (cells) => `| ${cells.join(" | ")} |`;
	const sources = [head, ...rows].map((cells) => line(cells.map(({ source }) => source)));
	const columns = head.map((_, index) => index === 0 || texts.includes(index) ? "---" : "--:");
	return new Markdown(sources.toSpliced(1, 0, `|${columns.join("|")}|`).join("\n"));
}
function link(text, address) {
	return markdown`[${text}](${new Markdown(address)})`;
}
function printSections(sections) {
	const filled = sections.filter(({ source }) => source !== "");
	const count = countOfFitting(filled.map(({ source }) => `${source}\n`), MOST_BYTES);
	const rest = count === filled.length ? NOTHING : markdown`The rest is too long for a job summary.`;
	return `${join$2([...filled.slice(0, count), rest], "\n\n").source}\n`;
}
function facts(items) {
	return join$2(items.filter(([, value]) => value.source !== "").map(([name, value]) => markdown`- **${name}:** ${value}`), "\n");
}
function folded(title, content) {
	return markdown`<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}
function alert(kind, paragraphs) {
	if (paragraphs.length === 0) return NOTHING;
	return markdown`> [!${new Markdown(kind)}]\n${join$2(paragraphs.map((paragraph) => markdown`> ${paragraph}`), "\n>\n")}`;
}
// src/report/summary-failure.ts
function failureSummary(failure, bento, pages, hide) {
	const shown = withoutMasked(failure, hide);
	const { mistakes } = shown;
	return printSections([
		markdown`#### ❌ ${bento === "" ? NOTHING : markdown`${literal(hide(bento))} · `}${FAILURE_TITLES[failure.class]}`,
		...mistakes.length > 0 ? [listOf(mistakes, pages)] : causeOf(shown),
		markdown`Class ${code(failure.class)}: ${link("causes and remedies", documentationUrl(`docs/troubleshooting.md#${failure.class}`))}`
	]);
}
function causeOf(failure) {
	const { message, position, hint } = failure;
	const lines = deciding(failure);
	const place = position?.line === void 0 ? "" : `, line ${position.line}`;
	return [
		literal(message),
		lines.length === 0 ? NOTHING : codeBlock("text", lines),
		position === void 0 ? NOTHING : markdown`In ${literal(position.file)}${place}`,
		hint === void 0 ? NOTHING : markdown`**What to do:** ${literal(hint)}`
	];
}
const MOST_MISTAKES = 100;
function listOf(mistakes, pages) {
	const items = mistakes.slice(0, MOST_MISTAKES).map((mistake) => {
		const page = documentationUrl(inputPage(mistake, pages));
		return markdown`- ${literal(mistake)} ${link("documentation", page)}`;
	});
	const rest = mistakes.length - items.length;
	return join$2([...items, rest > 0 ? markdown`- ${String(rest)} more mistakes` : NOTHING], "\n");
}
// src/action/run-action.ts
function runner() {
	return {
		machine: realMachine(),
		inWords: (failure) => failure,
		exitCodeOf: () => 1
	};
}
async function runAction(story, how, caller = runner()) {
	const { machine } = caller;
	process.on("uncaughtException", (error) => crash(error, caller, how));
	try {
		requireLinux(process.platform);
		await story(machine);
	} catch (error) {
		await report(error, caller, how);
	} finally {
		await machine.dispose();
	}
}
async function report(error, { machine, inWords, exitCodeOf }, how) {
	const { signal, actions, env } = machine;
	const found = asFailure(error);
	const failure = inWords(signal.aborted && found.class !== "cancelled" ? cancelled(signal, "The run stopped", error) : found);
	process.exitCode = exitCodeOf(failure);
	reportFailure(failure, actions, how);
	if (how.summary && !isFalse(variable(env, "summary"))) await actions.writeSummary(failureSummary(failure, variable(env, "bento"), how, actions.hide));
}
function crash(error, caller, how) {
	const exit = () => process.exit();
	report(error, caller, how).then(() => caller.machine.dispose()).then(exit, exit);
}
const SYSTEMS = {
	darwin: "macOS",
	win32: "Windows"
};
function requireLinux(system) {
	if (system === "linux") return;
	throw new Failure("platform", `this action runs on Linux runners only, and this one has ${SYSTEMS[system] ?? system}`, {
		code: "LinuxOnly",
		hint: "Build in a job of its own with runs-on: ubuntu-latest; what other systems build can be handed to it as an artifact."
	});
}
export { BACKENDS, BASE_CHECK_LINE, CONSTRUCTS, FAILURE_TITLES, FIXED_TIME, FOREIGN, FULL_DIALECT, Failure, HUB_RETRY_POLICY, NOTHING, NamedEngineFailure, ProgramMissing, REPORTS, SHELL_VARIABLE_NAME, Secret, TimeOver, VARIABLE_NAME, VERSION$2 as VERSION, alert, asFailure, asLogText, asOneLine, attestationsOf, build, buildctl, buildx, cancelled, code, codeBlock, compileGlob, counted, countedContent, cp, damaged, debug, declaredMounts, decodeSchema, deliveriesOf, digestOf, distinctRepositories, docker, documentationUrl, duplicates, each$1 as each, engineSchema, epochOf, errorCode, exists, facts, fetchModels, fileUrl, findBackend, findFile, findInputFile, findOfficial, firstFew, folded, folderName, gatherSecrets, gunzip, hexOf, inParallel, indexAnnotations, inputFailure, isAddress, isContinued, isDigest, isJsonObject, isLack, isLoaded, isLoopback, isOfAction, isOfIndex, isOfManifests, isPushed, isRooted, isUnsupported, items, join$2 as join, lastBase, layoutPath, limitConcurrency, makePlan, mapFiles, markdown, maskSecret, maskSecrets, masksOf, memberPath, missingOnMachine, mkdirP, networkFailure, nonEmpty, normalizePlatform, openHider, openHub, openProgress, openStopwatch, ownValue, pRetry, pairs$1 as pairs, parseDockerfile, parseJson, parsePlatform, parseReference, platformSlug, platforms, podman, printBytes, printDuration, printFailure, printFamiliar, printPlatform, printProgress, printReference, printRepository, printSections, printTag, prose, readAnnotation, readStrictText, readTar, readsOf, realFiles, realMachine, references, referencesOf, refuseSecretArguments, remoteFilesOf, repositoryOf, require_compare, require_constants, require_debug, require_gte, require_identifiers, require_lt, require_parse, require_parse_options, require_re, require_semver, retrying, rmRF, runAction, samePlatform, sameRepository, schema, secretIdsOf, secretVariables, sha256InName, showDockerfile, splitLayers, table, text, toggle$1 as toggle, unpackTar, unquote, unsafeReason, which, wholeNumber, withAttributes, withBuilderId, withDigest, writeBuilderKeys };
