const require = process.getBuiltinModule;
import {
  require_coerce
} from "./chunk-AIMKF43M.js";
import {
  Failure,
  LAST_RESORT,
  ProgramMissing,
  Secret,
  asFailure,
  cancelled,
  createHash,
  errorCode,
  findEngine,
  findInputFile,
  hexOf,
  inParallel,
  isLack,
  masksOf,
  missingOnMachine,
  ownValue,
  printBytes,
  printPlatform,
  randomBytes,
  randomUUID,
  require_compare,
  require_lt
} from "./chunk-J6WTHVD7.js";
import {
  __toESM
} from "./chunk-ZDX6KC25.js";

// src/engines/plugin.ts
import { basename, join } from "node:path/posix";
var PLUGIN = "docker-buildx";
var PLUGIN_TOOL = "buildx";
var PLUGINS = "cli-plugins";
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
  for (const { name } of await files.list(from)) {
    if (name !== except) await link(join(from, name), join(to, name), files);
  }
}
async function link(target, path, files) {
  if (await files.info(path) === void 0) await files.makeLink(target, path);
}

// node_modules/smol-toml/dist/stringify.js
var BARE_KEY = /^[a-z0-9-_]+$/i;
var HAS_WELLFORMED = !!"".isWellFormed;
function extendedTypeOf(obj) {
  let type = typeof obj;
  if (type === "object") {
    if (Array.isArray(obj))
      return "array";
    if (typeof obj.getUTCDate === "function" && obj instanceof Date)
      return "date";
    if (globalThis.Temporal) {
      if (obj.until) {
        if (obj instanceof Temporal.ZonedDateTime)
          return "temporal/tz+uc";
        if (obj instanceof Temporal.PlainDateTime || obj instanceof Temporal.PlainDate)
          return "temporal/uc";
        if (obj instanceof Temporal.PlainTime || obj instanceof Temporal.Instant)
          return "temporal";
        if (obj instanceof Temporal.PlainYearMonth)
          return "temporal/x";
      } else if (obj.toPlainDate && obj instanceof Temporal.PlainMonthDay || obj.negated && obj instanceof Temporal.Duration) {
        return "temporal/x";
      }
    }
  }
  return type;
}
function isArrayOfTables(obj) {
  for (let i = 0; i < obj.length; i++) {
    if (extendedTypeOf(obj[i]) !== "object")
      return false;
  }
  return obj.length != 0;
}
function formatWellFormedStringUnchecked(s) {
  return JSON.stringify(s).replaceAll("\x7F", "\\u007f");
}
function formatString(s) {
  return formatWellFormedStringUnchecked(HAS_WELLFORMED ? s.toWellFormed() : s);
}
function formatKey(s) {
  if (BARE_KEY.test(s))
    return s;
  if (HAS_WELLFORMED && !s.isWellFormed())
    throw new RangeError("key contains illegal lone surrogates");
  return formatWellFormedStringUnchecked(s);
}
function stringifyValue(val, type, depth, numberAsFloat, strictTemporal) {
  if (depth === 0) {
    throw new Error("Could not stringify the object: maximum object depth exceeded");
  }
  switch (type) {
    // @ts-expect-error -- intentional fallthrough case
    case "number":
      if (isNaN(val))
        return "nan";
      if (val === Infinity)
        return "inf";
      if (val === -Infinity)
        return "-inf";
      if (Number.isInteger(val) && (numberAsFloat || !Number.isSafeInteger(val)))
        return val.toFixed(1);
    case "bigint":
    case "boolean":
    case "temporal":
      return val.toString();
    case "string":
      return formatString(val);
    case "date":
      if (isNaN(val.getTime()))
        throw new TypeError("cannot serialize invalid date");
      return val.toISOString();
    case "object":
      return stringifyInlineTable(val, depth, numberAsFloat, strictTemporal);
    case "array":
      return stringifyArray(val, depth, numberAsFloat, strictTemporal);
    // @ts-expect-error -- intentional fallthrough case
    case "temporal/tz+uc":
      if (strictTemporal) {
        let tz = val.timeZoneId;
        let tzc = tz.charCodeAt(0);
        if (
          // Classic offset
          tzc !== 43 && tzc !== 45 && // Fast pre-check pass; see below for the actually accepted values
          (tzc !== 85 && tzc !== 71 && tzc !== 90 && tzc !== 69 || // UTC and its aliases; Temporal implementations don't all canonicalise unfortunately
          tz !== "UTC" && tz !== "UCT" && tz !== "Universal" && tz !== "Zulu" && // GMT is a TZ but it's for all intents and purposes equivalent to UTC. Safe to downgrade.
          !tz.startsWith("GMT") && tz !== "Greenwich" && // Etc/* are all safe to downgrade to offset (either UTC, GMT, or offset)
          !tz.startsWith("Etc/"))
        ) {
          throw new TypeError("Temporal objects with an IANA timezone are not allowed in Temporal strict mode");
        }
      }
    case "temporal/uc":
      if (strictTemporal && val.calendarId !== "iso8601")
        throw new TypeError("Temporal objects with a non-default calendar are not allowed in Temporal strict mode");
      return val.toString({
        calendarName: "never",
        timeZoneName: "never"
      });
    case "temporal/x":
      throw new TypeError("Unsupported " + val[Symbol.toStringTag]);
  }
}
function stringifyInlineTable(obj, depth, numberAsFloat, strictTemporal) {
  let keys = Object.keys(obj);
  if (keys.length === 0)
    return "{}";
  let res = "{ ";
  for (let i = 0; i < keys.length; i++) {
    let k = keys[i];
    if (i)
      res += ", ";
    res += formatKey(k) + " = " + stringifyValue(obj[k], extendedTypeOf(obj[k]), depth - 1, numberAsFloat, strictTemporal);
  }
  return res + " }";
}
function stringifyArray(array, depth, numberAsFloat, strictTemporal) {
  if (array.length === 0)
    return "[]";
  let res = "[ ";
  for (let i = 0; i < array.length; i++) {
    if (i)
      res += ", ";
    if (array[i] === null || array[i] === void 0) {
      throw new TypeError("arrays cannot contain null or undefined values");
    }
    res += stringifyValue(array[i], extendedTypeOf(array[i]), depth - 1, numberAsFloat, strictTemporal);
  }
  return res + " ]";
}
function stringifyArrayTable(array, key, depth, numberAsFloat, strictTemporal) {
  if (depth === 0) {
    throw new Error("Could not stringify the object: maximum object depth exceeded");
  }
  let res = "";
  for (let i = 0; i < array.length; i++) {
    res += `${res && "\n"}[[${key}]]
`;
    res += stringifyTable(0, array[i], key, depth, numberAsFloat, strictTemporal);
  }
  return res;
}
function stringifyTable(tableKey, obj, prefix, depth, numberAsFloat, strictTemporal) {
  if (depth === 0) {
    throw new Error("Could not stringify the object: maximum object depth exceeded");
  }
  let preamble = "";
  let tables = "";
  let keys = Object.keys(obj);
  for (let i = 0; i < keys.length; i++) {
    let k = keys[i];
    if (obj[k] !== null && obj[k] !== void 0) {
      let type = extendedTypeOf(obj[k]);
      if (type === "symbol" || type === "function") {
        throw new TypeError(`cannot serialize values of type '${type}'`);
      }
      let key = formatKey(k);
      if (type === "array" && isArrayOfTables(obj[k])) {
        tables += (tables && "\n") + stringifyArrayTable(obj[k], prefix ? `${prefix}.${key}` : key, depth - 1, numberAsFloat, strictTemporal);
      } else if (type === "object") {
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
  if (tableKey && (preamble || !tables))
    preamble = preamble ? `[${tableKey}]
${preamble}` : `[${tableKey}]`;
  return preamble && tables ? `${preamble}
${tables}` : preamble || tables;
}
function stringify(obj, { maxDepth = 1e3, numbersAsFloat = false, strictTemporal = false } = {}) {
  if (extendedTypeOf(obj) !== "object") {
    throw new TypeError("stringify can only be called with an object");
  }
  let str = stringifyTable(0, obj, "", maxDepth, numbersAsFloat, strictTemporal);
  if (str[str.length - 1] !== "\n")
    return str + "\n";
  return str;
}

// src/engines/configuration.ts
function buildkitConfiguration(settings, worker, paths) {
  const limits = settings.maxBytes === void 0 ? {} : { gc: true, maxUsedSpace: settings.maxBytes };
  const common = { ...limits, networkMode: "host" };
  const oci = worker.kind === "oci" ? {
    ...{ enabled: true, snapshotter: "auto", rootless: worker.rootless },
    ...{ noProcessSandbox: !worker.processSandbox, ...common }
  } : { enabled: false };
  const containerd = worker.kind === "containerd" ? { enabled: true, address: worker.address, namespace: worker.namespace, ...common } : { enabled: false };
  return stringify({
    root: paths.root,
    grpc: {
      address: [`unix://${buildkitSocket(paths)}`],
      // The socket has mode 0660; only root is in group 0.
      ...paths.owner === void 0 ? {} : { uid: paths.owner, gid: 0 }
    },
    // The default socket is shared by the whole machine.
    otel: { socketPath: `${paths.sockets}/otel.sock` },
    worker: { oci, containerd },
    ...registries(settings)
  });
}
function buildkitSocket({ sockets }) {
  return `${sockets}/buildkitd.sock`;
}
function builderConfiguration(settings) {
  const limits = settings.maxBytes === void 0 ? {} : { worker: { oci: { gc: true, maxUsedSpace: settings.maxBytes } } };
  return stringify({ ...limits, ...registries(settings) });
}
function registries({ mirrors, insecure, authorities }) {
  const hosts = /* @__PURE__ */ new Set([...Object.keys(mirrors), ...insecure, ...Object.keys(authorities)]);
  if (hosts.size === 0) return {};
  return { registry: Object.fromEntries([...hosts].map((host) => [host, entry(host)])) };
  function entry(host) {
    return {
      ...Object.hasOwn(mirrors, host) ? { mirrors: [...mirrors[host] ?? []] } : {},
      // With both, BuildKit tries TLS without verification and plain HTTP. Source: moby/buildkit util/resolver/resolver.go
      ...insecure.includes(host) ? { http: true, insecure: true } : {},
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
    // Kubernetes is not used here; `opt` creates /opt/containerd, and `nri` a socket that the whole machine shares.
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
  const hosts = /* @__PURE__ */ new Set([...Object.keys(mirrors), ...insecure, ...Object.keys(authorities)]);
  const tls = (host) => ({
    ...insecure.includes(host) ? { skip_verify: true } : {},
    ...Object.hasOwn(authorities, host) ? { ca: [...authorities[host] ?? []] } : {}
  });
  const url = (host) => `${insecure.includes(host) ? "http" : "https"}://${host}`;
  return new Map(
    [...hosts].map((host) => {
      const mirrorHosts = (ownValue(mirrors, host) ?? []).map((mirror) => [
        url(mirror),
        { capabilities: ["pull", "resolve"], ...tls(mirror) }
      ]);
      const registryHost = [url(host), { capabilities: ["pull", "resolve", "push"], ...tls(host) }];
      return [
        host,
        stringify({ host: Object.fromEntries(host === "docker.io" ? mirrorHosts : [...mirrorHosts, registryHost]) })
      ];
    })
  );
}

// src/engines/daemon.ts
import { setTimeout as sleep } from "node:timers/promises";

// src/engines/diagnosis.ts
var HINTS = [
  [
    /executable file not found.{0,200}runc|runc.{0,200}executable file not found|failed to find runc/i,
    "Install runc; BuildKit's release includes it as buildkit-runc."
  ],
  [
    /address already in use|could not lock|another instance running/i,
    "Another daemon uses the same socket or state; stop it, or set keep-state: false."
  ],
  [
    /newuidmap|newgidmap|uid range|subuid|subgid|user namespaces?|failed to reexec|operation not permitted.{0,200}(?:unshare|clone|fork)|(?:unshare|clone|fork).{0,200}operation not permitted/i,
    "The machine does not let ordinary users create user namespaces; see the sysctls kernel.apparmor_restrict_unprivileged_userns, kernel.unprivileged_userns_clone and user.max_user_namespaces, or run as root."
  ],
  [
    /overlay(?:fs)?.{0,200}(?:not supported|invalid argument|no such device|unknown filesystem)|no such device.{0,200}overlay/i,
    "overlayfs does not work in the runner's directory for temporary files; set RUNNER_TEMP to a directory on ext4 or xfs."
  ],
  [
    /cgroup/i,
    "The machine's control groups cannot be used; a runner in a container needs --privileged or --cgroupns=host."
  ],
  [
    /permission denied|operation not permitted/i,
    "The daemon lacks a permission; run the action as root, or a runner in a container with --privileged."
  ],
  [/no space left on device|disk quota exceeded/i, "Free space in the runner's directory for temporary files."],
  [/toml|configuration/i, "The daemon does not know a setting of its configuration; use a newer version of it."]
];
function hintFrom(log) {
  const text = log.join("\n");
  return HINTS.find(([pattern]) => pattern.test(text))?.[1] ?? "See the end of the daemon's log above.";
}

// src/engines/engine-paths.ts
var LONGEST_SOCKET = 107;
var LONGEST_NAME = "/containerd/containerd.sock.ttrpc";
var PREFIX = "bento-image-engine-";
function temporaryDirectory({ env, files }) {
  return files.realPath(env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
}
async function newEngineDirectory(machine) {
  return `${await temporaryDirectory(machine)}/${PREFIX}${randomBytes(4).toString("hex")}`;
}
function hasEngineName(path) {
  return path.startsWith("/") && /\/bento-image-engine-[0-9a-f]{8}$/.test(path) && !path.includes("/../");
}
function shortDirectory(directory) {
  const longest = Buffer.byteLength(directory) + LONGEST_NAME.length;
  if (longest <= LONGEST_SOCKET) return void 0;
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
  return void 0;
}
function pathWith(directories, env) {
  return [...directories, env["PATH"] ?? ""].filter((part) => part !== "").join(":");
}

// src/engines/record-form.ts
import { normalize as normalize2 } from "node:path/posix";

// src/text/json.ts
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/engines/kept-path.ts
import { normalize } from "node:path/posix";
function isKeptPath(path) {
  return normalize(path) === path && /^\/(?:.+\/)?_?bento-image\/\d+\/[a-z]+$/.test(path);
}

// src/engines/record-entry.ts
var DAEMONS = ["buildkitd", "containerd"];

// src/engines/record-form.ts
function parseRecord(text, env) {
  const fields = fieldsOf(parseJson(text));
  if (fields?.["version"] !== 1) return void 0;
  const owner = ownerFrom(fields["owner"]);
  const tools = allOf(fields["tools"], textFrom);
  const made = allOf(fields["made"], entryFrom);
  if (owner === void 0 || tools === void 0 || made === void 0) return void 0;
  return { owner, tools: tools.filter((path) => isInToolCache(path, env)), made };
}
function ownerFrom(value) {
  const { kind, runner: runner2, job, process } = fieldsOf(value) ?? {};
  if (kind === "job" && typeof runner2 === "string" && typeof job === "string") return { kind, runner: runner2, job };
  const live = processFrom(process);
  return kind === "process" && live !== void 0 ? { kind, process: live } : void 0;
}
function entryFrom(value) {
  const { kind, name, process, path } = fieldsOf(value) ?? {};
  switch (kind) {
    case "root":
    case "mapped":
    case "cache":
    case "builder":
      return { kind };
    case "kept":
      return typeof path === "string" && isKeptPath(path) ? { kind, path } : void 0;
    case "process": {
      const daemon = DAEMONS.find((one) => one === name);
      if (daemon === void 0) return void 0;
      if (process === void 0) return { kind, name: daemon };
      const live = processFrom(process);
      return live === void 0 ? void 0 : { kind, name: daemon, process: live };
    }
    default:
      return void 0;
  }
}
function processFrom(value) {
  const { pid, started } = fieldsOf(value) ?? {};
  const isPid = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  return isPid && typeof started === "string" && /^\d*$/.test(started) ? { pid, started } : void 0;
}
function isInToolCache(path, env) {
  const cache = normalize2(env["RUNNER_TOOL_CACHE"] || env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
  return normalize2(path) === path && path.startsWith(`${cache.replace(/\/$/, "")}/bento-image-`);
}
function textFrom(value) {
  return typeof value === "string" ? value : void 0;
}
function allOf(value, parse2) {
  if (!Array.isArray(value)) return void 0;
  const items = value.map((item) => parse2(item));
  return items.every((item) => item !== void 0) ? items : void 0;
}
function fieldsOf(value) {
  return isJsonObject(value) ? value : void 0;
}

// src/engines/record.ts
var MARK = "BENTO_IMAGE_ENGINE";
var STATE = "engine";
async function openJournal(directory, { owner, tools }, machine) {
  const made = [];
  const save = () => writeRecord(directory, { owner, tools, made }, machine);
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
  if (found.kind === "foreign") return { kind: "refused", why: found.why };
  if (found.kind !== "text") return { kind: found.kind };
  const record = parseRecord(found.text, env);
  return record === void 0 ? { kind: "refused", why: `its ${RECORD} was not written by this version of the action` } : { kind: "record", record };
}
var RECORD = "record.json";
async function writeRecord(directory, record, { files }) {
  const path = `${directory}/${RECORD}`;
  await files.write(`${path}.new`, JSON.stringify({ version: 1, ...record }), 384);
  await files.rename(`${path}.new`, path);
}

// src/engines/daemon.ts
var READY_WITHIN_MS = 3e4;
var LOG_LINES = 20;
async function startDaemon({ name, argv: [tool, ...args], env, socket }, journal, machine, within = READY_WITHIN_MS) {
  const log = `${journal.directory}/${name}.log`;
  const replace = await journal.add({ kind: "process", name });
  const process = await machine.system.launch({ tool, args, env: { ...env, [MARK]: journal.directory } }, log);
  await replace({ kind: "process", name, process });
  const problem = await untilReady(process, socket, machine, within);
  if (problem === void 0) return;
  const lines = await lastLines(log, machine);
  throw new Failure("engine", `${name} ${problem}`, { code: "EngineNotReady", lines, hint: hintFrom(lines) });
}
async function untilReady(process, socket, { system, signal }, within) {
  const deadline = performance.now() + within;
  for (let pause = 10; performance.now() < deadline; pause = Math.min(pause * 1.5, 200)) {
    if (signal.aborted) throw cancelled(signal, "Waiting for the engine stopped");
    if (await system.listens(socket)) return void 0;
    if (!await system.isAlive(process)) return "ended instead of starting";
    await sleep(pause);
  }
  return `was not ready within ${within / 1e3} s`;
}
async function lastLines(log, { files }) {
  const text = await files.readText(log);
  return text.split("\n").filter((line) => line.trim() !== "").slice(-LOG_LINES);
}

// src/engines/kept-state.ts
import { dirname } from "node:path/posix";
async function lockKeptState(name, journal, machine) {
  const parent = await findDirectory(machine);
  if (parent === void 0) {
    const candidates = candidatesFor(machine).join(" nor ");
    return {
      why: `neither ${candidates} is a directory that only this user may write to; the build cache is not kept`
    };
  }
  const path = `${parent}/${name}`;
  await removeStaleLock(lockOf(path), machine);
  await journal.add({ kind: "kept", path });
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
  for (const candidate of candidatesFor(machine)) {
    try {
      await machine.files.makeDirectory(dirname(candidate), 493);
      await machine.files.makeDirectory(candidate, 448);
      const path = await machine.files.realPath(candidate);
      if (await machine.system.isPrivate(path)) return path;
    } catch (error) {
      if (!["EACCES", "EPERM", "EROFS"].includes(errorCode(error))) throw error;
    }
  }
  return void 0;
}
function candidatesFor({ env, system }) {
  const cache = env["RUNNER_TOOL_CACHE"];
  const besideCache = cache ? [`${cache.replace(/(?<!\/)\/+$/, "")}/../_bento-image`] : [];
  const inHome = `${env["XDG_STATE_HOME"] || `${env["HOME"] || "/root"}/.local/state`}/bento-image`;
  return [...besideCache, inHome].map((candidate) => `${candidate}/${system.user().id}`);
}

// src/engines/engine-context.ts
async function prepareEngine(request2, journal, machine) {
  const sockets = socketDirectory(journal.directory);
  await makePrivateDirectory(sockets, machine);
  const kept = request2.keepState ? await lockKeptState(request2.backend, journal, machine) : void 0;
  const notes = kept !== void 0 && "why" in kept ? [`keep-state: ${kept.why}`] : [];
  const path = kept !== void 0 && "path" in kept ? kept.path : void 0;
  return { request: request2, machine, journal, sockets, keptState: path, notes };
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
var FORBIDDEN = "RootlessForbidden";
var SYSCTLS = [
  { name: "kernel.unprivileged_userns_clone", forbids: "0", better: "1" },
  { name: "user.max_user_namespaces", forbids: "0", better: "28633" }
];
var APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";
var PERMIT_ALL = `sudo sysctl -w ${APPARMOR}=0`;
async function checkRootless(tools, machine) {
  for (const { name: name2, forbids, better } of SYSCTLS) {
    if (await sysctl(name2, machine) === forbids)
      throw forbidden(`${name2} is ${forbids}`, `sudo sysctl -w ${name2}=${better}`);
  }
  const rootlesskit = await findProgram("rootlesskit", tools, machine);
  if (rootlesskit === void 0 && await sysctl(APPARMOR, machine) === "1") {
    throw forbidden(`${APPARMOR} is 1, and there is no rootlesskit that an AppArmor profile exempts`, PERMIT_ALL);
  }
  if (rootlesskit === void 0) {
    throw new ProgramMissing("rootlesskit", {
      message: "rootlesskit is not on PATH; an ordinary user needs it to run buildkitd",
      hint: "Let the action install rootlesskit (input install), install it on the runner, or run the action as root."
    });
  }
  if (await findProgram("newuidmap", tools, machine) === void 0) {
    throw forbidden("newuidmap is not on PATH", "sudo apt-get install uidmap (Fedora: sudo dnf install shadow-utils)");
  }
  const { id, name } = machine.system.user();
  for (const file of ["/etc/subuid", "/etc/subgid"]) {
    if (await hasRange(file, [name, String(id)], machine)) continue;
    throw forbidden(
      `${file} has no ids for ${name}`,
      `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`
    );
  }
  await checkApparmor(rootlesskit, machine);
  return rootlesskit;
}
async function checkApparmor(rootlesskit, machine) {
  if (await sysctl(APPARMOR, machine) !== "1") return;
  const { code } = await machine.processes.capture({ tool: rootlesskit, args: ["true"] });
  if (code !== 0) throw forbidden(`${APPARMOR} is 1, and no AppArmor profile exempts ${rootlesskit}`, PERMIT_ALL);
}
function forbidden(setting, command) {
  return new Failure("engine", `this machine does not let ordinary users run buildkitd: ${setting}`, {
    code: FORBIDDEN,
    hint: `Run \`${command}\` on the runner, allow its user sudo without a password, or run the action as root.`
  });
}
async function hasRange(file, names, { files }) {
  const text = await files.info(file) === void 0 ? "" : await files.readText(file);
  return text.split("\n").some((line) => names.includes(line.split(":")[0] ?? "") && line.split(":").length === 3);
}
async function sysctl(name, { files }) {
  const path = `/proc/sys/${name.replace(".", "/")}`;
  return await files.info(path) === void 0 ? void 0 : (await files.readText(path)).trim();
}
async function hasOwnProc({ system }) {
  const covered = await system.mountsBelow("/proc");
  return covered.every((point) => point === "/proc/sys/fs/binfmt_misc");
}

// src/engines/sudo.ts
var PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
var CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
async function findSudo({ env, processes }) {
  const sudo = await processes.which("sudo");
  if (sudo === void 0) return void 0;
  const names = PROXIES.filter((name) => Boolean(env[name]));
  const words = ["-n", ...names.length === 0 ? [] : [`--preserve-env=${names.join(",")}`]];
  const { code } = await processes.capture({ tool: sudo, args: [...words, "true"] });
  return code === 0 ? [sudo, ...words] : void 0;
}
function asRoot(sudo, command, variables, env) {
  const certificates = CERTIFICATES.flatMap((name) => env[name] ? [`${name}=${env[name]}`] : []);
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    argv: [...sudo, "env", ...certificates, ...words, ...command],
    env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]]))
  };
}

// src/engines/rights.ts
async function findRights({ request: request2, machine, notes }) {
  if (machine.system.user().id === 0) return { kind: "root" };
  try {
    return { kind: "rootless", rootlesskit: await checkRootless(request2.tools, machine) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== FORBIDDEN) throw error;
    const sudo = await findSudo(machine);
    if (sudo === void 0) throw error;
    notes.push(`buildkitd runs as root with sudo, because ${error.message}`);
    return { kind: "sudo", sudo };
  }
}

// src/engines/buildkitd.ts
async function startBuildkitd(context) {
  const { request: request2, machine } = context;
  await requireLinux(context);
  const buildkitd = await requireProgram("buildkitd", context);
  if (await findProgram("buildkit-runc", request2.tools, machine) === void 0) await requireProgram("runc", context);
  const rights = await findRights(context);
  switch (rights.kind) {
    case "root":
      return launchBuildkitd(context, [buildkitd], ROOTFUL, await stateDirectory("buildkitd", context));
    case "rootless":
      return startRootless(context, buildkitd, rights.rootlesskit);
    case "sudo":
      return startBySudo(context, buildkitd, rights.sudo);
  }
}
var ROOTFUL = { kind: "oci", rootless: false, processSandbox: true };
async function startRootless(context, buildkitd, rootlesskit) {
  const worker = { kind: "oci", rootless: true, processSandbox: await hasOwnProc(context.machine) };
  const program = [rootlesskit, "--net=host", `--state-dir=${context.sockets}/rootlesskit`, buildkitd];
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
  return launchBuildkitd(context, [buildkitd], { kind: "containerd", address, namespace }, root);
}
async function startGuestBuildkitd(context, containerd, namespace) {
  if (!await context.machine.system.listens(containerd)) {
    throw new Failure("engine", `no containerd listens at ${containerd}`, {
      hint: "Start it, or unset CONTAINERD_ADDRESS: the action then starts what it needs."
    });
  }
  await requireProgram("buildctl", context);
  const address = await startContainerdBuildkitd({ ...context, keptState: void 0 }, containerd, namespace);
  await context.journal.add({ kind: "cache" });
  return address;
}
async function launchBuildkitd(context, program, worker, root, sudo) {
  const { request: request2, machine, sockets, journal } = context;
  const owner = sudo === void 0 ? void 0 : machine.system.user().id;
  const text = buildkitConfiguration(request2.settings, worker, { root, sockets, owner });
  const config = await writeConfiguration("buildkitd.toml", text, context);
  const temporary = `${root}/tmp`;
  await machine.files.makeDirectory(temporary, 448);
  const own = { PATH: pathWith(request2.tools, machine.env), XDG_RUNTIME_DIR: sockets, TMPDIR: temporary };
  const argv = [...program, "--config", config];
  const command = sudo === void 0 ? { argv, env: { ...machine.env, ...own } } : asRoot(sudo, argv, { ...own, [MARK]: journal.directory }, machine.env);
  const socket = buildkitSocket({ sockets });
  await startDaemon({ name: "buildkitd", ...command, socket }, journal, machine);
  return `unix://${socket}`;
}
async function requireProgram(name, { request: request2, machine }) {
  const path = await findProgram(name, request2.tools, machine);
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
var REMOTE_TIMEOUT = 8e3;
var DEPLOYMENT_TIMEOUT = 3e4;
async function inContainer(context) {
  if (context.request.keepState) context.notes.push("keep-state: no effect for a builder in a docker container");
  const config = await writeConfiguration("builder.toml", builderConfiguration(context.request.settings), context);
  const flags = ["--driver", "docker-container", "--driver-opt", "network=host", "--buildkitd-config", config];
  const hint = "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.";
  return { flags: [...flags, "--bootstrap"], within: 6e5, location: "in a container", hint };
}
function atAddress(endpoint, options = []) {
  const hint = "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner.";
  return {
    flags: ["--driver", "remote", ...options, endpoint],
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
    return atAddress(node.endpoint, [...driverOptions({ ...node.options, ...tls }), ...platforms]);
  });
}
function inCluster({ options, readyWithin = 0 }, more) {
  return {
    flags: ["--driver", "kubernetes", ...driverOptions(options), ...more, "--bootstrap"],
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
  const sources = { cacert: keys.ca, cert: keys.cert, key: keys.key };
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
    return ["--driver-opt", /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field];
  });
}

// src/engines/buildx-plugin.ts
import { basename as basename2 } from "node:path/posix";
function builderOf(directory) {
  return { name: basename2(directory), config: `${directory}/buildx` };
}
async function findBuildx(tools, machine) {
  const plugin = await findIn(PLUGIN, tools, machine);
  if (plugin !== void 0) return [plugin];
  const docker = await findProgram("docker", tools, machine);
  return docker === void 0 ? void 0 : [docker, "buildx"];
}

// src/engines/buildx.ts
async function provideBuildx(context) {
  const { request: request2, machine, journal } = context;
  const { directory } = journal;
  const { name, config } = builderOf(directory);
  const path = { PATH: pathWith(request2.tools, machine.env) };
  const command = await findBuildx(request2.tools, machine);
  if (command === void 0) throw missingOnMachine("docker");
  const configuration = { BUILDX_CONFIG: config };
  const env = { ...machine.env, ...path, ...configuration };
  await machine.files.makeDirectory(configuration.BUILDX_CONFIG, 448);
  if (request2.builder !== void 0) await requirePlugin(command, env, context);
  const nodes = request2.builder === void 0 ? [await ownNode(env, context)] : await requestedNodes(request2.builder, context);
  await journal.add({ kind: "builder" });
  for (const [index, node] of nodes.entries()) {
    const flags = ["--name", name, "--node", `${name}${index}`, index === 0 ? "--use" : "--append"];
    await create(node, [...command, "create", ...flags, ...node.flags], env, context);
  }
  return { env: { ...path, ...configuration }, builder: name };
}
async function create(node, command, env, { machine }) {
  const [tool = "", ...args] = command;
  const signal = AbortSignal.timeout(node.within);
  const { code, stderr } = await machine.processes.capture({ tool, args, env, signal });
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
  const { code } = await machine.processes.capture({ tool, args: [...args, "version"], env });
  if (code !== 0)
    throw new ProgramMissing(PLUGIN, { message: "docker has no buildx plugin, which is needed to create the builder" });
}
async function hasDaemon(context, env) {
  const tool = await findProgram("docker", context.request.tools, context.machine);
  if (tool === void 0) throw missingOnMachine("docker");
  const args = ["version", "--format", "{{.Server.Version}}"];
  return (await context.machine.processes.capture({ tool, args, env })).code === 0;
}

// src/engines/clean-up-as-root.ts
var SECONDS = "280";
var OWNER_FLAG = "--for";
async function cleanUpAsRoot(directory, { env, processes, system }) {
  const what = `processes and files of root in ${directory}`;
  const sudo = await findSudo({ env, processes });
  if (sudo === void 0) return [`${what}: sudo without a password is no longer available`];
  const command = ["timeout", SECONDS, ...system.postStep(), OWNER_FLAG, String(system.user().id), directory];
  const { argv, env: rootEnv } = asRoot(sudo, command, {}, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: rootEnv });
  const left = code === 0 ? sentencesIn(stdout) : void 0;
  return left ?? [`${what}: ${tool} ended with ${code}: ${stderr.trim()}`];
}
function sentencesIn(stdout) {
  const sentences = parseJson(stdout.trim().split("\n").at(-1) ?? "");
  return Array.isArray(sentences) ? sentences.map(String) : void 0;
}

// src/engines/clean-up-tools.ts
var SECONDS2 = "120";
async function removeBuilder({ directory, tools, machine }) {
  const { name, config } = builderOf(directory);
  if (await machine.files.info(`${config}/instances/${name}`) === void 0) return;
  const command = await findBuildx(tools, machine);
  if (command === void 0) throw new Error("neither docker-buildx nor docker is installed any more");
  const remove = (...more) => runTool([...command, "rm", "--force", ...more, name], machine, { BUILDX_CONFIG: config });
  try {
    await remove("--timeout", "110s");
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("unknown flag")) throw error;
    await remove();
  }
}
async function removeCache({ directory, tools, machine }) {
  const address = `unix://${buildkitSocket({ sockets: socketDirectory(directory) })}`;
  await runTool([await programOf("buildctl", tools, machine), "--addr", address, "prune", "--all"], machine);
}
async function removeMapped({ directory, tools, machine }) {
  const path = `${directory}/buildkitd`;
  if (await machine.files.info(path) === void 0) return;
  await runTool([await programOf("rootlesskit", tools, machine), "rm", "-rf", path], machine);
}
async function runTool([tool = "", ...args], machine, env = {}) {
  const invocation = { tool: "timeout", args: [SECONDS2, tool, ...args], env: { ...machine.env, ...env } };
  const { code, stderr } = await machine.processes.ask(invocation);
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}
async function programOf(name, tools, machine) {
  const program = await findProgram(name, tools, machine);
  if (program === void 0) throw new Error(`${name} is not installed any more`);
  return program;
}

