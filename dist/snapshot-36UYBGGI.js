const require = process.getBuiltinModule;
import {
  expandPath
} from "./chunk-SWW5SRFD.js";
import {
  Failure
} from "./chunk-77OOFXIV.js";
import {
  createHash,
  randomUUID
} from "./chunk-QR4HHSVU.js";
import "./chunk-ZDX6KC25.js";

// src/bento/hub/snapshot.ts
import { basename, join as join5 } from "node:path/posix";

// src/bento/hub/cache.ts
import { join, relative, resolve } from "node:path/posix";
function hubCache({ env, workspace }) {
  const given = env["BENTOML_HF_CACHE_DIR"] || env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
  const home = env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || "~/.cache", "huggingface");
  return resolve(workspace, expandPath(given || join(home, "hub"), env));
}
function folderName(repository) {
  return `models--${repository.replaceAll("/", "--")}`;
}
async function findFolders(cache, repository, { files }) {
  if (await files.info(cache) === void 0) return [];
  const wanted = folderName(repository).toLowerCase();
  const names = (await files.list(cache)).map(({ name }) => name).filter((name) => name.toLowerCase() === wanted);
  return names.toSorted((one) => one === wanted ? -1 : 1).map((name) => join(cache, name));
}
async function readSnapshot(folder, commit, world) {
  if (await world.files.info(join(folder, "snapshots", commit)) === void 0) return void 0;
  const real = await world.files.realPath(folder);
  const found = /* @__PURE__ */ new Map();
  const broken = await collect(join(real, "snapshots", commit), "", real, found, world);
  return { folder: real, files: found, broken };
}
async function collect(directory, prefix, folder, found, world) {
  let broken = false;
  for (const entry of await world.files.list(directory)) {
    const path = `${prefix}${entry.name}`;
    const place = join(directory, entry.name);
    if (entry.kind === "directory") {
      broken = await collect(place, `${path}/`, folder, found, world) || broken;
      continue;
    }
    const file = await locate(place, path, folder, entry, world);
    if (file === void 0) broken = true;
    else found.set(path, file);
  }
  return broken;
}
async function locate(place, path, folder, { kind }, { files }) {
  const real = kind === "symlink" ? await files.realPath(place).catch(() => void 0) : place;
  if (real === void 0 || !real.startsWith(`${folder}/`)) return void 0;
  const info = await files.info(real);
  return info?.kind === "file" ? { source: relative(folder, real), path, size: info.size } : void 0;
}
async function readRef(folder, revision, { files }) {
  const path = join(folder, "refs", revision);
  return (await files.info(path))?.kind === "file" ? (await files.readText(path)).trim() : void 0;
}

