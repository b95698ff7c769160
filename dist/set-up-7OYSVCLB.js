const require = process.getBuiltinModule;
import {
  fileDigest
} from "./chunk-OZOBDHPO.js";
import {
  PATIENCE,
  TransientFailure,
  failureOfConnection,
  inParallel,
  withRetries
} from "./chunk-ADYP5L3V.js";
import {
  gunzip,
  memberPath,
  unpackTar
} from "./chunk-YIDROTZM.js";
import "./chunk-WG3CPRCG.js";
import "./chunk-E3U6JMMS.js";
import {
  unquote
} from "./chunk-QUSIMULJ.js";
import {
  require_coerce
} from "./chunk-4LGCBB74.js";
import {
  Failure,
  LAST_RESORT,
  ProgramMissing,
  Secret,
  asFailure,
  cancelled,
  createHash,
  findEngine,
  findInputFile,
  hexOf,
  isJsonObject,
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
} from "./chunk-FTZLIIWB.js";
import {
  __toESM
} from "./chunk-ZDX6KC25.js";

// src/engines/plugin.ts
import { basename, join } from "node:path/posix";
var PLUGIN = "docker-buildx";
var PLUGIN_TOOL = "buildx";
var PLUGINS = "cli-plugins";
async function placePlugin(program, env, { files }) {
  const own = env["DOCKER_CONFIG"] || join(env["HOME"] || "/root", ".docker");
  const directory = join(await files.kept(), "docker");
  await files.makeDirectory(join(directory, PLUGINS), 448);
  await linkAll(own, directory, PLUGINS, files);
  await linkAll(join(own, PLUGINS), join(directory, PLUGINS), basename(program), files);
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
function buildkitConfiguration(settings, worker, places) {
  const limits = settings.maxBytes === void 0 ? {} : { gc: true, maxUsedSpace: settings.maxBytes };
  const common = { ...limits, networkMode: "host" };
  const oci = worker.kind === "oci" ? {
    ...{ enabled: true, snapshotter: "auto", rootless: worker.rootless },
    ...{ noProcessSandbox: !worker.processSandbox, ...common }
  } : { enabled: false };
  const containerd = worker.kind === "containerd" ? { enabled: true, address: worker.address, namespace: worker.namespace, ...common } : { enabled: false };
  return stringify({
    root: places.root,
    grpc: {
      address: [`unix://${buildkitSocket(places)}`],
      // Mode 0660: nobody is in root's group who is not root.
      ...places.owner === void 0 ? {} : { uid: places.owner, gid: 0 }
    },
    // The default is one socket for all of the machine.
    otel: { socketPath: `${places.sockets}/otel.sock` },
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
      // Both: TLS that is not checked is tried, and plain HTTP. Source: moby/buildkit util/resolver/resolver.go
      ...insecure.includes(host) ? { http: true, insecure: true } : {},
      ...Object.hasOwn(authorities, host) ? { ca: [...authorities[host] ?? []] } : {}
    };
  }
}
function containerdSocket({ sockets }) {
  return `${sockets}/containerd.sock`;
}
function containerdConfiguration(places) {
  return stringify({
    version: 3,
    root: places.root,
    state: `${places.sockets}/containerd`,
    // Kubernetes has no business here; `opt` makes /opt/containerd, and `nri` a socket that is shared by the machine.
    disabled_plugins: [
      "io.containerd.grpc.v1.cri",
      "io.containerd.cri.v1.images",
      "io.containerd.cri.v1.runtime",
      "io.containerd.internal.v1.opt",
      "io.containerd.nri.v1.nri"
    ],
    grpc: { address: containerdSocket(places) }
  });
}
function nerdctlConfiguration(places) {
  return stringify({
    address: `unix://${containerdSocket(places)}`,
    namespace: places.namespace,
    data_root: `${places.directory}/nerdctl`,
    cni_netconfpath: `${places.directory}/cni`,
    hosts_dir: [`${places.directory}/certs.d`],
    ...places.cni === void 0 ? {} : { cni_path: places.cni }
  });
}
function hostsConfigurations({ mirrors, insecure, authorities }) {
  const hosts = /* @__PURE__ */ new Set([...Object.keys(mirrors), ...insecure, ...Object.keys(authorities)]);
  const how = (host) => ({
    ...insecure.includes(host) ? { skip_verify: true } : {},
    ...Object.hasOwn(authorities, host) ? { ca: [...authorities[host] ?? []] } : {}
  });
  const url = (host) => `${insecure.includes(host) ? "http" : "https"}://${host}`;
  return new Map(
    [...hosts].map((host) => {
      const via = (ownValue(mirrors, host) ?? []).map((mirror) => [
        url(mirror),
        { capabilities: ["pull", "resolve"], ...how(mirror) }
      ]);
      const own = [url(host), { capabilities: ["pull", "resolve", "push"], ...how(host) }];
      return [host, stringify({ host: Object.fromEntries(host === "docker.io" ? via : [...via, own]) })];
    })
  );
}

// src/engines/daemon.ts
import { setTimeout as sleep } from "node:timers/promises";

// src/engines/diagnosis.ts
var HINTS = [
  [
    /executable file not found.{0,200}runc|runc.{0,200}executable file not found|failed to find runc/i,
    "Install runc; BuildKit's release brings it as buildkit-runc."
  ],
  [
    /address already in use|could not lock|another instance running/i,
    "Another daemon uses the same socket or state; end it, or leave keep-state off."
  ],
  [
    /newuidmap|newgidmap|uid range|subuid|subgid|user namespaces?|failed to reexec|operation not permitted.{0,200}(?:unshare|clone|fork)|(?:unshare|clone|fork).{0,200}operation not permitted/i,
    "The machine does not let ordinary users make user namespaces; see the sysctls kernel.apparmor_restrict_unprivileged_userns, kernel.unprivileged_userns_clone and user.max_user_namespaces, or run as root."
  ],
  [
    /overlay(?:fs)?.{0,200}(?:not supported|invalid argument|no such device|unknown filesystem)|no such device.{0,200}overlay/i,
    "There is no overlayfs below the runner's directory for temporary files; put RUNNER_TEMP on ext4 or xfs."
  ],
  [
    /cgroup/i,
    "The machine's control groups cannot be used; a runner in a container needs --privileged or --cgroupns=host."
  ],
  [
    /permission denied|operation not permitted/i,
    "The daemon lacks a right; run the action as root, or a runner in a container with --privileged."
  ],
  [/no space left on device|disk quota exceeded/i, "Free space below the runner's directory for temporary files."],
  [/toml|configuration/i, "The daemon does not know a setting of its configuration; use a newer version of it."]
];
function hintFrom(log) {
  const text = log.join("\n");
  return HINTS.find(([pattern]) => pattern.test(text))?.[1] ?? "The daemon's own last words are above.";
}

// src/engines/places.ts
var LONGEST_SOCKET = 107;
var LONGEST_NAME = "/containerd/containerd.sock.ttrpc";
var PREFIX = "bento-image-engine-";
function temporaryDirectory({ env, files }) {
  return files.realPath(env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
}
async function newEngineDirectory(world) {
  return `${await temporaryDirectory(world)}/${PREFIX}${randomBytes(4).toString("hex")}`;
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
  throw new Failure("engine", `${path} cannot be kept from other users of this machine`, {
    code: "NotPrivate",
    hint: "It is somebody else's, or below a directory in which everybody may rename it (`chmod +t`), or on a file system without owners and modes: let RUNNER_TEMP name a directory of this user."
  });
}
async function findProgram(name, directories, world) {
  return await findIn(name, directories, world) ?? world.processes.which(name);
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

// src/engines/kept-state.ts
import { dirname, normalize } from "node:path/posix";
async function claimKept(name, journal, world) {
  const home = await findHome(world);
  if (home === void 0) {
    const places = placesFor(world).join(" nor ");
    return { why: `neither ${places} is a directory that this user alone may write to; this engine keeps nothing` };
  }
  const path = `${home}/${name}`;
  await removeVoid(lockOf(path), world);
  await journal.add({ kind: "kept", path });
  try {
    await world.files.makeLink(journal.directory, lockOf(path));
  } catch (error) {
    if (!hasCode(error, ["EEXIST"])) throw error;
    return { why: "another engine uses the kept state now; this one starts without it" };
  }
  await world.files.makeDirectory(path, 448);
  return { path };
}
function isKeptPath(path) {
  return normalize(path) === path && /^\/(?:.+\/)?_?bento-image\/\d+\/[a-z]+$/.test(path);
}
async function isClaimedBy(directory, path, { files, system }, owner) {
  if (!isKeptPath(path) || !await system.isPrivate(dirname(path), owner)) return false;
  if ((await files.info(lockOf(path)))?.kind !== "symlink") return false;
  return await files.readLink(lockOf(path)) === directory;
}
function releaseKept(path, { files }) {
  return files.remove(lockOf(path));
}
function lockOf(path) {
  return `${path}.lock`;
}
async function removeVoid(lock, { files }) {
  if ((await files.info(lock))?.kind !== "symlink") return;
  if (await files.info(await files.readLink(lock)) === void 0) await files.remove(lock);
}
async function findHome(world) {
  for (const place of placesFor(world)) {
    try {
      await world.files.makeDirectory(dirname(place), 493);
      await world.files.makeDirectory(place, 448);
      const home = await world.files.realPath(place);
      if (await world.system.isPrivate(home)) return home;
    } catch (error) {
      if (!hasCode(error, ["EACCES", "EPERM", "EROFS"])) throw error;
    }
  }
  return void 0;
}
function placesFor({ env, system }) {
  const cache = env["RUNNER_TOOL_CACHE"];
  const beside = cache ? [`${cache.replace(/(?<!\/)\/+$/, "")}/../_bento-image`] : [];
  const own = `${env["XDG_STATE_HOME"] || `${env["HOME"] || "/root"}/.local/state`}/bento-image`;
  return [...beside, own].map((place) => `${place}/${system.user().id}`);
}
function hasCode(error, codes) {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

// src/engines/record-form.ts
function parseRecord(text, env) {
  const fields = fieldsOf(jsonOf(text));
  if (fields?.["version"] !== 1) return void 0;
  const owner = ownerFrom(fields["owner"]);
  const tools = allOf(fields["tools"], textFrom);
  const made = allOf(fields["made"], madeFrom);
  if (owner === void 0 || tools === void 0 || made === void 0) return void 0;
  return { owner, tools: tools.filter((path) => isInToolCache(path, env)), made };
}
function ownerFrom(value) {
  const { kind, runner: runner2, job, process } = fieldsOf(value) ?? {};
  if (kind === "job" && typeof runner2 === "string" && typeof job === "string") return { kind, runner: runner2, job };
  const live = processFrom(process);
  return kind === "process" && live !== void 0 ? { kind, process: live } : void 0;
}
function madeFrom(value) {
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
  const isOne = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  return isOne && typeof started === "string" && /^\d*$/.test(started) ? { pid, started } : void 0;
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
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function fieldsOf(value) {
  return typeof value === "object" && value !== null ? { ...value } : void 0;
}

// src/engines/record.ts
var MARK = "BENTO_IMAGE_ENGINE";
var STATE = "engine";
var DAEMONS = ["buildkitd", "containerd"];
async function openJournal(directory, { owner, tools }, world) {
  const made = [];
  const save = () => writeRecord(directory, { owner, tools, made }, world);
  await makePrivateDirectory(directory, world);
  await save();
  return {
    directory,
    async add(entry) {
      const index = made.push(entry) - 1;
      await save();
      return async (known) => {
        made[index] = known;
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
  return record === void 0 ? { kind: "refused", why: `its ${RECORD} is not one that this version of the action writes` } : { kind: "record", record };
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
async function startDaemon({ name, argv: [tool, ...args], env, socket }, journal, world, within = READY_WITHIN_MS) {
  const log = `${journal.directory}/${name}.log`;
  const replace = await journal.add({ kind: "process", name });
  const process = await world.system.launch({ tool, args, env: { ...env, [MARK]: journal.directory } }, log);
  await replace({ kind: "process", name, process });
  const problem = await untilReady(process, socket, world, within);
  if (problem === void 0) return;
  const lines = await lastLines(log, world);
  throw new Failure("engine", `${name} ${problem}`, { code: "EngineNotReady", lines, hint: hintFrom(lines) });
}
async function untilReady(process, socket, { system, signal }, within) {
  const deadline = performance.now() + within;
  for (let pause = 10; performance.now() < deadline; pause = Math.min(pause * 1.5, 200)) {
    if (signal.aborted) throw cancelled(signal, "The engine was not waited for");
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

// src/engines/ground.ts
async function prepareGround(wish, journal, world) {
  const sockets = socketDirectory(journal.directory);
  await makePrivateDirectory(sockets, world);
  const kept = wish.keepState ? await claimKept(wish.backend, journal, world) : void 0;
  const notes = kept !== void 0 && "why" in kept ? [`keep-state: ${kept.why}`] : [];
  const path = kept !== void 0 && "path" in kept ? kept.path : void 0;
  return { wish, world, journal, sockets, kept: path, notes };
}
async function stateDirectory(name, { world, journal, kept }) {
  const path = `${kept ?? journal.directory}/${name}`;
  await world.files.makeDirectory(path, 448);
  return path;
}
async function writeConfiguration(name, text, { journal, world }) {
  const path = `${journal.directory}/${name}`;
  await world.files.write(path, text, 384);
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
async function checkRootless(tools, world) {
  for (const { name: name2, forbids, better } of SYSCTLS) {
    if (await sysctl(name2, world) === forbids)
      throw forbidden(`${name2} is ${forbids}`, `sudo sysctl -w ${name2}=${better}`);
  }
  const rootlesskit = await findProgram("rootlesskit", tools, world);
  if (rootlesskit === void 0 && await sysctl(APPARMOR, world) === "1") {
    throw forbidden(`${APPARMOR} is 1, and there is no rootlesskit that a profile excepts`, PERMIT_ALL);
  }
  if (rootlesskit === void 0) {
    throw new ProgramMissing("rootlesskit", {
      message: "rootlesskit is not on PATH; an ordinary user needs it to run buildkitd",
      hint: "Let the action install rootlesskit (input install), install it on the runner, or run the action as root."
    });
  }
  if (await findProgram("newuidmap", tools, world) === void 0) {
    throw forbidden("newuidmap is not on PATH", "sudo apt-get install uidmap (Fedora: sudo dnf install shadow-utils)");
  }
  const { id, name } = world.system.user();
  for (const file of ["/etc/subuid", "/etc/subgid"]) {
    if (await hasRange(file, [name, String(id)], world)) continue;
    throw forbidden(
      `${file} has no ids for ${name}`,
      `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`
    );
  }
  await checkApparmor(rootlesskit, world);
  return rootlesskit;
}
async function checkApparmor(rootlesskit, world) {
  if (await sysctl(APPARMOR, world) !== "1") return;
  const { code } = await world.processes.capture({ tool: rootlesskit, args: ["true"] });
  if (code !== 0) throw forbidden(`${APPARMOR} is 1, and no AppArmor profile excepts ${rootlesskit}`, PERMIT_ALL);
}
function forbidden(setting, command) {
  return new Failure("engine", `this machine does not let ordinary users run buildkitd: ${setting}`, {
    code: FORBIDDEN,
    hint: `Run \`${command}\` on the runner, give its user a sudo without a password, or run the action as root.`
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
  const places = CERTIFICATES.flatMap((name) => env[name] ? [`${name}=${env[name]}`] : []);
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    argv: [...sudo, "env", ...places, ...words, ...command],
    env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]]))
  };
}

// src/engines/rights.ts
async function findRights({ wish, world, notes }) {
  if (world.system.user().id === 0) return { kind: "root" };
  try {
    return { kind: "rootless", rootlesskit: await checkRootless(wish.tools, world) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== FORBIDDEN) throw error;
    const sudo = await findSudo(world);
    if (sudo === void 0) throw error;
    notes.push(`buildkitd runs as root, by sudo, as ${error.message}`);
    return { kind: "sudo", sudo };
  }
}

// src/engines/buildkitd.ts
async function startBuildkitd(ground) {
  const { wish, world } = ground;
  await requireLinux(ground);
  const buildkitd = await requireProgram("buildkitd", ground);
  if (await findProgram("buildkit-runc", wish.tools, world) === void 0) await requireProgram("runc", ground);
  const rights = await findRights(ground);
  switch (rights.kind) {
    case "root":
      return launchBuildkitd(ground, [buildkitd], ROOTFUL, await stateDirectory("buildkitd", ground));
    case "rootless":
      return startRootless(ground, buildkitd, rights.rootlesskit);
    case "sudo":
      return startBySudo(ground, buildkitd, rights.sudo);
  }
}
var ROOTFUL = { kind: "oci", rootless: false, processSandbox: true };
async function startRootless(ground, buildkitd, rootlesskit) {
  const worker = { kind: "oci", rootless: true, processSandbox: await hasOwnProc(ground.world) };
  const program = [rootlesskit, "--net=host", `--state-dir=${ground.sockets}/rootlesskit`, buildkitd];
  if (ground.kept === void 0) await ground.journal.add({ kind: "mapped" });
  return launchBuildkitd(ground, program, worker, await stateDirectory("buildkitd", ground));
}
async function startBySudo(ground, buildkitd, sudo) {
  await ground.journal.add({ kind: "root" });
  return launchBuildkitd(ground, [buildkitd], ROOTFUL, await stateDirectory("buildkitd-root", ground), sudo);
}
async function startContainerdBuildkitd(ground, address, namespace) {
  const buildkitd = await requireProgram("buildkitd", ground);
  const root = await stateDirectory("buildkitd", ground);
  return launchBuildkitd(ground, [buildkitd], { kind: "containerd", address, namespace }, root);
}
async function startGuestBuildkitd(ground, containerd, namespace) {
  if (!await ground.world.system.listens(containerd)) {
    throw new Failure("engine", `no containerd listens at ${containerd}`, {
      hint: "Start it, or unset CONTAINERD_ADDRESS: the action then starts what it needs."
    });
  }
  await requireProgram("buildctl", ground);
  const address = await startContainerdBuildkitd({ ...ground, kept: void 0 }, containerd, namespace);
  await ground.journal.add({ kind: "cache" });
  return address;
}
async function launchBuildkitd(ground, program, worker, root, sudo) {
  const { wish, world, sockets, journal } = ground;
  const owner = sudo === void 0 ? void 0 : world.system.user().id;
  const text = buildkitConfiguration(wish.settings, worker, { root, sockets, owner });
  const config = await writeConfiguration("buildkitd.toml", text, ground);
  const temporary = `${root}/tmp`;
  await world.files.makeDirectory(temporary, 448);
  const own = { PATH: pathWith(wish.tools, world.env), XDG_RUNTIME_DIR: sockets, TMPDIR: temporary };
  const argv = [...program, "--config", config];
  const command = sudo === void 0 ? { argv, env: { ...world.env, ...own } } : asRoot(sudo, argv, { ...own, [MARK]: journal.directory }, world.env);
  const socket = buildkitSocket({ sockets });
  await startDaemon({ name: "buildkitd", ...command, socket }, journal, world);
  return `unix://${socket}`;
}
async function requireProgram(name, { wish, world }) {
  const path = await findProgram(name, wish.tools, world);
  if (path !== void 0) return path;
  throw new ProgramMissing(name);
}
async function requireLinux({ world }) {
  const { started } = await world.system.self();
  if (started !== "") return;
  throw new Failure("engine", "buildkitd runs on Linux only", {
    code: "NoEngineHere",
    hint: "Give the address of a buildkitd elsewhere in the input builder."
  });
}

// src/engines/buildx-nodes.ts
var TO_NOTE = 8e3;
var TO_ASK = 3e4;
async function inContainer(ground) {
  if (ground.wish.keepState) ground.notes.push("keep-state: a builder in a container of docker keeps nothing");
  const config = await writeConfiguration("builder.toml", builderConfiguration(ground.wish.settings), ground);
  const words = ["--driver", "docker-container", "--driver-opt", "network=host", "--buildkitd-config", config];
  const hint = "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.";
  return { words: [...words, "--bootstrap"], within: 6e5, place: "in a container", hint };
}
function atAddress(endpoint, options = []) {
  const hint = "Is the address right, the daemon up, and does a firewall let this runner through?";
  return { words: ["--driver", "remote", ...options, endpoint], within: TO_NOTE, place: `at ${endpoint}`, hint };
}
async function askedNodes({ nodes, keys }, ground) {
  const certificates = await keepKeys(keys, ground);
  const config = nodes.some(({ driver }) => driver === "kubernetes") ? await clusterConfiguration(ground) : [];
  return nodes.map((node) => {
    const platforms = node.platforms.length === 0 ? [] : ["--platform", node.platforms.join(",")];
    if (node.endpoint === void 0) return inCluster(node, [...platforms, ...config]);
    const own = node.endpoint.startsWith("tcp://") ? certificates : {};
    return atAddress(node.endpoint, [...driverOptions({ ...node.options, ...own }), ...platforms]);
  });
}
function inCluster({ options, readyWithin = 0 }, more) {
  return {
    words: ["--driver", "kubernetes", ...driverOptions(options), ...more, "--bootstrap"],
    within: readyWithin + TO_ASK,
    place: `in the namespace ${options["namespace"] ?? "of the Kubernetes configuration"}`,
    hint: "May this configuration (KUBECONFIG) make Deployments there, and exec? `kubectl describe pods` tells why a pod is not ready: its image (moby/buildkit), what it asks for, or that it is privileged; the option timeout gives it more time than 120 s."
  };
}
async function clusterConfiguration(ground) {
  if (ground.wish.keepState) ground.notes.push("keep-state: a builder in a cluster keeps nothing");
  const text = builderConfiguration(ground.wish.settings);
  return text.trim() === "" ? [] : ["--buildkitd-config", await writeConfiguration("builder.toml", text, ground)];
}
async function keepKeys(keys, ground) {
  const { files } = ground.world;
  const kept = { cacert: keys.ca, cert: keys.cert, key: keys.key };
  const found = {};
  for (const [name, path] of Object.entries(kept)) {
    if (path === void 0) continue;
    found[name] = await writeConfiguration(`${name}.pem`, await files.readText(path), ground);
  }
  for (const path of Object.values(keys)) await files.remove(path);
  return found;
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
async function findBuildx(tools, world) {
  const plugin = await findIn(PLUGIN, tools, world);
  if (plugin !== void 0) return [plugin];
  const docker = await findProgram("docker", tools, world);
  return docker === void 0 ? void 0 : [docker, "buildx"];
}

// src/engines/buildx.ts
async function provideBuildx(ground) {
  const { wish, world, journal } = ground;
  const { directory } = journal;
  const { name, config } = builderOf(directory);
  const path = { PATH: pathWith(wish.tools, world.env) };
  const call = await findBuildx(wish.tools, world);
  if (call === void 0) throw missingOnMachine("docker");
  const own = { BUILDX_CONFIG: config };
  const env = { ...world.env, ...path, ...own };
  await world.files.makeDirectory(own.BUILDX_CONFIG, 448);
  if (wish.builder !== void 0) await requirePlugin(call, env, ground);
  const nodes = wish.builder === void 0 ? [await ownNode(env, ground)] : await askedNodes(wish.builder, ground);
  await journal.add({ kind: "builder" });
  for (const [index, node] of nodes.entries()) {
    const said = ["--name", name, "--node", `${name}${index}`, index === 0 ? "--use" : "--append"];
    await create(node, [...call, "create", ...said, ...node.words], env, ground);
  }
  return { env: { ...path, ...own }, builder: name };
}
async function create(node, call, env, { world }) {
  const [tool = "", ...args] = call;
  const signal = AbortSignal.timeout(node.within);
  const { code, stderr } = await world.processes.capture({ tool, args, env, signal });
  if (code === 0) return;
  const late = signal.aborted ? ` within ${node.within / 1e3} s` : "";
  throw new Failure("engine", `buildx cannot make a builder ${node.place}${late}`, {
    code: "EngineNotReady",
    lines: stderr.trim().split("\n").slice(-20),
    hint: node.hint
  });
}
async function ownNode(env, ground) {
  return await hasDaemon(ground, env) ? inContainer(ground) : atAddress(await startBuildkitd(ground));
}
async function requirePlugin([tool = "", ...args], env, { world }) {
  const { code } = await world.processes.capture({ tool, args: [...args, "version"], env });
  if (code !== 0) throw new ProgramMissing(PLUGIN, { message: "docker has no buildx plugin, which makes the builder" });
}
async function hasDaemon(ground, env) {
  const tool = await findProgram("docker", ground.wish.tools, ground.world);
  if (tool === void 0) throw missingOnMachine("docker");
  const args = ["version", "--format", "{{.Server.Version}}"];
  return (await ground.world.processes.capture({ tool, args, env })).code === 0;
}

// src/engines/clean-up-as-root.ts
var SECONDS = "280";
var FOR = "--for";
async function cleanUpAsRoot(directory, { env, processes, system }) {
  const what = `what is root's in ${directory}`;
  const sudo = await findSudo({ env, processes });
  if (sudo === void 0) return [`${what}: there is no sudo without a password any more`];
  const command = ["timeout", SECONDS, ...system.postStep(), FOR, String(system.user().id), directory];
  const { argv, env: own } = asRoot(sudo, command, {}, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: own });
  const left = code === 0 ? sentencesIn(stdout) : void 0;
  return left ?? [`${what}: ${tool} ended with ${code}: ${stderr.trim()}`];
}
function sentencesIn(stdout) {
  try {
    const said = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    return Array.isArray(said) ? said.map(String) : void 0;
  } catch {
    return void 0;
  }
}

// src/engines/clean-up-tools.ts
var SECONDS2 = "120";
async function removeBuilder({ directory, tools, world }) {
  const { name, config } = builderOf(directory);
  if (await world.files.info(`${config}/instances/${name}`) === void 0) return;
  const call = await findBuildx(tools, world);
  if (call === void 0) throw new Error("neither docker-buildx nor docker is there any more");
  const remove = (...more) => runTool([...call, "rm", "--force", ...more, name], world, { BUILDX_CONFIG: config });
  try {
    await remove("--timeout", "110s");
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("unknown flag")) throw error;
    await remove();
  }
}
async function removeCache({ directory, tools, world }) {
  const address = `unix://${buildkitSocket({ sockets: socketDirectory(directory) })}`;
  await runTool([await programOf("buildctl", tools, world), "--addr", address, "prune", "--all"], world);
}
async function removeMapped({ directory, tools, world }) {
  const path = `${directory}/buildkitd`;
  if (await world.files.info(path) === void 0) return;
  await runTool([await programOf("rootlesskit", tools, world), "rm", "-rf", path], world);
}
async function runTool([tool = "", ...args], world, env = {}) {
  const invocation = { tool: "timeout", args: [SECONDS2, tool, ...args], env: { ...world.env, ...env } };
  const { code, stderr } = await world.processes.ask(invocation);
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}
async function programOf(name, tools, world) {
  const program = await findProgram(name, tools, world);
  if (program === void 0) throw new Error(`${name} is not there any more`);
  return program;
}

// src/engines/ending.ts
import { setTimeout as sleep2 } from "node:timers/promises";
var PATIENCE_MS = 5e3;
async function endProcess(process, system, patience = PATIENCE_MS) {
  if (patience > 0) {
    await system.signal(process, "SIGTERM");
    if (await ends(process, system, patience)) return;
  }
  await system.signal(process, "SIGKILL", "group");
  if (!await ends(process, system, PATIENCE_MS)) throw new Error(`the process ${process.pid} does not end`);
}
async function endAll(processes, system) {
  for (const process of processes) await system.signal(process, "SIGKILL");
  for (const process of processes) {
    if (!await ends(process, system, PATIENCE_MS)) throw new Error(`the process ${process.pid} does not end`);
  }
}
async function ends(process, system, patience) {
  for (let waited = 0, pause = 2; waited < patience; waited += pause, pause = Math.min(2 * pause, 100)) {
    if (!await system.isAlive(process)) return true;
    await sleep2(pause);
  }
  return !await system.isAlive(process);
}

// src/engines/leftover.ts
function leftoverOf(directory, world, owner) {
  const reading = readRecord(directory, world, owner);
  if (reading.kind === "refused") return { why: `${directory} was left alone: ${reading.why}` };
  const { tools, made } = reading.kind === "record" ? reading.record : { tools: [], made: [] };
  return { directory, isThere: reading.kind !== "absent", tools, made, owner, world };
}
function openAttempts(within) {
  const left = [];
  const over = AbortSignal.timeout(within);
  return {
    left,
    async attempt(what, work) {
      try {
        if (over.aborted) throw new Error("no time was left");
        await work();
      } catch (error) {
        left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
}

// src/engines/clean-up.ts
var TIME_LIMIT_MS = 15e4;
async function cleanUp(directory, world) {
  const engine = leftoverOf(directory, world);
  if ("why" in engine) return [engine.why];
  const { left, attempt: attempt2 } = openAttempts(TIME_LIMIT_MS);
  const has = (kind) => engine.made.some((entry) => entry.kind === kind);
  if (has("builder")) await attempt2("the builder of buildx", () => removeBuilder(engine));
  if (has("cache")) await attempt2("what was built in containerd", () => removeCache(engine));
  if (has("root") && world.system.user().id !== 0) left.push(...await cleanUpAsRoot(directory, world));
  await endDaemons(engine, attempt2);
  const kept = await keptOf(engine);
  await unmount(engine, kept, attempt2);
  if (has("mapped")) await attempt2("the state of buildkitd", () => removeMapped(engine));
  await removePlaces(engine, attempt2);
  for (const path of kept) await attempt2(path, () => releaseKept(path, world));
  return left;
}
async function endHomeless(directory, { system }) {
  const { left, attempt: attempt2 } = openAttempts(TIME_LIMIT_MS);
  await attempt2("processes of the engine", async () => {
    await endAll(await system.marked(MARK, directory), system);
    await endAll(await system.rootedBelow([directory]), system);
  });
  return left;
}
async function endDaemons(engine, attempt2) {
  const { directory, made } = engine;
  const { system } = engine.world;
  const family = await system.marked(MARK, directory);
  const patience = made.some(({ kind }) => kind === "kept" || kind === "cache") ? void 0 : 0;
  for (const entry of made.toReversed()) {
    if (entry.kind !== "process" || entry.process === void 0) continue;
    const { pid, started } = entry.process;
    const member = family.find((one) => one.pid === pid && one.started === started);
    if (member !== void 0) await attempt2(`the process ${entry.name}`, () => endProcess(member, system, patience));
  }
  await attempt2("processes of the engine", async () => {
    await endAll([...await system.marked(MARK, directory), ...family], system);
    await endAll(await system.rootedBelow([directory, ...await keptOf(engine)]), system);
  });
}
async function unmount(engine, kept, attempt2) {
  for (const path of [...kept, ...await placesOf(engine)]) {
    await attempt2(`mounts below ${path}`, () => unmountBelow(path, engine.world));
  }
}
async function unmountBelow(path, world) {
  for (const point of await world.system.mountsBelow(path)) {
    const { code } = await world.processes.ask({ tool: "timeout", args: [SECONDS_TO_UNMOUNT, "umount", point] });
    if (code !== 0) await runTool(["umount", "--lazy", point], world);
  }
}
var SECONDS_TO_UNMOUNT = "20";
async function removePlaces(engine, attempt2) {
  const { files, system } = engine.world;
  for (const path of await placesOf(engine)) {
    await attempt2(path, async () => {
      const mounts = await system.mountsBelow(path);
      if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
      await files.remove(path);
    });
  }
}
async function placesOf({ directory, owner, world }) {
  const short = shortDirectory(directory);
  return short !== void 0 && await world.system.isPrivate(short, owner) ? [short, directory] : [directory];
}
async function keptOf({ directory, made, owner, world }) {
  const paths = made.flatMap((entry) => entry.kind === "kept" ? [entry.path] : []);
  const claims = await Promise.all(paths.map((path) => isClaimedBy(directory, path, world, owner)));
  return paths.filter((_, index) => claims[index]);
}

// src/engines/containerd.ts
var SOCKET = "/run/containerd/containerd.sock";
var CNI = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];
async function provideNerdctl(ground) {
  const { world } = ground;
  if (world.system.user().id !== 0) {
    throw new Failure("engine", "nerdctl needs a containerd, which only root can start here", {
      code: "RootRequired",
      hint: "Run the action as root, or use the backend buildctl, whose engine can be an ordinary user's."
    });
  }
  const namespace = world.env["CONTAINERD_NAMESPACE"] || "default";
  const own = (world.env["CONTAINERD_ADDRESS"] || SOCKET).replace(/^unix:\/\//, "");
  if (await world.system.listens(own)) {
    await requireProgram("nerdctl", ground);
    const builder2 = await startGuestBuildkitd(ground, own, namespace);
    return { env: { CONTAINERD_ADDRESS: own, CONTAINERD_NAMESPACE: namespace, BUILDKIT_HOST: builder2 }, builder: builder2 };
  }
  const address = await startContainerd(ground);
  const [builder, config] = await Promise.all([
    startContainerdBuildkitd(ground, address, namespace),
    writeNerdctlConfiguration(ground, namespace)
  ]);
  const env = { CONTAINERD_ADDRESS: address, CONTAINERD_NAMESPACE: namespace, NERDCTL_TOML: config };
  return { env: { ...env, BUILDKIT_HOST: builder }, builder };
}
async function startContainerd(ground) {
  const { wish, world, sockets, journal } = ground;
  const containerd = await requireProgram("containerd", ground);
  await requireProgram("containerd-shim-runc-v2", ground);
  await requireProgram("runc", ground);
  const places = { root: await stateDirectory("containerd", ground), sockets };
  const config = await writeConfiguration("containerd.toml", containerdConfiguration(places), ground);
  const socket = containerdSocket(places);
  const env = { ...world.env, PATH: pathWith(wish.tools, world.env) };
  await startDaemon({ name: "containerd", argv: [containerd, "--config", config], env, socket }, journal, world);
  return socket;
}
async function writeNerdctlConfiguration(ground, namespace) {
  const { wish, world, journal, sockets } = ground;
  const { directory } = journal;
  for (const [host, text] of hostsConfigurations(wish.settings)) {
    await world.files.makeDirectory(`${directory}/certs.d/${host}`, 448);
    await writeConfiguration(`certs.d/${host}/hosts.toml`, text, ground);
  }
  const present = await Promise.all(CNI.map(async (path) => await world.files.info(path) ? path : void 0));
  const cni = present.find((path) => path !== void 0);
  const places = { root: `${directory}/containerd`, sockets, directory, namespace, cni };
  return writeConfiguration("nerdctl.toml", nerdctlConfiguration(places), ground);
}

// src/engines/owner.ts
async function ownerOf(world) {
  return thisJob(world) ?? { kind: "process", process: await world.system.self() };
}
async function isGone(owner, world) {
  if (owner.kind === "process") return !await world.system.isAlive(owner.process);
  const now = thisJob(world);
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
  const asked = { tool: "apt-cache", args: ["policy", name], env: { ...env, LC_ALL: "C" } };
  const candidate = /^ *Candidate: *(\S+)/m.exec((await processes.capture(asked)).stdout)?.[1];
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
      hint: `Nothing was installed. Use a runner with Ubuntu 24.04, Debian 13 or newer, install a newer ${name} on it, or take backend: buildctl, which this action sets up itself.`
    }
  );
}

// src/engines/packages.ts
var LOCK_PATIENCE = 60;
var LOCK_PAUSE = 2e3;
var MANAGERS = [
  {
    tool: "apt-get",
    args: [
      ...["install", "--yes", "--quiet", "--no-install-recommends"],
      ...["-o", `DPkg::Lock::Timeout=${LOCK_PATIENCE}`, "-o", "Dpkg::Options::=--force-confold"]
    ],
    refresh: ["update", "--quiet"]
  },
  { tool: "dnf", args: ["install", "--assumeyes"] },
  { tool: "apk", args: ["add", "--no-cache"] },
  { tool: "zypper", args: ["--non-interactive", "install"] }
];
async function installPackage(wanted, world) {
  const { actions } = world;
  const { name } = wanted;
  const manager = await findManager(name, world);
  const isRoot = world.system.user().id === 0;
  const sudo = isRoot ? [] : await passwordless(name, world);
  const run = runner(sudo.length === 0 ? [] : [...sudo, "env", ...WORDS], manager, world);
  const words = [...manager.args, name, ...manager.tool === "apt-get" ? companions(name, isRoot) : []];
  actions.startGroup(`${manager.tool}: install ${name}`);
  try {
    if (manager.tool === "apt-get") await readLists(wanted, () => refresh(() => run(manager.refresh)), world);
    const end = await run(words);
    if (end.code === 0) return;
    if (!("refresh" in manager) || !end.tail.some((line) => GONE.test(line))) throw broken(name, manager, end.tail);
    await refresh(() => run(manager.refresh));
    const again = await run(words);
    if (again.code !== 0) throw broken(name, manager, again.tail);
  } finally {
    actions.endGroup();
  }
}
async function findManager(name, { processes }) {
  for (const manager of MANAGERS) if (await processes.which(manager.tool) !== void 0) return manager;
  throw missing(name, `no ${MANAGERS.map(({ tool }) => tool).join(", ")} here`);
}
var COMPANIONS = { buildah: ["crun", "netavark"] };
var COMPANIONS_OF_USERS = ["uidmap", "slirp4netns", "passt"];
function companions(name, isRoot) {
  return [...COMPANIONS[name] ?? [], ...isRoot ? [] : COMPANIONS_OF_USERS];
}
var SETTINGS = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
var WORDS = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
function runner(before, { tool: manager }, { processes, actions, env }) {
  return (words) => {
    const [tool = "", ...args] = [...before, manager, ...words];
    return processes.stream({ tool, args, env: { ...env, ...SETTINGS } }, actions.info);
  };
}
async function refresh(update) {
  const deadline = performance.now() + LOCK_PATIENCE * 1e3;
  for (; ; ) {
    const end = await update();
    if (!end.tail.some((line) => LOCKED.test(line)) || performance.now() > deadline) return end;
    await sleep3(LOCK_PAUSE);
  }
}
async function readLists(wanted, update, world) {
  let candidate = await candidateOf(wanted.name, world);
  if (candidate === void 0) {
    const { tail } = await update();
    candidate = await candidateOf(wanted.name, world);
    if (candidate === void 0) throw absent(wanted.name, tail);
  }
  refuseOld(candidate, wanted);
}
async function passwordless(name, world) {
  const sudo = await findSudo(world);
  if (sudo === void 0) throw missing(name, "to install it needs root, or a sudo without a password");
  return sudo;
}
var DECIDING = /^(?:E|W|Err):|^(?:dpkg|sudo):/;
var GONE = /404 +Not Found|Unable to fetch some archives|Hash Sum mismatch/;
var LOCKED = /Could not get lock|Unable to (?:acquire|lock)/;
var UNREACHABLE = /Failed to fetch|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection/;
function broken(name, { tool }, tail) {
  const lines = decidingOf(tail);
  const isAbout = (pattern) => lines.some((line) => pattern.test(line));
  if (isAbout(LOCKED)) {
    return new Failure("tool", `${tool} cannot install ${name}: another program installs packages on this machine`, {
      code: "PackagesLocked",
      lines,
      hint: `Let that program end before this step (unattended-upgrades runs after a machine's start), or install ${name} on the runner.`
    });
  }
  if (isAbout(UNREACHABLE)) return unreachable(name, tool, lines);
  return missing(name, `${tool} failed`, lines);
}
function absent(name, tail) {
  const lines = decidingOf(tail);
  if (lines.some((line) => UNREACHABLE.test(line))) return unreachable(name, "apt-get", lines);
  if (lines.some((line) => LOCKED.test(line))) return broken(name, MANAGERS[0], tail);
  return missing(name, "apt-get knows no such package", lines);
}
function unreachable(name, tool, lines) {
  return new Failure("network", `${tool} cannot fetch ${name}: the distribution's packages are not reached`, {
    code: "PackagesUnreachable",
    lines,
    hint: `Let this runner reach the places in /etc/apt, by a mirror or proxy (http_proxy), or install ${name} on the runner.`
  });
}
function decidingOf(tail) {
  const deciding = tail.filter((line) => DECIDING.test(line));
  return (deciding.length === 0 ? tail : deciding).slice(-5);
}
function missing(name, why, lines = []) {
  return new Failure("tool", `${name} is not on PATH and cannot be installed: ${why}`, {
    code: "ToolMissing",
    lines,
    hint: `Install the package ${name} on the runner, or choose another backend (backend: auto takes what is there).`
  });
}

// src/engines/sweep.ts
import { dirname as dirname2 } from "node:path/posix";
async function sweep(world) {
  const notes = [];
  const tell = (directory, left) => {
    notes.push(`An engine that an earlier run left behind was removed (${directory})`, ...left);
  };
  for (const directory of await abandoned(world)) tell(directory, await cleanUp(directory, world));
  for (const directory of await homeless(world)) tell(directory, await endHomeless(directory, world));
  const ofRoot = await homelessOfRoot(world);
  if (ofRoot.length === 0 || await findSudo(world) === void 0) return notes;
  for (const directory of ofRoot) tell(directory, await cleanUpAsRoot(directory, world));
  return notes;
}
async function abandoned(world) {
  const temporary = await temporaryDirectory(world);
  const entries = await world.files.list(temporary);
  const found = [];
  for (const { name, kind } of entries) {
    const directory = `${temporary}/${name}`;
    if (kind !== "directory" || !hasEngineName(directory)) continue;
    const reading = readRecord(directory, world);
    if (reading.kind === "record" && await isGone(reading.record.owner, world)) found.push(directory);
  }
  return found;
}
async function homeless(world) {
  const marks = await world.system.marks(MARK);
  return marks.filter((path) => hasEngineName(path) && readRecord(path, world).kind === "absent");
}
async function homelessOfRoot(world) {
  if (world.system.user().id === 0) return [];
  const temporary = await temporaryDirectory(world);
  const found = [];
  for (const directory of await world.system.rootsArguments(MARK)) {
    if (dirname2(directory) !== temporary || !hasEngineName(directory)) continue;
    const { kind } = readRecord(directory, world);
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
async function provideEngine(wish, world) {
  const notes = [...await sweep(world)];
  const path = { PATH: pathWith(wish.tools, world.env) };
  if (PROGRAMS.includes(wish.backend)) {
    if (await findProgram(wish.backend, wish.tools, world) === void 0) {
      await installPackage({ name: wish.backend, ...wish.oldest }, world);
    }
    return { env: path, notes };
  }
  const provide = ENGINES[wish.backend];
  if (provide === void 0) return { env: path, notes };
  const directory = await newEngineDirectory(world);
  world.actions.saveState(STATE, directory);
  try {
    const journal = await openJournal(directory, { owner: await ownerOf(world), tools: wish.tools }, world);
    const ground = await prepareGround(wish, journal, world);
    const { env, ...made } = await provide(ground);
    return { ...made, env: { ...path, ...env }, notes: [...notes, ...ground.notes] };
  } catch (error) {
    for (const line of await cleanUp(directory, world)) world.actions.warning(`Could not be removed: ${line}`);
    throw error;
  }
}
async function provideBuildctl(ground) {
  const { CONTAINERD_ADDRESS: containerd, CONTAINERD_NAMESPACE: namespace } = ground.world.env;
  const builder = containerd ? await startGuestBuildkitd(ground, containerd.replace(/^unix:\/\//, ""), namespace || "default") : await startBuildkitd(ground);
  return { env: { BUILDKIT_HOST: builder }, builder };
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
  const wish = choice.tools.find((one) => one.name === name);
  const version = wish?.version ?? newestVersion(name, goArchitecture(architecture), catalogue);
  if (version === void 0) throw noRelease(name, architecture);
  const asset = describe(name, version, architecture);
  const { known, given } = checksumsOf(asset, choice, catalogue);
  const found = known ?? (given === void 0 ? void 0 : { sha256: given });
  if (found === void 0) throw noRelease(name, architecture);
  return { ...asset, ...found, isWish: wish !== void 0 };
}
function describe(tool, version, architecture) {
  const { asset, repository } = RELEASES[tool];
  const file = asset(version, goArchitecture(architecture));
  return { tool, version, architecture, file, path: `${repository}/releases/download/v${version}/${file}` };
}
function checksumsOf(asset, { toolChecksums }, catalogue) {
  return {
    known: catalogue[asset.tool][asset.version]?.[goArchitecture(asset.architecture)],
    given: toolChecksums[asset.file]
  };
}
function findMistakes({ tool, version, file }, { known, given }) {
  if (known === void 0 && given === void 0) {
    return [`tools: the checksum of ${tool} ${version} is not known; give that of ${file} in tool-checksums`];
  }
  if (known !== void 0 && given !== void 0 && known.sha256 !== given) {
    return [`tool-checksums: ${file} of ${tool} ${version} has ${known.sha256}, not ${given}`];
  }
  return [];
}
function unknownVersions(problems) {
  return new Failure("input", problems.join(" \xB7 "), {
    code: "UnknownVersion",
    lines: problems,
    hint: "Nothing is installed whose checksum is not known beforehand. Take it from the release's own list of checksums."
  });
}
function noRelease(name, architecture) {
  return new Failure("tool", `No version of ${name} is known for this machine (${architecture})`, {
    code: "NoRelease",
    hint: `Install ${name} on the runner, or pick a version in the input tools and give its checksum in tool-checksums.`
  });
}

// src/tools/install.ts
import { join as join5 } from "node:path/posix";

// src/tools/download.ts
import { pipeline } from "node:stream/promises";

// src/tools/places.ts
import { join as join2 } from "node:path/posix";
import { fileURLToPath } from "node:url";
var RELEASES_URL = "https://github.com";
function placesOf2({ path, file }, mirror) {
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
function printPlace(place) {
  return place.kind === "file" ? place.path : printUrl(place.url);
}
function printUrl(url) {
  return `${url.origin}${url.pathname}`;
}

// src/tools/request.ts
var MAX_REDIRECTS = 5;
var REDIRECTS = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
var OFFLINE_HINT = "The runner lacks this program. With a way out by a proxy, set HTTPS_PROXY; without any, name a directory or a server that has the file in the input tool-mirror, let an earlier run fill the runner's tool cache, or install the program on the runner.";
var REASONS = {
  ENOTFOUND: "its name is not known here, so there is no network or it has other names",
  EAI_AGAIN: "no name server answers, so there may be no network",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut off",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "there is no way to it",
  ETIMEDOUT: "it does not answer"
};
async function openUrl(start2, world) {
  let url = start2;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await request(url, world);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === void 0) return accept(response, url, world);
    response.body.destroy();
    const next = new URL(location, url);
    if (next.protocol !== "https:" && (url.protocol === "https:" || next.protocol !== "http:")) {
      throw new Failure("network", `${url.host} redirects to ${next.origin}, which is not encrypted`);
    }
    url = next;
  }
  throw new Failure("network", `${printUrl(start2)} redirects more than ${MAX_REDIRECTS} times`);
}
async function request(url, world) {
  try {
    return await world.http.request({ method: "GET", url, headers: { "user-agent": "bento-image" } });
  } catch (error) {
    throw brokenConnection(error, url);
  }
}
function brokenConnection(error, url) {
  const failure = failureOfConnection(error, url);
  if (!(failure instanceof TransientFailure)) return failure;
  const { message, code } = wordsOf(error);
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
function wordsOf(error) {
  if (!(error instanceof Error)) return { message: String(error), code: "" };
  return { message: error.message || error.name, code: "code" in error ? String(error.code) : "" };
}
function accept(response, url, world) {
  const { status, headers, body } = response;
  if (status === 200) return response;
  body.destroy();
  if (status === 404 || status === 410) return void 0;
  const message = `${printUrl(url)} answered ${status}.`;
  const wait = retryAfter(headers["retry-after"], world.now());
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
function retryAfter(value, now) {
  if (value === void 0) return void 0;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1e3;
  const date = Date.parse(value);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now.getTime());
}

// src/tools/download.ts
var MOST_BYTES = 1 << 30;
var BIG = 16e6;
var STEP = 20;
async function download(asset, mirror, target, world, patience) {
  const places = placesOf2(asset, mirror);
  for (const place of places) {
    const isThere = await withRetries(world, patience, () => attempt(asset, place, target, world));
    if (isThere) return place.from;
  }
  throw notFound(asset, places);
}
async function attempt(asset, place, target, world) {
  const opened = place.kind === "file" ? await openFile(place.path, world) : await openUrl(place.url, world);
  if (opened === void 0) return false;
  const shown = printPlace(place);
  await world.files.remove(target);
  const hash = createHash("sha256");
  const meter = watch(opened.body, asset, shown, hash, world);
  try {
    await pipeline(meter, world.files.sink(target, { mode: 384 }));
  } catch (error) {
    await world.files.remove(target);
    throw explain(error, place, world);
  }
  const sha256 = hash.digest("hex");
  if (sha256 === asset.sha256) return true;
  await world.files.remove(target);
  throw mismatch(asset, shown, sha256);
}
async function openFile(path, { files }) {
  return await files.info(path) === void 0 ? void 0 : { body: files.source(path) };
}
async function* watch(bytes, { file, size }, shown, hash, { actions }) {
  actions.info(`Fetching ${shown}${size === void 0 ? "" : ` (${printBytes(size)})`}`);
  let done = 0;
  let told = 0;
  for await (const chunk of bytes) {
    done += chunk.length;
    if (done > (size ?? MOST_BYTES)) throw tooLarge(file, shown, size);
    hash.update(chunk);
    const share = size === void 0 ? 0 : Math.floor(done * 100 / size / STEP) * STEP;
    if (size !== void 0 && size >= BIG && share > told) {
      told = share;
      actions.info(`${file}: ${share} % of ${printBytes(size)}`);
    }
    yield chunk;
  }
}
function explain(error, place, { signal }) {
  if (error instanceof Failure) return error;
  if (signal.aborted) return cancelled(signal, "The download was stopped", error);
  const isOfDisk = error instanceof Error && "syscall" in error && /^(?:open|write|close)$/.test(String(error.syscall));
  return isOfDisk || place.kind === "file" ? error : brokenConnection(error, place.url);
}
function tooLarge(file, shown, size) {
  const most = size === void 0 ? printBytes(MOST_BYTES) : `the ${size} bytes that were published`;
  return new Failure("tool", `${file} from ${shown} is longer than ${most}`, { code: "TooLarge" });
}
function mismatch({ file, sha256: wanted }, shown, found) {
  return new Failure("tool", `${file} from ${shown} is not the file that was published; it was thrown away`, {
    code: "ChecksumMismatch",
    lines: [`expected sha256 ${wanted}`, `received sha256 ${found}`],
    hint: "Do not trust that place: it, or something on the way, changed the file. If the sum is from tool-checksums, compare it with the release's own list."
  });
}
function notFound({ tool, version, file, path, isWish }, places) {
  const releases = `https://github.com/${path.slice(0, path.indexOf("/download/"))}`;
  return new Failure(isWish ? "input" : "tool", `${tool} ${version} cannot be installed: nobody has ${file}`, {
    code: "NotFound",
    lines: places.map((place) => `not at ${printPlace(place)}`),
    hint: isWish ? `See at ${releases} which versions there are for this machine, and name one in the input tools.` : `The release has it (${releases}), so a proxy may answer in its place. Put the file into the mirror that tool-mirror names, or install ${tool} on the runner.`
  });
}

// src/tools/record.ts
import { join as join3 } from "node:path/posix";
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
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "it went away while it was read";
    throw error;
  }
}
async function compareFiles(directory, record, files) {
  const there = (await listFiles(directory, "", files)).filter((name) => name !== RECORD2);
  const stray = there.find((name) => !Object.hasOwn(record.files, name));
  if (stray !== void 0) return `${stray} was added`;
  const missing2 = Object.keys(record.files).find((name) => !there.includes(name));
  if (missing2 !== void 0) return `${missing2} is missing`;
  const hashes = await hashAll(directory, there, files);
  const changed = there.find((name) => hashes[name] !== record.files[name]);
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
import { pipeline as pipeline2 } from "node:stream/promises";

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
  const is = found === void 0 ? "is no Linux program" : `is for ${nameOf(found)}`;
  throw new Failure("tool", `${name} ${is}, and this machine is ${architecture}`, {
    code: "WrongArchitecture",
    hint: "The mirror or the release holds a file of another platform under this name."
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
function nameOf(machine) {
  const [name] = Object.entries(MACHINES).find(([, one]) => sameMachine(one, machine)) ?? [];
  return name ?? `an unknown machine (${machine.number})`;
}

// src/tools/unpack.ts
var MOST_BYTES2 = 4e9;
var NAME_BYTES = 4096;
async function unpackPrograms(asset, file, directory, world) {
  const { layout, path, program } = RELEASES[asset.tool];
  const programs = "program" in layout ? await takeProgram(layout.program, file, directory, world) : await takeFolders(asset, layout.folders, file, directory, world);
  if (!programs.includes(join4(path, program))) {
    throw new Failure("tool", `${asset.file} holds no ${join4(path, program)}`, {
      code: "ProgramMissing",
      hint: "The release is laid out in another way than those before it; pick a version that this action knows."
    });
  }
  for (const name of programs) {
    await checkArchitecture(join4(directory, name), `${name} of ${asset.file}`, asset.architecture, world.files);
  }
  return programs;
}
async function takeProgram(name, file, directory, { files }) {
  await files.rename(file, join4(directory, name));
  await files.setMode(join4(directory, name), 493);
  return [name];
}
async function takeFolders(asset, folders, file, directory, { files }) {
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
  #room = MOST_BYTES2;
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
    await pipeline2(this.#meter(content), this.#files.sink(target, { mode: 493 }));
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
      this.#room -= chunk.length;
      if (this.#room < 0) throw new Error(`it unpacks to more than ${MOST_BYTES2} bytes`);
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
async function installTool(asset, settings, world, patience = PATIENCE) {
  if (settings.install !== "always") {
    const root = await findSound(asset, world);
    if (root !== void 0) return installed(asset, root, "cache");
  }
  const work = join5(await world.files.scratch(), `tool-${randomUUID()}`);
  await world.files.makeDirectory(join5(work, "programs"), 448);
  try {
    const file = join5(work, "download");
    const from = await download(asset, settings.toolMirror, file, world, patience);
    const root = await addToCache(asset, file, join5(work, "programs"), settings.install === "always", world);
    world.actions.info(`Installed ${asset.tool} ${asset.version} from the ${from}`);
    return installed(asset, root, from);
  } finally {
    await world.files.remove(work);
  }
}
function installed({ tool, version }, root, from) {
  return { name: tool, version, root, directory: join5(root, RELEASES[tool].path), from };
}
async function findSound(asset, { toolCache, files, actions }) {
  const root = await toolCache.find(cacheName(asset.tool), asset.version, asset.architecture);
  if (root === void 0) return void 0;
  const difference = await findDifference(root, asset, files);
  if (difference === void 0) return root;
  actions.warning(
    `${asset.tool} ${asset.version} in the tool cache is not what was installed (${difference}); it is installed anew.`
  );
  return void 0;
}
async function addToCache(asset, file, directory, replace, world) {
  const { files, toolCache } = world;
  const programs = await unpackPrograms(asset, file, directory, world);
  await writeRecord2(directory, asset, programs, files);
  const isSound = async (root) => !replace && await findDifference(root, asset, files) === void 0;
  try {
    return await toolCache.add(directory, cacheName(asset.tool), asset.version, asset.architecture, isSound);
  } catch (error) {
    throw explain3(error);
  }
}
function explain3(error) {
  const failure = asFailure(error);
  if (failure.class !== "internal") return failure;
  return new Failure("tool", `The tool cache cannot be written: ${failure.message}`, {
    code: "CacheNotWritable",
    hint: "RUNNER_TOOL_CACHE must name a directory that this user may write.",
    cause: error
  });
}

// src/tools/prepare.ts
var AT_ONCE = 2;
async function prepareTools(names, settings, world) {
  if (settings.install === "never" && names.length > 0) throw notInstalled(names);
  maskPassword(settings.toolMirror, world);
  const assets = chooseAssets(names, settings, world.architecture);
  const found = [];
  await inParallel([...assets.entries()], AT_ONCE, world.signal, async ([index, asset], signal) => {
    found[index] = await installTool(asset, settings, { ...world, signal });
  });
  return found;
}
function maskPassword(mirror, { actions }) {
  const password = URL.parse(mirror ?? "")?.password ?? "";
  for (const mask of masksOf(new Secret(unquote(password)))) actions.mask(mask);
}
function notInstalled(names) {
  return new Failure("tool", `This machine has not got ${names.join(", ")}, and install is never`, {
    code: "NotInstalled",
    hint: "Install it on the runner, or let the action do it with install: missing."
  });
}

// src/set-up.ts
async function setUp(before, asked, job) {
  const { inputs, world } = job;
  const isFound = !(before instanceof Error);
  const fallback = asked === "auto" ? LAST_RESORT : asked;
  const backend = isFound ? before.backend : fallback;
  const toolbox = openToolbox(backend, job);
  if (inputs.install === "always") await toolbox.installFirst();
  const ask = (env) => findEngine(backend, inputs.builder, world, env, job.keys);
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
  const { inputs, world, keys } = job;
  const wish = {
    backend: backend.name,
    settings: await engineSettings(inputs, world),
    keepState: inputs.keepState === true,
    ...oldestOf(backend),
    ...builder === void 0 ? {} : { builder }
  };
  const system = await world.system();
  const provision = await toolbox.completing(
    (env, tools) => provideEngine({ ...wish, tools }, { ...world, env, system })
  );
  const found = await toolbox.completing(
    (env) => findEngine(backend, provision.builder ?? inputs.builder, world, { ...env, ...provision.env }, keys)
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
function openToolbox({ programs }, { inputs, env, world }) {
  const tools = [];
  let complete = env;
  async function install(name) {
    tools.unshift(...await prepareTools([name], inputs, { ...world, toolCache: await world.toolCache() }));
    complete = await withTools(tools, env, world);
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
async function withTools(tools, env, world) {
  const path = [...tools.map(({ directory }) => directory), env["PATH"] ?? ""].filter((part) => part !== "").join(":");
  const plugin = tools.find(({ name }) => name === PLUGIN_TOOL);
  return {
    ...env,
    PATH: path,
    ...plugin === void 0 ? {} : await placePlugin(`${plugin.directory}/${PLUGIN}`, env, world)
  };
}
async function engineSettings(inputs, world) {
  const { registryMirrors, insecureRegistries, registryAuthorities, cacheLimit } = inputs;
  const authorities = {};
  for (const [registry, path] of Object.entries(registryAuthorities)) {
    authorities[registry] = [await findInputFile("registry-authorities", path, world)];
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
