import type { LocatedModel } from "../bento/bento.ts";
import type { Digest } from "../image/digest.ts";
import type { Platform } from "../image/platform.ts";
import type { Recipe } from "../image/recipe.ts";
import type { Repository } from "../image/reference.ts";
import type { Registries } from "../registry/registries.ts";
import type { World } from "../world/world.ts";
import { type Environment, findEnvironment, recallEnvironment } from "./environment.ts";
import { environmentKey } from "./environment-key.ts";
import { type EarlierImage, findEarlier, findModel, type KnownLayer } from "./known.ts";
import type { Order } from "./order.ts";
import { type LayerJob, planPayload } from "./payload.ts";

/** An environment to be found or built. */
export interface EnvironmentRequest {
  readonly key: Digest;
  readonly platform: Platform;
}

/** The environments that are wanted. */
export interface EnvironmentKnowledge {
  readonly requests: readonly EnvironmentRequest[];
  /** Those that need not be built. */
  readonly environments: readonly Environment[];
}

/** The layers that are wanted, and what of them earlier runs left in the registry. */
export interface PayloadKnowledge {
  readonly layerJobs: readonly LayerJob[];
  /** The Bento's last image, or else what the first tag points to now. */
  readonly earlier?: EarlierImage;
  readonly known: ReadonlyMap<string, KnownLayer>;
  /** Digests of layers that the repository of environments holds under the tags of models. */
  readonly kept: readonly Digest[];
  /** Keys of the models that no earlier run left all layers of. */
  readonly newModels: ReadonlySet<Digest>;
}

export interface Knowledge extends EnvironmentKnowledge, PayloadKnowledge {}

/** Computes the keys of the environments, and asks the registry for them: first for those that the earlier image stands on. */
export async function findEnvironments(
  recipe: Recipe,
  order: Order,
  base: Digest,
  earlier: EarlierImage | undefined,
  registries: Registries,
  world: Pick<World, "files">,
): Promise<EnvironmentKnowledge> {
  const requests = await Promise.all(
    order.platforms.map(async (platform) => ({
      platform,
      key: await environmentKey({ ...order, recipe, base, platform }, world.files.enclosed),
    })),
  );
  const { cache, rebuild } = order;
  if (cache === undefined || rebuild) return { requests, environments: [] };
  const found = await Promise.all(
    requests.map(
      async ({ key, platform }) =>
        (await recallEnvironment(registries, cache, earlier, key, platform)) ??
        findEnvironment(registries, cache, key, platform),
    ),
  );
  return { requests, environments: found.filter((environment) => environment !== undefined) };
}

/**
 * Lists the layers of the payload, and asks the registry for the Bento's last image, or for that of the first tag; then,
 * for models that it does not have, for what is kept of them.
 */
export async function recallPayload(
  recipe: Recipe,
  models: readonly LocatedModel[],
  order: Order,
  registries: Registries,
  world: Pick<World, "files">,
): Promise<PayloadKnowledge> {
  const { references, byDigest, cache, last, skipExisting } = order;
  const tags = [last, byDigest ? undefined : references[0]].filter((reference) => reference !== undefined);
  const [layerJobs, earlier] = await Promise.all([
    planPayload(recipe, models, order, world),
    findEarlier(registries, skipExisting ? tags.toReversed() : tags),
  ]);
  const known = new Map(earlier?.known);
  const layers = cache === undefined ? [] : await findModels(registries, cache, modelsWithout(known, layerJobs));
  for (const [key, layer] of layers) known.set(key, layer);
  return {
    layerJobs,
    known,
    kept: layers.map(([, layer]) => layer.descriptor.digest),
    newModels: modelsWithout(known, layerJobs),
    ...(earlier === undefined ? {} : { earlier }),
  };
}

async function findModels(
  registries: Registries,
  cache: Repository,
  keys: ReadonlySet<Digest>,
): Promise<readonly (readonly [string, KnownLayer])[]> {
  const found = await Promise.all([...keys].map((key) => findModel(registries, cache, key)));
  return found.flatMap((layers) => [...layers]);
}

function modelsWithout(known: ReadonlyMap<string, KnownLayer>, jobs: readonly LayerJob[]): ReadonlySet<Digest> {
  return new Set(jobs.flatMap(({ key, model }) => (key && model && !known.has(key) ? [model] : [])));
}
