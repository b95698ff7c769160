const require = process.getBuiltinModule;
import {
  addPath,
  debug,
  endGroup,
  error,
  exportVariable,
  getState,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  summary,
  warning
} from "./chunk-HSXUU52G.js";
import {
  rmRF,
  which
} from "./chunk-R4RK45PA.js";
import {
  FAILURE_TITLES,
  Failure,
  asFailure,
  cancelled
} from "./chunk-QE6OBQSI.js";
import "./chunk-D4PKHXN2.js";
import {
  __callDispose,
  __using
} from "./chunk-XMSA36XW.js";

// src/report/failure.ts
var MOST_CHARACTERS = 4e3;
var MOST_OF_MESSAGE = 2e3;
function reportFailure(failure, actions) {
  actions.error(printFailure(failure), {
    title: FAILURE_TITLES[failure.class],
    ...failure.position === void 0 ? {} : { file: failure.position.file },
    ...failure.position?.line === void 0 ? {} : { line: failure.position.line }
  });
  if (failure.cause instanceof Error && failure.cause.stack !== void 0) actions.debug(failure.cause.stack);
}
function printFailure(failure) {
  const lines = failure.lines.filter((line) => !failure.message.includes(line)).map((line) => `  ${line}`);
  const hint = failure.hint === void 0 ? [] : [`\u2192 ${failure.hint}`];
  const { message: whole } = failure;
  const message = whole.length > MOST_OF_MESSAGE ? `${whole.slice(0, MOST_OF_MESSAGE)}\u2026` : whole;
  const room = MOST_CHARACTERS - message.length - (failure.hint?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines, room), ...hint].join("\n");
}
function lastThatFit(lines, room) {
  const kept = [];
  let used = 0;
  for (const line of lines.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    kept.unshift(line);
  }
  return kept;
}

// src/world/real.ts
import { availableParallelism, tmpdir } from "node:os";
import { resolve } from "node:path";

// src/world/actions.ts
function properties(annotation = {}) {
  return {
    ...annotation.title === void 0 ? {} : { title: annotation.title },
    ...annotation.file === void 0 ? {} : { file: annotation.file },
    ...annotation.line === void 0 ? {} : { startLine: annotation.line }
  };
}
function realActions(hasSummary) {
  return {
    info,
    debug,
    notice: (message, annotation) => notice(message, properties(annotation)),
    warning: (message, annotation) => warning(message, properties(annotation)),
    error: (message, annotation) => error(message, properties(annotation)),
    startGroup,
    endGroup,
    mask: setSecret,
    setOutput: (name, value) => setOutput(name, value),
    exportVariable: (name, value) => exportVariable(name, value),
    addPath,
    saveState: (name, value) => saveState(name, value),
    getState,
    async writeSummary(markdown) {
      if (hasSummary) await summary.addRaw(markdown, true).write();
    }
  };
}

// src/world/files.ts
import { createReadStream, createWriteStream } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  symlink,
  writeFile
} from "node:fs/promises";
import { join } from "node:path";

// src/world/file-info.ts
function kindOf(entry) {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}
function infoFrom(found) {
  return { kind: kindOf(found), size: found.size, mode: found.mode & 4095, modified: found.mtime };
}
function isMissing(error2) {
  const code = error2 instanceof Error && "code" in error2 ? error2.code : void 0;
  return code === "ENOENT" || code === "ENOTDIR";
}

