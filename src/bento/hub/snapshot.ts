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
/** A dry run does not wait, and takes no refusal for lasting that would end some day. */
const ANY_WAIT: HubRetryPolicy = { ...HUB_RETRY_POLICY, maxWait: Number.POSITIVE_INFINITY };

/** Everything the steps below share about one model. */
interface Search {
  readonly model: HubModel;
  readonly commit: string;
  readonly hub: Hub;
  readonly cached: readonly CachedSnapshot[];
  readonly machine: SnapshotMachine;
  readonly pace: HubRetryPolicy;
  readonly dryRun: boolean;
  readonly remoteFrom: number;
  /** What a listing on disk says of the commit. */
  readonly listing: readonly HubFile[] | undefined;
}

export interface SnapshotOptions {
  readonly pace?: HubRetryPolicy;
  /**
   * Says where the files would come to lie, downloads nothing and writes nothing. When the hub does not answer, the
   * snapshot has no files, and a warning says that they are not known.
   */
  readonly dryRun?: boolean;
  /**
   * Files of at least so many bytes whose SHA-256 the Hub tells stay there when they are not on disk, see
   * {@link SnapshotFile.remote}; without it none do.
   */
  readonly remoteFrom?: number;
}

/**
 * Finds a snapshot of a Hugging Face repository: in the cache on disk when it holds every file that `include` and
 * `exclude` select, else from the Hub, into that same cache, see `cacheOf`; but for big files, which may stay at the Hub
 * until `fetchSnapshot`. Which files a commit has is known from `trees/<commit>.json`, else from the Hub; those in the
 * cache are checked as `isSound` says. When neither can be had, what the cache holds is taken, with a warning.
 * HF_HUB_OFFLINE is respected.
 * @throws {Failure} auth, rate-limit, network; bento/ModelMissing, UnsafePath, UnsafeAddress; input/HubInvalid; disk;
 * cancelled.
 */
export async function locateSnapshot(
  model: HubModel,
  machine: SnapshotMachine,
  { pace = HUB_RETRY_POLICY, dryRun = false, remoteFrom = Number.POSITIVE_INFINITY }: SnapshotOptions = {},
): Promise<LocatedSnapshot> {
  const hub = await openHub(model, machine);
  if (!dryRun) return locate(model, hub, { pace, dryRun, remoteFrom }, machine);
  try {
    return await locate(model, hub, { pace: { ...pace, retries: 0 }, dryRun, remoteFrom }, machine);
  } catch (error) {
    if (machine.signal.aborted || !(isOffline(machine.env) || isPassing(error, ANY_WAIT))) throw error;
    return plannedUnknown(model, hub, error, machine);
  }
}

async function locate(
  model: HubModel,
  hub: Hub,
  { pace, dryRun, remoteFrom }: Required<SnapshotOptions>,
  machine: SnapshotMachine,
): Promise<LocatedSnapshot> {
  const folders = await findFolders(cacheOf(hub.endpoint, machine), model.repository, machine);
  const commit = await findCommit(model, hub, folders, machine, pace);
  const snapshots = await Promise.all(folders.map((folder) => readSnapshot(folder, commit, machine)));
  const cached = snapshots.filter((snapshot) => snapshot !== undefined);
  const listings = await Promise.all(folders.map((folder) => readTree(folder, commit, machine)));
  const listing = listings.find((one) => one !== undefined);
  const search = { model, commit, hub, cached, machine, pace, dryRun, remoteFrom, listing };
  return (await findComplete(search)) ?? (await findWithHub(search));
}

/** What a dry run shows of a model of which neither cache nor hub tells what is in it. */
function plannedUnknown(
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
  pace: HubRetryPolicy,
): Promise<string> {
  if (isCommit(revision)) return revision;
  try {
    return await resolveRevision(hub, revision, machine, pace);
  } catch (error) {
    const known = (await Promise.all(folders.map((folder) => readRef(folder, revision, machine)))).find(Boolean);
    if (known === undefined || machine.signal.aborted) throw error;
    machine.actions.warning(
      `${repository}: the Hub cannot be asked for "${revision}"; ${known} of the cache is taken.`,
    );
    return known;
  }
}

