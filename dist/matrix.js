import { Failure, compileGlob, decodeSchema, duplicates, inputFailure, items, ownValue, pairs, parsePlatform, platformSlug, platforms, printPlatform, runAction, toggle } from "./shared.js";
import { basename, dirname, join, resolve } from "node:path/posix";
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
	return [...isPrefix(prefix) ? [] : [`runners: "${prefix}" is neither the beginning of a platform nor ${DEFAULT_RUNNER}`], ...labelsOf(runner).length === 0 ? [`runners: ${prefix} has no runner`] : []];
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
function labelsOf(runner) {
	return runner.split(",").map((label) => label.trim()).filter((label) => label !== "");
}
// src/matrix/matrix.ts
const MOST_JOBS = 256;
async function planMatrix(machine) {
	const { actions } = machine;
	const inputs = await decodeSchema(matrixSchema, machine.env, findMatrixConflicts);
	const { bentos, missing } = await findBentos(inputs.bentos, machine);
	if (missing.length > 0) throw inputFailure(missing.map((pattern) => `bentos: ${pattern} matches no file in ${machine.workspace}`));
	const runners = Object.fromEntries(Object.entries(inputs.runners).map(([key, text]) => [key, labelsOf(text)]));
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
// src/matrix.ts
await runAction(planMatrix, {
	summary: false,
	inputs: "matrix.md#matrixactionyml"
});
export {};