// src/world/files.ts
async function info2(path) {
  try {
    return infoFrom(await lstat(path));
  } catch (error2) {
    if (isMissing(error2)) return void 0;
    throw error2;
  }
}
async function list(path) {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort((one, other) => one.name < other.name ? -1 : 1);
}
async function readHead(path, length) {
  var _stack = [];
  try {
    const handle = __using(_stack, await open(path), true);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
var PIECE = 1 << 20;
function makePieces() {
  const spare = [];
  return async function* pieces(path) {
    var _stack = [];
    try {
      const handle = __using(_stack, await open(path), true);
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
      try {
        for (; ; ) {
          const { bytesRead } = await handle.read(buffer, 0, PIECE);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        spare.push(buffer);
      }
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      var _promise = __callDispose(_stack, _error, _hasError);
      _promise && await _promise;
    }
  };
}
async function write(path, content, mode) {
  await writeFile(path, content, { mode });
  await chmod(path, mode);
}
async function makeDirectory(path, mode) {
  const created = await mkdir(path, { recursive: true, mode });
  if (created !== void 0) await chmod(path, mode);
}
async function makeKept(temporary) {
  const directory = await mkdtemp(join(temporary, "bento-image-"));
  await chmod(directory, 493);
  return directory;
}
function realFiles(temporary) {
  let scratch;
  let kept;
  return {
    info: info2,
    list,
    readHead,
    pieces: makePieces(),
    write,
    makeDirectory,
    readBytes: (path) => readFile(path),
    readText: (path) => readFile(path, "utf8"),
    readLink: (path) => readlink(path),
    realPath: (path) => realpath(path),
    source: (path, range) => createReadStream(path, { ...range, highWaterMark: 1 << 16 }),
    sink: (path, { mode, append }) => createWriteStream(path, { mode, flags: append ? "a" : "wx" }),
    makeLink: (target, path) => symlink(target, path),
    setMode: (path, mode) => chmod(path, mode),
    rename: (from, to) => rename(from, to),
    remove: (path) => rmRF(path),
    scratch() {
      scratch ??= mkdtemp(join(temporary, "bento-image-"));
      return scratch;
    },
    kept() {
      kept ??= makeKept(temporary);
      return kept;
    },
    async dispose() {
      if (scratch !== void 0) await rmRF(await scratch);
    }
  };
}

// src/world/http-body.ts
import { Readable } from "node:stream";
function isStreamed(body) {
  return body !== void 0 && typeof body !== "string" && !(body instanceof Uint8Array);
}
function sendPieces(body, sent) {
  let left = Number(sent.getHeader("content-length"));
  let over = false;
  let letGo = () => void 0;
  async function send() {
    for await (const piece of body) {
      if (over || sent.destroyed) return;
      left -= piece.length;
      if (left < 0) throw new Error("the body is longer than its content-length");
      await new Promise((resolve3) => {
        letGo = resolve3;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve3();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve3, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve3();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve3, (error2) => {
      if (over) return;
      sent.destroy(error2 instanceof Error ? error2 : new Error(String(error2)));
      reject(error2);
    });
  });
}

// src/world/trust.ts
import { readdir as readdir2, readFile as readFile2 } from "node:fs/promises";
import { join as join2 } from "node:path";
var UNTRUSTED = /* @__PURE__ */ new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
]);
function isUntrusted(error2) {
  return error2 instanceof Error && "code" in error2 && UNTRUSTED.has(String(error2.code));
}
function certificateDirectories(env) {
  const home = env["HOME"];
  const own = home === void 0 ? [] : [join2(home, ".config/docker/certs.d"), join2(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env, host) {
  const roots = [];
  for (const directory of certificateDirectories(env)) {
    const names = await readdir2(join2(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile2(join2(directory, host, name), "utf8"));
    }
  }
  return roots;
}

// src/world/http.ts
var IDLE_TIMEOUT = 3e4;
function realHttp(machine) {
  const transports = /* @__PURE__ */ new Map();
  const agents = [];
  const roots = /* @__PURE__ */ new Map();
  let trustMachine = false;
  function transportOf(protocol) {
    const known = transports.get(protocol);
    if (known !== void 0) return known;
    const opened = openTransport(protocol, machine.env).then((transport) => {
      agents.push(transport.agent);
      return transport;
    });
    transports.set(protocol, opened);
    return opened;
  }
  function rootsOf(url) {
    const key = `${url.host} ${trustMachine}`;
    const found = roots.get(key) ?? gatherRoots(machine.env, url.host, trustMachine);
    roots.set(key, found);
    return found;
  }
  async function attempt(request) {
    const { url } = request;
    const transport = await transportOf(url.protocol);
    const ca = url.protocol === "https:" ? await rootsOf(url) : void 0;
    const sent = transport.request(url, {
      method: request.method,
      headers: headersOf(request),
      agent: transport.agent,
      signal: request.signal ?? machine.signal,
      timeout: request.idleTimeout ?? IDLE_TIMEOUT,
      ...ca === void 0 ? {} : { ca }
    });
    return exchange(sent, request);
  }
  return {
    async request(request) {
      try {
        return await attempt(request);
      } catch (error2) {
        if (trustMachine || !isUntrusted(error2)) throw error2;
        trustMachine = true;
        if (isStreamed(request.body)) throw error2;
        return await attempt(request);
      }
    },
    close() {
      for (const agent of agents) agent.destroy();
    }
  };
}
async function openTransport(protocol, env) {
  const options = { keepAlive: true, proxyEnv: { ...env } };
  if (protocol === "https:") {
    const https = process.getBuiltinModule("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = process.getBuiltinModule("node:http");
  return { agent: new http.Agent(options), request: http.request };
}
async function gatherRoots(env, host, trustMachine) {
  const own = await registryRoots(env, host);
  if (own.length === 0 && !trustMachine) return void 0;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...trustMachine ? getCACertificates("system") : []];
}
function headersOf({ headers, body }) {
  if (body === void 0 || isStreamed(body)) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}
function exchange(sent, { body, url }) {
  return new Promise((resolve3, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve3(given), reject);
    });
    if (!isStreamed(body)) sent.end(body);
  });
}
function flatten(response) {
  const headers = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== void 0) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
function timedOut(url) {
  return Object.assign(new Error(`${url.host} was silent for too long`), { code: "ETIMEDOUT" });
}

// src/world/processes.ts
import { once } from "node:events";
import { constants } from "node:os";
import { delimiter, join as join3 } from "node:path";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env, signal) {
  return {
    async which(tool, path) {
      if (path === void 0 || path === env["PATH"]) return await which(tool) || void 0;
      for (const directory of path.split(delimiter)) {
        const found = directory === "" ? "" : await which(join3(directory, tool));
        if (found !== "") return found;
      }
      return void 0;
    },
    // @actions/exec crashes this process when a program ends without reading its input.
    ask: (invocation) => invocation.stdin === void 0 ? ask(invocation, env) : capture(invocation, env, new AbortController().signal),
    async capture(invocation) {
      const answer = await capture(invocation, env, eitherOf(signal, invocation));
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return answer;
    },
    async stream(invocation, onLine) {
      const tail = [];
      const keep = async (output) => {
        for await (const line of linesOf(output)) {
          tail.push(line);
          if (tail.length > TAIL_LINES) tail.shift();
          onLine(line);
        }
      };
      return { ...await run(invocation, env, eitherOf(signal, invocation), { stdout: keep, stderr: keep }), tail };
    }
  };
}
function eitherOf(signal, { signal: own }) {
  return own === void 0 ? signal : AbortSignal.any([signal, own]);
}
async function capture(invocation, env, signal) {
  const answer = { stdout: "", stderr: "" };
  const readers = {
    stdout: async (output) => {
      for await (const text of output) answer.stdout += text;
    },
    stderr: async (output) => {
      for await (const text of output) answer.stderr += text;
    }
  };
  const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
  const { code, signal: killedBy } = await run(invocation, env, signal, readers, killAfter);
  return { ...answer, code: code ?? statusOf(killedBy) };
}
async function ask({ tool, args, cwd, env }, ambient) {
  const { getExecOutput } = await import("./exec-U2NMZXGK.js");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env ?? ambient),
    ...cwd === void 0 ? {} : { cwd }
  });
  return { code: exitCode, stdout, stderr };
}
async function run(invocation, env, signal, readers, killAfter = KILL_AFTER_MS) {
  const { tool, args, stdin, cwd } = invocation;
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env),
    stdio: "pipe",
    ...cwd === void 0 ? {} : { cwd }
  });
  const stopListening = endGroupOn(signal, child, killAfter);
  try {
    child.stdin.on("error", () => void 0).end(stdin);
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8");
    const drained = Promise.allSettled([readers.stdout(child.stdout), readers.stderr(child.stderr)]);
    const [code, killedBy] = await once(child, "exit");
    await drain(drained, child);
    return {
      code: typeof code === "number" ? code : void 0,
      signal: typeof killedBy === "string" ? killedBy : void 0
    };
  } catch (error2) {
    throw notStarted(error2, tool);
  } finally {
    stopListening();
  }
}
async function drain(read, child) {
  const giveUp = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await read;
  clearTimeout(giveUp);
}
function notStarted(error2, tool) {
  const isSpawn = error2 instanceof Error && "syscall" in error2 && String(error2.syscall).startsWith("spawn");
  return isSpawn ? new Failure("tool", `${tool} cannot be started: ${error2.message}`, { cause: error2 }) : error2;
}
function definedOnly(env) {
  return Object.fromEntries(Object.entries(env).filter((pair) => pair[1] !== void 0));
}
function statusOf(killedBy) {
  return 128 + (constants.signals[killedBy] ?? 0);
}
async function* linesOf(output) {
  let rest = "";
  for await (const text of output) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}
