import { __toESM } from "./rolldown-runtime.js";
import { CONTENT_KEY, DELIVERY_INPUT, DOCUMENT_LIMIT as DOCUMENT_LIMIT$1, ENVIRONMENT_CONFIG, ENVIRONMENT_KEY, ENVIRONMENT_LABEL, INPUT_OF, KEPT_ENVIRONMENT, KEPT_TIME, LAYER_DIFF_ID, LAYER_KEY, LAYER_TITLE, OCI_CONFIG, OCI_EMPTY, OCI_INDEX, OCI_MANIFEST, RECORD_SIGNATURE, TransientFailure, UNKNOWN_ENVIRONMENT_TAG, UploadSession, addressOf, answer, assumeBackend, backendsDelivering, backendsReading, backendsSupporting, captureWithTimeout, checkBytes, constructRefusalOf, deliver, describe, dialectOf, environmentTag, fileDigest, indexTypeOf, isEngineHere, isLocalEngine, isLocalSelection, keptRepository, keptTag, lastTag, modelTag, ociType, oneOf, openRegistries, parseDescriptors, parseJsonObject, parseManifest, plannedFeatures, platformOf, printIndex, printRefusal, readAtMost, readGraph, readManifest, readyEngine, refusalOf as refusalOf$1, repositoryContent, resolve as resolve$2, resolveDigest, sendManifest, transfer, unsupportedBy, uploadBlob, verify as verify$1 } from "./shared-late.js";
import { CONSTRUCTS, ENVIRONMENT_STAGE, Failure, HUB_RETRY_POLICY, LAYER_CLASSES, Secret, cancelled, counted, countedContent, damaged as damaged$1, declaredMounts, deliveriesOf, deriveSource, digestOf, distinctRepositories, environmentSource, epochOf, errorCode, fetchModels, fileUrl, firstFew, gatherSecrets, hexOf, inParallel, isContinued, isDigest, isJsonObject, isLoaded, isOfIndex, isOfManifests, isPushed, isUnsupported, keepFiles, keptPaths, layerClass, layoutPath, limitConcurrency, makePlan, mapFiles, maskSecret, mustBeDirect, networkFailure, nonEmpty, normalizePlatform, openHub, openStopwatch, ownValue, parseJson, parsePlatform, parseReference, printBytes, printComment, printDuration, printFamiliar, printPlatform, printReference, printRepository, printTag, quoteArgument, readAnnotation, readTar, referencesOf, remoteFilesOf, repositoryOf, require_lt, retrying, rootParents, samePlatform, sameRepository, secretIdsOf, sha256InName, showDockerfile, splitLayers, withAttributes, withBuilderId, withDigest, writeDockerConfig } from "./shared.js";
import { basename, dirname, join, resolve } from "node:path/posix";
import { dirname as dirname$1, join as join$1 } from "node:path";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import { constants, crc32, createDeflateRaw, createZstdCompress, deflateRaw } from "node:zlib";
import { buffer } from "node:stream/consumers";
// src/probe/same-store.ts
function inSameStore(check) {
	let first;
	return async (selection) => {
		const { backend } = selection;
		if (first !== void 0 && first.client !== backend.client) throw inOtherStore(backend, first);
		try {
			return await check(selection);
		} catch (error) {
			if (error instanceof Failure && error.code === "Unsupported") first ??= backend;
			throw error;
		}
	};
}
function inOtherStore(backend, { client }) {
	return unsupportedBy(backend, [`load: the image would be in ${backend.client}'s store and not in ${client}'s; name it in the input backend if that is wanted`]);
}
// src/action/download-models.ts
async function downloadRemoteFiles({ models, watch, machine }, because) {
	const { size } = remoteFilesOf(models);
	if (size === 0) return models;
	machine.actions.info(`${size} files at the Hub are downloaded first: ${because}`);
	return watch.phase("download models", () => fetchModels(models, machine));
}
// src/commands/builder-cache.ts
const SCOPE_DIGITS = 40;
function chooseCache(inputs, context) {
	checkService(inputs, context);
	const { cache: kind = "off" } = inputs;
	if (kind === "off") return { description: "off" };
	if (kind === "auto") return chooseAutomatically(inputs, context);
	const cache = makeCache(kind, context);
	return {
		cache,
		description: `${printCache(cache)}, as requested`
	};
}
function chooseAutomatically({ cacheFrom, cacheTo }, context) {
	const idle = reasonForNone(cacheFrom.length + cacheTo.length > 0, context);
	if (idle !== void 0) return { description: `off: ${idle}` };
	const refusals = [];
	for (const [kind, isHere, because] of [[
		"registry",
		context.isPushed && context.reference !== void 0,
		"the image is pushed there"
	], [
		"gha",
		hasService(context.env),
		"the runner has the service"
	]]) {
		if (!isHere) continue;
		const cache = makeCache(kind, context);
		const refusal = (kind === "registry" ? context.distrust : void 0) ?? context.refusalOf(cache);
		if (refusal === void 0) return {
			cache,
			description: `${printCache(cache)}: ${because}`
		};
		refusals.push(`no ${kind}: ${refusal}`);
	}
	return { description: `off: ${refusals.length === 0 ? "nothing is pushed, and GitHub's cache service is not available" : refusals.join("; ")}` };
}
function reasonForNone(isGiven, { stage, keepsEnvironment }) {
	if (isGiven) return "cache-from and cache-to are set";
	if (keepsEnvironment) return "the environment itself is cached in the registry";
	return stage === void 0 ? "with your own Dockerfile, model weights cannot be told from the rest" : void 0;
}
function scopeOf({ bento, base, platforms }) {
	const key = digestOf(JSON.stringify([
		bento,
		base,
		...platforms.map(printPlatform).sort()
	]));
	return `bento-cache-${hexOf(key).slice(0, SCOPE_DIGITS)}`;
}
function makeCache(kind, context) {
	const { reference, image, isPushed, env, stage } = context;
	const scope = scopeOf(context);
	const kept = {
		write: true,
		...stage === void 0 ? {} : { stage }
	};
	switch (kind) {
		case "registry": return {
			...kept,
			kind,
			repository: repositoryOf(named(kind, reference)),
			tag: scope,
			write: isPushed
		};
		case "gha":
			if (stage === void 0) throw weightsTooBig();
			return {
				...kept,
				kind,
				scope
			};
		case "local": {
			const home = env["XDG_CACHE_HOME"] || join$1(env["HOME"] || "/root", ".cache");
			return {
				...kept,
				kind,
				directory: join$1(home, "bento-image", scope)
			};
		}
		case "inline": return {
			kind,
			image: named(kind, image),
			write: true
		};
	}
}
function named(kind, reference) {
	if (reference !== void 0) return reference;
	throw new Failure("input", `cache: ${kind} is stored in the repository of the first tag, and there are no tags`, { hint: "Give tags, or another cache." });
}
function weightsTooBig() {
	return new Failure("input", "cache: gha would store the model weights, which your own Dockerfile does not separate from the rest", {
		code: "Unsupported",
		hint: "Use dockerfile: generated, another cache, or cache-to."
	});
}
function printCache(cache) {
	switch (cache.kind) {
		case "registry": return `registry, ${printReference({
			...cache.repository,
			tag: cache.tag
		})}${cache.write ? "" : ", read only"}`;
		case "gha": return `gha, scope ${cache.scope}`;
		case "local": return `local, ${cache.directory}`;
		case "inline": return `inline, in ${printReference(cache.image)}`;
	}
}
const TOKEN = "ACTIONS_RUNTIME_TOKEN";
function hasService(env) {
	return Boolean(env[TOKEN]) && Boolean(env["ACTIONS_RESULTS_URL"] || env["ACTIONS_CACHE_URL"]);
}
function usesService({ cacheFrom, cacheTo }, cache) {
	return cache?.kind === "gha" || [...cacheFrom, ...cacheTo].some((line) => /(?:^|,)type=gha(?:,|$)/.test(line));
}
function checkService(inputs, { env }) {
	if (!(inputs.cache === "gha" || usesService(inputs, void 0)) || inputs.dryRun === true || hasService(env)) return;
	throw new Failure("input", "cache: GitHub's cache service is not available", {
		code: "CacheServiceMissing",
		lines: [`${TOKEN}, with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL, is not in the step's environment`],
		hint: "It exists on GitHub's runners only; elsewhere use cache: registry or cache: local."
	});
}
function cacheVariables(inputs, cache, env) {
	return usesService(inputs, cache) ? { [TOKEN]: env[TOKEN] } : {};
}
// src/commands/cache-mounts.ts
const NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";
function cacheMountsOf(env, buildArgs, isLocal) {
	const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository, RUNNER_ENVIRONMENT: runner } = env;
	if (!repository || buildArgs[NAMESPACE_ARGUMENT] !== void 0) return void 0;
	if (isLocal && runner === "github-hosted") return void 0;
	return createHash("sha256").update([
		server,
		repository,
		trustOf(env)
	].join("\n")).digest("hex").slice(0, 16);
}
const EVENTS_OF_THEIR_REF = [
	"create",
	"push",
	"release",
	"schedule",
	"workflow_dispatch"
];
function trustOf({ GITHUB_EVENT_NAME: event = "", GITHUB_REF_PROTECTED: isProtected }) {
	if (!EVENTS_OF_THEIR_REF.includes(event)) return `event ${event}`;
	return isProtected === "true" ? "protected" : "unprotected";
}
// src/commands/cached-steps.ts
function countCached(line) {
	let first;
	let count = 0;
	return {
		onLine(command, text) {
			first ??= command;
			if (command === first && line.test(text)) count += 1;
		},
		print: () => `${count === 1 ? "1 step" : `${count} steps`} cached`
	};
}
// src/commands/compile.ts
var import_lt = __toESM(require_lt(), 1);
function compile(backend, plan, engine, files) {
	checkVersions(backend, engine);
	const refusals = [];
	const rendered = plannedFeatures(plan.features).map(([name, value]) => {
		const found = answer(backend, name, value, engine, plan.features);
		if (!isUnsupported(found)) return {
			name,
			flags: flagsOf(found)
		};
		const supporting = backendsSupporting(name, value, plan.features, backend);
		return {
			name,
			flags: refuse(refusals, INPUT_OF[name], found.unsupported, supporting)
		};
	});
	for (const construct of plan.constructs) {
		const reason = constructRefusalOf(backend, construct, engine);
		if (reason === void 0) continue;
		refuse(refusals, "dockerfile", `${CONSTRUCTS[construct]}: ${reason}`, backendsReading(construct, backend));
	}
	const deliveries = plan.deliveries.map((delivery) => {
		const found = deliver(backend, delivery, plan, engine);
		if (!isUnsupported(found)) return found;
		return refuse(refusals, DELIVERY_INPUT[delivery.kind], found.unsupported, backendsDelivering(delivery, plan, backend));
	});
	if (refusals.length > 0) throw unsupportedBy(backend, refusals);
	const { cache } = plan.features;
	const stage = cache?.stage;
	const script = assemble$2(backend, plan, engine, rendered.flatMap(({ name, flags }) => {
		if (cache === void 0 || stage === void 0) return [flags];
		if (name === "cache") return renderFeatures(backend, { cache: {
			...cache,
			write: false
		} }, engine, plan.features);
		return STAGE_BUILD_ONLY.has(name) ? [] : [flags];
	}), deliveries, files);
	return stage === void 0 ? script : {
		...script,
		steps: [...cacheStage(backend, plan, engine, stage), ...script.steps]
	};
}
const STAGE_BUILD_ONLY = new Set(["noCache", "noCacheFilters"]);
const IMAGE_ONLY = new Set([
	"labels",
	"annotations",
	"attests"
]);
function cacheStage(backend, plan, engine, stage) {
	const features = {
		...plan.features,
		target: stage
	};
	const ofStage = Object.entries(features).filter(([name]) => !IMAGE_ONLY.has(name));
	const rendered = renderFeatures(backend, Object.fromEntries(ofStage), engine, features);
	const [first, ...others] = backend.assemble({
		plan: {
			...plan,
			features,
			deliveries: [{ kind: "push" }]
		},
		engine,
		flags: rendered.flatMap(({ flags = [] }) => flags),
		exporters: []
	});
	const mayFail = rendered.find((flags) => flags.mayFail !== void 0)?.mayFail;
	const more = {
		...forbidsOf(rendered),
		...mayFail === void 0 ? {} : { mayFail }
	};
	const step = ({ command }) => ({
		kind: "run",
		command: {
			...command,
			title: `${command.title}: cache of the stage ${stage}`,
			...more
		}
	});
	return [step(first), ...others.map(step)];
}
function renderFeatures(backend, requested, engine, features) {
	return plannedFeatures(requested).flatMap(([name, value]) => {
		const found = answer(backend, name, value, engine, features);
		return isUnsupported(found) ? [] : [flagsOf(found)];
	});
}
function flagsOf(found) {
	return "noFlag" in found ? {} : found;
}
function forbidsOf(rendered) {
	const forbids = rendered.flatMap((flags) => flags.forbids ?? []);
	return forbids.length === 0 ? {} : { forbids };
}
function assemble$2(backend, plan, engine, rendered, deliveries, files) {
	const attributes = Object.assign({}, ...rendered.map((flags) => flags.attributes ?? {}));
	const builds = backend.assemble({
		plan,
		engine,
		flags: rendered.flatMap(({ flags = [] }) => flags),
		exporters: deliveries.flatMap(({ exporters = [] }) => exporters).map((exporter) => withAttributes(exporter, attributes))
	});
	const steps = [...builds.map(({ command }) => ({
		kind: "run",
		command: {
			...command,
			...forbidsOf(rendered)
		}
	})), ...deliveries.flatMap(({ steps: after = [] }) => after)];
	const evidence = [...builds.flatMap((build) => build.evidence), ...deliveries.flatMap((delivery) => delivery.evidence ?? [])];
	return {
		files,
		steps: nonEmpty(distinct(steps)) ?? [{
			kind: "run",
			command: builds[0].command
		}],
		evidence: distinct(evidence),
		creates: plan.deliveries.flatMap((delivery) => "path" in delivery ? [delivery.path] : [])
	};
}
function distinct(items) {
	const seen = new Set();
	return items.filter((item) => {
		const key = JSON.stringify(item);
		return seen.has(key) ? false : seen.add(key);
	});
}
function checkVersions(backend, engine) {
	const old = backend.requires.filter(({ component, minimum }) => {
		const found = engine.versions[component];
		return found !== void 0 && (0, import_lt.default)(found, minimum);
	});
	if (old.length === 0) return;
	const problems = old.map(({ component, minimum, because }) => `${component} ${engine.versions[component]} is older than ${minimum}: ${because}`);
	throw new Failure("tool", problems.join(" · "), {
		code: "TooOld",
		hint: `Update ${old.map(({ component }) => component).join(" and ")}, or choose another backend.`
	});
}
function refuse(refusals, input, reason, supporting) {
	refusals.push(printRefusal(input, reason, supporting));
	return {};
}
// src/commands/creations.ts
async function removeOnFailure(paths, files, work) {
	const absent = await Promise.all(paths.map((path) => absentAt(path, files)));
	try {
		return await work();
	} catch (error) {
		for (const [path, ...above] of absent) {
			if (path !== void 0) await files.remove(path);
			for (const directory of above) await files.removeEmpty(directory);
		}
		throw error;
	}
}
async function absentAt(path, files) {
	const above = dirname$1(path);
	if (above === path || await files.info(path) !== void 0) return [];
	return [path, ...await absentAt(above, files)];
}
async function refuseExisting(paths, files) {
	const taken = [];
	for (const path of paths) {
		const found = await files.info(path);
		if (!(found === void 0 || found.kind === "directory" && (await files.list(path)).length === 0)) taken.push(path);
	}
	if (taken.length === 0) return;
	throw new Failure("input", `output: already exists: ${taken.join(", ")}`, {
		code: "OutputExists",
		hint: "Use another path, or remove it in a step before this one."
	});
}
// src/result/claims.ts
const ROOT_KEY = "containerimage.digest";
const CONFIG_KEY = "containerimage.config.digest";
async function readEvidence(path, reader, files) {
	return (await files.readText(path).catch((cause) => {
		throw evidenceMissing(`${reader} has no ${basename(path)}`, cause);
	})).trim();
}
function evidenceMissing(what, cause) {
	return new Failure("tool", `${what}: the tool succeeded but did not report what it built`, {
		code: "EvidenceMissing",
		hint: "Check that the program on PATH is the tool itself and not a wrapper that drops its arguments.",
		cause
	});
}
async function readReportedDigests(evidence, files) {
	const digests = [];
	for (const item of evidence) if ("trust" in item || "means" in item) digests.push(readOne(item, await readEvidence(item.path, "The build", files)));
	return Object.assign({}, ...digests);
}
function readOne(item, content) {
	const digests = item.kind === "digest" ? reported(item.means, content) : readMetadata(content, item.trust);
	if (Object.keys(digests).length === 0) throw evidenceMissing(`${basename(item.path)} contains no digest`);
	return digests;
}
function readMetadata(content, trust) {
	const values = new Map(Object.entries(objectIn(content)));
	const config = reported("config", values.get(CONFIG_KEY));
	const root = trust === "root" || config.config === void 0 ? reported("root", values.get(ROOT_KEY)) : {};
	return {
		...config,
		...root
	};
}
function objectIn(text) {
	const value = parseJson(text);
	return isJsonObject(value) ? value : {};
}
function reported(means, value) {
	return typeof value === "string" && isDigest(value) ? { [means]: value } : {};
}
// src/commands/diagnosis.ts
const LOOKED_UP = /^[ \t]*> resolve image config for docker-image:\/\//m;
const SCANNER_HINT = "It is the SBOM's scanner that cannot be pulled: `sbom: generator=IMAGE` names one within reach.";
const PATTERNS = [
	{
		match: /no space left on device|ENOSPC|disk quota exceeded/i,
		class: "disk",
		hint: "Free space on the runner or move the engine's storage to a larger disk."
	},
	{
		match: /InvalidBaseImagePlatform|does not match the expected platform|no match for platform in manifest|no image found in (?:image index|manifest list) for architecture/i,
		class: "platform",
		hint: "The base image is not made for this platform; choose another base or another platform."
	},
	{
		match: /exec format error/i,
		class: "platform",
		hint: "The machine cannot run programs of this platform; install emulation (binfmt) or build on a native runner."
	},
	{
		match: /dockerfile parse error|unknown instruction|no build stage in current context|requires a FROM instruction|target stage .{0,200} could not be found|failed to (?:read|find) dockerfile|no target found/i,
		class: "dockerfile",
		hint: "The line below is the one the builder refused."
	},
	{
		match: /^[ \t]*> \[.*\] generating sbom using /m,
		class: "tool",
		hint: "It is the SBOM's scanner that failed, not the build; what it printed is above. `sbom: generator=IMAGE` names another."
	},
	{
		match: /did not complete successfully|while running runtime: exit status|building at STEP .{0,2000}exit status \d+|returned a non-zero code/i,
		class: "run-step",
		hint: "The lines above the error are what the step itself printed."
	},
	{
		match: /429 Too Many Requests|toomanyrequests/i,
		class: "rate-limit",
		hint: "Log in to the registry before this step, or use a mirror of it."
	},
	{
		match: /unauthorized|authentication required|no basic auth credentials|denied:|403 Forbidden|insufficient_scope|access denied/i,
		class: "auth",
		hint: "Log in to that registry in a step before this one; pushing to ghcr.io needs `permissions: packages: write`."
	},
	{
		match: /credential file is not accessible|checking authfile/i,
		class: "auth",
		hint: "REGISTRY_AUTH_FILE or DOCKER_CONFIG names a file that is not there."
	},
	{
		match: /granting entitlement .{0,200} is not allowed/i,
		class: "engine",
		hint: "The buildkitd must be started with --allow-insecure-entitlement for it."
	},
	{
		match: /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API|failed to list workers|no buildkit host is available|no builder .{0,200} found|cannot connect to podman|connect to containerd|containerd\.sock|(?:Unavailable: |code = Unavailable desc = )(?:error reading from server|closing transport|connection error)/i,
		class: "engine",
		hint: "The engine stopped or cannot be reached from this step. See the engine's own log; `docker buildx inspect` shows which node of a builder it was."
	},
	{
		match: /certificate signed by unknown authority|failed to verify certificate|x509:|server gave HTTP response to HTTPS client/i,
		class: "network",
		hint: "The registry's certificate or scheme is not what the engine expects; give the engine the CA certificate, or configure the registry as plain http."
	},
	{
		match: /no such host|connection refused|i\/o timeout|connection reset by peer|TLS handshake timeout|unexpected EOF|50[0234] (?:Bad Gateway|Service Unavailable|Gateway|Internal)/i,
		class: "network",
		hint: "The registry or the network did not answer; try again."
	},
	{
		match: LOOKED_UP,
		class: "tool",
		hint: "Check the image's name. Registries also answer `not found` when access is missing."
	},
	{
		match: /short-name .{0,200} did not resolve/i,
		class: "base-image",
		hint: "podman and buildah have no registry for a short name: write the full name of the base image (docker.io/…), or set unqualified-search-registries in /etc/containers/registries.conf, which Debian's packages leave empty."
	},
	{
		match: /failed to resolve source metadata|manifest unknown|: not found|name unknown|initializing source docker:|unable to copy from source/i,
		class: "base-image",
		hint: "Check the name of the base image. Registries also answer `not found` when access is missing."
	}
];
const FALLBACK_HINT = "The last lines of the tool are above.";
function diagnose(command, exit, dockerfile) {
	const lines = decidingLines(exit.tail);
	const text = lines.join("\n");
	const found = PATTERNS.find(({ match }) => match.test(text));
	const isScanner = LOOKED_UP.test(text) && asksForSbom(command);
	const hint = found?.hint ?? FALLBACK_HINT;
	const line = positionOf(exit.tail);
	return new Failure(found?.class ?? "tool", `${command.title} ${howItEnded(exit)}${reasonOf(lines)}`, {
		lines,
		hint: isScanner ? `${SCANNER_HINT} ${hint}` : hint,
		...line === void 0 ? {} : { position: {
			file: dockerfile,
			line
		} }
	});
}
function asksForSbom({ args }) {
	return args.some((word) => typeof word === "string" && /^(?:type=|attest:)sbom\b/.test(word));
}
const LONGEST_REASON = 300;
function reasonOf(lines) {
	const last = lines.at(-1)?.trim() ?? "";
	if (last === "") return "";
	return `: ${last.length > LONGEST_REASON ? `${last.slice(0, LONGEST_REASON)}…` : last}`;
}
function howItEnded({ code, signal }) {
	if (code === void 0) return `was ended by ${signal ?? "a signal"}`;
	return code === 0 ? "only warned about something that must not happen" : `ended with exit code ${code}`;
}
const CLOSING = /^(?:ERROR|error|Error|FATA\[|time=.*level=fatal)/;
function decidingLines(tail) {
	const lines = tail.filter((line) => line.trim() !== "");
	const last = lines.findLastIndex((line) => CLOSING.test(line.trim()));
	const end = last < 0 ? lines.length : last + 1;
	const log = between(lines.slice(0, end), /^-{6}$/) ?? between(lines.slice(0, end), /^-{7,}$/);
	return (log === void 0 ? lines.slice(0, end) : [...log, ...lines.slice(end - 1, end)]).slice(-30);
}
function between(lines, fence) {
	const [start, end] = lines.flatMap((line, index) => fence.test(line.trim()) ? [index] : []).slice(-2);
	return start === void 0 || end === void 0 ? void 0 : lines.slice(start + 1, end);
}
function positionOf(tail) {
	const [, , line] = tail.map((line) => /^([\w.-]+):(\d+)$/.exec(line.trim())).findLast((match) => match?.[1]?.includes("Dockerfile")) ?? [];
	return line === void 0 ? void 0 : Number(line);
}
// src/commands/script.ts
function printCommand(tool, args) {
	return [tool, ...args].map(quoteArgument).join(" ");
}
function printScript(script) {
	return script.steps.flatMap(printStep);
}
function printStep(step) {
	switch (step.kind) {
		case "run": return [printCommand(step.command.tool, step.command.args)];
		case "load": return [printCommand("docker", [
			"load",
			"--input",
			step.archive
		])];
		case "upload": return step.to.map((reference) => printCopy(`oci:${step.layout}`, `docker://${printReference(reference)}`));
		case "upload-by-digest": return step.to.map((repository) => printCopy(`oci:${step.layout}`, `docker://${printRepository(repository)}@@unknown-digest@@`));
		case "adopt": return [printComment(`then ${step.directory} becomes ${step.name} in the layout ${step.layout}, by this action`)];
		case "join": {
			const platforms = step.members.map(({ platform }) => printPlatform(platform)).join(", ");
			return [printComment(`then the index of ${platforms} in ${step.layout}, by this action`)];
		}
		case "copy": return step.to.map((reference) => printCopy(`docker://${printReference(step.from)}`, `docker://${printReference(reference)}`));
	}
}
function printCopy(from, to) {
	return printCommand("skopeo", [
		"copy",
		"--all",
		"--preserve-digests",
		from,
		to
	]);
}
// src/commands/execute.ts
async function execute(script, context) {
	const { files } = context.machine;
	for (const { path, content, mode } of script.files) {
		await files.makeDirectory(dirname$1(path), 448);
		await files.write(path, content instanceof Secret ? content.revealBytes() : content, mode);
	}
	for (const path of script.creates) await files.makeDirectory(dirname$1(path), 493);
	if (script.steps.some(({ kind }) => kind === "load")) await findLoader(context);
	for (const step of script.steps) await executeStep(step, context);
}
async function executeStep(step, context) {
	const { registry } = context;
	switch (step.kind) {
		case "run": return runCommand(step.command, context);
		case "load": return load(step.archive, context);
		case "upload": return registry.pushLayout(step.layout, step.to);
		case "upload-by-digest": return registry.pushLayoutByDigest(step.layout, step.to);
		case "adopt": return registry.adoptDirectory(step.directory, step.layout, step.name);
		case "join": return registry.joinLayout(step.layout, step.members, step.name);
		case "copy": return registry.copy(step.from, step.to);
	}
}
async function runCommand(command, context) {
	const { processes, actions, signal } = context.machine;
	const { title, tool, args, forbids = [] } = command;
	const forbidden = [];
	const argv = await Promise.all(args.map((argument) => argumentText(argument, command, context)));
	const group = actions.openGroup(title);
	group.info(printCommand(tool, args));
	const exit = await processes.stream({
		tool,
		args: argv,
		env: context.env,
		signal
	}, (line) => {
		group.info(line);
		context.onLine?.(command, line);
		if (forbids.some((text) => line.includes(text))) forbidden.push(line);
	}).finally(group.end);
	if (signal.aborted) throw cancelled(signal, `${title} was stopped`);
	if (exit.code !== 0 && command.mayFail !== void 0) return actions.warning(`${title} failed, and the build continues: ${command.mayFail}, or a step failed`);
	if (exit.code !== 0) throw diagnose(command, exit, context.dockerfile);
	if (forbidden.length > 0) throw diagnose(command, {
		...exit,
		tail: forbidden
	}, context.dockerfile);
}
async function argumentText(argument, { title }, { machine }) {
	return typeof argument === "string" ? argument : readEvidence(argument.contentOf, title, machine.files);
}
const LOADERS = [
	"docker",
	"podman",
	"nerdctl"
];
async function load(archive, context) {
	const tool = await findLoader(context);
	return runCommand({
		title: `${tool} load`,
		tool,
		args: [
			"load",
			"--input",
			archive
		]
	}, context);
}
async function findLoader({ machine: { processes } }) {
	for (const tool of LOADERS) if (await processes.which(tool) !== void 0) return tool;
	throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, { hint: "Use push or output with this backend, or install one of them." });
}
// src/result/result.ts
function reconcile(images, reported, wanted) {
	const [image] = images;
	requireSame("the image's digest", [...images.map(({ digest }) => digest), ...reported.root === void 0 ? [] : [reported.root]]);
	const [only, ...others] = image?.platforms ?? [];
	const single = others.length === 0 ? only : void 0;
	requireSame("the config's digest", [single?.imageid, reported.config].filter((digest) => digest !== void 0));
	if (image !== void 0) checkPlatforms(image.platforms, wanted);
	const digest = image?.digest ?? reported.root;
	const imageid = single?.imageid ?? (image === void 0 ? reported.config : void 0);
	return {
		platforms: image?.platforms ?? [],
		...image === void 0 ? {} : { kind: image.kind },
		...digest === void 0 ? {} : { digest },
		...imageid === void 0 ? {} : { imageid }
	};
}
function requireSame(what, digests) {
	const different = [...new Set(digests)];
	if (different.length < 2) return;
	throw new Failure("internal", `${what} is not the same everywhere: ${different.join(", ")}`, {
		code: "DigestMismatch",
		hint: "Something else wrote to the same tag or path during this build, or the tool reported another image. Do not use the image; build it again."
	});
}
function checkPlatforms(found, wanted) {
	const missing = wanted.filter((platform) => !found.some((image) => samePlatform(image.platform, platform)));
	if (missing.length === 0) return;
	throw new Failure("platform", `the image has no ${missing.map(printPlatform).join(", ")}`, { lines: [`it has ${found.map(({ platform }) => printPlatform(platform)).join(", ")}`] });
}
// src/commands/read-back.ts
function pushedTo({ deliveries, references }, digest) {
	if (deliveries.some(({ kind }) => kind === "push")) return references;
	if (!deliveries.some(({ kind }) => kind === "push-by-digest")) return [];
	if (digest === void 0) throw new Failure("internal", "a build pushed an image by digest and reported no digest");
	return distinctRepositories(references).map((repository) => withDigest(repository, digest));
}
async function readBack(script, plan, registry, machine) {
	const seen = [];
	for (const { kind, path } of script.evidence) {
		if (kind === "layout") seen.push(await registry.describeLayout(path));
		if (kind === "oci-archive") seen.push(await registry.describeArchive(path));
	}
	const claims = await readReportedDigests(script.evidence, machine.files);
	const [first, ...others] = pushedTo(plan, seen[0]?.digest ?? claims.root);
	if (first !== void 0) {
		const pushed = await registry.describe(first);
		await registry.verify(others, pushed.digest);
		seen.push(pushed);
	}
	return reconcile(seen, claims, plan.features.platforms ?? []);
}
// src/probe/diagnose-nodes.ts
async function describeUnreachable(error, { backend, engine, env }, machine, keys) {
	const { nodeDiagnosis } = backend;
	if (!(error instanceof Failure) || error.class !== "engine" || nodeDiagnosis === void 0) return error;
	const builder = addressOf(backend, engine.builder, env);
	const { tool = backend.tool, args } = nodeDiagnosis.question(builder, keys);
	const answer = await captureWithTimeout({
		tool,
		args,
		env
	}, machine);
	const unreachable = nodeDiagnosis.unreachable(answer, builder === void 0 ? engine : {
		...engine,
		builder
	});
	return unreachable === void 0 || unreachable.length === 0 ? error : withUnreachable(error, unreachable);
}
function withUnreachable(failure, unreachable) {
	const { lines, position } = failure;
	const answers = unreachable.length === 1 ? "answers" : "answer";
	return new Failure("engine", `${unreachable.join(" and ")} no longer ${answers}: ${failure.message}`, {
		lines,
		cause: failure,
		...position === void 0 ? {} : { position },
		code: "NodeDead",
		hint: "See the daemon's log on that machine, or the kernel's log if it ran out of memory. Restart the daemon and try again."
	});
}
// src/probe/emulation.ts
const HANDLERS = "/proc/sys/fs/binfmt_misc";
const QEMU = {
	"386": "i386",
	amd64: "x86_64",
	arm64: "aarch64",
	loong64: "loongarch64",
	mips64le: "mips64el",
	mipsle: "mipsel"
};
const COMPATIBLE = {
	amd64: "386",
	arm64: "arm"
};
async function checkEmulation(platforms, { emulation, platform: native }, files) {
	if (emulation !== "kernel" || native === void 0) return;
	const foreign = platforms.filter(({ os, architecture }) => os === native.os && !runsOn(native, architecture));
	if (foreign.length === 0 || await files.info(join(HANDLERS, "register")) === void 0) return;
	const handlers = await readHandlers(files);
	const problems = foreign.flatMap((platform) => problemOf(platform, handlers) ?? []);
	if (problems.length === 0) return;
	throw new Failure("platform", `this machine (${printPlatform(native)}) cannot run the build's steps: ${problems.join(" · ")}`, {
		code: "NoEmulation",
		lines: problems,
		hint: "Add the step `uses: docker/setup-qemu-action` before this one to install emulators (binfmt). It is much faster to build each platform on its own runner and merge the images: see docs/platforms.md."
	});
}
function runsOn(native, architecture) {
	return architecture === native.architecture || ownValue(COMPATIBLE, native.architecture) === architecture;
}
async function readHandlers(files) {
	const names = (await files.list(HANDLERS)).map(({ name }) => name).filter((name) => !/^(register|status)$/.test(name));
	return Promise.all(names.map((name) => files.readText(join(HANDLERS, name))));
}
function interpreterOf(architecture) {
	return new RegExp(`^interpreter \\S*/(?:(?:buildkit-)?qemu-${architecture}(?:-static)?|${architecture}-binfmt-P)$`, "m");
}
function problemOf(platform, handlers) {
	const architecture = ownValue(QEMU, platform.architecture) ?? platform.architecture;
	const emulator = `qemu-${architecture}`;
	const interpreter = interpreterOf(architecture);
	const rosetta = platform.architecture === "amd64" ? /^interpreter \S*rosetta$/m : interpreter;
	const enabled = handlers.filter((text) => interpreter.test(text) || rosetta.test(text)).filter((text) => /^enabled$/m.test(text));
	const name = printPlatform(platform);
	if (enabled.length === 0) return `${name}: the kernel has no emulator ${emulator}`;
	if (enabled.every((text) => !/^flags: \S*F/m.test(text))) return `${name}: the kernel's emulator ${emulator} lacks the flag F, so containers cannot use it`;
}
// src/layout/layout.ts
const REF_NAME = "org.opencontainers.image.ref.name";
async function openLayout(files, directory) {
	const index = join(directory, "index.json");
	if (await files.info(index) === void 0) throw damaged(`${directory} is not an OCI layout: it has no index.json.`);
	async function locate({ digest, size }) {
		const path = join(directory, "blobs/sha256", hexOf(digest));
		const info = await files.info(path);
		if (info?.kind !== "file") throw damaged(`The OCI layout ${directory} does not contain ${digest}.`);
		if (size !== void 0 && info.size !== size) throw damaged(`${path} has ${info.size} bytes, but the image lists ${size}.`);
		return path;
	}
	return {
		place: directory,
		images: parseLayoutIndex(await files.readBytes(index), index),
		document: async (descriptor) => checkBytes(await files.readBytes(await locate(descriptor)), descriptor, directory),
		blob: async (descriptor) => files.pieces(await locate(descriptor))
	};
}
function parseLayoutIndex(bytes, where) {
	return parseDescriptors(parseJsonObject(bytes, where)["manifests"], where);
}
function imageOf({ images, place }, name) {
	const named = images.filter(({ annotations }) => namesOf(annotations).includes(name));
	const candidates = named.length > 0 ? named : images;
	const [first] = candidates;
	if (first === void 0) throw damaged(`The OCI layout ${place} contains no image.`);
	const digests = new Set(candidates.map(({ digest }) => digest));
	if (digests.size === 1) return first;
	throw new Failure("tool", `The OCI layout ${place} contains ${digests.size} images instead of one.`, {
		code: "LayoutAmbiguous",
		lines: candidates.map(({ digest, annotations }) => `${digest} ${namesOf(annotations).find(Boolean) ?? "without a name"}`),
		hint: "Use an empty directory as output."
	});
}
function namesOf(annotations) {
	return [annotations[REF_NAME], annotations["io.containerd.image.name"]];
}
function damaged(message) {
	return new Failure("tool", message, {
		code: "LayoutDamaged",
		hint: "The tool that wrote it did not finish, or the files were changed afterwards."
	});
}
async function writeLayout(content, root, directory, files, name) {
	const manifests = await readGraph(content, root);
	const folder = join(directory, "blobs/sha256");
	await files.makeDirectory(folder, 493);
	const blobs = new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob]));
	for (const blob of blobs.values()) await writeBlob(content, blob, files.sink(join(folder, hexOf(blob.digest)), { mode: 420 }));
	for (const { descriptor, bytes } of manifests) await files.write(join(folder, hexOf(descriptor.digest)), bytes, 420);
	await files.write(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }), 420);
	await files.write(join(directory, "index.json"), printLayoutIndex(root, name), 420);
}
function printLayoutIndex(root, name, others = []) {
	const manifests = [...others.map((other) => describedAs(other, void 0)), describedAs(root, name)];
	return JSON.stringify({
		schemaVersion: 2,
		mediaType: OCI_INDEX,
		manifests
	});
}
function describedAs({ mediaType, digest, size, platform, annotations }, name) {
	const all = {
		...annotations,
		...name === void 0 ? {} : { [REF_NAME]: name }
	};
	return {
		mediaType,
		digest,
		size,
		...platform === void 0 ? {} : { platform },
		...Object.keys(all).length === 0 ? {} : { annotations: all }
	};
}
function writeBlob(content, descriptor, sink) {
	return writePieces(verifiedBlob(content, descriptor), sink);
}
async function writePieces(pieces, sink) {
	let broken;
	sink.on("error", (error) => {
		broken ??= error;
	});
	try {
		for await (const piece of pieces) await settled((done) => sink.write(piece, done));
		await settled((done) => sink.end(done));
	} catch (error) {
		throw broken ?? error;
	} finally {
		sink.destroy();
	}
}
async function* verifiedBlob(content, descriptor) {
	const { digest, size } = descriptor;
	const hash = createHash("sha256");
	let count = 0;
	for await (const piece of await content.blob(descriptor)) {
		hash.update(piece);
		count += piece.length;
		yield piece;
	}
	const found = `sha256:${hash.digest("hex")}`;
	if (found === digest && count === size) return;
	throw new Failure("network", `${content.place} returned content with a wrong digest or size.`, {
		code: "DigestMismatch",
		lines: [`requested: ${digest}, ${size} bytes`, `content: ${found}, ${count} bytes`]
	});
}
function settled(act) {
	return new Promise((resolve, reject) => {
		act((error) => error ? reject(error) : resolve());
	});
}
// src/layout/adopt-directory.ts
async function adoptDirectory(directory, layout, name, files) {
	const bytes = await files.readBytes(join(directory, "manifest.json"));
	const { kind, mediaType } = parseManifest(bytes, void 0, join(directory, "manifest.json"));
	if (kind === "index") throw damaged(`${directory} contains a manifest list instead of a single image.`);
	const blobs = join(layout, "blobs/sha256");
	await files.makeDirectory(blobs, 493);
	for (const { name: file } of await files.list(directory)) if (/^[0-9a-f]{64}$/.test(file)) await files.rename(join(directory, file), join(blobs, file));
	const digest = digestOf(bytes);
	await files.write(join(blobs, hexOf(digest)), bytes, 420);
	const index = join(layout, "index.json");
	const others = await files.info(index) === void 0 ? [] : parseLayoutIndex(await files.readBytes(index), index);
	const image = {
		mediaType,
		digest,
		size: bytes.length,
		annotations: {}
	};
	await files.write(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }), 420);
	await files.write(index, printLayoutIndex(image, name, others), 420);
}
// src/layout/archive.ts
const DOCUMENT_LIMIT = 4194304;
const MEMORY_LIMIT = 67108864;
const BRACE = "{".charCodeAt(0);
async function openArchive(files, path) {
	const documents = await readDocuments(files.source(path), path);
	const index = documents.get("index.json");
	if (index === void 0) throw damaged(`${path} is not an OCI archive: it has no index.json.`);
	const blobs = new Map([...documents.values()].map((bytes) => [digestOf(bytes), bytes]));
	function document(digest) {
		const bytes = blobs.get(digest);
		if (bytes === void 0) throw damaged(`The OCI archive ${path} does not contain ${digest}.`);
		return bytes;
	}
	return {
		place: path,
		images: parseLayoutIndex(index, path),
		document: async ({ digest }) => document(digest),
		blob: async ({ digest }) => Readable.from([document(digest)])
	};
}
async function readDocuments(source, path) {
	const documents = new Map();
	let total = 0;
	try {
		for await (const { path: name, size, content } of readTar(source)) {
			if (size > DOCUMENT_LIMIT || total > MEMORY_LIMIT) continue;
			const bytes = await buffer(content);
			if (bytes[0] !== BRACE) continue;
			total += bytes.length;
			documents.set(name.replace(/^\.\//, ""), bytes);
		}
	} catch (cause) {
		throw damaged(`Cannot read ${path} as a tar file: ${cause instanceof Error ? cause.message : cause}.`);
	}
	return documents;
}
// src/layout/join-layout.ts
async function joinLayout(directory, members, name, files) {
	const layout = await openLayout(files, directory);
	const images = members.map((member) => {
		const { mediaType, digest, size } = imageOf(layout, member.name);
		return {
			mediaType,
			digest,
			size,
			platform: member.platform
		};
	});
	const bytes = printIndex(images);
	const digest = digestOf(bytes);
	await files.write(join(directory, "blobs/sha256", hexOf(digest)), bytes, 420);
	const root = {
		mediaType: indexTypeOf(images),
		digest,
		size: bytes.length,
		annotations: {}
	};
	await files.write(join(directory, "index.json"), printLayoutIndex(root, name), 420);
}
// src/registry/registry.ts
function openRegistry(machine, options = {}) {
	const registries = openRegistries(machine, options);
	return {
		resolve: (reference) => resolve$2(registries, reference),
		async describe(reference) {
			const root = await resolve$2(registries, reference);
			return describe(repositoryContent(registries, repositoryOf(reference), root), root);
		},
		async describeLayout(directory, name) {
			const layout = await openLayout(machine.files, directory);
			return describe(layout, imageOf(layout, name));
		},
		async describeArchive(file, name) {
			const archive = await openArchive(machine.files, file);
			return describe(archive, imageOf(archive, name));
		},
		async pushLayout(directory, to) {
			const layout = await openLayout(machine.files, directory);
			machine.actions.info(printTransfer(await transfer(registries, layout, imageOf(layout), to)));
		},
		async pushLayoutByDigest(directory, to) {
			const layout = await openLayout(machine.files, directory);
			const root = imageOf(layout);
			const references = to.map((repository) => withDigest(repository, root.digest));
			machine.actions.info(printTransfer(await transfer(registries, layout, root, references)));
		},
		adoptDirectory: (directory, layout, name) => adoptDirectory(directory, layout, name, machine.files),
		joinLayout: (directory, members, name) => joinLayout(directory, members, name, machine.files),
		async copy(from, to) {
			const root = await resolve$2(registries, from);
			const content = repositoryContent(registries, repositoryOf(from), root);
			machine.actions.info(printTransfer(await transfer(registries, content, root, to)));
		},
		verify: (references, expected) => verify$1(registries, references, expected)
	};
}
function printTransfer({ outcomes, uploadedBytes }) {
	const { uploaded, mounted, present } = outcomes;
	return `Blobs: ${uploaded} uploaded (${printBytes(uploadedBytes)}), ${mounted} mounted, ${present} already there.`;
}
// src/action/job.ts
function registryOptions({ authFile, inputs, retryPolicy }) {
	return {
		plainHttp: inputs.insecureRegistries,
		...authFile === void 0 ? {} : { authFile },
		...retryPolicy === void 0 ? {} : { retryPolicy }
	};
}
// src/action/run-backend.ts
async function runBackend(job, selection, request) {
	const { inputs } = request;
	const planned = await planBuild(job, selection, request);
	const printed = {
		dockerfile: planned.plan.dockerfile,
		commands: printScript(planned.script)
	};
	if (inputs.dryRun === true) return {
		...printed,
		result: { platforms: [] }
	};
	if (job.recipe !== void 0) showDockerfile(request.source.dockerfile, job.machine.actions);
	const hits = countCached(selection.backend.cachedStep);
	const report = (line) => {
		if (inputs.cache !== void 0) job.machine.actions.info(`cache: ${line}`);
	};
	report(`${inputs.cache} is ${planned.cache.description}`);
	await checkMachine(job, selection, request, planned);
	const result = await executeAndReadBack(job, selection, request, planned, hits.onLine);
	report(hits.print());
	const cache = `${planned.cache.description}; ${hits.print()}`;
	return {
		...printed,
		result,
		...inputs.cache === void 0 ? {} : { cache }
	};
}
async function checkPlan(job, selection, request) {
	const watch = openStopwatch();
	const inputs = {
		...request.inputs,
		dryRun: true
	};
	await planBuild({
		...job,
		watch
	}, selection, {
		...request,
		inputs
	}, keptPaths);
}
async function planBuild(job, selection, request, keep = keepFiles) {
	const { watch, machine } = job;
	const { backend, engine, env } = selection;
	const { inputs, source } = request;
	const scratch = await machine.files.scratch();
	const secrets = await (inputs.dryRun === true ? declaredMounts : gatherSecrets)(inputs, source.secrets, `${scratch}/secrets`, machine);
	const paths = {
		...await watch.phase("write the Dockerfile", () => keep(source, machine)),
		scratch,
		kept: await machine.files.kept(),
		workspace: machine.workspace
	};
	const bare = makePlan(withBuilderId(inputs, env), job.bento, source, engine, secrets.mounts, paths);
	const cache = cacheFor(bare, job, selection, request);
	const plan = withCacheMounts(withCache(bare, cache.cache), selection, job);
	return {
		plan,
		script: compile(backend, plan, engine, secrets.files),
		cache,
		env: {
			...env,
			...cacheVariables(inputs, cache.cache, machine.env)
		}
	};
}
async function checkMachine({ machine }, { engine }, { source }, { plan, script, env }) {
	await refuseExisting(script.creates, machine.files);
	if (!isLocalEngine(void 0, env) || !/^[ \t]*RUN\s/im.test(source.dockerfile)) return;
	await checkEmulation(plan.features.platforms ?? [], engine, machine.files);
}
async function executeAndReadBack(job, selection, { inputs }, { plan, script, env }, onLine) {
	const { watch, machine } = job;
	return removeOnFailure(script.creates, machine.files, async () => {
		const registry = openRegistry(machine, registryOptions({
			...job,
			inputs
		}));
		const context = {
			machine,
			registry,
			env,
			dockerfile: plan.dockerfile,
			onLine
		};
		await watch.phase("build", () => execute(script, context)).catch(async (error) => {
			throw await describeUnreachable(error, {
				...selection,
				env
			}, machine, plan.features.builderKeys);
		});
		return watch.phase("verify", () => readBack(script, plan, registry, machine));
	});
}
function withCache(plan, cache) {
	return cache === void 0 ? plan : {
		...plan,
		features: {
			...plan.features,
			cache
		}
	};
}
function withCacheMounts(plan, selection, { inputs, machine }) {
	const { backend, engine } = selection;
	const isLocal = isLocalSelection(selection, inputs.builder);
	const cacheMounts = cacheMountsOf(machine.env, plan.features.buildArgs ?? {}, isLocal);
	if (cacheMounts === void 0 || refusalOf$1(backend, "cacheMounts", cacheMounts, engine, plan.features) !== void 0) return plan;
	return {
		...plan,
		features: {
			...plan.features,
			cacheMounts
		}
	};
}
function cacheFor(plan, job, { backend, engine }, { inputs, source, stage, keepsEnvironment }) {
	const { environmentCache, cacheKey, tags } = job.inputs;
	const named = environmentCache === "off" ? void 0 : environmentCache;
	const [image] = tags;
	const reference = named ?? image;
	const distrust = environmentCache === "off" ? "environment-cache: off" : cacheKey && "what a builder stores there cannot be signed with cache-key";
	return chooseCache(inputs, {
		keepsEnvironment,
		base: source.base,
		bento: job.bento.tag.name,
		platforms: plan.features.platforms ?? [],
		isPushed: isPushed(job.inputs),
		env: job.machine.env,
		refusalOf: (cache) => refusalOf$1(backend, "cache", cache, engine, plan.features),
		...stage === void 0 ? {} : { stage },
		...reference === void 0 ? {} : { reference },
		...image === void 0 ? {} : { image },
		...distrust === void 0 ? {} : { distrust }
	});
}
// src/action/build-by-backend.ts
async function buildByBackend(job, because, selectEngine = () => job.watch.phase("detect the engine", () => readyEngine(job, imageCheck(job)))) {
	const { inputs, machine } = job;
	machine.actions.info(`The backend makes the whole image: ${because}`);
	const selection = await selectEngine();
	const { backend, engine } = selection;
	if (inputs.dryRun !== true) await downloadRemoteFiles(job, "the backend reads them from the disk");
	const request = await requestImage(job, selection);
	const { source } = request;
	return {
		...await runBackend(job, selection, request),
		backend: backend.name,
		assembly: `by the backend: ${because}`,
		engine,
		client: backend.client,
		existed: false,
		base: source.base,
		payload: source.payload.map((title) => ({ title })),
		changes: [],
		notes: [...source.notes, ...engine.notes ?? []]
	};
}
function imageCheck(job) {
	const check = async (selection) => checkPlan(job, selection, await requestImage(job, selection));
	return deliveriesOf(job.inputs, job.machine.workspace).some(({ kind }) => kind === "load") ? inSameStore(check) : check;
}
async function requestImage(job, { backend, engine }) {
	const { inputs, machine } = job;
	return {
		inputs,
		source: await deriveSource(job, { dialect: dialectOf(backend, engine) }, machine),
		...job.recipe === void 0 ? {} : { stage: ENVIRONMENT_STAGE },
		keepsEnvironment: false
	};
}
// src/layers/distinct-layers.ts
const EMPTY = ["sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef", "sha256:84ff92691f909a05b224e1c56abb4864f01b4f8e3c854e4bb4c7baf1d3f6d652"];
function withoutIdleLayers(config) {
	const kept = keptLayers(config);
	if (!kept.includes(false)) return config;
	return {
		...config,
		rootfs: {
			...rootfsOf(config),
			diff_ids: diffIdsOf$1(config).filter((_, index) => kept[index])
		},
		...Array.isArray(config["history"]) ? { history: markIdle(config["history"], kept) } : {}
	};
}
function keepLayers(layers, config) {
	const kept = keptLayers(config);
	return layers.filter((_, index) => kept[index] !== false);
}
function keptLayers(config) {
	const ids = diffIdsOf$1(config);
	return ids.map((id, index) => !EMPTY.includes(id) && ids.lastIndexOf(id) === index);
}
function markIdle(history, kept) {
	let layer = 0;
	return history.map((entry) => {
		if (!isJsonObject(entry) || entry["empty_layer"] === true) return entry;
		const stays = kept[layer] !== false;
		layer += 1;
		return stays ? entry : {
			...entry,
			empty_layer: true
		};
	});
}
function rootfsOf(config) {
	const rootfs = config["rootfs"];
	return isJsonObject(rootfs) ? rootfs : {};
}
function diffIdsOf$1(config) {
	const ids = rootfsOf(config)["diff_ids"];
	return Array.isArray(ids) ? ids : [];
}
// src/cache/layer-cache.ts
function isSource(cache, repository) {
	return cache !== void 0 && cache.signer === void 0 && sameRepository(cache.repository, repository);
}
// src/cache/cached-layers.ts
const MAX_MEMBERS = 32;
async function findPrevious(registries, references, cache) {
	for (const reference of references) {
		const found = await unlessAbsent(() => readImage(registries, reference));
		if (found !== void 0) return previousOf(reference, found, cache);
	}
	return {};
}
async function readImage(registries, reference) {
	const root = await resolve$2(registries, reference);
	const content = repositoryContent(registries, repositoryOf(reference), root);
	const { manifest } = await readManifest(content, root);
	const read = async (descriptor) => (await readManifest(content, descriptor)).manifest;
	if (manifest.kind === "manifest") return {
		root,
		members: [manifest]
	};
	const distinct = [...new Map(manifest.members.map((member) => [member.digest, member])).values()];
	if (distinct.length > MAX_MEMBERS) return {
		root,
		members: []
	};
	return {
		root,
		members: (await Promise.all(distinct.map(read))).filter((member) => member.kind === "manifest")
	};
}
function previousOf(reference, image, cache) {
	const { root, members } = image;
	const layers = members.flatMap((member) => member.layers);
	const previous = {
		reference,
		digest: root.digest,
		layers: members[0]?.layers.map(sizedLayer) ?? [],
		blobs: [...new Set(members.flatMap(({ config, layers: own }) => [config, ...own].map(({ digest }) => digest)))]
	};
	if (!isSource(cache, reference) || !cache.reads.models) return { previous };
	return {
		previous,
		cached: {
			reference,
			root,
			members,
			layers: cachedLayersOf(layers)
		}
	};
}
function sizedLayer({ size, annotations: { [LAYER_TITLE]: title } }) {
	return {
		size,
		...title === void 0 ? {} : { title }
	};
}
async function findModel(registries, cache, key) {
	const reference = {
		...cache.repository,
		tag: modelTag(key, cache.signer)
	};
	const [record, ...others] = (await unlessAbsent(() => readImage(registries, reference)))?.members ?? [];
	if (record === void 0 || others.length > 0) return new Map();
	const layers = cachedLayersOf(record.layers);
	const claims = modelClaims(cache.repository, key, layers);
	if (cache.signer?.isGenuine("model", claims, record.annotations["dev.bento-image.signature"]) === false) {
		warnOfForgery(registries, reference);
		return new Map();
	}
	return layers;
}
function modelClaims(repository, model, layers) {
	const parts = [...layers].sort(([one], [other]) => one < other ? -1 : 1).map(([key, { diffId, mediaType, digest, size }]) => [
		key,
		diffId,
		mediaType,
		digest,
		size
	]);
	return [
		printRepository(repository),
		model,
		parts
	];
}
function warnOfForgery({ machine }, reference) {
	machine.actions.warning(`Ignoring ${printReference(reference)}: it is not signed with this cache-key. It is built again. Only jobs that have the key should be able to push to this repository.`);
}
function cachedLayersOf(layers) {
	return new Map(layers.flatMap(({ mediaType, digest, size, annotations }) => {
		const { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId = "" } = annotations;
		return key === void 0 || !isDigest(diffId) ? [] : [[key, {
			mediaType,
			digest,
			size,
			diffId
		}]];
	}));
}
const ABSENT = [
	"NotFound",
	"Denied",
	"ManifestInvalid",
	"TooLarge"
];
async function unlessAbsent(read) {
	try {
		return await read();
	} catch (error) {
		if (error instanceof Failure && ABSENT.includes(error.code)) return void 0;
		throw error;
	}
}
// src/cache/cached-environment.ts
var EnvironmentLost = class extends Error {
	key;
	constructor(key, place) {
		super(`${place} no longer has all layers of the environment`);
		this.key = key;
	}
};
async function findEnvironment(registries, cache, key, platform) {
	const { repository, signer } = cache;
	const reference = {
		...repository,
		tag: environmentTag(key, signer)
	};
	return unlessAbsent(async () => {
		const root = await resolve$2(registries, reference);
		const found = await readEnvironment(repositoryContent(registries, repository, root), root, key, platform);
		if (found === void 0) return void 0;
		const { environment, manifest } = found;
		const signature = manifest.annotations[RECORD_SIGNATURE];
		if (signer?.isGenuine("environment", environmentClaims(repository, environment), signature) === false) {
			warnOfForgery(registries, reference);
			return;
		}
		return environment;
	});
}
function environmentClaims(repository, { key, platform, configDigest, layers }) {
	const parts = layers.map(({ mediaType, digest, size }) => [
		ociType(mediaType),
		digest,
		size
	]);
	return [
		printRepository(repository),
		key,
		printPlatform(platform),
		configDigest,
		parts
	];
}
async function environmentBelow(registries, { members, reference }, key, platform) {
	const member = members.find(({ annotations, layers }) => annotations["dev.bento-image.environment.key"] === key && layers.some(isOfPayload));
	const digest = member?.annotations["dev.bento-image.environment.config"] ?? "";
	if (member === void 0 || !isDigest(digest)) return void 0;
	const layers = member.layers.slice(0, member.layers.findIndex(isOfPayload));
	const content = repositoryContent(registries, repositoryOf(reference));
	return unlessAbsent(async () => {
		const bytes = await content.document({
			mediaType: OCI_CONFIG,
			digest
		});
		const config = withoutIdleLayers(parseJsonObject(bytes, `The config ${digest} in ${content.place}`));
		const environment = {
			key,
			platform,
			layers,
			config,
			configDigest: digest
		};
		return isEnvironment(environment) ? {
			...environment,
			content
		} : void 0;
	});
}
function isOfPayload({ annotations }) {
	return LAYER_TITLE in annotations;
}
async function readEnvironment(content, root, key, platform) {
	const manifest = await readOnlyImage(content, root);
	if (manifest === void 0) return void 0;
	const where = `The config ${manifest.config.digest} in ${content.place}`;
	const config = parseJsonObject(await content.document(manifest.config), where);
	const environment = {
		key,
		platform,
		layers: manifest.layers,
		config,
		configDigest: manifest.config.digest
	};
	return isEnvironment(environment) ? {
		environment: {
			...environment,
			content
		},
		manifest
	} : void 0;
}
async function readOnlyImage(content, root) {
	const { manifest } = await readManifest(content, root);
	if (manifest.kind === "manifest") return manifest;
	const [member, ...others] = manifest.members.filter(({ annotations }) => Object.keys(annotations).length === 0);
	if (member === void 0 || others.length > 0) return void 0;
	const { manifest: image } = await readManifest(content, member);
	return image.kind === "manifest" ? image : void 0;
}
function isEnvironment({ key, platform, layers, config }) {
	const found = platformOf(config);
	const isWanted = found !== void 0 && samePlatform(normalizePlatform(found), platform);
	const diffIds = diffIdsOf(config);
	return isWanted && labelOf(config) === key && diffIds.length === layers.length && diffIds.every(isDiffId);
}
function isDiffId(id) {
	return typeof id === "string" && isDigest(id);
}
function labelOf(config) {
	const runtime = config["config"];
	const labels = isJsonObject(runtime) ? runtime["Labels"] : void 0;
	return isJsonObject(labels) ? labels[ENVIRONMENT_LABEL] : void 0;
}
function diffIdsOf(config) {
	const rootfs = config["rootfs"];
	const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : void 0;
	return Array.isArray(ids) ? ids : [];
}
// src/layers/abortable-workers.ts
function abortableWorkers(workers, signal) {
	return {
		width: workers.width,
		run: (job, onBytes) => untilAborted(workers.run(job, onBytes), signal)
	};
}
function untilAborted(work, signal) {
	const aborted = Promise.withResolvers();
	const stop = () => aborted.reject(cancelled(signal, "The files were not read to the end"));
	signal.addEventListener("abort", stop, { once: true });
	if (signal.aborted) stop();
	return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", stop));
}
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
	const path = pathOf$1(entry);
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
function isRemote({ entries }) {
	return entries.some((entry) => entry.kind === "file" && entry.source.kind === "remote");
}
function entrySize(entry, epoch) {
	const records = Buffer.byteLength(recordsOf(entry, epoch));
	return (records === 0 ? 0 : BLOCK + padded(records)) + BLOCK + padded(sizeOf$1(entry));
}
function padded(size) {
	return size + paddingOf(size);
}
function sizeOf$1(entry) {
	return entry.kind === "file" ? entry.size : 0;
}
function pathOf$1({ kind, path }) {
	return kind === "directory" ? `${path}/` : path;
}
function targetOf(entry) {
	return entry.kind === "link" ? entry.target : "";
}
function numbersOf(entry, epoch) {
	return {
		...entry.owner,
		size: sizeOf$1(entry),
		mtime: epoch
	};
}
function recordsOf(entry, epoch) {
	const path = pathOf$1(entry);
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
// src/registry/limits.ts
const MIB = 1048576;
const LIMITS = [
	{
		domain: /^ghcr\.io$/,
		registry: "GitHub's container registry",
		layerSize: 1e10,
		printed: "10 GB"
	},
	{
		domain: /^public\.ecr\.aws$/,
		registry: "Amazon ECR Public",
		layerSize: 1e4 * MIB,
		printed: "10,000 MiB"
	},
	{
		domain: /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/,
		registry: "Amazon ECR",
		layerSize: 52e3 * MIB,
		printed: "52,000 MiB"
	},
	{
		domain: /\.azurecr\.io$/,
		registry: "Azure Container Registry",
		layerSize: 204800 * MIB,
		printed: "200 GiB"
	}
];
const LAYER_COUNT = 127;
function checkLimits(references, layers, layerCount) {
	const domains = new Set(references.map(({ domain }) => domain));
	const lines = LIMITS.filter(({ domain }) => [...domains].some((name) => domain.test(name))).flatMap(({ registry, layerSize, printed }) => layers.filter(({ size }) => size > layerSize).map(({ title, size }) => `${title}: ${size} bytes in one layer; ${registry} accepts at most ${printed}`));
	const [first] = lines;
	if (first !== void 0) {
		const message = lines.length === 1 ? `A layer is too large: ${first}.` : "Layers are too large for the registry.";
		throw new Failure("input", message, {
			code: "LayerTooLarge",
			lines,
			hint: "Push to a registry that accepts larger layers, or split the model: each part gets a layer of its own."
		});
	}
	checkLayerCount(layerCount);
}
function checkLayerCount(layerCount) {
	if (layerCount <= LAYER_COUNT) return;
	throw new Failure("input", `The image would have ${layerCount} layers; engines support at most ${LAYER_COUNT}.`, {
		code: "TooManyLayers",
		hint: "Use a base image with fewer layers, or combine models that are used together."
	});
}
// src/assembly/assembled-content.ts
function assembledContent(documents, layers, environments) {
	const inMemory = new Map(documents.map((item) => [item.descriptor.digest, item]));
	const payload = new Map(layers.map((layer) => [layer.descriptor.digest, layer]));
	const [first] = environments;
	function environmentOf(digest) {
		const found = environments.find((environment) => environment.layers.some((layer) => layer.digest === digest));
		if (found === void 0) throw new Failure("internal", `the assembled image has no ${digest}`);
		return found;
	}
	return {
		place: "the assembled image",
		...first?.content.repository === void 0 ? {} : { repository: first.content.repository },
		async document({ digest }) {
			const found = inMemory.get(digest);
			if (found === void 0) throw new Failure("internal", `the assembled image has no document ${digest}`);
			return found.bytes;
		},
		async blob(descriptor) {
			const { digest } = descriptor;
			const inline = inMemory.get(digest);
			if (inline !== void 0) return oneOf(inline.bytes);
			return payload.get(digest)?.open() ?? environmentOf(digest).content.blob(descriptor);
		}
	};
}
// src/assembly/compose.ts
function composeImage(parts) {
	const { environment, layers, annotations } = parts;
	const config = document(OCI_CONFIG, composeConfig(parts));
	const below = keepLayers(environment.layers, environment.config).map(({ mediaType, digest, size }) => ({
		mediaType: ociType(mediaType),
		digest,
		size
	}));
	const payload = layers.map(({ descriptor }) => descriptorJson(descriptor));
	return {
		config,
		manifest: document(OCI_MANIFEST, {
			schemaVersion: 2,
			mediaType: OCI_MANIFEST,
			config: descriptorJson(config.descriptor),
			layers: [...below, ...payload],
			...Object.keys(annotations).length === 0 ? {} : { annotations }
		})
	};
}
function descriptorJson({ mediaType, digest, size, annotations }) {
	return {
		mediaType,
		digest,
		size,
		...Object.keys(annotations).length === 0 ? {} : { annotations }
	};
}
function document(mediaType, value) {
	return documentOf(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}
function documentOf(mediaType, bytes) {
	return {
		bytes,
		descriptor: {
			mediaType,
			digest: digestOf(bytes),
			size: bytes.length,
			annotations: {}
		}
	};
}
function composeConfig({ environment, layers, runtime, labels, epoch }) {
	const base = withoutIdleLayers(environment.config);
	const created = new Date(epoch * 1e3).toISOString().replace(".000Z", "Z");
	const history = layers.map(({ title }) => ({
		created,
		created_by: `bento-image: ${title}`
	}));
	const rootfs = objectOf(base["rootfs"]);
	return {
		...base,
		created,
		config: composeRuntime(objectOf(base["config"]), runtime, labels),
		rootfs: {
			...rootfs,
			type: "layers",
			diff_ids: [...listOf(rootfs["diff_ids"]), ...layers.map(({ diffId }) => diffId)]
		},
		history: [...listOf(base["history"]), ...history]
	};
}
function composeRuntime(base, runtime, labels) {
	const { [ENVIRONMENT_LABEL]: _key, ...own } = objectOf(base["Labels"]);
	const all = {
		...own,
		...labels
	};
	const ports = Object.fromEntries(runtime.exposedPorts.map((port) => [`${port}/tcp`, {}]));
	const { Cmd: _arguments, Labels: _labels, ...rest } = base;
	return {
		...rest,
		User: runtime.user,
		ExposedPorts: {
			...objectOf(base["ExposedPorts"]),
			...ports
		},
		Env: withVariables(listOf(base["Env"]), runtime.variables),
		Entrypoint: runtime.entrypoint,
		WorkingDir: runtime.workdir,
		...Object.keys(all).length === 0 ? {} : { Labels: all }
	};
}
function withVariables(env, variables) {
	const values = new Map(variables.map(({ name, value }) => [name, `${name}=${value}`]));
	const nameOf = (line) => String(line).split("=")[0] ?? "";
	const replaced = env.map((line) => values.get(nameOf(line)) ?? line);
	const existing = new Set(env.map(nameOf));
	return [...replaced, ...[...values].filter(([name]) => !existing.has(name)).map(([, line]) => line)];
}
function objectOf(value) {
	return isJsonObject(value) ? value : {};
}
function listOf(value) {
	return Array.isArray(value) ? value : [];
}
function composeIndex(members, annotations) {
	const descriptors = members.map(({ platform, manifest: { descriptor } }) => ({
		...descriptor,
		platform
	}));
	return documentOf(OCI_INDEX, printIndex(descriptors, annotations));
}
// src/assembly/assembled-image.ts
function assemble$1(environments, layers, { runtime }, { epoch, labels, annotations: asked, indexAnnotations }, contentKey) {
	const images = environments.map((environment) => {
		const { key, configDigest, platform } = environment;
		const own = {
			[CONTENT_KEY]: contentKey(key),
			[ENVIRONMENT_KEY]: key,
			[ENVIRONMENT_CONFIG]: configDigest
		};
		return {
			platform,
			...composeImage({
				environment,
				layers,
				runtime,
				labels,
				annotations: {
					...asked,
					...own
				},
				epoch
			})
		};
	});
	const [only] = images;
	const root = only !== void 0 && images.length === 1 ? only.manifest : composeIndex(images, indexAnnotations);
	const documents = [...new Set([...images.flatMap(({ config, manifest }) => [config, manifest]), root])];
	return {
		root,
		documents,
		content: assembledContent(documents, layers, environments)
	};
}
// src/registry/upload-stream.ts
const NO_SINGLE_PATCH = [
	405,
	415,
	501
];
async function uploadStream(registries, repository, source, { signal }) {
	const { size } = source;
	const digest = await registries.retrying(() => uploadOnce(registries, repository, source, signal), signal);
	if (digest !== void 0) {
		registries.uploads.blobs.add(digest);
		return {
			digest,
			size
		};
	}
	const hashed = await registries.retrying(() => hashAll(source), signal);
	const open = () => openSource(source);
	await uploadBlob(registries, repository, {
		descriptor: {
			mediaType: "application/octet-stream",
			digest: hashed,
			size,
			annotations: {}
		},
		open
	}, { signal });
	return {
		digest: hashed,
		size
	};
}
async function uploadOnce(registries, repository, source, signal) {
	const session = new UploadSession(registries, repository, `uploading a blob of ${source.size} bytes`, signal);
	let digest;
	async function open() {
		digest = void 0;
		return hashing(await openSource(source), (found) => {
			digest = found;
		});
	}
	try {
		const isAccepted = await session.patch({
			size: source.size,
			open
		}, NO_SINGLE_PATCH);
		if (!isAccepted) await session.abandon();
		if (!isAccepted) return void 0;
		if (digest === void 0) throw answeredEarly(source, repository);
		await session.commit(digest);
		return digest;
	} catch (error) {
		await session.abandon();
		if (digest !== void 0 && !signal.aborted && await session.has(digest).catch(() => false)) return digest;
		throw error;
	}
}
async function* hashing(pieces, done) {
	const hash = createHash("sha256");
	for await (const piece of pieces) {
		hash.update(piece);
		yield piece;
	}
	done(`sha256:${hash.digest("hex")}`);
}
async function hashAll(source) {
	const hash = createHash("sha256");
	for await (const piece of await openSource(source)) hash.update(piece);
	return `sha256:${hash.digest("hex")}`;
}
async function openSource({ open }) {
	try {
		return withTransientFailures(await open());
	} catch (error) {
		throw asTransient(error);
	}
}
async function* withTransientFailures(pieces) {
	try {
		yield* pieces;
	} catch (error) {
		throw asTransient(error);
	}
}
function asTransient(error) {
	if (!(error instanceof Failure) || error instanceof TransientFailure) return error;
	if (error.class !== "network" && error.class !== "rate-limit") return error;
	const { code, lines, hint } = error;
	return new TransientFailure(error.class, error.message, {
		code,
		lines,
		...hint && { hint },
		cause: error
	});
}
function answeredEarly({ size }, { domain }) {
	return new TransientFailure("network", `${domain} accepted an upload of ${size} bytes before all of them were sent.`, { code: "AnsweredEarly" });
}
// src/assembly/blob-presence.ts
const MAX_UNCHECKED_SIZE = 65536;
const LONG_UPLOAD = 1e8;
const OUTCOMES = {
	present: "already in the registry",
	mounted: "mounted from another repository",
	uploaded: "uploaded"
};
function openBlobPresence(registries, references) {
	const holders = new Map();
	const { actions, now } = registries.machine;
	const firsts = [...new Map(references.toReversed().map((one) => [one.domain, repositoryOf(one)])).values()];
	function add(repository, digests) {
		const name = printRepository(repository);
		for (const digest of digests) holders.set(digest, (holders.get(digest) ?? new Map()).set(name, repository));
	}
	function has(repository, digest) {
		return holders.get(digest)?.has(printRepository(repository)) ?? false;
	}
	async function uploadTo(repository, { title, descriptor, open, origin }, signal) {
		const start = now().getTime();
		const size = printBytes(descriptor.size);
		const where = firsts.length === 1 ? "" : ` to ${repository.domain}`;
		if (descriptor.size >= LONG_UPLOAD) actions.info(`${title}: uploading ${size}${where}`);
		const mountFrom = [...holders.get(descriptor.digest)?.values() ?? []].find(({ domain }) => domain === repository.domain);
		const options = {
			signal,
			isNew: origin === "hashed" && descriptor.size <= MAX_UNCHECKED_SIZE,
			...mountFrom === void 0 ? {} : { mountFrom }
		};
		const result = await uploadBlob(registries, repository, {
			descriptor,
			open
		}, options);
		add(repository, [descriptor.digest]);
		const end = result === "uploaded" && descriptor.size >= LONG_UPLOAD ? ` in ${printDuration((now().getTime() - start) / 1e3)}` : `, ${size}`;
		actions.info(`${title}: ${OUTCOMES[result]}${where}${end}`);
	}
	return {
		add,
		has,
		async upload(layer, task, signal) {
			const { digest, size } = layer.descriptor;
			const missing = firsts.filter((repository) => !has(repository, digest));
			if (missing.length === 0) actions.info(`${layer.title}: ${stateOf(layer, firsts)}, ${printBytes(size)}`);
			task.resize(missing.length * size);
			for (const [index, repository] of missing.entries()) await uploadTo(repository, {
				...layer,
				open: countedContent(layer.open, task, index * size)
			}, signal);
			task.end();
		},
		async send(bytes, task, signal) {
			const [repository, ...others] = firsts;
			if (repository === void 0 || others.length > 0) throw new Error("a stream goes to one registry");
			const sent = await uploadStream(registries, repository, {
				...bytes,
				open: countedContent(bytes.open, task)
			}, { signal });
			add(repository, [sent.digest]);
			return sent;
		}
	};
}
function stateOf({ origin }, registries) {
	if (origin === "verified") return "cached, and its files were read and are the same";
	return origin === "hashed" && registries.length > 0 ? OUTCOMES.present : origin;
}
function recordCached(presence, { cache }, { previous, recordedDigests, environments }) {
	if (previous !== void 0) presence.add(repositoryOf(previous.reference), previous.blobs);
	if (cache !== void 0) presence.add(cache.repository, recordedDigests);
	recordEnvironments(presence, environments);
}
function recordEnvironments(presence, environments) {
	for (const { content, layers } of environments) if (content.repository !== void 0) presence.add(content.repository, digestsOf(layers));
}
function digestsOf(layers) {
	return layers.map(({ digest }) => digest);
}
async function prepareBigFirst(jobs, signal, work) {
	const bigFirst = [...jobs.entries()].sort(([, one], [, other]) => sizeOf(other) - sizeOf(one));
	const done = new Map();
	await inParallel(bigFirst, 4, signal, async ([index, job], taskSignal) => {
		done.set(index, await work(job, taskSignal));
	});
	return jobs.flatMap((_, index) => done.get(index) ?? []);
}
function sizeOf({ plan }) {
	return plan.entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}
// src/assembly/layer-progress.ts
function openLayerProgress(expected, { progress }) {
	const tasks = new Map();
	function of(job) {
		const what = job.located === void 0 ? "Bento files" : "models";
		const size = tarSize(job.plan);
		const found = tasks.get(job) ?? {
			hashing: progress(`hashing ${what}`, size),
			uploading: progress(`uploading ${what}`, size)
		};
		tasks.set(job, found);
		return found;
	}
	for (const job of expected) of(job);
	return {
		of,
		end() {
			for (const { hashing, uploading } of tasks.values()) {
				hashing.end();
				uploading.end();
			}
		}
	};
}
// src/registry/referrers.ts
const TRIES = 5;
async function addReferrer(registries, repository, subject, referrer) {
	if (await hasReferrersApi(registries, repository, subject)) return;
	const reference = {
		...repository,
		tag: `sha256-${hexOf(subject)}`
	};
	for (let tries = 0; tries < TRIES; tries++) {
		const others = await readMembers(registries, reference);
		if (includesReferrer(others, referrer)) return;
		await writeMembers(registries, reference, [...others, entryOf(referrer)]);
	}
	if (includesReferrer(await readMembers(registries, reference), referrer)) return;
	throw new Failure("network", `${printReference(reference)} lost the entry of ${referrer.digest} in every try.`, {
		code: "ReferrerLost",
		hint: "Other clients write this tag at the same time; see concurrency in the workflow's documentation."
	});
}
async function readMembers(registries, reference) {
	return resolve$2(registries, reference).then(membersOf, (error) => {
		if (error instanceof Failure && error.code === "NotFound") return [];
		throw error;
	});
}
function includesReferrer(members, { digest }) {
	return members.some((member) => isJsonObject(member) && member["digest"] === digest);
}
function entryOf({ mediaType, digest, size, artifactType }) {
	return {
		mediaType,
		digest,
		size,
		artifactType
	};
}
async function writeMembers(registries, reference, manifests) {
	const bytes = new TextEncoder().encode(JSON.stringify({
		schemaVersion: 2,
		mediaType: OCI_INDEX,
		manifests
	}));
	const descriptor = {
		mediaType: OCI_INDEX,
		digest: digestOf(bytes),
		size: bytes.length,
		annotations: {}
	};
	await sendManifest(registries, reference, {
		descriptor,
		bytes,
		blobs: []
	});
}
async function hasReferrersApi(registries, repository, subject) {
	const answer = await registries.retrying(() => registries.send({
		repository,
		write: false
	}, {
		method: "GET",
		target: `referrers/${subject}`,
		doing: "requesting referrers",
		accept: [200, 404]
	}));
	await readAtMost(answer.body, DOCUMENT_LIMIT$1, "The list of referrers");
	return answer.status === 200;
}
function membersOf({ bytes }) {
	const members = parseJsonObject(bytes, "The index of referrers")["manifests"];
	return Array.isArray(members) ? members : [];
}
// src/assembly/model-pack.ts
const MODEL_MANIFEST = "application/vnd.cncf.model.manifest.v1+json";
const MODEL_CONFIG = "application/vnd.cncf.model.config.v1+json";
const MODEL_WEIGHT = "application/vnd.cncf.model.weight.v1.tar";
function composeModelPack(located, layers, image) {
	const config = document(MODEL_CONFIG, {
		descriptor: descriptorOf(located),
		modelfs: {
			type: "layers",
			diffIds: layers.map(({ diffId }) => diffId)
		},
		config: {}
	});
	return {
		config,
		manifest: document(OCI_MANIFEST, {
			schemaVersion: 2,
			mediaType: OCI_MANIFEST,
			artifactType: MODEL_MANIFEST,
			config: descriptorJson(config.descriptor),
			layers: layers.map(({ descriptor }) => descriptorJson({
				...descriptor,
				mediaType: weightType(descriptor.mediaType)
			})),
			subject: descriptorJson({
				...image,
				annotations: {}
			})
		}),
		layers
	};
}
function descriptorOf({ model, ...located }) {
	const common = {
		...model.creationTime === void 0 ? {} : { createdAt: model.creationTime.toISOString() },
		name: model.tag.name,
		version: model.tag.version
	};
	if (model.registry === "bentoml") return common;
	const revision = "commit" in located ? located.commit : model.revision;
	return {
		...common,
		name: model.repository,
		revision,
		sourceURL: `${model.endpoint ?? HUB}/${model.repository}`
	};
}
const HUB = "https://huggingface.co";
function weightType(mediaType) {
	return `${MODEL_WEIGHT}${/\+\w+$/.exec(mediaType)?.[0] ?? ""}`;
}
async function pushModelPacks(registries, image, repositories, layers, { has }) {
	const models = [...new Set(layers.flatMap(({ job }) => job.located ?? []))];
	const lines = [];
	for (const located of models) {
		const own = layers.filter(({ job }) => job.located === located);
		const { config, manifest } = composeModelPack(located, own, image);
		const content = assembledContent([config, manifest], own, []);
		const references = repositories.map((repository) => withDigest(repository, manifest.descriptor.digest));
		await transfer(registries, content, manifest.descriptor, references, { present: has });
		for (const repository of repositories) await addReferrer(registries, repository, image.digest, {
			...manifest.descriptor,
			artifactType: MODEL_MANIFEST
		});
		const names = repositories.map((repository) => `${printRepository(repository)}@${manifest.descriptor.digest}`);
		lines.push(`Model artifact of ${printTag(located.model.tag)}: ${names.join(", ")}`);
	}
	return lines;
}
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
const FIRST_SURROGATE = 55296;
const AFTER_SURROGATES = 57344;
const UNITS = 65536;
function rankOf(unit) {
	return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + UNITS : unit;
}
// src/layers/collect.ts
const DIRECTORY_MODE = 493;
const PLAIN_MODE = 420;
const EXECUTABLE_MODE = 493;
const OWNER_EXECUTES = 64;
const ROOT$1 = {
	uid: 0,
	gid: 0
};
async function collectPayload(recipe, epoch, files, remote = new Map()) {
	const collected = [];
	for (const layer of recipe.payload.filter(({ kind }) => kind !== "parents")) {
		const found = [];
		for (const copy of layer.copies) found.push(await collectCopy(copy, layer.owner, recipe, files, remote));
		const entries = withParents(found.flat(), layer.owner, rootParents(recipe.layout));
		refuseReserved(entries, layer.name);
		collected.push({
			layer,
			plan: {
				title: layer.name,
				entries,
				epoch
			}
		});
	}
	return collected;
}
async function collectCopy(copy, owner, recipe, files, remote) {
	if (copy.context === "generated") return collectGenerated(copy, owner, recipe.generated, files);
	const context = recipe.contexts.find(({ name }) => name === copy.context)?.directory ?? recipe.context;
	return (await mapFiles(copy.sources, async (source) => {
		const file = remote.get(join(context.path, source));
		if (file !== void 0) return [remoteEntry(targetPath(copy.destination, source), file, owner)];
		const located = await locate(source, context, files);
		if (located.kind === "directory") return collectDirectory(located.directory, relative$1(copy.destination), owner, files);
		return [fileEntry(targetPath(copy.destination, source), join(context.path, source), located, owner)];
	})).flat();
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
	return relative$1(destination.endsWith("/") ? join(destination, basename(source)) : destination);
}
function relative$1(path) {
	return path.replace(/^\/+|(?<!\/)\/+$/g, "");
}
async function collectDirectory(directory, imagePath, owner, files) {
	const entries = [];
	const pending = [{
		directory,
		imagePath
	}];
	for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
		const here = next;
		entries.push(directoryEntry(here.imagePath, owner));
		const inside = await mapFiles(await files.list(here.directory), async ({ name, kind }) => {
			const path = join(here.imagePath, name);
			if (kind === "symlink") {
				entries.push({
					kind: "link",
					path,
					target: await files.readLink(here.directory, name),
					owner
				});
				return [];
			}
			const found = await files.entry(here.directory, name);
			if (found?.kind === "directory") return [{
				directory: found.directory,
				imagePath: path
			}];
			entries.push(fileEntry(path, join(here.directory.path, name), found, owner));
			return [];
		});
		pending.push(...inside.flat());
	}
	return entries;
}
function fileEntry(imagePath, hostPath, found, owner) {
	if (found?.kind !== "file") throw new Failure("bento", `${hostPath} ${found === void 0 ? "no longer exists" : "is not a regular file"}, so it cannot be added to the image`, {
		code: "EntryUnusable",
		hint: "Remove sockets, pipes and devices from the Bento, or build it again."
	});
	const { file, info } = found;
	return {
		kind: "file",
		path: imagePath,
		mode: (info.mode & OWNER_EXECUTES) === 0 ? PLAIN_MODE : EXECUTABLE_MODE,
		owner,
		size: info.size,
		source: file
	};
}
function remoteEntry(imagePath, file, owner) {
	return {
		kind: "file",
		path: imagePath,
		mode: PLAIN_MODE,
		owner,
		size: file.size,
		source: {
			kind: "remote",
			file
		}
	};
}
function directoryEntry(path, owner) {
	return {
		kind: "directory",
		path,
		mode: DIRECTORY_MODE,
		owner
	};
}
async function collectGenerated({ sources, destination }, owner, generated, files) {
	const inside = generated.filter(({ path }) => sources.some((source) => path.startsWith(`${source}/`)));
	return mapFiles(inside, async (entry) => {
		return generatedEntry(entry, join(relative$1(destination), entry.path.slice(entry.path.indexOf("/") + 1)), owner, files);
	});
}
async function generatedEntry(entry, imagePath, owner, files) {
	switch (entry.kind) {
		case "directory": return directoryEntry(imagePath, owner);
		case "link": return {
			kind: "link",
			path: imagePath,
			target: entry.target,
			owner
		};
		case "file": {
			const { content, mode } = entry;
			return {
				kind: "file",
				path: imagePath,
				mode,
				owner,
				size: Buffer.byteLength(content),
				source: {
					kind: "content",
					content
				}
			};
		}
		case "copy": {
			const { from, source, mode } = entry;
			return {
				...fileEntry(imagePath, join(from.path, source), await files.find(from, source), owner),
				mode
			};
		}
	}
}
function withParents(entries, owner, roots) {
	const all = new Map();
	for (const entry of entries) {
		for (let path = dirname(entry.path); path !== "."; path = dirname(path)) {
			if (all.get(path)?.kind === "directory") break;
			all.set(path, directoryEntry(path, roots.includes(`/${path}`) ? ROOT$1 : owner));
		}
		all.set(entry.path, entry);
	}
	return [...all.values()].sort((one, other) => compareBytes(one.path, other.path));
}
const WHITEOUT = ".wh.";
function refuseReserved(entries, layer) {
	const reserved = entries.filter(({ path }) => basename(path).startsWith(WHITEOUT)).map(({ path }) => path);
	if (reserved.length === 0) return;
	throw new Failure("bento", `${layer}: an image cannot contain files whose names start with ${WHITEOUT}`, {
		code: "NameReserved",
		lines: firstFew(reserved),
		hint: "Rename these files, or exclude them from the Bento."
	});
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
// src/layers/sample.ts
const WINDOW = 65536;
const WINDOWS = 32;
async function sampleOf(plan, files) {
	const { positions, size } = layOut(plan);
	const read = windowsOf(size).map(async (window) => {
		const parts = [];
		for (const { entry, start } of positions.filter((position) => position.start < window.end && position.end > window.start)) parts.push(...await readEntry(entry, plan.epoch, relativeTo(window, start), files));
		return parts;
	});
	return Buffer.concat((await Promise.all(read)).flat());
}
function layOut({ entries, epoch }) {
	let offset = 0;
	return {
		positions: entries.map((entry) => {
			const start = offset;
			offset += entrySize(entry, epoch);
			return {
				entry,
				start,
				end: offset
			};
		}),
		size: offset
	};
}
function windowsOf(size) {
	const count = Math.min(WINDOWS, Math.ceil(size / WINDOW));
	const distance = size <= WINDOWS * WINDOW ? WINDOW : (size - WINDOW) / 31;
	return Array.from({ length: count }, (_, index) => {
		const start = Math.floor(index * distance);
		return {
			start,
			end: start + WINDOW
		};
	});
}
function relativeTo({ start, end }, offset) {
	return {
		start: Math.max(0, start - offset),
		end: Math.max(0, end - offset)
	};
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
const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 3;
async function chooseEncoding(plan, compression, files) {
	const isAuto = compression === void 0 || compression.auto === true;
	if (isAuto && isRemote(plan)) return {
		encoding: { kind: "stored" },
		reason: "stored: streamed from the Hub, not sampled"
	};
	if (isAuto) return choose(plan, gzip(compression?.level), files);
	const encoding = requested(compression);
	return {
		encoding,
		reason: `${printEncoding(encoding)}: as requested`
	};
}
function mediaTypeOf({ kind }) {
	const tar = "application/vnd.oci.image.layer.v1.tar";
	if (kind === "none") return tar;
	return kind === "zstd" ? `${tar}+zstd` : `${tar}+gzip`;
}
function requested({ format, level }) {
	if (format === "gzip") return gzip(level);
	return format === "zstd" ? {
		kind: "zstd",
		level: level ?? ZSTD_LEVEL
	} : { kind: "none" };
}
function gzip(level = GZIP_LEVEL) {
	return level === 0 ? { kind: "stored" } : {
		kind: "gzip",
		level
	};
}
function deflatedSize(bytes) {
	return new Promise((resolve, reject) => {
		deflateRaw(bytes, { level: GZIP_LEVEL }, (error, deflated) => error === null ? resolve(deflated.length) : reject(error));
	});
}
async function choose(plan, compressed, files) {
	const sample = await sampleOf(plan, files);
	const ratio = await deflatedSize(sample) / sample.length;
	const encoding = ratio > .95 ? { kind: "stored" } : compressed;
	const percent = (100 * ratio).toFixed(1);
	return {
		encoding,
		reason: `${printEncoding(encoding)}: a sample of ${printBytes(sample.length)} compresses to ${percent} %`
	};
}
function printEncoding(encoding) {
	return "level" in encoding ? `${encoding.kind} level ${encoding.level}` : encoding.kind;
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
// src/layers/layer-bytes.ts
const PIECE = 1 << 20;
const COMPRESSED_PIECE = 65536;
async function* tarOf$1(plan, files) {
	for (const entry of plan.entries) {
		yield headerOf(entry, plan.epoch);
		if (entry.kind !== "file") continue;
		yield* contentOf(entry, files);
		yield new Uint8Array(paddingOf(entry.size));
	}
	yield endOfTar();
}
function blobOf(plan, encoding, files) {
	return encode(tarOf$1(plan, files), tarSize(plan), encoding);
}
function encode(tar, size, encoding) {
	switch (encoding.kind) {
		case "none": return gathered(tar);
		case "stored": return storedGzip(tar, size);
		case "gzip": return deflatedGzip(tar, encoding.level);
		case "zstd": return zstd(tar, encoding.level, size);
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
	const buffer = Buffer.allocUnsafeSlow(PIECE);
	let used = 0;
	for await (const piece of content) for (let from = 0; from < piece.length;) {
		const part = piece.subarray(from, from + PIECE - used);
		buffer.set(part, used);
		used += part.length;
		from += part.length;
		if (used === PIECE) {
			yield buffer;
			used = 0;
		}
	}
	if (used > 0) yield buffer.subarray(0, used);
}
// src/layers/layer-key.ts
const FORMAT$2 = 1;
const BLOB = /^blobs\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
function identityOf(located) {
	if (located.kind === "snapshot") return located.files.every(({ source }) => BLOB.test(source)) ? "named by content" : `commit ${located.commit}`;
	const { tag, creationTime } = located.model;
	return creationTime === void 0 ? void 0 : `${printTag(tag)} ${creationTime.toISOString()}`;
}
function layerKey(plan, compression, identity) {
	const entries = plan.entries.map((entry) => ({
		...entry,
		..."source" in entry ? { source: entry.source.kind === "content" ? entry.source.content : identity } : {}
	}));
	const { epoch } = plan;
	return digestOf(JSON.stringify({
		format: FORMAT$2,
		epoch,
		compression,
		entries
	}));
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
	for await (const piece of tarOf$1(plan, watched.files)) hash.update(piece);
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
// src/layers/measure.ts
const MIN_WORKER_COST = 8 << 20;
const COST_PER_FILE = 65536;
async function measureLayer(plan, encoding, measuring, onBytes) {
	const hasher = hasherFor(plan, measuring);
	if (encoding.kind === "none") {
		const { digest } = await hasher({
			kind: "tar",
			plan
		}, onBytes);
		return {
			plan,
			encoding,
			diffId: digest,
			digest,
			size: tarSize(plan)
		};
	}
	const [tar, blob] = await Promise.all([hasher({
		kind: "tar",
		plan
	}), hasher({
		kind: "blob",
		plan,
		encoding
	}, onBytes)]);
	if (tar.newest !== blob.newest) throw changed(plan.title, "was modified while it was read");
	const { digest, size } = blob;
	return {
		plan,
		encoding,
		diffId: tar.digest,
		digest,
		size
	};
}
function hasherFor(plan, { files, workers }) {
	return tarSize(plan) + COST_PER_FILE * plan.entries.length < MIN_WORKER_COST ? (job) => hashHere(job, files.enclosed) : (job, onBytes) => hashInWorker(job, workers, onBytes);
}
async function hashHere(job, files) {
	return await performHash(job, files);
}
async function hashInWorker(job, workers, onBytes) {
	return await workers.run(job, onBytes);
}
// src/assembly/prepare-layers.ts
async function planPayload(recipe, models, { epoch, compression }, machine) {
	const whole = (await collectPayload(recipe, epoch, machine.files.enclosed, remoteFilesOf(models))).map(({ layer, plan }, index) => {
		const model = layer.kind === "model" ? models[index] : void 0;
		const identity = model === void 0 ? void 0 : identityOf(model);
		return {
			located: model,
			plan: model?.kind === "snapshot" ? {
				...plan,
				fromCache: true
			} : plan,
			identity,
			model: keyOf(plan, compression, identity)
		};
	});
	return splitLayers(whole).map(({ located, plan, identity, model }) => {
		const key = keyOf(plan, compression, identity);
		return {
			plan,
			...located === void 0 ? {} : { located },
			...key === void 0 || model === void 0 ? {} : {
				key,
				model
			}
		};
	});
}
function keyOf(plan, compression, identity) {
	return identity === void 0 ? void 0 : layerKey(plan, compression, identity);
}
async function prepareLayer(job, cachedLayers, { compression, verifyModels }, machine, hashing, stream) {
	const found = job.key === void 0 ? void 0 : cachedLayers.get(job.key);
	if (isRemote(job.plan)) return found === void 0 ? stream(job) : reuse(job, found, compression, machine);
	if (found === void 0) return hash(job, compression, machine, hashing);
	return verifyModels ? verify(job, found, compression, machine, hashing) : reuse(job, found, compression, machine);
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
async function verify(job, found, compression, machine, hashing) {
	const own = await hash(job, compression, machine, hashing);
	const { digest, size } = own.descriptor;
	if (digest === found.digest && size === found.size && own.diffId === found.diffId) return {
		...own,
		origin: "verified"
	};
	machine.actions.warning(`${job.plan.title}: the cached layer ${found.digest} (diff ID ${found.diffId}) differs from the layer made from the files, ${digest} (diff ID ${own.diffId}). The one made from the files is used. Possible causes: the files have changed, another version of zlib compressed the cached layer, or somebody replaced it.`);
	return own;
}
var LayerLost = class extends Error {
	job;
	constructor(job) {
		super(`${job.plan.title}: the registry no longer has the cached layer, and its files do not reproduce it`);
		this.job = job;
	}
};
async function hash(job, compression, machine, hashing) {
	const { plan } = job;
	const { encoding, reason } = await chooseEncoding(plan, compression, machine.files.enclosed);
	return {
		...describeLayer(job, {
			...await measureLayer(plan, encoding, machine, hashing?.add),
			mediaType: mediaTypeOf(encoding)
		}),
		origin: "hashed",
		reason,
		open: async () => blobOf(plan, encoding, machine.files.enclosed)
	};
}
function describeLayer(job, { mediaType, digest, size, diffId }) {
	const { plan, key } = job;
	const annotations = {
		[LAYER_TITLE]: plan.title,
		...key === void 0 ? {} : {
			[LAYER_KEY]: key,
			[LAYER_DIFF_ID]: diffId
		}
	};
	return {
		title: plan.title,
		descriptor: {
			mediaType,
			digest,
			size,
			annotations
		},
		diffId,
		job
	};
}
function reportOf({ title, origin, reason }) {
	return {
		title,
		note: origin === "hashed" ? reason : NOTES[origin]
	};
}
const NOTES = {
	cached: "cached, not read",
	verified: "cached, verified by reading the files",
	streamed: "streamed from the Hub"
};
const NEVER_TOO_LARGE = 1e9;
async function predictSize({ plan, key }, cachedLayers, compression, machine) {
	const found = key === void 0 ? void 0 : cachedLayers.get(key);
	if (found !== void 0) return found.size;
	if (tarSize(plan) < NEVER_TOO_LARGE) return tarSize(plan);
	const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
	return blobSize(plan, encoding) ?? 0;
}
// src/cache/signature.ts
const FORMAT$1 = "bento-image cache 1";
function openSigner(cacheKey) {
	const mac = (purpose, message) => `sha256:${createHmac("sha256", cacheKey.reveal()).update(`${FORMAT$1} ${purpose}\n${message}`).digest("hex")}`;
	const sign = (kind, claims) => mac(`record ${kind}`, JSON.stringify(claims));
	return {
		tagKey: (key) => mac("tag", key),
		sign,
		isGenuine: (kind, claims, signature = "") => isDigest(signature) && timingSafeEqual(Buffer.from(signature), Buffer.from(sign(kind, claims)))
	};
}
// src/assembly/request.ts
function readAssemblyRequest(inputs, bento, recipe, here, { workspace }) {
	const byDigest = inputs.pushByDigest === true;
	const names = referencesOf(inputs, bento);
	const pushed = isPushed(inputs) ? names : [];
	const references = byDigest ? distinctRepositories(pushed) : pushed;
	const cache = cacheOf(inputs, references);
	const layout = layoutPath(inputs, workspace);
	const platforms = nonEmpty(inputs.platforms) ?? [here];
	const [first] = references;
	return {
		platforms,
		references,
		byDigest,
		verifyModels: inputs.verifyModels === true,
		names,
		archives: archivesOf(inputs, workspace),
		isLoaded: isLoaded(inputs),
		skipExisting: inputs.ifExists === "skip" && inputs.output.length === 0 && !isLoaded(inputs),
		modelArtifact: inputs.modelArtifact === true,
		labels: inputs.labels,
		...annotationsOf(inputs.annotations),
		epoch: epochOf(inputs, bento),
		compression: inputs.compression,
		buildArgs: Object.fromEntries(Object.entries(inputs.buildArgs).filter(([name]) => !recipe.resolvedBuildArgs.includes(name))),
		secretIds: secretIdsOf(inputs, recipe.secrets),
		sshIds: inputs.ssh.map((line) => line.split("=")[0] ?? line),
		addHosts: inputs.addHosts,
		...inputs.network === void 0 ? {} : { network: inputs.network },
		...layout === void 0 ? {} : { layout },
		...cache === void 0 ? {} : { cache },
		...cache !== void 0 && first !== void 0 && sameRepository(cache.repository, first) ? { last: {
			...cache.repository,
			tag: lastTag(bento.tag.name, platforms)
		} } : {}
	};
}
function archivesOf({ output }, workspace) {
	return output.flatMap(({ kind, path }) => kind === "layout" ? [] : [{
		kind,
		path: resolve(workspace, path)
	}]);
}
function pathsOf({ layout, archives }) {
	return [...layout === void 0 ? [] : [layout], ...archives.map(({ path }) => path)];
}
function onlyLoads(request) {
	return request.isLoaded && request.references.length === 0 && pathsOf(request).length === 0;
}
function annotationsOf(given) {
	const keyed = Object.entries(given).flatMap(([text, value]) => readAnnotation(text).map((key) => ({
		key,
		value
	})));
	const named = (pick) => Object.fromEntries(keyed.flatMap(({ key, value }) => pick(key) ? [[key.name, value]] : []));
	return {
		annotations: named(isOfManifests),
		indexAnnotations: named(isOfIndex)
	};
}
function targetsOf({ references, byDigest }, digest) {
	return byDigest ? references.map((repository) => withDigest(repository, digest)) : references;
}
function cacheOf(inputs, [first]) {
	const { environmentCache, cacheKey } = inputs;
	if (environmentCache === "off") return void 0;
	const repository = environmentCache ?? first;
	if (repository === void 0) return void 0;
	const models = inputs.noCache !== true;
	return {
		repository: repositoryOf(repository),
		reads: {
			models,
			environments: models && inputs.noCacheFilters.length === 0
		},
		...cacheKey === void 0 ? {} : { signer: openSigner(cacheKey) }
	};
}
function obstacleToStreaming({ references, layout, archives, isLoaded, compression, verifyModels }) {
	if (verifyModels) return "verify-models reads them";
	if (archives.length > 0) return "an archive is written as well";
	if (isLoaded) return "the image is loaded";
	if (layout !== void 0) return "an OCI layout is written as well";
	if (new Set(references.map(({ domain }) => domain)).size !== 1) return "the image is pushed to several registries";
	return isSizeKnown(compression) ? void 0 : "they are compressed";
}
function isSizeKnown({ format, level, auto }) {
	return auto === true || format === "none" || format === "gzip" && level === 0;
}
// src/assembly/size-changes.ts
function sizeChanges(layers, payload, previous) {
	const last = previous?.layers ?? [];
	if (!last.some(({ title }) => title !== void 0)) return [];
	const now = [...layers.slice(0, layers.length - payload.length).map(({ size }) => ({
		size,
		class: "environment"
	})), ...payload.map(({ title, descriptor }) => ({
		size: descriptor.size,
		class: layerClass(title)
	}))];
	const before = last.map(({ size, title }) => ({
		size,
		class: layerClass(title)
	}));
	return LAYER_CLASSES.map((name) => ({
		title: name,
		now: sumOf(now, name),
		before: sumOf(before, name)
	}));
}
function sumOf(layers, name) {
	return layers.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
}
// src/assembly/store.ts
const MODEL_TYPE = "application/vnd.bento-image.model.v1+json";
async function storeModels(registries, { cache, references }, newModels, layers, presence) {
	const image = references.find(({ domain }) => domain === cache?.repository.domain);
	if (cache === void 0 || image === void 0) return;
	for (const model of newModels) {
		const own = layers.filter(({ job }) => job.model === model);
		const store = () => storeModel(registries, repositoryOf(image), cache, model, own, presence);
		await tryToStore(registries, "Could not store a model in the cache", store);
	}
}
async function moveLastTag(registries, { last }, root) {
	if (last === void 0) return;
	const store = () => sendManifest(registries, last, {
		...root,
		blobs: []
	});
	await tryToStore(registries, "Could not move the tag of the Bento's last image", store);
}
async function storeEnvironment(registries, cache, { environment, manifest }) {
	const { key } = environment;
	const signature = signatureOf(cache, "environment", environmentClaims(cache.repository, environment));
	const record = recordOf(manifest, {
		[ENVIRONMENT_KEY]: key,
		...signature
	});
	const reference = {
		...cache.repository,
		tag: environmentTag(key, cache.signer)
	};
	const store = () => sendManifest(registries, reference, {
		...record,
		blobs: []
	});
	await tryToStore(registries, "Could not store the environment in the cache", store);
}
function recordOf({ config, layers }, annotations) {
	return document(OCI_MANIFEST, {
		schemaVersion: 2,
		mediaType: OCI_MANIFEST,
		config: descriptorJson({
			...config,
			mediaType: OCI_CONFIG,
			annotations: {}
		}),
		layers: layers.map((layer) => descriptorJson({
			...layer,
			mediaType: ociType(layer.mediaType),
			annotations: {}
		})),
		annotations
	});
}
async function tryToStore(registries, message, store) {
	const { actions, signal } = registries.machine;
	try {
		await store();
	} catch (error) {
		if (signal.aborted || error instanceof Failure && error.class === "cancelled") throw error;
		actions.info(`${message}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
async function storeModel(registries, from, cache, model, layers, { has }) {
	const { repository, signer } = cache;
	const config = document(OCI_EMPTY, {});
	const annotations = signatureOf(cache, "model", modelClaims(repository, model, layersByKey(layers)));
	const manifest = document(OCI_MANIFEST, {
		schemaVersion: 2,
		mediaType: OCI_MANIFEST,
		artifactType: MODEL_TYPE,
		config: descriptorJson(config.descriptor),
		layers: layers.map(({ descriptor }) => descriptorJson(descriptor)),
		...Object.keys(annotations).length === 0 ? {} : { annotations }
	});
	const content = assembledContent([config, manifest], layers, []);
	const origin = sameRepository(from, repository) ? {} : { repository: from };
	const tag = {
		...repository,
		tag: modelTag(model, signer)
	};
	await transfer(registries, {
		...content,
		...origin
	}, manifest.descriptor, [tag], { present: has });
}
function layersByKey(layers) {
	return new Map(layers.flatMap(({ job: { key }, descriptor: { mediaType, digest, size }, diffId }) => key === void 0 ? [] : [[key, {
		mediaType,
		digest,
		size,
		diffId
	}]]));
}
function signatureOf({ signer }, kind, claims) {
	return signer === void 0 ? {} : { [RECORD_SIGNATURE]: signer.sign(kind, claims) };
}
// src/bento/hub/stream.ts
async function* streamFile(file, machine, retryPolicy = HUB_RETRY_POLICY) {
	const hub = await openHub(file.model, machine);
	const hash = createHash("sha256");
	const content = new RemoteContent(file, hub, machine, retryPolicy);
	try {
		for (let piece = await content.next(); piece !== void 0; piece = await content.next()) {
			hash.update(piece);
			yield piece;
		}
	} finally {
		content.close();
	}
	if (hash.digest("hex") !== file.sha256) throw damaged$1(file.path, hub, file.sha256);
}
var RemoteContent = class {
	#file;
	#hub;
	#machine;
	#retryPolicy;
	#url;
	#passed = 0;
	#response;
	#pieces;
	constructor(file, hub, machine, retryPolicy) {
		this.#file = file;
		this.#hub = hub;
		this.#machine = machine;
		this.#retryPolicy = retryPolicy;
		this.#url = fileUrl(hub, file.commit, file.path);
	}
	async next() {
		if (this.#passed === this.#file.size) return void 0;
		try {
			if (this.#pieces !== void 0) return await this.#take(this.#pieces);
		} catch (error) {
			if (!(error instanceof Failure) || error.class === "cancelled") throw error;
			this.#machine.actions.info(`${error.message}; resuming at byte ${this.#passed} of ${this.#file.path}`);
		}
		return retrying(() => this.#reconnect(), this.#machine, this.#retryPolicy);
	}
	close() {
		this.#response?.body.destroy();
		this.#response = void 0;
		this.#pieces = void 0;
	}
	async #reconnect() {
		const start = this.#passed;
		const headers = start === 0 ? {} : { range: `bytes=${start}-` };
		this.#response = await this.#hub.get(this.#url, headers, this.#machine.signal);
		if (this.#response.status === 416) {
			this.close();
			throw new Failure("network", `${this.#url.host} cannot resume a file at byte ${start}`, { code: "416" });
		}
		this.#pieces = without(this.#response.body, isContinued(this.#response, start) ? 0 : start);
		return this.#take(this.#pieces);
	}
	async #take(pieces) {
		const { path, size } = this.#file;
		try {
			const next = await pieces.next();
			if (next.done === true) throw new Failure("network", `${this.#url.host} ended the download of ${path} after ${this.#passed} of ${size} bytes`);
			const piece = next.value.subarray(0, size - this.#passed);
			this.#passed += piece.length;
			return piece;
		} catch (error) {
			this.close();
			throw networkFailure(error, this.#url, this.#machine);
		}
	}
};
async function* without(pieces, count) {
	let left = count;
	for await (const piece of pieces) {
		const skipped = Math.min(left, piece.length);
		left -= skipped;
		if (skipped < piece.length) yield piece.subarray(skipped);
	}
}
// src/assembly/stream-layer.ts
async function streamLayer(job, compression, send, machine) {
	const { plan } = job;
	const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
	const size = blobSize(plan, encoding);
	if (size === void 0) throw new Error(`${plan.title}: the size of a layer to stream must be known`);
	const reading = {
		...machine.files.enclosed,
		remote: (file) => streamFile(file, machine)
	};
	let diffId;
	const open = async () => hashedBlob(plan, encoding, reading, (found) => {
		diffId = found;
	});
	machine.actions.info(`${plan.title}: streaming ${printBytes(size)} from the Hub to the registry`);
	const { digest } = await send({
		size,
		open
	}, machine.signal);
	if (diffId === void 0) throw new Error(`${plan.title}: the upload ended before all bytes were sent`);
	return {
		...describeLayer(job, {
			mediaType: mediaTypeOf(encoding),
			diffId,
			digest,
			size
		}),
		origin: "streamed",
		reason: "",
		open: async () => blobOf(plan, encoding, reading)
	};
}
async function* hashedBlob(plan, encoding, reading, onDiffId) {
	const tar = createHash("sha256");
	yield* encode(updating(tar, tarOf$1(plan, reading)), tarSize(plan), encoding);
	onDiffId(`sha256:${tar.digest("hex")}`);
}
async function* updating(hash, pieces) {
	for await (const piece of pieces) {
		hash.update(piece);
		yield piece;
	}
}
// src/assembly/waste.ts
const MIN_REPORTED_SIZE = 1 << 20;
const START = 65536;
async function findWaste(layers, recipe, files) {
	return [...await findDuplicates(layers.filter(({ origin }) => origin === "hashed").flatMap(({ job }) => largeFilesOf(job.plan.entries)), files), ...inEnvironment(layers, recipe)];
}
function largeFilesOf(entries) {
	return entries.flatMap((entry) => entry.kind === "file" && entry.size >= MIN_REPORTED_SIZE && entry.source.kind === "path" ? [{
		entry,
		file: entry.source
	}] : []);
}
async function findDuplicates(candidates, files) {
	return (await groupBy((await groupBy((await groupBy(candidates, ({ entry }) => Promise.resolve(String(entry.size)))).flat(), async ({ file, entry }) => digestOf(Buffer.concat([Buffer.from(`${entry.size} `), await files.read(file, 0, START)])))).flat(), ({ file }) => fileDigest(file, files))).map((group) => {
		const paths = group.map(({ entry }) => `/${entry.path}`).sort();
		return `${printBytes((group[0]?.entry.size ?? 0) * (group.length - 1))} are in the image more than once: ${paths.join(" and ")} are the same file.`;
	});
}
async function groupBy(candidates, keyOf) {
	const groups = new Map();
	for (const candidate of candidates) {
		const key = await keyOf(candidate);
		groups.set(key, [...groups.get(key) ?? [], candidate]);
	}
	return [...groups.values()].filter((group) => group.length > 1);
}
function inEnvironment(layers, { environment, layout }) {
	return environment.flatMap(({ steps }) => steps).filter((step) => step.kind === "copy").flatMap(({ sources, destination }) => {
		const roots = sources.map((source) => join(layout.bento, source).slice(1));
		const size = layers.flatMap(({ job }) => job.plan.entries).filter((entry) => isBelow(entry.path, roots)).reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
		if (size < MIN_REPORTED_SIZE) return [];
		const line = `COPY ${sources.join(" ")} ${destination}`;
		return [`${printBytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} copies them (\`${line}\`) because the requirements or build_include list them, and they are also part of the Bento's sources.`];
	});
}
function isBelow(path, roots) {
	return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
// src/assembly/write-image-archive.ts
async function writeImageArchive({ content, root }, names, { kind, path }, epoch, { actions, files }) {
	const manifests = await readGraph(content, root.descriptor);
	const blobs = [...new Map(manifests.flatMap((one) => one.blobs).map((blob) => [blob.digest, blob])).values()];
	const members = [
		textMember("oci-layout", { imageLayoutVersion: "1.0.0" }),
		textMember("index.json", indexOf(root.descriptor, names)),
		...kind === "docker-archive" ? [textMember("manifest.json", dockerManifest(manifests, names))] : [],
		...manifests.map(({ descriptor, bytes }) => ({
			path: pathOf(descriptor.digest),
			size: bytes.length,
			open: () => oneOf(bytes)
		})),
		...blobs.map((blob) => blobMember(blob, content))
	];
	const task = actions.progress("writing the archive", members.reduce((sum, { size }) => sum + size, 0));
	await files.makeDirectory(dirname(path), 493);
	await writePieces(counted(tarOf(members, epoch), task.add), files.sink(path, { mode: 420 })).finally(task.end);
}
function pathOf(digest) {
	return `blobs/sha256/${hexOf(digest)}`;
}
function textMember(path, value) {
	const bytes = Buffer.from(JSON.stringify(value));
	return {
		path,
		size: bytes.length,
		open: () => oneOf(bytes)
	};
}
function blobMember(blob, content) {
	return {
		path: pathOf(blob.digest),
		size: blob.size,
		open: () => verifiedBlob(content, blob)
	};
}
function indexOf({ mediaType, digest, size, platform }, names) {
	const manifests = names.map(printReference).map((name) => ({
		mediaType,
		digest,
		size,
		...platform === void 0 ? {} : { platform },
		annotations: {
			"io.containerd.image.name": name,
			"org.opencontainers.image.ref.name": name
		}
	}));
	return {
		schemaVersion: 2,
		mediaType: OCI_INDEX,
		manifests
	};
}
function dockerManifest(manifests, names) {
	return manifests.filter(({ blobs }) => blobs.length > 0).map(({ blobs: [config, ...layers] }) => ({
		Config: config === void 0 ? "" : pathOf(config.digest),
		RepoTags: names.map(printFamiliar),
		Layers: layers.map(({ digest }) => pathOf(digest))
	}));
}
const ROOT = {
	uid: 0,
	gid: 0
};
async function* tarOf(members, epoch) {
	for (const { path, size, open } of members) {
		yield headerOf({
			kind: "file",
			path,
			mode: 420,
			owner: ROOT,
			size
		}, epoch);
		yield* open();
		yield new Uint8Array(paddingOf(size));
	}
	yield endOfTar();
}
// src/assembly/write-image-layout.ts
async function writeImageLayout({ content, root }, { platforms }, directory, { actions, files }) {
	const total = [...new Map(platforms.flatMap(({ layers }) => layers).map(({ digest, size }) => [digest, size])).values()].reduce((sum, size) => sum + size, 0);
	const task = actions.progress("writing the layout", total);
	const blob = async (descriptor) => counted(await content.blob(descriptor), task.add);
	await writeLayout({
		...content,
		blob
	}, root.descriptor, directory, files).finally(task.end);
}
// src/assembly/assembly.ts
const STREAMS = 2;
var Assembly = class {
	#recipe;
	#request;
	#lookup;
	#registries;
	#machine;
	#watch;
	#presence;
	#prepared = new Map();
	#streams = limitConcurrency(STREAMS);
	#environments;
	#cachedLayers;
	#newModels;
	constructor(recipe, request, lookup, registries, machine, watch) {
		this.#recipe = recipe;
		this.#request = request;
		this.#lookup = lookup;
		this.#registries = registries;
		this.#machine = machine;
		this.#watch = watch;
		this.#presence = openBlobPresence(registries, request.references);
		this.#cachedLayers = new Map(lookup.cachedLayers);
		this.#newModels = new Set(lookup.newModels);
		this.#environments = new Map(lookup.environments.map((environment) => [environment.key, environment]));
		recordCached(this.#presence, request, lookup);
	}
	async findUnchanged() {
		const { previous, cached, layerJobs } = this.#lookup;
		const environments = this.#allEnvironments();
		if (!this.#request.skipExisting || previous === void 0) return void 0;
		const reusable = this.#request.cache?.reads.environments ? cached : void 0;
		if (environments === void 0 && reusable === void 0) {
			this.#machine.actions.info("if-exists: skip: the environment is not cached, so the image is built before it can be compared.");
			return;
		}
		if (layerJobs.some(({ plan, key }) => isRemote(plan) && !this.#cachedLayers.has(key ?? ""))) return void 0;
		const layers = await this.#withProgress((progress) => prepareBigFirst(layerJobs, this.#machine.signal, (job, taskSignal) => this.#prepare(job, taskSignal, progress)));
		if (environments === void 0) return reusable && this.#reuseCached(reusable, layers);
		const image = this.#assemble(environments, layers);
		const { digest } = image.root.descriptor;
		if (digest !== previous.digest) return void 0;
		const targets = targetsOf(this.#request, digest);
		await this.#push(image, targets.filter((reference) => reference !== previous.reference));
		await verify$1(this.#registries, targets, digest);
		return this.#unchanged(image.content, image.root.descriptor, layers);
	}
	async #reuseCached({ root, reference, members }, layers) {
		const keys = this.#lookup.requests.map(({ key }) => this.#contentKey(layers, key));
		const payload = layers.map(({ descriptor }) => descriptor.digest).join();
		if (!members.every(({ annotations, layers: all }, index) => {
			const own = all.slice(all.length - layers.length).map(({ digest }) => digest);
			return annotations["dev.bento-image.key"] === keys[index] && own.join() === payload;
		}) || members.length !== keys.length) return void 0;
		const content = repositoryContent(this.#registries, repositoryOf(reference), root);
		const targets = targetsOf(this.#request, root.digest);
		const others = targets.filter((target) => target !== reference);
		if (others.length > 0) await transfer(this.#registries, content, root, others);
		await verify$1(this.#registries, targets, root.digest);
		return this.#unchanged(content, root, layers);
	}
	async #unchanged(content, root, layers) {
		return {
			image: await describe(content, root),
			layers,
			changes: [],
			notes: []
		};
	}
	async checkLimits() {
		const { layerJobs } = this.#lookup;
		const layers = await Promise.all(layerJobs.map(async (job) => ({
			title: job.plan.title,
			size: await predictSize(job, this.#cachedLayers, this.#request.compression, this.#machine)
		})));
		const below = [...this.#environments.values()].map((environment) => environment.layers.length);
		checkLimits(this.#request.references, layers, layers.length + Math.max(0, ...below));
	}
	async make(build, load) {
		for (;;) try {
			return await this.#makeOnce(build, load);
		} catch (error) {
			if (error instanceof EnvironmentLost && this.#environments.delete(error.key)) continue;
			if (!(error instanceof LayerLost) || !this.#cachedLayers.delete(error.job.key ?? "")) throw error;
			this.#prepared.delete(error.job);
			if (error.job.model !== void 0) this.#newModels.add(error.job.model);
		}
	}
	async #makeOnce(build, load) {
		const { requests, layerJobs } = this.#lookup;
		let layers = [];
		const buildMissing = async (signal) => {
			for (const request of requests) {
				if (this.#environments.has(request.key)) continue;
				this.#environments.set(request.key, await build(request, signal));
			}
		};
		const uploadAll = async (signal) => {
			layers = await this.#withProgress((progress) => prepareBigFirst(layerJobs, signal, async (job, taskSignal) => {
				const layer = await this.#prepare(job, taskSignal, progress);
				await this.#presence.upload(layer, progress.of(job).uploading, taskSignal);
				return layer;
			}));
		};
		const timed = (signal) => this.#watch.phase("hash and upload layers", () => uploadAll(signal));
		await inParallel([buildMissing, timed], 2, this.#machine.signal, (work, signal) => work(signal));
		const environments = this.#allEnvironments() ?? [];
		recordEnvironments(this.#presence, environments);
		return this.#watch.phase("write the image", () => this.#deliver(environments, layers, load));
	}
	#allEnvironments() {
		const { requests } = this.#lookup;
		const found = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
		return found.length === requests.length ? found : void 0;
	}
	#assemble(environments, layers) {
		return assemble$1(environments, layers, this.#recipe, this.#request, (key) => this.#contentKey(layers, key));
	}
	async #deliver(environments, layers, load) {
		const { references, layout, archives, names, epoch } = this.#request;
		const image = this.#assemble(environments, layers);
		const { content, root } = image;
		const description = await describe(content, root.descriptor);
		checkLayerCount(Math.max(...description.platforms.map((platform) => platform.layers.length)));
		if (layout !== void 0) await writeImageLayout(image, description, layout, this.#machine);
		for (const archive of archives) await writeImageArchive(image, names, archive, epoch, this.#machine);
		await load?.({
			...image,
			environments,
			layers
		});
		if (references.length > 0) {
			const targets = targetsOf(this.#request, root.descriptor.digest);
			await this.#push(image, targets);
			await verify$1(this.#registries, targets, root.descriptor.digest);
			await storeModels(this.#registries, this.#request, this.#newModels, layers, this.#presence);
			await moveLastTag(this.#registries, this.#request, root);
			if (this.#request.modelArtifact) await this.#pushModelPacks(root.descriptor, layers);
		}
		const [first] = description.platforms;
		return {
			image: description,
			layers,
			changes: first === void 0 ? [] : sizeChanges(first.layers, layers, this.#lookup.previous),
			notes: await findWaste(layers, this.#recipe, this.#machine.files.enclosed)
		};
	}
	async #pushModelPacks(image, layers) {
		const repositories = distinctRepositories(this.#request.references);
		const lines = await pushModelPacks(this.#registries, image, repositories, layers, this.#presence);
		for (const line of lines) this.#machine.actions.info(line);
	}
	async #push({ content, root, documents }, targets) {
		const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
		await transfer(this.#registries, content, root.descriptor, targets, {
			present: (repository, digest) => this.#presence.has(repository, digest),
			isNew: (digest) => fresh.has(digest)
		});
	}
	async #withProgress(work) {
		const progress = openLayerProgress(this.#lookup.layerJobs.filter((job) => !this.#prepared.has(job) && (this.#request.verifyModels || !this.#cachedLayers.has(job.key ?? ""))), this.#machine.actions);
		return work(progress).finally(progress.end);
	}
	async #prepare(job, signal, progress) {
		const { hashing } = progress.of(job);
		const machine = {
			...this.#machine,
			workers: abortableWorkers(this.#machine.workers, signal)
		};
		const prepared = this.#prepared.get(job) ?? prepareLayer(job, this.#cachedLayers, this.#request, machine, hashing, () => this.#stream(job, signal, progress));
		this.#prepared.set(job, prepared);
		prepared.catch(() => this.#prepared.delete(job));
		return prepared.finally(hashing.end);
	}
	#stream(job, signal, progress) {
		const { hashing, uploading } = progress.of(job);
		hashing.end();
		const send = (bytes, taskSignal) => this.#presence.send(bytes, uploading, taskSignal);
		return this.#streams(() => streamLayer(job, this.#request.compression, send, {
			...this.#machine,
			signal
		}));
	}
	#contentKey(layers, environment) {
		const { labels, annotations, indexAnnotations } = this.#request;
		const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
		const { runtime } = this.#recipe;
		return digestOf(JSON.stringify({
			environment,
			payload,
			runtime,
			labels,
			annotations,
			indexAnnotations
		}));
	}
};
// src/cache/environment-key.ts
const FORMAT = 1;
async function environmentKey(request, files) {
	const { recipe, base, platform, buildArgs, secretIds, sshIds, addHosts, network, epoch, compression } = request;
	const steps = recipe.environment.flatMap((section) => section.steps);
	const mounted = [...new Set(steps.flatMap(mountedSources))].sort();
	const copied = [...new Set(steps.flatMap(copiedSources))].sort();
	const read = [];
	for (const source of mounted) read.push(...await listSource(recipe.context, source, files, executableOf));
	for (const source of copied) read.push(...await listSource(recipe.context, source, files, modeOf));
	return digestOf(JSON.stringify({
		format: FORMAT,
		base,
		platform: printPlatform(platform),
		steps,
		files: read,
		buildArgs: Object.entries(buildArgs).sort(([one], [other]) => one < other ? -1 : 1),
		secretIds: [...secretIds].sort(),
		declared: recipe.secrets.map(({ name, declared }) => [name, declared]).sort(),
		sshIds: [...sshIds].sort(),
		addHosts: [...addHosts].sort(),
		network,
		epoch,
		compression: {
			format: compression.format,
			level: compression.level
		}
	}));
}
function mountedSources(step) {
	return step.kind === "run" ? step.mounts.flatMap((mount) => mount.kind === "bind" ? [mount.source] : []) : [];
}
function copiedSources(step) {
	return step.kind === "copy" ? step.sources : [];
}
const executableOf = (mode) => (mode & 64) === 0 ? "-" : "x";
const modeOf = (mode) => (mode & 4095).toString(8);
async function listSource(context, source, files, print) {
	return listContent(await files.find(context, source), source, files, print);
}
async function listContent(found, name, files, print) {
	switch (found?.kind) {
		case "directory": {
			const lines = [`${name}/`];
			for (const entry of await files.list(found.directory)) {
				const path = join(name, entry.name);
				if (entry.kind === "symlink") lines.push(`${path} -> ${await files.readLink(found.directory, entry.name)}`);
				else lines.push(...await listContent(await files.entry(found.directory, entry.name), path, files, print));
			}
			return lines;
		}
		case "file": return [`${name} ${print(found.info.mode)} ${await fileDigest(found.file, files)}`];
		default: return [];
	}
}
// src/action/build-environment.ts
function planEnvironment(job, selection, planned) {
	const { cache } = planned.request;
	const destination = cache === void 0 ? {
		kind: "layout",
		directory: ""
	} : {
		kind: "tag",
		cache
	};
	const watch = openStopwatch();
	return run({
		...job,
		watch,
		inputs: {
			...job.inputs,
			dryRun: true
		}
	}, selection, planned, destination);
}
async function buildEnvironment(job, selection, wanted, registries) {
	const isolated = await withOwnScratch(job, environmentTag(wanted.key));
	const { cache } = wanted.request;
	return cache === void 0 ? buildLayout(isolated, selection, wanted) : buildIntoCache(isolated, selection, wanted, cache, registries);
}
async function buildLayout(job, selection, wanted) {
	const directory = join$1(await job.machine.files.scratch(), "environment");
	const built = await run(job, selection, wanted, {
		kind: "layout",
		directory
	});
	const layout = await openLayout(job.machine.files, directory);
	const stored = await readEnvironment(layout, imageOf(layout), wanted.key, wanted.platform);
	if (stored === void 0) throw unusable(selection, wanted);
	return {
		...built,
		environment: stored.environment
	};
}
async function buildIntoCache(job, selection, wanted, cache, registries) {
	if (cache.signer === void 0 && !await isTagTaken(wanted, cache, registries)) return buildTagged(job, selection, wanted, cache, registries);
	const built = await run(job, selection, wanted, {
		kind: "digest",
		cache
	}).catch((error) => {
		if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
		return run(job, selection, wanted, {
			kind: "tag",
			cache
		});
	});
	const stored = await readBuilt(built, selection, wanted, cache, registries);
	await storeEnvironment(registries, cache, stored);
	return {
		...built,
		environment: stored.environment
	};
}
async function isTagTaken({ key }, { repository }, registries) {
	const tag = {
		...repository,
		tag: environmentTag(key)
	};
	try {
		return await unlessAbsent(() => resolveDigest(registries, tag)) !== void 0;
	} catch (error) {
		if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "auth") throw error;
		return false;
	}
}
async function buildTagged(job, selection, wanted, cache, registries) {
	try {
		const built = await run(job, selection, wanted, {
			kind: "tag",
			cache
		});
		return {
			...built,
			environment: (await readBuilt(built, selection, wanted, cache, registries)).environment
		};
	} catch (error) {
		if (error instanceof Failure && error.code === "DigestMismatch" || job.machine.signal.aborted || !cache.reads.environments) throw error;
		const other = await findEnvironment(registries, cache, wanted.key, wanted.platform).catch(() => void 0);
		if (other === void 0) throw error;
		job.machine.actions.info(`Another run has built the environment for ${printPlatform(wanted.platform)} meanwhile.`);
		return {
			commands: [],
			environment: other
		};
	}
}
async function withOwnScratch(job, name) {
	const { files } = job.machine;
	const scratch = join$1(await files.scratch(), name);
	await files.makeDirectory(scratch, 448);
	return {
		...job,
		machine: {
			...job.machine,
			files: {
				...files,
				scratch: async () => scratch
			}
		}
	};
}
function run(job, selection, planned, destination) {
	const { recipe, base, key, platform } = planned;
	const tag = key === void 0 ? UNKNOWN_ENVIRONMENT_TAG : environmentTag(key);
	const isPushed = destination.kind !== "layout";
	const inputs = {
		...job.inputs,
		tags: [isPushed ? {
			...destination.cache.repository,
			tag
		} : parseReference(`environment:${tag}`)],
		push: destination.kind === "tag",
		pushByDigest: destination.kind === "digest",
		load: false,
		output: isPushed ? [] : [{
			kind: "layout",
			path: destination.directory
		}],
		platforms: [platform],
		labels: { [ENVIRONMENT_LABEL]: key ?? tag },
		annotations: {},
		target: ENVIRONMENT_STAGE
	};
	const dialect = dialectOf(selection.backend, selection.engine);
	return runBackend(job, selection, {
		inputs,
		source: environmentSource(recipe, {
			dialect,
			...base === void 0 ? {} : { base }
		}),
		stage: ENVIRONMENT_STAGE,
		keepsEnvironment: isPushed
	});
}
async function readBuilt({ result: { digest } }, selection, wanted, { repository }, registries) {
	if (digest === void 0) throw unusable(selection, wanted);
	const root = await resolve$2(registries, {
		...repository,
		digest
	});
	const stored = await readEnvironment(repositoryContent(registries, repository, root), root, wanted.key, wanted.platform);
	if (stored === void 0) throw unusable(selection, wanted);
	return stored;
}
function unusable({ backend }, { platform }) {
	return new Failure("tool", `${backend.name} built a different environment for ${printPlatform(platform)} than requested`, {
		code: "EnvironmentUnusable",
		hint: "Set assembly: backend, and please report this with the log of the run."
	});
}
// src/action/direct-job.ts
function fallBack({ job, selectEngine }, because, failure = new Failure("input", `assembly: direct is not possible here: ${because}`, { code: "Unsupported" })) {
	if (mustBeDirect(job.inputs)) throw failure;
	return {
		because,
		selectEngine
	};
}
async function refusalOf(plan) {
	try {
		await plan();
		return;
	} catch (error) {
		if (error instanceof Failure && error.code === "Unsupported") return error;
		throw error;
	}
}
function environmentRequestOf(request) {
	return onlyLoads(request) ? withoutCache(request) : request;
}
function withoutCache({ cache: _, ...request }) {
	return request;
}
// src/backends/stores.ts
const NAMES = {
	tag: "{{.Repository}}:{{.Tag}}",
	digest: "{{.Repository}}@{{.Digest}}"
};
const docker = {
	tool: "docker",
	client: "docker",
	pull: (image, platform) => [
		"pull",
		"--quiet",
		"--platform",
		platform,
		image
	],
	tag: (image, name) => [
		"tag",
		image,
		name
	],
	remove: (names) => [
		"image",
		"rm",
		...names
	],
	inspect: (image) => [
		"image",
		"inspect",
		image
	],
	labels: ["Config", "Labels"],
	list: (pattern, by) => [
		"image",
		"ls",
		"--digests",
		"--filter",
		`reference=${pattern}`,
		"--format",
		NAMES[by]
	]
};
const INSECURE = "--tls-verify=false";
const podman = {
	tool: "podman",
	client: "podman",
	pull: (image, platform) => [
		"pull",
		"--quiet",
		INSECURE,
		"--platform",
		platform,
		image
	],
	tag: (image, name) => [
		"tag",
		image,
		name
	],
	remove: (names) => ["rmi", ...names],
	inspect: (image) => [
		"image",
		"inspect",
		image
	],
	labels: ["Labels"],
	list: (pattern, by) => [
		"images",
		"--filter",
		`reference=${pattern}`,
		"--format",
		NAMES[by]
	]
};
const STORES = {
	docker,
	podman,
	buildah: {
		...podman,
		tool: "buildah",
		inspect: (image) => [
			"inspect",
			"--type",
			"image",
			image
		],
		labels: [
			"OCIv1",
			"config",
			"Labels"
		],
		list: (pattern, by) => podman.list(pattern, by).map((word) => word.replace("{{.Repository}}", "{{.Name}}"))
	},
	nerdctl: {
		...docker,
		tool: "nerdctl",
		client: "nerdctl"
	}
};
// src/loading/serve-images.ts
async function serveImages(repository, login, images) {
	const served = new Map();
	for (const { content, root } of images) for (const { descriptor, bytes, blobs } of await readGraph(content, root)) {
		const manifest = {
			...descriptor,
			size: bytes.length
		};
		served.set(`manifests/${descriptor.digest}`, {
			descriptor: manifest,
			open: async () => oneOf(bytes)
		});
		for (const blob of blobs) served.set(`blobs/${blob.digest}`, {
			descriptor: blob,
			open: () => content.blob(blob)
		});
	}
	const prefix = `/v2/${repository}/`;
	const expected = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
	let wasReached = false;
	let sent = 0;
	let failure;
	async function* counted(body) {
		try {
			for await (const piece of body) {
				sent += piece.length;
				yield piece;
			}
		} catch (error) {
			failure ??= { error };
			throw error;
		}
	}
	async function serve({ descriptor, open }, method) {
		const headers = {
			"content-type": descriptor.mediaType,
			"content-length": String(descriptor.size),
			"docker-content-digest": descriptor.digest
		};
		if (method === "HEAD") return {
			status: 200,
			headers
		};
		try {
			return {
				status: 200,
				headers,
				body: counted(await open())
			};
		} catch (error) {
			failure ??= { error };
			return NOT_FOUND;
		}
	}
	return {
		get wasReached() {
			return wasReached;
		},
		get sent() {
			return sent;
		},
		get failure() {
			return failure;
		},
		async answer({ method, path, authorization }) {
			if (method !== "GET" && method !== "HEAD") return { status: 405 };
			if (!isSame(authorization ?? "", expected)) return UNAUTHORIZED;
			wasReached = true;
			if (path === "/v2/") return { status: 200 };
			const found = path.startsWith(prefix) ? served.get(path.slice(prefix.length)) : void 0;
			return found === void 0 ? NOT_FOUND : serve(found, method);
		}
	};
}
const UNAUTHORIZED = {
	status: 401,
	headers: { "www-authenticate": "Basic realm=\"bento-image\"" }
};
const NOT_FOUND = { status: 404 };
function isSame(one, other) {
	const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
	return a !== void 0 && b !== void 0 && timingSafeEqual(a, b);
}
function servedName(host, repository, digest) {
	return `${host}/${repository}@${digest}`;
}
// src/loading/local-store.ts
const LOADING = "bento-image-load";
async function loadImages(local, images) {
	return serving(local, images, async ({ server, name, env }) => {
		try {
			for (const { root, platform } of images) await fetch(local, name(root.digest), platform, server, env);
			for (const { root, names } of images) for (const target of names) await change(local, local.store.tag(name(root.digest), printReference(target)));
		} finally {
			for (const { root } of images) await remove(local, name(root.digest));
		}
		return server.sent;
	});
}
const TRIAL_TIMEOUT = 1e4;
async function canFetch(local, platform) {
	return serving(local, [], async ({ server, name, env }) => {
		const args = local.store.pull(name(digestOf(LOADING)), printPlatform(platform));
		const signal = AbortSignal.timeout(TRIAL_TIMEOUT);
		await local.machine.processes.capture({
			tool: local.store.tool,
			args,
			env,
			signal
		}).catch((error) => {
			if (!signal.aborted) throw error;
		});
		return server.wasReached;
	});
}
async function labelsOf(local, image) {
	const { code, stdout } = await ask(local, local.store.inspect(printReference(image)));
	if (code !== 0) return void 0;
	const printed = parseJson(stdout);
	let value = Array.isArray(printed) ? printed[0] : printed;
	for (const name of local.store.labels) value = isJsonObject(value) ? value[name] : void 0;
	return isJsonObject(value) ? value : {};
}
async function removeLeftNames(local) {
	const { stdout } = await ask(local, local.store.list(`127.0.0.1:*/${LOADING}/*`, "digest"));
	const { listens } = await local.machine.system();
	for (const name of stdout.split("\n")) {
		const [, port] = /^127\.0\.0\.1:([0-9]{1,5})\/bento-image-load\/[0-9a-f]+@sha256:[0-9a-f]{64}$/.exec(name) ?? [];
		if (port === void 0 || await listens({
			host: "127.0.0.1",
			port: Number(port)
		})) continue;
		await remove(local, name);
	}
}
async function tagsOf(local, repository) {
	const { stdout } = await ask(local, local.store.list(repository, "tag"));
	return stdout.split("\n").flatMap((line) => line.startsWith(`${repository}:`) ? line.slice(repository.length + 1) : []);
}
function removeNames(local, names) {
	return change(local, local.store.remove(names));
}
async function serving(local, images, work) {
	const { machine } = local;
	const [id, password] = [randomBytes(8).toString("hex"), randomBytes(24).toString("hex")];
	const login = {
		username: "bento-image",
		password
	};
	const repository = `${LOADING}/${id}`;
	const server = await serveImages(repository, login, images);
	const listener = await machine.listen((request) => server.answer(request));
	const directory = join$1(await machine.files.scratch(), `load-${id}`);
	try {
		return await work({
			server,
			env: await writeLogin(local, directory, listener, login),
			name: (digest) => servedName(listener.host, repository, digest)
		});
	} finally {
		await listener.close();
		await machine.files.remove(directory);
	}
}
async function writeLogin({ env, machine }, directory, { host }, { username, password }) {
	const auth = Buffer.from(`${username}:${password}`).toString("base64");
	const logins = JSON.stringify({ auths: { [host]: { auth } } });
	await writeDockerConfig(directory, logins, "the login of this run", {
		...machine,
		env
	});
	return {
		...env,
		DOCKER_CONFIG: directory,
		DOCKER_AUTH_CONFIG: void 0,
		REGISTRY_AUTH_FILE: join$1(directory, "config.json")
	};
}
async function fetch({ store, machine }, image, platform, server, env) {
	const command = {
		title: `${store.tool} pull`,
		tool: store.tool,
		args: store.pull(image, printPlatform(platform))
	};
	try {
		await runCommand(command, {
			machine,
			env,
			dockerfile: ""
		});
	} catch (error) {
		if (machine.signal.aborted) throw error;
		if (server.failure !== void 0) throw server.failure.error;
		throw refused(store, error instanceof Failure ? error.lines : [], error);
	}
}
async function remove({ store, env, machine }, name) {
	await machine.processes.ask({
		tool: store.tool,
		args: store.remove([name]),
		env
	});
}
async function change(local, args) {
	const { code, stderr } = await ask(local, args);
	if (code === 0) return;
	throw refused(local.store, stderr.trim().split("\n"));
}
function refused({ tool }, lines, cause) {
	return new Failure("engine", `${tool} did not load the image: ${lines.at(-1) ?? "it gave no reason"}`, {
		code: "LoadRefused",
		lines,
		hint: "Set assembly: backend, with which the builder hands the image to the store.",
		cause
	});
}
function ask({ store: { tool }, env, machine }, args) {
	return machine.processes.capture({
		tool,
		args,
		env
	});
}
// src/loading/kept-environment.ts
const KEPT_AT_MOST = 3;
async function findKept(local, bento, key, platform) {
	const record = (await labelsOf(local, keptName(bento, key)))?.[KEPT_ENVIRONMENT];
	if (typeof record !== "string") return void 0;
	const place = `${local.store.tool}'s store`;
	try {
		return await readRecord(record, key, platform, place);
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		local.machine.actions.info(`The environment in ${place} is not used: ${error.message}`);
		return;
	}
}
async function keptImage({ environment, models }, bento, now) {
	const { key, platform, layers, config, configDigest, content } = environment;
	const bytes = await content.document({
		mediaType: OCI_CONFIG,
		digest: configDigest
	});
	const own = manifestOf({
		mediaType: OCI_CONFIG,
		digest: configDigest,
		size: bytes.length
	}, layers);
	const record = JSON.stringify({
		manifest: textOf(own.bytes),
		config: textOf(bytes),
		models: [...models]
	});
	const labelled = document(OCI_CONFIG, withLabels(config, {
		[KEPT_ENVIRONMENT]: record,
		[KEPT_TIME]: now.toISOString()
	}));
	const manifest = manifestOf(labelled.descriptor, layers);
	const documents = new Map([labelled, manifest].map((item) => [item.descriptor.digest, item.bytes]));
	return {
		platform,
		names: [keptName(bento, key)],
		root: manifest.descriptor,
		content: {
			place: content.place,
			document: async ({ digest }) => documents.get(digest) ?? bytes,
			blob: async (descriptor) => {
				const found = documents.get(descriptor.digest);
				return found === void 0 ? content.blob(descriptor) : oneOf(found);
			}
		}
	};
}
async function removeOldest(local, bento) {
	const repository = keptRepository(bento);
	const tags = await tagsOf(local, printRepository(repository));
	const old = (await Promise.all(tags.map(async (tag) => ({
		tag,
		time: String((await labelsOf(local, {
			...repository,
			tag
		}))?.["dev.bento-image.environment.kept-at"] ?? "")
	})))).sort((one, other) => one.time < other.time ? 1 : -1).slice(KEPT_AT_MOST);
	if (old.length > 0) await removeNames(local, old.map(({ tag }) => `${printRepository(repository)}:${tag}`));
}
function keptName(bento, key) {
	return {
		...keptRepository(bento),
		tag: keptTag(key)
	};
}
function manifestOf(config, layers) {
	return document(OCI_MANIFEST, {
		schemaVersion: 2,
		mediaType: OCI_MANIFEST,
		config: {
			mediaType: config.mediaType,
			digest: config.digest,
			size: config.size
		},
		layers: layers.map(({ mediaType, digest, size }) => ({
			mediaType: ociType(mediaType),
			digest,
			size
		}))
	});
}
function withLabels(config, more) {
	const runtime = isJsonObject(config["config"]) ? config["config"] : {};
	const labels = isJsonObject(runtime["Labels"]) ? runtime["Labels"] : {};
	return {
		...config,
		config: {
			...runtime,
			Labels: {
				...labels,
				...more
			}
		}
	};
}
async function readRecord(text, key, platform, place) {
	const record = parseJson(text);
	const [manifest, config] = ["manifest", "config"].map((name) => Buffer.from(String(isJsonObject(record) ? record[name] : "")));
	if (manifest === void 0 || config === void 0) return void 0;
	const documents = new Map([manifest, config].map((bytes) => [digestOf(bytes), bytes]));
	const found = await readEnvironment({
		place,
		async document({ digest }) {
			const found = documents.get(digest);
			if (found === void 0) throw new Failure("engine", `${place} has no document ${digest}`);
			return found;
		},
		async blob() {
			throw new EnvironmentLost(key, place);
		}
	}, {
		mediaType: OCI_MANIFEST,
		digest: digestOf(manifest),
		size: manifest.length,
		annotations: {}
	}, key, platform);
	const models = modelsIn(isJsonObject(record) ? record["models"] : void 0);
	return found && {
		environment: found.environment,
		models
	};
}
function modelsIn(pairs) {
	return new Map((Array.isArray(pairs) ? pairs : []).flatMap((pair) => Array.isArray(pair) ? modelOf(pair) : []));
}
function modelOf([key, layer]) {
	if (typeof key !== "string" || !isJsonObject(layer)) return [];
	const { mediaType, digest, size, diffId } = layer;
	return typeof mediaType === "string" && Number.isSafeInteger(size) && isDigestText(digest) && isDigestText(diffId) ? [[key, {
		mediaType,
		digest,
		size: Number(size),
		diffId
	}]] : [];
}
function isDigestText(value) {
	return typeof value === "string" && isDigest(value);
}
function textOf(bytes) {
	return Buffer.from(bytes).toString("utf8");
}
// src/action/load-image.ts
async function openLoading({ inputs, machine }, { backend, env }, request) {
	for (const name of backend.stores) {
		if (await machine.processes.which(name, env["PATH"]) === void 0) continue;
		const local = {
			store: STORES[name],
			env,
			machine
		};
		await removeLeftNames(local);
		return {
			local,
			keeps: onlyLoads(request) && inputs.environmentCache !== "off" && inputs.cacheKey === void 0
		};
	}
}
async function findInStore({ local, keeps }, { bento, inputs, machine }, { requests, environments }, { cachedLayers }) {
	if (!keeps || inputs.noCache === true || inputs.noCacheFilters.length > 0) return {
		requests,
		environments,
		cachedLayers
	};
	const { name } = bento.tag;
	const kept = (await Promise.all(requests.map(({ key, platform }) => findKept(local, name, key, platform)))).filter((one) => one !== void 0);
	const isKnown = (key) => environments.some((environment) => environment.key === key);
	const found = kept.map(({ environment }) => environment).filter(({ key }) => !isKnown(key));
	const where = `${placeOf({ local })} (${printRepository(keptRepository(name))})`;
	if (environments.length < requests.length) machine.actions.info(`Environment: ${found.length === 0 ? "not " : ""}${where}`);
	return {
		requests,
		environments: [...environments, ...found],
		cachedLayers: new Map([...kept.flatMap(({ models }) => [...models]), ...cachedLayers])
	};
}
function placeOf({ local }) {
	return `in ${local.store.tool}'s store`;
}
async function obstacleToFetching({ local }, { platforms: [platform] }) {
	if (await canFetch(local, platform)) return void 0;
	return `${local.store.tool} fetches nothing from this machine's loopback interface, as an engine on another machine or in another network namespace`;
}
async function loadImage({ local, keeps }, { bento, machine }, { content, root, environments, layers }, { names, platforms: [platform] }, built) {
	const { name } = bento.tag;
	const image = {
		content,
		root: root.descriptor,
		platform,
		names
	};
	const isNew = built.length > 0 || layers.some(({ job, origin }) => job.key !== void 0 && origin === "hashed");
	const models = layersByKey(layers);
	const kept = keeps && isNew ? environments.map((environment) => ({
		environment,
		models
	})) : [];
	const sent = await loadImages(local, [image, ...await Promise.all(kept.map((one) => keptImage(one, name, machine.now())))]);
	if (keeps && built.length > 0) await removeOldest(local, name);
	return sent;
}
// src/action/direct-outcome.ts
const CACHED = "cached";
function originOf(loading, { environments }) {
	return environments.some(({ content }) => content.repository === void 0) ? placeOf(loading) : CACHED;
}
function builtBy({ backend }) {
	return `built by ${backend.name}`;
}
function loadOf({ image }, fetched) {
	const size = image.platforms.flatMap(({ layers }) => layers).reduce((sum, layer) => sum + layer.size, 0);
	return { traffic: {
		sent: fetched,
		reused: Math.max(0, size - fetched)
	} };
}
function trafficOf({ request: { references } }, { image }, { uploads }, environment = {
	by: "",
	layers: new Set()
}) {
	if (references.length === 0) return {};
	const reused = [...new Map(image.platforms.flatMap((platform) => platform.layers).map(({ digest, size }) => [digest, size]))].filter(([digest]) => !uploads.blobs.has(digest) && !environment.layers.has(digest));
	return { traffic: {
		sent: uploads.bytes,
		reused: reused.reduce((sum, [, size]) => sum + size, 0),
		...environment.layers.size === 0 ? {} : { environmentBy: environment.by }
	} };
}
function outcomeOf({ recipe, request: { platforms } }, { backend, engine }, assembled, environment) {
	return {
		backend: backend.name,
		assembly: `direct, environment ${environment}`,
		environment,
		engine,
		client: backend.client,
		existed: false,
		base: recipe.base,
		result: assembled === void 0 ? { platforms: [] } : reconcile([assembled.image], {}, platforms),
		payload: assembled?.layers.map(reportOf) ?? [],
		changes: assembled?.changes ?? [],
		notes: [
			...recipe.notes,
			...engine.notes ?? [],
			...assembled?.notes ?? []
		]
	};
}
function closingComment(request, image) {
	const { references, isLoaded, names, platforms } = request;
	const store = isLoaded ? [`the engine's store as ${names.map(printReference).join(", ")}`] : [];
	const places = [
		...references.map(printReference),
		...pathsOf(request),
		...store
	];
	const layers = image === void 0 ? "the layers of models and code" : `${image.layers.length} layers`;
	const environment = platforms.map(printPlatform).join(", ");
	return printComment(`then ${layers} on the environment for ${environment}, by this action, to ${places.join(", ")}`);
}
// src/assembly/base-digest.ts
async function findBase(registries, base, mirrors) {
	const reference = parseReference(base);
	if (reference.digest !== void 0) return reference.digest;
	try {
		return await resolveDigest(registries, reference, {
			mirrors,
			retry: false
		});
	} catch (error) {
		if (!(error instanceof Failure) || error.class === "cancelled") throw error;
		return {
			unknown: `the base image ${base} cannot be resolved (${error.message})`,
			failure: error
		};
	}
}
// src/assembly/look-up.ts
async function findEnvironments(recipe, request, base, cached, registries, machine) {
	const requests = await Promise.all(request.platforms.map(async (platform) => ({
		platform,
		key: await environmentKey({
			...request,
			recipe,
			base: base ?? digestOf(`only the name ${recipe.base}`),
			platform
		}, machine.files.enclosed)
	})));
	const { cache } = request;
	if (base === void 0 || cache === void 0 || !cache.reads.environments) return {
		requests,
		environments: []
	};
	return {
		requests,
		environments: (await Promise.all(requests.map(async ({ key, platform }) => (cached && await environmentBelow(registries, cached, key, platform)) ?? findEnvironment(registries, cache, key, platform)))).filter((environment) => environment !== void 0)
	};
}
async function lookUpPayload(recipe, models, request, registries, machine) {
	const { references, byDigest, cache, last, skipExisting } = request;
	const tags = [last, byDigest ? void 0 : references[0]].filter((reference) => reference !== void 0);
	const [layerJobs, previous] = await Promise.all([planPayload(recipe, models, request, machine), findPrevious(registries, skipExisting ? tags.toReversed() : tags, cache)]);
	const cachedLayers = new Map(previous.cached?.layers);
	const layers = await findModels(registries, cache, uncachedModels(cachedLayers, layerJobs));
	for (const [key, layer] of layers) cachedLayers.set(key, layer);
	return {
		...previous,
		layerJobs,
		cachedLayers,
		recordedDigests: layers.map(([, { digest }]) => digest),
		newModels: uncachedModels(cachedLayers, layerJobs)
	};
}
async function findModels(registries, cache, keys) {
	if (cache === void 0 || !cache.reads.models) return [];
	return (await Promise.all([...keys].map((key) => findModel(registries, cache, key)))).flatMap((layers) => [...layers]);
}
function uncachedModels(cachedLayers, jobs) {
	return new Set(jobs.flatMap(({ key, model }) => key && model && !cachedLayers.has(key) ? [model] : []));
}
// src/action/find-existing.ts
async function findExisting(direct, loading, registries) {
	const { job, recipe, request } = direct;
	const { inputs, machine, watch } = job;
	const models = await modelsToAssemble(direct);
	const [base, payload] = await watch.phase("query the registry", () => Promise.all([findBase(registries, recipe.base, inputs.registryMirrors), readingCache(request, machine, (one) => lookUpPayload(recipe, models, one, registries, machine))]));
	const basis = typeof base === "object" ? await basisWithoutDigest(direct, base) : {
		base,
		request,
		environmentRequest: environmentRequestOf(request)
	};
	if ("because" in basis) return basis;
	machine.actions.info("Direct assembly: the backend builds the environment unless it is cached; this action makes all other layers");
	const { cachedLayers, ...environments } = await watch.phase("find the environment", async () => {
		const found = await readingCache(basis.request, machine, (one) => findEnvironments(recipe, one, basis.base, payload.cached, registries, machine));
		return loading === void 0 || basis.base === void 0 ? {
			...found,
			cachedLayers: payload.cachedLayers
		} : findInStore(loading, job, found, payload);
	});
	for (const line of printCached(basis.request, payload, environments)) machine.actions.info(line);
	return {
		basis,
		payload: {
			...payload,
			cachedLayers
		},
		environments
	};
}
async function modelsToAssemble({ job, request }) {
	const obstacle = obstacleToStreaming(request);
	return obstacle === void 0 ? job.models : downloadRemoteFiles(job, obstacle);
}
async function readingCache(request, { actions, signal }, read) {
	try {
		return await read(request);
	} catch (error) {
		const isAboutCache = error instanceof Failure && (error.class === "auth" || error.class === "network");
		if (request.cache === void 0 || !onlyLoads(request) || !isAboutCache || signal.aborted) throw error;
		actions.info(`The cache ${printRepository(request.cache.repository)} is not used: ${error.message}`);
		return read(withoutCache(request));
	}
}
async function basisWithoutDigest(direct, { unknown, failure }) {
	const { job, recipe, request, selectEngine } = direct;
	const environmentRequest = withoutCache(request);
	const [platform] = request.platforms;
	const planned = {
		platform,
		recipe,
		request: environmentRequest
	};
	if (await refusalOf(async () => planEnvironment(job, await selectEngine(), planned)) !== void 0) return fallBack(direct, unknown, failure);
	job.machine.actions.info(`The environment is built in this run and not cached: ${unknown}`);
	return {
		request: {
			...request,
			skipExisting: false
		},
		environmentRequest
	};
}
function printCached({ cache }, { layerJobs, cachedLayers }, { requests, environments }) {
	if (cache === void 0) return [];
	const models = layerJobs.filter(({ located }) => located !== void 0);
	const found = models.flatMap(({ key = "" }) => cachedLayers.get(key) ?? []);
	const size = found.reduce((sum, layer) => sum + layer.size, 0);
	const parts = [...requests.map(({ key, platform }) => {
		const isCached = environments.some((environment) => environment.key === key);
		return `environment for ${printPlatform(platform)} ${isCached ? "cached" : "not cached"}`;
	}), ...models.length === 0 ? [] : [`${found.length} of ${models.length} model layers cached${size === 0 ? "" : ` (${printBytes(size)})`}`]];
	return [`Cache ${printRepository(cache.repository)}: ${parts.join("; ")}`];
}
// src/action/build-directly.ts
async function buildDirectly(job, recipe) {
	const { inputs, watch, machine } = job;
	const requestOn = (platform) => readAssemblyRequest(inputs, job.bento, recipe, platform, machine);
	const suits = checkOf(job, recipe, requestOn);
	const selectEngine = once(() => watch.phase("detect the engine", () => readyEngine(job, suits)));
	const request = requestOn(await platformHere(job, selectEngine));
	if (inputs.cacheKey !== void 0) maskSecret("cache-key", inputs.cacheKey, machine.actions);
	const { selection: assumed, planned } = await assumeBackend(inputs, job.env, machine, (selection) => commandsOfEnvironment(job, recipe, environmentRequestOf(request), selection));
	const direct = {
		job,
		recipe,
		request,
		assumed: {
			...assumed,
			engine: NO_ENGINE
		},
		selectEngine
	};
	if (inputs.dryRun === true) {
		const commands = [...planned.commands, closingComment(request, void 0)];
		return {
			...planned,
			...outcomeOf(direct, assumed, void 0, builtBy(assumed)),
			commands
		};
	}
	const image = await makeDirectly(direct);
	return "because" in image ? image : {
		dockerfile: planned.dockerfile,
		...image
	};
}
async function makeDirectly(direct) {
	const { job, recipe, request, selectEngine } = direct;
	const { machine, watch } = job;
	const registries = openRegistries(machine, registryOptions(job));
	const loading = request.isLoaded ? await openLoading(job, await selectEngine(), request) : void 0;
	if (request.isLoaded && loading === void 0) return fallBack(direct, "no program of a local image store is here");
	const found = await findExisting(direct, loading, registries);
	if ("because" in found) return found;
	const { basis, payload, environments } = found;
	const obstacle = loading && await obstacleToLoading(direct, basis, loading, environments);
	if (obstacle !== void 0) return fallBack(direct, obstacle);
	const assembly = new Assembly(recipe, basis.request, {
		...payload,
		...environments
	}, registries, machine, watch);
	await assembly.checkLimits();
	const store = loading && {
		...loading,
		origin: originOf(loading, environments)
	};
	try {
		return await findUnchanged(direct, assembly, registries) ?? await assemble(direct, basis, assembly, registries, store);
	} catch (error) {
		if (!(error instanceof Failure) || error.code !== "LoadRefused") throw error;
		return fallBack(direct, error.message, error);
	}
}
async function obstacleToLoading({ job, recipe, request, selectEngine }, { base, environmentRequest }, loading, { requests, environments }) {
	if (environments.length === requests.length) return void 0;
	const [platform] = request.platforms;
	const planned = {
		platform,
		recipe,
		request: environmentRequest,
		...base === void 0 ? {} : { base }
	};
	return (await refusalOf(async () => planEnvironment(job, await selectEngine(), planned)))?.message ?? await obstacleToFetching(loading, request);
}
async function findUnchanged(direct, assembly, registries) {
	const unchanged = await assembly.findUnchanged();
	if (unchanged === void 0) return void 0;
	const tags = direct.request.references.map(printReference).join(", ");
	direct.job.machine.actions.info(`${tags}: an identical image exists already.`);
	return {
		...outcomeOf(direct, direct.assumed, unchanged, CACHED),
		...trafficOf(direct, unchanged, registries),
		assembly: "direct, image exists already",
		existed: true,
		commands: []
	};
}
async function assemble(direct, { base, environmentRequest }, assembly, registries, loading) {
	const { job, recipe, request } = direct;
	const { machine } = job;
	const paths = pathsOf(request);
	await refuseExisting(paths, machine.files);
	const commands = [];
	const cached = new Set();
	const sentByBackend = new Set();
	const environments = [];
	let fetched = 0;
	let selection = loading === void 0 ? direct.assumed : await direct.selectEngine();
	const build = async (request, signal) => {
		selection = await direct.selectEngine();
		const wanted = {
			...request,
			recipe,
			request: environmentRequest,
			...base === void 0 ? {} : { base }
		};
		const built = await buildEnvironment({
			...job,
			machine: {
				...machine,
				signal
			}
		}, selection, wanted, registries);
		commands.push(...built.commands);
		if (built.cache !== void 0) cached.add(built.cache);
		if (environmentRequest.cache !== void 0) for (const { digest } of built.environment.layers) sentByBackend.add(digest);
		environments.push(built.environment);
		return built.environment;
	};
	const load = loading && (async (image) => {
		fetched = await job.watch.phase("load", () => loadImage(loading, job, image, request, environments));
	});
	const image = await removeOnFailure(paths, machine.files, () => assembly.make(build, load));
	if (request.references.length > 0) machine.actions.info(`Uploaded ${printBytes(registries.uploads.bytes)}.`);
	const cache = cached.size === 0 ? {} : { cache: [...cached].join("; ") };
	const push = trafficOf(direct, image, registries, {
		by: selection.backend.name,
		layers: sentByBackend
	});
	const isBuilt = environments.length > 0;
	return {
		...outcomeOf(direct, selection, image, isBuilt ? builtBy(selection) : loading?.origin ?? "cached"),
		...loading === void 0 ? {} : {
			...loadOf(image, fetched),
			client: loading.local.store.client
		},
		...push,
		...cache,
		commands: [...commands, closingComment(request, image)]
	};
}
const NO_ENGINE = { versions: {} };
async function platformHere({ inputs, env, machine }, selectEngine) {
	const here = parsePlatform(machine.architecture);
	if (inputs.platforms.length > 0 || inputs.dryRun === true || await isEngineHere(inputs, env, machine)) return here;
	return (await selectEngine()).engine.platform ?? here;
}
function checkOf(job, recipe, requestOn) {
	if (isLoaded(job.inputs) && !mustBeDirect(job.inputs)) return imageCheck(job);
	return async (selection) => {
		const request = environmentRequestOf(requestOn(selection.engine.platform ?? parsePlatform(job.machine.architecture)));
		const [platform] = request.platforms;
		await planEnvironment(job, selection, {
			platform,
			recipe,
			request
		});
	};
}
async function commandsOfEnvironment(job, recipe, request, selection) {
	const [platform] = request.platforms;
	const base = parseReference(recipe.base).digest;
	if (base !== void 0 && job.inputs.dryRun === true) return planEnvironment(job, selection, {
		key: await environmentKey({
			...request,
			recipe,
			base,
			platform
		}, job.machine.files.enclosed),
		platform,
		recipe,
		request
	});
	const { dockerfile, commands } = await planEnvironment(job, selection, {
		platform,
		recipe,
		request
	});
	const unknown = `${UNKNOWN_ENVIRONMENT_TAG} stands for a name that is made of the digest of ${recipe.base}, for which a run asks the registry`;
	return {
		dockerfile,
		commands: [...commands, printComment(unknown)]
	};
}
function once(work) {
	let result;
	return () => {
		result ??= work();
		return result;
	};
}
// src/action/make-image.ts
async function makeImage(job, choice) {
	if (choice.kind === "backend") return buildByBackend(job, choice.because);
	const image = await buildDirectly(job, choice.recipe);
	return "because" in image ? buildByBackend(job, image.because, image.selectEngine) : image;
}
export { makeImage };
