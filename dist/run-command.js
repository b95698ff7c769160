import { FAILURE_TITLES, FOREIGN, Failure, REPORTS, Secret, TimeOver, VERSION, asFailure, asOneLine, build, decodeSchema, documentationUrl, inputFailure, masksOf, openHider, openProgress, ownValue, printFailure, printProgress, realFiles, realMachine, runAction, schema } from "./shared.js";
import { matrixSchema, merge, mergeSchema, planMatrix, removeEngine } from "./shared-late.js";
import { resolve } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { fileURLToPath } from "node:url";
// src/machine/terminal.ts
function realTerminal() {
	for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void 0);
	const { isTTY } = process.stderr;
	const print = process.stdout.write.bind(process.stdout);
	process.stdout.write = () => true;
	return {
		print: (text) => void print(text),
		log: (text) => void process.stderr.write(text),
		hasColors: isTTY === true && process.stderr.hasColors(),
		columns: () => isTTY === true ? process.stderr.columns : void 0
	};
}
function processEnvironment() {
	return { ...process.env };
}
function repositoryFile(path) {
	const here = import.meta.url;
	return fileURLToPath(new URL(here.endsWith(".ts") ? `../../${path}` : `../${path}`, here));
}
// src/command-line/nearest.ts
function nearest(given, words) {
	const [best] = words.map((word) => ({
		word,
		changes: distance(given, word)
	})).filter(({ word, changes }) => changes <= Math.max(1, Math.floor(word.length / 3)) && changes < word.length).sort((one, other) => one.changes - other.changes);
	return best?.word;
}
function distance(from, to) {
	const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
	const at = (row, column) => rows[row]?.[column] ?? 0;
	for (let row = 1; row <= from.length; row += 1) {
		rows.push([row]);
		for (let column = 1; column <= to.length; column += 1) {
			const isSame = from[row - 1] === to[column - 1];
			const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			const changes = [
				at(row - 1, column) + 1,
				at(row, column - 1) + 1,
				at(row - 1, column - 1) + (isSame ? 0 : 1)
			];
			if (isSwapped) changes.push(at(row - 2, column - 2) + 1);
			rows[row]?.push(Math.min(...changes));
		}
	}
	return at(from.length, to.length);
}
// src/command-line/flags.ts
const NEGATION = "no-";
function parseFlags(args, flags, others = {}) {
	const known = new Map(flags.map((flag) => [flag.name, flag]));
	const negated = negations(flags);
	const values = new Map();
	const operands = [];
	const mistakes = [];
	const tokens = tokensOf(args, flags, [...negated.keys()]);
	for (let token = tokens.shift(); token !== void 0; token = tokens.shift()) {
		if (token.kind === "positional") operands.push(token.value);
		if (token.kind !== "option") continue;
		const positive = negated.get(token.name);
		const flag = known.get(positive ?? token.name);
		if (flag === void 0) {
			const meant = nearest(token.rawName.replace(/^-+/, ""), [...known.keys(), ...negated.keys()]);
			const other = ownValue(others, token.name);
			mistakes.push(`${token.rawName}: there is no such flag${other === void 0 ? didYouMean(meant) : useInstead(other)}`);
			if ((other !== void 0 || takesValue(known.get(meant ?? ""))) && token.inlineValue !== true && tokens[0]?.kind === "positional") tokens.shift();
			continue;
		}
		const read = positive === void 0 ? readValue(flag, token) : readNegation(token);
		if ("mistake" in read) mistakes.push(`${token.rawName}: ${read.mistake}`);
		else values.set(flag.name, [...values.get(flag.name) ?? [], read.value]);
	}
	return {
		values,
		operands,
		mistakes
	};
}
function didYouMean(flag) {
	return flag === void 0 ? "" : `; did you mean --${flag}?`;
}
function useInstead({ instead, note }) {
	const flags = instead.map((name) => `--${name}`).join(", ");
	return `${flags === "" ? "" : `; use ${flags}`}: ${note}`;
}
function takesValue(flag) {
	return flag !== void 0 && flag.kind !== "toggle";
}
function tokensOf(args, flags, negated) {
	const options = flags.map(({ name, kind, short }) => [name, {
		type: kind === "toggle" ? "boolean" : "string",
		...short === void 0 ? {} : { short }
	}]);
	const negations = negated.map((name) => [name, { type: "boolean" }]);
	const { tokens } = parseArgs({
		args: [...args],
		options: Object.fromEntries([...options, ...negations]),
		strict: false,
		tokens: true
	});
	return tokens;
}
function negations(flags) {
	const names = new Set(flags.map(({ name }) => name));
	const toggles = flags.filter(({ name, kind }) => kind === "toggle" && !name.startsWith(NEGATION));
	return new Map(toggles.map(({ name }) => [`${NEGATION}${name}`, name]).filter(([negation]) => !names.has(negation)));
}
function readValue({ kind }, { value, inlineValue }) {
	if (kind === "toggle") return { value: value ?? "true" };
	if (value === void 0) return { mistake: "a value is missing" };
	if (inlineValue !== true && /^-./.test(value)) return { mistake: "a value is missing; one that begins with - is given after =" };
	return { value };
}
function readNegation({ value }) {
	return value === void 0 ? { value: "false" } : { mistake: "it has no value" };
}
// src/command-line/arguments.ts
function isReference(kind) {
	return kind === "secret" || kind === "document";
}
const GENERAL = [
	{
		name: "json",
		kind: "toggle",
		description: "Print all results, or the error, as one JSON object"
	},
	{
		name: "summary",
		kind: "text",
		description: "Markdown file to write a summary to"
	},
	{
		name: "debug",
		kind: "toggle",
		description: "Print more to the log"
	},
	{
		name: "help",
		kind: "toggle",
		short: "h",
		description: "Print this help"
	},
	{
		name: "version",
		kind: "toggle",
		description: "Print the version"
	}
];
const SHORT = { tags: "t" };
function flagsOf({ schema }) {
	const general = GENERAL.filter(({ name }) => name !== "summary" || name in schema);
	return [...Object.entries(schema).filter(([name]) => general.every((flag) => flag.name !== name)).map(([name, { kind = "text" }]) => ({
		name,
		kind,
		...SHORT[name] && { short: SHORT[name] }
	})), ...general];
}
async function readArguments(args, command, metadata, { env, files }) {
	const flags = flagsOf(command);
	const parsed = parseFlags(args, flags, command.others);
	const operands = withOperand(parsed, command);
	const values = new Map([...parsed.values, ...operands.values]);
	const references = await resolveReferences(values, flags, {
		env,
		files
	});
	const flag = (name) => values.get(name)?.at(-1);
	const given = {};
	for (const [name, { kind }] of Object.entries(command.schema)) given[name] = (isReference(kind) ? references.texts.get(name) : values.get(name)?.slice(kind === "list" ? 0 : -1).join("\n")) ?? metadata.inputs[name]?.default ?? "";
	if ("summary" in command.schema) given["summary"] = String(values.has("summary"));
	const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
	const complete = {
		...withoutInputs(env, references.variables),
		...Object.fromEntries(variables)
	};
	const mistakes = [
		...parsed.mistakes,
		...operands.mistakes,
		...references.mistakes
	];
	return {
		env: complete,
		masks: references.masks,
		mistakes: mistakes.length === 0 ? [] : [...mistakes, ...await mistakesOfValues(command.schema, complete)],
		flag,
		isOn: (name) => flag(name)?.toLowerCase() === "true"
	};
}
function withOperand({ operands, values }, { operand }) {
	const [first, ...others] = operand === void 0 || values.has(operand) ? [void 0, ...operands] : operands;
	return {
		values: new Map(operand === void 0 || first === void 0 ? [] : [[operand, [first]]]),
		mistakes: others.length === 0 ? [] : [`${others.length} argument(s) too many: each value follows its flag`]
	};
}
async function resolveReferences(values, flags, machine) {
	const texts = new Map();
	const variables = [];
	const masks = [];
	const mistakes = [];
	for (const { name, kind } of flags) {
		const given = values.get(name)?.at(-1);
		if (given === void 0 || !isReference(kind)) continue;
		const [, place, where = ""] = /^(env|file):(.+)$/s.exec(given) ?? [];
		const text = place === "env" ? machine.env[where] : await machine.files.readText(where).catch(() => void 0);
		if (place === void 0) mistakes.push(`--${name}: the value is not given here, but as env:VARIABLE or file:PATH`);
		else if (text === void 0) mistakes.push(`--${name}: ${where} ${place === "env" ? "is not set" : "cannot be read"}`);
		else texts.set(name, text);
		if (kind !== "secret") continue;
		if (place === "env") variables.push(where);
		masks.push(...masksOf(new Secret(text ?? "")));
	}
	return {
		texts,
		variables,
		masks,
		mistakes
	};
}
function withoutInputs(env, secrets) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:INPUT|STATE)_/.test(name) && !secrets.includes(name)));
}
async function mistakesOfValues(schema, env) {
	return decodeSchema(schema, env, () => []).then(() => [], (error) => asFailure(error).lines);
}
// src/command-line/commands.ts
const COMMANDS = [
	{
		name: "build",
		metadata: "action.yml",
		schema,
		operand: "bento",
		others: FOREIGN,
		groups: {
			Bento: [
				"bento",
				"bentoml-home",
				"dockerfile",
				"enable-features"
			],
			"Backend and builder": [
				"backend",
				"builder",
				"builder-ca",
				"builder-cert",
				"builder-key"
			],
			"Tools and engines": [
				"install",
				"tools",
				"tool-mirror",
				"tool-checksums",
				"cache-limit",
				"keep-state"
			],
			Image: [
				...[
					"tags",
					"platforms",
					"labels",
					"annotations",
					"build-args",
					"target"
				],
				...[
					"provenance",
					"sbom",
					"attests"
				],
				...[
					"format",
					"compression",
					"source-date-epoch"
				]
			],
			Destination: [
				"push",
				"push-by-digest",
				"digest-file",
				"load",
				"output"
			],
			"Direct assembly": [
				"assembly",
				"environment-cache",
				"cache-key",
				"verify-models",
				"if-exists",
				"model-artifact"
			],
			Cache: [
				"cache",
				"cache-from",
				"cache-to",
				"no-cache",
				"no-cache-filters",
				"pull"
			],
			"Secrets and credentials": [
				"secrets",
				"secret-envs",
				"secret-files",
				"ssh",
				"registry-auth-file"
			],
			Registries: [
				"registry-mirrors",
				"insecure-registries",
				"registry-authorities"
			],
			"Build steps": [...[
				"add-hosts",
				"allow",
				"build-contexts",
				"cgroup-parent",
				"network"
			], ...[
				"shm-size",
				"ulimit",
				"extra-args"
			]],
			Job: [
				"timeout",
				"dry-run",
				"summary"
			],
			"Aliases of BentoML's own action": [
				"bento-tag",
				"oci-backend",
				"outputs"
			]
		},
		onlyAsJson: [
			"images",
			"digests",
			"metadata",
			"commands"
		],
		story: build,
		report: REPORTS.build
	},
	{
		name: "merge",
		metadata: "merge/action.yml",
		schema: mergeSchema,
		groups: { Inputs: Object.keys(mergeSchema) },
		onlyAsJson: ["images", "digests"],
		story: merge,
		report: REPORTS.merge
	},
	{
		name: "matrix",
		metadata: "matrix/action.yml",
		schema: matrixSchema,
		groups: { Inputs: Object.keys(matrixSchema) },
		onlyAsJson: [],
		story: planMatrix,
		report: REPORTS.matrix
	}
];
// src/command-line/exit-code.ts
const EXIT_CODES = {
	input: 2,
	bento: 1,
	dockerfile: 1,
	"run-step": 1,
	"base-image": 1,
	platform: 1,
	disk: 1,
	tool: 1,
	engine: 69,
	internal: 70,
	network: 75,
	"rate-limit": 75,
	auth: 77
};
const SIGNALS = {
	SIGINT: 130,
	SIGTERM: 143
};
function exitCodeOf(failure, reason) {
	if (failure.class !== "cancelled") return EXIT_CODES[failure.class];
	return reason instanceof TimeOver ? 124 : SIGNALS[String(reason)] ?? 1;
}
// src/command-line/help.ts
const WIDTH = 100;
const INDENT = "      ";
function overview(commands) {
	return [
		"Usage: bento-image COMMAND [FLAGS]",
		"",
		...commands.flatMap(({ command, metadata }) => [`  ${usage(command)}`, ...wrapped(metadata.description, INDENT)]),
		"",
		"Examples:",
		"  bento-image build iris:latest",
		"  bento-image build ./iris.bento --tags ghcr.io/acme/iris:1.4.0 --push",
		"  bento-image build iris:latest --backend podman --output oci-archive:iris.tar",
		"  bento-image build iris:latest --dry-run",
		"",
		"bento-image COMMAND --help lists all flags of a command.",
		documentationUrl("docs/command-line.md"),
		""
	].join("\n");
}
function helpOf(command, metadata) {
	const flags = flagsOf(command);
	const groups = Object.entries(command.groups).flatMap(([title, names]) => {
		const lines = flags.filter(({ name }) => names.includes(name) && !isGeneral(name)).flatMap((flag) => inputLines(flag, metadata));
		return lines.length === 0 ? [] : [
			`${title}:`,
			...lines,
			""
		];
	});
	const general = GENERAL.filter(({ name }) => flags.some((flag) => flag.name === name));
	return [
		`Usage: bento-image ${usage(command)}`,
		"",
		...wrapped(metadata.description, ""),
		"",
		...wrapped("A flag with ... may be given several times, once for each item of the list.", ""),
		...wrapped("Secrets and certificates are given as env:VARIABLE or file:PATH, as others can read the arguments of a process.", ""),
		"",
		...groups,
		"General:",
		...general.flatMap((flag) => [`  ${formOf(flag)}`, ...wrapped(flag.description, INDENT)]),
		""
	].join("\n");
}
function isGeneral(name) {
	return GENERAL.some((flag) => flag.name === name);
}
function usage({ name, operand }) {
	return `${name}${operand === void 0 ? "" : ` ${operand.toUpperCase()}`} [FLAGS]`;
}
function inputLines(flag, { inputs }) {
	const { description = "", required, default: preset } = inputs[flag.name] ?? {};
	const fallback = preset === void 0 ? "" : ` (default: ${preset})`;
	const ending = required === true ? " (required)" : fallback;
	return [`  ${formOf(flag)}`, ...wrapped(`${plain(description)}${ending}`, INDENT)];
}
function formOf({ name, kind, short }) {
	const names = short === void 0 ? `--${name}` : `-${short}, --${name}`;
	switch (kind) {
		case "toggle": return isGeneral(name) || name.startsWith("no-") ? names : `--[no-]${name}`;
		case "list": return `${names} VALUE ...`;
		case "secret":
		case "document": return `${names} env:VARIABLE | file:PATH`;
		case "text": return `${names} VALUE`;
	}
}
function plain(description) {
	return description.replace(/\[([^[\]]+)\]\([^()]*\)/g, "$1").replaceAll("`", "");
}
function wrapped(text, indent) {
	const lines = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last === void 0 || last.length + word.length + 1 > WIDTH) lines.push(`${indent}${word}`);
		else lines.splice(-1, 1, `${last} ${word}`);
	}
	return lines;
}
// src/command-line/metadata.ts
async function readMetadata(path, files) {
	const { load } = await import("./libraries.js");
	return load(await files.readText(repositoryFile(path)));
}
// src/command-line/results.ts
function printLines(outputs, onlyAsJson, clean) {
	return outputs.filter(([name]) => !onlyAsJson.includes(name)).flatMap(([name, value]) => clean(value).split("\n").map((line) => `${name}: ${line}\n`)).join("");
}
function printJson(outputs, clean) {
	return print(Object.fromEntries(outputs.map(([name, value]) => [name, parsed(value)])), clean);
}
function printError({ class: kind, code, message, lines, hint }, clean) {
	return print({ error: {
		class: kind,
		code,
		message,
		lines,
		hint
	} }, clean);
}
function print(value, clean) {
	const text = (_, part) => typeof part === "string" ? clean(part) : part;
	return `${JSON.stringify(value, text, 2)}\n`;
}
function parsed(value) {
	if (!/^[[{]/.test(value)) return value;
	try {
		return JSON.parse(value);
	} catch {
		return value;
	}
}
// src/command-line/naming.ts
const ON_OTHER_SYSTEMS = "Run it on Linux, for example in a virtual machine: on other systems, engines run in one of theirs, which cannot see this machine's files.";
function inFlags(failure, flags, command) {
	const { code, hint, message, lines, mistakes, position } = failure;
	const same = {
		code,
		cause: failure,
		...position && { position }
	};
	if (code === "LinuxOnly") {
		const text = message.replace("this action runs on Linux runners", "bento-image runs on Linux");
		return new Failure(failure.class, text, {
			...same,
			hint: ON_OTHER_SYSTEMS
		});
	}
	if (failure.class !== "input") return failure;
	const kinds = Object.fromEntries(flags.map(({ name, kind }) => [name, kind]));
	const named = (line) => lineInFlags(line, kinds);
	return new Failure("input", lines.reduce((text, line) => text.replace(line, () => named(line)), message), {
		...same,
		lines: lines.map(named),
		mistakes: mistakes.map(named),
		...mistakes.length > 0 ? { hint: `bento-image ${command} --help lists all flags.` } : hint && { hint }
	});
}
function lineInFlags(line, kinds) {
	const [, head = "", rest = ""] = /^([a-z-]+(?:, [a-z-]+)*)(: .*)$/s.exec(line) ?? [];
	const names = head.split(", ");
	if (!names.every((name) => ownValue(kinds, name) !== void 0)) return line;
	return names.map((name) => `--${name}`).join(", ") + rest.replace(EXAMPLE, (_, text) => `(for example: ${example(text, names[0] ?? "", kinds)})`);
}
const EXAMPLE = /\(for example: (.*)\)$/s;
function example(text, name, kinds) {
	const [, other = name, value = text] = /^([a-z-]+): (.*)$/s.exec(text) ?? [];
	const kind = ownValue(kinds, other);
	if (kind === void 0) return `--${name} ${text}`;
	if (kind === "toggle") return value === "false" ? `--no-${other}` : `--${other}`;
	return `--${other} ${isReference(kind) ? "file:PATH" : value}`;
}
// src/command-line/talk.ts
const LINE_INTERVAL = 1e4;
const BAR_INTERVAL = 200;
const BOLD = 1;
const RED = 31;
const YELLOW = 33;
const CYAN = 36;
const CLEAR = "\r\x1B[K";
function openTalk(terminal, { debug }) {
	const hider = openHider();
	const outputs = new Map();
	const state = new Map();
	const bar = openBar(terminal);
	let summary = "";
	const clean = (text) => hider.hide(withoutControls(text));
	const paint = (text, color) => terminal.hasColors ? `\u001b[${color}m${text}\u001b[0m` : text;
	const write = (text, change = (line) => line) => {
		const lines = clean(text).split("\n").map(change);
		bar.above(lines.map((line) => `${line}\n`).join(""));
	};
	const annotate = (label, color) => (message, annotation) => {
		const [first = "", ...others] = headed(message, annotation).split("\n");
		write([`${label}: ${first}`, ...others].join("\n"), (line) => line.startsWith(`${label}: `) ? `${paint(`${label}:`, color)}${line.slice(label.length + 1)}` : line);
	};
	return {
		outputs,
		clean,
		summary: () => hider.hide(summary),
		info: (text) => write(text),
		debug: (text) => debug ? write(text, (line) => `debug: ${line}`) : void 0,
		notice: annotate("note", CYAN),
		warning: annotate("warning", YELLOW),
		error: annotate("error", RED),
		openGroup(title, of = "program") {
			if (of === "file" && !debug) return {
				info: () => void 0,
				end: () => void 0
			};
			write(asOneLine(title), (line) => paint(line, BOLD));
			return {
				info: (text) => write(text, (line) => `  ${line}`),
				end: () => void 0
			};
		},
		progress: terminal.columns() === void 0 ? openProgress((task) => task.isOver ? void 0 : write(printProgress(task)), LINE_INTERVAL) : openProgress((task) => bar.show({
			...task,
			title: clean(task.title)
		}), BAR_INTERVAL),
		mask: hider.add,
		hide: hider.hide,
		setOutput: (name, value) => void outputs.set(name, value),
		exportVariable: () => void 0,
		addPath: () => void 0,
		saveState: (name, value) => void state.set(name, value),
		getState: (name) => state.get(name) ?? "",
		async writeSummary(markdown) {
			summary += markdown;
		}
	};
}
function headed(message, { title, file, line } = {}) {
	const where = file === void 0 ? "" : ` (${[file, line].filter((part) => part !== void 0).join(":")})`;
	return title === void 0 ? `${message}${where}` : `${title}${where}\n${message}`;
}
function withoutControls(text) {
	return stripVTControlCharacters(text).replace(/[^\P{Cc}\t\n]/gu, "");
}
function openBar({ log, columns }) {
	const tasks = new Map();
	let isDrawn = false;
	const clear = () => isDrawn ? CLEAR : "";
	const draw = () => {
		const [task] = tasks.values();
		isDrawn = task !== void 0;
		return task === void 0 ? "" : barOf(task, columns() ?? 0);
	};
	return {
		show(task) {
			if (task.isOver) tasks.delete(task.title);
			else tasks.set(task.title, task);
			log(`${clear()}${draw()}`);
		},
		above(text) {
			log(`${clear()}${text}${draw()}`);
		}
	};
}
const BAR_WIDTH = 20;
function barOf(task, columns) {
	const { done, total } = task;
	const text = printProgress(task);
	if (total === void 0 || total === 0) return text.slice(0, Math.max(columns - 1, 0));
	const full = Math.round(Math.min(done, total) * BAR_WIDTH / total);
	return `[${"#".repeat(full)}${"-".repeat(BAR_WIDTH - full)}] ${text}`.slice(0, Math.max(columns - 1, 0));
}
// src/command-line/run-story.ts
async function runStory(command, inputs, terminal) {
	const { isOn, masks, mistakes } = inputs;
	const talk = openTalk(terminal, { debug: isOn("debug") });
	for (const mask of masks) talk.mask(mask);
	const env = isOn("debug") ? {
		...inputs.env,
		RUNNER_DEBUG: "1"
	} : inputs.env;
	const { machine, removeKept } = withKept(realMachine({
		env,
		workspace: resolve("."),
		actions: talk
	}));
	let failed;
	let removed;
	async function story() {
		if (mistakes.length > 0) throw inputFailure(mistakes);
		try {
			await command.story(machine);
		} finally {
			await removeEngine({
				...machine,
				system: await machine.system()
			});
			if (!isOn("dry-run")) removed = await removeKept();
		}
	}
	const codeOf = (failure) => exitCodeOf(failure, machine.signal.reason);
	await runAction(story, command.report, {
		machine,
		inWords(failure) {
			failed = inFlags(failure, flagsOf(command), command.name);
			return failed;
		},
		exitCodeOf: codeOf
	});
	await writeSummary(inputs.flag("summary"), talk, machine);
	if (failed !== void 0) {
		if (isOn("json")) terminal.print(printError(failed, talk.clean));
		return codeOf(failed);
	}
	const outputs = [...talk.outputs].filter(([, value]) => value !== "" && !names(value, removed));
	terminal.print(isOn("json") ? printJson(outputs, talk.clean) : printLines(outputs, command.onlyAsJson, talk.clean));
	return 0;
}
function names(value, removed) {
	return removed !== void 0 && value.includes(removed);
}
function withKept(machine) {
	let path;
	const files = {
		...machine.files,
		async kept() {
			path = await machine.files.kept();
			return path;
		}
	};
	return {
		machine: {
			...machine,
			files
		},
		async removeKept() {
			if (path !== void 0) await files.remove(path);
			return path;
		}
	};
}
async function writeSummary(path, talk, { files, workspace }) {
	if (path === void 0 || talk.summary() === "") return;
	await files.write(resolve(workspace, path), talk.summary(), 420).catch((error) => {
		talk.warning(`--summary: the summary could not be written: ${error.message}`);
	});
}
// src/command-line/run-command.ts
async function runCommand(args) {
	const terminal = realTerminal();
	const env = processEnvironment();
	const files = realFiles("/tmp");
	const [name, ...others] = args;
	if (name === "--version") return printed(`bento-image ${VERSION}\n`, terminal);
	if (name === "--help" || name === "-h") return printed(await firstScreen(files), terminal);
	const command = COMMANDS.find((one) => one.name === name);
	if (command === void 0) return refuse(name, others.includes("--json"), terminal);
	const metadata = await readMetadata(command.metadata, files);
	const inputs = await readArguments(others, command, metadata, {
		env,
		files
	});
	if (inputs.isOn("help")) return printed(helpOf(command, metadata), terminal);
	if (inputs.isOn("version")) return printed(`bento-image ${VERSION}\n`, terminal);
	return runStory(command, inputs, terminal);
}
function printed(text, terminal) {
	terminal.print(text);
	return 0;
}
async function firstScreen(files) {
	const described = COMMANDS.map(async (command) => ({
		command,
		metadata: await readMetadata(command.metadata, files)
	}));
	return overview(await Promise.all(described));
}
function refuse(name, isJson, terminal) {
	const known = COMMANDS.map((command) => command.name);
	const like = name === void 0 ? void 0 : nearest(name, known);
	const problem = name === void 0 ? "no command is given" : `there is no command "${name}"`;
	const actions = openTalk(terminal, { debug: false });
	const failure = new Failure("input", `${problem}${like === void 0 ? "" : `; did you mean ${like}?`}`, { hint: `The commands are ${known.join(", ")}; bento-image --help describes them.` });
	actions.error(printFailure(failure), { title: FAILURE_TITLES.input });
	if (isJson) terminal.print(printError(failure, actions.clean));
	return exitCodeOf(failure, void 0);
}
export { runCommand };
