import { join } from "node:path/posix";
import { Failure } from "../../errors.ts";
import type { HubModel, LocatedSnapshot, SnapshotFile } from "../bento.ts";
import { encloseNamed } from "../named-directory.ts";
import { type CachedSnapshot, cacheOf, findFolders, readRef, readSnapshot } from "./cache.ts";
import { type Hub, isOffline, openHub } from "./client.ts";
import { fetchFiles, makeFolder, type SnapshotMachine } from "./fetch.ts";
import { folderName } from "./folder-name.ts";
import type { HubFile } from "./hub-file.ts";
import { isCommit, listCommit, resolveRevision } from "./listing.ts";
import { selectPaths } from "./patterns.ts";
import { HUB_RETRY_POLICY, type HubRetryPolicy, isPassing } from "./retry.ts";
import { isSound } from "./sound.ts";
import { readTree, writeTree } from "./tree.ts";

const SHA256_DIGITS = 64;
/** A dry run does not wait. It treats every rate limit as temporary, regardless of its wait. */
const ANY_WAIT: HubRetryPolicy = { ...HUB_RETRY_POLICY, maxWait: Number.POSITIVE_INFINITY };

/** The common parameters of the functions below for one model. */
interface Search {
  readonly model: HubModel;
  readonly commit: string;
  readonly hub: Hub;
  readonly cached: readonly CachedSnapshot[];
  readonly machine: SnapshotMachine;
  readonly retryPolicy: HubRetryPolicy;
  readonly dryRun: boolean;
  readonly remoteFrom: number;
  /** The listing of the commit on disk, if there is one. */
  readonly listing: readonly HubFile[] | undefined;
}

export interface SnapshotOptions {
  readonly retryPolicy?: HubRetryPolicy;
  /**
   * Determines the paths of the files without downloading or writing anything. If the hub does not answer, the snapshot
   * has no files, and a warning is logged.
   */
  readonly dryRun?: boolean;
  /**
   * Files of at least this size, in bytes, are not downloaded if they are not on disk and the Hub lists their SHA-256, see
   * {@link SnapshotFile.remote}. Default: all files are downloaded.
   */
  readonly remoteFrom?: number;
}

/**
 * Locates a snapshot of a Hugging Face repository. It is taken from the cache on disk if that has every file that `include`
 * and `exclude` select; otherwise the missing files are downloaded into the cache, see `cacheOf`, except big ones, which
 * may stay at the Hub until `fetchSnapshot`. The files of a commit are listed in `trees/<commit>.json` or by the Hub; cached
 * files are verified by `isSound`. If there is no listing, the cached files are used with a warning. HF_HUB_OFFLINE is
 * respected.
 * @throws {Failure} auth, rate-limit, network; bento/ModelMissing, UnsafePath, UnsafeAddress; input/HubInvalid; disk;
 * cancelled.
 */
export async function locateSnapshot(
  model: HubModel,
  machine: SnapshotMachine,
  { retryPolicy = HUB_RETRY_POLICY, dryRun = false, remoteFrom = Number.POSITIVE_INFINITY }: SnapshotOptions = {},
): Promise<LocatedSnapshot> {
  const hub = await openHub(model, machine);
  if (!dryRun) return locate(model, hub, { retryPolicy, dryRun, remoteFrom }, machine);
  try {
    return await locate(model, hub, { retryPolicy: { ...retryPolicy, retries: 0 }, dryRun, remoteFrom }, machine);
  } catch (error) {
    if (machine.signal.aborted || !(isOffline(machine.env) || isPassing(error, ANY_WAIT))) throw error;
    return unknownSnapshot(model, hub, error, machine);
  }
}

async function locate(
  model: HubModel,
  hub: Hub,
  { retryPolicy, dryRun, remoteFrom }: Required<SnapshotOptions>,
  machine: SnapshotMachine,
): Promise<LocatedSnapshot> {
  const folders = await findFolders(cacheOf(hub.endpoint, machine), model.repository, machine);
  const commit = await findCommit(model, hub, folders, machine, retryPolicy);
  const snapshots = await Promise.all(folders.map((folder) => readSnapshot(folder, commit, machine)));
  const cached = snapshots.filter((snapshot) => snapshot !== undefined);
  const listings = await Promise.all(folders.map((folder) => readTree(folder, commit, machine)));
  const listing = listings.find((one) => one !== undefined);
  const search = { model, commit, hub, cached, machine, retryPolicy, dryRun, remoteFrom, listing };
  return (await findComplete(search)) ?? (await findWithHub(search));
}

