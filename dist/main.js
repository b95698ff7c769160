import { Failure, LAYER_CLASSES, MIN_OWN_LAYER_SIZE, NOTHING, RENAMED, alert, bentomlHome, cancelled, checkInputDirectories, checkReadable, chooseAssembly, code, codeBlock, decodeValues, decompress, definedOnly, deliveriesOf, deriveRecipe, digestFileOf, distinctReferences, distinctRepositories, duplicates, encloseNamed, errorCode, expandPath, facts, findFile, findOfficial, firstFew, folded, isDiskFull, isOfAction, isOfficial, isPushed, join as join$1, layerClass, layoutPath, locateModels, mapFiles, markdown, memberPath, openQuotedReader, openStopwatch, ownValue, parseTagReference, printBytes, printDuration, printFamiliar, printPlatform, printReference, printRepository, printSections, printTag, prose, pythonMinor, quoteArgument, readCreationTimeOf, readManifest, readStrictText, referencesOf, runAction, schema, secretVariables, shareCredentials, storeDirectories, table, toolEnvironment, unpackTar, unsafe, variable, withDigest } from "./shared.js";
import { basename, dirname, join, normalize, resolve } from "node:path/posix";
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
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
const LIMITS = {
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
		await pipeline(content, this.#files.sink(path, { mode }));
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
	await tree.addFile(name, (mode & 73) !== 0, checked(content, entry), entry.uncompressedSize);
}
async function readTarget(zip, entry) {
	if (entry.uncompressedSize >= 4096) throw unsafe(entry.fileName, "is a link with a target that is too long");
	const chunks = [];
	for await (const chunk of checked(await zip.openReadStreamPromise(entry), entry)) chunks.push(chunk);
	return Buffer.concat(chunks).toString("utf8");
}
async function* checked(content, entry) {
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
async function extractArchive(path, address, machine, limits = LIMITS) {
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
	if (directory === void 0 || others.length > 0) {
		const found = directory === void 0 ? "no bento.yaml" : `several Bentos (${directories.join(", ")})`;
		throw new Failure("bento", `${address} contains ${found} at its top level or in a top-level directory`, {
			code: "ManifestMissing",
			hint: "Use an archive of `bentoml export`, or of the directory of a single Bento."
		});
	}
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
	const requested = version === void 0 ? name : `${name}:${version}`;
	return new Failure("input", `The Bento Store ${directory} does not have ${requested}; ${content}`, {
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
	const real = await existing$1(path, machine);
	if (real !== void 0) return locatePath(path, real, bento, machine);
	return locateTag(address, path, machine);
}
async function existing$1(path, machine) {
	if (await machine.files.info(path) === void 0) return void 0;
	try {
		return await machine.files.realPath(path);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Failure("input", `Cannot resolve the path ${path}: ${reason}`, {
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
		const found = await findInStore(tag, bentos, machine);
		return {
			directory: await encloseNamed(found, machine),
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
// src/inputs/conflicts.ts
function findConflicts(inputs) {
	const layouts = inputs.output.filter(({ kind }) => kind === "layout");
	return [
		...isPushed(inputs) ? findOfficial(inputs.tags) : [],
		...duplicates(inputs.output.map(({ path }) => path)).map((path) => `output: ${path} is given twice`),
		...duplicates(secretIds(inputs)).map((id) => `secrets, secret-envs, secret-files: the secret ${id} is given twice`),
		...secretIds(inputs).filter((id) => !SECRET_ID.test(id)).map((id) => `secrets, secret-envs, secret-files: "${id}" is not a valid id (for example: HF_TOKEN)`),
		...when(isPushed(inputs) && inputs.tags.length === 0, "push: tags are required (for example: tags: ghcr.io/acme/iris:1.4.0)"),
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
		instead: ["install"],
		note: "the buildah of the runner is used; buildctl and nerdctl are installed if they are missing"
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
		note: "intermediate layers are always cached unless `no-cache` is true"
	},
	oci: {
		instead: ["format"],
		note: "it is `oci` unless it is set to `docker`"
	},
	password: LOGIN,
	platform: PLATFORMS,
	"podman-args": {
		instead: ["extra-args"],
		note: "storage is configured by podman's own files and variables; `extra-args` are for the build"
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
		instead: ["assembly"],
		note: "each model keeps its own layer, so that unchanged models are not pushed again"
	},
	tag: REPOSITORY,
	"tls-verify": {
		instead: ["insecure-registries", "registry-authorities"],
		note: "TLS is verified; `insecure-registries` lists those without it, `registry-authorities` private authorities"
	},
	username: LOGIN,
	workdir: FROM_BENTO
};
function findForeign(env) {
	return Object.entries(FOREIGN).filter(([name]) => variable(env, name) !== "").map(([name, { instead, note }]) => {
		const [first] = instead;
		const example = first === void 0 ? "" : ` (for example: ${first}: ${schema[first].example})`;
		return `${name}: this action has no such input${first === void 0 ? "" : `; use ${instead.join(", ")}`}: ${note}${example}`;
	});
}
// src/inputs/resolve.ts
function resolveInputs(values, env) {
	return {
		...values,
		...resolveDestination(values),
		buildArgs: definedOnly(Object.fromEntries(Object.entries(values.buildArgs).map(([name, value]) => [name, value ?? ownValue(env, name)])))
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
		...differences(values),
		...tokens(values)
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
function differences({ output, tags }) {
	const named = output.filter(({ names }) => names.length > 0);
	const lists = new Set(named.map(({ names }) => names.map(printReference).sort().join()));
	const pushes = output.flatMap(({ exporter }) => exporter.kind === "image" ? [exporter.byDigest] : []);
	return [...tags.length === 0 && lists.size > 1 ? ["output: several different name= are given; list all tags in the input tags (for example: ghcr.io/acme/iris:1.4.0)"] : [], ...new Set(pushes).size > 1 ? ["output: push either by tag or by digest, not both"] : []];
}
function tokens({ buildArgs }) {
	return Object.entries(buildArgs).filter(([name, value]) => value === void 0 && isOfAction(name)).map(([name]) => `build-args: ${name} belongs to the runner and is not passed to a build`);
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
	const values = decodeValues(schema, raw, readQuoted, [...problems, ...findForeign(env)], (given) => [...findUnresolved(given), ...findConflicts(resolveInputs(given, env))]);
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
// src/report/outputs.ts
function outputsOf(report) {
	const { result, references } = report;
	const [first] = references;
	const { digest } = result;
	return {
		digest: digest ?? "",
		image: digest === void 0 || first === void 0 ? "" : printReference(withDigest(first, digest)),
		images: JSON.stringify(digest === void 0 ? [] : repositoriesOf(report).map((name) => `${name}@${digest}`)),
		imageid: result.imageid ?? "",
		digests: JSON.stringify(digestsOf(report)),
		tags: tagsOf(report).join("\n"),
		metadata: JSON.stringify(metadataOf(report)),
		dockerfile: report.dockerfile,
		bento: printTag(report.bento.tag),
		backend: report.backend,
		layout: report.layout ?? "",
		commands: report.commands.join("\n")
	};
}
function tagsOf({ references, byDigest }) {
	return byDigest ? [] : references.map(printReference);
}
function repositoriesOf({ references }) {
	return [...new Set(references.map(printRepository))];
}
function digestsOf({ result }) {
	return Object.fromEntries(result.platforms.map(({ platform, digest, imageid, size }) => [printPlatform(platform), {
		digest,
		imageid,
		size
	}]));
}
function metadataOf(report) {
	const { bento, result, engine } = report;
	return {
		digest: result.digest,
		kind: result.kind,
		imageid: result.imageid,
		digests: digestsOf(report),
		tags: tagsOf(report),
		...asDockerNames(report),
		backend: report.backend,
		versions: engine.versions,
		base: report.base,
		bento: {
			name: bento.tag.name,
			version: bento.tag.version,
			spec: bento.image.spec,
			bentoml: bento.bentomlVersion,
			models: report.models.map((located) => ({
				tag: printTag(located.model.tag),
				source: located.origin,
				size: sizeOf(located)
			}))
		}
	};
}
function asDockerNames(report) {
	const { digest, imageid } = report.result;
	return {
		"containerimage.digest": digest,
		"containerimage.config.digest": imageid,
		"image.name": (report.byDigest ? repositoriesOf(report) : tagsOf(report)).join(",")
	};
}
function sizeOf(located) {
	return located.kind === "snapshot" ? located.files.reduce((sum, file) => sum + file.size, 0) : void 0;
}
// src/report/subjects.ts
async function declareSubjects(report, { env, files }) {
	const { GITHUB_ARTIFACTS: path, GITHUB_ARTIFACTS_LIST: list } = env;
	const { digest } = report.result;
	if (!report.pushed || !path || digest === void 0) return [];
	const declared = new Map((await readDeclared(list, files)).map(({ name, digest: earlier }) => [name, earlier]));
	const names = repositoriesOf(report);
	const taken = names.filter((name) => (declared.get(name) ?? digest) !== digest);
	const lines = names.filter((name) => !taken.includes(name)).map((name) => `oci://${name}@${digest}\n`);
	const before = await files.info(path) === void 0 ? "" : await files.readText(path);
	await files.write(path, before + lines.join(""), 420);
	return taken;
}
async function readDeclared(path, files) {
	if (!path) return [];
	const text = await files.readText(path).catch(() => "");
	try {
		return JSON.parse(text)?.subjects ?? [];
	} catch {
		return [];
	}
}
// src/report/summary-charts.ts
const LABELS = {
	environment: "base and environment",
	models: "models",
	code: "code"
};
const COLOURS = `%%{init: ${JSON.stringify({ themeVariables: {
	pie1: "#8c959f",
	pie2: "#218bff",
	pie3: "#4ac26b",
	pieSectionTextColor: "#ffffff",
	pieOpacity: "1",
	pieStrokeWidth: "0px",
	pieOuterStrokeWidth: "0px"
} })}}%%`;
function sizeChart({ result, payload }) {
	const layers = result.platforms[0]?.layers ?? [];
	if (payload.length === 0 || layers.length < payload.length) return NOTHING;
	const below = layers.length - payload.length;
	const classes = layers.map(({ size }, index) => ({
		size,
		class: layerClass(payload[index - below]?.title)
	}));
	const slices = LAYER_CLASSES.flatMap((name) => {
		const size = classes.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
		return size === 0 ? [] : [`  "${LABELS[name]}: ${printBytes(size)}" : ${size}`];
	});
	return slices.length < 2 ? NOTHING : codeBlock("mermaid", [
		COLOURS,
		"pie title Size",
		...slices
	]);
}
const SHORTEST = .005;
function timeChart({ phases, seconds }) {
	const drawn = phases.filter((phase) => phase.seconds > seconds * SHORTEST).toSorted((one, other) => one.start - other.start);
	if (drawn.length < 2) return NOTHING;
	return codeBlock("mermaid", [
		"gantt",
		"  title Time",
		"  dateFormat YYYY-MM-DD HH:mm:ss.SSS",
		`  axisFormat ${axisFormat(seconds)}`,
		"  todayMarker off",
		...drawn.map(printPhase)
	]);
}
const HOUR = 3600;
function axisFormat(seconds) {
	if (seconds < 10) return "%S.%L";
	return seconds < HOUR ? "%M:%S" : "%H:%M";
}
function printPhase({ title, start, seconds }) {
	const milliseconds = Math.max(1, Math.round(seconds * 1e3));
	const from = new Date(Math.round(start * 1e3)).toISOString().replace("1970-01-01T", "2000-01-01 ").replace("Z", "");
	return `  ${title} (${seconds < 1 ? `${milliseconds} ms` : printDuration(seconds)}) :${from}, ${milliseconds}ms`;
}
// src/report/summary-layers.ts
function layerTable({ result: { platforms }, payload, environment }) {
	if (platforms.length === 0) return NOTHING;
	const known = platforms.every(({ layers }) => layers.length >= payload.length) ? payload : [];
	const withOrigin = known.some(({ note }) => note !== void 0);
	const row = (name, sizeOf, note = "") => [
		name,
		...platforms.map((image) => markdown`${printBytes(sizeOf(image))}`),
		...withOrigin ? [markdown`${note}`] : []
	];
	const below = ({ layers }) => layers.length - known.length;
	const rows = [row(known.length === 0 ? markdown`all layers` : markdown`base and environment`, (image) => image.layers.slice(0, below(image)).reduce((sum, { size }) => sum + size, 0), environment), ...known.map(({ title, note }, index) => row(code(title), (image) => image.layers[below(image) + index]?.size ?? 0, note))];
	const head = [markdown`Layer`, ...platforms.map(({ platform }) => code(printPlatform(platform)))];
	return withOrigin ? table([...head, markdown`Origin`], rows, [head.length]) : table(head, rows);
}
function changeTable({ changes }) {
	if (changes.length === 0) return NOTHING;
	const rows = changes.map(({ title, now, before }) => [
		markdown`${title}`,
		markdown`${printBytes(before)}`,
		markdown`${printBytes(now)}`,
		markdown`${difference(now - before)}`
	]);
	return table([
		markdown`Compared with the last image`,
		markdown`Before`,
		markdown`Now`,
		markdown`Change`
	], rows);
}
function difference(count) {
	if (count === 0) return "none";
	return `${count < 0 ? "−" : "+"}${printBytes(Math.abs(count))}`;
}
// src/report/summary.ts
function summaryOf(report) {
	return printSections([
		heading(report),
		existing(report),
		report.usage.length === 0 ? NOTHING : codeBlock("sh", report.usage),
		alert("NOTE", report.notes.map(prose)),
		report.existed ? NOTHING : join$1([sizeChart(report), timeChart(report)], "\n\n"),
		layerTable(report),
		changeTable(report),
		details(report),
		report.commands.length === 0 ? NOTHING : folded("Commands", codeBlock("sh", report.commands))
	]);
}
function dryRunSummary(report, dockerfile) {
	return printSections([
		markdown`#### Dry run: ${code(printTag(report.bento.tag))}, nothing was built`,
		markdown`A run with these inputs would execute:`,
		codeBlock("sh", report.commands),
		alert("NOTE", report.notes.map(prose)),
		folded("Dockerfile", codeBlock("dockerfile", dockerfile.trimEnd().split("\n"))),
		details(report)
	]);
}
function heading(report) {
	const { bento, result, seconds } = report;
	const digest = result.digest ?? result.imageid;
	const parts = [
		digest === void 0 ? NOTHING : code(digest.slice(0, SHORT_DIGEST)),
		markdown`${sizesOf(result.platforms)}`,
		markdown`${[...traffic(report), printDuration(seconds)].join(", ")}`
	];
	return markdown`#### ✅ ${code(printTag(bento.tag))} ${join$1(parts, " · ")}`;
}
function sizesOf(platforms) {
	const sizes = platforms.map(({ size }) => printBytes(size)).join(" and ");
	return platforms.length > 1 ? `${platforms.length} platforms of ${sizes}` : sizes;
}
const SHORT_DIGEST = 19;
function traffic({ traffic: measured }) {
	if (measured === void 0) return [];
	const { sent, reused, environmentBy } = measured;
	return [
		`${printBytes(sent)} sent`,
		...environmentBy === void 0 ? [] : [`environment sent by ${environmentBy}`],
		...reused === 0 ? [] : [`${printBytes(reused)} reused`]
	];
}
function existing({ existed }) {
	if (!existed) return NOTHING;
	return alert("NOTE", [markdown`An identical image existed already, so nothing was built (${code("if-exists: skip")}). All tags point to it.`]);
}
function details(report) {
	const { result, engine, bento } = report;
	const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
	const backend = [report.backend, ...versions.length === 0 ? [] : [`(${versions.join(", ")})`]].join(" ");
	const isStored = report.dryRun || result.digest !== void 0;
	return folded("Details", facts([
		[report.byDigest ? "Repositories" : "Tags", join$1(namesOf(report).map(code), ", ")],
		[result.kind === void 0 ? "Digest" : `Digest (${result.kind})`, isStored ? code(result.digest ?? "") : markdown`none: the image store does not keep manifests`],
		...(result.platforms.length < 2 ? [] : result.platforms).map(({ platform, digest }) => [`Digest (${printPlatform(platform)})`, code(digest)]),
		["Image ID (config)", code(result.imageid ?? "")],
		["Base image", code(report.base)],
		["Backend", markdown`${backend}`],
		["Assembly", markdown`${report.assembly}`],
		["Cache", markdown`${report.cache ?? ""}`],
		["BentoML", markdown`${code(bento.bentomlVersion)}, spec ${String(bento.image.spec)}`]
	]));
}
function namesOf({ references, byDigest }) {
	return (byDigest ? distinctRepositories(references) : references).map(printFamiliar);
}
// src/action/usage.ts
const PORTS = "3000:3000";
function usageOf(inputs, bento, { client, result }, workspace) {
	const [first] = referencesOf(inputs, bento);
	if (inputs.dryRun === true || first === void 0) return [];
	return deliveriesOf(inputs, workspace).flatMap((delivery) => {
		return commandsFor(delivery, first, client, result.digest).flatMap((words) => breakLine(words.map(quoteArgument)));
	});
}
function commandsFor(delivery, tag, client, digest) {
	const name = printReference(tag);
	switch (delivery.kind) {
		case "push":
		case "push-by-digest": {
			const pinned = digest === void 0 ? name : printReference(withDigest(tag, digest));
			return [[
				"docker",
				"pull",
				pinned
			], run("docker", pinned)];
		}
		case "load": return [run(client, name)];
		case "docker-archive":
		case "oci-archive": return [[
			"docker",
			"load",
			"--input",
			delivery.path
		], run("docker", name)];
		case "layout": return [[
			"podman",
			"pull",
			`oci:${delivery.path}`
		]];
	}
}
const WIDEST = 110;
function breakLine(words) {
	const line = words.join(" ");
	return line.length <= WIDEST ? [line] : [`${words.slice(0, -1).join(" ")} \\`, `  ${words.at(-1) ?? ""}`];
}
function run(program, image) {
	return [
		program,
		"run",
		"--rm",
		"-p",
		PORTS,
		image
	];
}
// src/action/build.ts
const TOOL = "bento-image";
const MINUTE = 6e4;
async function build(machine) {
	const { inputs, notes } = await decodeInputs(machine.env);
	if (inputs.timeout !== void 0) machine.cancelAfter(inputs.timeout * MINUTE);
	const watch = openStopwatch(machine.now);
	await checkInputDirectories(inputs, machine);
	const { bento, models } = await watch.phase("read the Bento", () => readBentoAndModels(inputs, machine));
	const credentials = await shareCredentials(inputs.registryAuthFile, machine);
	const env = toolEnvironment(machine.env, secretVariables(inputs, bento), credentials.env);
	const recipe = deriveRecipe(inputs, bento, models, TOOL);
	const outcome = await makeImage({
		inputs,
		bento,
		models,
		recipe,
		authFile: credentials.path,
		env,
		watch,
		machine
	}, chooseAssembly(inputs, recipe));
	const layout = inputs.dryRun === true ? void 0 : layoutPath(inputs, machine.workspace);
	const report = {
		bento,
		models,
		references: referencesOf(inputs, bento),
		pushed: isPushed(inputs) && inputs.dryRun !== true,
		byDigest: inputs.pushByDigest === true,
		dryRun: inputs.dryRun === true,
		phases: watch.phases,
		seconds: watch.elapsed(),
		...outcome,
		usage: usageOf(inputs, bento, outcome, machine.workspace),
		notes: [...notes, ...outcome.notes],
		...layout === void 0 ? {} : { layout }
	};
	if (inputs.digestFile !== void 0) await writeDigestFile(report, resolve(machine.workspace, inputs.digestFile), machine);
	await publish(report, inputs.summary !== false, machine);
}
async function makeImage(job, choice) {
	if (choice.kind === "backend") return makeByBackend(job, choice.because);
	const { buildDirectly } = await import("./build-directly.js");
	const image = await buildDirectly(job, choice.recipe);
	return "because" in image ? makeByBackend(job, image.because, image.selectEngine) : image;
}
async function makeByBackend(...parameters) {
	const { buildByBackend } = await import("./build-by-backend.js");
	return buildByBackend(...parameters);
}
async function readBentoAndModels(inputs, machine) {
	const home = inputs.bentomlHome === void 0 ? {} : { bentomlHome: inputs.bentomlHome };
	const located = await locateBento({
		bento: inputs.bento,
		...home
	}, machine);
	const { dockerfile = "generated" } = inputs;
	const bento = await readBento(located, machine, { complete: dockerfile === "generated" });
	const options = {
		...home,
		dryRun: inputs.dryRun === true,
		remoteFrom: MIN_OWN_LAYER_SIZE
	};
	return {
		bento,
		models: await locateModels(bento, options, machine)
	};
}
async function writeDigestFile(report, directory, { env, files }) {
	const file = digestFileOf(report, env["GITHUB_SHA"]);
	if (file === void 0) return;
	await files.makeDirectory(directory, 493);
	await files.write(join(directory, file.name), file.content, 420);
}
async function summaryFor(report, { files }) {
	return report.dryRun ? dryRunSummary(report, await files.readText(report.dockerfile)) : summaryOf(report);
}
async function publish(report, withSummary, machine) {
	const { actions } = machine;
	for (const note of report.notes) actions.notice(note);
	if (report.dryRun) for (const line of report.commands) actions.info(line);
	for (const [name, value] of Object.entries(outputsOf(report))) actions.setOutput(name, value);
	const refused = await declareSubjects(report, machine);
	if (refused.length > 0) actions.notice(`Not declared for attestation, as this job did so with another digest: ${refused.join(", ")}`);
	if (withSummary) await actions.writeSummary(await summaryFor(report, machine));
	const { digest, imageid } = report.result;
	if (!report.dryRun) actions.info(`Built ${report.references.length} tag(s): ${digest ?? imageid ?? ""}`);
}
// src/main.ts
await runAction(build, {
	summary: true,
	inputs: "inputs.md"
});
export {};
