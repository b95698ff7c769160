import { __commonJSMin, __toESM } from "./rolldown-runtime.js";
import { BACKENDS, Failure, NamedEngineFailure, ProgramMissing, Secret, buildctl, buildx, cancelled, code, codeBlock, compileGlob, countedContent, decodeSchema, digestOf, distinctRepositories, docker, duplicates, each, errorCode, facts, findBackend, findInputFile, findOfficial, folded, hexOf, inParallel, indexAnnotations, inputFailure, isAddress, isDigest, isJsonObject, isLack, isLoopback, isOfAction, isUnsupported, items, join as join$2, markdown, masksOf, missingOnMachine, nonEmpty, normalizePlatform, ownValue, pRetry, pairs, parseJson, parsePlatform, parseReference, platformSlug, platforms, podman, printDuration, printFamiliar, printPlatform, printReference, printRepository, printSections, printTag, readsOf, references, repositoryOf, require_lt, require_parse, require_re, require_semver, samePlatform, sameRepository, table, text, toggle, unsafeReason, wholeNumber, withDigest as withDigest$1, writeBuilderKeys } from "./shared.js";
import { basename, dirname, join, normalize, resolve } from "node:path/posix";
import { createHash, randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { join as join$1, resolve as resolve$1 } from "node:path";
// src/matrix/bentos.ts
async function findBentos(items, { files, workspace }) {
	const found = await Promise.all(items.map(async (item) => isPattern(item) ? await matches(item, workspace, files) : [item]));
	return {
		bentos: withSlugs([...new Set(found.flat())]),
		missing: items.filter((_, index) => found[index]?.length === 0)
	};
}
function isPattern(text) {
	return /[*?]/.test(text);
}
async function matches(pattern, workspace, files) {
	const parent = dirname(pattern);
	const directories = isPattern(parent) ? await matches(parent, workspace, files) : [parent];
	const wanted = compileGlob(basename(pattern).replaceAll("[", "[[]"));
	const found = [];
	for (const directory of directories) {
		const path = resolve(workspace, directory);
		if ((await files.info(path))?.kind !== "directory") continue;
		const fitting = (await files.list(path)).map(({ name }) => name).filter((name) => wanted.matches(name) && (basename(pattern).startsWith(".") || !name.startsWith(".")));
		found.push(...fitting.map((name) => pattern.startsWith("./") ? `./${join(directory, name)}` : join(directory, name)));
	}
	return found;
}
const ENDING = /\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
function withSlugs(bentos) {
	const taken = new Set();
	return bentos.map((bento) => {
		const name = slugOf(bento);
		let slug = name;
		for (let count = 2; taken.has(slug); count++) slug = `${name}-${count}`;
		taken.add(slug);
		return {
			bento,
			slug
		};
	});
}
function slugOf(bento) {
	return basename(bento).replace(ENDING, "").replace(/\.tar$/, "").toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[-.]+|(?<![-.])[-.]+$/g, "") || "bento";
}
// src/matrix/runner.ts
const DEFAULT_RUNNER = "default";
const X64 = "ubuntu-latest";
const HOSTED = {
	"linux/amd64": X64,
	"linux/arm64": "ubuntu-24.04-arm"
};
function runnerFor(platform, given) {
	const name = printPlatform(platform);
	const matching = Object.keys(given).filter((key) => key === name || name.startsWith(`${key}/`)).sort((one, other) => other.length - one.length);
	const labels = ownValue(given, matching[0] ?? "default") ?? [HOSTED[name] ?? X64];
	const [first = X64] = labels;
	return {
		runsOn: labels.length === 1 ? first : labels,
		emulated: isEmulated(platform, labels)
	};
}
const NATIVE = {
	amd64: ["amd64", "386"],
	arm64: ["arm64"]
};
function isEmulated({ os, architecture }, labels) {
	const own = labels.map(architectureOf).find((found) => found !== void 0);
	return own !== void 0 && os === "linux" && NATIVE[own]?.includes(architecture) !== true;
}
function architectureOf(label) {
	if (/^ubuntu-(?:latest|\d\d\.\d\d)-arm$|^arm64$/i.test(label)) return "arm64";
	return /^ubuntu-(?:latest|\d\d\.\d\d|slim)$|^x64$/i.test(label) ? "amd64" : void 0;
}
// src/matrix/inputs.ts
const matrixSchema = {
	platforms: platforms("linux/amd64,linux/arm64"),
	runners: pairs("linux/arm64=ubuntu-24.04-arm"),
	bentos: items("./dist/*.bento"),
	"fail-fast": toggle()
};
function findMatrixConflicts({ platforms: wanted, runners, bentos }) {
	const names = wanted.map(printPlatform);
	return [
		...wanted.length === 0 ? ["platforms: at least one is required (for example: linux/amd64,linux/arm64)"] : [],
		...duplicates(names).map((name) => `platforms: ${name} is given twice`),
		...duplicates(bentos).map((bento) => `bentos: ${bento} is given twice`),
		...Object.entries(runners).flatMap(([prefix, runner]) => problemsOfRunner(prefix, runner))
	];
}
function problemsOfRunner(prefix, runner) {
	return [...isPrefix(prefix) ? [] : [`runners: "${prefix}" is neither the beginning of a platform nor ${DEFAULT_RUNNER}`], ...labelsOf$1(runner).length === 0 ? [`runners: ${prefix} has no runner`] : []];
}
function isPrefix(prefix) {
	if (prefix === "default" || prefix === "linux" || prefix === "windows") return true;
	if (!prefix.includes("/")) return false;
	try {
		parsePlatform(prefix);
		return true;
	} catch {
		return false;
	}
}
function labelsOf$1(runner) {
	return runner.split(",").map((label) => label.trim()).filter((label) => label !== "");
}
// src/matrix/matrix.ts
const MOST_JOBS = 256;
async function planMatrix(machine) {
	const { actions } = machine;
	const inputs = await decodeSchema(matrixSchema, machine.env, findMatrixConflicts);
	const { bentos, missing } = await findBentos(inputs.bentos, machine);
	if (missing.length > 0) throw inputFailure(missing.map((pattern) => `bentos: ${pattern} matches no file in ${machine.workspace}`));
	const runners = Object.fromEntries(Object.entries(inputs.runners).map(([key, text]) => [key, labelsOf$1(text)]));
	const jobs = jobsOf(inputs.platforms, bentos, runners);
	if (jobs.length > MOST_JOBS) throw tooMany(inputs.platforms.length, bentos.length);
	for (const { name, runner, emulated } of jobs) actions.info(`${name} on ${[runner].flat().join(", ")}${emulated ? ", emulated" : ""}`);
	const outputs = {
		matrix: JSON.stringify({ include: jobs }),
		platforms: inputs.platforms.map(printPlatform).join(","),
		bentos: JSON.stringify({ include: bentos.map(({ bento, slug }) => ({
			bento,
			image: slug
		})) }),
		count: String(jobs.length),
		"fail-fast": String(inputs.failFast !== false)
	};
	for (const [name, value] of Object.entries(outputs)) actions.setOutput(name, value);
}
function jobsOf(platforms, bentos, runners) {
	const jobs = (bento) => platforms.map((platform) => {
		const { runsOn, emulated } = runnerFor(platform, runners);
		const [name, slug] = [printPlatform(platform), platformSlug(platform)];
		const job = {
			platform: name,
			runner: runsOn,
			emulated
		};
		if (bento === void 0) return {
			name,
			slug,
			...job
		};
		const { bento: address, slug: image } = bento;
		return {
			name: `${image} (${name})`,
			slug: `${image}-${slug}`,
			...job,
			bento: address,
			image
		};
	});
	return bentos.length === 0 ? jobs(void 0) : bentos.flatMap(jobs);
}
function tooMany(platforms, bentos) {
	const count = `${platforms} platforms of ${bentos} Bentos are ${platforms * bentos} jobs`;
	return new Failure("input", `bentos, platforms: ${count}; a matrix has at most ${MOST_JOBS}`, {
		code: "TooManyJobs",
		hint: "Give fewer Bentos, or build several platforms in one job by emulation."
	});
}
// src/registry/auth/auth-config.ts
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";
const DOCKER_HUB_HOSTS = new Set([
	"docker.io",
	"index.docker.io",
	"registry-1.docker.io"
]);
function parseAuthConfig(text, source) {
	const json = parse(text, source);
	const store = json["credsStore"];
	return {
		auths: new Map(objectEntries(json["auths"]).map(([key, value]) => [key, parseEntry(value)])),
		helpers: new Map(objectEntries(json["credHelpers"]).filter((entry) => typeof entry[1] === "string")),
		store: typeof store === "string" && store !== "" ? store : void 0
	};
}
const LOGIN_FIELDS = [
	"auths",
	"credsStore",
	"credHelpers"
];
function replaceLogins(config, logins, source) {
	const isLogin = ([name]) => LOGIN_FIELDS.includes(name);
	const others = Object.entries(parseObject(config) ?? {}).filter((entry) => !isLogin(entry));
	const replacements = Object.entries(parse(logins, source)).filter(isLogin);
	return JSON.stringify(Object.fromEntries([...others, ...replacements]));
}
function findByRepository(entries, repository) {
	const wanted = printRepository({
		...repository,
		domain: repository.domain.toLowerCase()
	});
	let best;
	for (const [key, value] of entries) {
		const prefix = normalizeKey(key);
		if ((wanted === prefix || wanted.startsWith(`${prefix}/`)) && prefix.length > (best?.length ?? 0)) best = {
			key,
			value,
			length: prefix.length
		};
	}
	return best;
}
function normalizeKey(key) {
	const [host = "", ...path] = key.replace(/^https?:\/\//, "").split("/");
	const name = DOCKER_HUB_HOSTS.has(host.toLowerCase()) ? "docker.io" : host.toLowerCase();
	const parts = path.filter((part) => part !== "");
	return parts.length === 1 && /^v[12]$/.test(parts[0] ?? "") ? name : [name, ...parts].join("/");
}
function parse(text, source) {
	const json = parseObject(text);
	if (json !== void 0) return json;
	throw new Failure("auth", `The credentials file ${source} is not a JSON object.`, {
		code: "CredentialsUnreadable",
		hint: "Log in again with docker/login-action, or set registry-auth-file to a valid file."
	});
}
function parseObject(text) {
	const json = parseJson(text);
	return isJsonObject(json) ? json : void 0;
}
function parseEntry(value) {
	if (!isJsonObject(value)) return {};
	const decoded = decodeAuth(stringOf(value["auth"]));
	const username = stringOf(decoded?.username) ?? stringOf(value["username"]);
	const password = stringOf(decoded?.password) ?? stringOf(value["password"]);
	const identityToken = stringOf(value["identitytoken"]);
	const registryToken = stringOf(value["registrytoken"]);
	return {
		...username === void 0 ? {} : { username },
		...password === void 0 ? {} : { password },
		...identityToken === void 0 ? {} : { identityToken },
		...registryToken === void 0 ? {} : { registryToken }
	};
}
function decodeAuth(auth) {
	if (auth === void 0) return void 0;
	const text = Buffer.from(auth, "base64").toString("utf8");
	const colon = text.indexOf(":");
	if (colon < 0) return void 0;
	return {
		username: text.slice(0, colon),
		password: text.slice(colon + 1).replace(/(?<!\0)\0+$/, "")
	};
}
function stringOf(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
function objectEntries(value) {
	return isJsonObject(value) ? Object.entries(value) : [];
}
// src/commands/share-credentials.ts
async function findAuthFile(authFile, machine) {
	if (authFile === void 0) return void 0;
	return findInputFile("registry-auth-file", authFile, machine, { code: "AuthFileMissing" });
}
async function shareCredentials(authFile, machine) {
	if (authFile === void 0) return { env: {} };
	const path = await findAuthFile(authFile, machine);
	const directory = join$1(await machine.files.scratch(), "docker");
	await writeDockerConfig(directory, await machine.files.readText(path), path, machine);
	return {
		path,
		env: {
			DOCKER_CONFIG: directory,
			DOCKER_AUTH_CONFIG: void 0,
			REGISTRY_AUTH_FILE: path
		}
	};
}
async function writeDockerConfig(directory, logins, source, { env, files, workspace }) {
	const own = resolve$1(workspace, env["DOCKER_CONFIG"] || join$1(env["HOME"] || "/root", ".docker"));
	const content = replaceLogins(await files.readText(join$1(own, "config.json")).catch(() => ""), logins, source);
	await files.makeDirectory(directory, 448);
	await files.write(join$1(directory, "config.json"), content, 384);
	const others = await files.list(own).catch(() => []);
	for (const { name } of others) if (name !== "config.json") await files.makeLink(join$1(own, name), join$1(directory, name));
}
// src/oci/media-types.ts
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
const OCI_EMPTY = "application/vnd.oci.empty.v1+json";
const DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
const ACCEPT = [
	OCI_INDEX,
	OCI_MANIFEST,
	DOCKER_INDEX,
	"application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
const IMAGE_CONFIGS = new Set([OCI_CONFIG, "application/vnd.docker.container.image.v1+json"]);
function isIndexType(mediaType) {
	return mediaType === "application/vnd.oci.image.index.v1+json" || mediaType === "application/vnd.docker.distribution.manifest.list.v2+json";
}
function isManifestType(mediaType) {
	return mediaType === "application/vnd.oci.image.manifest.v1+json" || mediaType === "application/vnd.docker.distribution.manifest.v2+json";
}
function isImageConfigType(mediaType) {
	return IMAGE_CONFIGS.has(mediaType);
}
function isForeignType(mediaType) {
	return /\.foreign\.|nondistributable/.test(mediaType);
}
function ociType(mediaType) {
	const docker = /^application\/vnd\.docker\.image\.rootfs\.diff\.tar(?:\.(gzip|zstd))?$/.exec(mediaType);
	if (docker === null) return mediaType;
	return `application/vnd.oci.image.layer.v1.tar${docker[1] === void 0 ? "" : `+${docker[1]}`}`;
}
// src/oci/image-index.ts
function printIndex(members, annotations = {}) {
	const index = {
		schemaVersion: 2,
		mediaType: indexTypeOf(members, annotations),
		manifests: members.map(({ mediaType, digest, size, platform: { os, architecture, variant }, ...member }) => ({
			mediaType,
			digest,
			size,
			...sortedPairs(member.annotations ?? {}),
			platform: {
				architecture,
				os,
				...variant === void 0 ? {} : { variant }
			}
		})),
		...sortedPairs(annotations)
	};
	return new TextEncoder().encode(escapeAsGo(JSON.stringify(index, void 0, 2)));
}
function indexTypeOf(members, annotations = {}) {
	return members.every(({ mediaType }) => mediaType === "application/vnd.docker.distribution.manifest.v2+json") && members.length > 0 && Object.keys(annotations).length === 0 ? DOCKER_INDEX : OCI_INDEX;
}
function sortedPairs(annotations) {
	const pairs = Object.entries(annotations).sort(([one], [other]) => one < other ? -1 : 1);
	return pairs.length === 0 ? {} : { annotations: Object.fromEntries(pairs) };
}
function escapeAsGo(json) {
	return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
		return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
	});
}
// src/registry/auth/challenge.ts
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const ITEM = new RegExp(`[\\s,]*(${TOKEN})(?:\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN})))?`, "y");
function parseChallenges(header) {
	const challenges = [];
	const item = new RegExp(ITEM);
	for (let found = item.exec(header); found !== null; found = item.exec(header)) {
		const [, name = "", quoted, bare] = found;
		const value = quoted?.replace(/\\(.)/g, "$1") ?? bare;
		if (value === void 0) challenges.push({
			scheme: name.toLowerCase(),
			parameters: {}
		});
		else Object.assign(challenges.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value });
	}
	return challenges;
}
// src/oci/manifest.ts
function parseManifest(bytes, mediaType, where) {
	const json = parseJsonObject(bytes, where);
	const type = typeOf(json, mediaType);
	if (isIndexType(type)) return {
		kind: "index",
		mediaType: type,
		members: parseDescriptors(json["manifests"], where),
		annotations: annotationsOf(json["annotations"])
	};
	if (isManifestType(type)) return {
		kind: "manifest",
		mediaType: type,
		config: parseDescriptor(json["config"], where),
		layers: parseDescriptors(json["layers"], where),
		annotations: annotationsOf(json["annotations"])
	};
	throw invalid(where, `is of type ${JSON.stringify(type)}, which is not an image`);
}
function parseJsonObject(bytes, where) {
	try {
		const json = JSON.parse(new TextDecoder().decode(bytes));
		if (isJsonObject(json)) return json;
	} catch (cause) {
		throw invalid(where, "is not JSON", cause);
	}
	throw invalid(where, "is not a JSON object");
}
function typeOf(json, given) {
	if (given !== void 0 && (isIndexType(given) || isManifestType(given))) return given;
	if (typeof json["mediaType"] === "string") return json["mediaType"];
	if (Array.isArray(json["manifests"])) return OCI_INDEX;
	return Array.isArray(json["layers"]) ? OCI_MANIFEST : given ?? "";
}
function parseDescriptors(value, where) {
	if (!Array.isArray(value)) throw invalid(where, "has no list of descriptors");
	return value.map((item) => parseDescriptor(item, where));
}
function parseDescriptor(value, where) {
	if (!isJsonObject(value)) throw invalid(where, "has a descriptor that is not an object");
	const { mediaType, digest, size } = value;
	if (typeof mediaType !== "string") throw invalid(where, "has a descriptor without a media type");
	if (typeof digest !== "string" || !isDigest(digest)) throw invalid(where, `has a descriptor with the invalid digest ${JSON.stringify(digest)}`);
	if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) throw invalid(where, `has a descriptor with the invalid size ${JSON.stringify(size)}`);
	const platform = platformOf(value["platform"]);
	return {
		mediaType,
		digest,
		size,
		...platform === void 0 ? {} : { platform },
		annotations: annotationsOf(value["annotations"])
	};
}
function platformOf(value) {
	if (!isJsonObject(value)) return void 0;
	const { os, architecture, variant } = value;
	if (typeof os !== "string" || typeof architecture !== "string" || os === "" || architecture === "") return void 0;
	return {
		os,
		architecture,
		...typeof variant === "string" && variant !== "" ? { variant } : {}
	};
}
function annotationsOf(value) {
	if (!isJsonObject(value)) return {};
	return Object.fromEntries(Object.entries(value).filter((entry) => typeof entry[1] === "string"));
}
function invalid(where, reason, cause) {
	return new Failure("network", `${where} ${reason}.`, {
		code: "ManifestInvalid",
		cause
	});
}
// src/oci/content.ts
async function* oneOf(bytes) {
	yield bytes;
}
const DOCUMENT_LIMIT = 16777216;
async function readManifest(content, descriptor) {
	const bytes = await content.document(descriptor);
	const where = `${descriptor.digest} in ${content.place}`;
	return {
		bytes,
		manifest: parseManifest(bytes, descriptor.mediaType, where)
	};
}
async function readAtMost(stream, limit, where) {
	const chunks = [];
	let size = 0;
	for await (const chunk of stream) {
		size += chunk.length;
		if (size > limit) throw new Failure("network", `${where} has more than ${limit} bytes.`, { code: "TooLarge" });
		chunks.push(chunk);
	}
	return Buffer.concat(chunks, size);
}
function checkBytes(bytes, { digest }, where) {
	const found = digestOf(bytes);
	if (found === digest) return bytes;
	throw new Failure("network", `${where} returned content with a wrong digest.`, {
		code: "DigestMismatch",
		lines: [`requested: ${digest}`, `digest of the content: ${found}`]
	});
}
// src/registry/endpoint.ts
function apiHost(domain) {
	return domain === "docker.io" ? "registry-1.docker.io" : domain;
}
function checkAddress(url, registry, purpose = "trust") {
	const reason = unsafeReason(url, registry, purpose);
	if (reason === void 0) return;
	throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
		code: "UnsafeAddress",
		hint: "The registry, or the proxy in front of it, is configured with a wrong public address."
	});
}
// src/text/retry-after.ts
function parseRetryAfter(value, now) {
	const text = value?.trim() ?? "";
	if (/^\d{1,9}$/.test(text)) return Number(text) * 1e3;
	const date = Date.parse(text);
	return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}
