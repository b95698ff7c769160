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

/** Directory in the standard cache for the caches of hubs that only a Bento names. huggingface_hub ignores it, because it is not the name of a repository. */
const OTHER_HUBS = ".endpoints";

/**
 * The cache directory for a hub, absolute. Any hub can claim any content for a commit, so caches are not shared between
 * hubs: the standard cache, which huggingface_hub and `actions/cache` use, is for the workflow's own hub. Every other hub
 * has a separate cache, which is used only for the same address.
 * @throws {Failure} input/HomeUnknown.
 */
export function cacheOf(endpoint: HubEndpoint, machine: Pick<Machine, "env" | "workspace">): string {
  const standard = standardCache(machine);
  return endpoint.namedBy === "workflow" ? standard : join(standard, OTHER_HUBS, directoryName(endpoint));
}

/** The host, for readability, and a hash of the whole address, for uniqueness. */
export function directoryName({ address }: HubEndpoint): string {
  const { hostname } = new URL(address);
  const hash = createHash("sha256").update(address).digest("hex");
  return `${hostname.replace(/[^a-z0-9.-]/g, "")}-${hash.slice(0, 32)}`;
}

/**
 * The directory of huggingface_hub's cache, absolute: BENTOML_HF_CACHE_DIR, HF_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME/huggingface/hub,
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
 * The folders of a repository in the cache, absolute. BentoML uses lower case for the id and other tools keep its case, so
 * there may be several. The one in lower case is the first.
 */
export async function findFolders(
  cache: string,
  repository: string,
  { files }: CacheMachine,
): Promise<readonly string[]> {
  if ((await files.info(cache)) === undefined) return [];
  const folder = folderName(repository).toLowerCase();
  const names = (await files.list(cache)).map(({ name }) => name).filter((name) => name.toLowerCase() === folder);
  return names.toSorted((one) => (one === folder ? -1 : 1)).map((name) => join(cache, name));
}

/** The files of one commit in a cache folder. */
export interface CachedSnapshot {
  /** Absolute, without links. */
  readonly folder: string;
  /** By path in the repository. Only files whose bytes exist inside the folder. */
  readonly files: ReadonlyMap<string, SnapshotFile>;
  /** Whether a link is broken or leads outside the folder. */
  readonly broken: boolean;
}

/** Reads `snapshots/<commit>`; undefined when it does not exist. */
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
    const location = join(directory, entry.name);
    if (entry.kind === "directory") {
      broken = (await collect(location, `${path}/`, folder, found, machine)) || broken;
      continue;
    }
    const file = await locate(location, path, folder, entry, machine);
    if (file === undefined) broken = true;
    else found.set(path, file);
  }
  return broken;
}

async function locate(
  location: string,
  path: string,
  folder: string,
  { kind }: DirectoryEntry,
  { files }: CacheMachine,
): Promise<SnapshotFile | undefined> {
  const real = kind === "symlink" ? await files.realPath(location).catch(() => undefined) : location;
  if (real === undefined || !real.startsWith(`${folder}/`)) return undefined;
  const info = await files.info(real);
  return info?.kind === "file" ? { source: relative(folder, real), path, size: info.size } : undefined;
}

/** The commit in `refs/<revision>`, from the last download. */
export async function readRef(folder: string, revision: string, { files }: CacheMachine): Promise<string | undefined> {
  const path = join(folder, "refs", revision);
  const commit = (await files.info(path))?.kind === "file" ? (await files.readText(path)).trim() : "";
  return isCommit(commit) ? commit : undefined;
}
