const require = process.getBuiltinModule;
import {
  BACKENDS,
  assumeBackend,
  choiceOf,
  findEngine
} from "./chunk-OKUK3FMJ.js";
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
} from "./chunk-3UWS56GE.js";
import "./chunk-F6EWVGDP.js";
import {
  rmRF,
  which
} from "./chunk-R4RK45PA.js";
import {
  FAILURE_TITLES,
  Failure,
  asFailure,
  cancelled,
  isLack
} from "./chunk-DERAUSUC.js";
import "./chunk-FVKZJ5J4.js";
import {
  __callDispose,
  __using
} from "./chunk-ZDX6KC25.js";

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
      for await (const text2 of output) answer.stdout += text2;
    },
    stderr: async (output) => {
      for await (const text2 of output) answer.stderr += text2;
    }
  };
  const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
  const { code, signal: killedBy } = await run(invocation, env, signal, readers, killAfter);
  return { ...answer, code: code ?? statusOf(killedBy) };
}
async function ask({ tool, args, cwd, env }, ambient) {
  const { getExecOutput } = await import("./exec-HRKGP3NX.js");
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
  for await (const text2 of output) {
    const lines = `${rest}${text2}`.split("\n");
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
    system: async () => (await import("./system-44TZRGIN.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-5NLQFCOV.js")).realToolCache(env),
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

// src/prepare-job.ts
import { delimiter as delimiter2 } from "node:path/posix";

// src/inputs/lists.ts
function splitList(text2, separators, readQuoted) {
  return (NEEDS_READER.test(text2) ? readQuoted(text2) : readPlain(text2)).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
var NEEDS_READER = /["\r]/;
function readPlain(text2) {
  const lines = text2.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(","));
}
async function openQuotedReader(texts) {
  if (!texts.some((text2) => NEEDS_READER.test(text2))) return readPlain;
  const { parse } = await import("./sync-3X5Q4LGJ.js");
  return (text2) => parse(text2, {
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

// src/tools/wish.ts
var TOOL_NAMES = ["buildx", "buildkit", "nerdctl", "nerdctl-full", "rootlesskit", "cni-plugins"];
var INSTALL_POLICIES = ["missing", "never", "always"];
var VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/;
function parseWishes(text2) {
  const problems = [];
  const wishes = [];
  for (const item of text2.split(/[\s,]+/).filter((word) => word !== "")) {
    const at = item.indexOf("@");
    const stated = at < 0 ? item : item.slice(0, at);
    const name = TOOL_NAMES.find((known) => known === stated);
    const version = at < 0 ? "" : item.slice(at + 1).replace(/^v/, "");
    if (name === void 0) problems.push(`"${stated}" is none of ${TOOL_NAMES.join(", ")}`);
    else if (!VERSION.test(version)) problems.push(`"${item}" names no version`);
    else if (wishes.some((wish) => wish.name === name)) problems.push(`${name} is given twice`);
    else wishes.push({ name, version });
  }
  refuse(problems);
  return wishes;
}
function parseChecksums(text2) {
  const problems = [];
  const found = /* @__PURE__ */ new Map();
  const lines = text2.split("\n").map((line) => line.trim());
  for (const line of lines.filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, sum = "", asset = ""] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?([^\s/]+)$/.exec(line) ?? [];
    const sha256 = sum.toLowerCase();
    if (asset === "") problems.push(`"${line}" is not a SHA-256 and the name of a file`);
    else if ((found.get(asset) ?? sha256) !== sha256) problems.push(`${asset} is given twice, with different sums`);
    else found.set(asset, sha256);
  }
  refuse(problems);
  return Object.fromEntries(found);
}
function parseMirror(text2) {
  const mirror = text2.trim().replace(/(?<=.)\/+$/, "");
  if (mirror === "") return void 0;
  const isUrl = ["file:", "http:", "https:"].includes(URL.parse(mirror)?.protocol ?? "");
  if (!mirror.startsWith("/") && !isUrl) {
    throw new Failure("input", `"${mirror}" is neither an absolute directory nor a file, http or https URL`);
  }
  return mirror;
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

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
function text(example) {
  return decoder(example, (raw) => raw.trim() || void 0);
}
function parsed(example, parse) {
  return decoder(example, parse);
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
function oneOf(...words) {
  return decoder(words[0] ?? "", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const found = words.find((known) => known === word);
    if (found === void 0) throw new Error(`"${word}" is none of ${words.join(", ")}`);
    return found;
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
    refuse2(problems);
    return found;
  });
}
function secretText(example) {
  return decoder(example, (raw) => raw.trim() === "" ? void 0 : new Secret(raw.trim()));
}
var UNITS = ["b", "k", "m", "g", "t"];
function byteSize(example) {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const [, digits, unit = ""] = /^(\d{1,9})([bkmgt]?)b?$/i.exec(word) ?? [];
    if (digits === void 0) throw new Error(`"${word}" is no size`);
    return Number(digits) * 1024 ** Math.max(0, UNITS.indexOf(unit.toLowerCase()));
  });
}
function refuse2(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/engine-schema.ts
var engineSchema = {
  backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
  builder: text("tcp://buildkitd:1234"),
  "builder-ca": text("${{ vars.BUILDKIT_CA }}"),
  "builder-cert": text("${{ vars.BUILDKIT_CERT }}"),
  "builder-key": secretText("${{ secrets.BUILDKIT_KEY }}"),
  install: oneOf(...INSTALL_POLICIES),
  tools: parsed("buildkit@0.32.2 nerdctl@2.3.5", parseWishes),
  "tool-mirror": parsed("https://mirror.acme.example/github", parseMirror),
  "tool-checksums": parsed(`${"0".repeat(64)}  buildkit-v0.33.0.linux-amd64.tar.gz`, parseChecksums),
  "registry-mirrors": pairs("docker.io=mirror.acme.example"),
  "insecure-registries": items("registry.internal:5000"),
  "registry-authorities": pairs("registry.internal=/etc/ssl/acme.pem"),
  "cache-limit": byteSize("20gb"),
  "keep-state": toggle()
};

// src/script/builder-keys.ts
import { dirname, join as join4 } from "node:path";

// src/script/secrets.ts
var MOST_BYTES = 500 * 1024;
function maskSecret(secret, { actions }) {
  for (const line of secret.reveal().split(/\r?\n/)) if (line.trim() !== "") actions.mask(line);
}

// src/script/builder-keys.ts
function builderKeyFiles({ builderCa, builderCert, builderKey }, directory) {
  const inputs = {
    ca: builderCa,
    cert: builderCert,
    key: builderKey
  };
  const given = Object.entries(inputs).flatMap(
    ([name, content]) => content === void 0 ? [] : [{ name, content, path: join4(directory, "builder", `${name}.pem`), mode: 384 }]
  );
  if (given.length === 0) return { keys: void 0, files: [] };
  return {
    keys: Object.fromEntries(given.map(({ name, path }) => [name, path])),
    files: given.map(({ path, content, mode }) => ({ path, content: withLineEnd(content), mode }))
  };
}
async function writeBuilderKeys(inputs, { files, actions }) {
  if (inputs.builderKey !== void 0) maskSecret(inputs.builderKey, { actions });
  const made = builderKeyFiles(inputs, await files.scratch());
  for (const { path, content, mode } of made.files) {
    await files.makeDirectory(dirname(path), 448);
    await files.write(path, content instanceof Secret ? content.reveal() : content, mode);
  }
  return made.keys;
}
function withLineEnd(content) {
  return content instanceof Secret ? new Secret(`${content.reveal()}
`) : `${content}
`;
}

// src/ready.ts
async function readyEngine(job) {
  const { inputs, env, world } = job;
  if (inputs.dryRun === true) return assumeBackend(inputs, env, world);
  const found = await findOrSetUp(job);
  if (found.reason !== void 0) {
    world.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}
async function findOrSetUp(job) {
  const { inputs, env, world } = job;
  const asked = choiceOf(inputs);
  const keys = await writeBuilderKeys(inputs, world);
  const found = await findEngine(asked, inputs.builder, world, env, keys).catch((error2) => {
    if (inputs.install === "never" || !isLack(error2)) throw error2;
    return error2;
  });
  if (!(found instanceof Error) && inputs.install !== "always") return found;
  const { setUp } = await import("./set-up-LJLHJNFE.js");
  return setUp(found, asked, { ...job, ...keys === void 0 ? {} : { keys } });
}

// src/script/environment.ts
var AMBIENT = [
  "DOCKER_BUILDKIT",
  "DOCKER_DEFAULT_PLATFORM",
  "DOCKER_CONTENT_TRUST",
  "BUILDKIT_PROGRESS",
  "BUILDKIT_SYNTAX",
  "BUILDX_BUILDER",
  "BUILDX_DEFAULT_POLICY",
  "BUILDX_GIT_INFO",
  "BUILDX_GIT_LABELS",
  "BUILDX_METADATA_PROVENANCE",
  "BUILDX_METADATA_WARNINGS",
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "BUILDX_NO_DEFAULT_LOAD",
  "BUILDX_NO_DEFAULT_OCI_ARTIFACT",
  "BUILDAH_FORMAT",
  "BUILDAH_LAYERS",
  "SOURCE_DATE_EPOCH"
];
var RUNNER_TOKEN = "ACTIONS_RUNTIME_TOKEN";
function toolEnvironment(env, secretNames, additions) {
  const hidden = /* @__PURE__ */ new Set([...AMBIENT, RUNNER_TOKEN, ...secretNames]);
  const kept = Object.entries(env).filter(([name]) => !hidden.has(name) && !name.startsWith("INPUT_"));
  return { ...Object.fromEntries(kept), ...additions };
}

// src/prepare-job.ts
async function prepareJob(world) {
  const { actions } = world;
  const inputs = await decodeSchema(engineSchema, world.env, () => []);
  const env = toolEnvironment(world.env, [], {});
  const { backend, engine, env: ready } = await readyEngine({ inputs, env, world });
  handOn(env, ready, world);
  for (const note of engine.notes ?? []) actions.notice(note);
  actions.setOutput("backend", backend.name);
  actions.setOutput("builder", engine.builder ?? "");
  actions.setOutput("versions", JSON.stringify(engine.versions));
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  actions.info(`${backend.name} is ready${versions.length === 0 ? "" : `: ${versions.join(", ")}`}`);
}
function handOn(before, after, { actions }) {
  const known = new Set(directories(before));
  for (const directory of directories(after).toReversed()) if (!known.has(directory)) actions.addPath(directory);
  for (const [name, value] of Object.entries(after)) {
    if (name !== "PATH" && value !== void 0 && value !== before[name]) actions.exportVariable(name, value);
  }
}
function directories({ PATH: path = "" }) {
  return path.split(delimiter2).filter((directory) => directory !== "");
}

// src/setup.ts
await openDoor(prepareJob);