// src/registry/proxy.ts
const TRANSIENT = [408, 429];
function failureOfProxy(error, url) {
	if (!(error instanceof Error) || !("code" in error)) return void 0;
	if (error.code === "ERR_PROXY_INVALID_CONFIG") return invalidAddress(url);
	if (error.code !== "ERR_PROXY_TUNNEL" || !("statusCode" in error)) return void 0;
	const status = Number(error.statusCode);
	if (!(status >= 400 && status < 500) || TRANSIENT.includes(status)) return void 0;
	return refused(url, status, withoutCredentials(error.message));
}
function refused({ host }, status, answer) {
	const proxy = / via (\S+?)\/?: /.exec(answer)?.[1];
	const name = proxy === void 0 ? "of the environment" : proxy;
	const hint = status === 407 ? "It requires a login: set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, from a secret." : `Allow ${host} in the proxy, or add it to NO_PROXY if it is reached without the proxy.`;
	return new Failure("network", `The proxy ${name} refuses the connection to ${host} with ${status}.`, {
		code: "ProxyRefused",
		lines: [answer],
		hint
	});
}
function invalidAddress({ host }) {
	return new Failure("network", `The address of the proxy for ${host} is not valid.`, {
		code: "ProxyInvalid",
		hint: "Set HTTP_PROXY and HTTPS_PROXY to http://HOST:PORT; blanks, @ and / in a password must be percent-encoded."
	});
}
function withoutCredentials(text) {
	return text.replace(/\/\/[^/@\s]*@/g, "//");
}
// src/registry/failures.ts
var TransientFailure = class extends Failure {
	retryAfter;
	constructor(failureClass, message, details, retryAfter) {
		super(failureClass, message, details);
		this.retryAfter = retryAfter;
	}
};
function failureOfRefusal(refusal, context) {
	const { status } = refusal;
	const { repository, doing, login, now } = context;
	const lines = errorLines(refusal);
	const as = status === 401 || status === 403 ? `, ${login === void 0 ? "without a login" : `with ${login}`}` : "";
	const message = `${repository.domain} answered ${status} while ${doing} in ${printRepository(repository)}${as}.`;
	if (status === 429 || /TOOMANYREQUESTS/i.test(lines.join(" "))) return new TransientFailure("rate-limit", message, {
		code: "TooManyRequests",
		lines,
		hint: rateHint(repository)
	}, parseRetryAfter(refusal.headers["retry-after"], now));
	if (status >= 500 || status === 408) return new TransientFailure("network", message, {
		code: "RegistryUnavailable",
		lines
	}, parseRetryAfter(refusal.headers["retry-after"], now));
	if (status === 404 && /BLOB_UPLOAD_(?:UNKNOWN|INVALID)/.test(lines.join(" "))) return new TransientFailure("network", message, {
		code: "UploadLost",
		lines
	});
	return new Failure(...permanentFailure(status, message, lines, context));
}
function permanentFailure(status, message, lines, { repository, write }) {
	const { domain } = repository;
	const said = lines.join(" ");
	if (/immutab|cannot be overwritten|TAG_?ALREADY_?EXISTS/i.test(said)) return [
		"input",
		message,
		{
			code: "TagImmutable",
			lines,
			hint: "The registry does not allow tags to be moved. Use a new tag, or delete the old one first."
		}
	];
	if (status === 401 || status === 403) return [
		"auth",
		message,
		{
			code: "Denied",
			lines,
			hint: authHint(repository)
		}
	];
	if (status === 404) return [
		"input",
		message,
		{
			code: "NotFound",
			lines,
			hint: write ? "Check the name. Some registries, such as ECR, require the repository to be created before the first push." : "Check the name and the tag, and that the account may read them."
		}
	];
	if (status === 413) return [
		"network",
		message,
		{
			code: "TooLarge",
			lines,
			hint: `${domain}, or a proxy in front of it, limits the size of an upload (nginx: client_max_body_size).`
		}
	];
	return [
		"network",
		message,
		{
			code: "Refused",
			lines
		}
	];
}
function authHint({ domain, path }) {
	if (domain === "ghcr.io") return "Give the job \"permissions: packages: write\", log in to ghcr.io before this step (docker/login-action), and let the repository write to the package in the package's settings.";
	return `Log in to ${domain} before this step (docker/login-action) with an account that may read and write ${path}.`;
}
function rateHint({ domain }) {
	return domain === "docker.io" ? "Log in to Docker Hub before this step: it limits anonymous pulls by the runner's address." : `Try again later; ${domain} counts the requests of this account or address.`;
}
function failureOfConnection(error, url) {
	const ofProxy = failureOfProxy(error, url);
	if (ofProxy !== void 0) return ofProxy;
	const cause = error instanceof Error ? error : new Error(String(error));
	const code = "code" in cause ? String(cause.code) : "";
	const lines = [cause.message.replace(/; if the root CA is installed locally.*/, "") || code];
	if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO$/.test(code)) return new Failure("network", `No secure connection to ${url.host}.`, {
		code: "TlsFailed",
		lines,
		hint: `If ${url.host} has a certificate of a private CA, put the CA certificate into /etc/docker/certs.d/${url.host}/ca.crt or into the runner's system store.`,
		cause
	});
	return new TransientFailure("network", `The connection to ${url.host} failed.`, {
		code: "Unreachable",
		lines,
		cause
	});
}
function errorLines({ headers, text }) {
	const fromJson = jsonErrors(text);
	if (fromJson.length > 0) return fromJson;
	const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
	return /html|^\s*</i.test(headers["content-type"] ?? first) || first === "" ? [] : [clean(first)];
}
function jsonErrors(text) {
	const json = parseJson(text);
	if (!isJsonObject(json)) return [];
	return (Array.isArray(json["errors"]) ? json["errors"] : [json]).filter(isJsonObject).flatMap((error) => {
		const detail = typeof error["detail"] === "string" ? error["detail"] : error["details"] ?? "";
		const parts = [
			error["code"],
			error["message"] ?? error["error_description"],
			detail
		].filter((part) => typeof part === "string" && part !== "");
		return parts.length === 0 ? [] : [clean(parts.join(": "))];
	});
}
function clean(line) {
	return line.replace(/\p{Cc}+/gu, " ").trim().slice(0, 500);
}
// src/registry/auth/credentials.ts
function openCredentials(machine, authFile) {
	let configs;
	const cache = new Map();
	const masked = new Set();
	function mask(credential) {
		for (const text of credential === void 0 ? [] : masksOfCredential(credential)) {
			if (!masked.has(text)) machine.actions.mask(text);
			masked.add(text);
		}
	}
	async function read() {
		const reading = configs ?? (authFile === void 0 ? readAmbient(machine) : readGiven(machine, authFile));
		configs = reading;
		return reading.catch((error) => {
			configs = void 0;
			throw error;
		});
	}
	async function findAndMask(repository) {
		const credential = await find(machine, await read(), repository);
		mask(credential);
		return credential;
	}
	function ask(repository) {
		const key = printRepository(repository);
		const search = findAndMask(repository);
		cache.set(key, search);
		search.catch(() => cache.get(key) === search && cache.delete(key));
		return search;
	}
	return async (repository, refused) => {
		const cached = cache.get(printRepository(repository));
		if (cached === void 0) return ask(repository);
		if (refused === void 0 || await cached !== refused) return cached;
		const latest = cache.get(printRepository(repository));
		if (latest !== void 0 && latest !== cached) return latest;
		configs = void 0;
		return ask(repository);
	};
}
function sameCredential(one, other) {
	return one?.username === other?.username && secretsOf(one).join("\n") === secretsOf(other).join("\n");
}
async function readGiven({ files }, path) {
	if (await files.info(path) === void 0) throw new Failure("input", `registry-auth-file: ${path} does not exist.`, { code: "AuthFileMissing" });
	return [{
		source: path,
		config: parseAuthConfig(await files.readText(path), path)
	}];
}
async function readAmbient({ env, files }) {
	const configs = [];
	const inline = env["DOCKER_AUTH_CONFIG"];
	if (inline) configs.push({
		source: "DOCKER_AUTH_CONFIG",
		config: parseAuthConfig(inline, "DOCKER_AUTH_CONFIG")
	});
	for (const path of ambientPaths(env)) {
		const text = await files.readText(path).catch(() => void 0);
		if (text !== void 0 && text.trim() !== "") configs.push({
			source: path,
			config: parseAuthConfig(text, path)
		});
	}
	return configs;
}
function ambientPaths(env) {
	const home = env["HOME"];
	const docker = env["DOCKER_CONFIG"] || home && join(home, ".docker");
	const runtime = env["XDG_RUNTIME_DIR"];
	return [
		docker && join(docker, "config.json"),
		env["REGISTRY_AUTH_FILE"],
		runtime ? join(runtime, "containers/auth.json") : "/run/containers/0/auth.json",
		home && join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers/auth.json")
	].filter((path) => path !== void 0 && path !== "");
}
async function find(machine, configs, repository) {
	for (const { source, config } of configs) {
		const credential = await fromHelpers(machine, config, repository) ?? fromEntry(config, repository, source);
		if (credential !== void 0) return credential;
	}
}
function fromEntry(config, repository, source) {
	const entry = findByRepository(new Map([...config.auths].filter(([, entry]) => isUsable(entry))), repository)?.value;
	if (entry === void 0) return void 0;
	return {
		username: entry.username ?? "",
		...entry.password === void 0 ? {} : { password: new Secret(entry.password) },
		...entry.identityToken === void 0 ? {} : { identityToken: new Secret(entry.identityToken) },
		...entry.registryToken === void 0 ? {} : { registryToken: new Secret(entry.registryToken) },
		source
	};
}
function isUsable(entry) {
	return (entry.password ?? entry.identityToken ?? entry.registryToken) !== void 0;
}
async function fromHelpers(machine, config, repository) {
	const helper = findByRepository(config.helpers, repository);
	if (helper !== void 0) return callHelper(machine, helper.value, helper.key);
	const server = repository.domain === "docker.io" ? DOCKER_HUB_KEY : repository.domain;
	return config.store === void 0 ? void 0 : callHelper(machine, config.store, server);
}
async function callHelper(machine, name, server) {
	const tool = `docker-credential-${name}`;
	const { code, stdout, stderr } = await machine.processes.ask({
		tool,
		args: ["get"],
		stdin: server
	}).catch((cause) => {
		throw helperFailed(tool, server, "cannot be started; is it installed?", [], cause);
	});
	if (code !== 0) {
		if (/credentials not found/i.test(stdout + stderr)) return void 0;
		throw helperFailed(tool, server, `ended with exit code ${code}`, `${stdout}\n${stderr}`.split("\n"));
	}
	return parseAnswer(stdout, tool, server);
}
function parseAnswer(stdout, tool, server) {
	let answer;
	try {
		answer = JSON.parse(stdout);
	} catch {}
	if (!isJsonObject(answer) || typeof answer["Secret"] !== "string") throw helperFailed(tool, server, "gave an answer that is not a credential");
	if (answer["Secret"] === "") return void 0;
	const username = typeof answer["Username"] === "string" ? answer["Username"] : "";
	const secret = new Secret(answer["Secret"]);
	return {
		username,
		source: tool,
		...username === "<token>" ? { identityToken: secret } : { password: secret }
	};
}
function helperFailed(tool, server, what, lines = [], cause) {
	return new Failure("auth", `The credential helper ${tool} for ${server} ${what}.`, {
		code: "CredentialProgramFailed",
		lines: lines.map((line) => line.trim()).filter((line) => line !== ""),
		hint: "Install or repair the helper, or remove it from credHelpers or credsStore of the credentials file.",
		cause
	});
}
function masksOfCredential(credential) {
	const { username, password } = credential;
	const basic = password && new Secret(basicAuth(username, password));
	return [
		password,
		credential.identityToken,
		credential.registryToken,
		basic
	].flatMap((secret) => secret === void 0 ? [] : masksOf(secret));
}
function secretsOf(credential) {
	return [
		credential?.password,
		credential?.identityToken,
		credential?.registryToken
	].map((secret) => secret?.reveal());
}
function basicAuth(username, password) {
	return Buffer.from(`${username}:${password.reveal()}`).toString("base64");
}
// src/registry/auth/token.ts
const DEFAULT_LIFE = 60;
const ANSWER_LIMIT = 1048576;
function scopesOf({ repository, write, mountFrom }) {
	const scope = `repository:${repository.path}:${write ? "pull,push" : "pull"}`;
	return mountFrom === void 0 ? [scope] : [scope, `repository:${mountFrom.path}:pull`];
}
async function logIn(machine, credentials, access, endpoint, before) {
	const { repository } = access;
	const credential = await credentials(repository, before?.isCredential === true ? before.credential : void 0);
	try {
		return await logInWith(machine, access, endpoint, credential);
	} catch (error) {
		if (credential === void 0 || !(error instanceof Failure) || error.code !== REFUSED) throw error;
		const renewed = await credentials(repository, credential);
		if (before === void 0 && sameCredential(renewed, credential)) throw error;
		return logInWith(machine, access, endpoint, renewed);
	}
}
async function logInWith(machine, access, endpoint, credential) {
	const lasting = {
		expires: Number.POSITIVE_INFINITY,
		credential,
		isCredential: true
	};
	if (credential?.registryToken !== void 0) return {
		...lasting,
		header: `Bearer ${credential.registryToken.reveal()}`
	};
	if (endpoint.challenge.scheme === "bearer") return {
		...await fetchToken(machine, access, endpoint, credential),
		credential,
		isCredential: false
	};
	if (credential?.password === void 0) throw notLoggedIn(access.repository);
	return {
		...lasting,
		header: `Basic ${basicAuth(credential.username, credential.password)}`
	};
}
function printCredential({ username, source }) {
	return `the credentials${username === "" ? "" : ` of ${username}`} from ${source}`;
}
async function fetchToken(machine, access, { challenge, registry }, credential) {
	const realm = realmOf(challenge, registry);
	const service = challenge.parameters["service"];
	const parameters = new URLSearchParams(service === void 0 ? [] : [["service", service]]);
	for (const scope of scopesOf(access)) parameters.append("scope", scope);
	const started = machine.now().getTime();
	const answer = credential?.identityToken === void 0 ? await requestToken(machine, realm, parameters, credential) : await exchangeToken(machine, realm, parameters, credential, credential.identityToken);
	const body = await readAnswer(answer, realm);
	if (answer.status !== 200) throw tokenRefused(machine, access, {
		...answer,
		text: body
	}, credential);
	return readToken(machine, body, realm, started);
}
async function requestToken(machine, realm, parameters, credential) {
	const url = new URL(realm);
	for (const [name, value] of parameters) url.searchParams.append(name, value);
	return send(machine, {
		method: "GET",
		url,
		headers: credential?.password === void 0 ? {} : { authorization: `Basic ${basicAuth(credential.username, credential.password)}` }
	});
}
async function exchangeToken(machine, realm, parameters, credential, refresh) {
	const form = new URLSearchParams({
		grant_type: "refresh_token",
		client_id: "bento-image",
		refresh_token: refresh.reveal()
	});
	const service = parameters.get("service");
	if (service !== null) form.set("service", service);
	form.set("scope", parameters.getAll("scope").join(" "));
	const answer = await send(machine, {
		method: "POST",
		url: realm,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		body: form.toString()
	});
	if (answer.status !== 404 && answer.status !== 405) return answer;
	answer.body.destroy();
	return requestToken(machine, realm, parameters, credential);
}
async function send(machine, request) {
	try {
		return await machine.http.request(request);
	} catch (error) {
		throw machine.signal.aborted ? cancelled(machine.signal, `The login at ${request.url.host} was stopped`, error) : failureOfConnection(error, request.url);
	}
}
async function readAnswer({ body }, realm) {
	try {
		return (await readAtMost(body, ANSWER_LIMIT, realm.host)).toString("utf8");
	} catch (error) {
		throw error instanceof Failure ? error : failureOfConnection(error, realm);
	}
}
function realmOf({ parameters }, registry) {
	const realm = parameters["realm"] ?? "";
	if (!URL.canParse(realm, registry.href)) throw new Failure("auth", `${registry.host} gives no valid address for tokens.`, { code: "RealmInvalid" });
	const url = new URL(realm, registry);
	checkAddress(url, registry);
	return url;
}
function readToken(machine, body, realm, started) {
	const json = parseJsonObject(Buffer.from(body), `The token from ${realm.host}`);
	const token = json["token"] || json["access_token"];
	if (typeof token !== "string") throw new Failure("auth", `${realm.host} gave an answer without a token.`, { code: "TokenInvalid" });
	for (const mask of masksOf(new Secret(token))) machine.actions.mask(mask);
	const life = typeof json["expires_in"] === "number" ? json["expires_in"] : 0;
	return {
		header: `Bearer ${token}`,
		expires: started + Math.max(life, DEFAULT_LIFE) * 1e3
	};
}
function tokenRefused(machine, { repository, write }, refusal, credential) {
	const failure = failureOfRefusal(refusal, {
		repository,
		write,
		doing: "giving a token",
		login: credential && printCredential(credential),
		now: machine.now().getTime()
	});
	if (failure instanceof TransientFailure) return failure;
	if (credential === void 0) return notLoggedIn(repository, failure.lines);
	return credentialsRefused(repository, credential, failure.lines);
}
const REFUSED = "CredentialsRefused";
function credentialsRefused(repository, credential, lines) {
	const { domain } = repository;
	return new Failure("auth", `${domain} refused ${printCredential(credential)} for ${printRepository(repository)}.`, {
		code: REFUSED,
		lines,
		hint: authHint(repository)
	});
}
function notLoggedIn(repository, lines = []) {
	return new Failure("auth", `${repository.domain} requires a login for ${printRepository(repository)}; no credentials were found.`, {
		code: "NotLoggedIn",
		lines,
		hint: authHint(repository)
	});
}
// src/registry/auth/authorization.ts
const MARGIN = 1e4;
function openAuthorizer(machine, credentials) {
	const endpoints = new Map();
	const grants = new Map();
	function renew(access, endpoint, stale, before) {
		const key = keyOf(access);
		const latest = grants.get(key);
		if (latest !== void 0 && latest !== stale) return latest;
		const grant = logIn(machine, credentials, access, endpoint, before);
		grants.set(key, grant);
		grant.catch(() => grants.get(key) === grant && grants.delete(key));
		return grant;
	}
	return {
		async current(access) {
			const cached = grants.get(keyOf(access)) ?? grants.get(keyOf({
				...access,
				write: true
			}));
			const grant = await cached;
			if (grant !== void 0 && grant.expires - MARGIN > machine.now().getTime()) return grant;
			const endpoint = endpoints.get(access.repository.domain);
			return endpoint && renew(access, endpoint, cached, grant);
		},
		async login(access, registry, header, refused) {
			const cached = grants.get(keyOf(access));
			const grant = await cached;
			if (grant !== void 0 && grant.header !== refused?.header) return grant;
			const endpoint = {
				challenge: chooseChallenge(header, access.repository),
				registry
			};
			endpoints.set(access.repository.domain, endpoint);
			return renew(access, endpoint, cached, refused);
		}
	};
}
function keyOf(access) {
	return [access.repository.domain, ...scopesOf(access)].join(" ");
}
function chooseChallenge(header, { domain }) {
	const challenges = parseChallenges(header);
	const chosen = challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
	if (chosen !== void 0) return chosen;
	const offered = challenges.map(({ scheme }) => scheme).join(", ") || "none";
	throw new Failure("auth", `${domain} requires a login scheme that is not supported (offered: ${offered}).`, { code: "SchemeUnknown" });
}
// src/registry/body.ts
var BodyError = class extends Error {};
async function* checkedBody(body, request) {
	const announced = Number(request.headers?.["content-length"]);
	let size = 0;
	try {
		for await (const piece of body) {
			size += piece.length;
			if (size > announced) throw otherSize(request.doing, announced, "more");
			yield piece;
		}
		if (size < announced) throw otherSize(request.doing, announced, "fewer");
	} catch (cause) {
		throw new BodyError("", { cause });
	}
}
function otherSize(doing, announced, how) {
	return new Failure("network", `There were ${how} than the announced ${announced} bytes while ${doing}.`, {
		code: "SizeMismatch",
		hint: "Something changed the content since its size was taken. Try again, with nothing else writing to it."
	});
}
// src/registry/retry.ts
const RETRY_POLICY = {
	tries: 5,
	firstDelay: 1e3,
	longestWait: 12e4
};
async function withRetries(machine, retryPolicy, work, signal = machine.signal) {
	try {
		return await pRetry(work, {
			retries: retryPolicy.tries - 1,
			minTimeout: 0,
			signal,
			shouldRetry: ({ error }) => isWorthWaiting(error, retryPolicy),
			async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
				if (retriesLeft === 0 || !isWorthWaiting(error, retryPolicy)) return;
				const wait = (error instanceof TransientFailure ? error.retryAfter : void 0) ?? backOff(attemptNumber, retryPolicy);
				machine.actions.info(`${error.message} Attempt ${attemptNumber + 1} of ${retryPolicy.tries} in ${printDuration(wait / 1e3)}.`);
				await setTimeout(wait, void 0, { signal });
			}
		});
	} catch (error) {
		if (machine.signal.aborted) throw cancelled(machine.signal, "The work with the registry was stopped", error);
		throw error;
	}
}
function backOff(attempt, { firstDelay }) {
	return firstDelay * 2 ** (attempt - 1) * (1 + Math.random());
}
function isWorthWaiting(error, { longestWait }) {
	return error instanceof TransientFailure && (error.retryAfter ?? 0) <= longestWait;
}
// src/registry/registries.ts
const REDIRECTS = 5;
const LOGINS = 3;
const ERROR_BYTES = 65536;
function openRegistries(machine, options = {}) {
	const authorizer = openAuthorizer(machine, openCredentials(machine, options.authFile));
	const uploads = {
		bytes: 0,
		blobs: new Set()
	};
	const origins = new Map();
	async function sendWithLogin(access, origin, url, request) {
		if (url.origin !== origin.origin) return sendOnce(machine, url, request, void 0, uploads);
		let grant = await authorizer.current(access);
		const logins = request.logins ?? (grant === void 0 ? 1 : LOGINS);
		let attempt = await sendOnce(machine, url, request, grant, uploads);
		for (let count = 0; attempt.answer.status === 401 && count < logins; count++) {
			attempt.answer.body.resume();
			const refused = grant;
			grant = await authorizer.login(access, origin, attempt.answer.headers["www-authenticate"] ?? "", refused);
			attempt = await sendOnce(machine, url, request, grant, uploads);
			if (grant.header === refused?.header) break;
		}
		return attempt;
	}
	async function follow(access, origin, request) {
		let url = addressOf$1(request.target, origin, access.repository);
		for (let hop = 0; hop <= REDIRECTS; hop++) {
			const { answer, login } = await sendWithLogin(access, origin, url, request);
			const location = redirectOf(answer, request);
			if (location === void 0) {
				if (request.accept.includes(answer.status)) return {
					...answer,
					url
				};
				const context = {
					...access,
					doing: request.doing,
					login,
					now: machine.now().getTime()
				};
				throw failureOfRefusal({
					...answer,
					text: await readStart(answer.body)
				}, context);
			}
			answer.body.resume();
			url = resolveLocation(location, url, origin, request.isContent ? "content" : "trust");
		}
		throw new Failure("network", `${origin.host} redirects more than ${REDIRECTS} times.`, { code: "RedirectLoop" });
	}
	return {
		machine,
		refusedMounts: new Set(),
		uploads,
		retrying: (work, signal) => withRetries(machine, options.retryPolicy ?? RETRY_POLICY, work, signal),
		async send(access, request) {
			const { domain } = access.repository;
			const cached = origins.get(domain);
			let origin = cached ?? presumedOrigin(domain, options.plainHttp ?? []);
			const answer = await follow(access, origin, request).catch((error) => {
				if (cached !== void 0 || origin.protocol !== "http:" || !requiresTls(error)) throw error;
				origin = new URL(`https://${origin.host}`);
				return follow(access, origin, request);
			});
			origins.set(domain, origin);
			return answer;
		}
	};
}
function resolveLocation(location, base, origin, purpose = "trust") {
	if (!URL.canParse(location, base.href)) throw new Failure("network", `${origin.host} gave the location ${JSON.stringify(location)}, which is not a valid address.`, { code: "LocationInvalid" });
	const url = new URL(location, base);
	if (url.hostname === origin.hostname && (purpose === "trust" || url.port === "" || url.port === origin.port) && url.protocol === "http:" && origin.protocol === "https:") url.protocol = "https:";
	checkAddress(url, origin, purpose);
	return url;
}
function addressOf$1(target, origin, { path }) {
	return typeof target === "string" ? new URL(`/v2/${path}/${target}`, origin) : target;
}
function presumedOrigin(domain, plainHttp) {
	const isPlain = plainHttp.includes(domain) || isLoopback(domain);
	return new URL(`${isPlain ? "http" : "https"}://${apiHost(domain)}`);
}
function requiresTls(error) {
	if (!(error instanceof Failure)) return false;
	const { cause } = error;
	const code = errorCode(cause);
	return /^(?:ECONNRESET|HPE_)/.test(code) || error.lines.some((line) => /HTTP request .{0,200}HTTPS/i.test(line));
}
async function sendOnce(machine, url, request, grant, uploads) {
	const body = typeof request.body === "function" ? counted(checkedBody(await request.body(), request), uploads) : request.body;
	if (typeof body === "string" || body instanceof Uint8Array) uploads.bytes += Buffer.byteLength(body);
	try {
		return {
			answer: await machine.http.request({
				method: request.method,
				url,
				headers: {
					"user-agent": "bento-image",
					...request.headers,
					...grant === void 0 ? {} : { authorization: grant.header }
				},
				...body === void 0 ? {} : { body },
				...request.idleTimeout === void 0 ? {} : { idleTimeout: request.idleTimeout },
				...request.signal === void 0 ? {} : { signal: request.signal }
			}),
			login: grant?.credential && printCredential(grant.credential)
		};
	} catch (error) {
		if (machine.signal.aborted) throw cancelled(machine.signal, `Stopped while ${request.doing}`, error);
		if (error instanceof BodyError) throw error.cause;
		throw request.signal?.aborted ? error : failureOfConnection(error, url);
	}
}
async function* counted(pieces, uploads) {
	for await (const piece of pieces) {
		yield piece;
		uploads.bytes += piece.length;
	}
}
function redirectOf({ status, headers }, { method }) {
	return (method === "GET" || method === "HEAD") && [
		301,
		302,
		303,
		307,
		308
	].includes(status) ? headers["location"] : void 0;
}
async function readStart(body) {
	const chunks = [];
	let size = 0;
	try {
		for await (const chunk of body) {
			chunks.push(chunk);
			size += chunk.length;
			if (size > ERROR_BYTES) break;
		}
	} catch {}
	return Buffer.concat(chunks).toString("utf8");
}
// src/registry/resolve.ts
function resolve$2(registries, reference, { retry = true } = {}) {
	const read = () => resolveOnce(registries, reference);
	return retry ? registries.retrying(read) : read();
}
async function resolveOnce(registries, reference) {
	const { repository, name } = address(reference);
	const where = printReference(reference);
	const answer = await registries.send({
		repository,
		write: false
	}, {
		method: "GET",
		target: `manifests/${name}`,
		headers: { accept: ACCEPT },
		doing: `reading ${name}`,
		accept: [200]
	});
	const bytes = await readBody(answer, where);
	const digest = digestOf(bytes);
	if (reference.digest !== void 0) checkBytes(bytes, { digest: reference.digest }, printRepository(reference));
	checkDigestHeader(answer, digest, where);
	const type = answer.headers["content-type"]?.split(";")[0]?.trim();
	const { mediaType } = parseManifest(bytes, type, where);
	return {
		mediaType,
		digest,
		size: bytes.length,
		bytes,
		annotations: {}
	};
}
async function resolveDigest(registries, reference, { retry = true, mirrors = {} } = {}) {
	if (reference.digest !== void 0) return reference.digest;
	const mirror = mirrors[reference.domain];
	return mirror && await digestAtMirror(registries, {
		...reference,
		domain: mirror
	}) || digestAt$1(registries, reference, retry);
}
async function currentDigest(registries, reference) {
	try {
		return await digestAt$1(registries, reference, false);
	} catch (error) {
		if (error instanceof Failure && error.class !== "cancelled") return void 0;
		throw error;
	}
}
async function digestAtMirror(registries, reference) {
	try {
		return await digestAt$1(registries, reference, false);
	} catch (error) {
		if (!(error instanceof Failure) || error.class === "cancelled") throw error;
		registries.machine.actions.info(`${printReference(reference)}, a mirror: ${error.message}`);
		return;
	}
}
async function digestAt$1(registries, reference, retry) {
	const read = () => requestDigest(registries, reference);
	return await (retry ? registries.retrying(read) : read()) ?? (await resolve$2(registries, reference, { retry })).digest;
}
async function requestDigest(registries, { domain, path, tag }) {
	const name = tag ?? "latest";
	const { body, headers, status } = await registries.send({
		repository: {
			domain,
			path
		},
		write: false
	}, {
		method: "HEAD",
		target: `manifests/${name}`,
		headers: { accept: ACCEPT },
		doing: `requesting the digest of ${name}`,
		accept: [200, 405]
	});
	body.resume();
	const claimed = headers["docker-content-digest"] ?? "";
	return status === 200 && isDigest(claimed) ? claimed : void 0;
}
function repositoryContent(registries, repository, root) {
	const place = printRepository(repository);
	return {
		place,
		repository,
		async document(descriptor) {
			const { digest, mediaType } = descriptor;
			if (digest === root?.digest) return root.bytes;
			if (isIndexType(mediaType) || isManifestType(mediaType)) return (await resolve$2(registries, {
				...repository,
				digest
			})).bytes;
			return registries.retrying(async () => checkBytes(await readBody(await openBlob(registries, repository, digest), place), descriptor, place));
		},
		blob: async ({ digest }) => passing(await openBlob(registries, repository, digest))
	};
}
function checkDigestHeader({ headers }, digest, where) {
	const claimed = headers["docker-content-digest"];
	if (claimed === void 0 || claimed === digest || !claimed.startsWith("sha256:")) return;
	throw new Failure("network", `The registry's digest header for ${where} does not match its content.`, {
		code: "DigestMismatch",
		lines: [`the registry says ${claimed}`, `the content's digest is ${digest}`]
	});
}
function openBlob(registries, repository, digest) {
	return registries.send({
		repository,
		write: false
	}, {
		method: "GET",
		target: `blobs/${digest}`,
		doing: `reading ${digest}`,
		accept: [200],
		isContent: true
	});
}
function address({ domain, path, tag, digest }) {
	return {
		repository: {
			domain,
			path
		},
		name: digest ?? tag ?? "latest"
	};
}
async function* passing({ body, url }) {
	try {
		yield* body;
	} catch (error) {
		throw failureOfConnection(error, url);
	}
}
async function readBody({ body, url }, where) {
	try {
		return await readAtMost(body, DOCUMENT_LIMIT, where);
	} catch (error) {
		throw error instanceof Failure ? error : failureOfConnection(error, url);
	}
}
// src/registry/verify.ts
async function verify(registries, references, expected) {
	const findings = new Map();
	await inParallel(references, 4, registries.machine.signal, async (reference) => {
		const found = await digestAt(registries, reference);
		if (found !== expected) findings.set(reference, found ?? "nothing");
	});
	if (findings.size === 0) return;
	const wrong = references.filter((reference) => findings.has(reference));
	throw new Failure("network", `The registry does not have the image that was pushed: ${wrong.map(printReference).join(", ")}.`, {
		code: "DigestMismatch",
		lines: wrong.map((reference) => `${printReference(reference)}: expected ${expected}, found ${findings.get(reference)}`),
		hint: "Another run may have pushed the same tag meanwhile; see concurrency in the workflow's documentation."
	});
}
async function digestAt(registries, reference) {
	try {
		return (await resolve$2(registries, reference)).digest;
	} catch (error) {
		if (error instanceof Failure && error.code === "NotFound") return void 0;
		throw error;
	}
}
// src/registry/send-manifest.ts
const UNUSUAL_LAYER = /\.tar(?:[+.]zstd)?$/;
const REFUSALS = [
	"TagImmutable",
	"Refused",
	"Denied"
];
async function sendManifest(registries, reference, manifest) {
	const digest = digestOf(manifest.bytes);
	if (reference.digest !== void 0 && reference.digest !== digest) throw new Failure("internal", `${printReference(reference)} cannot name the image ${digest}.`);
	try {
		await registries.retrying(() => put(registries, reference, manifest));
	} catch (error) {
		const found = isRefusal$1(error) && reference.tag !== void 0 ? await currentDigest(registries, reference) : void 0;
		if (found === digest) return;
		throw immutable(error, reference, digest, found) ?? withLayerHint(error, manifest);
	}
}
async function put(registries, reference, { descriptor, bytes }) {
	const { domain, path, tag, digest } = reference;
	const answer = await registries.send({
		repository: {
			domain,
			path
		},
		write: true
	}, {
		method: "PUT",
		target: `manifests/${digest ?? tag ?? "latest"}`,
		headers: { "content-type": descriptor.mediaType },
		body: bytes,
		doing: `pushing the manifest ${digest ?? `under the tag ${tag ?? "latest"}`}`,
		accept: [
			200,
			201,
			202
		]
	});
	answer.body.resume();
	checkDigestHeader(answer, digestOf(bytes), printRepository(reference));
}
function isRefusal$1(error) {
	return error instanceof Failure && REFUSALS.includes(error.code) && !/BLOB_UNKNOWN/.test(error.lines.join(" "));
}
function immutable(error, reference, wanted, found) {
	if (!(error instanceof Failure) || error.code !== "TagImmutable" || found === void 0) return void 0;
	const { class: failureClass, code, lines, hint } = error;
	const message = `${printReference(reference)} cannot be moved: it points to ${found}, this image is ${wanted}.`;
	return new Failure(failureClass, message, {
		code,
		lines,
		...hint && { hint },
		cause: error
	});
}
function withLayerHint(error, { blobs: [, ...layers] }) {
	if (!(error instanceof Failure) || error.code !== "Refused" || /BLOB_UNKNOWN/.test(error.lines.join(" "))) return error;
	const types = new Set(layers.map(({ mediaType }) => mediaType).filter((type) => UNUSUAL_LAYER.test(type)));
	if (types.size === 0) return error;
	return new Failure("input", error.message, {
		code: "LayerTypeRefused",
		lines: error.lines,
		hint: `The image has layers of the type ${[...types].join(" and ")}, which not every registry accepts. Set "compression: gzip".`,
		cause: error
	});
}
// src/oci/graph.ts
async function readGraph(content, root) {
	const found = new Map();
	async function visit(descriptor) {
		if (found.has(descriptor.digest)) return;
		const { bytes, manifest } = await readManifest(content, descriptor);
		if (manifest.kind === "index") for (const member of manifest.members) await visit(member);
		const { mediaType } = manifest;
		const blobs = manifest.kind === "index" ? [] : [manifest.config, ...manifest.layers];
		found.set(descriptor.digest, {
			descriptor: {
				...descriptor,
				mediaType
			},
			bytes,
			blobs: blobs.filter((blob) => !isForeignType(blob.mediaType))
		});
	}
	await visit(root);
	return [...found.values()];
}
// src/registry/put-tags.ts
async function putTags(registries, references, digest, put) {
	const order = await inOrder(registries, references, digest);
	for (const reference of firstOfEachOther(references, order)) await put({
		...reference,
		digest
	});
	const done = [];
	for (const reference of order) {
		try {
			await put(reference);
		} catch (error) {
			throw done.length > 0 && error instanceof Failure ? afterOthers(error, done) : error;
		}
		done.push(reference);
	}
}
async function inOrder(registries, references, digest) {
	if (references.length < 2) return references;
	const found = new Map();
	await inParallel(references, 4, registries.machine.signal, async (reference) => {
		if (reference.digest === void 0) found.set(reference, await currentDigest(registries, reference));
	});
	const outdated = references.filter((reference) => found.get(reference) !== digest);
	const moved = outdated.filter((reference) => found.get(reference) !== void 0);
	return [...new Set([
		...moved.filter(isVersion),
		...moved,
		...outdated
	])];
}
function firstOfEachOther(references, others) {
	const rest = references.filter((reference) => !others.some((other) => sameRepository(reference, other)));
	return distinctRepositories(rest).flatMap((repository) => rest.find((one) => sameRepository(one, repository)) ?? []);
}
function isVersion({ tag = "" }) {
	return /\d/.test(tag);
}
function afterOthers(error, done) {
	const { code, hint, position } = error;
	return new Failure(error.class, error.message, {
		code,
		lines: [...error.lines, `pushed before: ${done.map(printReference).join(", ")}`],
		...hint === void 0 ? {} : { hint },
		...position === void 0 ? {} : { position },
		cause: error
	});
}
// src/registry/session.ts
const COMMIT_TIMEOUT = 3e5;
const CLEANUP_TIMEOUT = 5e3;
const NO_SINGLE_PUT = [
	404,
	405,
	415,
	501
];
var UploadSession = class {
	#registries;
	#repository;
	#doing;
	#signal;
	#location;
	constructor(registries, repository, doing, signal) {
		this.#registries = registries;
		this.#repository = repository;
		this.#doing = doing;
		this.#signal = signal;
	}
	async has(digest) {
		const doing = `checking for ${digest}`;
		return (await this.#call({
			method: "HEAD",
			target: `blobs/${digest}`,
			doing,
			accept: [200, 404],
			isContent: true
		})).status === 200;
	}
	async mount(digest, from) {
		const pair = `${printRepository(from)} ${printRepository(this.#repository)}`;
		if (this.#registries.refusedMounts.has(pair)) return false;
		const target = `blobs/uploads/?${`mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from.path)}`}`;
		try {
			const { signal } = this.#registries.machine;
			const answer = await this.#call({
				method: "POST",
				target,
				body: "",
				accept: [201, 202],
				logins: 1,
				signal
			}, from);
			if (answer.status === 201) return true;
			this.#location = locationOf(answer);
		} catch (error) {
			if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "rate-limit") throw error;
			if (error.class === "auth") this.#registries.refusedMounts.add(pair);
		}
		return false;
	}
	async put(digest, bytes) {
		const target = withDigest(await this.#open(), digest);
		const accept = [
			201,
			204,
			...NO_SINGLE_PUT
		];
		const { status } = await this.#call({
			method: "PUT",
			target,
			...contentOf(bytes),
			accept
		});
		if (NO_SINGLE_PUT.includes(status)) return false;
		this.#location = void 0;
		return true;
	}
	async patch(bytes, unsupported = []) {
		const target = await this.#open();
		const accept = [
			201,
			202,
			204,
			...unsupported
		];
		const answer = await this.#call({
			method: "PATCH",
			target,
			...contentOf(bytes),
			accept
		});
		if (unsupported.includes(answer.status)) return false;
		this.#location = locationOf(answer);
		return true;
	}
	async commit(digest) {
		const target = withDigest(await this.#open(), digest);
		await this.#call({
			method: "PUT",
			target,
			body: "",
			idleTimeout: COMMIT_TIMEOUT,
			accept: [201, 204]
		});
		this.#location = void 0;
	}
	async abandon() {
		const target = this.#location;
		this.#location = void 0;
		if (target === void 0) return;
		const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
		await this.#call({
			method: "DELETE",
			target,
			accept: [202, 204],
			signal
		}).catch(() => void 0);
	}
	async #open() {
		const { signal } = this.#registries.machine;
		this.#location ??= locationOf(await this.#call({
			method: "POST",
			target: "blobs/uploads/",
			body: "",
			accept: [202],
			signal
		}));
		return this.#location;
	}
	async #call(request, mountFrom) {
		const access = {
			repository: this.#repository,
			write: true,
			...mountFrom && { mountFrom }
		};
		const answer = await this.#registries.send(access, {
			doing: this.#doing,
			signal: this.#signal,
			...request
		});
		answer.body.resume();
		return answer;
	}
};
function contentOf({ size, open }) {
	return {
		headers: {
			"content-type": "application/octet-stream",
			"content-length": String(size)
		},
		body: open,
		idleTimeout: COMMIT_TIMEOUT
	};
}
function withDigest(location, digest) {
	return new URL(`${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`);
}
function locationOf({ headers, url, status }) {
	const location = headers["location"];
	if (location === void 0) throw new Failure("network", `${url.host} answered ${status} to an upload without a Location header.`, { code: "LocationMissing" });
	return resolveLocation(location, url, new URL(url.origin));
}
// src/registry/upload.ts
function uploadBlob(registries, repository, { descriptor: { digest, size }, open }, { mountFrom, isNew, force, signal }) {
	const session = new UploadSession(registries, repository, `uploading ${digest}`, signal);
	let mustCheck = force !== true && isNew !== true;
	async function upload() {
		try {
			if (await session.put(digest, {
				size,
				open
			})) return;
			await session.abandon();
			await session.patch({
				size,
				open
			});
			await session.commit(digest);
		} catch (error) {
			await session.abandon();
			if (signal.aborted || force || !await session.has(digest).catch(() => false)) throw error;
		}
	}
	return registries.retrying(async () => {
		if (mustCheck && await session.has(digest)) return "present";
		mustCheck = force !== true;
		if (mountFrom !== void 0 && await session.mount(digest, mountFrom)) return "mounted";
		await upload();
		registries.uploads.blobs.add(digest);
		return "uploaded";
	}, signal);
}
// src/registry/transfer.ts
async function transfer(registries, content, root, references, { present, isNew } = {}) {
	const manifests = await readGraph(content, root);
	const repositories = distinctRepositories(references);
	const { actions } = registries.machine;
	const outcomes = {
		present: 0,
		mounted: 0,
		uploaded: 0
	};
	let uploadedBytes = 0;
	async function transferBlob({ repository, blob, mountFrom }, task, signal) {
		if (present?.(repository, blob.digest)) return "present";
		const options = {
			signal,
			isNew: isNew?.(blob.digest) ?? false,
			...mountFrom && { mountFrom }
		};
		return uploadBlob(registries, repository, {
			descriptor: blob,
			open: countedContent(() => content.blob(blob), task)
		}, options);
	}
	for (const jobs of planUploads(content, manifests, repositories)) {
		const tasks = new Map(jobs.map((job) => [job, actions.progress("uploading the image", job.blob.size)]));
		await inParallel([...tasks], 4, registries.machine.signal, async ([job, task], signal) => {
			const outcome = await transferBlob(job, task, signal);
			outcomes[outcome] += 1;
			if (outcome === "uploaded") uploadedBytes += job.blob.size;
			task.end();
		}).finally(() => {
			for (const task of tasks.values()) task.end();
		});
	}
	for (const repository of repositories) for (const manifest of manifests.slice(0, -1)) await putManifest(registries, content, {
		...repository,
		digest: manifest.descriptor.digest
	}, manifest);
	const last = manifests.at(-1);
	if (last !== void 0) await putTags(registries, references, last.descriptor.digest, (reference) => putManifest(registries, content, reference, last));
	return {
		outcomes,
		uploadedBytes
	};
}
function planUploads(content, manifests, repositories) {
	const bigFirst = [...new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob])).values()].sort((one, other) => other.size - one.size);
	const waves = [[], []];
	for (const repository of repositories) {
		const first = repositories.find(({ domain }) => domain === repository.domain) ?? repository;
		const origin = content.repository?.domain === repository.domain ? content.repository : void 0;
		const source = first === repository ? origin : first;
		const mountFrom = source !== void 0 && sameRepository(source, repository) ? void 0 : source;
		(first === repository ? waves[0] : waves[1]).push(...bigFirst.map((blob) => ({
			repository,
			blob,
			mountFrom
		})));
	}
	return waves;
}
async function putManifest(registries, content, reference, manifest) {
	const { signal } = registries.machine;
	for (const force of [false, true]) try {
		await sendManifest(registries, reference, manifest);
		return;
	} catch (error) {
		if (!(error instanceof Failure) || !error.lines.some((line) => /BLOB_UNKNOWN/.test(line))) throw error;
		await inParallel(manifest.blobs, 4, signal, async (blob, blobSignal) => {
			await uploadBlob(registries, reference, blobOf(content, blob), {
				force,
				signal: blobSignal
			});
		});
	}
	await sendManifest(registries, reference, manifest);
}
function blobOf(content, descriptor) {
	return {
		descriptor,
		open: () => content.blob(descriptor)
	};
}
// src/merging/delivery.ts
async function deliver$1(registries, members, { descriptor, bytes }, tags) {
	const completed = [];
	const written = [];
	try {
		for (const repository of distinctRepositories(tags)) {
			for (const member of members) await copyMember(registries, member, repository, completed);
			completed.push(repository);
		}
		for (const tag of tags) {
			await sendManifest(registries, tag, {
				descriptor,
				bytes,
				blobs: []
			});
			written.push(tag);
		}
	} catch (error) {
		throw withTagStates(error, tags, completed, written);
	}
}
async function copyMember(registries, { descriptor, attestations, repository: origin, content }, repository, completed) {
	if (sameRepository(origin, repository)) return;
	const sameRegistry = completed.find(({ domain }) => domain === repository.domain);
	const source = origin.domain === repository.domain || sameRegistry === void 0 ? content : repositoryContent(registries, sameRegistry);
	for (const document of [descriptor, ...attestations]) await transfer(registries, source, document, [withDigest$1(repository, document.digest)]);
}
function withTagStates(error, tags, completed, written) {
	if (!(error instanceof Failure)) return error;
	const { message, code, lines, hint, position } = error;
	const states = tags.map((tag) => `${printReference(tag)}: ${stateOf(tag, completed, written)}`);
	return new Failure(error.class, `${message} ${printWritten(written, tags)}`, {
		code,
		lines: [...lines, ...states],
		...hint === void 0 ? {} : { hint },
		...position === void 0 ? {} : { position },
		cause: error
	});
}
function printWritten(written, tags) {
	return written.length === 0 ? "No tag was changed." : `${written.length} of ${tags.length} tags point to the new image: ${written.map(printReference).join(", ")}.`;
}
function stateOf(tag, completed, written) {
	if (written.includes(tag)) return "points to the new image";
	return completed.some((repository) => sameRepository(repository, tag)) ? `not changed; all platforms are in ${printRepository(tag)}` : `not changed; platforms may be missing in ${printRepository(tag)}`;
}
// src/merging/inputs.ts
const mergeSchema = {
	digests: each("ghcr.io/acme/iris@sha256:…", parseDigest),
	"digests-from": text("./digests"),
	sources: references("ghcr.io/acme/iris:staging-amd64"),
	tags: references("ghcr.io/acme/iris:1.4.0"),
	platforms: platforms("linux/amd64,linux/arm64"),
	annotations: indexAnnotations("org.opencontainers.image.description=Iris"),
	"registry-auth-file": text("/run/user/1000/auth.json"),
	timeout: wholeNumber("10", 1),
	summary: toggle()
};
function parseDigest(item) {
	if (isDigest(item)) return item;
	const reference = parseReference(item);
	if (reference.digest === void 0) throw new Error(`"${item}" has no digest; give a tag in the input sources`);
	return reference;
}
function findMergeConflicts(inputs) {
	const { digests, digestsFrom, sources, tags, platforms: wanted } = inputs;
	return [
		...tags.length === 0 ? ["tags: at least one is required (for example: ghcr.io/acme/iris:1.4.0)"] : [],
		...digests.length === 0 && digestsFrom === void 0 && sources.length === 0 ? ["digests, digests-from, sources: at least one must name the images to merge (for example: digests-from: ./digests)"] : [],
		...findOfficial(tags),
		...duplicates(wanted.map(printPlatform)).map((platform) => `platforms: ${platform} is given twice`)
	];
}
// src/report/digest-file.ts
function digestFileOf(report, revision) {
	const { result, references, bento } = report;
	if (result.digest === void 0) return void 0;
	const platforms = result.platforms.map(({ platform }) => platform);
	const file = {
		digest: result.digest,
		repositories: distinctRepositories(references).map(printRepository),
		platforms: platforms.map(printPlatform),
		bento: printTag(bento.tag),
		...revision ? { revision } : {}
	};
	return {
		name: `${[bento.tag.name, ...platforms.map(platformSlug)].join("-")}.json`,
		content: `${JSON.stringify(file, null, 2)}\n`
	};
}
function parseDigestFile(text) {
	const file = parseJson(text);
	return isDigestFile(file) ? file : void 0;
}
function isDigestFile(file) {
	if (typeof file !== "object" || file === null) return false;
	const { digest, repositories, platforms, bento, revision } = file;
	return typeof digest === "string" && isDigest(digest) && isListOf(repositories, parseReference) && isListOf(platforms, parsePlatform) && typeof bento === "string" && (revision === void 0 || typeof revision === "string");
}
function isListOf(list, parse) {
	if (!Array.isArray(list) || list.length === 0) return false;
	return list.every((item) => typeof item === "string" && accepts(parse, item));
}
function accepts(parse, item) {
	try {
		parse(item);
		return true;
	} catch {
		return false;
	}
}
// src/merging/job-images.ts
async function nameJobImages({ digests, digestsFrom, sources }, defaultRepository, machine) {
	const listed = digests.map((item) => typeof item === "string" ? withDigest$1(defaultRepository, item) : item);
	const files = digestsFrom === void 0 ? [] : await readDirectory(digestsFrom, defaultRepository, machine);
	return [
		...listed.map(imageOfReference),
		...files,
		...sources.map(imageOfReference)
	];
}
function imageOfReference(reference) {
	return {
		reference,
		source: printReference(reference)
	};
}
async function readDirectory(input, defaultRepository, machine) {
	const directory = resolve(machine.workspace, input);
	const images = await imagesBelow(directory, "", defaultRepository, machine);
	if (images.length > 0) return images;
	throw new Failure("input", `digests-from: there are no digest files in ${directory}`, {
		code: "NoDigests",
		hint: "Download the artifacts of the matrix jobs into this directory before this step; the jobs write the files with the input digest-file."
	});
}
async function imagesBelow(directory, below, defaultRepository, machine) {
	const { files } = machine;
	const path = join(directory, below);
	if ((await files.info(path))?.kind !== "directory") return [];
	const images = [];
	for (const { name, kind } of await files.list(path)) {
		const source = join(below, name);
		const digest = `sha256:${name}`;
		if (kind === "directory" && below === "") images.push(...await imagesBelow(directory, name, defaultRepository, machine));
		if (kind === "file" && name.endsWith(".json")) images.push(await readFile(path, name, source, machine));
		if (kind === "file" && isDigest(digest)) images.push(imageOf(defaultRepository, digest, source));
	}
	return images;
}
function imageOf(defaultRepository, digest, source) {
	return {
		reference: withDigest$1(defaultRepository, digest),
		source
	};
}
async function readFile(path, name, source, { files }) {
	const digestFile = parseDigestFile(await files.readText(join(path, name)));
	const [repository] = digestFile?.repositories ?? [];
	if (digestFile === void 0 || repository === void 0) throw new Failure("input", `digests-from: ${source} is not a digest file`, {
		code: "DigestFileInvalid",
		hint: "The directory may contain only files that the input digest-file wrote."
	});
	return {
		reference: withDigest$1(parseReference(repository), digestFile.digest),
		source,
		digestFile
	};
}
// src/cache/names.ts
const ENVIRONMENT_LABEL = "dev.bento-image.environment";
const KEPT_ENVIRONMENT = "dev.bento-image.environment.kept";
const KEPT_TIME = "dev.bento-image.environment.kept-at";
const LAYER_TITLE = "dev.bento-image.layer";
const LAYER_KEY = "dev.bento-image.layer.key";
const LAYER_DIFF_ID = "dev.bento-image.layer.diff-id";
const CONTENT_KEY = "dev.bento-image.key";
const ENVIRONMENT_KEY = "dev.bento-image.environment.key";
const ENVIRONMENT_CONFIG = "dev.bento-image.environment.config";
const RECORD_SIGNATURE = "dev.bento-image.signature";
const TAG_DIGITS = 40;
function environmentTag(key, signer) {
	return `bento-environment-${digitsOf(key, signer)}`;
}
const UNKNOWN_ENVIRONMENT_TAG = "bento-environment-of-a-key-not-yet-known";
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
function keptRepository(bento) {
	return {
		domain: "localhost",
		path: `bento-environment/${bento}`
	};
}
function keptTag(key) {
	return digitsOf(key, void 0);
}
// src/oci/describe.ts
const ATTESTATION = "vnd.docker.reference.type";
function isAttestation({ annotations }) {
	return annotations[ATTESTATION] !== void 0;
}
async function describe(content, root) {
	const { manifest } = await readManifest(content, root);
	return {
		digest: root.digest,
		kind: manifest.kind,
		platforms: await describePlatforms(content, root, manifest)
	};
}
async function describePlatforms(content, descriptor, manifest) {
	if (manifest.kind === "manifest") return isImageConfigType(manifest.config.mediaType) ? [await describeImage(content, descriptor, manifest)] : [];
	const members = manifest.members.filter((member) => !isAttestation(member) && (isIndexType(member.mediaType) || isManifestType(member.mediaType)));
	return (await Promise.all(members.map(async (member) => describePlatforms(content, member, (await readManifest(content, member)).manifest)))).flat();
}
async function describeImage(content, descriptor, { config, layers }) {
	const imageConfig = parseJsonObject(await content.document(config), `The config ${config.digest} in ${content.place}`);
	const sizes = [
		descriptor,
		config,
		...layers
	].map(({ size }) => size);
	return {
		platform: normalizePlatform(platformOf(imageConfig) ?? descriptor.platform ?? UNKNOWN),
		digest: descriptor.digest,
		imageid: config.digest,
		size: sizes.reduce((total, size) => total + size, 0),
		layers: layers.map(({ digest, size }) => ({
			digest,
			size
		}))
	};
}
const UNKNOWN = {
	os: "unknown",
	architecture: "unknown"
};
// src/merging/member.ts
async function readJobImage(registries, jobImage) {
	const root = await resolve$2(registries, jobImage.reference);
	const repository = repositoryOf(jobImage.reference);
	const content = repositoryContent(registries, repository, root);
	const { mediaType, digest, size } = root;
	const members = await membersOf({
		mediaType,
		digest,
		size,
		annotations: {}
	}, [], {
		jobImage,
		repository,
		content
	});
	if (members.length > 0) return members;
	throw new Failure("input", `${jobImage.source} is not a container image`, { code: "NoImage" });
}
async function membersOf(descriptor, attestations, origin) {
	const { manifest } = await readManifest(origin.content, descriptor);
	if (manifest.kind === "manifest") return memberOf(descriptor, manifest, attestations, origin);
	const all = manifest.members;
	const images = all.filter((member) => !isAttestation(member));
	return (await Promise.all(images.map((image) => membersOf(image, attestationsOf(image, images.length, all), origin)))).flat();
}
function attestationsOf({ digest }, count, all) {
	return all.filter((member) => {
		const subject = member.annotations["vnd.docker.reference.digest"];
		return isAttestation(member) && (subject === void 0 ? count === 1 : subject === digest);
	});
}
async function memberOf(descriptor, { config, layers, mediaType }, attestations, origin) {
	if (!isImageConfigType(config.mediaType)) return [];
	const { content, jobImage } = origin;
	const parsedConfig = parseJsonObject(await content.document(config), `The config ${config.digest} in ${content.place}`);
	const platform = platformOf(parsedConfig) ?? descriptor.platform;
	if (platform === void 0) throw new Failure("input", `${jobImage.source} has no platform`, { code: "NoImage" });
	const plain = {
		...descriptor,
		mediaType,
		annotations: {}
	};
	const details = {
		labels: labelsOf(parsedConfig),
		payload: payloadOf(layers, parsedConfig)
	};
	return [{
		...origin,
		...details,
		descriptor: plain,
		attestations,
		platform: normalizePlatform(platform)
	}];
}
function payloadOf(layers, { rootfs }) {
	const ids = isJsonObject(rootfs) && Array.isArray(rootfs["diff_ids"]) ? rootfs["diff_ids"] : [];
	return new Map(layers.flatMap(({ annotations: { [LAYER_TITLE]: title } }, index) => title === void 0 ? [] : [[title, String(ids[index])]]));
}
function labelsOf({ config }) {
	const labels = isJsonObject(config) ? config["Labels"] : void 0;
	const pairs = isJsonObject(labels) ? Object.entries(labels) : [];
	return Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
}
// src/merging/report.ts
function mergedOutputs({ members, index, tags }) {
	const { digest } = index.descriptor;
	const images = distinctRepositories(tags).map((repository) => printReference(withDigest$1(repository, digest)));
	const digests = members.map(({ platform, descriptor }) => [printPlatform(platform), { digest: descriptor.digest }]);
	return {
		digest,
		image: images[0] ?? "",
		images: JSON.stringify(images),
		digests: JSON.stringify(Object.fromEntries(digests)),
		tags: tags.map(printReference).join("\n")
	};
}
function mergedSummary({ members, index, tags }) {
	const { digest } = index.descriptor;
	const [first] = tags;
	const usage = (first === void 0 ? [] : [printReference(withDigest$1(first, digest))]).flatMap((name) => [
		`docker pull ${name}`,
		"docker run --rm -p 3000:3000 \\",
		`  ${name}`
	]);
	const rows = members.map(({ platform, descriptor, attestations, jobImage }) => {
		const attested = attestations.length === 0 ? "" : `, ${attestations.length} attestation(s)`;
		return [
			code(printPlatform(platform)),
			markdown`${code(descriptor.digest)}${attested}`,
			code(jobImage.source)
		];
	});
	return printSections([
		markdown`#### ✅ One image for ${members.length === 1 ? "one platform" : `${members.length} platforms`} · ${code(digest.slice(0, 19))}`,
		codeBlock("sh", usage),
		table([
			markdown`Platform`,
			markdown`Image`,
			markdown`From`
		], rows, [1, 2]),
		folded("Details", facts([["Tags", join$2(tags.map((tag) => code(printFamiliar(tag))), ", ")], ["Digest (index)", code(digest)]]))
	]);
}
// src/merging/selection.ts
const FACTS = {
	Bento: ({ jobImage }) => jobImage.digestFile?.bento,
	commit: ({ jobImage, labels }) => jobImage.digestFile?.revision ?? labels["org.opencontainers.image.revision"],
	version: ({ labels }) => labels["org.opencontainers.image.version"]
};
function selectMembers(found, wanted) {
	const members = [...new Map(found.toReversed().map((member) => [member.descriptor.digest, member])).values()];
	const platforms = wanted.length > 0 ? wanted : platformsOf(members);
	const lines = [
		...platforms.flatMap((platform) => faultsOfPlatform(members, platform)),
		...members.filter(({ platform }) => !platforms.some((one) => samePlatform(one, platform))).map(({ platform, jobImage }) => `${printPlatform(platform)} is not in the input platforms: ${jobImage.source}`),
		...Object.entries(FACTS).flatMap(([name, read]) => differences(members, name, read)),
		...differingPayload(members)
	];
	if (lines.length > 0) throw new Failure("input", `these images do not form one image: ${lines.join(" · ")}`, {
		code: "LegsMismatch",
		lines,
		hint: "Each matrix job must build a different platform of the same Bento, built once, at the same commit. Remove digest files of earlier runs."
	});
	return platforms.flatMap((platform) => members.filter((member) => samePlatform(member.platform, platform)));
}
function platformsOf(members) {
	const byName = new Map(members.map(({ platform }) => [printPlatform(platform), platform]));
	return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}
