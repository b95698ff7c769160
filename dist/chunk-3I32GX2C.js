const require = process.getBuiltinModule;
import {
  HUB_RETRY_POLICY,
  addressFrom,
  damaged,
  fileUrl,
  isContinued,
  networkFailure,
  openHub,
  printUrl,
  retrying
} from "./chunk-T626NG6F.js";
import {
  sha256InName
} from "./chunk-4VYR3FMV.js";
import {
  Failure,
  createHash,
  errorCode,
  expandPath,
  folderName,
  isDiskFull,
  isJsonObject,
  parseJson,
  randomUUID
} from "./chunk-X4LXKBUS.js";

// src/bento/hub/fetch.ts
import { join as join3 } from "node:path/posix";

// src/bento/hub/cache.ts
import { join, relative, resolve } from "node:path/posix";

// src/bento/hub/answer.ts
var MAX_ANSWER = 16 << 20;
function askJson(hub, url, machine, pace) {
  return retrying(() => askOnce(hub, url, machine, pace), machine, pace);
}
async function askOnce(hub, url, machine, { answerTime }) {
  const limit = AbortSignal.timeout(answerTime);
  const signal = AbortSignal.any([machine.signal, limit]);
  try {
    const { body, headers } = await hub.get(url, { accept: "application/json" }, signal);
    const text = await readText(body, url);
    return { value: parse(text, url), size: Buffer.byteLength(text), headers };
  } catch (error) {
    if (!limit.aborted || machine.signal.aborted) throw networkFailure(error, url, machine);
    throw new Failure("network", `${printUrl(url)} did not answer within ${answerTime / 1e3} s`, {
      code: "AnswerTooSlow",
      cause: error
    });
  }
}
async function readText(body, url) {
  const chunks = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER) {
      throw new Failure("network", `${printUrl(url)} answered more than ${MAX_ANSWER} bytes`, {
        code: "AnswerTooLong"
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function parse(text, url) {
  const value = parseJson(text);
  if (value === void 0) throw invalidAnswer(url, "something that is not JSON");
  return value;
}
function invalidAnswer(url, what) {
  return new Failure("network", `${printUrl(url)} answered with ${what}`, {
    code: "AnswerInvalid",
    hint: "There is no hub at that address, or a proxy before it answers in its place."
  });
}

// src/bento/hub/hub-file.ts
var HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
var MAX_NAME = 255;
var MAX_PATH = 2048;
var CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
var SHOWN = 200;
function checkFiles(files) {
  const paths = /* @__PURE__ */ new Set();
  const directories = /* @__PURE__ */ new Set();
  for (const file of files) {
    const isNew = !paths.has(file.path);
    if (!isNew || !isStorable(file)) throw unusable(file, isNew ? "which cannot be stored" : "twice");
    paths.add(file.path);
    for (const directory of directoriesOf(file.path)) directories.add(directory);
  }
  const both = files.find(({ path }) => directories.has(path));
  if (both !== void 0) throw unusable(both, "as a file and as a directory");
  return files;
}
function isStorable({ path, size, hash, blobId }) {
  const parts = path.split("/");
  return parts.every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= MAX_NAME) && Buffer.byteLength(path) <= MAX_PATH && path.search(CONTROLS) === -1 && path.isWellFormed() && HASH.test(hash) && HASH.test(blobId) && Number.isSafeInteger(size) && size >= 0;
}
function* directoriesOf(path) {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) yield path.slice(0, end);
}
function unusable({ path, size, hash }, why) {
  const name = JSON.stringify(path.slice(0, SHOWN)).replace(CONTROLS, escapeControl);
  return new Failure("bento", `The Hub lists ${name} (${String(size)} bytes, ${hash.slice(0, 64)}), ${why}`, {
    code: "UnsafePath"
  });
}
function escapeControl(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/bento/hub/listing.ts
var LIMITS = { entries: 2e5, pages: 400, bytes: 128 << 20 };
var COMMIT = /^[0-9a-f]{40}$/;
function isCommit(revision) {
  return COMMIT.test(revision);
}
async function resolveRevision(hub, revision, machine, pace) {
  const { address } = hub.endpoint;
  const url = new URL(`${address}/api/models/${hub.repository}/revision/${encodeURIComponent(revision)}`);
  const { value } = await askJson(hub, url, machine, pace);
  const sha = isJsonObject(value) ? value["sha"] : void 0;
  if (typeof sha === "string" && isCommit(sha)) return sha;
  throw invalidAnswer(url, "no commit");
}
async function listCommit(hub, commit, machine, pace) {
  const { address } = hub.endpoint;
  const start = new URL(`${address}/api/models/${hub.repository}/tree/${commit}?recursive=true&expand=false`);
  const files = [];
  const seen = { entries: 0, pages: 0, bytes: 0 };
  const deadline = machine.now().getTime() + 10 * pace.answerTime;
  for (let url = start; url !== void 0; ) {
    const { value, size, headers } = await askJson(hub, url, machine, pace);
    const entries = entriesOf(value, url);
    seen.entries += entries.length;
    seen.pages += 1;
    seen.bytes += size;
    if (seen.entries > LIMITS.entries || seen.pages > LIMITS.pages || seen.bytes > LIMITS.bytes) throw tooLong(start);
    if (machine.now().getTime() > deadline) throw tooSlow(start);
    for (const entry of entries) if (entry["type"] === "file") files.push(readFile(entry, url));
    url = nextPage(headers["link"], url, hub);
  }
  return checkFiles(files);
}
function entriesOf(value, url) {
  if (Array.isArray(value) && value.every(isJsonObject)) return value;
  throw invalidAnswer(url, "something that lists no files");
}
function readFile(entry, url) {
  const { path, oid } = entry;
  const lfs = isJsonObject(entry["lfs"]) ? entry["lfs"] : void 0;
  const { size, oid: hash } = lfs ?? { size: entry["size"], oid };
  if (typeof path === "string" && typeof size === "number" && typeof hash === "string" && typeof oid === "string") {
    return { path, size, hash, blobId: oid };
  }
  throw invalidAnswer(url, "a file without path, size, or hash");
}
function nextPage(links, url, { endpoint }) {
  const next = links?.split("<").map((link) => /^([^>]*)>\s*;\s*rel="?next\b/.exec(link)?.[1]).find((address) => address !== void 0);
  return next === void 0 ? void 0 : addressFrom(next, url, endpoint);
}
function tooSlow(url) {
  return new Failure("network", `${printUrl(url)} takes too long to list the files`, { code: "AnswerTooSlow" });
}
function tooLong(url) {
  const { entries, pages, bytes } = LIMITS;
  return new Failure(
    "network",
    `${printUrl(url)} lists more than ${entries} files, on more than ${pages} pages, or in more than ${bytes} bytes`,
    { code: "AnswerTooLong", hint: "A repository of so many files cannot be put into an image." }
  );
}

// src/bento/hub/cache.ts
var OTHERS = ".endpoints";
function cacheOf(endpoint, machine) {
  const standard = standardCache(machine);
  return endpoint.namedBy === "workflow" ? standard : join(standard, OTHERS, directoryName(endpoint));
}
function directoryName({ address }) {
  const { hostname } = new URL(address);
  const hash = createHash("sha256").update(address).digest("hex");
  return `${hostname.replace(/[^a-z0-9.-]/g, "")}-${hash.slice(0, 32)}`;
}
function standardCache({ env, workspace }) {
  const given = env["BENTOML_HF_CACHE_DIR"] || env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
  const home = env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || "~/.cache", "huggingface");
  return resolve(workspace, expandPath(given || join(home, "hub"), env));
}
async function findFolders(cache, repository, { files }) {
  if (await files.info(cache) === void 0) return [];
  const wanted = folderName(repository).toLowerCase();
  const names = (await files.list(cache)).map(({ name }) => name).filter((name) => name.toLowerCase() === wanted);
  return names.toSorted((one) => one === wanted ? -1 : 1).map((name) => join(cache, name));
}
async function readSnapshot(folder, commit, machine) {
  if (await machine.files.info(join(folder, "snapshots", commit)) === void 0) return void 0;
  const real = await machine.files.realPath(folder);
  const found = /* @__PURE__ */ new Map();
  const broken = await collect(join(real, "snapshots", commit), "", real, found, machine);
  return { folder: real, files: found, broken };
}
async function collect(directory, prefix, folder, found, machine) {
  let broken = false;
  for (const entry of await machine.files.list(directory)) {
    const path = `${prefix}${entry.name}`;
    const place = join(directory, entry.name);
    if (entry.kind === "directory") {
      broken = await collect(place, `${path}/`, folder, found, machine) || broken;
      continue;
    }
    const file = await locate(place, path, folder, entry, machine);
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
  const commit = (await files.info(path))?.kind === "file" ? (await files.readText(path)).trim() : "";
  return isCommit(commit) ? commit : void 0;
}

// src/bento/hub/download.ts
import { dirname, join as join2, relative as relative2 } from "node:path/posix";
import { pipeline } from "node:stream/promises";

// src/bento/hub/sound.ts
var SHA256_DIGITS = 64;
function hashFor({ hash, size }) {
  return hash.length === SHA256_DIGITS ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}
async function isSound(path, listed, { files }) {
  const info = await files.info(path);
  if (info?.kind !== "file" || info.size !== listed.size) return false;
  if (sha256InName(path) === listed.hash) return true;
  const hash = hashFor(listed);
  for await (const piece of files.pieces(path)) hash.update(piece);
  return hash.digest("hex") === listed.hash;
}

// src/bento/hub/download.ts
var AT_ONCE = 4;
var NEWS_EVERY = 15e3;
async function downloadFiles(files, download, machine, pace) {
  const stop = new AbortController();
  const signal = AbortSignal.any([machine.signal, stop.signal]);
  const queue = files.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const file of queue) {
      if (signal.aborted) return;
      try {
        await downloadFile(file, download, { ...machine, signal }, pace);
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
  if (machine.signal.aborted) throw new Failure("cancelled", "The download of the model was cancelled");
  throw failures.find((failure) => !(failure instanceof Failure && failure.class === "cancelled")) ?? failures[0];
}
async function downloadFile(file, download, machine, pace) {
  const blob = join2(download.folder, "blobs", file.hash);
  if (!await isSound(blob, file, machine)) {
    await machine.files.remove(blob);
    await fetchBlob(file, blob, download, machine, pace);
  }
  await linkBlob(join2(download.folder, "snapshots", download.commit, file.path), blob, machine);
}
async function linkBlob(path, blob, { files }) {
  const target = relative2(dirname(path), blob);
  const there = await files.info(path);
  if (there?.kind === "symlink" && await files.readLink(path) === target) return;
  await files.makeDirectory(dirname(path), 493);
  await files.remove(path);
  await files.makeLink(target, path);
}
async function fetchBlob(file, blob, download, machine, pace) {
  const { files, actions } = machine;
  const part = `${blob}.${randomUUID()}.part`;
  await files.rename(`${blob}.part`, part).catch(ignoreMissing);
  try {
    await retrying(() => continueBlob(file, part, download, machine), machine, pace);
    await files.setMode(part, 420);
    await files.rename(part, blob);
    actions.info(`Downloaded ${file.path} (${file.size} bytes)`);
  } catch (error) {
    await files.rename(part, `${blob}.part`).catch(ignoreMissing);
    throw explainDisk(error, file);
  }
}
async function continueBlob(file, part, { hub, commit }, machine) {
  const { files } = machine;
  const start = await resumePoint(file, part, machine);
  let digest = hashFor(file);
  if (start > 0) for await (const chunk of files.source(part)) digest.update(chunk);
  if (start < file.size || start === 0) {
    const url = fileUrl(hub, commit, file.path);
    const response = await hub.get(url, start === 0 ? {} : { range: `bytes=${start}-` }, machine.signal);
    const continued = isContinued(response, start);
    if (start > 0 && !continued) {
      await files.remove(part);
      digest = hashFor(file);
    }
    if (response.status === 416) {
      response.body.destroy();
      throw new Failure("network", `${url.host} does not continue ${file.path} at byte ${start}`);
    }
    try {
      const bytes = watch(response.body, file, continued ? start : 0, digest, machine);
      await pipeline(bytes, files.sink(part, { mode: 420, append: true }));
    } catch (error) {
      throw isOfDisk(error) ? error : networkFailure(error, url, machine);
    }
  }
  if (digest.digest("hex") === file.hash) return;
  await files.remove(part);
  throw damaged(file.path, hub, file.hash);
}
async function resumePoint(file, part, { files }) {
  const info = await files.info(part);
  if (info === void 0) return 0;
  if (info.kind === "file" && info.size <= file.size) return info.size;
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
function ignoreMissing(error) {
  if (errorCode(error) !== "ENOENT") throw error;
}
function isOfDisk(error) {
  return isDiskFull(error) || ["EACCES", "EROFS", "EIO"].includes(errorCode(error));
}
function explainDisk(error, file) {
  if (!isOfDisk(error) || error instanceof Failure) return error;
  return new Failure("disk", `${file.path} (${file.size} bytes) cannot be stored: ${String(error)}`, { cause: error });
}

// src/bento/hub/fetch.ts
async function fetchSnapshot(snapshot, machine, pace = HUB_RETRY_POLICY) {
  const { model, commit, directory } = snapshot;
  const missing = snapshot.files.flatMap(
    ({ path, size, remote }) => remote === void 0 ? [] : [{ path, size, hash: remote }]
  );
  if (missing.length === 0) return snapshot;
  await fetchFiles(missing, { hub: await openHub(model, machine), commit, folder: directory.path }, machine, pace);
  return { ...snapshot, files: snapshot.files.map(({ source, path, size }) => ({ source, path, size })) };
}
async function fetchFiles(files, download, machine, pace) {
  if (files.length === 0) return;
  const { hub, commit, folder } = download;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  machine.actions.info(
    `${hub.repository}@${commit}: ${files.length} files, ${bytes} bytes, from ${hub.endpoint.address} to ${folder}`
  );
  await downloadFiles(files, download, machine, pace);
}
async function makeFolder({ endpoint, repository }, given, machine) {
  const cache = cacheOf(endpoint, machine);
  const [known] = await findFolders(cache, repository, machine);
  const wanted = given ?? known ?? join3(cache, folderName(repository));
  try {
    await machine.files.makeDirectory(join3(wanted, "blobs"), 493);
    return wanted;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    machine.actions.warning(`The Hugging Face cache cannot be written to, so the download is not kept: ${reason}`);
    const folder = join3(await machine.files.scratch(), "hf-models", directoryName(endpoint), folderName(repository));
    await machine.files.makeDirectory(join3(folder, "blobs"), 493);
    return folder;
  }
}

export {
  checkFiles,
  isCommit,
  resolveRevision,
  listCommit,
  cacheOf,
  findFolders,
  readSnapshot,
  readRef,
  isSound,
  fetchSnapshot,
  fetchFiles,
  makeFolder
};
