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

/** An environment to be found or built. */
export interface EnvironmentRequest {
  readonly key: Digest;
  readonly platform: Platform;
}

/** The environments that are wanted. */
export interface CachedEnvironments {
  readonly requests: readonly EnvironmentRequest[];
  /** Those that need not be built. */
  readonly environments: readonly Environment[];
}

/** The layers that are wanted, and what earlier runs left of them. */
export interface CachedPayload extends Previous {
  readonly layerJobs: readonly LayerJob[];
  /** By their keys. */
  readonly known: ReadonlyMap<string, CachedLayer>;
  /** Digests of layers that the cache holds under the tags of models. */
  readonly kept: readonly Digest[];
  /** Keys of the models that the cache does not have all layers of. */
  readonly newModels: ReadonlySet<Digest>;
}

export interface CacheLookup extends CachedEnvironments, CachedPayload {}

/**
 * Computes the keys of the environments, and looks them up: first below the cached image, which names them already.
 * @param base undefined when nobody can tell what the name of the base image stands for. A key then says no more than the
 * name, so nothing is looked up by it; a run that knows the digest has another one.
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
 * Lists the layers of the payload, and asks the registry for the Bento's last image, or for that of the first tag; then,
 * for models that it does not give, for what the cache has of them.
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
  const known = new Map(previous.cached?.layers);
  const layers = await findModels(registries, cache, modelsWithout(known, layerJobs));
  for (const [key, layer] of layers) known.set(key, layer);
  return {
    ...previous,
    layerJobs,
    known,
    kept: layers.map(([, { digest }]) => digest),
    newModels: modelsWithout(known, layerJobs),
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

function modelsWithout(known: ReadonlyMap<string, CachedLayer>, jobs: readonly LayerJob[]): ReadonlySet<Digest> {
  return new Set(jobs.flatMap(({ key, model }) => (key && model && !known.has(key) ? [model] : [])));
}