function endGroupOn(signal, child, killAfter) {
  let lastResort;
  const end = () => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), killAfter);
  };
  signal.addEventListener("abort", end, { once: true });
  return () => {
    signal.removeEventListener("abort", end);
    clearTimeout(lastResort);
    if (signal.aborted) signalGroup(child, "SIGKILL");
  };
}
function signalGroup(child, signal) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
  }
}

// src/world/answer.ts
function errorFrom({ message, stack, code, failure }) {
  const original = Object.assign(new Error(message), { stack, code });
  if (failure === void 0) return original;
  const { class: failureClass, ...details } = failure;
  return new Failure(failureClass, message, { ...details, ...code === void 0 ? {} : { code }, cause: original });
}

// src/world/workers.ts
var YOUNG = 2;
function realWorkers(width, signal) {
  const threads = /* @__PURE__ */ new Set();
  const idle = [];
  const turns = new Turns(width);
  let disposed = false;
  function refuseWhenOver() {
    if (signal.aborted) throw stopped(signal);
    if (disposed) throw ended();
  }
  async function start() {
    const { Worker: Thread } = await import("node:worker_threads");
    refuseWhenOver();
    const thread = new Thread(entryPoint(), { env: {}, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    threads.add(thread);
    return thread.once("exit", () => threads.delete(thread));
  }
  async function perform(job) {
    refuseWhenOver();
    const thread = idle.pop() ?? await start();
    try {
      const answer = await ask2(thread, job);
      idle.push(thread);
      return answer;
    } catch (error2) {
      await thread.terminate();
      throw error2;
    }
  }
  async function endAll() {
    idle.length = 0;
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }
  const onAbort = () => void endAll();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    width,
    async run(job) {
      const answer = await turns.take(() => perform(job)).catch((error2) => {
        throw signal.aborted ? stopped(signal, error2) : error2;
      });
      if ("error" in answer) throw errorFrom(answer.error);
      return answer.result;
    },
    async dispose() {
      disposed = true;
      signal.removeEventListener("abort", onAbort);
      await endAll();
    }
  };
}
var Turns = class {
  #waiting = [];
  #free;
  constructor(width) {
    this.#free = width;
  }
  async take(work) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === void 0) this.#free += 1;
      else next();
    }
  }
};
function entryPoint() {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../worker.ts" : "./worker.js", here);
}
function ask2(thread, job) {
  return new Promise((resolve3, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve3(answer);
    });
    thread.postMessage(job);
  });
}
function ended() {
  return new Failure("internal", "A worker thread ended before its job did");
}
function stopped(signal, cause) {
  return cancelled(signal, "Reading the files was stopped", cause);
}

