import type { LocatedModel } from "../bento/bento.ts";
import type { Digest } from "../image/digest.ts";
import type { Platform } from "../image/platform.ts";
import type { Recipe } from "../image/recipe.ts";
import { type Repository, repositoryOf } from "../image/reference.ts";
import type { Registries } from "../registry/registries.ts";
import type { World } from "../world/world.ts";
import { type Environment, findEnvironment } from "./environment.ts";
import { environmentKey } from "./environment-key.ts";
import { type EarlierImage, findEarlier, findModel, type KnownLayer } from "./known.ts";
import type { Order } from "./order.ts";
import { type LayerJob, planPayload } from "./payload.ts";

/** An environment to be found or built. */
export interface EnvironmentRequest {
  readonly key: Digest;
  readonly platform: Platform;
}

/** What is wanted, and what of it earlier runs left in the registry. */
export interface Knowledge {
  readonly layerJobs: readonly LayerJob[];
  readonly requests: readonly EnvironmentRequest[];
  /** Those that need not be built. */
  readonly environments: readonly Environment[];
  /** What the first tag points to now. */
  readonly earlier?: EarlierImage;
  readonly known: ReadonlyMap<string, KnownLayer>;
  /** Digests of layers that the repository of environments holds under the tags of models. */
  readonly kept: readonly Digest[];
  /** Keys of the models that no earlier run left all layers of. */
  readonly newModels: ReadonlySet<Digest>;
}

/** Lists the payload, computes the keys of the environments, and asks the registry for all of it. */
export async function gatherKnowledge(
  recipe: Recipe,
  models: readonly LocatedModel[],
  order: Order,
  base: Digest,
  registries: Registries,
  world: Pick<World, "files">,
): Promise<Knowledge> {
  const layerJobs = await planPayload(recipe, models, order, world);
  const requests = await Promise.all(
    order.platforms.map(async (platform) => ({
      platform,
      key: await environmentKey({ ...order, recipe, base, platform }, world.files),
    })),
  );
  const [environments, findings] = await Promise.all([
    findEnvironments(registries, order, requests),
    recall(registries, order, layerJobs),
  ]);
  return { layerJobs, requests, environments, ...findings };
}

async function findEnvironments(
  registries: Registries,
  { cache, rebuild }: Order,
  requests: readonly EnvironmentRequest[],
): Promise<readonly Environment[]> {
  if (cache === undefined || rebuild) return [];
  const found = await Promise.all(
    requests.map(({ key, platform }) => findEnvironment(registries, cache, key, platform)),
  );
  return found.filter((environment) => environment !== undefined);
}

/** The layers of the first tag's image; then, for models that it does not have, what is kept of them. */
async function recall(
  registries: Registries,
  { references, cache }: Order,
  jobs: readonly LayerJob[],
): Promise<Pick<Knowledge, "earlier" | "known" | "kept" | "newModels">> {
  const [first] = references;
  const earlier =
    first === undefined ? undefined : await findEarlier(registries, repositoryOf(first), first.tag ?? "latest");
  const known = new Map(earlier?.known);
  const layers = cache === undefined ? [] : await findModels(registries, cache, modelsWithout(known, jobs));
  for (const [key, layer] of layers) known.set(key, layer);
  const kept = layers.map(([, layer]) => layer.descriptor.digest);
  return { known, kept, newModels: modelsWithout(known, jobs), ...(earlier === undefined ? {} : { earlier }) };
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
