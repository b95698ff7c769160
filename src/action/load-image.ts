/** The part of direct assembly that puts the image into an engine's own store. */
import type { FinishedImage } from "../assembly/assembly.ts";
import type { CachedEnvironments, CachedPayload } from "../assembly/look-up.ts";
import { type AssemblyRequest, onlyLoads } from "../assembly/request.ts";
import { layersByKey } from "../assembly/store.ts";
import { STORES } from "../backends/stores.ts";
import type { Environment } from "../cache/cached-environment.ts";
import { keptRepository } from "../cache/names.ts";
import { findKept, keptImage, removeOldest } from "../loading/kept-environment.ts";
import { canFetch, type LocalStore, loadImages, removeLeftNames } from "../loading/local-store.ts";
import type { Digest } from "../oci/digest.ts";
import { printRepository } from "../oci/reference.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { Job } from "./job.ts";

/** An engine's store that the image is loaded into. */
export interface Loading {
  readonly local: LocalStore;
  /**
   * Whether environments are kept there for later runs. Not if the inputs want no cache, or a key that a store does not
   * check; and not if another place needs their bytes, which a store does not give back.
   */
  readonly keeps: boolean;
}

/** The store of the selected engine; undefined if no program of its stores is here. */
export async function openLoading(
  { inputs, machine }: Job,
  { backend, env }: EngineSelection,
  request: AssemblyRequest,
): Promise<Loading | undefined> {
  for (const name of backend.stores) {
    if ((await machine.processes.which(name, env["PATH"])) === undefined) continue;
    const local = { store: STORES[name], env, machine };
    await removeLeftNames(local);
    return { local, keeps: onlyLoads(request) && inputs.environmentCache !== "off" && inputs.cacheKey === undefined };
  }
  return undefined;
}

/** Adds what the store keeps to what was found in a registry, which comes first. */
export async function findInStore(
  { local, keeps }: Loading,
  { bento, inputs, machine }: Job,
  { requests, environments }: CachedEnvironments,
  { cachedLayers }: Pick<CachedPayload, "cachedLayers">,
): Promise<CachedEnvironments & Pick<CachedPayload, "cachedLayers">> {
  if (!keeps || inputs.noCache === true || inputs.noCacheFilters.length > 0)
    return { requests, environments, cachedLayers };
  const { name } = bento.tag;
  const all = await Promise.all(requests.map(({ key, platform }) => findKept(local, name, key, platform)));
  const kept = all.filter((one) => one !== undefined);
  const isKnown = (key: Digest) => environments.some((environment) => environment.key === key);
  const found = kept.map(({ environment }) => environment).filter(({ key }) => !isKnown(key));
  const where = `${placeOf({ local })} (${printRepository(keptRepository(name))})`;
  if (environments.length < requests.length)
    machine.actions.info(`Environment: ${found.length === 0 ? "not " : ""}${where}`);
  return {
    requests,
    environments: [...environments, ...found],
    cachedLayers: new Map([...kept.flatMap(({ models }) => [...models]), ...cachedLayers]),
  };
}

/** In words: `in docker's store`. */
export function placeOf({ local }: Pick<Loading, "local">): string {
  return `in ${local.store.tool}'s store`;
}

/** Why the store cannot fetch what this process offers; undefined if it can. */
export async function obstacleToFetching(
  { local }: Loading,
  { platforms: [platform] }: AssemblyRequest,
): Promise<string | undefined> {
  if (await canFetch(local, platform)) return undefined;
  return `${local.store.tool} fetches nothing from this machine's loopback interface, as an engine on another machine or in another network namespace`;
}

/**
 * Loads the image. What it has that the store did not keep yet, an environment or layers of models, is kept.
 * @returns the bytes that the store fetched.
 * @throws Failure `engine`, code LoadRefused.
 */
export async function loadImage(
  { local, keeps }: Loading,
  { bento, machine }: Job,
  { content, root, environments, layers }: FinishedImage,
  { names, platforms: [platform] }: AssemblyRequest,
  built: readonly Environment[],
): Promise<number> {
  const { name } = bento.tag;
  const image = { content, root: root.descriptor, platform, names };
  const isNew = built.length > 0 || layers.some(({ job, origin }) => job.key !== undefined && origin === "hashed");
  const models = layersByKey(layers);
  const kept = keeps && isNew ? environments.map((environment) => ({ environment, models })) : [];
  const records = await Promise.all(kept.map((one) => keptImage(one, name, machine.now())));
  const sent = await loadImages(local, [image, ...records]);
  if (keeps && built.length > 0) await removeOldest(local, name);
  return sent;
}