// src/world/real.ts
function realWorld() {
  const env = { ...process.env };
  const cancellation = new AbortController();
  const cancel = (signal) => cancellation.abort(signal);
  let timer;
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env["RUNNER_TEMP"] || tmpdir());
  const http = realHttp({ env, signal: cancellation.signal });
  const workers = realWorkers(availableParallelism(), cancellation.signal);
  return {
    env,
    workspace: resolve(env["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(withoutInputs(env), cancellation.signal),
    workers,
    system: async () => (await import("./system-XDBJHBY6.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-TP2DLV3E.js")).realToolCache(env),
    actions: realActions(Boolean(env["GITHUB_STEP_SUMMARY"])),
    signal: cancellation.signal,
    now: () => /* @__PURE__ */ new Date(),
    cancelAfter(milliseconds) {
      timer = setTimeout(() => cancellation.abort("timeout"), milliseconds);
    },
    async dispose() {
      clearTimeout(timer);
      http.close();
      await workers.dispose();
      await files.dispose();
      process.off("SIGINT", cancel);
      process.off("SIGTERM", cancel);
    }
  };
}
function withoutInputs(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("INPUT_")));
}

// src/door.ts
async function openDoor(story) {
  const world = realWorld();
  try {
    await story(world);
  } catch (error2) {
    const failure = asFailure(error2);
    const isCancel = world.signal.aborted && failure.class !== "cancelled";
    reportFailure(isCancel ? cancelled(world.signal, "The run stopped", error2) : failure, world.actions);
    process.exitCode = 1;
  } finally {
    await world.dispose();
  }
}