function faultsOfPlatform(members, platform) {
	const matching = members.filter((member) => samePlatform(member.platform, platform));
	const name = printPlatform(platform);
	if (matching.length === 0) return [`${name} is missing`];
	if (matching.length === 1) return [];
	return [`${name} was given ${matching.length} times: ${matching.map(printMember).toSorted().join(" and ")}`];
}
function differingPayload(members) {
	const titles = new Set(members.flatMap(({ payload }) => [...payload.keys()]));
	const assembled = members.filter(({ payload }) => payload.size > 0);
	const differing = [...titles].filter((title) => new Set(assembled.map(({ payload }) => payload.get(title))).size > 1);
	if (differing.length === 0) return [];
	const sources = assembled.map(({ jobImage }) => jobImage.source).toSorted();
	return [`they do not contain the same files (${differing.join(", ")}): ${[...new Set(sources)].join(", ")}`];
}
function printMember({ jobImage, descriptor }) {
	return jobImage.source.includes(descriptor.digest) ? jobImage.source : `${jobImage.source} (${descriptor.digest})`;
}
function differences(members, name, read) {
	const values = members.flatMap((member) => {
		const value = read(member);
		return value === void 0 ? [] : [{
			value,
			source: member.jobImage.source
		}];
	});
	if (new Set(values.map(({ value }) => value)).size < 2) return [];
	const all = values.map(({ value, source }) => `${source} has ${value}`).toSorted();
	return [`they differ in their ${name}: ${[...new Set(all)].join(", ")}`];
}
// src/merging/merge.ts
const MINUTE = 6e4;
async function merge(machine, options = {}) {
	const inputs = await decodeSchema(mergeSchema, machine.env, findMergeConflicts);
	const { tags, annotations, platforms } = inputs;
	const [first] = tags;
	if (first === void 0) return;
	if (inputs.timeout !== void 0) machine.cancelAfter(inputs.timeout * MINUTE);
	const authFile = await findAuthFile(inputs.registryAuthFile, machine);
	const registries = openRegistries(machine, {
		...options,
		...authFile === void 0 ? {} : { authFile }
	});
	const images = await nameJobImages(inputs, first, machine);
	const found = new Map();
	await inParallel([...images.entries()], 4, machine.signal, async ([index, jobImage]) => {
		found.set(index, await readJobImage(registries, jobImage));
	});
	const members = selectMembers(images.flatMap((_, index) => found.get(index) ?? []), platforms);
	const index = joinMembers(members, annotations);
	await deliver$1(registries, members, index, tags);
	await verify(registries, tags, index.descriptor.digest);
	const merged = {
		members,
		index,
		tags
	};
	for (const [name, value] of Object.entries(mergedOutputs(merged))) machine.actions.setOutput(name, value);
	if (inputs.summary !== false) await machine.actions.writeSummary(mergedSummary(merged));
	machine.actions.info(`Merged ${members.length} platform(s) into ${tags.map(printReference).join(", ")}`);
	machine.actions.info(`docker pull ${printReference(withDigest$1(first, index.descriptor.digest))}`);
}
function joinMembers(members, annotations) {
	const images = members.map(({ platform, descriptor }) => ({
		...descriptor,
		platform
	}));
	const attestations = members.flatMap((member) => member.attestations.map((descriptor) => ({
		...descriptor,
		platform: descriptor.platform ?? NO_PLATFORM
	})));
	const descriptors = [...images, ...attestations];
	const bytes = printIndex(descriptors, annotations);
	return {
		descriptor: {
			mediaType: indexTypeOf(descriptors, annotations),
			digest: digestOf(bytes),
			size: bytes.length,
			annotations: {}
		},
		bytes
	};
}
const NO_PLATFORM = {
	os: "unknown",
	architecture: "unknown"
};
// src/engines/sudo.ts
const PROXIES = [
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"NO_PROXY",
	"http_proxy",
	"https_proxy",
	"no_proxy"
];
const CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
async function findSudo({ env, processes }) {
	const sudo = await processes.which("sudo");
	if (sudo === void 0) return void 0;
	const names = PROXIES.filter((name) => Boolean(env[name]));
	const flags = ["-n", ...names.length === 0 ? [] : [`--preserve-env=${names.join(",")}`]];
	const { code } = await processes.capture({
		tool: sudo,
		args: [...flags, "true"]
	});
	return code === 0 ? [sudo, ...flags] : void 0;
}
function asRoot(sudo, command, variables, env) {
	const certificates = CERTIFICATES.flatMap((name) => env[name] ? [`${name}=${env[name]}`] : []);
	const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
	return {
		argv: [
			...sudo,
			"env",
			...certificates,
			...assignments,
			...command
		],
		env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]]))
	};
}
// src/engines/clean-up-as-root.ts
const SECONDS$1 = "280";
const OWNER_FLAG = "--for";
async function cleanUpAsRoot(directory, { env, processes, system }) {
	const what = `processes and files of root in ${directory}`;
	const sudo = await findSudo({
		env,
		processes
	});
	if (sudo === void 0) return [`${what}: sudo without a password is no longer available`];
	const { argv, env: rootEnv } = asRoot(sudo, [
		"timeout",
		SECONDS$1,
		...system.postStep(),
		OWNER_FLAG,
		String(system.user().id),
		directory
	], {}, env);
	const [tool, ...args] = argv;
	const { code, stdout, stderr } = await processes.ask({
		tool,
		args,
		env: rootEnv
	});
	return (code === 0 ? sentencesIn(stdout) : void 0) ?? [`${what}: ${tool} ended with ${code}: ${stderr.trim()}`];
}
function sentencesIn(stdout) {
	const sentences = parseJson(stdout.trim().split("\n").at(-1) ?? "");
	return Array.isArray(sentences) ? sentences.map(String) : void 0;
}
// src/engines/engine-paths.ts
const LONGEST_SOCKET = 107;
const PREFIX = "bento-image-engine-";
function temporaryDirectory({ env, files }) {
	return files.realPath(env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
}
async function newEngineDirectory(machine) {
	return `${await temporaryDirectory(machine)}/${PREFIX}${randomBytes(4).toString("hex")}`;
}
async function isEngineDirectory(path, machine) {
	return hasEngineName(path) && dirname(path) === await temporaryDirectory(machine);
}
function hasEngineName(path) {
	return path.startsWith("/") && /\/bento-image-engine-[0-9a-f]{8}$/.test(path) && !path.includes("/../");
}
function shortDirectory(directory) {
	if (Buffer.byteLength(directory) + 33 <= LONGEST_SOCKET) return void 0;
	return `/tmp/bento-image-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}
function socketDirectory(directory) {
	return shortDirectory(directory) ?? `${directory}/run`;
}
async function makePrivateDirectory(path, { files, system }) {
	await files.makeDirectory(path, 448);
	if (await system.isPrivate(path)) return;
	throw new Failure("engine", `${path} cannot be protected from other users of this machine`, {
		code: "NotPrivate",
		hint: "It belongs to another user, or is in a directory where every user may rename it (use `chmod +t`), or on a file system without owners and modes. Set RUNNER_TEMP to a directory of this user."
	});
}
async function findProgram(name, directories, machine) {
	return await findIn(name, directories, machine) ?? machine.processes.which(name);
}
async function findIn(name, directories, { files }) {
	for (const directory of directories) {
		const path = `${directory}/${name}`;
		if (await files.info(path) !== void 0) return path;
	}
}
function pathWith(directories, env) {
	return [...directories, env["PATH"] ?? ""].filter((part) => part !== "").join(":");
}
// src/engines/plugin.ts
const PLUGIN = "docker-buildx";
const PLUGIN_TOOL = "buildx";
const PLUGINS = "cli-plugins";
async function placePlugin(program, env, { files }) {
	const original = env["DOCKER_CONFIG"] || join(env["HOME"] || "/root", ".docker");
	const directory = join(await files.kept(), "docker");
	await files.makeDirectory(join(directory, PLUGINS), 448);
	await linkAll(original, directory, PLUGINS, files);
	await linkAll(join(original, PLUGINS), join(directory, PLUGINS), basename(program), files);
	await link(program, join(directory, PLUGINS, basename(program)), files);
	const config = join(directory, "config.json");
	if (await files.info(config) === void 0) await files.write(config, "{}", 384);
	return { DOCKER_CONFIG: directory };
}
async function linkAll(from, to, except, files) {
	if (await files.info(from) === void 0) return;
	for (const { name } of await files.list(from)) if (name !== except) await link(join(from, name), join(to, name), files);
}
async function link(target, path, files) {
	if (await files.info(path) === void 0) await files.makeLink(target, path);
}
// src/engines/buildx-plugin.ts
function builderOf(directory) {
	return {
		name: basename(directory),
		config: `${directory}/buildx`
	};
}
async function findBuildx(tools, machine) {
	const plugin = await findIn(PLUGIN, tools, machine);
	if (plugin !== void 0) return [plugin];
	const docker = await findProgram("docker", tools, machine);
	return docker === void 0 ? void 0 : [docker, "buildx"];
}
// node_modules/smol-toml/dist/stringify.js
let BARE_KEY = /^[a-z0-9-_]+$/i;
let HAS_WELLFORMED = !!"".isWellFormed;
function extendedTypeOf(obj) {
	let type = typeof obj;
	if (type === "object") {
		if (Array.isArray(obj)) return "array";
		if (typeof obj.getUTCDate === "function" && obj instanceof Date) return "date";
		if (globalThis.Temporal) {
			if (obj.until) {
				if (obj instanceof Temporal.ZonedDateTime) return "temporal/tz+uc";
				if (obj instanceof Temporal.PlainDateTime || obj instanceof Temporal.PlainDate) return "temporal/uc";
				if (obj instanceof Temporal.PlainTime || obj instanceof Temporal.Instant) return "temporal";
				if (obj instanceof Temporal.PlainYearMonth) return "temporal/x";
			} else if (obj.toPlainDate && obj instanceof Temporal.PlainMonthDay || obj.negated && obj instanceof Temporal.Duration) return "temporal/x";
		}
	}
	return type;
}
function isArrayOfTables(obj) {
	for (let i = 0; i < obj.length; i++) if (extendedTypeOf(obj[i]) !== "object") return false;
	return obj.length != 0;
}
function formatWellFormedStringUnchecked(s) {
	return JSON.stringify(s).replaceAll("", "\\u007f");
}
function formatString(s) {
	return formatWellFormedStringUnchecked(HAS_WELLFORMED ? s.toWellFormed() : s);
}
function formatKey(s) {
	if (BARE_KEY.test(s)) return s;
	if (HAS_WELLFORMED && !s.isWellFormed()) throw new RangeError("key contains illegal lone surrogates");
	return formatWellFormedStringUnchecked(s);
}
function stringifyValue(val, type, depth, numberAsFloat, strictTemporal) {
	if (depth === 0) throw new Error("Could not stringify the object: maximum object depth exceeded");
	switch (type) {
		case "number":
			if (isNaN(val)) return "nan";
			if (val === Infinity) return "inf";
			if (val === -Infinity) return "-inf";
			if (Number.isInteger(val) && (numberAsFloat || !Number.isSafeInteger(val))) return val.toFixed(1);
		case "bigint":
		case "boolean":
		case "temporal": return val.toString();
		case "string": return formatString(val);
		case "date":
			if (isNaN(val.getTime())) throw new TypeError("cannot serialize invalid date");
			return val.toISOString();
		case "object": return stringifyInlineTable(val, depth, numberAsFloat, strictTemporal);
		case "array": return stringifyArray(val, depth, numberAsFloat, strictTemporal);
		case "temporal/tz+uc": if (strictTemporal) {
			let tz = val.timeZoneId;
			let tzc = tz.charCodeAt(0);
			if (tzc !== 43 && tzc !== 45 && (tzc !== 85 && tzc !== 71 && tzc !== 90 && tzc !== 69 || tz !== "UTC" && tz !== "UCT" && tz !== "Universal" && tz !== "Zulu" && !tz.startsWith("GMT") && tz !== "Greenwich" && !tz.startsWith("Etc/"))) throw new TypeError("Temporal objects with an IANA timezone are not allowed in Temporal strict mode");
		}
		case "temporal/uc":
			if (strictTemporal && val.calendarId !== "iso8601") throw new TypeError("Temporal objects with a non-default calendar are not allowed in Temporal strict mode");
			return val.toString({
				calendarName: "never",
				timeZoneName: "never"
			});
		case "temporal/x": throw new TypeError("Unsupported " + val[Symbol.toStringTag]);
	}
}
function stringifyInlineTable(obj, depth, numberAsFloat, strictTemporal) {
	let keys = Object.keys(obj);
	if (keys.length === 0) return "{}";
	let res = "{ ";
	for (let i = 0; i < keys.length; i++) {
		let k = keys[i];
		if (i) res += ", ";
		res += formatKey(k) + " = " + stringifyValue(obj[k], extendedTypeOf(obj[k]), depth - 1, numberAsFloat, strictTemporal);
	}
	return res + " }";
}
function stringifyArray(array, depth, numberAsFloat, strictTemporal) {
	if (array.length === 0) return "[]";
	let res = "[ ";
	for (let i = 0; i < array.length; i++) {
		if (i) res += ", ";
		if (array[i] === null || array[i] === void 0) throw new TypeError("arrays cannot contain null or undefined values");
		res += stringifyValue(array[i], extendedTypeOf(array[i]), depth - 1, numberAsFloat, strictTemporal);
	}
	return res + " ]";
}
function stringifyArrayTable(array, key, depth, numberAsFloat, strictTemporal) {
	if (depth === 0) throw new Error("Could not stringify the object: maximum object depth exceeded");
	let res = "";
	for (let i = 0; i < array.length; i++) {
		res += `${res && "\n"}[[${key}]]\n`;
		res += stringifyTable(0, array[i], key, depth, numberAsFloat, strictTemporal);
	}
	return res;
}
function stringifyTable(tableKey, obj, prefix, depth, numberAsFloat, strictTemporal) {
	if (depth === 0) throw new Error("Could not stringify the object: maximum object depth exceeded");
	let preamble = "";
	let tables = "";
	let keys = Object.keys(obj);
	for (let i = 0; i < keys.length; i++) {
		let k = keys[i];
		if (obj[k] !== null && obj[k] !== void 0) {
			let type = extendedTypeOf(obj[k]);
			if (type === "symbol" || type === "function") throw new TypeError(`cannot serialize values of type '${type}'`);
			let key = formatKey(k);
			if (type === "array" && isArrayOfTables(obj[k])) tables += (tables && "\n") + stringifyArrayTable(obj[k], prefix ? `${prefix}.${key}` : key, depth - 1, numberAsFloat, strictTemporal);
			else if (type === "object") {
				let tblKey = prefix ? `${prefix}.${key}` : key;
				tables += (tables && "\n") + stringifyTable(tblKey, obj[k], tblKey, depth - 1, numberAsFloat, strictTemporal);
			} else {
				preamble += key;
				preamble += " = ";
				preamble += stringifyValue(obj[k], type, depth, numberAsFloat, strictTemporal);
				preamble += "\n";
			}
		}
	}
	if (tableKey && (preamble || !tables)) preamble = preamble ? `[${tableKey}]\n${preamble}` : `[${tableKey}]`;
	return preamble && tables ? `${preamble}\n${tables}` : preamble || tables;
}
function stringify(obj, { maxDepth = 1e3, numbersAsFloat = false, strictTemporal = false } = {}) {
	if (extendedTypeOf(obj) !== "object") throw new TypeError("stringify can only be called with an object");
	let str = stringifyTable(0, obj, "", maxDepth, numbersAsFloat, strictTemporal);
	if (str[str.length - 1] !== "\n") return str + "\n";
	return str;
}
// src/engines/configuration.ts
function buildkitConfiguration(settings, worker, paths) {
	const common = {
		...settings.maxBytes === void 0 ? {} : {
			gc: true,
			maxUsedSpace: settings.maxBytes
		},
		networkMode: "host"
	};
	const oci = worker.kind === "oci" ? {
		enabled: true,
		snapshotter: "auto",
		rootless: worker.rootless,
		noProcessSandbox: !worker.processSandbox,
		...common
	} : { enabled: false };
	const containerd = worker.kind === "containerd" ? {
		enabled: true,
		address: worker.address,
		namespace: worker.namespace,
		...common
	} : { enabled: false };
	return stringify({
		root: paths.root,
		grpc: {
			address: [`unix://${buildkitSocket(paths)}`],
			...paths.owner === void 0 ? {} : {
				uid: paths.owner,
				gid: 0
			}
		},
		otel: { socketPath: `${paths.sockets}/otel.sock` },
		worker: {
			oci,
			containerd
		},
		...registries(settings)
	});
}
function buildkitSocket({ sockets }) {
	return `${sockets}/buildkitd.sock`;
}
function builderConfiguration(settings) {
	return stringify({
		...settings.maxBytes === void 0 ? {} : { worker: { oci: {
			gc: true,
			maxUsedSpace: settings.maxBytes
		} } },
		...registries(settings)
	});
}
function registries({ mirrors, insecure, authorities }) {
	const hosts = new Set([
		...Object.keys(mirrors),
		...insecure,
		...Object.keys(authorities)
	]);
	if (hosts.size === 0) return {};
	return { registry: Object.fromEntries([...hosts].map((host) => [host, entry(host)])) };
	function entry(host) {
		return {
			...Object.hasOwn(mirrors, host) ? { mirrors: [...mirrors[host] ?? []] } : {},
			...insecure.includes(host) ? {
				http: true,
				insecure: true
			} : {},
			...Object.hasOwn(authorities, host) ? { ca: [...authorities[host] ?? []] } : {}
		};
	}
}
function containerdSocket({ sockets }) {
	return `${sockets}/containerd.sock`;
}
function containerdConfiguration(paths) {
	return stringify({
		version: 3,
		root: paths.root,
		state: `${paths.sockets}/containerd`,
		disabled_plugins: [
			"io.containerd.grpc.v1.cri",
			"io.containerd.cri.v1.images",
			"io.containerd.cri.v1.runtime",
			"io.containerd.internal.v1.opt",
			"io.containerd.nri.v1.nri"
		],
		grpc: { address: containerdSocket(paths) }
	});
}
function nerdctlConfiguration(paths) {
	return stringify({
		address: `unix://${containerdSocket(paths)}`,
		namespace: paths.namespace,
		data_root: `${paths.directory}/nerdctl`,
		cni_netconfpath: `${paths.directory}/cni`,
		hosts_dir: [`${paths.directory}/certs.d`],
		...paths.cni === void 0 ? {} : { cni_path: paths.cni }
	});
}
function hostsConfigurations({ mirrors, insecure, authorities }) {
	const hosts = new Set([
		...Object.keys(mirrors),
		...insecure,
		...Object.keys(authorities)
	]);
	const tls = (host) => ({
		...insecure.includes(host) ? { skip_verify: true } : {},
		...Object.hasOwn(authorities, host) ? { ca: [...authorities[host] ?? []] } : {}
	});
	const url = (host) => `${insecure.includes(host) ? "http" : "https"}://${host}`;
	return new Map([...hosts].map((host) => {
		const mirrorHosts = (ownValue(mirrors, host) ?? []).map((mirror) => [url(mirror), {
			capabilities: ["pull", "resolve"],
			...tls(mirror)
		}]);
		const registryHost = [url(host), {
			capabilities: [
				"pull",
				"resolve",
				"push"
			],
			...tls(host)
		}];
		return [host, stringify({ host: Object.fromEntries(host === "docker.io" ? mirrorHosts : [...mirrorHosts, registryHost]) })];
	}));
}
// src/engines/clean-up-tools.ts
const SECONDS = "120";
async function removeBuilder({ directory, tools, machine }) {
	const { name, config } = builderOf(directory);
	if (await machine.files.info(`${config}/instances/${name}`) === void 0) return;
	const command = await findBuildx(tools, machine);
	if (command === void 0) throw new Error("neither docker-buildx nor docker is installed any more");
	const remove = (...more) => runTool([
		...command,
		"rm",
		"--force",
		...more,
		name
	], machine, { BUILDX_CONFIG: config });
	try {
		await remove("--timeout", "110s");
	} catch (error) {
		if (!(error instanceof Error) || !error.message.includes("unknown flag")) throw error;
		await remove();
	}
}
async function removeCache({ directory, tools, machine }) {
	const address = `unix://${buildkitSocket({ sockets: socketDirectory(directory) })}`;
	await runTool([
		await programOf("buildctl", tools, machine),
		"--addr",
		address,
		"prune",
		"--all"
	], machine);
}
async function removeMapped({ directory, tools, machine }) {
	const path = `${directory}/buildkitd`;
	if (await machine.files.info(path) === void 0) return;
	await runTool([
		await programOf("rootlesskit", tools, machine),
		"rm",
		"-rf",
		path
	], machine);
}
async function runTool([tool = "", ...args], machine, env = {}) {
	const invocation = {
		tool: "timeout",
		args: [
			SECONDS,
			tool,
			...args
		],
		env: {
			...machine.env,
			...env
		}
	};
	const { code, stderr } = await machine.processes.ask(invocation);
	if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}
