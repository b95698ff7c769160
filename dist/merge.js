import { Failure, code, codeBlock, decodeSchema, digestOf, distinctRepositories, duplicates, each, facts, findAuthFile, findOfficial, folded, inParallel, indexAnnotations, isDigest, isJsonObject, join as join$1, markdown, normalizePlatform, parseDigestFile, parseReference, platforms, printFamiliar, printPlatform, printReference, printRepository, printSections, references, repositoryOf, runAction, samePlatform, sameRepository, table, text, toggle, wholeNumber, withDigest } from "./shared.js";
import { LAYER_TITLE, indexTypeOf, isAttestation, isImageConfigType, openRegistries, parseJsonObject, platformOf, printIndex, readManifest, repositoryContent, resolve as resolve$1, sendManifest, transfer, verify } from "./shared-late.js";
import { join, resolve } from "node:path/posix";
// src/merging/delivery.ts
async function deliver(registries, members, { descriptor, bytes }, tags) {
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
	for (const document of [descriptor, ...attestations]) await transfer(registries, source, document, [withDigest(repository, document.digest)]);
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
// src/merging/job-images.ts
async function nameJobImages({ digests, digestsFrom, sources }, defaultRepository, machine) {
	const listed = digests.map((item) => typeof item === "string" ? withDigest(defaultRepository, item) : item);
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
		reference: withDigest(defaultRepository, digest),
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
		reference: withDigest(parseReference(repository), digestFile.digest),
		source,
		digestFile
	};
}
// src/merging/member.ts
async function readJobImage(registries, jobImage) {
	const root = await resolve$1(registries, jobImage.reference);
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
	const images = distinctRepositories(tags).map((repository) => printReference(withDigest(repository, digest)));
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
	const usage = (first === void 0 ? [] : [printReference(withDigest(first, digest))]).flatMap((name) => [
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
		folded("Details", facts([["Tags", join$1(tags.map((tag) => code(printFamiliar(tag))), ", ")], ["Digest (index)", code(digest)]]))
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
	await deliver(registries, members, index, tags);
	await verify(registries, tags, index.descriptor.digest);
	const merged = {
		members,
		index,
		tags
	};
	for (const [name, value] of Object.entries(mergedOutputs(merged))) machine.actions.setOutput(name, value);
	if (inputs.summary !== false) await machine.actions.writeSummary(mergedSummary(merged));
	machine.actions.info(`Merged ${members.length} platform(s): ${index.descriptor.digest}`);
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
// src/merge.ts
await runAction(merge, {
	summary: true,
	inputs: "matrix.md#mergeactionyml"
});
export {};
