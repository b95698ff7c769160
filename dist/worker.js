import { createHash } from "node:crypto";
import { constants, crc32, createDeflateRaw, createZstdCompress } from "node:zlib";
import { closeSync, constants as constants$1, fstatSync, lstatSync, openSync, readSync, readlinkSync, realpathSync } from "node:fs";
import { parentPort } from "node:worker_threads";
// src/machine/progress.ts
async function* counted(pieces, count) {
	for await (const piece of pieces) {
		yield piece;
		count(piece.length);
	}
}
// src/errors.ts
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
function errorCode(error) {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}
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
	if ((await checkUnchanged(source, size, files)).modified.getTime() !== before.modified.getTime()) throw changed(source.path, "was modified while it was read");
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
// src/layers/stored-gzip.ts
const MAX_BLOCK = 65535;
const BLOCK_HEADER = 5;
const BLOCKS = 16;
const GZIP_HEADER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 255);
const TRAILER = 8;
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
	#room = 0;
	#later;
	constructor(size) {
		this.#buffer = Buffer.allocUnsafeSlow(Math.min(BLOCKS * 65540, storedSize(size)));
		this.#later = size;
		this.#start();
	}
	*add(piece) {
		for (let from = 0; from < piece.length;) {
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
// src/layers/tar-writer.ts
const BLOCK = 512;
const NAME_LENGTH = 100;
const PREFIX_LENGTH = 155;
const LINK_MODE = 511;
const END = 2 * BLOCK;
const TYPES = {
	file: "0",
	link: "2",
	directory: "5"
};
const DIGITS = {
	uid: 7,
	gid: 7,
	size: 11,
	mtime: 11
};
function headerOf(entry, epoch) {
	const path = pathOf(entry);
	const records = recordsOf(entry, epoch);
	const header = block({
		...numbersOf(entry, epoch),
		...splitPath(path) ?? {
			name: asciiName(path),
			prefix: ""
		},
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
function entrySize(entry, epoch) {
	const records = Buffer.byteLength(recordsOf(entry, epoch));
	return (records === 0 ? 0 : BLOCK + padded(records)) + BLOCK + padded(sizeOf(entry));
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
	return {
		...entry.owner,
		size: sizeOf(entry),
		mtime: epoch
	};
}
function recordsOf(entry, epoch) {
	const path = pathOf(entry);
	const link = targetOf(entry);
	const numbers = numbersOf(entry, epoch);
	return [
		...splitPath(path) === void 0 ? [record("path", path)] : [],
		...fits(link) ? [] : [record("linkpath", link)],
		...[
			"size",
			"uid",
			"gid",
			"mtime"
		].filter((field) => !fitsOctal(numbers[field], DIGITS[field])).map((field) => record(field, String(numbers[field])))
	].join("");
}
function isAscii(text) {
	return Buffer.byteLength(text) === text.length;
}
function fits(name) {
	return name.length <= NAME_LENGTH && isAscii(name);
}
function splitPath(path) {
	if (fits(path)) return {
		name: path,
		prefix: ""
	};
	const slash = path.lastIndexOf("/", Math.min(PREFIX_LENGTH, path.length - 2));
	const name = path.slice(slash + 1);
	return slash > 0 && fits(name) && isAscii(path) ? {
		name,
		prefix: path.slice(0, slash)
	} : void 0;
}
function asciiName(name) {
	return name.replace(/\P{ASCII}/gu, "_").slice(0, NAME_LENGTH);
}
function fitsOctal(value, digits) {
	return value >= 0 && value < 8 ** digits;
}
function record(key, value) {
	const rest = Buffer.byteLength(` ${key}=${value}\n`);
	return `${rest + String(rest + String(rest).length).length} ${key}=${value}\n`;
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
	return Buffer.concat([
		header,
		content,
		Buffer.alloc(paddingOf(content.length))
	]);
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
	put(`${octal(bytes.reduce((total, byte) => total + byte, 256), 6)}\0 `, 148);
	return bytes;
}
function octal(value, digits) {
	return (fitsOctal(value, digits) ? value : 0).toString(8).padStart(digits, "0");
}
// src/layers/layer-bytes.ts
const PIECE$1 = 1 << 20;
const COMPRESSED_PIECE = 65536;
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
		case "none": return gathered(tar);
		case "stored": return storedGzip(tar, size);
		case "gzip": return deflatedGzip(tar, encoding.level);
		case "zstd": return zstd(tar, encoding.level, size);
	}
}
async function* deflatedGzip(content, level) {
	let crc = 0;
	let size = 0;
	const counted = async function* () {
		for await (const piece of content) {
			crc = crc32(piece, crc);
			size += piece.length;
			yield piece;
		}
	};
	yield GZIP_HEADER;
	yield* through(createDeflateRaw({
		level,
		chunkSize: COMPRESSED_PIECE
	}), counted());
	yield gzipTrailer(crc, size);
}
function zstd(content, level, size) {
	const params = {
		[constants.ZSTD_c_compressionLevel]: level,
		[constants.ZSTD_c_checksumFlag]: 0
	};
	return through(createZstdCompress({
		params,
		pledgedSrcSize: size,
		chunkSize: COMPRESSED_PIECE
	}), content);
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
	for await (const piece of pieces) await new Promise((done, fail) => {
		compressor.write(piece, (error) => error ? fail(error) : done());
	});
	compressor.end();
}
async function* gathered(content) {
	const buffer = Buffer.allocUnsafeSlow(PIECE$1);
	let used = 0;
	for await (const piece of content) for (let from = 0; from < piece.length;) {
		const part = piece.subarray(from, from + PIECE$1 - used);
		buffer.set(part, used);
		used += part.length;
		from += part.length;
		if (used === PIECE$1) {
			yield buffer;
			used = 0;
		}
	}
	if (used > 0) yield buffer.subarray(0, used);
}
// src/bento/blob-name.ts
function sha256InName(path) {
	return /\/blobs\/([0-9a-f]{64})$/.exec(path)?.[1];
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
	const hash = createHash("sha256");
	for await (const piece of pieces) {
		hash.update(piece);
		yield piece;
	}
	if (hash.digest("hex") === sha256) return;
	throw new Failure("bento", `${path}: the SHA-256 of the file is not its name, so it is damaged or was replaced`, {
		code: "Damaged",
		hint: "Remove the file; the next run downloads it again. Check who can write to this cache."
	});
}
// src/layers/hash.ts
function performHash(job, files, onBytes = () => void 0) {
	const counting = {
		...files,
		pieces: (file) => counted(files.pieces(file), onBytes)
	};
	return job.kind === "tar" ? hashTar(job, counting) : hashBlob(job, counting);
}
async function hashTar({ plan }, files) {
	const hash = createHash("sha256");
	const watched = watch(checkNames(plan, files));
	for await (const piece of tarOf(plan, watched.files)) hash.update(piece);
	return {
		digest: `sha256:${hash.digest("hex")}`,
		newest: watched.newest()
	};
}
async function hashBlob({ plan, encoding }, files) {
	const hash = createHash("sha256");
	const watched = watch(encoding.kind === "none" ? checkNames(plan, files) : files);
	let size = 0;
	for await (const piece of blobOf(plan, encoding, watched.files)) {
		hash.update(piece);
		size += piece.length;
	}
	return {
		digest: `sha256:${hash.digest("hex")}`,
		size,
		newest: watched.newest()
	};
}
function watch(files) {
	let newest = 0;
	const info = async (file) => {
		const found = await files.info(file);
		newest = Math.max(newest, found?.modified.getTime() ?? 0);
		return found;
	};
	return {
		files: {
			info,
			pieces: (file) => files.pieces(file)
		},
		newest: () => newest
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
function isUnfollowable(error) {
	return [
		"ELOOP",
		"ENOTDIR",
		"ENXIO"
	].includes(errorCode(error));
}
// src/machine/enclosed-files.ts
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants$1;
const FILE_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
FILE_FLAGS | O_DIRECTORY;
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
// src/machine/blocking-files.ts
const PIECE = 1 << 20;
function blockingFiles() {
	const spare = [];
	return {
		async info({ path }) {
			try {
				return infoFrom(lstatSync(path));
			} catch (error) {
				if (isMissing(error)) return void 0;
				throw error;
			}
		},
		async *pieces({ path }) {
			const file = openFile(path);
			const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
			try {
				for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read);
			} finally {
				spare.push(buffer);
				closeSync(file);
			}
		}
	};
}
function openFile(path) {
	const file = openAt(path);
	try {
		if (fstatSync(file).isFile() && realPathOf(file, path) === path) return file;
	} catch (error) {
		closeSync(file);
		throw error;
	}
	closeSync(file);
	throw displaced(path);
}
function openAt(path) {
	try {
		return openSync(path, FILE_FLAGS);
	} catch (error) {
		throw isUnfollowable(error) ? displaced(path, error) : error;
	}
}
function realPathOf(file, path) {
	try {
		return readlinkSync(descriptorPath(file));
	} catch (error) {
		if (isMissing(error)) return realpathSync(path);
		throw error;
	}
}
// src/machine/answer.ts
function sendable(error) {
	if (!(error instanceof Error)) return {
		message: String(error),
		stack: void 0,
		code: void 0
	};
	const { message, stack } = error;
	const code = "code" in error ? String(error.code) : void 0;
	return error instanceof Failure ? {
		message,
		stack,
		code,
		failure: detailsOf(error)
	} : {
		message,
		stack,
		code
	};
}
function detailsOf(failure) {
	const { class: failureClass, lines, hint, position } = failure;
	return {
		class: failureClass,
		lines,
		...hint === void 0 ? {} : { hint },
		...position === void 0 ? {} : { position }
	};
}
// src/machine/thread.ts
const STEP = 32 << 20;
function answerJobs(perform) {
	parentPort?.on("message", async (job) => parentPort?.postMessage(await answerTo(job, perform)));
}
async function answerTo(job, perform) {
	let bytes = 0;
	const onBytes = (count) => {
		bytes += count;
		if (bytes < STEP) return;
		parentPort?.postMessage({ bytes });
		bytes = 0;
	};
	try {
		return { result: await perform(job, onBytes) };
	} catch (error) {
		return { error: sendable(error) };
	}
}
// src/worker.ts
const files = blockingFiles();
answerJobs((job, onBytes) => performHash(job, files, onBytes));
export {};