async function programOf(name, tools, machine) {
	const program = await findProgram(name, tools, machine);
	if (program === void 0) throw new Error(`${name} is not installed any more`);
	return program;
}
// src/engines/ending.ts
const GRACE_PERIOD_MS = 5e3;
async function endProcess(process, system, gracePeriod = GRACE_PERIOD_MS) {
	if (gracePeriod > 0) {
		await system.signal(process, "SIGTERM");
		if (await ends(process, system, gracePeriod)) return;
	}
	await system.signal(process, "SIGKILL", "group");
	if (!await ends(process, system, GRACE_PERIOD_MS)) throw new Error(`the process ${process.pid} does not end`);
}
async function endAll(processes, system) {
	for (const process of processes) await system.signal(process, "SIGKILL");
	for (const process of processes) if (!await ends(process, system, GRACE_PERIOD_MS)) throw new Error(`the process ${process.pid} does not end`);
}
async function ends(process, system, gracePeriod) {
	for (let waited = 0, pause = 2; waited < gracePeriod; waited += pause, pause = Math.min(2 * pause, 100)) {
		if (!await system.isAlive(process)) return true;
		await setTimeout(pause);
	}
	return !await system.isAlive(process);
}
// src/engines/kept-path.ts
function isKeptPath(path) {
	return normalize(path) === path && /^\/(?:.+\/)?_?bento-image\/\d+\/[a-z]+$/.test(path);
}
// src/engines/kept-state.ts
async function lockKeptState(name, journal, machine) {
	const parent = await findDirectory(machine);
	if (parent === void 0) return { why: `neither ${candidatesFor(machine).join(" nor ")} is a directory that only this user may write to; the build cache is not kept` };
	const path = `${parent}/${name}`;
	await removeStaleLock(lockOf(path), machine);
	await journal.add({
		kind: "kept",
		path
	});
	try {
		await machine.files.makeLink(journal.directory, lockOf(path));
	} catch (error) {
		if (errorCode(error) !== "EEXIST") throw error;
		return { why: "another engine uses the kept state; this one starts without it" };
	}
	await machine.files.makeDirectory(path, 448);
	return { path };
}
async function isLockedBy(directory, path, { files, system }, owner) {
	if (!isKeptPath(path) || !await system.isPrivate(dirname(path), owner)) return false;
	if ((await files.info(lockOf(path)))?.kind !== "symlink") return false;
	return await files.readLink(lockOf(path)) === directory;
}
function unlockKeptState(path, { files }) {
	return files.remove(lockOf(path));
}
function lockOf(path) {
	return `${path}.lock`;
}
async function removeStaleLock(lock, { files }) {
	if ((await files.info(lock))?.kind !== "symlink") return;
	if (await files.info(await files.readLink(lock)) === void 0) await files.remove(lock);
}
async function findDirectory(machine) {
	for (const candidate of candidatesFor(machine)) try {
		await machine.files.makeDirectory(dirname(candidate), 493);
		await machine.files.makeDirectory(candidate, 448);
		const path = await machine.files.realPath(candidate);
		if (await machine.system.isPrivate(path)) return path;
	} catch (error) {
		if (![
			"EACCES",
			"EPERM",
			"EROFS"
		].includes(errorCode(error))) throw error;
	}
}
function candidatesFor({ env, system }) {
	const cache = env["RUNNER_TOOL_CACHE"];
	const besideCache = cache ? [`${cache.replace(/(?<!\/)\/+$/, "")}/../_bento-image`] : [];
	const inHome = `${env["XDG_STATE_HOME"] || `${env["HOME"] || "/root"}/.local/state`}/bento-image`;
	return [...besideCache, inHome].map((candidate) => `${candidate}/${system.user().id}`);
}
// src/engines/record-entry.ts
const DAEMONS = ["buildkitd", "containerd"];
// src/engines/record-form.ts
function parseRecord(text, env) {
	const fields = fieldsOf(parseJson(text));
	if (fields?.["version"] !== 1) return void 0;
	const owner = ownerFrom(fields["owner"]);
	const tools = allOf(fields["tools"], textFrom);
	const made = allOf(fields["made"], entryFrom);
	if (owner === void 0 || tools === void 0 || made === void 0) return void 0;
	return {
		owner,
		tools: tools.filter((path) => isInToolCache(path, env)),
		made
	};
}
function ownerFrom(value) {
	const { kind, runner, job, process } = fieldsOf(value) ?? {};
	if (kind === "job" && typeof runner === "string" && typeof job === "string") return {
		kind,
		runner,
		job
	};
	const live = processFrom(process);
	return kind === "process" && live !== void 0 ? {
		kind,
		process: live
	} : void 0;
}
function entryFrom(value) {
	const { kind, name, process, path } = fieldsOf(value) ?? {};
	switch (kind) {
		case "root":
		case "mapped":
		case "cache":
		case "builder": return { kind };
		case "kept": return typeof path === "string" && isKeptPath(path) ? {
			kind,
			path
		} : void 0;
		case "process": {
			const daemon = DAEMONS.find((one) => one === name);
			if (daemon === void 0) return void 0;
			if (process === void 0) return {
				kind,
				name: daemon
			};
			const live = processFrom(process);
			return live === void 0 ? void 0 : {
				kind,
				name: daemon,
				process: live
			};
		}
		default: return;
	}
}
function processFrom(value) {
	const { pid, started } = fieldsOf(value) ?? {};
	return typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0 && typeof started === "string" && /^\d*$/.test(started) ? {
		pid,
		started
	} : void 0;
}
function isInToolCache(path, env) {
	const cache = normalize(env["RUNNER_TOOL_CACHE"] || env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
	return normalize(path) === path && path.startsWith(`${cache.replace(/\/$/, "")}/bento-image-`);
}
function textFrom(value) {
	return typeof value === "string" ? value : void 0;
}
function allOf(value, parse) {
	if (!Array.isArray(value)) return void 0;
	const items = value.map((item) => parse(item));
	return items.every((item) => item !== void 0) ? items : void 0;
}
function fieldsOf(value) {
	return isJsonObject(value) ? value : void 0;
}
// src/engines/record.ts
const MARK = "BENTO_IMAGE_ENGINE";
const STATE = "engine";
async function openJournal(directory, { owner, tools }, machine) {
	const made = [];
	const save = () => writeRecord(directory, {
		owner,
		tools,
		made
	}, machine);
	await makePrivateDirectory(directory, machine);
	await save();
	return {
		directory,
		async add(entry) {
			const index = made.push(entry) - 1;
			await save();
			return async (replacement) => {
				made[index] = replacement;
				await save();
			};
		}
	};
}
function readRecord(directory, { env, system }, owner) {
	const found = system.readPrivate(directory, RECORD, owner);
	if (found.kind === "foreign") return {
		kind: "refused",
		why: found.why
	};
	if (found.kind !== "text") return { kind: found.kind };
	const record = parseRecord(found.text, env);
	return record === void 0 ? {
		kind: "refused",
		why: `its ${RECORD} was not written by this version of the action`
	} : {
		kind: "record",
		record
	};
}
const RECORD = "record.json";
async function writeRecord(directory, record, { files }) {
	const path = `${directory}/${RECORD}`;
	await files.write(`${path}.new`, JSON.stringify({
		version: 1,
		...record
	}), 384);
	await files.rename(`${path}.new`, path);
}
// src/engines/leftover.ts
function leftoverOf(directory, machine, owner) {
	const reading = readRecord(directory, machine, owner);
	if (reading.kind === "refused") return { why: `${directory} was left alone: ${reading.why}` };
	const { tools, made } = reading.kind === "record" ? reading.record : {
		tools: [],
		made: []
	};
	return {
		directory,
		isThere: reading.kind !== "absent",
		tools,
		made,
		owner,
		machine
	};
}
function openAttempts(within) {
	const left = [];
	const timeout = AbortSignal.timeout(within);
	return {
		left,
		async attempt(what, work) {
			try {
				if (timeout.aborted) throw new Error("the time limit was reached");
				await work();
			} catch (error) {
				left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
	};
}
// src/engines/clean-up.ts
const TIME_LIMIT_MS = 15e4;
async function cleanUp(directory, machine) {
	const engine = leftoverOf(directory, machine);
	if ("why" in engine) return [engine.why];
	const { left, attempt } = openAttempts(TIME_LIMIT_MS);
	const has = (kind) => engine.made.some((entry) => entry.kind === kind);
	if (has("builder")) await attempt("the buildx builder", () => removeBuilder(engine));
	if (has("cache")) await attempt("the build cache in containerd", () => removeCache(engine));
	if (has("root") && machine.system.user().id !== 0) left.push(...await cleanUpAsRoot(directory, machine));
	await endDaemons(engine, attempt);
	const keptState = await keptOf(engine);
	await unmount(engine, keptState, attempt);
	if (has("mapped")) await attempt("the state of buildkitd", () => removeMapped(engine));
	await removeDirectories(engine, attempt);
	for (const path of keptState) await attempt(path, () => unlockKeptState(path, machine));
	return left;
}
async function cleanUpFor(owner, directory, machine) {
	const engine = leftoverOf(directory, machine, owner);
	if ("why" in engine) return [engine.why];
	const { left, attempt } = openAttempts(TIME_LIMIT_MS);
	await endDaemons(engine, attempt);
	if (!engine.isThere) return left;
	await unmount(engine, await keptOf(engine), attempt);
	await removeDirectories(engine, attempt);
	return left;
}
async function endOrphans(directory, { system }) {
	const { left, attempt } = openAttempts(TIME_LIMIT_MS);
	await attempt("processes of the engine", async () => {
		await endAll(await system.marked(MARK, directory), system);
		await endAll(await system.rootedBelow([directory]), system);
	});
	return left;
}
async function endDaemons(engine, attempt) {
	const { directory, made } = engine;
	const { system } = engine.machine;
	const family = await system.marked(MARK, directory);
	const gracePeriod = made.some(({ kind }) => kind === "kept" || kind === "cache") ? void 0 : 0;
	for (const entry of made.toReversed()) {
		if (entry.kind !== "process" || entry.process === void 0) continue;
		const { pid, started } = entry.process;
		const member = family.find((one) => one.pid === pid && one.started === started);
		if (member !== void 0) await attempt(`the process ${entry.name}`, () => endProcess(member, system, gracePeriod));
	}
	await attempt("processes of the engine", async () => {
		await endAll([...await system.marked(MARK, directory), ...family], system);
		await endAll(await system.rootedBelow([directory, ...await keptOf(engine)]), system);
	});
}
async function unmount(engine, keptState, attempt) {
	for (const path of [...keptState, ...await directoriesOf(engine)]) await attempt(`mounts below ${path}`, () => unmountBelow(path, engine.machine));
}
async function unmountBelow(path, machine) {
	for (const point of await machine.system.mountsBelow(path)) {
		const { code } = await machine.processes.ask({
			tool: "timeout",
			args: [
				SECONDS_TO_UNMOUNT,
				"umount",
				point
			]
		});
		if (code !== 0) await runTool([
			"umount",
			"--lazy",
			point
		], machine);
	}
}
const SECONDS_TO_UNMOUNT = "20";
async function removeDirectories(engine, attempt) {
	const { files, system } = engine.machine;
	for (const path of await directoriesOf(engine)) await attempt(path, async () => {
		const mounts = await system.mountsBelow(path);
		if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
		await files.remove(path);
	});
}
async function directoriesOf({ directory, owner, machine }) {
	const short = shortDirectory(directory);
	return short !== void 0 && await machine.system.isPrivate(short, owner) ? [short, directory] : [directory];
}
async function keptOf({ directory, made, owner, machine }) {
	const paths = made.flatMap((entry) => entry.kind === "kept" ? [entry.path] : []);
	const locked = await Promise.all(paths.map((path) => isLockedBy(directory, path, machine, owner)));
	return paths.filter((_, index) => locked[index]);
}
// src/engines/remove.ts
async function removeEngine(machine, args = []) {
	const { actions } = machine;
	const [mode, owner = "", path = ""] = args;
	if (mode === "--for") {
		const left = /^\d+$/.test(owner) && hasEngineName(path) ? await cleanUpFor(Number(owner), path, machine) : [];
		actions.info(JSON.stringify(left).replaceAll("##[", "##\\u005b"));
		return;
	}
	const directory = actions.getState(STATE);
	if (!await isEngineDirectory(directory, machine)) return;
	const left = await cleanUp(directory, machine);
	for (const line of left) actions.warning(`Could not be removed: ${line}`);
	if (left.length === 0) actions.info("The engine of this step was removed");
}
// src/commands/tool-environment.ts
const OVERRIDES = ["SOURCE_DATE_EPOCH", ...BACKENDS.flatMap(({ overrides }) => overrides)];
function toolEnvironment(env, hidden, additions) {
	const left = new Set([...OVERRIDES, ...hidden]);
	const kept = Object.entries(env).filter(([name]) => !left.has(name) && !isOfAction(name));
	return {
		...Object.fromEntries(kept),
		...additions
	};
}
const ENGINE_VARIABLES = {
	BUILDX_BUILDER: {
		backends: [buildx, docker],
		setUp: buildx,
		namesBuilder: true
	},
	BUILDKIT_HOST: {
		backends: [buildctl],
		setUp: buildctl
	},
	DOCKER_HOST: {
		backends: [buildx, docker],
		setUp: docker,
		usual: ["unix:///var/run/docker.sock", "unix:///run/docker.sock"],
		isUnread: isWithoutDocker
	},
	DOCKER_CONTEXT: {
		backends: [buildx, docker],
		setUp: docker,
		usual: ["default"]
	},
	CONTAINER_HOST: {
		backends: [podman],
		setUp: podman
	},
	CONTAINER_CONNECTION: {
		backends: [podman],
		setUp: podman
	}
};
function namingVariables(env) {
	return Object.entries(ENGINE_VARIABLES).flatMap(([name, rule]) => {
		const { [name]: value = "" } = env;
		return value === "" || rule.usual?.includes(value) === true ? [] : [{
			name,
			value,
			rule
		}];
	});
}
function isWithoutDocker(failure) {
	return failure.code === "NotDocker" || failure instanceof ProgramMissing && failure.program === docker.tool;
}
const OTHER_KIND = [
	"ToolMissing",
	"NotDocker",
	"DockerDriver"
];
const CURRENT_BUILDER = {
	backends: [buildx],
	named: {
		because: ({ builder = "it" }) => `${builder} is the current builder of docker buildx`,
		prefix: "the current builder of docker buildx cannot be used: ",
		remedy: "To build in the docker daemon itself, run `docker buildx use default` before, or set `backend: docker`.",
		handsOver: new Set([...OTHER_KIND, "NoBuilder"]),
		passes: () => true
	}
};
const BY_INPUT = {
	because: () => "the input builder is set",
	prefix: "",
	remedy: "",
	handsOver: new Set(),
	passes: () => false
};
const LAST_RESORT = buildctl;
function autoChoice(builder, env) {
	const able = BACKENDS.filter((backend) => backend.isCandidate(builder));
	if (builder !== void 0) {
		const backends = nonEmpty(able) ?? [LAST_RESORT];
		return {
			groups: [{
				backends,
				named: BY_INPUT
			}],
			assumed: backends,
			setUp: backends[0]
		};
	}
	const backends = nonEmpty(able.filter((backend) => !CURRENT_BUILDER.backends.includes(backend))) ?? [LAST_RESORT];
	const [variable] = namingVariables(env);
	if (variable !== void 0) return byVariable(variable, backends);
	return {
		groups: [CURRENT_BUILDER, { backends }],
		assumed: backends,
		setUp: LAST_RESORT
	};
}
function byVariable({ name, value, rule }, others) {
	const { backends, setUp, namesBuilder, isUnread } = rule;
	const named = {
		because: () => `${name} is set`,
		prefix: `${name} is set, but `,
		remedy: `To use another engine, set the input backend, or leave ${name} out of this step's environment.`,
		handsOver: new Set(OTHER_KIND),
		passes: (failure) => isUnread?.(failure) === true,
		...namesBuilder === true ? { builder: value } : {}
	};
	const unread = isUnread === void 0 ? [] : others;
	return {
		groups: [{
			backends,
			named
		}, ...isUnread === void 0 ? [] : [{ backends: others }]],
		assumed: [
			setUp,
			...backends,
			...unread
		],
		setUp
	};
}
// src/probe/refusals.ts
function isRefusal(error) {
	return error instanceof Failure && (["tool", "engine"].includes(error.class) || error.code === "Unsupported");
}
function printRefusals(refusals) {
	return refusals.map(({ backend, failure }) => {
		const reason = failure.code === "Unsupported" ? failure.lines.join(" · ") : failure.message;
		return `${backend.name}: ${reason}`;
	});
}
function noneSuits(lines) {
	return new Failure("input", `no backend on this machine supports everything that is requested: ${lines.join(" · ")}`, {
		code: "NoneSuits",
		lines,
		hint: "Leave out one of these inputs, or give the runner a backend that supports all of them: docs/backends.md has the table."
	});
}
// src/probe/assume.ts
function choiceOf({ backend = "auto" }) {
	return findBackend(backend) ?? "auto";
}
async function assumeBackend(inputs, env, machine, plan) {
	const { builder } = inputs;
	const choice = choiceOf(inputs);
	const backends = choice === "auto" ? await onPathFirst(autoChoice(builder, env).assumed, machine) : [choice];
	const refusals = [];
	for (const backend of backends) {
		const selection = {
			backend,
			env,
			engine: assumedEngine(backend, builder)
		};
		try {
			return {
				selection,
				planned: await plan(selection)
			};
		} catch (error) {
			if (!(error instanceof Failure) || error.code !== "Unsupported" || backends.length === 1) throw error;
			refusals.push({
				backend,
				failure: error
			});
		}
	}
	throw noneSuits(printRefusals(refusals));
}
function assumedEngine(backend, builder) {
	return {
		...backend.assumed,
		...builder === void 0 ? {} : assumedBuilder(builder, backend)
	};
}
function assumedBuilder(builder, backend) {
	if (backend.nodesOf?.(builder) === void 0) return { builder };
	return {
		builder: BUILDER_PLACEHOLDER,
		notes: [`In the commands, ${BUILDER_PLACEHOLDER} stands for the builder that a run creates from ${builder.split("\n").join(", ")}`]
	};
}
const BUILDER_PLACEHOLDER = "bento-image";
async function onPathFirst(backends, machine) {
	const found = [];
	for (const backend of backends) if (await machine.processes.which(backend.tool) !== void 0) found.push(backend);
	return [...new Set([...found, ...backends])];
}
// src/probe/probe.ts
function isLocalEngine(builder, env) {
	return [...builder?.split("\n").map((line) => line.trim()) ?? [], ...namingVariables(env).map(({ value }) => value)].every((address) => address === "" || address.startsWith("unix://"));
}
function isLocalSelection({ engine, env }, builder) {
	const nodes = engine.nodes ?? [];
	return isLocalEngine(builder, env) && nodes.every(({ address }) => address === "default" || address.startsWith("unix://"));
}
async function probe(backend, { builder, keys }, machine, env) {
	const questions = backend.questions(builder, keys);
	for (const tool of new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) if (await machine.processes.which(tool, env["PATH"]) === void 0) throw tool === backend.tool && !backend.installs ? missingOnMachine(tool) : new ProgramMissing(tool);
	const address = addressOf(backend, builder, env);
	const answers = await runAll(questions, ({ tool = backend.tool, args }) => run({
		tool,
		args,
		env
	}, address, machine));
	try {
		return backend.readEngine(answers, builder);
	} catch (error) {
		if (error instanceof Failure) throw error;
		throw invalidAnswer(backend, error);
	}
}
function invalidAnswer({ tool, title }, cause) {
	return new Failure("tool", `${title} cannot be used: the output of ${tool} about its engine has an unknown format`, {
		code: "AnswerInvalid",
		lines: [cause instanceof Error ? cause.message : String(cause)],
		hint: `Check the output of \`${tool} info\` and \`${tool} version\` on this machine: another program may be installed as ${tool}.`,
		cause
	});
}
function addressOf({ addresses }, builder, env) {
	return builder ?? addresses.map((name) => env[name]).find(Boolean);
}
async function runAll(questions, run) {
	const answers = await Promise.all(questions.filter(({ isOpen }) => isOpen === void 0).map(run));
	for (const question of questions) if (question.isOpen?.(answers) === true) answers.push(await run(question));
	return answers;
}
const ANSWER_TIMEOUT = 5e3;
async function captureWithTimeout(invocation, { processes }) {
	const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
	const answer = await processes.capture({
		...invocation,
		signal
	});
	return signal.aborted ? void 0 : answer;
}
async function run(invocation, builder, machine) {
	if (builder === void 0 || !isAddress(builder)) return machine.processes.capture(invocation);
	const answer = await captureWithTimeout(invocation, machine);
	if (answer !== void 0) return answer;
	throw new Failure("engine", `the builder at ${builder} does not answer within ${ANSWER_TIMEOUT / 1e3} s`, {
		code: "NodeDead",
		hint: "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner."
	});
}
// src/probe/builder.ts
function builderToMake(choice, builder) {
	if (builder === void 0) return void 0;
	const backend = choice === "auto" ? autoChoice(builder, {}).setUp : choice;
	const nodes = backend.nodesOf?.(builder);
	return nodes === void 0 ? void 0 : {
		backend,
		nodes
	};
}
async function isEngineHere(inputs, env, { files, workspace }) {
	if (!isLocalEngine(inputs.builder, env)) return false;
	if (inputs.builder !== void 0) return true;
	const choice = choiceOf(inputs);
	const backends = choice === "auto" ? autoChoice(void 0, env).groups.flatMap((group) => group.backends) : [choice];
	for (const { currentBuilder } of backends) {
		if (currentBuilder === void 0) continue;
		const text = await files.readText(resolve(workspace, currentBuilder.path(env))).catch(() => "");
		if (currentBuilder.read(text) !== void 0) return false;
	}
	return true;
}
// src/commands/answers.ts
var import_lt = __toESM(require_lt(), 1);
const INPUT_OF = {
	builder: "builder",
	builderKeys: "builder-ca, builder-cert, builder-key",
	platforms: "platforms",
	format: "format",
	compression: "compression",
	epoch: "source-date-epoch",
	pull: "pull",
	noCache: "no-cache",
	noCacheFilters: "no-cache-filters",
	cacheFrom: "cache-from",
	cacheTo: "cache-to",
	cache: "cache",
	target: "target",
	buildArgs: "build-args",
	cacheMounts: "build-args",
	contexts: "build-contexts",
	remoteContexts: "build-contexts",
	secrets: "secrets",
	ssh: "ssh",
	labels: "labels",
	annotations: "annotations",
	attests: "provenance, sbom, attests",
	addHosts: "add-hosts",
	network: "network",
	allow: "allow",
	shmSize: "shm-size",
	ulimits: "ulimit",
	cgroupParent: "cgroup-parent",
	strictBase: "dockerfile",
	registryMirrors: "registry-mirrors",
	insecureRegistries: "insecure-registries",
	registryAuthorities: "registry-authorities"
};
const DELIVERY_INPUT = {
	push: "push",
	"push-by-digest": "push-by-digest",
	load: "load",
	layout: "output",
	"oci-archive": "output",
	"docker-archive": "output"
};
function plannedFeatures(features) {
	return Object.keys(INPUT_OF).flatMap((name) => {
		const value = features[name];
		return value === void 0 ? [] : [[name, value]];
	});
}
function refusalOf(backend, name, value, engine, others) {
	const found = answer(backend, name, value, engine, others);
	return isUnsupported(found) ? found.unsupported : void 0;
}
function answer(backend, name, value, engine, others) {
	const cell = backend.features[name];
	if (typeof cell === "function") return cell(value, engine, others);
	if (!("render" in cell)) return cell;
	return tooOld(cell, engine) ?? cell.render(value, engine, others);
}
function tooOld({ component, since }, { versions }) {
	const found = versions[component];
	if (found === void 0 || !(0, import_lt.default)(found, since)) return void 0;
	return { unsupported: `${component} ${found} is too old for it; ${since} or later is needed` };
}
function constructRefusalOf({ dialect }, construct, engine) {
	const reading = dialect[construct];
	if (reading === "read") return void 0;
	return isUnsupported(reading) ? reading.unsupported : tooOld(reading, engine)?.unsupported;
}
function dialectOf(backend, engine) {
	return {
		reads: readsOf((construct) => constructRefusalOf(backend, construct, engine) === void 0),
		layers: backend.layers
	};
}
function deliver(backend, delivery, plan, engine) {
	const cell = backend.deliveries[delivery.kind];
	return cell(delivery, plan, engine);
}
function backendsSupporting(name, value, others, except) {
	return namesOf(except, (backend) => refusalOf(backend, name, value, backend.assumed, others) === void 0);
}
function backendsReading(construct, except) {
	return namesOf(except, (backend) => constructRefusalOf(backend, construct, backend.assumed) === void 0);
}
function namesOf(except, isSupported) {
	return BACKENDS.filter((backend) => backend !== except && isSupported(backend)).map(({ name }) => name);
}
function backendsDelivering(delivery, plan, except) {
	const { features } = plan;
	const { platforms, attests } = features;
	return namesOf(except, (backend) => !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) && (platforms === void 0 || refusalOf(backend, "platforms", platforms, backend.assumed, features) === void 0) && (attests === void 0 || refusalOf(backend, "attests", attests, backend.assumed, features) === void 0));
}
function printRefusal(input, reason, supporting) {
	return `${input}: ${reason} (${supporting.length === 0 ? "no backend can" : `${supporting.join(", ")} can`})`;
}
function unsupportedBy({ name }, refusals) {
	const message = `the backend ${name} does not support everything that is requested: ${refusals.join(" · ")}`;
	return new Failure("input", message, {
		code: "Unsupported",
		lines: refusals
	});
}
// src/probe/check-builder.ts
const PROGRAM_OF_SCHEME = {
	"kube-pod": "kubectl",
	"docker-container": "docker",
	"podman-container": "podman",
	"nerdctl-container": "nerdctl"
};
async function checkBuilder(backend, { builder, keys }, env, { processes }) {
	if (backend !== "auto") {
		const refusals = refusalsOf(backend, builder, keys);
		if (refusals.length > 0) throw unsupportedBy(backend, refusals);
	}
	if (!isAddress(builder)) return;
	for (const [, scheme = ""] of builder.matchAll(/^[ \t]*([a-z-]+):\/\//gm)) {
		const program = ownValue(PROGRAM_OF_SCHEME, scheme);
		if (program === void 0 || await processes.which(program, env["PATH"]) !== void 0) continue;
		throw new ProgramMissing(program, {
			message: `${program} is not on PATH; it is needed to reach ${scheme}:// addresses`,
			hint: `Install ${program} on the runner in a step before this one; it must be able to reach the builder by itself.`
		});
	}
}
function refusalsOf(backend, builder, keys) {
	const features = {
		builder,
		...keys === void 0 ? {} : { builderKeys: keys }
	};
	const refusal = (name, value) => {
		const reason = refusalOf(backend, name, value, backend.assumed, features);
		return reason === void 0 ? [] : [printRefusal(INPUT_OF[name], reason, backendsSupporting(name, value, features, backend))];
	};
	return [...refusal("builder", builder), ...keys === void 0 ? [] : refusal("builderKeys", keys)];
}
// src/probe/find-engine.ts
async function findEngine(choice, builder, machine, env, keys, suits = async () => void 0) {
	const detect = async (backend) => ({
		backend,
		engine: await probe(backend, {
			builder,
			keys
		}, machine, env),
		env
	});
	return choice === "auto" ? findAmong(autoChoice(builder, env).groups, async (backend) => {
		const selection = await detect(backend);
		await suits(selection);
		return selection;
	}) : detect(choice);
}
async function findAmong(groups, attempt) {
	const refusals = [];
	for (const { backends, named } of groups) {
		const counts = ({ code }) => named?.handsOver.has(code) !== true;
		const found = await tryAll(backends, attempt, (failure) => named !== void 0 && counts(failure));
		const refused = found.refusals.filter(({ failure }) => counts(failure));
		refusals.push(...refused);
		if (found.selection !== void 0) {
			expectBuilder(found.selection, named);
			return {
				...found.selection,
				reason: reasonOf(found.selection, named, refusals)
			};
		}
		const deciding = refused[0] ?? found.refusals.at(-1);
		if (named === void 0 || deciding === void 0) continue;
		if (refused.length > 0 || !named.passes(deciding.failure)) throw failureOf(named, deciding.failure);
	}
	throw refusals.some(({ failure }) => failure.code === "Unsupported") ? noneSuits(printRefusals(refusals)) : noEngine(refusals);
}
async function tryAll(backends, attempt, isFinal) {
	const refusals = [];
	for (const backend of backends) try {
		return {
			selection: await attempt(backend),
			refusals
		};
	} catch (error) {
		if (!isRefusal(error)) throw error;
		refusals.push({
			backend,
			failure: error
		});
		if (isFinal(error)) break;
	}
	return { refusals };
}
function expectBuilder({ engine }, named) {
	if (named?.builder === void 0 || engine.builder === void 0 || engine.builder === named.builder) return;
	const message = `${named.builder} is the daemon of another docker context than the current one, ${engine.builder}`;
	throw failureOf(named, new Failure("engine", message, { hint: `Set DOCKER_CONTEXT to ${named.builder}.` }));
}
function reasonOf({ engine }, named, refusals) {
	const reasons = [...named === void 0 ? [] : [named.because(engine)], ...printRefusals(refusals)];
	return reasons.length === 0 ? "the first choice" : reasons.join("; ");
}
function failureOf({ prefix, remedy }, failure) {
	const { code, lines } = failure;
	const message = `${prefix}${failure.message}`;
	const details = {
		code,
		lines,
		hint: [failure.hint, remedy].filter(Boolean).join(" "),
		cause: failure
	};
	if (failure instanceof ProgramMissing) return new ProgramMissing(failure.program, {
		...details,
		message
	});
	return failure.class === "engine" ? new NamedEngineFailure("engine", message, details) : new Failure(failure.class, message, details);
}
function noEngine(refusals) {
	return new Failure("engine", "no builder works on this machine", {
		code: "NoEngine",
		lines: printRefusals(refusals),
		hint: `Install ${anyOf(BACKENDS.map(({ tool }) => tool))} on the runner, or set the input builder to the address of a buildkitd.`
	});
}
function anyOf(tools) {
	const names = [...new Set(tools)];
	return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
// src/probe/plain-builder.ts
const LOOPBACK = /^tcp:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/;
function warnOfPlain(builder, keys) {
	if (builder === void 0 || keys !== void 0) return [];
	return builder.split("\n").map((line) => line.trim().split(/\s/)[0] ?? "").filter((address) => address.startsWith("tcp://") && !LOOPBACK.test(address)).map((address) => `The connection to the builder ${address} is neither encrypted nor authenticated: anyone on the network path can read the build's secrets and change the image. Set builder-ca, builder-cert and builder-key, or use ssh://.`);
}
// src/action/ready-engine.ts
async function readyEngine(job, suits = async () => void 0) {
	const { inputs, env, machine } = job;
	if (inputs.dryRun === true) return (await assumeBackend(inputs, env, machine, suits)).selection;
	const keys = await writeBuilderKeys(inputs, machine);
	const found = await findOrSetUp({
		...job,
		...keys === void 0 ? {} : { keys }
	}, suits);
	for (const line of warnOfPlain(addressOf(found.backend, inputs.builder, env), keys)) machine.actions.warning(line);
	if (found.reason !== void 0) machine.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
	return found;
}
async function findOrSetUp(job, suits) {
	const { inputs, env, machine, keys } = job;
	const asked = choiceOf(inputs);
	const toMake = builderToMake(asked, inputs.builder);
	if (inputs.builder !== void 0) await checkBuilder(toMake?.backend ?? asked, {
		builder: inputs.builder,
		keys
	}, env, machine);
	if (toMake !== void 0) {
		const { makeBuilder } = await import("./set-up-engine.js");
		const reason = asked === "auto" ? { reason: "no other makes a builder of what the input builder says" } : {};
		return {
			...await makeBuilder(toMake, job),
			...reason
		};
	}
	const choice = autoChoice(inputs.builder, env);
	const found = await findEngine(asked, inputs.builder, machine, env, keys, suits).catch((error) => {
		if (inputs.install === "never" || !maySetUp(error, asked, choice)) throw error;
		return error;
	});
	const isFound = !(found instanceof Error);
	if (isFound && inputs.install !== "always") return found;
	const fallback = asked === "auto" ? toSetUp(found, choice) : asked;
	if (!isFound && asked === "auto") await expectSuitable(found, {
		backend: fallback,
		engine: assumedEngine(fallback, inputs.builder),
		env
	}, suits);
	const { setUp } = await import("./set-up-engine.js");
	const ready = await setUp(found, isFound ? found.backend : fallback, job);
	const reason = isFound ? found.reason : `set up by this action, as ${reasonsOf(found).join("; ")}`;
	return asked === "auto" && reason !== void 0 ? {
		...ready,
		reason
	} : ready;
}
function toSetUp(found, { setUp }) {
	return found instanceof Failure && ["NoEngine", "NoneSuits"].includes(found.code) ? autoChoice(void 0, {}).setUp : setUp;
}
function reasonsOf({ lines, message }) {
	return lines.length > 0 ? lines : [message];
}
function maySetUp(error, asked, { setUp }) {
	if (asked === "auto" && error instanceof ProgramMissing) return ownValue(setUp.programs, error.program) !== void 0;
	return isLack(error) || error instanceof Failure && error.code === "NoneSuits";
}
async function expectSuitable(before, selection, suits) {
	try {
		await suits(selection);
	} catch (error) {
		if (!isRefusal(error)) throw error;
		const { backend } = selection;
		throw noneSuits([...before.lines.filter((line) => !line.startsWith(`${backend.name}: `)), ...printRefusals([{
			backend,
			failure: error
		}])]);
	}
}
// src/layers/file-digest.ts
async function fileDigest(file, files) {
	const hash = createHash("sha256");
	for await (const piece of files.pieces(file)) hash.update(piece);
	return `sha256:${hash.digest("hex")}`;
}
// node_modules/semver/functions/coerce.js
var require_coerce = __commonJSMin(((exports, module) => {
	const SemVer = require_semver();
	const parse = require_parse();
	const { safeRe: re, t } = require_re();
	const coerce = (version, options) => {
		if (version instanceof SemVer) return version;
		if (typeof version === "number") version = String(version);
		if (typeof version !== "string") return null;
		options = options || {};
		let match = null;
		if (!options.rtl) match = version.match(options.includePrerelease ? re[t.COERCEFULL] : re[t.COERCE]);
		else {
			const coerceRtlRegex = options.includePrerelease ? re[t.COERCERTLFULL] : re[t.COERCERTL];
			let next;
			while ((next = coerceRtlRegex.exec(version)) && (!match || match.index + match[0].length !== version.length)) {
				if (!match || next.index + next[0].length !== match.index + match[0].length) match = next;
				coerceRtlRegex.lastIndex = next.index + next[1].length + next[2].length;
			}
			coerceRtlRegex.lastIndex = -1;
		}
		if (match === null) return null;
		const major = match[2];
		const minor = match[3] || "0";
		const patch = match[4] || "0";
		const prerelease = options.includePrerelease && match[5] ? `-${match[5]}` : "";
		const build = options.includePrerelease && match[6] ? `+${match[6]}` : "";
		return parse(`${major}.${minor}.${patch}${prerelease}${build}`, options);
	};
	module.exports = coerce;
}));
export { CONTENT_KEY, DELIVERY_INPUT, DOCUMENT_LIMIT, ENVIRONMENT_CONFIG, ENVIRONMENT_KEY, ENVIRONMENT_LABEL, INPUT_OF, KEPT_ENVIRONMENT, KEPT_TIME, LAYER_DIFF_ID, LAYER_KEY, LAYER_TITLE, MARK, OCI_CONFIG, OCI_EMPTY, OCI_INDEX, OCI_MANIFEST, PLUGIN, PLUGIN_TOOL, RECORD_SIGNATURE, RETRY_POLICY, STATE, TransientFailure, UNKNOWN_ENVIRONMENT_TAG, UploadSession, addressOf, answer, asRoot, assumeBackend, backendsDelivering, backendsReading, backendsSupporting, builderConfiguration, builderOf, buildkitConfiguration, buildkitSocket, captureWithTimeout, checkBytes, cleanUp, cleanUpAsRoot, constructRefusalOf, containerdConfiguration, containerdSocket, deliver, describe, dialectOf, digestFileOf, endOrphans, environmentTag, failureOfConnection, fileDigest, findBuildx, findEngine, findProgram, findSudo, hasEngineName, hostsConfigurations, indexTypeOf, isEngineHere, isLocalEngine, isLocalSelection, keptRepository, keptTag, lastTag, lockKeptState, makePrivateDirectory, matrixSchema, merge, mergeSchema, modelTag, nerdctlConfiguration, newEngineDirectory, ociType, oneOf, openJournal, openRegistries, parseDescriptors, parseJsonObject, parseManifest, parseRetryAfter, pathWith, placePlugin, planMatrix, plannedFeatures, platformOf, printIndex, printRefusal, readAtMost, readGraph, readManifest, readRecord, readyEngine, refusalOf, removeEngine, repositoryContent, require_coerce, resolve$2 as resolve, resolveDigest, sendManifest, shareCredentials, socketDirectory, temporaryDirectory, toolEnvironment, transfer, unsupportedBy, uploadBlob, verify, withRetries, writeDockerConfig };
