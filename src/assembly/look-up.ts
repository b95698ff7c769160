import type { LocatedModel } from "../bento/bento.ts";
import { type Environment, environmentBelow, findEnvironment } from "../cache/cached-environment.ts";
import { type CachedImage, type CachedLayer, findModel, findPrevious, type Previous } from "../cache/cached-layers.ts";
import { environmentKey } from "../cache/environment-key.ts";
import type { LayerCache } from "../cache/layer-cache.ts";
import type { Machine } from "../machine/machine.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import type { Platform } from "../oci/platform.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Registries } from "../registry/registries.ts";
import { type LayerJob, planPayload } from "./prepare-layers.ts";
import type { AssemblyRequest } from "./request.ts";

/** An environment to look up or build. */
export interface EnvironmentRequest {
  readonly key: Digest;
  readonly platform: Platform;
}

/** The environments that the image needs, and those of them that are cached. */
export interface CachedEnvironments {
  readonly requests: readonly EnvironmentRequest[];
  /** The cached ones. */
  readonly environments: readonly Environment[];
}

/** The payload layers that the image needs, and those of them that are cached. */
export interface CachedPayload extends Previous {
  readonly layerJobs: readonly LayerJob[];
  /** By their keys. */
  readonly cachedLayers: ReadonlyMap<string, CachedLayer>;
  /** Digests of the layers that model records in the cache list. */
  readonly recordedDigests: readonly Digest[];
  /** Keys of the models of which at least one layer is not cached. */
  readonly newModels: ReadonlySet<Digest>;
}

export interface CacheLookup extends CachedEnvironments, CachedPayload {}

/**
 * Computes the keys of the environments and looks them up, first in the cached image, whose annotations name its own.
 * @param base undefined when the base image could not be resolved. The key is then made from its name alone, so nothing is
 * looked up by it; runs that know the digest use other keys.
 */
export async function findEnvironments(
  recipe: Recipe,
  request: AssemblyRequest,
  base: Digest | undefined,
  cached: CachedImage | undefined,
  registries: Registries,
  machine: Pick<Machine, "files">,
): Promise<CachedEnvironments> {
  const requests = await Promise.all(
    request.platforms.map(async (platform) => ({
      platform,
      key: await environmentKey(
        { ...request, recipe, base: base ?? digestOf(`only the name ${recipe.base}`), platform },
        machine.files.enclosed,
      ),
    })),
  );
  const { cache } = request;
  if (base === undefined || cache === undefined || !cache.reads.environments) return { requests, environments: [] };
  const found = await Promise.all(
    requests.map(
      async ({ key, platform }) =>
        (cached && (await environmentBelow(registries, cached, key, platform))) ??
        findEnvironment(registries, cache, key, platform),
    ),
  );
  return { requests, environments: found.filter((environment) => environment !== undefined) };
}

/**
 * Lists the layers of the payload and reads the Bento's last image, or the one of the first tag, from the registry. Models
 * whose layers are not in that image are looked up in the cache.
 */
export async function lookUpPayload(
  recipe: Recipe,
  models: readonly LocatedModel[],
  request: AssemblyRequest,
  registries: Registries,
  machine: Pick<Machine, "files">,
): Promise<CachedPayload> {
  const { references, byDigest, cache, last, skipExisting } = request;
  const tags = [last, byDigest ? undefined : references[0]].filter((reference) => reference !== undefined);
  const [layerJobs, previous] = await Promise.all([
    planPayload(recipe, models, request, machine),
    findPrevious(registries, skipExisting ? tags.toReversed() : tags, cache),
  ]);
  const cachedLayers = new Map(previous.cached?.layers);
  const layers = await findModels(registries, cache, uncachedModels(cachedLayers, layerJobs));
  for (const [key, layer] of layers) cachedLayers.set(key, layer);
  return {
    ...previous,
    layerJobs,
    cachedLayers,
    recordedDigests: layers.map(([, { digest }]) => digest),
    newModels: uncachedModels(cachedLayers, layerJobs),
  };
}

async function findModels(
  registries: Registries,
  cache: LayerCache | undefined,
  keys: ReadonlySet<Digest>,
): Promise<readonly (readonly [string, CachedLayer])[]> {
  if (cache === undefined || !cache.reads.models) return [];
  const found = await Promise.all([...keys].map((key) => findModel(registries, cache, key)));
  return found.flatMap((layers) => [...layers]);
}

function uncachedModels(
  cachedLayers: ReadonlyMap<string, CachedLayer>,
  jobs: readonly LayerJob[],
): ReadonlySet<Digest> {
  return new Set(jobs.flatMap(({ key, model }) => (key && model && !cachedLayers.has(key) ? [model] : [])));
}
