const require = process.getBuiltinModule;
import {
  fetchFiles,
  findFolders,
  folderName,
  hubCache,
  makeFolder,
  readRef,
  readSnapshot
} from "./chunk-XBIWORCY.js";
import {
  PACE,
  networkFailure,
  openHub,
  readBody,
  retrying
} from "./chunk-H4DLD53F.js";
import {
  Failure
} from "./chunk-5E5L6I3A.js";
import "./chunk-ZDX6KC25.js";

// src/bento/hub/snapshot.ts
import { join as join2 } from "node:path/posix";

// src/bento/hub/listing.ts
import { join } from "node:path/posix";
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
  const { listFiles } = await import("./list-files-PXTAE3X3.js");
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
  const path = join(folder, "trees", `${commit}.json`);
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
  await files.makeDirectory(join(folder, "trees"), 493);
  const path = join(folder, "trees", `${commit}.json`);
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
var SHA256_DIGITS = 64;
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
  return bring(search, listed, wanted);
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
async function bring(search, listed, wanted) {
  const { model, commit, hub, cached, world, pace, dryRun, remoteFrom } = search;
  const [given] = cached.map(({ folder: folder2 }) => folder2);
  if (dryRun) {
    const folder2 = given ?? join2(hubCache(world), folderName(model.repository));
    return located(model, commit, folder2, wanted.map(blobOf), false, "hub");
  }
  const folder = await makeFolder(model, given, world);
  const [near, far] = await partition(wanted, folder, remoteFrom, world);
  await fetchFiles(near, { hub, commit, folder }, world, pace);
  await writeTree(folder, commit, listed, world);
  const files = [...near.map(blobOf), ...far.map((file) => ({ ...blobOf(file), remote: file.hash }))];
  return located(model, commit, await world.files.realPath(folder), files, true, "hub");
}
function blobOf({ path, size, hash }) {
  return { source: join2("blobs", hash), path, size };
}
async function partition(files, folder, remoteFrom, world) {
  const near = [];
  const far = [];
  for (const file of files) {
    const mayStay = file.size >= remoteFrom && file.hash.length === SHA256_DIGITS;
    const stays = mayStay && await world.files.info(join2(folder, blobOf(file).source)) === void 0;
    (stays ? far : near).push(file);
  }
  return [near, far];
}
function located(model, commit, directory, files, listed, origin) {
  const sorted = files.toSorted((one, other) => one.path < other.path ? -1 : 1);
  return { kind: "snapshot", model, directory, files: sorted, commit, listed, origin };
}
export {
  locateSnapshot
};