// src/image/platform.ts
var ARCHITECTURES = new Set(
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" ")
);
var SYSTEMS = new Set(
  "aix android darwin freebsd illumos linux netbsd openbsd plan9 solaris wasi wasip1 windows".split(" ")
);
var ALIASES = {
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  x64: ["amd64"],
  i386: ["386"],
  i686: ["386"],
  aarch64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
  armv5l: ["arm", "v5"],
  armv6l: ["arm", "v6"],
  armv7l: ["arm", "v7"],
  armv8l: ["arm", "v8"]
};
var DEFAULT_VARIANTS = { amd64: "v1", arm64: "v8" };
function parsePlatform(text) {
  const parts = text.trim().toLowerCase().split("/");
  if (parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)) || parts.length > 3) {
    throw invalid(text, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === void 0) {
    if (SYSTEMS.has(first)) throw invalid(text, "the architecture is missing");
    return checked(text, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS.has(second) && !SYSTEMS.has(first)) {
    throw invalid(text, `the operating system comes first; write "${[second, first, ...parts.slice(2)].join("/")}"`);
  }
  return checked(
    text,
    normalizePlatform({ os: first, architecture: second, ...variant === void 0 ? {} : { variant } })
  );
}
function normalizePlatform(platform) {
  const os = platform.os.toLowerCase();
  const stated = platform.architecture.toLowerCase();
  const [architecture, implied] = ALIASES[stated] ?? [stated];
  const variant = normalVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os: os === "macos" ? "darwin" : os, architecture, ...variant === "" ? {} : { variant } };
}
function printPlatform({ os, architecture, variant }) {
  return variant === void 0 ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
function platformSlug(platform) {
  return printPlatform(platform).replaceAll("/", "-");
}
function normalVariant(architecture, stated) {
  const variant = /^[0-9]$/.test(stated) && architecture.startsWith("arm") ? `v${stated}` : stated;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === DEFAULT_VARIANTS[architecture] ? "" : variant;
}
function checked(text, platform) {
  if (!SYSTEMS.has(platform.os)) throw invalid(text, `"${platform.os}" is no operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid(text, `"${platform.architecture}" is no architecture; known are ${[...ARCHITECTURES].join(", ")}`);
  }
  return platform;
}
function invalid(text, reason) {
  return new Failure("input", `"${text}" is no platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Platforms look like linux/amd64 or linux/arm64."
  });
}

// src/inputs/lists.ts
function splitList(text, separators, readQuoted) {
  return (NEEDS_READER.test(text) ? readQuoted(text) : readPlain(text)).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
var NEEDS_READER = /["\r]/;
function readPlain(text) {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(","));
}
async function openQuotedReader(texts) {
  if (!texts.some((text) => NEEDS_READER.test(text))) return readPlain;
  const { parse } = await import("./sync-T7WCPSWE.js");
  return (text) => parse(text, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true
  });
}

// src/inputs/decode-schema.ts
async function decodeSchema(schema, env, findConflicts) {
  const raw = (name) => variable(env, name);
  const readQuoted = await openQuotedReader(Object.keys(schema).map(raw));
  return decodeValues(schema, raw, readQuoted, [], findConflicts);
}
function decodeValues(schema, raw, readQuoted, mistakes, findConflicts) {
  const problems = [...mistakes];
  const decoded = {};
  for (const [name, decoder2] of Object.entries(schema)) {
    try {
      decoded[camelCase(name)] = decoder2.decode(raw(name), readQuoted);
    } catch (error2) {
      const reason = error2 instanceof Error ? error2.message : String(error2);
      problems.push(`${name}: ${reason} (for example: ${decoder2.example})`);
    }
  }
  const values = decoded;
  if (problems.length === 0) problems.push(...findConflicts(values));
  if (problems.length > 0) throw inputFailure(problems);
  return values;
}
function variable(env, name) {
  return env[`INPUT_${name.toUpperCase()}`] ?? "";
}
function inputFailure(problems) {
  const count = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count} not right: ${problems.join(" \xB7 ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example."
  });
}
function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