// src/bento/hub/client.ts
import { join as join2 } from "node:path/posix";
var DEFAULT_ENDPOINT = "https://huggingface.co";
var MAX_REDIRECTS = 10;
var REDIRECTS = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
var HubRateLimit = class extends Failure {
  waitSeconds;
  constructor(message, waitSeconds) {
    super("rate-limit", message, {
      hint: "Set HF_TOKEN: the Hub allows more requests to those it knows. Or cache ~/.cache/huggingface between runs."
    });
    this.waitSeconds = waitSeconds;
  }
};
async function openHub(model, world) {
  const endpoint = (model.endpoint ?? (world.env["HF_ENDPOINT"] || DEFAULT_ENDPOINT)).replace(/\/+$/, "");
  const token = await findToken(world);
  if (token !== void 0) world.actions.mask(token);
  const trusted = trustedOrigins(world.env).has(new URL(endpoint).origin);
  const { repository } = model;
  const authorization = trusted && token !== void 0 ? { authorization: `Bearer ${token}` } : {};
  const explain = new Refusals(endpoint, repository, { token: token !== void 0, trusted });
  if (isOffline(world.env)) return { endpoint, repository, get: () => Promise.reject(refusedOffline(repository)) };
  return {
    endpoint,
    repository,
    async get(url, headers = {}, signal = world.signal) {
      const response = await follow(url, { ...headers, ...authorization }, signal, world);
      if (response.status < 300 || response.status === 416) return response;
      response.body.destroy();
      throw explain.failure(url, response);
    }
  };
}
function isOffline(env) {
  return /^(?:1|on|yes|true)$/i.test(env["HF_HUB_OFFLINE"] ?? "");
}
function refusedOffline(repository) {
  return new Failure("bento", `HF_HUB_OFFLINE is set, and the cache does not hold all of ${repository}`, {
    code: "ModelMissing",
    hint: "Restore the cache in an earlier step, or unset HF_HUB_OFFLINE."
  });
}
function trustedOrigins(env) {
  const own = URL.parse(env["HF_ENDPOINT"] ?? "")?.origin;
  return /* @__PURE__ */ new Set([DEFAULT_ENDPOINT, ...own === void 0 ? [] : [own]]);
}
async function findToken({ env, files }) {
  const given = env["HF_TOKEN"] || env["HUGGING_FACE_HUB_TOKEN"];
  if (given) return given.trim();
  const named = env["HF_TOKEN_PATH"] || join2(env["HF_HOME"] || "~/.cache/huggingface", "token");
  const path = named.startsWith("~") && !env["HOME"] ? void 0 : expandPath(named, env);
  if (path?.startsWith("/") !== true || await files.info(path) === void 0) return void 0;
  return (await files.readText(path)).trim() || void 0;
}
async function follow(start, headers, signal, world) {
  let url = start;
  const { authorization: _, ...anonymous } = headers;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const sent = url.origin === start.origin ? headers : anonymous;
    const response = await request(url, sent, signal, world);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === void 0) return response;
    response.body.destroy();
    url = new URL(location, url);
    if (start.protocol === "https:" && url.protocol !== "https:") {
      throw new Failure("network", `${start.host} redirects to ${url.origin}, which is not encrypted`);
    }
  }
  throw new Failure("network", `${start.href} redirects more than ${MAX_REDIRECTS} times`);
}
async function request(url, headers, signal, world) {
  try {
    return await world.http.request({ method: "GET", url, headers, signal });
  } catch (error) {
    throw networkFailure(error, url, world);
  }
}
function networkFailure(error, url, world) {
  if (error instanceof Failure) return error;
  if (world.signal.aborted) return new Failure("cancelled", `The download from ${url.host} was cancelled`);
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("network", `${url.host} did not answer: ${reason}`, { cause: error });
}
async function readBody(body) {
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
var Refusals = class {
  #endpoint;
  #repository;
  #credentials;
  constructor(endpoint, repository, credentials) {
    this.#endpoint = endpoint;
    this.#repository = repository;
    this.#credentials = credentials;
  }
  failure(url, { status, headers }) {
    const said = headers["x-error-message"] === void 0 ? "" : `: ${headers["x-error-message"]}`;
    const page = `${this.#endpoint}/${this.#repository}`;
    if (status === 401 || status === 403) {
      return new Failure("auth", `${page} refused access (HTTP ${status})${said}`, { hint: this.#authHint(page) });
    }
    if (status === 404) {
      return new Failure("bento", `${url.href} does not exist (HTTP 404)${said}`, {
        code: "ModelMissing",
        hint: "The repository or that commit of it was removed or renamed since the Bento was built."
      });
    }
    if (status === 429) {
      const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
      return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? void 0 : wait);
    }
    return new Failure("network", `${url.href} answered HTTP ${status}${said}`, { code: String(status) });
  }
  #authHint(page) {
    const { token, trusted } = this.#credentials;
    if (token && !trusted) {
      return `HF_TOKEN is sent only to ${DEFAULT_ENDPOINT} and to HF_ENDPOINT. If ${this.#endpoint}, which the Bento names, may have it, set HF_ENDPOINT=${this.#endpoint}.`;
    }
    const gated = `For a gated repository, its terms must be accepted at ${page} by the token's owner.`;
    return token ? `The token in HF_TOKEN may not read this repository, or it does not exist. ${gated}` : `Set HF_TOKEN in the step's \`env\` to a token that may read it (the Hub also says 401 of what does not exist). ${gated}`;
  }
};

// src/bento/hub/download.ts
import { dirname, join as join3, relative as relative2 } from "node:path/posix";
import { pipeline } from "node:stream/promises";

// src/bento/hub/file.ts
function fileUrl({ endpoint, repository }, commit, path) {
  const name = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${endpoint}/${repository}/resolve/${commit}/${name}`);
}
function isContinued({ status, headers }, start) {
  return status === 206 && headers["content-range"]?.startsWith(`bytes ${start}-`) === true;
}
function damaged(path, { repository }, hash) {
  return new Failure("network", `${path} of ${repository} came damaged: its hash is not ${hash}`, {
    code: "Damaged",
    hint: "A proxy or mirror between here and the Hub changes or truncates files."
  });
}

// src/bento/hub/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var PACE = { retries: 4, delay: 1e3, maxWait: 120 };
async function retrying(work, world, pace) {
  const { default: pRetry } = await import("./p-retry-LO2Y3MUY.js");
  try {
    return await pRetry(work, {
      retries: pace.retries,
      minTimeout: pace.delay,
      signal: world.signal,
      shouldRetry: ({ error }) => isPassing(error, pace),
      async onFailedAttempt({ error, retriesLeft }) {
        if (retriesLeft === 0 || !isPassing(error, pace)) return;
        world.actions.info(`${error.message}; trying again`);
        if (error instanceof HubRateLimit && error.waitSeconds !== void 0) {
          await sleep(error.waitSeconds * 1e3, void 0, { signal: world.signal });
        }
      }
    });
  } catch (error) {
    if (world.signal.aborted) throw new Failure("cancelled", "The download was cancelled", { cause: error });
    throw error;
  }
}
function isPassing(error, pace) {
  if (error instanceof HubRateLimit) return (error.waitSeconds ?? 0) <= pace.maxWait;
  if (!(error instanceof Failure) || error.class !== "network") return false;
  return !/^4(?!08)\d\d$/.test(error.code);
}

// src/bento/hub/download.ts
var AT_ONCE = 4;
var NEWS_EVERY = 15e3;
async function downloadFiles(files, download2, world, pace) {
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal]);
  const queue = files.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const file of queue) {
      if (signal.aborted) return;
      try {
        await downloadFile(file, download2, { ...world, signal }, pace);
      } catch (error) {
        stop.abort();
        throw error;
      }
    }
  });
  const failures = (await Promise.allSettled(workers)).flatMap(
    (end) => end.status === "rejected" ? [end.reason] : []
  );
  if (failures.length === 0) return;
  if (world.signal.aborted) throw new Failure("cancelled", "The download of the model was cancelled");
  throw failures.find((failure) => !(failure instanceof Failure && failure.class === "cancelled")) ?? failures[0];
}
async function downloadFile(file, download2, world, pace) {
  const blob = join3(download2.folder, "blobs", file.hash);
  if (await world.files.info(blob) === void 0) await fetchBlob(file, blob, download2, world, pace);
  await linkBlob(join3(download2.folder, "snapshots", download2.commit, file.path), blob, world);
}
async function linkBlob(path, blob, { files }) {
  const target = relative2(dirname(path), blob);
  const there = await files.info(path);
  if (there?.kind === "symlink" && await files.readLink(path) === target) return;
  await files.makeDirectory(dirname(path), 493);
  await files.remove(path);
  await files.makeLink(target, path);
}
async function fetchBlob(file, blob, download2, world, pace) {
  const { files, actions } = world;
  const part = `${blob}.${randomUUID()}.part`;
  await files.rename(`${blob}.part`, part).catch(ignoreMissing);
  try {
    await retrying(() => continueBlob(file, part, download2, world), world, pace);
    await files.setMode(part, 420);
    await files.rename(part, blob);
    actions.info(`Downloaded ${file.path} (${file.size} bytes)`);
  } catch (error) {
    await files.rename(part, `${blob}.part`).catch(ignoreMissing);
    throw explainDisk(error, file);
  }
}
async function continueBlob(file, part, { hub, commit }, world) {
  const { files } = world;
  const start = await resumePoint(file, part, world);
  let digest = digestOf(file);
  if (start > 0) for await (const chunk of files.source(part)) digest.update(chunk);
  if (start < file.size || start === 0) {
    const url = fileUrl(hub, commit, file.path);
    const response = await hub.get(url, start === 0 ? {} : { range: `bytes=${start}-` }, world.signal);
    const continued = isContinued(response, start);
    if (start > 0 && !continued) {
      await files.remove(part);
      digest = digestOf(file);
    }
    if (response.status === 416) {
      response.body.destroy();
      throw new Failure("network", `${url.host} does not continue ${file.path} at byte ${start}`);
    }
    try {
      const bytes = watch(response.body, file, continued ? start : 0, digest, world);
      await pipeline(bytes, files.sink(part, { mode: 420, append: true }));
    } catch (error) {
      throw isOfDisk(error) ? error : networkFailure(error, url, world);
    }
  }
  if (digest.digest("hex") === file.hash) return;
  await files.remove(part);
  throw damaged(file.path, hub, file.hash);
}
async function resumePoint(file, part, { files }) {
  const size = (await files.info(part))?.size ?? 0;
  if (size <= file.size) return size;
  await files.remove(part);
  return 0;
}
async function* watch(bytes, file, start, digest, { actions, now }) {
  let done = start;
  let next = now().getTime() + NEWS_EVERY;
  for await (const chunk of bytes) {
    done += chunk.length;
    digest.update(chunk);
    if (done > file.size) throw new Error(`${file.path} is longer than the ${file.size} bytes it was announced with`);
    if (now().getTime() >= next) {
      actions.info(`Downloading ${file.path}: ${Math.floor(done / file.size * 100)} % of ${file.size} bytes`);
      next = now().getTime() + NEWS_EVERY;
    }
    yield chunk;
  }
}
function digestOf({ hash, size }) {
  return hash.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : void 0;
}
function ignoreMissing(error) {
  if (codeOf(error) !== "ENOENT") throw error;
}
function isOfDisk(error) {
  return ["ENOSPC", "EDQUOT", "EACCES", "EROFS", "EIO"].includes(String(codeOf(error)));
}
function explainDisk(error, file) {
  if (!isOfDisk(error) || error instanceof Failure) return error;
  return new Failure("disk", `${file.path} (${file.size} bytes) cannot be stored: ${String(error)}`, { cause: error });
}

// src/bento/hub/listing.ts
import { join as join4 } from "node:path/posix";
var COMMIT = /^[0-9a-f]{40}$/;
var HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
function isCommit(revision) {
  return COMMIT.test(revision);
}
async function resolveRevision(hub, revision, world, pace) {
  const url = new URL(`${hub.endpoint}/api/models/${hub.repository}/revision/${encodeURIComponent(revision)}`);
  const answer = await retrying(() => getText(hub, url, world), world, pace);
  const { sha } = JSON.parse(answer);
  if (typeof sha === "string" && isCommit(sha)) return sha;
  throw new Failure("network", `${url.href} names no commit`);
}
async function listCommit(hub, commit, world, pace) {
  const { listFiles } = await import("./list-files-F4WXGCDT.js");
  const files = [];
  const listing = listFiles({
    repo: { type: "model", name: hub.repository },
    revision: commit,
    recursive: true,
    hubUrl: hub.endpoint,
    // Ours knows redirects, proxies, retries and who may see the token; the library's takes only tokens that begin "hf_".
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = Object.fromEntries(new Headers(init?.headers));
      return retrying(() => getResponse(hub, url, headers, world), world, pace);
    }
  });
  for await (const entry of listing) {
    if (entry.type !== "file") continue;
    const { path, size, oid = "", lfs } = entry;
    files.push(checkFile({ path, size: lfs?.size ?? size, hash: lfs?.oid ?? oid, blobId: oid }));
  }
  return files;
}
function checkFile(file) {
  const parts = file.path.split("/");
  const safe = !parts.some((part) => part === "" || part === "." || part === "..") && !file.path.includes("\0");
  if (safe && HASH.test(file.hash) && Number.isSafeInteger(file.size)) return file;
  throw new Failure("bento", `The Hub lists ${JSON.stringify(file.path)} (${file.hash}), which cannot be stored`, {
    code: "UnsafePath"
  });
}
async function getResponse(hub, url, headers, world) {
  const response = await hub.get(url, headers);
  try {
    const { link, "content-type": type } = response.headers;
    return new Response(await readBody(response.body), {
      headers: { ...link === void 0 ? {} : { link }, ...type === void 0 ? {} : { "content-type": type } }
    });
  } catch (error) {
    throw networkFailure(error, url, world);
  }
}
async function getText(hub, url, world) {
  return (await getResponse(hub, url, { accept: "application/json" }, world)).text();
}
var TREE_VERSION = 1;
async function readTree(folder, commit, { files }) {
  const path = join4(folder, "trees", `${commit}.json`);
  if (await files.info(path) === void 0) return void 0;
  try {
    const tree = JSON.parse(await files.readText(path));
    if (tree.format_version !== TREE_VERSION || tree.files === void 0) return void 0;
    return Object.entries(tree.files).map(
      ([name, { size, blob_id, lfs_sha256, lfs_size }]) => checkFile({ path: name, size: lfs_size ?? size, hash: lfs_sha256 ?? blob_id, blobId: blob_id })
    );
  } catch {
    return void 0;
  }
}
async function writeTree(folder, commit, listed, { files }) {
  const entries = listed.map(({ path: path2, size, hash, blobId }) => {
    const large = hash.length === 64 ? { lfs_sha256: hash, lfs_size: size } : {};
    return [path2, { size, blob_id: blobId, ...large }];
  });
  const tree = { format_version: TREE_VERSION, files: Object.fromEntries(entries) };
  await files.makeDirectory(join4(folder, "trees"), 493);
  const path = join4(folder, "trees", `${commit}.json`);
  await files.write(`${path}.tmp`, `${JSON.stringify(tree, void 0, 1)}
`, 420);
  await files.rename(`${path}.tmp`, path);
}

// src/bento/hub/patterns.ts
function selectPaths(files, { include, exclude }) {
  const wanted = include.map(compile);
  const unwanted = exclude.map(compile);
  return files.filter(
    ({ path }) => (wanted.length === 0 || wanted.some((pattern) => pattern.test(path))) && !unwanted.some((pattern) => pattern.test(path))
  );
}
function compile(pattern) {
  const glob = pattern.endsWith("/") ? `${pattern}*` : pattern;
  const source = glob.replace(/\*+|\?|\[!?\]?[^\]]*\]|[\s\S]/gu, (piece) => {
    if (piece.startsWith("*")) return ".*";
    if (piece === "?") return ".";
    return piece.length > 1 && piece.startsWith("[") ? characterClass(piece.slice(1, -1)) : escapeText(piece);
  });
  try {
    return new RegExp(`^(?:${source})$`, "su");
  } catch (error) {
    throw new Failure("bento", `A model's pattern ${JSON.stringify(pattern)} is none: ${String(error)}`, {
      code: "ValueInvalid",
      cause: error
    });
  }
}
function characterClass(content) {
  const negated = content.startsWith("!");
  const members = (negated ? content.slice(1) : content).replace(/[\\\]^[]/g, "\\$&");
  return `[${negated ? "^" : ""}${members}]`;
}
function escapeText(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

// src/bento/hub/snapshot.ts
async function locateSnapshot(model, world, { pace = PACE, dryRun = false, remoteFrom = Number.POSITIVE_INFINITY } = {}) {
  const hub = await openHub(model, world);
  const folders = await findFolders(hubCache(world), model.repository, world);
  const commit = await findCommit(model, hub, folders, world, pace);
  const snapshots = await Promise.all(folders.map((folder) => readSnapshot(folder, commit, world)));
  const cached = snapshots.filter((snapshot) => snapshot !== void 0);
  const listings = await Promise.all(folders.map((folder) => readTree(folder, commit, world)));
  const listing = listings.find((one) => one !== void 0);
  const search = { model, commit, hub, cached, world, pace, dryRun, remoteFrom, listing };
  return await findComplete(search) ?? await findWithHub(search);
}
async function fetchSnapshot(snapshot, world, { pace = PACE } = {}) {
  const { model, commit, directory } = snapshot;
  const missing = snapshot.files.flatMap(
    ({ path, size, remote }) => remote === void 0 ? [] : [{ path, size, hash: remote }]
  );
  const hub = await openHub(model, world);
  await fetchFiles(missing, { hub, commit, folder: directory }, world, pace);
  return { ...snapshot, files: snapshot.files.map(({ source, path, size }) => ({ source, path, size })) };
}
async function findCommit({ repository, revision }, hub, folders, world, pace) {
  if (isCommit(revision)) return revision;
  try {
    return await resolveRevision(hub, revision, world, pace);
  } catch (error) {
    const known = (await Promise.all(folders.map((folder) => readRef(folder, revision, world)))).find(Boolean);
    if (known === void 0 || world.signal.aborted) throw error;
    world.actions.warning(`${repository}: the Hub cannot be asked for "${revision}"; ${known} of the cache is taken.`);
    return known;
  }
}
async function findComplete({ cached, commit, model, world }) {
  for (const snapshot of cached) {
    const tree = await readTree(snapshot.folder, commit, world);
    const files = tree === void 0 ? void 0 : pickAll(selectPaths(tree, model), snapshot);
    if (files !== void 0) return located(model, commit, snapshot.folder, files, true, "cache");
  }
  return void 0;
}
async function findWithHub(search) {
  const { model, commit, hub, cached, world, pace, listing } = search;
  let listed;
  try {
    listed = listing ?? await listCommit(hub, commit, world, pace);
  } catch (error) {
    const accepted = world.signal.aborted ? void 0 : await acceptUnlisted(search, error);
    if (accepted === void 0) throw error;
    return accepted;
  }
  const wanted = selectPaths(listed, model);
  if (wanted.length === 0) {
    throw new Failure("bento", `\`include\` and \`exclude\` leave no file of ${model.repository}@${commit}`, {
      code: "ModelMissing"
    });
  }
  for (const snapshot of cached) {
    const files = pickAll(wanted, snapshot);
    if (files === void 0) continue;
    const isListed = await readTree(snapshot.folder, commit, world) !== void 0;
    return located(model, commit, snapshot.folder, files, isListed, "cache");
  }
  return download(search, listed, wanted);
}
function pickAll(wanted, { files }) {
  const found = wanted.flatMap(({ path, size }) => {
    const file = files.get(path);
    return file?.size === size ? [file] : [];
  });
  return found.length === wanted.length && found.length > 0 ? found : void 0;
}
async function acceptUnlisted({ model, commit, cached, world }, cause) {
  for (const snapshot of cached) {
    const files = selectPaths([...snapshot.files.values()], model);
    const listed = await readTree(snapshot.folder, commit, world) !== void 0;
    if (listed || snapshot.broken || files.length === 0) continue;
    const reason = cause instanceof Error ? cause.message : String(cause);
    world.actions.warning(
      `${model.repository}: the Hub cannot be asked whether the cache is complete (${reason}); its ${files.length} files are taken.`
    );
    return located(model, commit, snapshot.folder, files, false, "cache");
  }
  return void 0;
}
async function download({ model, commit, hub, cached, world, pace, dryRun, remoteFrom }, listed, wanted) {
  const files = wanted.map(({ path, size, hash }) => ({ source: join5("blobs", hash), path, size }));
  if (dryRun) {
    const folder2 = cached[0]?.folder ?? join5(hubCache(world), folderName(model.repository));
    return located(model, commit, folder2, files, false, "hub");
  }
  const folder = await makeFolder(model, cached[0]?.folder, world);
  const staying = /* @__PURE__ */ new Set();
  for (const { path, size, hash } of wanted) {
    const mayStay = hash.length === SHA256_DIGITS && size >= remoteFrom;
    if (mayStay && await world.files.info(join5(folder, "blobs", hash)) === void 0) staying.add(path);
  }
  const fetched = wanted.filter(({ path }) => !staying.has(path));
  await fetchFiles(fetched, { hub, commit, folder }, world, pace);
  await writeTree(folder, commit, listed, world);
  const marked = files.map((file) => staying.has(file.path) ? { ...file, remote: basename(file.source) } : file);
  return located(model, commit, await world.files.realPath(folder), marked, true, "hub");
}
async function fetchFiles(files, download2, world, pace) {
  if (files.length === 0) return;
  const { hub, commit, folder } = download2;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  world.actions.info(
    `${hub.repository}@${commit}: ${files.length} files, ${bytes} bytes, from ${hub.endpoint} to ${folder}`
  );
  await downloadFiles(files, download2, world, pace);
}
async function makeFolder(model, given, world) {
  const cache = hubCache(world);
  const [known] = await findFolders(cache, model.repository, world);
  const wanted = given ?? known ?? join5(cache, folderName(model.repository));
  try {
    await world.files.makeDirectory(join5(wanted, "blobs"), 493);
    return wanted;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    world.actions.warning(`The Hugging Face cache cannot be written to, so the download is not kept: ${reason}`);
    const folder = join5(await world.files.scratch(), "hf-models", folderName(model.repository));
    await world.files.makeDirectory(join5(folder, "blobs"), 493);
    return folder;
  }
}
function located(model, commit, directory, files, listed, origin) {
  const sorted = files.toSorted((one, other) => one.path < other.path ? -1 : 1);
  return { kind: "snapshot", model, directory, files: sorted, commit, listed, origin };
}
export {
  fetchSnapshot,
  locateSnapshot
};
