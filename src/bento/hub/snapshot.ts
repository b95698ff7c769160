import { join } from "node:path/posix";
import { Failure } from "../../errors.ts";
import type { HubModel, LocatedSnapshot, SnapshotFile } from "../bento.ts";
import { type CachedSnapshot, findFolders, folderName, hubCache, readRef, readSnapshot } from "./cache.ts";
import { type Hub, openHub } from "./client.ts";
import { fetchFiles, makeFolder, type SnapshotWorld } from "./fetch.ts";
import { type HubFile, isCommit, listCommit, readTree, resolveRevision, writeTree } from "./listing.ts";
import { selectPaths } from "./patterns.ts";
import { PACE, type Pace } from "./retry.ts";

const SHA256_DIGITS = 64;

/** Everything the steps below share about one model. */
interface Search {
  readonly model: HubModel;
  readonly commit: string;
  readonly hub: Hub;
  readonly cached: readonly CachedSnapshot[];
  readonly world: SnapshotWorld;
  readonly pace: Pace;
  readonly dryRun: boolean;
  readonly remoteFrom: number;
  /** What a listing on disk says of the commit. */
  readonly listing: readonly HubFile[] | undefined;
}

export interface SnapshotOptions {
  readonly pace?: Pace;
  /** Says where the files would come to lie, downloads nothing and writes nothing. */
  readonly dryRun?: boolean;
  /**
   * Files of at least so many bytes whose SHA-256 the Hub tells stay there when they are not on disk, see
   * {@link SnapshotFile.remote}; without it none do.
   */
  readonly remoteFrom?: number;
}

/**
 * Finds a snapshot of a Hugging Face repository: in the cache on disk when it holds every file that `include` and
 * `exclude` select, else from the Hub, into that same cache, where the next run, huggingface_hub and a step of
 * `actions/cache` find it; but for big files, which may stay at the Hub until `fetchSnapshot`. Which files a commit has is
 * known from `trees/<commit>.json`, else from the Hub. When neither can be had, what the cache holds is taken, with a
 * warning. HF_HUB_OFFLINE is respected.
 * @throws {Failure} auth, rate-limit, network; bento/ModelMissing, UnsafePath; disk; cancelled.
 */
export async function locateSnapshot(
  model: HubModel,
  world: SnapshotWorld,
  { pace = PACE, dryRun = false, remoteFrom = Number.POSITIVE_INFINITY }: SnapshotOptions = {},
): Promise<LocatedSnapshot> {
  const hub = await openHub(model, world);
  const folders = await findFolders(hubCache(world), model.repository, world);
  const commit = await findCommit(model, hub, folders, world, pace);
  const snapshots = await Promise.all(folders.map((folder) => readSnapshot(folder, commit, world)));
  const cached = snapshots.filter((snapshot) => snapshot !== undefined);
  const listings = await Promise.all(folders.map((folder) => readTree(folder, commit, world)));
  const listing = listings.find((one) => one !== undefined);
  const search = { model, commit, hub, cached, world, pace, dryRun, remoteFrom, listing };
  return (await findComplete(search)) ?? (await findWithHub(search));
}

async function findCommit(
  { repository, revision }: HubModel,
  hub: Hub,
  folders: readonly string[],
  world: SnapshotWorld,
  pace: Pace,
): Promise<string> {
  if (isCommit(revision)) return revision;
  try {
    return await resolveRevision(hub, revision, world, pace);
  } catch (error) {
    const known = (await Promise.all(folders.map((folder) => readRef(folder, revision, world)))).find(Boolean);
    if (known === undefined || world.signal.aborted) throw error;
    world.actions.warning(`${repository}: the Hub cannot be asked for "${revision}"; ${known} of the cache is taken.`);
    return known;
  }
}

/** Without the network: a folder whose own listing says that nothing is missing. */
async function findComplete({ cached, commit, model, world }: Search): Promise<LocatedSnapshot | undefined> {
  for (const snapshot of cached) {
    const tree = await readTree(snapshot.folder, commit, world);
    const files = tree === undefined ? undefined : pickAll(selectPaths(tree, model), snapshot);
    if (files !== undefined) return located(model, commit, snapshot.folder, files, true, "cache");
  }
  return undefined;
}

