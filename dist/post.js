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
      await new Promise((resolve2) => {
        letGo = resolve2;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve2();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve2, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve2();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve2, (error2) => {
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
  return new Promise((resolve2, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve2(given), reject);
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
  async function endAll2() {
    idle.length = 0;
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }
  const onAbort = () => void endAll2();
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
      await endAll2();
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
  return new Promise((resolve2, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve2(answer);
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

// src/engines/record.ts
var MARK = "BENTO_IMAGE_ENGINE";
var STATE = "engine";
async function readRecord(directory, { files }) {
  const path = recordPath(directory);
  if ((await files.info(path))?.kind !== "file") return void 0;
  try {
    return JSON.parse(await files.readText(path));
  } catch {
    return void 0;
  }
}
function recordPath(directory) {
  return `${directory}/record.json`;
}

// src/engines/sudo.ts
var PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
var CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
function asRoot(sudo, command, variables, env) {
  const places = CERTIFICATES.flatMap((name) => env[name] ? [`${name}=${env[name]}`] : []);
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    argv: [...sudo, "env", ...places, ...words, ...command],
    env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]]))
  };
}

// src/engines/clean-up-as-root.ts
var SECONDS = "90";
async function cleanUpAsRoot(directory, sudo, { env, processes, system }) {
  const command = ["timeout", SECONDS, ...system.postStep()];
  const { argv, env: own } = asRoot(sudo, command, { [`STATE_${STATE}`]: directory }, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: own });
  if (code !== 0) return [`what is root's in ${directory}: ${tool} ended with ${code}: ${stderr.trim()}`];
  return [...stdout.matchAll(/^::warning[^:]*::(.*)$/gm)].map(([, sentence = ""]) => decodeURIComponent(sentence));
}

// src/engines/ending.ts
import { setTimeout as sleep } from "node:timers/promises";
var PATIENCE_MS = 5e3;
async function endProcess(process2, system, patience = PATIENCE_MS) {
  if (patience > 0) {
    await system.signal(process2, "SIGTERM");
    if (await ends(process2, system, patience)) return;
  }
  await system.signal(process2, "SIGKILL", "group");
  if (!await ends(process2, system, PATIENCE_MS)) throw new Error(`the process ${process2.pid} does not end`);
}
async function endAll(processes, system) {
  for (const process2 of processes) await system.signal(process2, "SIGKILL");
  for (const process2 of processes) {
    if (!await ends(process2, system, PATIENCE_MS)) throw new Error(`the process ${process2.pid} does not end`);
  }
}
async function ends(process2, system, patience) {
  for (let waited = 0, pause = 2; waited < patience; waited += pause, pause = Math.min(2 * pause, 100)) {
    if (!await system.isAlive(process2)) return true;
    await sleep(pause);
  }
  return !await system.isAlive(process2);
}

// src/engines/clean-up.ts
var TIME_LIMIT_MS = 6e4;
async function cleanUp(directory, world) {
  const made = (await readRecord(directory, world))?.made ?? [];
  const left = [];
  const over = AbortSignal.timeout(TIME_LIMIT_MS);
  const attempt = async (what, work) => {
    try {
      if (over.aborted) throw new Error("no time was left");
      await work();
    } catch (error2) {
      left.push(`${what}: ${error2 instanceof Error ? error2.message : String(error2)}`);
    }
  };
  const rights = world.system.user().id === 0 ? [] : made.filter(isRights);
  for (const { sudo } of rights) left.push(...await cleanUpAsRoot(directory, sudo, world));
  const family = await world.system.marked(MARK, directory);
  const youngest = made.toReversed();
  const patience = isThrownAway(made) ? 0 : void 0;
  for (const entry of youngest) await attempt(nameOf(entry), () => undo(entry, directory, world, patience));
  await attempt("processes of the engine", () => endStragglers(directory, made, family, world));
  const places = [...youngest.filter(isPlace).map(({ path }) => path), directory];
  for (const path of places) await attempt(`mounts below ${path}`, () => unmountBelow(path, world));
  for (const entry of youngest) {
    if (entry.kind === "directory") await attempt(entry.path, () => removeDirectory(entry, world));
  }
  await attempt(directory, () => removeDirectory({ kind: "directory", path: directory }, world));
  return left;
}
function isRights(made) {
  return made.kind === "rights";
}
function isPlace(made) {
  return made.kind === "directory" || made.kind === "kept";
}
function nameOf(made) {
  if (made.kind === "rights") return made.kind;
  if ("name" in made) return `the ${made.kind} ${made.name}`;
  return "path" in made ? made.path : `the cache behind ${made.address}`;
}
function isThrownAway(made) {
  return !made.some(({ kind }) => kind === "kept" || kind === "cache");
}
async function undo(made, directory, world, patience) {
  switch (made.kind) {
    case "builder":
      return run2([...made.call, "rm", "--force", made.name], world, { BUILDX_CONFIG: made.config });
    case "cache":
      return run2([made.buildctl, "--addr", made.address, "prune", "--all"], world);
    case "process":
      return made.process === void 0 ? void 0 : endProcess(made.process, world.system, patience);
    case "lock":
      if ((await world.files.info(made.path))?.kind !== "symlink") return;
      if (await world.files.readLink(made.path) === directory) await world.files.remove(made.path);
      return;
    default:
      return;
  }
}
async function endStragglers(directory, made, family, { system }) {
  await endAll([...await system.marked(MARK, directory), ...family], system);
  await endAll(await system.rootedBelow([directory, ...made.filter(isPlace).map(({ path }) => path)]), system);
}
async function unmountBelow(path, world) {
  for (const point of await world.system.mountsBelow(path)) {
    const { code } = await world.processes.ask({ tool: "timeout", args: [SECONDS2, "umount", point] });
    if (code !== 0) await run2(["umount", "--lazy", point], world);
  }
}
async function removeDirectory({ path, mapped }, world) {
  if (await world.files.info(path) === void 0) return;
  if (mapped !== void 0) await run2([mapped.rootlesskit, "rm", "-rf", path], world);
  const mounts = await world.system.mountsBelow(path);
  if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
  await world.files.remove(path);
}
var SECONDS2 = "20";
async function run2([tool = "", ...args], world, env = {}) {
  const invocation = { tool: "timeout", args: [SECONDS2, tool, ...args], env: { ...world.env, ...env } };
  const { code, stderr } = await world.processes.ask(invocation);
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}

// src/engines/places.ts
function isEngineDirectory(path) {
  return path.startsWith("/") && /\/bento-image-engine-[0-9a-f]{8}$/.test(path) && !path.includes("/../");
}

// src/engines/remove.ts
async function removeEngine(world) {
  const { actions } = world;
  const directory = actions.getState(STATE);
  if (!isEngineDirectory(directory)) return;
  const left = await cleanUp(directory, world);
  for (const line of left) actions.warning(`Could not be removed: ${line}`);
  if (left.length === 0) actions.info("The engine of this step is gone");
}

// src/post.ts
await openDoor(async (world) => removeEngine({ ...world, system: await world.system() }));
