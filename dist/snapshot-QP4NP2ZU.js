const require = process.getBuiltinModule;
import {
  cacheOf,
  checkFiles,
  fetchFiles,
  findFolders,
  isCommit,
  isSound,
  listCommit,
  makeFolder,
  readRef,
  readSnapshot,
  resolveRevision
} from "./chunk-3I32GX2C.js";
import {
  HUB_RETRY_POLICY,
  isOffline,
  isPassing,
  openHub
} from "./chunk-T626NG6F.js";
import "./chunk-CDAP7TIF.js";
import "./chunk-4VYR3FMV.js";
import {
  Failure,
  cancelled,
  encloseNamed,
  folderName,
  isJsonObject
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/bento/hub/snapshot.ts
import { join as join2 } from "node:path/posix";

// src/bento/hub/patterns.ts
import { setImmediate as nextTurn } from "node:timers/promises";

// src/text/glob.ts
function compileGlob(pattern) {
  const pieces = parse([...pattern]);
  return { matches: (text) => matches(pieces, [...text]) };
}
function parse(pattern) {
  const pieces = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? "";
    const end = character === "[" ? classEnd(pattern, at) : void 0;
    if (end !== void 0) {
      pieces.push(characterClass(pattern.slice(at + 1, end)));
      at = end;
    } else if (character === "*") {
      if (pieces.at(-1) !== "star") pieces.push("star");
    } else {
      pieces.push(character === "?" ? "any" : (other) => other === character);
    }
    at += 1;
  }
  return pieces;
}
function classEnd(pattern, start) {
  const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
  const end = pattern.indexOf("]", first + 1);
  return end === -1 ? void 0 : end;
}
function characterClass(content) {
  const negated = content[0] === "!";
  const members = negated ? content.slice(1) : content;
  const ranges = [];
  for (let at = 0; at < members.length; ) {
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    ranges.push([codeOf(members[at]), codeOf(members[isRange ? at + 2 : at])]);
    at += isRange ? 3 : 1;
  }
  return (character) => {
    const code = codeOf(character);
    return ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  };
}
function codeOf(character) {
  return character?.codePointAt(0) ?? 0;
}
function matches(pieces, text) {
  let piece = 0;
  let at = 0;
  let star;
  while (at < text.length) {
    const wanted = pieces[piece];
    if (wanted === "star") {
      star = { piece, at };
      piece += 1;
    } else if (wanted === "any" || wanted?.(text[at] ?? "") === true) {
      piece += 1;
      at += 1;
    } else if (star !== void 0) {
      star.at += 1;
      at = star.at;
      piece = star.piece + 1;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every((rest) => rest === "star");
}

// src/bento/hub/patterns.ts
var STEPS_AT_ONCE = 4e6;
async function selectPaths(files, { include, exclude }, signal) {
  const wanted = include.map(compile);
  const unwanted = exclude.map(compile);
  const patternLength = [...include, ...exclude].reduce((sum, { length }) => sum + length, 1);
  const selected = [];
  let steps = 0;
  for (const file of files) {
    steps += file.path.length * patternLength;
    if (steps > STEPS_AT_ONCE) {
      steps = 0;
      await nextTurn();
      if (signal.aborted) throw cancelled(signal, "The files of a model were not chosen");
    }
    const isWanted = wanted.length === 0 || wanted.some((glob) => glob.matches(file.path));
    if (isWanted && !unwanted.some((glob) => glob.matches(file.path))) selected.push(file);
  }
  return selected;
}
function compile(pattern) {
  return compileGlob(pattern.endsWith("/") ? `${pattern}*` : pattern);
}

// src/bento/hub/tree.ts
import { join } from "node:path/posix";
var VERSION = 1;
var MAX_SIZE = 256 << 20;
async function readTree(folder, commit, { files }) {
  const path = join(folder, "trees", `${commit}.json`);
  const info = await files.info(path);
  if (info?.kind !== "file" || info.size > MAX_SIZE) return void 0;
  try {
    const tree = JSON.parse(await files.readText(path));
    if (!isJsonObject(tree) || tree["format_version"] !== VERSION || !isJsonObject(tree["files"])) return void 0;
    return checkFiles(Object.entries(tree["files"]).map(([name, file]) => readEntry(name, file)));
  } catch {
    return void 0;
  }
}
function readEntry(path, { size, blob_id, lfs_sha256, lfs_size }) {
  return { path, size: lfs_size ?? size, hash: lfs_sha256 ?? blob_id, blobId: blob_id };
}
async function writeTree(folder, commit, listed, { files }) {
  const entries = listed.map(({ path: path2, size, hash, blobId }) => {
    const large = hash.length === 64 ? { lfs_sha256: hash, lfs_size: size } : {};
    return [path2, { size, blob_id: blobId, ...large }];
  });
  const tree = { format_version: VERSION, files: Object.fromEntries(entries) };
  await files.makeDirectory(join(folder, "trees"), 493);
  const path = join(folder, "trees", `${commit}.json`);
  await files.write(`${path}.tmp`, `${JSON.stringify(tree, void 0, 1)}
`, 420);
  await files.rename(`${path}.tmp`, path);
}

// src/bento/hub/snapshot.ts
var SHA256_DIGITS = 64;
var ANY_WAIT = { ...HUB_RETRY_POLICY, maxWait: Number.POSITIVE_INFINITY };
async function locateSnapshot(model, machine, { pace = HUB_RETRY_POLICY, dryRun = false, remoteFrom = Number.POSITIVE_INFINITY } = {}) {
  const hub = await openHub(model, machine);
  if (!dryRun) return locate(model, hub, { pace, dryRun, remoteFrom }, machine);
  try {
    return await locate(model, hub, { pace: { ...pace, retries: 0 }, dryRun, remoteFrom }, machine);
  } catch (error) {
    if (machine.signal.aborted || !(isOffline(machine.env) || isPassing(error, ANY_WAIT))) throw error;
    return plannedUnknown(model, hub, error, machine);
  }
}
async function locate(model, hub, { pace, dryRun, remoteFrom }, machine) {
  const folders = await findFolders(cacheOf(hub.endpoint, machine), model.repository, machine);
  const commit = await findCommit(model, hub, folders, machine, pace);
  const snapshots = await Promise.all(folders.map((folder) => readSnapshot(folder, commit, machine)));
  const cached = snapshots.filter((snapshot) => snapshot !== void 0);
  const listings = await Promise.all(folders.map((folder) => readTree(folder, commit, machine)));
  const listing = listings.find((one) => one !== void 0);
  const search = { model, commit, hub, cached, machine, pace, dryRun, remoteFrom, listing };
  return await findComplete(search) ?? await findWithHub(search);
}
function plannedUnknown(model, { endpoint }, cause, machine) {
  const { repository, revision } = model;
  machine.actions.warning(
    `This dry run does not know the files of ${repository}@${revision}, and shows the image without them: ${reasonOf(cause)}`
  );
  return located(model, revision, join2(cacheOf(endpoint, machine), folderName(repository)), [], false, "hub", machine);
}
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}
async function findCommit({ repository, revision }, hub, folders, machine, pace) {
  if (isCommit(revision)) return revision;
  try {
    return await resolveRevision(hub, revision, machine, pace);
  } catch (error) {
    const known = (await Promise.all(folders.map((folder) => readRef(folder, revision, machine)))).find(Boolean);
    if (known === void 0 || machine.signal.aborted) throw error;
    machine.actions.warning(
      `${repository}: the Hub cannot be asked for "${revision}"; ${known} of the cache is taken.`
    );
    return known;
  }
}
async function findComplete(search) {
  const { cached, commit, model, machine } = search;
  for (const snapshot of cached) {
    const tree = await readTree(snapshot.folder, commit, machine);
    if (tree === void 0) continue;
    const files = await pickAll(await selectPaths(tree, model, machine.signal), snapshot, search);
    if (files !== void 0) return located(model, commit, snapshot.folder, files, true, "cache", machine);
  }
  return void 0;
}
async function findWithHub(search) {
  const { model, commit, hub, cached, machine, pace, listing } = search;
  let listed;
  try {
    listed = listing ?? await listCommit(hub, commit, machine, pace);
  } catch (error) {
    const accepted = machine.signal.aborted ? void 0 : await acceptUnlisted(search, error);
    if (accepted === void 0) throw error;
    return accepted;
  }
  const wanted = await selectPaths(listed, model, machine.signal);
  if (wanted.length === 0) {
    throw new Failure("bento", `\`include\` and \`exclude\` leave no file of ${model.repository}@${commit}`, {
      code: "ModelMissing"
    });
  }
  for (const snapshot of cached) {
    const files = await pickAll(wanted, snapshot, search);
    if (files === void 0) continue;
    const isListed = await readTree(snapshot.folder, commit, machine) !== void 0;
    return located(model, commit, snapshot.folder, files, isListed, "cache", machine);
  }
  return bring(search, listed, wanted);
}
async function pickAll(wanted, { files, folder }, { machine, dryRun }) {
  const found = [];
  for (const listed of wanted) {
    const file = files.get(listed.path);
    if (file?.size !== listed.size) return void 0;
    if (!dryRun && !await isSound(join2(folder, file.source), listed, machine)) return void 0;
    found.push(file);
  }
  return found.length === 0 ? void 0 : found;
}
async function acceptUnlisted({ model, commit, cached, machine }, cause) {
  for (const snapshot of cached) {
    const files = await selectPaths([...snapshot.files.values()], model, machine.signal);
    const listed = await readTree(snapshot.folder, commit, machine) !== void 0;
    if (listed || snapshot.broken || files.length === 0) continue;
    machine.actions.warning(
      `${model.repository}: the Hub cannot be asked whether the cache is complete (${reasonOf(cause)}); its ${files.length} files are taken.`
    );
    return located(model, commit, snapshot.folder, files, false, "cache", machine);
  }
  return void 0;
}
async function bring(search, listed, wanted) {
  const { model, commit, hub, cached, machine, pace, dryRun, remoteFrom } = search;
  const [given] = cached.map(({ folder: folder2 }) => folder2);
  if (dryRun) {
    const folder2 = given ?? join2(cacheOf(hub.endpoint, machine), folderName(model.repository));
    return located(model, commit, folder2, wanted.map(blobOf), false, "hub", machine);
  }
  const folder = await makeFolder(hub, given, machine);
  const [near, far] = await partition(wanted, folder, remoteFrom, machine);
  await fetchFiles(near, { hub, commit, folder }, machine, pace);
  await writeTree(folder, commit, listed, machine);
  const files = [...near.map(blobOf), ...far.map((file) => ({ ...blobOf(file), remote: file.hash }))];
  return located(model, commit, folder, files, true, "hub", machine);
}
function blobOf({ path, size, hash }) {
  return { source: join2("blobs", hash), path, size };
}
async function partition(files, folder, remoteFrom, machine) {
  const near = [];
  const far = [];
  for (const file of files) {
    const mayStay = file.size >= remoteFrom && file.hash.length === SHA256_DIGITS;
    const stays = mayStay && await machine.files.info(join2(folder, blobOf(file).source)) === void 0;
    (stays ? far : near).push(file);
  }
  return [near, far];
}
async function located(model, commit, folder, files, listed, origin, machine) {
  const directory = await encloseNamed(folder, machine);
  const sorted = files.toSorted((one, other) => one.path < other.path ? -1 : 1);
  return { kind: "snapshot", model, directory, files: sorted, commit, listed, origin };
}
export {
  locateSnapshot
};