async function findWithHub(search: Search): Promise<LocatedSnapshot> {
  const { model, commit, hub, cached, world, pace, listing } = search;
  let listed: readonly HubFile[];
  try {
    listed = listing ?? (await listCommit(hub, commit, world, pace));
  } catch (error) {
    const accepted = world.signal.aborted ? undefined : await acceptUnlisted(search, error);
    if (accepted === undefined) throw error;
    return accepted;
  }
  const wanted = selectPaths(listed, model);
  if (wanted.length === 0) {
    throw new Failure("bento", `\`include\` and \`exclude\` leave no file of ${model.repository}@${commit}`, {
      code: "ModelMissing",
    });
  }
  for (const snapshot of cached) {
    const files = pickAll(wanted, snapshot);
    if (files === undefined) continue;
    const isListed = (await readTree(snapshot.folder, commit, world)) !== undefined;
    return located(model, commit, snapshot.folder, files, isListed, "cache");
  }
  return bring(search, listed, wanted);
}

/** The files in the cache, when each of the wanted is there with its size. */
function pickAll(wanted: readonly HubFile[], { files }: CachedSnapshot): readonly SnapshotFile[] | undefined {
  const found = wanted.flatMap(({ path, size }) => {
    const file = files.get(path);
    return file?.size === size ? [file] : [];
  });
  return found.length === wanted.length && found.length > 0 ? found : undefined;
}

/** Only when nothing tells what the commit holds: a listing on disk that names more than is there is not overruled. */
async function acceptUnlisted(
  { model, commit, cached, world }: Search,
  cause: unknown,
): Promise<LocatedSnapshot | undefined> {
  for (const snapshot of cached) {
    const files = selectPaths([...snapshot.files.values()], model);
    const listed = (await readTree(snapshot.folder, commit, world)) !== undefined;
    if (listed || snapshot.broken || files.length === 0) continue;
    const reason = cause instanceof Error ? cause.message : String(cause);
    world.actions.warning(
      `${model.repository}: the Hub cannot be asked whether the cache is complete (${reason}); its ${files.length} files are taken.`,
    );
    return located(model, commit, snapshot.folder, files, false, "cache");
  }
  return undefined;
}

async function bring(search: Search, listed: readonly HubFile[], wanted: readonly HubFile[]): Promise<LocatedSnapshot> {
  const { model, commit, hub, cached, world, pace, dryRun, remoteFrom } = search;
  const [given] = cached.map(({ folder }) => folder);
  if (dryRun) {
    const folder = given ?? join(hubCache(world), folderName(model.repository));
    return located(model, commit, folder, wanted.map(blobOf), false, "hub");
  }
  const folder = await makeFolder(model, given, world);
  const [near, far] = await partition(wanted, folder, remoteFrom, world);
  await fetchFiles(near, { hub, commit, folder }, world, pace);
  await writeTree(folder, commit, listed, world);
  const files = [...near.map(blobOf), ...far.map((file) => ({ ...blobOf(file), remote: file.hash }))];
  return located(model, commit, await world.files.realPath(folder), files, true, "hub");
}

function blobOf({ path, size, hash }: HubFile): SnapshotFile {
  return { source: join("blobs", hash), path, size };
}

/** The files to have on disk, and those that may stay at the Hub. */
async function partition(
  files: readonly HubFile[],
  folder: string,
  remoteFrom: number,
  world: SnapshotWorld,
): Promise<readonly [readonly HubFile[], readonly HubFile[]]> {
  const near: HubFile[] = [];
  const far: HubFile[] = [];
  for (const file of files) {
    const mayStay = file.size >= remoteFrom && file.hash.length === SHA256_DIGITS;
    const stays = mayStay && (await world.files.info(join(folder, blobOf(file).source))) === undefined;
    (stays ? far : near).push(file);
  }
  return [near, far];
}

function located(
  model: HubModel,
  commit: string,
  directory: string,
  files: readonly SnapshotFile[],
  listed: boolean,
  origin: LocatedSnapshot["origin"],
): LocatedSnapshot {
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return { kind: "snapshot", model, directory, files: sorted, commit, listed, origin };
}
