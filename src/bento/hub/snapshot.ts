import { join } from "node:path/posix";
import { Failure } from "../../errors.ts";
import type { World } from "../../world/world.ts";
import type { HubModel, LocatedModel, SnapshotFile } from "../bento.ts";
import { type CachedSnapshot, findFolders, folderName, hubCache, readRef, readSnapshot } from "./cache.ts";
import { type Hub, openHub } from "./client.ts";
import { downloadFiles } from "./download.ts";
import { type HubFile, isCommit, listCommit, readTree, resolveRevision, writeTree } from "./listing.ts";
import { selectPaths } from "./patterns.ts";
import { PACE, type Pace } from "./retry.ts";

type SnapshotWorld = Pick<World, "env" | "workspace" | "files" | "http" | "actions" | "signal" | "now">;
type LocatedSnapshot = Extract<LocatedModel, { readonly kind: "snapshot" }>;

/** Everything the steps below share about one model. */
interface Search {
  readonly model: HubModel;
  readonly commit: string;
  readonly hub: Hub;
  readonly cached: readonly CachedSnapshot[];
  readonly world: SnapshotWorld;
  readonly pace: Pace;
  readonly dryRun: boolean;
}

export interface SnapshotOptions {
  readonly pace?: Pace;
  /** Says where the files would come to lie, downloads nothing and writes nothing. */
  readonly dryRun?: boolean;
}

/**
 * Finds a snapshot of a Hugging Face repository: in the cache on disk when it holds every file that `include` and
 * `exclude` select, else from the Hub, into that same cache, where the next run, huggingface_hub and a step of
 * `actions/cache` find it. Which files a commit has is known from `trees/<commit>.json`, else from the Hub. When neither
 * can be had, what the cache holds is taken, with a warning. HF_HUB_OFFLINE is respected.
 * @throws {Failure} auth, rate-limit, network; bento/ModelMissing, UnsafePath; disk; cancelled.
 */
export async function locateSnapshot(
  model: HubModel,
  world: SnapshotWorld,
  { pace = PACE, dryRun = false }: SnapshotOptions = {},
): Promise<LocatedSnapshot> {
  const hub = offline(await openHub(model, world), world);
  const folders = await findFolders(hubCache(world), model.repository, world);
  const commit = await findCommit(model, hub, folders, world, pace);
  const snapshots = await Promise.all(folders.map((folder) => readSnapshot(folder, commit, world)));
  const cached = snapshots.filter((snapshot) => snapshot !== undefined);
  const search = { model, commit, hub, cached, world, pace, dryRun };
  return (await findComplete(search)) ?? (await findWithHub(search));
}

/** A Hub that answers nothing when the user wants none asked. */
function offline(hub: Hub, { env }: SnapshotWorld): Hub {
  if (!/^(?:1|on|yes|true)$/i.test(env["HF_HUB_OFFLINE"] ?? "")) return hub;
  const refuse = () =>
    Promise.reject(
      new Failure("bento", `HF_HUB_OFFLINE is set, and the cache does not hold all of ${hub.repository}`, {
        code: "ModelMissing",
        hint: "Restore the cache in an earlier step, or unset HF_HUB_OFFLINE.",
      }),
    );
  return { ...hub, get: refuse };
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
  const { model, commit, hub, cached, world, pace } = search;
  let listed: readonly HubFile[];
  try {
    listed = await listCommit(hub, commit, world, pace);
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
  return download(search, listed, wanted);
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

async function download(
  { model, commit, hub, cached, world, pace, dryRun }: Search,
  listed: readonly HubFile[],
  wanted: readonly HubFile[],
): Promise<LocatedSnapshot> {
  const files = wanted.map(({ path, size, hash }) => ({ source: join("blobs", hash), path, size }));
  if (dryRun) {
    const folder = cached[0]?.folder ?? join(hubCache(world), folderName(model.repository));
    return located(model, commit, folder, files, false, "hub");
  }
  const folder = await makeFolder(model, cached[0]?.folder, world);
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  world.actions.info(
    `${model.repository}@${commit}: ${wanted.length} files, ${bytes} bytes, from ${hub.endpoint} to ${folder}`,
  );
  await downloadFiles(wanted, { hub, commit, folder }, world, pace);
  await writeTree(folder, commit, listed, world);
  return located(model, commit, await world.files.realPath(folder), files, true, "hub");
}

/** The repository's folder in the cache, of several the one given; below the scratch directory when it cannot be written to. */
async function makeFolder(model: HubModel, given: string | undefined, world: SnapshotWorld): Promise<string> {
  const cache = hubCache(world);
  const [known] = await findFolders(cache, model.repository, world);
  const wanted = given ?? known ?? join(cache, folderName(model.repository));
  try {
    await world.files.makeDirectory(join(wanted, "blobs"), 0o755);
    return wanted;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    world.actions.warning(`The Hugging Face cache cannot be written to, so the download is not kept: ${reason}`);
    const folder = join(await world.files.scratch(), "hf-models", folderName(model.repository));
    await world.files.makeDirectory(join(folder, "blobs"), 0o755);
    return folder;
  }
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