// src/matrix/bentos.ts
import { basename, dirname, join as join4, resolve as resolve2 } from "node:path/posix";
async function findBentos(items2, { files, workspace }) {
  const found = await Promise.all(
    items2.map(async (item) => isPattern(item) ? await matches(item, workspace, files) : [item])
  );
  return {
    bentos: withSlugs([...new Set(found.flat())]),
    missing: items2.filter((_, index) => found[index]?.length === 0)
  };
}
function isPattern(text) {
  return /[*?]/.test(text);
}
async function matches(pattern, workspace, files) {
  const parent = dirname(pattern);
  const directories = isPattern(parent) ? await matches(parent, workspace, files) : [parent];
  const wanted = new RegExp(`^${[...basename(pattern)].map(expressionOf).join("")}$`, "s");
  const found = [];
  for (const directory of directories) {
    const path = resolve2(workspace, directory);
    if ((await files.info(path))?.kind !== "directory") continue;
    const names = (await files.list(path)).map(({ name }) => name);
    const fitting = names.filter(
      (name) => wanted.test(name) && (basename(pattern).startsWith(".") || !name.startsWith("."))
    );
    found.push(
      ...fitting.map((name) => pattern.startsWith("./") ? `./${join4(directory, name)}` : join4(directory, name))
    );
  }
  return found;
}
function expressionOf(character) {
  if (character === "*") return "[^/]*";
  return character === "?" ? "[^/]" : character.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
}
var ENDING = /\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
function withSlugs(bentos) {
  const taken = /* @__PURE__ */ new Set();
  return bentos.map((bento) => {
    const name = slugOf(bento);
    let slug = name;
    for (let count = 2; taken.has(slug); count++) slug = `${name}-${count}`;
    taken.add(slug);
    return { bento, slug };
  });
}
function slugOf(bento) {
  const name = basename(bento).replace(ENDING, "").replace(/\.tar$/, "");
  return name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "") || "bento";
}

// src/image/reference.ts
var LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
var DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);

// src/image/secret.ts
var INSPECT = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");
var Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  reveal() {
    return this.#value;
  }
  toString() {
    return "***";
  }
  toJSON() {
    return "***";
  }
  [INSPECT]() {
    return "***";
  }
};

