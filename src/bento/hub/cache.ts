/** The cache of huggingface_hub: https://huggingface.co/docs/huggingface_hub/guides/manage-cache */

import { createHash } from "node:crypto";
import { join, relative, resolve } from "node:path/posix";
import type { DirectoryEntry } from "../../machine/file-info.ts";
import type { Machine } from "../../machine/machine.ts";
import type { SnapshotFile } from "../bento.ts";
import { expandPath } from "../home.ts";
import type { HubEndpoint } from "./endpoint.ts";
import { folderName } from "./folder-name.ts";
import { isCommit } from "./listing.ts";

type CacheMachine = Pick<Machine, "env" | "workspace" | "files">;

/** Below the standard cache: caches of hubs that only a Bento names. huggingface_hub passes over names that are no repository's. */
const OTHERS = ".endpoints";

/**
 * The cache of what a hub gave, absolute. A commit is only as good as the hub that says what is in it: the standard cache
 * holds what came from the workflow's own hub, as huggingface_hub and `actions/cache` keep it; each other hub has a cache
 * of its own, which nobody but who names the same address looks into.
 * @throws {Failure} input/HomeUnknown.
 */
export function cacheOf(endpoint: HubEndpoint, machine: Pick<Machine, "env" | "workspace">): string {
  const standard = standardCache(machine);
  return endpoint.namedBy === "workflow" ? standard : join(standard, OTHERS, directoryName(endpoint));
}

/** For eyes the host, and for certainty the hash of the whole address. */
export function directoryName({ address }: HubEndpoint): string {
  const { hostname } = new URL(address);
  const hash = createHash("sha256").update(address).digest("hex");
  return `${hostname.replace(/[^a-z0-9.-]/g, "")}-${hash.slice(0, 32)}`;
}

/**
 * Where huggingface_hub's cache is, absolute: BENTOML_HF_CACHE_DIR, HF_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME/huggingface/hub,
 * ~/.cache/huggingface/hub
 * (https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables).
 * @throws {Failure} input/HomeUnknown.
 */
function standardCache({ env, workspace }: Pick<Machine, "env" | "workspace">): string {
  const given = env["BENTOML_HF_CACHE_DIR"] || env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
  const home = env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || "~/.cache", "huggingface");
  return resolve(workspace, expandPath(given || join(home, "hub"), env));
}

/**
 * The folders of a repository in the cache, absolute. BentoML lowers the id, other tools keep its case, so there may be
 * two; the lower one comes first.
 */
export async function findFolders(
  cache: string,
  repository: string,
  { files }: CacheMachine,
): Promise<readonly string[]> {
  if ((await files.info(cache)) === undefined) return [];
  const wanted = folderName(repository).toLowerCase();
  const names = (await files.list(cache)).map(({ name }) => name).filter((name) => name.toLowerCase() === wanted);
  return names.toSorted((one) => (one === wanted ? -1 : 1)).map((name) => join(cache, name));
}

/** What a cache folder holds of one commit. */
export interface CachedSnapshot {
  /** Absolute, without links. */
  readonly folder: string;
  /** By path in the repository; only files whose bytes are there, inside the folder. */
  readonly files: ReadonlyMap<string, SnapshotFile>;
  /** Some link leads nowhere, or out of the folder. */
  readonly broken: boolean;
}

/** Reads `snapshots/<commit>`; undefined when the folder has none. */
export async function readSnapshot(
  folder: string,
  commit: string,
  machine: CacheMachine,
): Promise<CachedSnapshot | undefined> {
  if ((await machine.files.info(join(folder, "snapshots", commit))) === undefined) return undefined;
  const real = await machine.files.realPath(folder);
  const found = new Map<string, SnapshotFile>();
  const broken = await collect(join(real, "snapshots", commit), "", real, found, machine);
  return { folder: real, files: found, broken };
}

async function collect(
  directory: string,
  prefix: string,
  folder: string,
  found: Map<string, SnapshotFile>,
  machine: CacheMachine,
): Promise<boolean> {
  let broken = false;
  for (const entry of await machine.files.list(directory)) {
    const path = `${prefix}${entry.name}`;
    const place = join(directory, entry.name);
    if (entry.kind === "directory") {
      broken = (await collect(place, `${path}/`, folder, found, machine)) || broken;
      continue;
    }
    const file = await locate(place, path, folder, entry, machine);
    if (file === undefined) broken = true;
    else found.set(path, file);
  }
  return broken;
}

async function locate(
  place: string,
  path: string,
  folder: string,
  { kind }: DirectoryEntry,
  { files }: CacheMachine,
): Promise<SnapshotFile | undefined> {
  const real = kind === "symlink" ? await files.realPath(place).catch(() => undefined) : place;
  if (real === undefined || !real.startsWith(`${folder}/`)) return undefined;
  const info = await files.info(real);
  return info?.kind === "file" ? { source: relative(folder, real), path, size: info.size } : undefined;
}

/** The commit that `refs/<revision>` had when it was last downloaded. */
export async function readRef(folder: string, revision: string, { files }: CacheMachine): Promise<string | undefined> {
  const path = join(folder, "refs", revision);
  const commit = (await files.info(path))?.kind === "file" ? (await files.readText(path)).trim() : "";
  return isCommit(commit) ? commit : undefined;
}