/** Without the network: a folder whose own listing says that nothing is missing. */
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
  const { model, commit, hub, cached, machine, pace, listing } = search;
  let listed: readonly HubFile[];
  try {
    listed = listing ?? (await listCommit(hub, commit, machine, pace));
  } catch (error) {
    const accepted = machine.signal.aborted ? undefined : await acceptUnlisted(search, error);
    if (accepted === undefined) throw error;
    return accepted;
  }
  const wanted = await selectPaths(listed, model, machine.signal);
  if (wanted.length === 0) {
    throw new Failure("bento", `\`include\` and \`exclude\` leave no file of ${model.repository}@${commit}`, {
      code: "ModelMissing",
    });
  }
  for (const snapshot of cached) {
    const files = await pickAll(wanted, snapshot, search);
    if (files === undefined) continue;
    const isListed = (await readTree(snapshot.folder, commit, machine)) !== undefined;
    return located(model, commit, snapshot.folder, files, isListed, "cache", machine);
  }
  return bring(search, listed, wanted);
}

/** The files in the cache, when each of the wanted is there and sound; a dry run looks at sizes alone. */
async function pickAll(
  wanted: readonly HubFile[],
  { files, folder }: CachedSnapshot,
  { machine, dryRun }: Search,
): Promise<readonly SnapshotFile[] | undefined> {
  const found: SnapshotFile[] = [];
  for (const listed of wanted) {
    const file = files.get(listed.path);
    if (file?.size !== listed.size) return undefined;
    if (!dryRun && !(await isSound(join(folder, file.source), listed, machine))) return undefined;
    found.push(file);
  }
  return found.length === 0 ? undefined : found;
}

/** Only when nothing tells what the commit holds: a listing on disk that names more than is there is not overruled. */
async function acceptUnlisted(
  { model, commit, cached, machine }: Search,
  cause: unknown,
): Promise<LocatedSnapshot | undefined> {
  for (const snapshot of cached) {
    const files = await selectPaths([...snapshot.files.values()], model, machine.signal);
    const listed = (await readTree(snapshot.folder, commit, machine)) !== undefined;
    if (listed || snapshot.broken || files.length === 0) continue;
    machine.actions.warning(
      `${model.repository}: the Hub cannot be asked whether the cache is complete (${reasonOf(cause)}); its ${files.length} files are taken.`,
    );
    return located(model, commit, snapshot.folder, files, false, "cache", machine);
  }
  return undefined;
}

async function bring(search: Search, listed: readonly HubFile[], wanted: readonly HubFile[]): Promise<LocatedSnapshot> {
  const { model, commit, hub, cached, machine, pace, dryRun, remoteFrom } = search;
  const [given] = cached.map(({ folder }) => folder);
  if (dryRun) {
    const folder = given ?? join(cacheOf(hub.endpoint, machine), folderName(model.repository));
    return located(model, commit, folder, wanted.map(blobOf), false, "hub", machine);
  }
  const folder = await makeFolder(hub, given, machine);
  const [near, far] = await partition(wanted, folder, remoteFrom, machine);
  await fetchFiles(near, { hub, commit, folder }, machine, pace);
  await writeTree(folder, commit, listed, machine);
  const files = [...near.map(blobOf), ...far.map((file) => ({ ...blobOf(file), remote: file.hash }))];
  return located(model, commit, folder, files, true, "hub", machine);
}

function blobOf({ path, size, hash }: HubFile): SnapshotFile {
  return { source: join("blobs", hash), path, size };
}

/** The files to have on disk, and those that may stay at the Hub. */
async function partition(
  files: readonly HubFile[],
  folder: string,
  remoteFrom: number,
  machine: SnapshotMachine,
): Promise<readonly [readonly HubFile[], readonly HubFile[]]> {
  const near: HubFile[] = [];
  const far: HubFile[] = [];
  for (const file of files) {
    const mayStay = file.size >= remoteFrom && file.hash.length === SHA256_DIGITS;
    const stays = mayStay && (await machine.files.info(join(folder, blobOf(file).source))) === undefined;
    (stays ? far : near).push(file);
  }
  return [near, far];
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