// src/inputs/decoder.ts
function decoder(example, decode) {
  return { example, decode };
}
var TRUE = /^(true|True|TRUE)$/;
var FALSE = /^(false|False|FALSE)$/;
function toggle() {
  return decoder("true", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    if (TRUE.test(word)) return true;
    if (FALSE.test(word)) return false;
    throw new Error(`"${word}" is neither true nor false`);
  });
}
function items(example) {
  return decoder(example, (raw, readQuoted) => splitList(raw, { commas: true }, readQuoted));
}
function pairs(example) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = {};
    for (const line of splitList(raw, { commas: false }, readQuoted)) {
      const at = line.indexOf("=");
      const key = at < 0 ? line : line.slice(0, at).trim();
      if (at < 1 || key === "") problems.push(`"${line}" is not key=value`);
      else if (Object.hasOwn(found, key)) problems.push(`"${key}" is given twice`);
      else found[key] = line.slice(at + 1);
    }
    refuse(problems);
    return found;
  });
}
function each(example, parse) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = [];
    for (const item of splitList(raw, { commas: true }, readQuoted)) {
      try {
        found.push(parse(item));
      } catch (error2) {
        problems.push(error2 instanceof Error ? error2.message : String(error2));
      }
    }
    refuse(problems);
    return found;
  });
}
function platforms(example) {
  return each(example, parsePlatform);
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/doubles.ts
function doubles(names) {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

// src/matrix/runner.ts
var DEFAULT_RUNNER = "default";
var X64 = "ubuntu-latest";
var ARM = "ubuntu-24.04-arm";
var HOSTED = { "linux/amd64": X64, "linux/arm64": ARM };
function runnerFor(platform, given) {
  const name = printPlatform(platform);
  const fitting = Object.keys(given).filter((key) => key === name || name.startsWith(`${key}/`)).sort((one, other) => other.length - one.length);
  const labels = given[fitting[0] ?? DEFAULT_RUNNER] ?? [HOSTED[name] ?? X64];
  const [first = X64] = labels;
  return { runsOn: labels.length === 1 ? first : labels, emulated: isEmulated(platform, labels) };
}
var NATIVE = { amd64: ["amd64", "386"], arm64: ["arm64"] };
function isEmulated({ os, architecture }, labels) {
  const machine = labels.map(architectureOf).find((found) => found !== void 0);
  return machine !== void 0 && os === "linux" && NATIVE[machine]?.includes(architecture) !== true;
}
function architectureOf(label) {
  if (/^ubuntu-(?:latest|\d\d\.\d\d)-arm$|^arm64$/i.test(label)) return "arm64";
  return /^ubuntu-(?:latest|\d\d\.\d\d|slim)$|^x64$/i.test(label) ? "amd64" : void 0;
}

// src/matrix/inputs.ts
var matrixSchema = {
  platforms: platforms("linux/amd64,linux/arm64"),
  runners: pairs("linux/arm64=ubuntu-24.04-arm"),
  bentos: items("./dist/*.bento"),
  "fail-fast": toggle()
};
function findMatrixConflicts({ platforms: wanted, runners, bentos }) {
  const names = wanted.map(printPlatform);
  return [
    ...wanted.length === 0 ? ["platforms: there must be one at least (for example: linux/amd64,linux/arm64)"] : [],
    ...doubles(names).map((name) => `platforms: ${name} is given twice`),
    ...doubles(bentos).map((bento) => `bentos: ${bento} is given twice`),
    ...Object.entries(runners).flatMap(([prefix, runner]) => faultsOfRunner(prefix, runner))
  ];
}
function faultsOfRunner(prefix, runner) {
  return [
    ...isPrefix(prefix) ? [] : [`runners: "${prefix}" is neither the beginning of a platform nor ${DEFAULT_RUNNER}`],
    ...labelsOf(runner).length === 0 ? [`runners: ${prefix} has no runner`] : []
  ];
}
function isPrefix(prefix) {
  if (prefix === DEFAULT_RUNNER || prefix === "linux" || prefix === "windows") return true;
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
var MOST_JOBS = 256;
async function planMatrix(world) {
  const { actions } = world;
  const inputs = await decodeSchema(matrixSchema, world.env, findMatrixConflicts);
  const { bentos, missing } = await findBentos(inputs.bentos, world);
  if (missing.length > 0) {
    throw inputFailure(missing.map((pattern) => `bentos: nothing is at ${pattern} below ${world.workspace}`));
  }
  const runners = Object.fromEntries(Object.entries(inputs.runners).map(([key, text]) => [key, labelsOf(text)]));
  const legs = legsOf(inputs.platforms, bentos, runners);
  if (legs.length > MOST_JOBS) throw tooMany(inputs.platforms.length, bentos.length);
  for (const { name, runner, emulated } of legs) {
    actions.info(`${name} on ${[runner].flat().join(", ")}${emulated ? ", emulated" : ""}`);
  }
  const outputs = {
    matrix: JSON.stringify({ include: legs }),
    platforms: inputs.platforms.map(printPlatform).join(","),
    bentos: JSON.stringify({ include: bentos.map(({ bento, slug }) => ({ bento, image: slug })) }),
    count: String(legs.length),
    "fail-fast": String(inputs.failFast !== false)
  };
  for (const [name, value] of Object.entries(outputs)) actions.setOutput(name, value);
}
function legsOf(platforms2, bentos, runners) {
  const jobs = (bento) => platforms2.map((platform) => {
    const { runsOn, emulated } = runnerFor(platform, runners);
    const [name, slug] = [printPlatform(platform), platformSlug(platform)];
    const leg = { platform: name, runner: runsOn, emulated };
    if (bento === void 0) return { name, slug, ...leg };
    const { bento: address, slug: image } = bento;
    return { name: `${image} (${name})`, slug: `${image}-${slug}`, ...leg, bento: address, image };
  });
  return bentos.length === 0 ? jobs(void 0) : bentos.flatMap(jobs);
}
function tooMany(platforms2, bentos) {
  const count = `${platforms2} platforms of ${bentos} Bentos are ${platforms2 * bentos} jobs`;
  return new Failure("input", `bentos, platforms: ${count}; a matrix has ${MOST_JOBS} at most`, {
    code: "TooManyJobs",
    hint: "Name fewer Bentos, or build several platforms in one job by emulation."
  });
}

// src/matrix.ts
await openDoor(planMatrix);
