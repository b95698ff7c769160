const require = process.getBuiltinModule;
import {
  PACE,
  damaged,
  fileUrl,
  isContinued,
  networkFailure,
  openHub,
  retrying
} from "./chunk-H4DLD53F.js";
import {
  Failure,
  createHash,
  expandPath,
  randomUUID
} from "./chunk-5E5L6I3A.js";

// src/bento/hub/fetch.ts
import { join as join3 } from "node:path/posix";

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

// src/bento/hub/download.ts
import { dirname, join as join2, relative as relative2 } from "node:path/posix";
import { pipeline } from "node:stream/promises";
var AT_ONCE = 4;
var NEWS_EVERY = 15e3;
async function downloadFiles(files, download, world, pace) {
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal]);
  const queue = files.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const file of queue) {
      if (signal.aborted) return;
      try {
        await downloadFile(file, download, { ...world, signal }, pace);
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
async function downloadFile(file, download, world, pace) {
  const blob = join2(download.folder, "blobs", file.hash);
  if (await world.files.info(blob) === void 0) await fetchBlob(file, blob, download, world, pace);
  await linkBlob(join2(download.folder, "snapshots", download.commit, file.path), blob, world);
}
async function linkBlob(path, blob, { files }) {
  const target = relative2(dirname(path), blob);
  const there = await files.info(path);
  if (there?.kind === "symlink" && await files.readLink(path) === target) return;
  await files.makeDirectory(dirname(path), 493);
  await files.remove(path);
  await files.makeLink(target, path);
}
async function fetchBlob(file, blob, download, world, pace) {
  const { files, actions } = world;
  const part = `${blob}.${randomUUID()}.part`;
  await files.rename(`${blob}.part`, part).catch(ignoreMissing);
  try {
    await retrying(() => continueBlob(file, part, download, world), world, pace);
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

// src/bento/hub/fetch.ts
async function fetchSnapshot(snapshot, world, pace = PACE) {
  const { model, commit, directory } = snapshot;
  const missing = snapshot.files.flatMap(
    ({ path, size, remote }) => remote === void 0 ? [] : [{ path, size, hash: remote }]
  );
  if (missing.length === 0) return snapshot;
  await fetchFiles(missing, { hub: await openHub(model, world), commit, folder: directory }, world, pace);
  return { ...snapshot, files: snapshot.files.map(({ source, path, size }) => ({ source, path, size })) };
}
async function fetchFiles(files, download, world, pace) {
  if (files.length === 0) return;
  const { hub, commit, folder } = download;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  world.actions.info(
    `${hub.repository}@${commit}: ${files.length} files, ${bytes} bytes, from ${hub.endpoint} to ${folder}`
  );
  await downloadFiles(files, download, world, pace);
}
async function makeFolder(model, given, world) {
  const cache = hubCache(world);
  const [known] = await findFolders(cache, model.repository, world);
  const wanted = given ?? known ?? join3(cache, folderName(model.repository));
  try {
    await world.files.makeDirectory(join3(wanted, "blobs"), 493);
    return wanted;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    world.actions.warning(`The Hugging Face cache cannot be written to, so the download is not kept: ${reason}`);
    const folder = join3(await world.files.scratch(), "hf-models", folderName(model.repository));
    await world.files.makeDirectory(join3(folder, "blobs"), 493);
    return folder;
  }
}

export {
  hubCache,
  folderName,
  findFolders,
  readSnapshot,
  readRef,
  fetchSnapshot,
  fetchFiles,
  makeFolder
};