/** The result of a dry run for a model whose files neither the cache nor the hub lists. */
function unknownSnapshot(
  model: HubModel,
  { endpoint }: Hub,
  cause: unknown,
  machine: SnapshotMachine,
): Promise<LocatedSnapshot> {
  const { repository, revision } = model;
  machine.actions.warning(
    `This dry run does not know the files of ${repository}@${revision}, and shows the image without them: ${reasonOf(cause)}`,
  );
  return located(model, revision, join(cacheOf(endpoint, machine), folderName(repository)), [], false, "hub", machine);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function findCommit(
  { repository, revision }: HubModel,
  hub: Hub,
  folders: readonly string[],
  machine: SnapshotMachine,
  retryPolicy: HubRetryPolicy,
): Promise<string> {
  if (isCommit(revision)) return revision;
  try {
    return await resolveRevision(hub, revision, machine, retryPolicy);
  } catch (error) {
    const cached = (await Promise.all(folders.map((folder) => readRef(folder, revision, machine)))).find(Boolean);
    if (cached === undefined || machine.signal.aborted) throw error;
    machine.actions.warning(`${repository}: the Hub did not resolve "${revision}"; using the cached commit ${cached}.`);
    return cached;
  }
}

/** Finds a cache folder that is complete according to its own listing. Sends no requests. */
async function findComplete(search: Search): Promise<LocatedSnapshot | undefined> {
  const { cached, commit, model, machine } = search;
  for (const snapshot of cached) {
    const tree = await readTree(snapshot.folder, commit, machine);
    if (tree === undefined) continue;
    const files = await pickAll(await selectPaths(tree, model, machine.signal), snapshot, search);
    if (files !== undefined) return located(model, commit, snapshot.folder, files, true, "cache", machine);
  }
  return undefined;
}

async function findWithHub(search: Search): Promise<LocatedSnapshot> {
  const { model, commit, hub, cached, machine, retryPolicy, listing } = search;
  let listed: readonly HubFile[];
  try {
    listed = listing ?? (await listCommit(hub, commit, machine, retryPolicy));
  } catch (error) {
    const accepted = machine.signal.aborted ? undefined : await acceptUnlisted(search, error);
    if (accepted === undefined) throw error;
    return accepted;
  }
  const selected = await selectPaths(listed, model, machine.signal);
  if (selected.length === 0) {
    throw new Failure("bento", `\`include\` and \`exclude\` select no file of ${model.repository}@${commit}`, {
      code: "ModelMissing",
    });
  }
  for (const snapshot of cached) {
    const files = await pickAll(selected, snapshot, search);
    if (files === undefined) continue;
    const isListed = (await readTree(snapshot.folder, commit, machine)) !== undefined;
    return located(model, commit, snapshot.folder, files, isListed, "cache", machine);
  }
  return download(search, listed, selected);
}

/** The selected files in the cache, if all of them exist and are valid. A dry run only compares sizes. */
async function pickAll(
  selected: readonly HubFile[],
  { files, folder }: CachedSnapshot,
  { machine, dryRun }: Search,
): Promise<readonly SnapshotFile[] | undefined> {
  const found: SnapshotFile[] = [];
  for (const listed of selected) {
    const file = files.get(listed.path);
    if (file?.size !== listed.size) return undefined;
    if (!dryRun && !(await isSound(join(folder, file.source), listed, machine))) return undefined;
    found.push(file);
  }
  return found.length === 0 ? undefined : found;
}

/** Accepts the cached files when there is no listing of the commit. If a listing on disk exists, it has shown that files are missing. */
async function acceptUnlisted(
  { model, commit, cached, machine }: Search,
  cause: unknown,
): Promise<LocatedSnapshot | undefined> {
  for (const snapshot of cached) {
    const files = await selectPaths([...snapshot.files.values()], model, machine.signal);
    const listed = (await readTree(snapshot.folder, commit, machine)) !== undefined;
    if (listed || snapshot.broken || files.length === 0) continue;
    machine.actions.warning(
      `${model.repository}: cannot check with the Hub whether the cache is complete (${reasonOf(cause)}); using its ${files.length} files.`,
    );
    return located(model, commit, snapshot.folder, files, false, "cache", machine);
  }
  return undefined;
}

async function download(
  search: Search,
  listed: readonly HubFile[],
  selected: readonly HubFile[],
): Promise<LocatedSnapshot> {
  const { model, commit, hub, cached, machine, retryPolicy, dryRun, remoteFrom } = search;
  const [given] = cached.map(({ folder }) => folder);
  if (dryRun) {
    const folder = given ?? join(cacheOf(hub.endpoint, machine), folderName(model.repository));
    return located(model, commit, folder, selected.map(blobOf), false, "hub", machine);
  }
  const folder = await makeFolder(hub, given, machine);
  const [local, remote] = await partition(selected, folder, remoteFrom, machine);
  await fetchFiles(local, { hub, commit, folder }, machine, retryPolicy);
  await writeTree(folder, commit, listed, machine);
  const files = [...local.map(blobOf), ...remote.map((file) => ({ ...blobOf(file), remote: file.hash }))];
  return located(model, commit, folder, files, true, "hub", machine);
}

function blobOf({ path, size, hash }: HubFile): SnapshotFile {
  return { source: join("blobs", hash), path, size };
}

/** Divides the files into those that must be on disk and those that may stay at the Hub. */
async function partition(
  files: readonly HubFile[],
  folder: string,
  remoteFrom: number,
  machine: SnapshotMachine,
): Promise<readonly [readonly HubFile[], readonly HubFile[]]> {
  const local: HubFile[] = [];
  const remote: HubFile[] = [];
  for (const file of files) {
    const mayStay = file.size >= remoteFrom && file.hash.length === SHA256_DIGITS;
    const stays = mayStay && (await machine.files.info(join(folder, blobOf(file).source))) === undefined;
    (stays ? remote : local).push(file);
  }
  return [local, remote];
}

async function located(
  model: HubModel,
  commit: string,
  folder: string,
  files: readonly SnapshotFile[],
  listed: boolean,
  origin: LocatedSnapshot["origin"],
  machine: SnapshotMachine,
): Promise<LocatedSnapshot> {
  const directory = await encloseNamed(folder, machine);
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return { kind: "snapshot", model, directory, files: sorted, commit, listed, origin };
}
