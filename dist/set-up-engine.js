import { __toESM } from "./rolldown-runtime.js";
import { MARK, PLUGIN, PLUGIN_TOOL, RETRY_POLICY, STATE, TransientFailure, asRoot, builderConfiguration, builderOf, buildkitConfiguration, buildkitSocket, cleanUp, cleanUpAsRoot, containerdConfiguration, containerdSocket, endOrphans, failureOfConnection, fileDigest, findBuildx, findEngine, findProgram, findSudo, hasEngineName, hostsConfigurations, lockKeptState, makePrivateDirectory, nerdctlConfiguration, newEngineDirectory, openJournal, parseRetryAfter, pathWith, placePlugin, readRecord as readRecord$1, require_coerce, socketDirectory, temporaryDirectory, withRetries } from "./shared-late.js";
import { Failure, ProgramMissing, Secret, asFailure, cancelled, counted, errorCode, findInputFile, gunzip, hexOf, inParallel, isJsonObject, isLack, masksOf, memberPath, missingOnMachine, printBytes, printPlatform, require_compare, require_lt, unpackTar, unquote } from "./shared.js";
import { dirname, join } from "node:path/posix";
import { createHash, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
// src/engines/diagnosis.ts
const HINTS = [
	[/executable file not found.{0,200}runc|runc.{0,200}executable file not found|failed to find runc/i, "Install runc; BuildKit's release includes it as buildkit-runc."],
	[/address already in use|could not lock|another instance running/i, "Another daemon uses the same socket or state; stop it, or set keep-state: false."],
	[/newuidmap|newgidmap|uid range|subuid|subgid|user namespaces?|failed to reexec|operation not permitted.{0,200}(?:unshare|clone|fork)|(?:unshare|clone|fork).{0,200}operation not permitted/i, "The machine does not let ordinary users create user namespaces; see the sysctls kernel.apparmor_restrict_unprivileged_userns, kernel.unprivileged_userns_clone and user.max_user_namespaces, or run as root."],
	[/overlay(?:fs)?.{0,200}(?:not supported|invalid argument|no such device|unknown filesystem)|no such device.{0,200}overlay/i, "overlayfs does not work in the runner's directory for temporary files; set RUNNER_TEMP to a directory on ext4 or xfs."],
	[/cgroup/i, "The machine's control groups cannot be used; a runner in a container needs --privileged or --cgroupns=host."],
	[/permission denied|operation not permitted/i, "The daemon lacks a permission; run the action as root, or a runner in a container with --privileged."],
	[/no space left on device|disk quota exceeded/i, "Free space in the runner's directory for temporary files."],
	[/toml|configuration/i, "The daemon does not know a setting of its configuration; use a newer version of it."]
];
function hintFrom(log) {
	const text = log.join("\n");
	return HINTS.find(([pattern]) => pattern.test(text))?.[1] ?? "See the end of the daemon's log above.";
}
// src/engines/daemon.ts
const READY_WITHIN_MS = 3e4;
async function startDaemon({ name, argv: [tool, ...args], env, socket }, journal, machine, within = READY_WITHIN_MS) {
	const log = `${journal.directory}/${name}.log`;
	const replace = await journal.add({
		kind: "process",
		name
	});
	const process = await machine.system.launch({
		tool,
		args,
		env: {
			...env,
			[MARK]: journal.directory
		}
	}, log);
	await replace({
		kind: "process",
		name,
		process
	});
	const problem = await untilReady(process, socket, machine, within);
	if (problem === void 0) return;
	const lines = await lastLines(log, machine);
	throw new Failure("engine", `${name} ${problem}`, {
		code: "EngineNotReady",
		lines,
		hint: hintFrom(lines)
	});
}
async function untilReady(process, socket, { system, signal }, within) {
	const deadline = performance.now() + within;
	for (let pause = 10; performance.now() < deadline; pause = Math.min(pause * 1.5, 200)) {
		if (signal.aborted) throw cancelled(signal, "Waiting for the engine stopped");
		if (await system.listens(socket)) return void 0;
		if (!await system.isAlive(process)) return "ended instead of starting";
		await setTimeout(pause);
	}
	return `was not ready within ${within / 1e3} s`;
}
async function lastLines(log, { files }) {
	return (await files.readText(log)).split("\n").filter((line) => line.trim() !== "").slice(-20);
}
// src/engines/engine-context.ts
async function prepareEngine(request, journal, machine) {
	const sockets = socketDirectory(journal.directory);
	await makePrivateDirectory(sockets, machine);
	const locked = request.keepState ? await lockKeptState(request.backend, journal, machine) : void 0;
	const notes = locked !== void 0 && "why" in locked ? [`keep-state: ${locked.why}`] : [];
	return {
		request,
		machine,
		journal,
		sockets,
		keptState: locked !== void 0 && "path" in locked ? locked.path : void 0,
		notes
	};
}
async function stateDirectory(name, { machine, journal, keptState }) {
	const path = `${keptState ?? journal.directory}/${name}`;
	await machine.files.makeDirectory(path, 448);
	return path;
}
async function writeConfiguration(name, text, { journal, machine }) {
	const path = `${journal.directory}/${name}`;
	await machine.files.write(path, text, 384);
	return path;
}
// src/engines/rootless.ts
const FORBIDDEN = "RootlessForbidden";
const SYSCTLS = [{
	name: "kernel.unprivileged_userns_clone",
	forbids: "0",
	better: "1"
}, {
	name: "user.max_user_namespaces",
	forbids: "0",
	better: "28633"
}];
const APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";
const PERMIT_ALL = `sudo sysctl -w ${APPARMOR}=0`;
async function checkRootless(tools, machine) {
	for (const { name, forbids, better } of SYSCTLS) if (await sysctl(name, machine) === forbids) throw forbidden(`${name} is ${forbids}`, `sudo sysctl -w ${name}=${better}`);
	const rootlesskit = await findProgram("rootlesskit", tools, machine);
	if (rootlesskit === void 0 && await sysctl(APPARMOR, machine) === "1") throw forbidden(`${APPARMOR} is 1, and there is no rootlesskit that an AppArmor profile exempts`, PERMIT_ALL);
	if (rootlesskit === void 0) throw new ProgramMissing("rootlesskit", {
		message: "rootlesskit is not on PATH; an ordinary user needs it to run buildkitd",
		hint: "Let the action install rootlesskit (input install), install it on the runner, or run the action as root."
	});
	if (await findProgram("newuidmap", tools, machine) === void 0) throw forbidden("newuidmap is not on PATH", "sudo apt-get install uidmap (Fedora: sudo dnf install shadow-utils)");
	const { id, name } = machine.system.user();
	for (const file of ["/etc/subuid", "/etc/subgid"]) {
		if (await hasRange(file, [name, String(id)], machine)) continue;
		throw forbidden(`${file} has no ids for ${name}`, `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`);
	}
	await checkApparmor(rootlesskit, machine);
	return rootlesskit;
}
async function checkApparmor(rootlesskit, machine) {
	if (await sysctl(APPARMOR, machine) !== "1") return;
	const { code } = await machine.processes.capture({
		tool: rootlesskit,
		args: ["true"]
	});
	if (code !== 0) throw forbidden(`${APPARMOR} is 1, and no AppArmor profile exempts ${rootlesskit}`, PERMIT_ALL);
}
function forbidden(setting, command) {
	return new Failure("engine", `this machine does not let ordinary users run buildkitd: ${setting}`, {
		code: FORBIDDEN,
		hint: `Run \`${command}\` on the runner, allow its user sudo without a password, or run the action as root.`
	});
}
async function hasRange(file, names, { files }) {
	return (await files.info(file) === void 0 ? "" : await files.readText(file)).split("\n").some((line) => names.includes(line.split(":")[0] ?? "") && line.split(":").length === 3);
}
async function sysctl(name, { files }) {
	const path = `/proc/sys/${name.replace(".", "/")}`;
	return await files.info(path) === void 0 ? void 0 : (await files.readText(path)).trim();
}
async function hasOwnProc({ system }) {
	return (await system.mountsBelow("/proc")).every((point) => point === "/proc/sys/fs/binfmt_misc");
}
// src/engines/rights.ts
async function findRights({ request, machine, notes }) {
	if (machine.system.user().id === 0) return { kind: "root" };
	try {
		return {
			kind: "rootless",
			rootlesskit: await checkRootless(request.tools, machine)
		};
	} catch (error) {
		if (!(error instanceof Failure) || error.code !== "RootlessForbidden") throw error;
		const sudo = await findSudo(machine);
		if (sudo === void 0) throw error;
		notes.push(`buildkitd runs as root with sudo, because ${error.message}`);
		return {
			kind: "sudo",
			sudo
		};
	}
}
// src/engines/buildkitd.ts
async function startBuildkitd(context) {
	const { request, machine } = context;
	await requireLinux(context);
	const buildkitd = await requireProgram("buildkitd", context);
	if (await findProgram("buildkit-runc", request.tools, machine) === void 0) await requireProgram("runc", context);
	const rights = await findRights(context);
	switch (rights.kind) {
		case "root": return launchBuildkitd(context, [buildkitd], ROOTFUL, await stateDirectory("buildkitd", context));
		case "rootless": return startRootless(context, buildkitd, rights.rootlesskit);
		case "sudo": return startBySudo(context, buildkitd, rights.sudo);
	}
}
const ROOTFUL = {
	kind: "oci",
	rootless: false,
	processSandbox: true
};
async function startRootless(context, buildkitd, rootlesskit) {
	const worker = {
		kind: "oci",
		rootless: true,
		processSandbox: await hasOwnProc(context.machine)
	};
	const program = [
		rootlesskit,
		"--net=host",
		`--state-dir=${context.sockets}/rootlesskit`,
		buildkitd
	];
	if (context.keptState === void 0) await context.journal.add({ kind: "mapped" });
	return launchBuildkitd(context, program, worker, await stateDirectory("buildkitd", context));
}
async function startBySudo(context, buildkitd, sudo) {
	await context.journal.add({ kind: "root" });
	return launchBuildkitd(context, [buildkitd], ROOTFUL, await stateDirectory("buildkitd-root", context), sudo);
}
async function startContainerdBuildkitd(context, address, namespace) {
	const buildkitd = await requireProgram("buildkitd", context);
	const root = await stateDirectory("buildkitd", context);
	return launchBuildkitd(context, [buildkitd], {
		kind: "containerd",
		address,
		namespace
	}, root);
}
async function startGuestBuildkitd(context, containerd, namespace) {
	if (!await context.machine.system.listens(containerd)) throw new Failure("engine", `no containerd listens at ${containerd}`, { hint: "Start it, or unset CONTAINERD_ADDRESS: the action then starts what it needs." });
	await requireProgram("buildctl", context);
	const address = await startContainerdBuildkitd({
		...context,
		keptState: void 0
	}, containerd, namespace);
	await context.journal.add({ kind: "cache" });
	return address;
}
async function launchBuildkitd(context, program, worker, root, sudo) {
	const { request, machine, sockets, journal } = context;
	const owner = sudo === void 0 ? void 0 : machine.system.user().id;
	const config = await writeConfiguration("buildkitd.toml", buildkitConfiguration(request.settings, worker, {
		root,
		sockets,
		owner
	}), context);
	const temporary = `${root}/tmp`;
	await machine.files.makeDirectory(temporary, 448);
	const own = {
		PATH: pathWith(request.tools, machine.env),
		XDG_RUNTIME_DIR: sockets,
		TMPDIR: temporary
	};
	const argv = [
		...program,
		"--config",
		config
	];
	const command = sudo === void 0 ? {
		argv,
		env: {
			...machine.env,
			...own
		}
	} : asRoot(sudo, argv, {
		...own,
		[MARK]: journal.directory
	}, machine.env);
	const socket = buildkitSocket({ sockets });
	await startDaemon({
		name: "buildkitd",
		...command,
		socket
	}, journal, machine);
	return `unix://${socket}`;
}
async function requireProgram(name, { request, machine }) {
	const path = await findProgram(name, request.tools, machine);
	if (path !== void 0) return path;
	throw new ProgramMissing(name);
}
async function requireLinux({ machine }) {
	const { started } = await machine.system.self();
	if (started !== "") return;
	throw new Failure("engine", "buildkitd runs on Linux only", {
		code: "NoEngineHere",
		hint: "Give the address of a buildkitd elsewhere in the input builder."
	});
}
// src/engines/buildx-nodes.ts
const REMOTE_TIMEOUT = 8e3;
const DEPLOYMENT_TIMEOUT = 3e4;
async function inContainer(context) {
	if (context.request.keepState) context.notes.push("keep-state: no effect for a builder in a docker container");
	const flags = [
		"--driver",
		"docker-container",
		"--driver-opt",
		"network=host",
		"--buildkitd-config",
		await writeConfiguration("builder.toml", builderConfiguration(context.request.settings), context)
	];
	const hint = "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.";
	return {
		flags: [...flags, "--bootstrap"],
		within: 6e5,
		location: "in a container",
		hint
	};
}
function atAddress(endpoint, options = []) {
	const hint = "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner.";
	return {
		flags: [
			"--driver",
			"remote",
			...options,
			endpoint
		],
		within: REMOTE_TIMEOUT,
		location: `at ${endpoint}`,
		hint
	};
}
async function requestedNodes({ nodes, keys }, context) {
	const certificates = await copyKeys(keys, context);
	const config = nodes.some(({ driver }) => driver === "kubernetes") ? await clusterConfiguration(context) : [];
	return nodes.map((node) => {
		const platforms = node.platforms.length === 0 ? [] : ["--platform", node.platforms.join(",")];
		if (node.endpoint === void 0) return inCluster(node, [...platforms, ...config]);
		const tls = node.endpoint.startsWith("tcp://") ? certificates : {};
		return atAddress(node.endpoint, [...driverOptions({
			...node.options,
			...tls
		}), ...platforms]);
	});
}
function inCluster({ options, readyWithin = 0 }, more) {
	return {
		flags: [
			"--driver",
			"kubernetes",
			...driverOptions(options),
			...more,
			"--bootstrap"
		],
		within: readyWithin + DEPLOYMENT_TIMEOUT,
		location: `in the namespace ${options["namespace"] ?? "of the Kubernetes configuration"}`,
		hint: "Check that this configuration (KUBECONFIG) may create Deployments there and exec into pods. `kubectl describe pods` shows why a pod is not ready: its image (moby/buildkit), its resource requests, or that it is privileged. The option timeout gives it more than 120 s."
	};
}
async function clusterConfiguration(context) {
	if (context.request.keepState) context.notes.push("keep-state: no effect for a builder in a cluster");
	const text = builderConfiguration(context.request.settings);
	return text.trim() === "" ? [] : ["--buildkitd-config", await writeConfiguration("builder.toml", text, context)];
}
async function copyKeys(keys, context) {
	const { files } = context.machine;
	const sources = {
		cacert: keys.ca,
		cert: keys.cert,
		key: keys.key
	};
	const copies = {};
	for (const [name, path] of Object.entries(sources)) {
		if (path === void 0) continue;
		copies[name] = await writeConfiguration(`${name}.pem`, await files.readText(path), context);
	}
	for (const path of Object.values(keys)) await files.remove(path);
	return copies;
}
function driverOptions(options) {
	return Object.entries(options).flatMap(([name, value]) => {
		const field = `${name}=${value}`;
		return ["--driver-opt", /[",\n]/.test(field) ? `"${field.replaceAll("\"", "\"\"")}"` : field];
	});
}
// src/engines/buildx.ts
async function provideBuildx(context) {
	const { request, machine, journal } = context;
	const { directory } = journal;
	const { name, config } = builderOf(directory);
	const path = { PATH: pathWith(request.tools, machine.env) };
	const command = await findBuildx(request.tools, machine);
	if (command === void 0) throw missingOnMachine("docker");
	const configuration = { BUILDX_CONFIG: config };
	const env = {
		...machine.env,
		...path,
		...configuration
	};
	await machine.files.makeDirectory(configuration.BUILDX_CONFIG, 448);
	if (request.builder !== void 0) await requirePlugin(command, env, context);
	const nodes = request.builder === void 0 ? [await ownNode(env, context)] : await requestedNodes(request.builder, context);
	await journal.add({ kind: "builder" });
	for (const [index, node] of nodes.entries()) {
		const flags = [
			"--name",
			name,
			"--node",
			`${name}${index}`,
			index === 0 ? "--use" : "--append"
		];
		await create(node, [
			...command,
			"create",
			...flags,
			...node.flags
		], env, context);
	}
	return {
		env: {
			...path,
			...configuration
		},
		builder: name
	};
}
async function create(node, command, env, { machine }) {
	const [tool = "", ...args] = command;
	const signal = AbortSignal.timeout(node.within);
	const { code, stderr } = await machine.processes.capture({
		tool,
		args,
		env,
		signal
	});
	if (code === 0 && !signal.aborted) return;
	const timedOut = signal.aborted ? ` within ${node.within / 1e3} s` : "";
	throw new Failure("engine", `buildx cannot create a builder ${node.location}${timedOut}`, {
		code: "EngineNotReady",
		lines: stderr.trim().split("\n").slice(-20),
		hint: node.hint
	});
}
async function ownNode(env, context) {
	return await hasDaemon(context, env) ? inContainer(context) : atAddress(await startBuildkitd(context));
}
async function requirePlugin([tool = "", ...args], env, { machine }) {
	const { code } = await machine.processes.capture({
		tool,
		args: [...args, "version"],
		env
	});
	if (code !== 0) throw new ProgramMissing(PLUGIN, { message: "docker has no buildx plugin, which is needed to create the builder" });
}
async function hasDaemon(context, env) {
	const tool = await findProgram("docker", context.request.tools, context.machine);
	if (tool === void 0) throw missingOnMachine("docker");
	return (await context.machine.processes.capture({
		tool,
		args: [
			"version",
			"--format",
			"{{.Server.Version}}"
		],
		env
	})).code === 0;
}
// src/engines/containerd.ts
const SOCKET = "/run/containerd/containerd.sock";
const CNI = [
	"/opt/cni/bin",
	"/usr/lib/cni",
	"/usr/libexec/cni"
];
async function provideNerdctl(context) {
	const { machine } = context;
	if (machine.system.user().id !== 0) throw new Failure("engine", "nerdctl needs a containerd, which only root can start here", {
		code: "RootRequired",
		hint: "Run the action as root, or use the backend buildctl, whose engine an ordinary user can run."
	});
	const namespace = machine.env["CONTAINERD_NAMESPACE"] || "default";
	const machineSocket = (machine.env["CONTAINERD_ADDRESS"] || SOCKET).replace(/^unix:\/\//, "");
	if (await machine.system.listens(machineSocket)) {
		await requireProgram("nerdctl", context);
		const builder = await startGuestBuildkitd(context, machineSocket, namespace);
		return {
			env: {
				CONTAINERD_ADDRESS: machineSocket,
				CONTAINERD_NAMESPACE: namespace,
				BUILDKIT_HOST: builder
			},
			builder
		};
	}
	const address = await startContainerd(context);
	const [builder, config] = await Promise.all([startContainerdBuildkitd(context, address, namespace), writeNerdctlConfiguration(context, namespace)]);
	return {
		env: {
			CONTAINERD_ADDRESS: address,
			CONTAINERD_NAMESPACE: namespace,
			NERDCTL_TOML: config,
			BUILDKIT_HOST: builder
		},
		builder
	};
}
async function startContainerd(context) {
	const { request, machine, sockets, journal } = context;
	const containerd = await requireProgram("containerd", context);
	await requireProgram("containerd-shim-runc-v2", context);
	await requireProgram("runc", context);
	const paths = {
		root: await stateDirectory("containerd", context),
		sockets
	};
	const config = await writeConfiguration("containerd.toml", containerdConfiguration(paths), context);
	const socket = containerdSocket(paths);
	const env = {
		...machine.env,
		PATH: pathWith(request.tools, machine.env)
	};
	await startDaemon({
		name: "containerd",
		argv: [
			containerd,
			"--config",
			config
		],
		env,
		socket
	}, journal, machine);
	return socket;
}
async function writeNerdctlConfiguration(context, namespace) {
	const { request, machine, journal, sockets } = context;
	const { directory } = journal;
	for (const [host, text] of hostsConfigurations(request.settings)) {
		await machine.files.makeDirectory(`${directory}/certs.d/${host}`, 448);
		await writeConfiguration(`certs.d/${host}/hosts.toml`, text, context);
	}
	const cni = (await Promise.all(CNI.map(async (path) => await machine.files.info(path) ? path : void 0))).find((path) => path !== void 0);
	const paths = {
		root: `${directory}/containerd`,
		sockets,
		directory,
		namespace,
		cni
	};
	return writeConfiguration("nerdctl.toml", nerdctlConfiguration(paths), context);
}
// src/engines/owner.ts
async function ownerOf(machine) {
	return thisJob(machine) ?? {
		kind: "process",
		process: await machine.system.self()
	};
}
async function isGone(owner, machine) {
	if (owner.kind === "process") return !await machine.system.isAlive(owner.process);
	const now = thisJob(machine);
	return now !== void 0 && now.runner === owner.runner && now.job !== owner.job;
}
function thisJob({ env }) {
	const run = [
		"GITHUB_RUN_ID",
		"GITHUB_RUN_ATTEMPT",
		"GITHUB_JOB"
	].map((name) => env[name] ?? "");
	const job = env["RUNNER_TRACKING_ID"] || (run[0] === "" ? "" : run.join("/"));
	return job === "" ? void 0 : {
		kind: "job",
		runner: env["RUNNER_NAME"] ?? "",
		job
	};
}
// src/engines/candidate.ts
var import_coerce = __toESM(require_coerce(), 1);
var import_lt = __toESM(require_lt(), 1);
async function candidateOf(name, { env, processes }) {
	const invocation = {
		tool: "apt-cache",
		args: ["policy", name],
		env: {
			...env,
			LC_ALL: "C"
		}
	};
	const candidate = /^ *Candidate: *(\S+)/m.exec((await processes.capture(invocation)).stdout)?.[1];
	return candidate === "(none)" ? void 0 : candidate;
}
function refuseOld(candidate, { name, minimum, because }) {
	const version = (0, import_coerce.default)(candidate.replace(/^\d+:/, ""));
	if (minimum === void 0 || version === null || !(0, import_lt.default)(version, minimum)) return;
	const why = because === void 0 ? "" : `: ${because}`;
	throw new Failure("tool", `${name} is not on PATH, and this distribution's package has ${version.version}, older than ${minimum}${why}`, {
		code: "TooOld",
		lines: [`apt-cache policy ${name}: ${candidate}`],
		hint: `Nothing was installed. Use a runner with Ubuntu 24.04, Debian 13 or newer, install a newer ${name} on it, or use backend: buildctl, which this action sets up itself.`
	});
}
// src/engines/packages.ts
const LOCK_TIMEOUT = 60;
const LOCK_INTERVAL = 2e3;
const MANAGERS = [
	{
		tool: "apt-get",
		args: [...[
			"install",
			"--yes",
			"--quiet",
			"--no-install-recommends"
		], ...[
			"-o",
			`DPkg::Lock::Timeout=${LOCK_TIMEOUT}`,
			"-o",
			"Dpkg::Options::=--force-confold"
		]],
		refresh: ["update", "--quiet"]
	},
	{
		tool: "dnf",
		args: ["install", "--assumeyes"]
	},
	{
		tool: "apk",
		args: ["add", "--no-cache"]
	},
	{
		tool: "zypper",
		args: ["--non-interactive", "install"]
	}
];
async function installPackage(wanted, machine) {
	const { actions } = machine;
	const { name } = wanted;
	const manager = await findManager(name, machine);
	const isRoot = machine.system.user().id === 0;
	const sudo = isRoot ? [] : await requireSudo(name, machine);
	const args = [
		...manager.args,
		name,
		...manager.tool === "apt-get" ? dependencies(name, isRoot) : []
	];
	const group = actions.openGroup(`${manager.tool}: install ${name}`);
	const run = runner(sudo.length === 0 ? [] : [
		...sudo,
		"env",
		...ASSIGNMENTS
	], manager, group, machine);
	try {
		if (manager.tool === "apt-get") await readLists(wanted, () => refresh(() => run(manager.refresh)), machine);
		const end = await run(args);
		if (end.code === 0) return;
		if (!("refresh" in manager) || !end.tail.some((line) => GONE.test(line))) throw installFailed(name, manager, end.tail);
		await refresh(() => run(manager.refresh));
		const again = await run(args);
		if (again.code !== 0) throw installFailed(name, manager, again.tail);
	} finally {
		group.end();
	}
}
async function findManager(name, { processes }) {
	for (const manager of MANAGERS) if (await processes.which(manager.tool) !== void 0) return manager;
	throw notInstallable(name, `no ${MANAGERS.map(({ tool }) => tool).join(", ")} here`);
}
const DEPENDENCIES = { buildah: ["crun", "netavark"] };
const DEPENDENCIES_OF_USERS = [
	"uidmap",
	"slirp4netns",
	"passt"
];
function dependencies(name, isRoot) {
	return [...DEPENDENCIES[name] ?? [], ...isRoot ? [] : DEPENDENCIES_OF_USERS];
}
const SETTINGS = {
	DEBIAN_FRONTEND: "noninteractive",
	LC_ALL: "C"
};
const ASSIGNMENTS = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
function runner(prefix, { tool: manager }, group, { processes, env }) {
	return (command) => {
		const [tool = "", ...args] = [
			...prefix,
			manager,
			...command
		];
		return processes.stream({
			tool,
			args,
			env: {
				...env,
				...SETTINGS
			}
		}, group.info);
	};
}
async function refresh(update) {
	const deadline = performance.now() + LOCK_TIMEOUT * 1e3;
	for (;;) {
		const end = await update();
		if (!end.tail.some((line) => LOCKED.test(line)) || performance.now() > deadline) return end;
		await setTimeout(LOCK_INTERVAL);
	}
}
async function readLists(wanted, update, machine) {
	let candidate = await candidateOf(wanted.name, machine);
	if (candidate === void 0) {
		const { tail } = await update();
		candidate = await candidateOf(wanted.name, machine);
		if (candidate === void 0) throw notInLists(wanted.name, tail);
	}
	refuseOld(candidate, wanted);
}
async function requireSudo(name, machine) {
	const sudo = await findSudo(machine);
	if (sudo === void 0) throw notInstallable(name, "installing it requires root or sudo without a password");
	return sudo;
}
const ERROR_LINE = /^(?:E|W|Err):|^(?:dpkg|sudo):/;
const GONE = /404 +Not Found|Unable to fetch some archives|Hash Sum mismatch/;
const LOCKED = /Could not get lock|Unable to (?:acquire|lock)/;
const UNREACHABLE = /Failed to fetch|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection/;
function installFailed(name, { tool }, tail) {
	const lines = errorLines(tail);
	const isAbout = (pattern) => lines.some((line) => pattern.test(line));
	if (isAbout(LOCKED)) return new Failure("tool", `${tool} cannot install ${name}: another program installs packages on this machine`, {
		code: "PackagesLocked",
		lines,
		hint: `Wait for that program before this step (unattended-upgrades runs after a machine's start), or install ${name} on the runner.`
	});
	if (isAbout(UNREACHABLE)) return unreachable(name, tool, lines);
	return notInstallable(name, `${tool} failed`, lines);
}
function notInLists(name, tail) {
	const lines = errorLines(tail);
	if (lines.some((line) => UNREACHABLE.test(line))) return unreachable(name, "apt-get", lines);
	if (lines.some((line) => LOCKED.test(line))) return installFailed(name, MANAGERS[0], tail);
	return notInstallable(name, "apt-get does not know this package", lines);
}
function unreachable(name, tool, lines) {
	return new Failure("network", `${tool} cannot fetch ${name}: the distribution's package servers cannot be reached`, {
		code: "PackagesUnreachable",
		lines,
		hint: `Give this runner access to the servers in /etc/apt, by a mirror or proxy (http_proxy), or install ${name} on the runner.`
	});
}
function errorLines(tail) {
	const errors = tail.filter((line) => ERROR_LINE.test(line));
	return (errors.length === 0 ? tail : errors).slice(-5);
}
function notInstallable(name, why, lines = []) {
	return new Failure("tool", `${name} is not on PATH and cannot be installed: ${why}`, {
		code: "ToolMissing",
		lines,
		hint: `Install the package ${name} on the runner, or choose another backend (backend: auto uses what is installed).`
	});
}
// src/engines/sweep.ts
async function sweep(machine) {
	const notes = [];
	const note = (directory, left) => {
		notes.push(`An engine that an earlier run left behind was removed (${directory})`, ...left);
	};
	for (const directory of await abandoned(machine)) note(directory, await cleanUp(directory, machine));
	for (const directory of await orphaned(machine)) note(directory, await endOrphans(directory, machine));
	const rootOrphans = await orphanedAsRoot(machine);
	if (rootOrphans.length === 0 || await findSudo(machine) === void 0) return notes;
	for (const directory of rootOrphans) note(directory, await cleanUpAsRoot(directory, machine));
	return notes;
}
async function abandoned(machine) {
	const temporary = await temporaryDirectory(machine);
	const entries = await machine.files.list(temporary);
	const found = [];
	for (const { name, kind } of entries) {
		const directory = `${temporary}/${name}`;
		if (kind !== "directory" || !hasEngineName(directory)) continue;
		const reading = readRecord$1(directory, machine);
		if (reading.kind === "record" && await isGone(reading.record.owner, machine)) found.push(directory);
	}
	return found;
}
async function orphaned(machine) {
	return (await machine.system.marks(MARK)).filter((path) => hasEngineName(path) && readRecord$1(path, machine).kind === "absent");
}
async function orphanedAsRoot(machine) {
	if (machine.system.user().id === 0) return [];
	const temporary = await temporaryDirectory(machine);
	const found = [];
	for (const directory of await machine.system.rootsArguments(MARK)) {
		if (dirname(directory) !== temporary || !hasEngineName(directory)) continue;
		const { kind } = readRecord$1(directory, machine);
		if (kind === "empty" || kind === "absent") found.push(directory);
	}
	return found;
}
// src/engines/provide.ts
const START = {
	buildkitd: provideBuildkitd,
	"buildx-builder": provideBuildx,
	containerd: provideNerdctl
};
async function provideEngine(request, machine) {
	const notes = [...await sweep(machine)];
	const path = { PATH: pathWith(request.tools, machine.env) };
	const { provides } = request;
	if (provides.kind === "package" && await findProgram(provides.name, request.tools, machine) === void 0) await installPackage({
		name: provides.name,
		...request.oldest
	}, machine);
	if (provides.kind !== "engine") return {
		env: path,
		notes
	};
	const directory = await newEngineDirectory(machine);
	machine.actions.saveState(STATE, directory);
	try {
		const context = await prepareEngine(request, await openJournal(directory, {
			owner: await ownerOf(machine),
			tools: request.tools
		}, machine), machine);
		const { env, ...access } = await START[provides.engine](context);
		return {
			...access,
			env: {
				...path,
				...env
			},
			notes: [...notes, ...context.notes]
		};
	} catch (error) {
		for (const line of await cleanUp(directory, machine)) machine.actions.warning(`Could not be removed: ${line}`);
		throw error;
	}
}
async function provideBuildkitd(context) {
	const { CONTAINERD_ADDRESS: containerd, CONTAINERD_NAMESPACE: namespace } = context.machine.env;
	const builder = containerd ? await startGuestBuildkitd(context, containerd.replace(/^unix:\/\//, ""), namespace || "default") : await startBuildkitd(context);
	return {
		env: { BUILDKIT_HOST: builder },
		builder
	};
}
// src/tools/catalogue.json
var catalogue_default = {
	buildx: { "0.36.1": {
		"amd64": {
			"sha256": "48af8a397ebd60178778bf63611dbcebe5f5e7a9be90eb9147b24b9587455778",
			"size": 65302690
		},
		"arm64": { "sha256": "5d0cafd9d16afe1a0f0d9529885344ace2cc99efdd531b6c783c5455a6001569" },
		"arm": { "sha256": "32ff9bee8c48c1fbceb1e2fb1d8472ec817ad1e25b5dff58ec9abf9b8d903518" },
		"ppc64le": { "sha256": "46f71a277d1d05cb20f87601abfb729d0056f88705903bd82ad6153f80e3cd9b" }
	} },
	buildkit: {
		"0.31.2": {
			"amd64": { "sha256": "fbabdb72433a35f5bb646e4cd424bf8567e5d055710cf55840f7af2020640791" },
			"arm64": { "sha256": "41fba1eed480376934fa4c8177ddd7021036b5168a0eb8e7ab5eccdf75d47a05" }
		},
		"0.32.2": {
			"amd64": {
				"sha256": "2975d0f651ad96ba8b80b9992ae1f9a964f4408569af5b6dc36544165c3926af",
				"size": 92882168
			},
			"arm64": { "sha256": "9e8f46bf309ec0ab262967be5538a4dbe06be756a82621f98253933bac5dcf92" }
		}
	},
	nerdctl: {
		"2.2.1": {
			"amd64": { "sha256": "34144de7f12756aa4b9dc42a907fd95b0c5eb82a63566a650ca10c8abe7a26a0" },
			"arm64": { "sha256": "abc83c9ac3d843c3442eedfb61c6456b8b59b1e4cd69f69598ca1582acc7c094" }
		},
		"2.3.5": { "amd64": {
			"sha256": "de3206aeb7cbd5f20f5fb1f55c1e3bf2db1be567812a8a3f5e65eba2488347ee",
			"size": 11744522
		} }
	},
	"nerdctl-full": { "2.3.5": { "amd64": { "sha256": "b697295c623639734aaab737523c808fd3cc8d3046039fd94fff1744e4c317aa" } } },
	rootlesskit: { "3.1.0": {
		"amd64": { "sha256": "b1302b7395918266d561b9e3053771253f20761807e042ae80a1868d6e86b71c" },
		"arm64": { "sha256": "42d1c22a34be7bb458f9ae7363d68dd05d553422d95392b44d0be7fa1fd76bf0" }
	} },
	"cni-plugins": { "1.9.1": {
		"amd64": { "sha256": "b98f74a0f8522f0a83867178729c1aa70f2158f90c45a2ca8fa791db1c76b303" },
		"arm64": { "sha256": "56171987d3947707c3563db2f4001bccaf50fd63468611b9f3cbecb1375ee7ec" }
	} }
};
// src/tools/catalogue.ts
var import_compare = __toESM(require_compare(), 1);
const CATALOGUE = catalogue_default;
const RELEASES = {
	buildx: {
		repository: "docker/buildx",
		asset: (version, architecture) => `buildx-v${version}.linux-${architecture === "arm" ? "arm-v7" : architecture}`,
		layout: { program: "docker-buildx" },
		path: "",
		program: "docker-buildx"
	},
	buildkit: {
		repository: "moby/buildkit",
		asset: (version, architecture) => `buildkit-v${version}.linux-${architecture === "arm" ? "arm-v7" : architecture}.tar.gz`,
		layout: { folders: ["bin"] },
		path: "bin",
		program: "buildkitd"
	},
	nerdctl: {
		repository: "containerd/nerdctl",
		asset: (version, architecture) => `nerdctl-${version}-linux-${architecture === "arm" ? "arm-v7" : architecture}.tar.gz`,
		layout: { folders: [""] },
		path: "",
		program: "nerdctl"
	},
	"nerdctl-full": {
		repository: "containerd/nerdctl",
		asset: (version, architecture) => `nerdctl-full-${version}-linux-${architecture}.tar.gz`,
		layout: { folders: ["bin", "libexec/cni"] },
		path: "bin",
		program: "nerdctl"
	},
	rootlesskit: {
		repository: "rootless-containers/rootlesskit",
		asset: (_, architecture) => `rootlesskit-${KERNEL_NAMES[architecture] ?? architecture}.tar.gz`,
		layout: { folders: [""] },
		path: "",
		program: "rootlesskit"
	},
	"cni-plugins": {
		repository: "containernetworking/plugins",
		asset: (version, architecture) => `cni-plugins-linux-${architecture}-v${version}.tgz`,
		layout: { folders: [""] },
		path: "",
		program: "bridge"
	}
};
const KERNEL_NAMES = {
	amd64: "x86_64",
	arm64: "aarch64",
	arm: "armv7l"
};
const GO_NAMES = {
	x64: "amd64",
	ia32: "386",
	ppc64: "ppc64le"
};
function goArchitecture(architecture) {
	return GO_NAMES[architecture] ?? architecture;
}
function newestVersion(name, architecture, catalogue = CATALOGUE) {
	return Object.entries(catalogue[name]).filter(([, assets]) => architecture in assets).map(([version]) => version).sort(import_compare.default).at(-1);
}
// src/tools/choose.ts
function chooseAssets(names, choice, architecture, catalogue = CATALOGUE) {
	const problems = choice.tools.flatMap(({ name, version }) => {
		const asset = describe(name, version, architecture);
		return findMistakes(asset, checksumsOf(asset, choice, catalogue));
	});
	if (problems.length > 0) throw unknownVersions(problems);
	return names.map((name) => chooseAsset(name, choice, architecture, catalogue));
}
function chooseAsset(name, choice, architecture, catalogue) {
	const request = choice.tools.find((one) => one.name === name);
	const version = request?.version ?? newestVersion(name, goArchitecture(architecture), catalogue);
	if (version === void 0) throw noRelease(name, architecture);
	const asset = describe(name, version, architecture);
	const { catalogued, userChecksum } = checksumsOf(asset, choice, catalogue);
	const found = catalogued ?? (userChecksum === void 0 ? void 0 : { sha256: userChecksum });
	if (found === void 0) throw noRelease(name, architecture);
	return {
		...asset,
		...found,
		isRequested: request !== void 0
	};
}
function describe(tool, version, architecture) {
	const { asset, repository } = RELEASES[tool];
	const file = asset(version, goArchitecture(architecture));
	return {
		tool,
		version,
		architecture,
		file,
		path: `${repository}/releases/download/v${version}/${file}`
	};
}
function checksumsOf(asset, { toolChecksums }, catalogue) {
	return {
		catalogued: catalogue[asset.tool][asset.version]?.[goArchitecture(asset.architecture)],
		userChecksum: toolChecksums[asset.file]
	};
}
function findMistakes({ tool, version, file }, { catalogued, userChecksum }) {
	if (catalogued === void 0 && userChecksum === void 0) return [`tools: the checksum of ${tool} ${version} is not known; give the checksum of ${file} in tool-checksums`];
	if (catalogued !== void 0 && userChecksum !== void 0 && catalogued.sha256 !== userChecksum) return [`tool-checksums: ${file} of ${tool} ${version} has ${catalogued.sha256}, not ${userChecksum}`];
	return [];
}
function unknownVersions(problems) {
	return new Failure("input", problems.join(" · "), {
		code: "UnknownVersion",
		lines: problems,
		hint: "A file is installed only if its checksum is known beforehand. Take it from the release's list of checksums."
	});
}
function noRelease(name, architecture) {
	return new Failure("tool", `No version of ${name} is known for this machine (${architecture})`, {
		code: "NoRelease",
		hint: `Install ${name} on the runner, or set a version in the input tools and its checksum in tool-checksums.`
	});
}
// src/tools/download-sources.ts
const RELEASES_URL = "https://github.com";
function sourcesOf({ path, file }, mirror) {
	const release = {
		kind: "url",
		from: "release",
		url: new URL(`${RELEASES_URL}/${path}`)
	};
	if (mirror === void 0) return [release];
	return [
		mirrored(mirror, path),
		mirrored(mirror, file),
		release
	];
}
function mirrored(mirror, path) {
	if (mirror.startsWith("/")) return {
		kind: "file",
		from: "mirror",
		path: join(mirror, path)
	};
	const url = new URL(mirror);
	if (url.protocol === "file:") return {
		kind: "file",
		from: "mirror",
		path: join(fileURLToPath(url), path)
	};
	url.pathname = join(url.pathname, path);
	return {
		kind: "url",
		from: "mirror",
		url
	};
}
function printSource(source) {
	return source.kind === "file" ? source.path : printUrl(source.url);
}
function printUrl(url) {
	return `${url.origin}${url.pathname}`;
}
// src/tools/http-request.ts
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([
	301,
	302,
	303,
	307,
	308
]);
const OFFLINE_HINT = "This program is not installed on the runner. Behind a proxy, set HTTPS_PROXY. Without internet access, set the input tool-mirror to a directory or server that has the file, let an earlier run fill the runner's tool cache, or install the program on the runner.";
const REASONS = {
	ENOTFOUND: "its name cannot be resolved; there may be no network, or another DNS",
	EAI_AGAIN: "no DNS server answers; there may be no network",
	ECONNREFUSED: "the connection was refused",
	ECONNRESET: "the connection was reset",
	ENETUNREACH: "the network is unreachable",
	EHOSTUNREACH: "the host is unreachable",
	ETIMEDOUT: "the connection timed out"
};
async function openUrl(start, machine) {
	let url = start;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
		const response = await request(url, machine);
		const location = response.headers["location"];
		if (!REDIRECTS.has(response.status) || location === void 0) return accept(response, url, machine);
		response.body.destroy();
		const next = new URL(location, url);
		if (next.protocol !== "https:" && (url.protocol === "https:" || next.protocol !== "http:")) throw new Failure("network", `${url.host} redirects to ${next.origin}, which is not encrypted`);
		url = next;
	}
	throw new Failure("network", `${printUrl(start)} redirects more than ${MAX_REDIRECTS} times`);
}
async function request(url, machine) {
	try {
		return await machine.http.request({
			method: "GET",
			url,
			headers: { "user-agent": "bento-image" }
		});
	} catch (error) {
		throw brokenConnection(error, url);
	}
}
function brokenConnection(error, url) {
	const failure = failureOfConnection(error, url);
	if (!(failure instanceof TransientFailure)) return failure;
	const { message, code } = messageAndCode(error);
	const reason = REASONS[code] ?? message;
	return new TransientFailure("network", `${fileOf(url)} cannot be fetched from ${url.origin}: ${reason}.`, {
		code: "Unreachable",
		lines: reason === message ? [] : [message],
		hint: OFFLINE_HINT,
		cause: error
	});
}
function fileOf({ pathname }) {
	return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
}
function messageAndCode(error) {
	if (!(error instanceof Error)) return {
		message: String(error),
		code: ""
	};
	return {
		message: error.message || error.name,
		code: errorCode(error)
	};
}
function accept(response, url, machine) {
	const { status, headers, body } = response;
	if (status === 200) return response;
	body.destroy();
	if (status === 404 || status === 410) return void 0;
	const message = `${printUrl(url)} answered ${status}.`;
	const wait = parseRetryAfter(headers["retry-after"], machine.now().getTime());
	if (status === 429) throw new TransientFailure("rate-limit", message, {
		code: "TooManyRequests",
		hint: "Try again later, or give a mirror in the input tool-mirror."
	}, wait);
	if (status === 408 || status >= 500) throw new TransientFailure("network", message, {
		code: "Unavailable",
		hint: OFFLINE_HINT
	}, wait);
	throw new Failure(status === 401 || status === 403 || status === 407 ? "auth" : "network", message, {
		code: "Refused",
		hint: "Check the address in tool-mirror and the proxy of the environment."
	});
}
// src/tools/download.ts
const MAX_BYTES$1 = 1 << 30;
async function download(asset, mirror, target, machine, retryPolicy) {
	const sources = sourcesOf(asset, mirror);
	for (const source of sources) if (await withRetries(machine, retryPolicy, () => attempt(asset, source, target, machine))) return source.from;
	throw notFound(asset, sources);
}
async function attempt(asset, source, target, machine) {
	const opened = source.kind === "file" ? await openFile(source.path, machine) : await openUrl(source.url, machine);
	if (opened === void 0) return false;
	const location = printSource(source);
	await machine.files.remove(target);
	const hash = createHash("sha256");
	const { file, size } = asset;
	machine.actions.info(`Downloading ${location}${size === void 0 ? "" : ` (${printBytes(size)})`}`);
	const task = machine.actions.progress(`downloading ${file}`, size);
	try {
		const bytes = counted(watch(opened.body, asset, location, hash), task.add);
		await pipeline(bytes, machine.files.sink(target, { mode: 384 }));
	} catch (error) {
		await machine.files.remove(target);
		throw explain$2(error, source, machine);
	} finally {
		task.end();
	}
	const sha256 = hash.digest("hex");
	if (sha256 === asset.sha256) return true;
	await machine.files.remove(target);
	throw mismatch(asset, location, sha256);
}
async function openFile(path, { files }) {
	return await files.info(path) === void 0 ? void 0 : { body: files.source(path) };
}
async function* watch(bytes, { file, size }, location, hash) {
	let received = 0;
	for await (const chunk of bytes) {
		received += chunk.length;
		if (received > (size ?? MAX_BYTES$1)) throw tooLarge(file, location, size);
		hash.update(chunk);
		yield chunk;
	}
}
function explain$2(error, source, { signal }) {
	if (error instanceof Failure) return error;
	if (signal.aborted) return cancelled(signal, "The download was stopped", error);
	return error instanceof Error && "syscall" in error && /^(?:open|write|close)$/.test(String(error.syscall)) || source.kind === "file" ? error : brokenConnection(error, source.url);
}
function tooLarge(file, location, size) {
	const limit = size === void 0 ? printBytes(MAX_BYTES$1) : `the ${size} bytes that were published`;
	return new Failure("tool", `${file} from ${location} is longer than ${limit}`, { code: "TooLarge" });
}
function mismatch({ file, sha256: wanted }, location, found) {
	return new Failure("tool", `${file} from ${location} does not have the expected checksum; it was deleted`, {
		code: "ChecksumMismatch",
		lines: [`expected sha256 ${wanted}`, `received sha256 ${found}`],
		hint: "Do not trust this source: it, or something on the way to it, changed the file. If the checksum is from tool-checksums, compare it with the release's list."
	});
}
function notFound({ tool, version, file, path, isRequested }, sources) {
	const releases = `https://github.com/${path.slice(0, path.indexOf("/download/"))}`;
	return new Failure(isRequested ? "input" : "tool", `${tool} ${version} cannot be installed: ${file} was not found`, {
		code: "NotFound",
		lines: sources.map((source) => `not at ${printSource(source)}`),
		hint: isRequested ? `See ${releases} for the versions that support this machine, and set one in the input tools.` : `The release has this file (${releases}), so a proxy may have answered instead. Put the file into the mirror of the input tool-mirror, or install ${tool} on the runner.`
	});
}
// src/tools/record.ts
const RECORD = "bento-image.json";
async function writeRecord(directory, asset, programs, files) {
	const hashes = await hashAll(directory, programs, files);
	const record = {
		asset: asset.sha256,
		files: hashes
	};
	await files.write(join(directory, RECORD), JSON.stringify(record), 420);
}
async function findDifference(directory, asset, files) {
	const record = await readRecord(directory, files);
	if (record === void 0) return "it has no record of what was installed";
	if (record.asset !== asset.sha256) return "it came from another file";
	try {
		return await compareFiles(directory, record, files);
	} catch (error) {
		if (errorCode(error) === "ENOENT") return "it was removed while it was read";
		throw error;
	}
}
async function compareFiles(directory, record, files) {
	const present = (await listFiles(directory, "", files)).filter((name) => name !== RECORD);
	const added = present.find((name) => !Object.hasOwn(record.files, name));
	if (added !== void 0) return `${added} was added`;
	const missing = Object.keys(record.files).find((name) => !present.includes(name));
	if (missing !== void 0) return `${missing} is missing`;
	const hashes = await hashAll(directory, present, files);
	const changed = present.find((name) => hashes[name] !== record.files[name]);
	return changed === void 0 ? void 0 : `${changed} was changed`;
}
async function readRecord(directory, files) {
	const path = join(directory, RECORD);
	if ((await files.info(path))?.kind !== "file") return void 0;
	try {
		const json = JSON.parse(await files.readText(path));
		const { asset, files: hashes } = isJsonObject(json) ? json : {};
		return typeof asset === "string" && isJsonObject(hashes) ? {
			asset,
			files: textsOf(hashes)
		} : void 0;
	} catch {
		return;
	}
}
function textsOf(values) {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
async function listFiles(directory, below, files) {
	const found = (await files.list(join(directory, below))).map(({ name, kind }) => {
		const path = join(below, name);
		return kind === "directory" ? listFiles(directory, path, files) : [path];
	});
	return (await Promise.all(found)).flat();
}
async function hashAll(directory, names, files) {
	const hashes = {};
	for (const name of names) {
		const path = join(directory, name);
		if ((await files.info(path))?.kind === "file") hashes[name] = hexOf(await fileDigest(path, files));
	}
	return hashes;
}
// src/tools/elf.ts
const HEAD = 20;
const MACHINES = {
	ia32: {
		number: 3,
		bits: 32,
		order: "little"
	},
	arm: {
		number: 40,
		bits: 32,
		order: "little"
	},
	x64: {
		number: 62,
		bits: 64,
		order: "little"
	},
	arm64: {
		number: 183,
		bits: 64,
		order: "little"
	},
	ppc64: {
		number: 21,
		bits: 64,
		order: "little"
	},
	s390x: {
		number: 22,
		bits: 64,
		order: "big"
	},
	riscv64: {
		number: 243,
		bits: 64,
		order: "little"
	},
	loong64: {
		number: 258,
		bits: 64,
		order: "little"
	}
};
async function checkArchitecture(path, name, architecture, files) {
	const head = Buffer.from(await files.readHead(path, HEAD));
	if (head.toString("latin1", 0, 2) === "#!") return;
	const found = readMachine(head);
	const wanted = MACHINES[architecture];
	if (found !== void 0 && wanted !== void 0 && sameMachine(found, wanted)) return;
	const is = found === void 0 ? "is not a Linux program" : `is for ${nameOf(found)}`;
	throw new Failure("tool", `${name} ${is}, and this machine is ${architecture}`, {
		code: "WrongArchitecture",
		hint: "The mirror or the release has a file for another platform under this name."
	});
}
function readMachine(head) {
	if (head.length < HEAD || head.toString("latin1", 0, 4) !== "ELF") return void 0;
	const order = head[5] === 2 ? "big" : "little";
	return {
		number: order === "big" ? head.readUInt16BE(18) : head.readUInt16LE(18),
		bits: head[4] === 2 ? 64 : 32,
		order
	};
}
function sameMachine(one, other) {
	return one.number === other.number && one.bits === other.bits && one.order === other.order;
}
function nameOf(program) {
	const [name] = Object.entries(MACHINES).find(([, one]) => sameMachine(one, program)) ?? [];
	return name ?? `an unknown machine (${program.number})`;
}
// src/tools/unpack.ts
const MAX_BYTES = 4e9;
const NAME_BYTES = 4096;
async function unpackPrograms(asset, file, directory, machine) {
	const { layout, path, program } = RELEASES[asset.tool];
	const programs = "program" in layout ? await moveProgram(layout.program, file, directory, machine) : await extractFolders(asset, layout.folders, file, directory, machine);
	if (!programs.includes(join(path, program))) throw new Failure("tool", `${asset.file} does not contain ${join(path, program)}`, {
		code: "ProgramMissing",
		hint: "The release has another layout than earlier ones; use a version that this action knows."
	});
	for (const name of programs) await checkArchitecture(join(directory, name), `${name} of ${asset.file}`, asset.architecture, machine.files);
	return programs;
}
async function moveProgram(name, file, directory, { files }) {
	await files.rename(file, join(directory, name));
	await files.setMode(join(directory, name), 493);
	return [name];
}
async function extractFolders(asset, folders, file, directory, { files }) {
	const programs = new Programs(folders, directory, files);
	const source = files.source(file);
	try {
		await unpackTar(await gunzip(source), programs);
	} catch (error) {
		throw explain$1(error, asset);
	} finally {
		source.destroy();
	}
	return programs.names;
}
var Programs = class {
	names = [];
	#folders;
	#directory;
	#files;
	#remaining = MAX_BYTES;
	constructor(folders, directory, files) {
		this.#folders = folders.map((folder) => folder || ".");
		this.#directory = directory;
		this.#files = files;
	}
	async addFile(name, executable, content) {
		const path = memberPath(name, NAME_BYTES);
		if (!executable || !this.#folders.includes(dirname(path))) return;
		const target = join(this.#directory, path);
		await this.#files.makeDirectory(dirname(target), 493);
		await pipeline(this.#meter(content), this.#files.sink(target, { mode: 493 }));
		await this.#files.setMode(target, 493);
		this.names.push(path);
	}
	async addDirectory() {}
	async addLink() {}
	async addHardLink() {}
	async *#meter(content) {
		for await (const chunk of content) {
			this.#remaining -= chunk.length;
			if (this.#remaining < 0) throw new Error(`it unpacks to more than ${MAX_BYTES} bytes`);
			yield chunk;
		}
	}
};
function explain$1(error, { file }) {
	if (error instanceof Failure && error.class !== "bento") return error;
	const failure = asFailure(error);
	if (failure.class === "disk") return failure;
	const code = failure.code === "UnsafePath" ? "UnsafePath" : "ArchiveCorrupt";
	return new Failure("tool", `${file} cannot be unpacked: ${failure.message}`, {
		code,
		cause: error
	});
}
// src/tools/install.ts
const cacheName = (tool) => `bento-image-${tool}`;
async function installTool(asset, settings, machine, retryPolicy = RETRY_POLICY) {
	if (settings.install !== "always") {
		const root = await findInCache(asset, machine);
		if (root !== void 0) return installed(asset, root, "cache");
	}
	const work = join(await machine.files.scratch(), `tool-${randomUUID()}`);
	await machine.files.makeDirectory(join(work, "programs"), 448);
	try {
		const file = join(work, "download");
		const from = await download(asset, settings.toolMirror, file, machine, retryPolicy);
		const root = await addToCache(asset, file, join(work, "programs"), settings.install === "always", machine);
		machine.actions.info(`Installed ${asset.tool} ${asset.version} from the ${from}`);
		return installed(asset, root, from);
	} finally {
		await machine.files.remove(work);
	}
}
function installed({ tool, version }, root, from) {
	return {
		name: tool,
		version,
		root,
		directory: join(root, RELEASES[tool].path),
		from
	};
}
async function findInCache(asset, { toolCache, files, actions }) {
	const root = await toolCache.find(cacheName(asset.tool), asset.version, asset.architecture);
	if (root === void 0) return void 0;
	const difference = await findDifference(root, asset, files);
	if (difference === void 0) return root;
	actions.warning(`${asset.tool} ${asset.version} in the tool cache is not intact (${difference}); it is installed again.`);
}
async function addToCache(asset, file, directory, replace, machine) {
	const { files, toolCache } = machine;
	await writeRecord(directory, asset, await unpackPrograms(asset, file, directory, machine), files);
	const isIntact = async (root) => !replace && await findDifference(root, asset, files) === void 0;
	try {
		return await toolCache.add(directory, cacheName(asset.tool), asset.version, asset.architecture, isIntact);
	} catch (error) {
		throw explain(error);
	}
}
function explain(error) {
	const failure = asFailure(error);
	if (failure.class !== "internal") return failure;
	return new Failure("tool", `The tool cache cannot be written: ${failure.message}`, {
		code: "CacheNotWritable",
		hint: "Set RUNNER_TOOL_CACHE to a directory that this user may write to.",
		cause: error
	});
}
// src/tools/prepare.ts
const AT_ONCE = 2;
async function prepareTools(names, settings, machine) {
	if (settings.install === "never" && names.length > 0) throw notInstalled(names);
	maskPassword(settings.toolMirror, machine);
	const assets = chooseAssets(names, settings, machine.architecture);
	const installed = [];
	await inParallel([...assets.entries()], AT_ONCE, machine.signal, async ([index, asset], signal) => {
		installed[index] = await installTool(asset, settings, {
			...machine,
			signal
		});
	});
	return installed;
}
function maskPassword(mirror, { actions }) {
	const password = URL.parse(mirror ?? "")?.password ?? "";
	for (const mask of masksOf(new Secret(unquote(password)))) actions.mask(mask);
}
function notInstalled(names) {
	return new Failure("tool", `${names.join(", ")} not found on this machine, and install is never`, {
		code: "NotInstalled",
		hint: "Install it on the runner, or set install: missing to let the action install it."
	});
}
// src/action/set-up-engine.ts
async function setUp(before, backend, job) {
	const { inputs, machine } = job;
	const toolbox = openToolbox(backend, job);
	if (inputs.install === "always") await toolbox.installFirst();
	const ask = (env) => findEngine(backend, inputs.builder, machine, env, job.keys);
	const there = before instanceof Error && !(before instanceof ProgramMissing) ? before : await toolbox.completing(ask).catch(lackOf);
	if (!(there instanceof Error)) return there;
	if (isNamed(backend, job)) throw there;
	return start(backend, toolbox, job);
}
async function makeBuilder({ backend, nodes }, job) {
	const toolbox = openToolbox(backend, job);
	if (job.inputs.install === "always") await toolbox.installFirst();
	return start(backend, toolbox, job, {
		nodes: nodes.map((node) => ({
			...node,
			platforms: node.platforms.map(printPlatform)
		})),
		keys: job.keys ?? {}
	});
}
async function start(backend, toolbox, job, builder) {
	const { inputs, machine, keys } = job;
	const request = {
		backend: backend.name,
		provides: backend.provides,
		settings: await engineSettings(inputs, machine),
		keepState: inputs.keepState === true,
		...oldestOf(backend),
		...builder === void 0 ? {} : { builder }
	};
	const system = await machine.system();
	const provision = await toolbox.completing((env, tools) => provideEngine({
		...request,
		tools
	}, {
		...machine,
		env,
		system
	}));
	const found = await toolbox.completing((env) => findEngine(backend, provision.builder ?? inputs.builder, machine, {
		...env,
		...provision.env
	}, keys));
	const notes = [...found.engine.notes ?? [], ...provision.notes];
	return {
		...found,
		engine: {
			...found.engine,
			notes
		}
	};
}
function oldestOf({ requires, tool }) {
	const oldest = requires.find(({ component }) => component === tool);
	return oldest === void 0 ? {} : { oldest: {
		minimum: oldest.minimum,
		because: oldest.because
	} };
}
function lackOf(error) {
	if (isLack(error)) return error;
	throw error;
}
function isNamed({ addresses }, { inputs, env }) {
	return inputs.builder !== void 0 || addresses.some((name) => Boolean(env[name]));
}
function openToolbox({ programs }, { inputs, env, machine }) {
	const tools = [];
	let complete = env;
	async function install(name) {
		tools.unshift(...await prepareTools([name], inputs, {
			...machine,
			toolCache: await machine.toolCache()
		}));
		complete = await withTools(tools, env, machine);
	}
	return {
		async completing(work) {
			for (;;) try {
				return await work(complete, tools.map(({ directory }) => directory));
			} catch (error) {
				const tool = error instanceof ProgramMissing ? programs[error.program] : void 0;
				if (tool === void 0 || inputs.install === "never" || tools.some(({ name }) => name === tool)) throw error;
				await install(tool);
			}
		},
		async installFirst() {
			const [first] = Object.values(programs);
			if (first !== void 0) await install(first);
		}
	};
}
async function withTools(tools, env, machine) {
	const path = [...tools.map(({ directory }) => directory), env["PATH"] ?? ""].filter((part) => part !== "").join(":");
	const plugin = tools.find(({ name }) => name === PLUGIN_TOOL);
	return {
		...env,
		PATH: path,
		...plugin === void 0 ? {} : await placePlugin(`${plugin.directory}/${PLUGIN}`, env, machine)
	};
}
async function engineSettings(inputs, machine) {
	const { registryMirrors, insecureRegistries, registryAuthorities, cacheLimit } = inputs;
	const authorities = {};
	for (const [registry, path] of Object.entries(registryAuthorities)) authorities[registry] = [await findInputFile("registry-authorities", path, machine)];
	return {
		mirrors: mapped(registryMirrors, (mirror) => [mirror]),
		insecure: insecureRegistries,
		authorities,
		...cacheLimit === void 0 ? {} : { maxBytes: cacheLimit }
	};
}
function mapped(pairs, change) {
	return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, change(value)]));
}
export { makeBuilder, setUp };