// src/engines/ending.ts
import { setTimeout as sleep2 } from "node:timers/promises";
var GRACE_PERIOD_MS = 5e3;
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
  for (const process of processes) {
    if (!await ends(process, system, GRACE_PERIOD_MS)) throw new Error(`the process ${process.pid} does not end`);
  }
}
async function ends(process, system, gracePeriod) {
  for (let waited = 0, pause = 2; waited < gracePeriod; waited += pause, pause = Math.min(2 * pause, 100)) {
    if (!await system.isAlive(process)) return true;
    await sleep2(pause);
  }
  return !await system.isAlive(process);
}

// src/engines/leftover.ts
function leftoverOf(directory, machine, owner) {
  const reading = readRecord(directory, machine, owner);
  if (reading.kind === "refused") return { why: `${directory} was left alone: ${reading.why}` };
  const { tools, made } = reading.kind === "record" ? reading.record : { tools: [], made: [] };
  return { directory, isThere: reading.kind !== "absent", tools, made, owner, machine };
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
var TIME_LIMIT_MS = 15e4;
async function cleanUp(directory, machine) {
  const engine = leftoverOf(directory, machine);
  if ("why" in engine) return [engine.why];
  const { left, attempt: attempt2 } = openAttempts(TIME_LIMIT_MS);
  const has = (kind) => engine.made.some((entry) => entry.kind === kind);
  if (has("builder")) await attempt2("the buildx builder", () => removeBuilder(engine));
  if (has("cache")) await attempt2("the build cache in containerd", () => removeCache(engine));
  if (has("root") && machine.system.user().id !== 0) left.push(...await cleanUpAsRoot(directory, machine));
  await endDaemons(engine, attempt2);
  const keptState = await keptOf(engine);
  await unmount(engine, keptState, attempt2);
  if (has("mapped")) await attempt2("the state of buildkitd", () => removeMapped(engine));
  await removeDirectories(engine, attempt2);
  for (const path of keptState) await attempt2(path, () => unlockKeptState(path, machine));
  return left;
}
async function endOrphans(directory, { system }) {
  const { left, attempt: attempt2 } = openAttempts(TIME_LIMIT_MS);
  await attempt2("processes of the engine", async () => {
    await endAll(await system.marked(MARK, directory), system);
    await endAll(await system.rootedBelow([directory]), system);
  });
  return left;
}
async function endDaemons(engine, attempt2) {
  const { directory, made } = engine;
  const { system } = engine.machine;
  const family = await system.marked(MARK, directory);
  const gracePeriod = made.some(({ kind }) => kind === "kept" || kind === "cache") ? void 0 : 0;
  for (const entry of made.toReversed()) {
    if (entry.kind !== "process" || entry.process === void 0) continue;
    const { pid, started } = entry.process;
    const member = family.find((one) => one.pid === pid && one.started === started);
    if (member !== void 0) await attempt2(`the process ${entry.name}`, () => endProcess(member, system, gracePeriod));
  }
  await attempt2("processes of the engine", async () => {
    await endAll([...await system.marked(MARK, directory), ...family], system);
    await endAll(await system.rootedBelow([directory, ...await keptOf(engine)]), system);
  });
}
async function unmount(engine, keptState, attempt2) {
  for (const path of [...keptState, ...await directoriesOf(engine)]) {
    await attempt2(`mounts below ${path}`, () => unmountBelow(path, engine.machine));
  }
}
async function unmountBelow(path, machine) {
  for (const point of await machine.system.mountsBelow(path)) {
    const { code } = await machine.processes.ask({ tool: "timeout", args: [SECONDS_TO_UNMOUNT, "umount", point] });
    if (code !== 0) await runTool(["umount", "--lazy", point], machine);
  }
}
var SECONDS_TO_UNMOUNT = "20";
async function removeDirectories(engine, attempt2) {
  const { files, system } = engine.machine;
  for (const path of await directoriesOf(engine)) {
    await attempt2(path, async () => {
      const mounts = await system.mountsBelow(path);
      if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
      await files.remove(path);
    });
  }
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

// src/engines/containerd.ts
var SOCKET = "/run/containerd/containerd.sock";
var CNI = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];
async function provideNerdctl(context) {
  const { machine } = context;
  if (machine.system.user().id !== 0) {
    throw new Failure("engine", "nerdctl needs a containerd, which only root can start here", {
      code: "RootRequired",
      hint: "Run the action as root, or use the backend buildctl, whose engine an ordinary user can run."
    });
  }
  const namespace = machine.env["CONTAINERD_NAMESPACE"] || "default";
  const machineSocket = (machine.env["CONTAINERD_ADDRESS"] || SOCKET).replace(/^unix:\/\//, "");
  if (await machine.system.listens(machineSocket)) {
    await requireProgram("nerdctl", context);
    const builder2 = await startGuestBuildkitd(context, machineSocket, namespace);
    return {
      env: { CONTAINERD_ADDRESS: machineSocket, CONTAINERD_NAMESPACE: namespace, BUILDKIT_HOST: builder2 },
      builder: builder2
    };
  }
  const address = await startContainerd(context);
  const [builder, config] = await Promise.all([
    startContainerdBuildkitd(context, address, namespace),
    writeNerdctlConfiguration(context, namespace)
  ]);
  const env = { CONTAINERD_ADDRESS: address, CONTAINERD_NAMESPACE: namespace, NERDCTL_TOML: config };
  return { env: { ...env, BUILDKIT_HOST: builder }, builder };
}
async function startContainerd(context) {
  const { request: request2, machine, sockets, journal } = context;
  const containerd = await requireProgram("containerd", context);
  await requireProgram("containerd-shim-runc-v2", context);
  await requireProgram("runc", context);
  const paths = { root: await stateDirectory("containerd", context), sockets };
  const config = await writeConfiguration("containerd.toml", containerdConfiguration(paths), context);
  const socket = containerdSocket(paths);
  const env = { ...machine.env, PATH: pathWith(request2.tools, machine.env) };
  await startDaemon({ name: "containerd", argv: [containerd, "--config", config], env, socket }, journal, machine);
  return socket;
}
async function writeNerdctlConfiguration(context, namespace) {
  const { request: request2, machine, journal, sockets } = context;
  const { directory } = journal;
  for (const [host, text] of hostsConfigurations(request2.settings)) {
    await machine.files.makeDirectory(`${directory}/certs.d/${host}`, 448);
    await writeConfiguration(`certs.d/${host}/hosts.toml`, text, context);
  }
  const present = await Promise.all(CNI.map(async (path) => await machine.files.info(path) ? path : void 0));
  const cni = present.find((path) => path !== void 0);
  const paths = { root: `${directory}/containerd`, sockets, directory, namespace, cni };
  return writeConfiguration("nerdctl.toml", nerdctlConfiguration(paths), context);
}

// src/engines/owner.ts
async function ownerOf(machine) {
  return thisJob(machine) ?? { kind: "process", process: await machine.system.self() };
}
async function isGone(owner, machine) {
  if (owner.kind === "process") return !await machine.system.isAlive(owner.process);
  const now = thisJob(machine);
  return now !== void 0 && now.runner === owner.runner && now.job !== owner.job;
}
function thisJob({ env }) {
  const run = ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB"].map((name) => env[name] ?? "");
  const job = env["RUNNER_TRACKING_ID"] || (run[0] === "" ? "" : run.join("/"));
  return job === "" ? void 0 : { kind: "job", runner: env["RUNNER_NAME"] ?? "", job };
}

// src/engines/packages.ts
import { setTimeout as sleep3 } from "node:timers/promises";

// src/engines/candidate.ts
var import_coerce = __toESM(require_coerce(), 1);
var import_lt = __toESM(require_lt(), 1);
async function candidateOf(name, { env, processes }) {
  const invocation = { tool: "apt-cache", args: ["policy", name], env: { ...env, LC_ALL: "C" } };
  const candidate = /^ *Candidate: *(\S+)/m.exec((await processes.capture(invocation)).stdout)?.[1];
  return candidate === "(none)" ? void 0 : candidate;
}
function refuseOld(candidate, { name, minimum, because }) {
  const version = (0, import_coerce.default)(candidate.replace(/^\d+:/, ""));
  if (minimum === void 0 || version === null || !(0, import_lt.default)(version, minimum)) return;
  const why = because === void 0 ? "" : `: ${because}`;
  throw new Failure(
    "tool",
    `${name} is not on PATH, and this distribution's package has ${version.version}, older than ${minimum}${why}`,
    {
      code: "TooOld",
      lines: [`apt-cache policy ${name}: ${candidate}`],
      hint: `Nothing was installed. Use a runner with Ubuntu 24.04, Debian 13 or newer, install a newer ${name} on it, or use backend: buildctl, which this action sets up itself.`
    }
  );
}

// src/engines/packages.ts
var LOCK_TIMEOUT = 60;
var LOCK_INTERVAL = 2e3;
var MANAGERS = [
  {
    tool: "apt-get",
    args: [
      ...["install", "--yes", "--quiet", "--no-install-recommends"],
      ...["-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT}`, "-o", "Dpkg::Options::=--force-confold"]
    ],
    refresh: ["update", "--quiet"]
  },
  { tool: "dnf", args: ["install", "--assumeyes"] },
  { tool: "apk", args: ["add", "--no-cache"] },
  { tool: "zypper", args: ["--non-interactive", "install"] }
];
async function installPackage(wanted, machine) {
  const { actions } = machine;
  const { name } = wanted;
  const manager = await findManager(name, machine);
  const isRoot = machine.system.user().id === 0;
  const sudo = isRoot ? [] : await requireSudo(name, machine);
  const run = runner(sudo.length === 0 ? [] : [...sudo, "env", ...ASSIGNMENTS], manager, machine);
  const args = [...manager.args, name, ...manager.tool === "apt-get" ? dependencies(name, isRoot) : []];
  actions.startGroup(`${manager.tool}: install ${name}`);
  try {
    if (manager.tool === "apt-get") await readLists(wanted, () => refresh(() => run(manager.refresh)), machine);
    const end = await run(args);
    if (end.code === 0) return;
    if (!("refresh" in manager) || !end.tail.some((line) => GONE.test(line)))
      throw installFailed(name, manager, end.tail);
    await refresh(() => run(manager.refresh));
    const again = await run(args);
    if (again.code !== 0) throw installFailed(name, manager, again.tail);
  } finally {
    actions.endGroup();
  }
}
async function findManager(name, { processes }) {
  for (const manager of MANAGERS) if (await processes.which(manager.tool) !== void 0) return manager;
  throw notInstallable(name, `no ${MANAGERS.map(({ tool }) => tool).join(", ")} here`);
}
var DEPENDENCIES = { buildah: ["crun", "netavark"] };
var DEPENDENCIES_OF_USERS = ["uidmap", "slirp4netns", "passt"];
function dependencies(name, isRoot) {
  return [...DEPENDENCIES[name] ?? [], ...isRoot ? [] : DEPENDENCIES_OF_USERS];
}
var SETTINGS = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
var ASSIGNMENTS = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
function runner(prefix, { tool: manager }, { processes, actions, env }) {
  return (command) => {
    const [tool = "", ...args] = [...prefix, manager, ...command];
    return processes.stream({ tool, args, env: { ...env, ...SETTINGS } }, actions.info);
  };
}
async function refresh(update) {
  const deadline = performance.now() + LOCK_TIMEOUT * 1e3;
  for (; ; ) {
    const end = await update();
    if (!end.tail.some((line) => LOCKED.test(line)) || performance.now() > deadline) return end;
    await sleep3(LOCK_INTERVAL);
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
var ERROR_LINE = /^(?:E|W|Err):|^(?:dpkg|sudo):/;
var GONE = /404 +Not Found|Unable to fetch some archives|Hash Sum mismatch/;
var LOCKED = /Could not get lock|Unable to (?:acquire|lock)/;
var UNREACHABLE = /Failed to fetch|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection/;
function installFailed(name, { tool }, tail) {
  const lines = errorLines(tail);
  const isAbout = (pattern) => lines.some((line) => pattern.test(line));
  if (isAbout(LOCKED)) {
    return new Failure("tool", `${tool} cannot install ${name}: another program installs packages on this machine`, {
      code: "PackagesLocked",
      lines,
      hint: `Wait for that program before this step (unattended-upgrades runs after a machine's start), or install ${name} on the runner.`
    });
  }
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
import { dirname as dirname2 } from "node:path/posix";
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
    const reading = readRecord(directory, machine);
    if (reading.kind === "record" && await isGone(reading.record.owner, machine)) found.push(directory);
  }
  return found;
}
async function orphaned(machine) {
  const marks = await machine.system.marks(MARK);
  return marks.filter((path) => hasEngineName(path) && readRecord(path, machine).kind === "absent");
}
async function orphanedAsRoot(machine) {
  if (machine.system.user().id === 0) return [];
  const temporary = await temporaryDirectory(machine);
  const found = [];
  for (const directory of await machine.system.rootsArguments(MARK)) {
    if (dirname2(directory) !== temporary || !hasEngineName(directory)) continue;
    const { kind } = readRecord(directory, machine);
    if (kind === "empty" || kind === "absent") found.push(directory);
  }
  return found;
}

// src/engines/provide.ts
var ENGINES = {
  buildctl: provideBuildctl,
  buildx: provideBuildx,
  nerdctl: provideNerdctl
};
var PROGRAMS = ["podman", "buildah"];
async function provideEngine(request2, machine) {
  const notes = [...await sweep(machine)];
  const path = { PATH: pathWith(request2.tools, machine.env) };
  if (PROGRAMS.includes(request2.backend)) {
    if (await findProgram(request2.backend, request2.tools, machine) === void 0) {
      await installPackage({ name: request2.backend, ...request2.oldest }, machine);
    }
    return { env: path, notes };
  }
  const provide = ENGINES[request2.backend];
  if (provide === void 0) return { env: path, notes };
  const directory = await newEngineDirectory(machine);
  machine.actions.saveState(STATE, directory);
  try {
    const journal = await openJournal(directory, { owner: await ownerOf(machine), tools: request2.tools }, machine);
    const context = await prepareEngine(request2, journal, machine);
    const { env, ...access } = await provide(context);
    return { ...access, env: { ...path, ...env }, notes: [...notes, ...context.notes] };
  } catch (error) {
    for (const line of await cleanUp(directory, machine)) machine.actions.warning(`Could not be removed: ${line}`);
    throw error;
  }
}
async function provideBuildctl(context) {
  const { CONTAINERD_ADDRESS: containerd, CONTAINERD_NAMESPACE: namespace } = context.machine.env;
  const builder = containerd ? await startGuestBuildkitd(context, containerd.replace(/^unix:\/\//, ""), namespace || "default") : await startBuildkitd(context);
  return { env: { BUILDKIT_HOST: builder }, builder };
}

// src/machine/address.ts
function unquote(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/tools/catalogue.ts
var import_compare = __toESM(require_compare(), 1);

// src/tools/catalogue.json
var catalogue_default = {
  buildx: {
    "0.36.1": {
      amd64: {
        sha256: "48af8a397ebd60178778bf63611dbcebe5f5e7a9be90eb9147b24b9587455778",
        size: 65302690
      },
      arm64: { sha256: "5d0cafd9d16afe1a0f0d9529885344ace2cc99efdd531b6c783c5455a6001569" },
      arm: { sha256: "32ff9bee8c48c1fbceb1e2fb1d8472ec817ad1e25b5dff58ec9abf9b8d903518" },
      ppc64le: { sha256: "46f71a277d1d05cb20f87601abfb729d0056f88705903bd82ad6153f80e3cd9b" }
    }
  },
  buildkit: {
    "0.31.2": {
      amd64: { sha256: "fbabdb72433a35f5bb646e4cd424bf8567e5d055710cf55840f7af2020640791" },
      arm64: { sha256: "41fba1eed480376934fa4c8177ddd7021036b5168a0eb8e7ab5eccdf75d47a05" }
    },
    "0.32.2": {
      amd64: {
        sha256: "2975d0f651ad96ba8b80b9992ae1f9a964f4408569af5b6dc36544165c3926af",
        size: 92882168
      },
      arm64: { sha256: "9e8f46bf309ec0ab262967be5538a4dbe06be756a82621f98253933bac5dcf92" }
    }
  },
  nerdctl: {
    "2.2.1": {
      amd64: { sha256: "34144de7f12756aa4b9dc42a907fd95b0c5eb82a63566a650ca10c8abe7a26a0" },
      arm64: { sha256: "abc83c9ac3d843c3442eedfb61c6456b8b59b1e4cd69f69598ca1582acc7c094" }
    },
    "2.3.5": {
      amd64: {
        sha256: "de3206aeb7cbd5f20f5fb1f55c1e3bf2db1be567812a8a3f5e65eba2488347ee",
        size: 11744522
      }
    }
  },
  "nerdctl-full": {
    "2.3.5": {
      amd64: { sha256: "b697295c623639734aaab737523c808fd3cc8d3046039fd94fff1744e4c317aa" }
    }
  },
  rootlesskit: {
    "3.1.0": {
      amd64: { sha256: "b1302b7395918266d561b9e3053771253f20761807e042ae80a1868d6e86b71c" },
      arm64: { sha256: "42d1c22a34be7bb458f9ae7363d68dd05d553422d95392b44d0be7fa1fd76bf0" }
    }
  },
  "cni-plugins": {
    "1.9.1": {
      amd64: { sha256: "b98f74a0f8522f0a83867178729c1aa70f2158f90c45a2ca8fa791db1c76b303" },
      arm64: { sha256: "56171987d3947707c3563db2f4001bccaf50fd63468611b9f3cbecb1375ee7ec" }
    }
  }
};

// src/tools/catalogue.ts
var CATALOGUE = catalogue_default;
var RELEASES = {
  buildx: {
    repository: "docker/buildx",
    asset: (version, architecture) => `buildx-v${version}.linux-${architecture === "arm" ? "arm-v7" : architecture}`,
    // The name by which docker finds its plugin: https://github.com/docker/buildx#manual-download
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
    // https://github.com/containerd/nerdctl/blob/main/Dockerfile, stage build-full
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
var KERNEL_NAMES = { amd64: "x86_64", arm64: "aarch64", arm: "armv7l" };
var GO_NAMES = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };
function goArchitecture(architecture) {
  return GO_NAMES[architecture] ?? architecture;
}
function newestVersion(name, architecture, catalogue = CATALOGUE) {
  const versions = Object.entries(catalogue[name]).filter(([, assets]) => architecture in assets);
  return versions.map(([version]) => version).sort(import_compare.default).at(-1);
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
  const request2 = choice.tools.find((one) => one.name === name);
  const version = request2?.version ?? newestVersion(name, goArchitecture(architecture), catalogue);
  if (version === void 0) throw noRelease(name, architecture);
  const asset = describe(name, version, architecture);
  const { catalogued, userChecksum } = checksumsOf(asset, choice, catalogue);
  const found = catalogued ?? (userChecksum === void 0 ? void 0 : { sha256: userChecksum });
  if (found === void 0) throw noRelease(name, architecture);
  return { ...asset, ...found, isRequested: request2 !== void 0 };
}
function describe(tool, version, architecture) {
  const { asset, repository } = RELEASES[tool];
  const file = asset(version, goArchitecture(architecture));
  return { tool, version, architecture, file, path: `${repository}/releases/download/v${version}/${file}` };
}
function checksumsOf(asset, { toolChecksums }, catalogue) {
  return {
    catalogued: catalogue[asset.tool][asset.version]?.[goArchitecture(asset.architecture)],
    userChecksum: toolChecksums[asset.file]
  };
}
function findMistakes({ tool, version, file }, { catalogued, userChecksum }) {
  if (catalogued === void 0 && userChecksum === void 0) {
    return [`tools: the checksum of ${tool} ${version} is not known; give the checksum of ${file} in tool-checksums`];
  }
  if (catalogued !== void 0 && userChecksum !== void 0 && catalogued.sha256 !== userChecksum) {
    return [`tool-checksums: ${file} of ${tool} ${version} has ${catalogued.sha256}, not ${userChecksum}`];
  }
  return [];
}
function unknownVersions(problems) {
  return new Failure("input", problems.join(" \xB7 "), {
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

// src/tools/install.ts
import { join as join5 } from "node:path/posix";

// src/registry/retry.ts
import { setTimeout as setTimeout2 } from "node:timers/promises";

// node_modules/is-network-error/index.js
var objectToString = Object.prototype.toString;
var isError = (value) => objectToString.call(value) === "[object Error]";
var errorMessages = /* @__PURE__ */ new Set([
  "network error",
  // Chrome
  "NetworkError when attempting to fetch resource.",
  // Firefox
  "The Internet connection appears to be offline.",
  // Safari 16
  "Network request failed",
  // `cross-fetch`
  "fetch failed",
  // Undici (Node.js)
  "terminated",
  // Undici (Node.js)
  " A network error occurred.",
  // Bun (WebKit)
  "Network connection lost"
  // Cloudflare Workers (fetch)
]);
function isNetworkError(error) {
  const isValid = error && isError(error) && error.name === "TypeError" && typeof error.message === "string";
  if (!isValid) {
    return false;
  }
  const { message, stack } = error;
  if (message === "Load failed" || message.startsWith("Load failed (") && message.endsWith(")")) {
    return stack === void 0 || "__sentry_captured__" in error;
  }
  if (message.startsWith("error sending request for url")) {
    return true;
  }
  if (message === "Failed to fetch" || message.startsWith("Failed to fetch (") && message.endsWith(")")) {
    return true;
  }
  return errorMessages.has(message);
}

// node_modules/p-retry/index.js
function validateRetries(retries) {
  if (typeof retries === "number") {
    if (retries < 0) {
      throw new TypeError("Expected `retries` to be a non-negative number.");
    }
    if (Number.isNaN(retries)) {
      throw new TypeError("Expected `retries` to be a valid number or Infinity, got NaN.");
    }
    if (Number.isFinite(retries) && !Number.isInteger(retries)) {
      throw new TypeError("Expected `retries` to be a non-negative integer or Infinity.");
    }
  } else if (retries !== void 0) {
    throw new TypeError("Expected `retries` to be a number or Infinity.");
  }
}
function validateNumberOption(name, value, { allowInfinity = false } = {}) {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new TypeError(`Expected \`${name}\` to be a number${allowInfinity ? " or Infinity" : ""}.`);
  }
  if (!allowInfinity && !Number.isFinite(value)) {
    throw new TypeError(`Expected \`${name}\` to be a finite number.`);
  }
  if (value < 0) {
    throw new TypeError(`Expected \`${name}\` to be \u2265 0.`);
  }
}
function validateOption(name, value, type) {
  if (value === void 0 || value === null) {
    return;
  }
  if (typeof value !== type) {
    throw new TypeError(`Expected \`${name}\` to be a ${type}.`);
  }
}
function validateSignal(value) {
  if (value === void 0 || value === null) {
    return;
  }
  if (typeof value.throwIfAborted !== "function" || typeof value.addEventListener !== "function" || typeof value.removeEventListener !== "function") {
    throw new TypeError("Expected `signal` to be an AbortSignal.");
  }
}
var AbortError = class _AbortError extends Error {
  constructor(message) {
    super(typeof message === "string" ? message : void 0);
    this.name = "AbortError";
    if (message instanceof Error) {
      this.originalError = message;
      ({ message } = message);
    } else {
      this.originalError = new Error(message);
      ({ message } = this.originalError);
      Error.captureStackTrace?.(this.originalError, _AbortError);
    }
    this.message = message;
  }
};
var maximumDelay = 2 ** 31 - 1;
function calculateDelay(retriesConsumed, options) {
  if (options.minTimeout === 0) {
    return 0;
  }
  const attempt2 = retriesConsumed + 1;
  const random = options.randomize ? Math.random() + 1 : 1;
  const timeout = Math.round(random * options.minTimeout * options.factor ** (attempt2 - 1));
  return Math.min(timeout, Math.ceil(options.maxTimeout), maximumDelay);
}
function calculateRemainingTime(start2, max) {
  return Number.isFinite(max) ? max - (performance.now() - start2) : max;
}
async function delayForRetry(delay, options) {
  if (delay <= 0) {
    return;
  }
  await new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timeoutToken);
      reject(options.signal.reason);
    };
    const timeoutToken = setTimeout(() => {
      options.signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delay);
    if (options.unref) {
      timeoutToken.unref?.();
    }
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
  while (cause instanceof AbortError && cause.originalError instanceof Error) {
    cause = cause.originalError;
  }
  return cause;
}
async function onAttemptFailure({ error, attemptNumber, retriesConsumed, startTime, options }) {
  const abortIfNeeded = () => {
    options.signal?.throwIfAborted();
  };
  const normalizedError = error instanceof Error ? error : new TypeError(`Non-error was thrown: "${stringifyThrownValue(error)}". You should only throw errors.`);
  abortIfNeeded();
  if (normalizedError instanceof AbortError) {
    throw unwrapAbortError(normalizedError);
  }
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
  if (!isRetriableError || remainingTime <= 0 || retriesLeft <= 0) {
    throw normalizedError;
  }
  const shouldRetry = await options.shouldRetry(context);
  abortIfNeeded();
  if (!shouldRetry) {
    throw normalizedError;
  }
  const remainingTimeAfterShouldRetry = calculateRemainingTime(startTime, options.maxRetryTime);
  if (remainingTimeAfterShouldRetry <= 0) {
    throw normalizedError;
  }
  if (!consumeRetry) {
    return false;
  }
  await delayForRetry(Math.min(effectiveDelay, remainingTimeAfterShouldRetry), options);
  return true;
}
async function pRetry(input, options = {}) {
  options = { ...options };
  options.retries ??= 10;
  validateRetries(options.retries);
  if (Object.hasOwn(options, "forever")) {
    throw new Error("The `forever` option is no longer supported. For many use-cases, you can set `retries: Infinity` instead.");
  }
  options.factor ??= 2;
  options.minTimeout ??= 1e3;
  options.maxTimeout ??= Infinity;
  options.maxRetryTime ??= Infinity;
  options.randomize ??= false;
  options.onFailedAttempt ??= () => {
  };
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
  if (options.factor === 0) {
    options.factor = 1;
  }
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
      })) {
        retriesConsumed++;
      }
    }
  }
  throw new Error("Retry attempts exhausted without throwing an error.");
}

// src/text/retry-after.ts
function parseRetryAfter(value, now) {
  const text = value?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1e3;
  const date = Date.parse(text);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/registry/proxy.ts
var PASSING = [408, 429];
function failureOfProxy(error, url) {
  if (!(error instanceof Error) || !("code" in error)) return void 0;
  if (error.code === "ERR_PROXY_INVALID_CONFIG") return invalid(url);
  if (error.code !== "ERR_PROXY_TUNNEL" || !("statusCode" in error)) return void 0;
  const status = Number(error.statusCode);
  if (!(status >= 400 && status < 500) || PASSING.includes(status)) return void 0;
  return refused(url, status, withoutCredentials(error.message));
}
function refused({ host }, status, said) {
  const proxy = / via (\S+?)\/?: /.exec(said)?.[1];
  const name = proxy === void 0 ? "of the environment" : proxy;
  const hint = status === 407 ? "It wants a login: give HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, from a secret." : `Let the proxy pass ${host}, or name it in NO_PROXY if it is reached without the proxy.`;
  return new Failure("network", `The proxy ${name} refuses the way to ${host} with ${status}.`, {
    code: "ProxyRefused",
    lines: [said],
    hint
  });
}
function invalid({ host }) {
  return new Failure("network", `The proxy to ${host} has no address that can be read.`, {
    code: "ProxyInvalid",
    hint: "Give HTTP_PROXY and HTTPS_PROXY as http://HOST:PORT; blanks, @ and / in a password need to be percent-encoded."
  });
}
function withoutCredentials(text) {
  return text.replace(/\/\/[^/@\s]*@/g, "//");
}

// src/registry/failures.ts
var TransientFailure = class extends Failure {
  /** Milliseconds that the registry asks us to wait; `undefined` when it does not say. */
  retryAfter;
  constructor(failureClass, message, details, retryAfter) {
    super(failureClass, message, details);
    this.retryAfter = retryAfter;
  }
};
function failureOfConnection(error, url) {
  const ofProxy = failureOfProxy(error, url);
  if (ofProxy !== void 0) return ofProxy;
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = "code" in cause ? String(cause.code) : "";
  const lines = [cause.message.replace(/; if the root CA is installed locally.*/, "") || code];
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO$/.test(code)) {
    return new Failure("network", `No secure connection to ${url.host}.`, {
      code: "TlsFailed",
      lines,
      hint: `If ${url.host} has a certificate of your own authority, put the authority's certificate into /etc/docker/certs.d/${url.host}/ca.crt or into the runner's system store.`,
      cause
    });
  }
  return new TransientFailure("network", `The connection to ${url.host} failed.`, {
    code: "Unreachable",
    lines,
    cause
  });
}

// src/registry/retry.ts
var RETRY_POLICY = { tries: 5, firstDelay: 1e3, longestWait: 12e4 };
async function withRetries(machine, retryPolicy, work, signal = machine.signal) {
  try {
    return await pRetry(work, {
      retries: retryPolicy.tries - 1,
      // The wait is ours, as the library's own would come on top of what the server asks for.
      minTimeout: 0,
      signal,
      shouldRetry: ({ error }) => isWorthWaiting(error, retryPolicy),
      async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0 || !isWorthWaiting(error, retryPolicy)) return;
        machine.actions.info(`${error.message} Trying again.`);
        const asked = error instanceof TransientFailure ? error.retryAfter : void 0;
        await setTimeout2(asked ?? backOff(attemptNumber, retryPolicy), void 0, { signal });
      }
    });
  } catch (error) {
    if (machine.signal.aborted) throw cancelled(machine.signal, "The work with the registry was stopped", error);
    throw error;
  }
}
function backOff(attempt2, { firstDelay }) {
  return firstDelay * 2 ** (attempt2 - 1) * (1 + Math.random());
}
function isWorthWaiting(error, { longestWait }) {
  return error instanceof TransientFailure && (error.retryAfter ?? 0) <= longestWait;
}

// src/tools/download.ts
import { pipeline } from "node:stream/promises";

// src/tools/download-sources.ts
import { join as join2 } from "node:path/posix";
import { fileURLToPath } from "node:url";
var RELEASES_URL = "https://github.com";
function sourcesOf({ path, file }, mirror) {
  const release = { kind: "url", from: "release", url: new URL(`${RELEASES_URL}/${path}`) };
  if (mirror === void 0) return [release];
  return [mirrored(mirror, path), mirrored(mirror, file), release];
}
function mirrored(mirror, path) {
  if (mirror.startsWith("/")) return { kind: "file", from: "mirror", path: join2(mirror, path) };
  const url = new URL(mirror);
  if (url.protocol === "file:") return { kind: "file", from: "mirror", path: join2(fileURLToPath(url), path) };
  url.pathname = join2(url.pathname, path);
  return { kind: "url", from: "mirror", url };
}
function printSource(source) {
  return source.kind === "file" ? source.path : printUrl(source.url);
}
function printUrl(url) {
  return `${url.origin}${url.pathname}`;
}

// src/tools/http-request.ts
var MAX_REDIRECTS = 5;
var REDIRECTS = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
var OFFLINE_HINT = "This program is not installed on the runner. Behind a proxy, set HTTPS_PROXY. Without internet access, set the input tool-mirror to a directory or server that has the file, let an earlier run fill the runner's tool cache, or install the program on the runner.";
var REASONS = {
  ENOTFOUND: "its name cannot be resolved; there may be no network, or another DNS",
  EAI_AGAIN: "no DNS server answers; there may be no network",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "the host is unreachable",
  ETIMEDOUT: "the connection timed out"
};
async function openUrl(start2, machine) {
  let url = start2;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await request(url, machine);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === void 0) return accept(response, url, machine);
    response.body.destroy();
    const next = new URL(location, url);
    if (next.protocol !== "https:" && (url.protocol === "https:" || next.protocol !== "http:")) {
      throw new Failure("network", `${url.host} redirects to ${next.origin}, which is not encrypted`);
    }
    url = next;
  }
  throw new Failure("network", `${printUrl(start2)} redirects more than ${MAX_REDIRECTS} times`);
}
async function request(url, machine) {
  try {
    return await machine.http.request({ method: "GET", url, headers: { "user-agent": "bento-image" } });
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
  if (!(error instanceof Error)) return { message: String(error), code: "" };
  return { message: error.message || error.name, code: errorCode(error) };
}
function accept(response, url, machine) {
  const { status, headers, body } = response;
  if (status === 200) return response;
  body.destroy();
  if (status === 404 || status === 410) return void 0;
  const message = `${printUrl(url)} answered ${status}.`;
  const wait = parseRetryAfter(headers["retry-after"], machine.now().getTime());
  if (status === 429) {
    const hint = "Try again later, or give a mirror in the input tool-mirror.";
    throw new TransientFailure("rate-limit", message, { code: "TooManyRequests", hint }, wait);
  }
  if (status === 408 || status >= 500) {
    throw new TransientFailure("network", message, { code: "Unavailable", hint: OFFLINE_HINT }, wait);
  }
  const isRefusal = status === 401 || status === 403 || status === 407;
  throw new Failure(isRefusal ? "auth" : "network", message, {
    code: "Refused",
    hint: "Check the address in tool-mirror and the proxy of the environment."
  });
}

// src/tools/download.ts
var MAX_BYTES = 1 << 30;
var PROGRESS_FROM = 16e6;
var PROGRESS_STEP = 20;
async function download(asset, mirror, target, machine, retryPolicy) {
  const sources = sourcesOf(asset, mirror);
  for (const source of sources) {
    const isFound = await withRetries(machine, retryPolicy, () => attempt(asset, source, target, machine));
    if (isFound) return source.from;
  }
  throw notFound(asset, sources);
}
async function attempt(asset, source, target, machine) {
  const opened = source.kind === "file" ? await openFile(source.path, machine) : await openUrl(source.url, machine);
  if (opened === void 0) return false;
  const location = printSource(source);
  await machine.files.remove(target);
  const hash = createHash("sha256");
  const meter = watch(opened.body, asset, location, hash, machine);
  try {
    await pipeline(meter, machine.files.sink(target, { mode: 384 }));
  } catch (error) {
    await machine.files.remove(target);
    throw explain(error, source, machine);
  }
  const sha256 = hash.digest("hex");
  if (sha256 === asset.sha256) return true;
  await machine.files.remove(target);
  throw mismatch(asset, location, sha256);
}
async function openFile(path, { files }) {
  return await files.info(path) === void 0 ? void 0 : { body: files.source(path) };
}
async function* watch(bytes, { file, size }, location, hash, { actions }) {
  actions.info(`Fetching ${location}${size === void 0 ? "" : ` (${printBytes(size)})`}`);
  let received = 0;
  let reported = 0;
  for await (const chunk of bytes) {
    received += chunk.length;
    if (received > (size ?? MAX_BYTES)) throw tooLarge(file, location, size);
    hash.update(chunk);
    const share = size === void 0 ? 0 : Math.floor(received * 100 / size / PROGRESS_STEP) * PROGRESS_STEP;
    if (size !== void 0 && size >= PROGRESS_FROM && share > reported) {
      reported = share;
      actions.info(`${file}: ${share} % of ${printBytes(size)}`);
    }
    yield chunk;
  }
}
function explain(error, source, { signal }) {
  if (error instanceof Failure) return error;
  if (signal.aborted) return cancelled(signal, "The download was stopped", error);
  const isDiskError = error instanceof Error && "syscall" in error && /^(?:open|write|close)$/.test(String(error.syscall));
  return isDiskError || source.kind === "file" ? error : brokenConnection(error, source.url);
}
function tooLarge(file, location, size) {
  const limit = size === void 0 ? printBytes(MAX_BYTES) : `the ${size} bytes that were published`;
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
import { join as join3 } from "node:path/posix";

// src/layers/file-digest.ts
async function fileDigest(file, files) {
  const hash = createHash("sha256");
  for await (const piece of files.pieces(file)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

// src/tools/record.ts
var RECORD2 = "bento-image.json";
async function writeRecord2(directory, asset, programs, files) {
  const hashes = await hashAll(directory, programs, files);
  const record = { asset: asset.sha256, files: hashes };
  await files.write(join3(directory, RECORD2), JSON.stringify(record), 420);
}
async function findDifference(directory, asset, files) {
  const record = await readRecord2(directory, files);
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
  const present = (await listFiles(directory, "", files)).filter((name) => name !== RECORD2);
  const added = present.find((name) => !Object.hasOwn(record.files, name));
  if (added !== void 0) return `${added} was added`;
  const missing = Object.keys(record.files).find((name) => !present.includes(name));
  if (missing !== void 0) return `${missing} is missing`;
  const hashes = await hashAll(directory, present, files);
  const changed = present.find((name) => hashes[name] !== record.files[name]);
  return changed === void 0 ? void 0 : `${changed} was changed`;
}
async function readRecord2(directory, files) {
  const path = join3(directory, RECORD2);
  if ((await files.info(path))?.kind !== "file") return void 0;
  try {
    const json = JSON.parse(await files.readText(path));
    const { asset, files: hashes } = isJsonObject(json) ? json : {};
    return typeof asset === "string" && isJsonObject(hashes) ? { asset, files: textsOf(hashes) } : void 0;
  } catch {
    return void 0;
  }
}
function textsOf(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
async function listFiles(directory, below, files) {
  const entries = await files.list(join3(directory, below));
  const found = entries.map(({ name, kind }) => {
    const path = join3(below, name);
    return kind === "directory" ? listFiles(directory, path, files) : [path];
  });
  return (await Promise.all(found)).flat();
}
async function hashAll(directory, names, files) {
  const hashes = {};
  for (const name of names) {
    const path = join3(directory, name);
    if ((await files.info(path))?.kind === "file") hashes[name] = hexOf(await fileDigest(path, files));
  }
  return hashes;
}

// src/tools/unpack.ts
import { dirname as dirname3, join as join4 } from "node:path/posix";
import { pipeline as pipeline3 } from "node:stream/promises";

// src/bento/archive/decompress.ts
import { pipeline as pipeline2, Readable } from "node:stream";
async function gunzip(source) {
  const { createGunzip } = await import("node:zlib");
  return pipeline2(source, createGunzip(), () => void 0);
}

// src/bento/archive/unsafe.ts
function unsafe(name, fault) {
  return new Failure("bento", `The archive's member ${name} ${fault}`, {
    code: "UnsafePath",
    hint: "No BentoML writes such an archive: do not trust where it came from."
  });
}

// src/bento/archive/names.ts
function memberPath(name, maxBytes) {
  if (Buffer.byteLength(name) > maxBytes) throw unusable(name);
  if (name.startsWith("/")) throw unsafe(name, "has an absolute name");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(name, "climbs out of the archive");
  if (name.includes("\0") || name.includes("\uFFFD")) throw unusable(name);
  return parts.join("/");
}
function unusable(name) {
  const shown = JSON.stringify(name.slice(0, 100));
  return new Failure("bento", `The archive's member ${shown} has a name that is too long or not UTF-8`, {
    code: "ArchiveCorrupt"
  });
}

// src/tar/header.ts
var BLOCK = 512;
var CHECKSUM_START = 148;
var CHECKSUM_END = 156;
var BLANK = 32;
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
  return sum(block) - sum(block.subarray(CHECKSUM_START, CHECKSUM_END)) + BLANK * (CHECKSUM_END - CHECKSUM_START);
}
function textAt(block, start2, length) {
  const field = block.subarray(start2, start2 + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}
function numberAt(block, start2, length) {
  const first = block[start2] ?? 0;
  if ((first & 128) !== 0) return binaryAt(block.subarray(start2, start2 + length));
  const digits = textAt(block, start2, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error("a header holds something else in the place of a number");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
function binaryAt(field) {
  const value = field.reduce((total, byte, index) => total * 256 + (index === 0 ? byte & 127 : byte), 0);
  if (!Number.isSafeInteger(value)) throw new Error("a header holds a number that is negative or too big");
  return value;
}
function parseRecords(bytes) {
  let extension = {};
  for (let start2 = 0; start2 < bytes.length && bytes[start2] !== 0; ) {
    const digits = bytes.toString("latin1", start2, start2 + 12).split(" ", 1)[0] ?? "";
    const end = start2 + Number(digits);
    const equals = bytes.indexOf("=", start2 + digits.length);
    if (!/^[1-9]\d*$/.test(digits) || equals === -1 || equals >= end || bytes[end - 1] !== 10) {
      throw new Error("an extended header is damaged");
    }
    const key = bytes.toString("utf8", start2 + digits.length + 1, equals);
    extension = { ...extension, ...meaningOf(key, bytes.subarray(equals + 1, end - 1)) };
    start2 = end;
  }
  return extension;
}
function meaningOf(key, value) {
  if (key === "path" || key === "linkpath") return { [key]: value.toString() };
  if (key === "size") return { size: sizeFrom(value.toString()) };
  return key.startsWith("GNU.sparse.") ? { sparse: true } : {};
}
function sizeFrom(value) {
  const size = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new Error(`an extended header gives the size ${value.slice(0, 30)}`);
  return size;
}

// src/tar/reader.ts
var MAX_METADATA = 1 << 20;
var KINDS = /* @__PURE__ */ new Map([
  ["0", "file"],
  ["1", "hard link"],
  ["2", "link"],
  ["3", "irregular"],
  ["4", "irregular"],
  ["5", "directory"],
  ["6", "irregular"]
]);
var UNSUPPORTED = /* @__PURE__ */ new Map([
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
    for (; ; ) {
      const block = await reader.take(BLOCK);
      if (isZero(block)) break;
      const header = parseHeader(block);
      const more = await readExtension(header, reader);
      if (more === void 0) {
        const member = memberOf(header, extension);
        const content = reader.portion(member.size);
        yield { ...member, content };
        await reader.skip(content.left + paddingOf(member.size));
        extension = {};
      } else {
        extension = { ...extension, ...more };
      }
    }
    await readEnd(reader);
  } finally {
    await reader.close();
  }
}
async function readExtension(header, reader) {
  const { type, size } = header;
  if (!["x", "g", "L", "K"].includes(type)) return void 0;
  if (size > MAX_METADATA) throw new Error(`an extended header has ${size} bytes, more than ${MAX_METADATA}`);
  const content = await reader.take(size);
  await reader.skip(paddingOf(size));
  if (type === "L") return { path: textAt(content, 0, size) };
  if (type === "K") return { linkpath: textAt(content, 0, size) };
  const records = parseRecords(content);
  if (type === "x") return records;
  if (Object.keys(records).length > 0) throw new Error("a global header gives all members one name or size");
  return {};
}
function memberOf(header, extension) {
  const path = extension.path ?? header.name;
  const kind = header.type === "0" && path.endsWith("/") ? "directory" : KINDS.get(header.type);
  const unsupported = extension.sparse === true ? "a sparse file" : UNSUPPORTED.get(header.type);
  if (kind === void 0 || unsupported !== void 0) {
    const what = unsupported ?? `of the unknown type ${JSON.stringify(header.type)}`;
    throw new Error(`its member ${path} is ${what}, which is not supported`);
  }
  const size = kind === "file" ? extension.size ?? header.size : 0;
  return { path, kind, size, mode: header.mode, target: extension.linkpath ?? header.link };
}
async function readEnd(reader) {
  for (let rest = await reader.some(); rest.length > 0; rest = await reader.some()) refuseBytes(rest);
}
function refuseBytes(bytes) {
  if (!isZero(bytes)) throw new Error("it does not end where its last member ends");
}
var ZEROS = Buffer.alloc(1 << 16);
function isZero(bytes) {
  for (let start2 = 0; start2 < bytes.length; start2 += ZEROS.length) {
    const part = bytes.subarray(start2, start2 + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}
function paddingOf(size) {
  return (BLOCK - size % BLOCK) % BLOCK;
}
var ByteReader = class {
  #chunks;
  #rest = Buffer.alloc(0);
  constructor(bytes) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }
  /** What is there, at least a byte and at most `most`; nothing at the end. */
  async some(most = Number.POSITIVE_INFINITY) {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return this.#rest;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
  /** As `some`, where the archive must not end. */
  async next(most) {
    const bytes = await this.some(most);
    if (bytes.length === 0) throw new Error("it ends too early");
    return bytes;
  }
  /** Exactly `length` bytes. */
  async take(length) {
    if (this.#rest.length >= length) return this.some(length);
    const parts = [];
    for (let left = length; left > 0; left -= parts.at(-1)?.length ?? 0) parts.push(await this.next(left));
    return Buffer.concat(parts);
  }
  async skip(length) {
    for (let left = length; left > 0; ) left -= (await this.next(left)).length;
  }
  /** The next `size` bytes, for one reader; `left` of them are not read yet. */
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
  /** Lets go of the stream. */
  async close() {
    await this.#chunks.return?.();
  }
};

// src/bento/archive/tar.ts
async function unpackTar(bytes, tree) {
  for await (const member of readTar(bytes)) await addMember(member, tree);
}
function addMember({ path, kind, size, mode, target, content }, tree) {
  switch (kind) {
    case "file":
      return tree.addFile(path, (mode & 73) !== 0, content, size);
    case "directory":
      return tree.addDirectory(path);
    case "link":
      return tree.addLink(path, target);
    case "hard link":
      return tree.addHardLink(path, target);
    case "irregular":
      throw unsafe(path, "is no file, directory or link");
  }
}

// src/tools/elf.ts
var HEAD = 20;
var MACHINES = {
  ia32: { number: 3, bits: 32, order: "little" },
  arm: { number: 40, bits: 32, order: "little" },
  x64: { number: 62, bits: 64, order: "little" },
  arm64: { number: 183, bits: 64, order: "little" },
  ppc64: { number: 21, bits: 64, order: "little" },
  s390x: { number: 22, bits: 64, order: "big" },
  riscv64: { number: 243, bits: 64, order: "little" },
  loong64: { number: 258, bits: 64, order: "little" }
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
  if (head.length < HEAD || head.toString("latin1", 0, 4) !== "\x7FELF") return void 0;
  const order = head[5] === 2 ? "big" : "little";
  const number = order === "big" ? head.readUInt16BE(18) : head.readUInt16LE(18);
  return { number, bits: head[4] === 2 ? 64 : 32, order };
}
function sameMachine(one, other) {
  return one.number === other.number && one.bits === other.bits && one.order === other.order;
}
function nameOf(program) {
  const [name] = Object.entries(MACHINES).find(([, one]) => sameMachine(one, program)) ?? [];
  return name ?? `an unknown machine (${program.number})`;
}

// src/tools/unpack.ts
var MAX_BYTES2 = 4e9;
var NAME_BYTES = 4096;
async function unpackPrograms(asset, file, directory, machine) {
  const { layout, path, program } = RELEASES[asset.tool];
  const programs = "program" in layout ? await moveProgram(layout.program, file, directory, machine) : await extractFolders(asset, layout.folders, file, directory, machine);
  if (!programs.includes(join4(path, program))) {
    throw new Failure("tool", `${asset.file} does not contain ${join4(path, program)}`, {
      code: "ProgramMissing",
      hint: "The release has another layout than earlier ones; use a version that this action knows."
    });
  }
  for (const name of programs) {
    await checkArchitecture(join4(directory, name), `${name} of ${asset.file}`, asset.architecture, machine.files);
  }
  return programs;
}
async function moveProgram(name, file, directory, { files }) {
  await files.rename(file, join4(directory, name));
  await files.setMode(join4(directory, name), 493);
  return [name];
}
async function extractFolders(asset, folders, file, directory, { files }) {
  const programs = new Programs(folders, directory, files);
  const source = files.source(file);
  try {
    await unpackTar(await gunzip(source), programs);
  } catch (error) {
    throw explain2(error, asset);
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
  #remaining = MAX_BYTES2;
  constructor(folders, directory, files) {
    this.#folders = folders.map((folder) => folder || ".");
    this.#directory = directory;
    this.#files = files;
  }
  async addFile(name, executable, content) {
    const path = memberPath(name, NAME_BYTES);
    if (!executable || !this.#folders.includes(dirname3(path))) return;
    const target = join4(this.#directory, path);
    await this.#files.makeDirectory(dirname3(target), 493);
    await pipeline3(this.#meter(content), this.#files.sink(target, { mode: 493 }));
    await this.#files.setMode(target, 493);
    this.names.push(path);
  }
  async addDirectory() {
    return;
  }
  async addLink() {
    return;
  }
  async addHardLink() {
    return;
  }
  async *#meter(content) {
    for await (const chunk of content) {
      this.#remaining -= chunk.length;
      if (this.#remaining < 0) throw new Error(`it unpacks to more than ${MAX_BYTES2} bytes`);
      yield chunk;
    }
  }
};
function explain2(error, { file }) {
  if (error instanceof Failure && error.class !== "bento") return error;
  const failure = asFailure(error);
  if (failure.class === "disk") return failure;
  const code = failure.code === "UnsafePath" ? "UnsafePath" : "ArchiveCorrupt";
  return new Failure("tool", `${file} cannot be unpacked: ${failure.message}`, { code, cause: error });
}

// src/tools/install.ts
var cacheName = (tool) => `bento-image-${tool}`;
async function installTool(asset, settings, machine, retryPolicy = RETRY_POLICY) {
  if (settings.install !== "always") {
    const root = await findInCache(asset, machine);
    if (root !== void 0) return installed(asset, root, "cache");
  }
  const work = join5(await machine.files.scratch(), `tool-${randomUUID()}`);
  await machine.files.makeDirectory(join5(work, "programs"), 448);
  try {
    const file = join5(work, "download");
    const from = await download(asset, settings.toolMirror, file, machine, retryPolicy);
    const root = await addToCache(asset, file, join5(work, "programs"), settings.install === "always", machine);
    machine.actions.info(`Installed ${asset.tool} ${asset.version} from the ${from}`);
    return installed(asset, root, from);
  } finally {
    await machine.files.remove(work);
  }
}
function installed({ tool, version }, root, from) {
  return { name: tool, version, root, directory: join5(root, RELEASES[tool].path), from };
}
async function findInCache(asset, { toolCache, files, actions }) {
  const root = await toolCache.find(cacheName(asset.tool), asset.version, asset.architecture);
  if (root === void 0) return void 0;
  const difference = await findDifference(root, asset, files);
  if (difference === void 0) return root;
  actions.warning(
    `${asset.tool} ${asset.version} in the tool cache is not intact (${difference}); it is installed again.`
  );
  return void 0;
}
async function addToCache(asset, file, directory, replace, machine) {
  const { files, toolCache } = machine;
  const programs = await unpackPrograms(asset, file, directory, machine);
  await writeRecord2(directory, asset, programs, files);
  const isIntact = async (root) => !replace && await findDifference(root, asset, files) === void 0;
  try {
    return await toolCache.add(directory, cacheName(asset.tool), asset.version, asset.architecture, isIntact);
  } catch (error) {
    throw explain3(error);
  }
}
function explain3(error) {
  const failure = asFailure(error);
  if (failure.class !== "internal") return failure;
  return new Failure("tool", `The tool cache cannot be written: ${failure.message}`, {
    code: "CacheNotWritable",
    hint: "Set RUNNER_TOOL_CACHE to a directory that this user may write to.",
    cause: error
  });
}

// src/tools/prepare.ts
var AT_ONCE = 2;
async function prepareTools(names, settings, machine) {
  if (settings.install === "never" && names.length > 0) throw notInstalled(names);
  maskPassword(settings.toolMirror, machine);
  const assets = chooseAssets(names, settings, machine.architecture);
  const installed2 = [];
  await inParallel([...assets.entries()], AT_ONCE, machine.signal, async ([index, asset], signal) => {
    installed2[index] = await installTool(asset, settings, { ...machine, signal });
  });
  return installed2;
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
async function setUp(before, asked, job) {
  const { inputs, machine } = job;
  const isFound = !(before instanceof Error);
  const fallback = asked === "auto" ? LAST_RESORT : asked;
  const backend = isFound ? before.backend : fallback;
  const toolbox = openToolbox(backend, job);
  if (inputs.install === "always") await toolbox.installFirst();
  const ask = (env) => findEngine(backend, inputs.builder, machine, env, job.keys);
  const reason = isFound || asked !== "auto" ? {} : { reason: `set up by this action, as ${before.lines.join("; ")}` };
  const isSilent = !isFound && !(before instanceof ProgramMissing);
  const there = isSilent ? before : await toolbox.completing(ask).catch(lackOf);
  if (!(there instanceof Error)) return { ...there, ...reason };
  if (isNamed(backend, job)) throw there;
  return { ...await start(backend, toolbox, job), ...reason };
}
async function makeBuilder({ backend, nodes }, job) {
  const toolbox = openToolbox(backend, job);
  if (job.inputs.install === "always") await toolbox.installFirst();
  const printed = nodes.map((node) => ({ ...node, platforms: node.platforms.map(printPlatform) }));
  return start(backend, toolbox, job, { nodes: printed, keys: job.keys ?? {} });
}
async function start(backend, toolbox, job, builder) {
  const { inputs, machine, keys } = job;
  const request2 = {
    backend: backend.name,
    settings: await engineSettings(inputs, machine),
    keepState: inputs.keepState === true,
    ...oldestOf(backend),
    ...builder === void 0 ? {} : { builder }
  };
  const system = await machine.system();
  const provision = await toolbox.completing(
    (env, tools) => provideEngine({ ...request2, tools }, { ...machine, env, system })
  );
  const found = await toolbox.completing(
    (env) => findEngine(backend, provision.builder ?? inputs.builder, machine, { ...env, ...provision.env }, keys)
  );
  const notes = [...found.engine.notes ?? [], ...provision.notes];
  return { ...found, engine: { ...found.engine, notes } };
}
function oldestOf({ requires, tool }) {
  const oldest = requires.find(({ part }) => part === tool);
  return oldest === void 0 ? {} : { oldest: { minimum: oldest.minimum, because: oldest.because } };
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
    tools.unshift(...await prepareTools([name], inputs, { ...machine, toolCache: await machine.toolCache() }));
    complete = await withTools(tools, env, machine);
  }
  return {
    async completing(work) {
      for (; ; ) {
        try {
          return await work(
            complete,
            tools.map(({ directory }) => directory)
          );
        } catch (error) {
          const tool = error instanceof ProgramMissing ? programs[error.program] : void 0;
          if (tool === void 0 || inputs.install === "never" || tools.some(({ name }) => name === tool)) throw error;
          await install(tool);
        }
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
  for (const [registry, path] of Object.entries(registryAuthorities)) {
    authorities[registry] = [await findInputFile("registry-authorities", path, machine)];
  }
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
export {
  makeBuilder,
  setUp
};
