import type { FileEntry, LayerEntry, LayerPlan } from "./layer.ts";

/** Files of at least this size, in bytes, get their own layer, so that a changed shard of a model does not affect the others. */
export const MIN_OWN_LAYER_SIZE = 64 * 2 ** 20;
/** How many layers splitting may add to an image. Engines mount at most 127 layers, including those of the environment. */
const MAX_ADDED_LAYERS = 64;

/**
 * Splits a layer: every big file gets its own layer, the rest share one. Each layer contains the parent directories of its
 * files.
 * @param budget how many files may get their own layer; the largest ones do.
 */
function splitLayer(plan: LayerPlan, budget: number): readonly LayerPlan[] {
  const big = plan.entries
    .filter((entry): entry is FileEntry => entry.kind === "file" && isBig(entry))
    .sort((one, other) => other.size - one.size)
    .slice(0, Math.max(0, budget));
  const separate = new Set<LayerEntry>(big);
  const rest = plan.entries.filter((entry) => !separate.has(entry));
  const parts = plan.entries
    .filter((entry) => separate.has(entry))
    .map((entry) => ({
      ...plan,
      title: `${plan.title} (${nameOf(entry)})`,
      entries: [...plan.entries.filter((other) => isAbove(other, entry)), entry],
    }));
  const restIsNeeded = rest.some((entry) => !big.some((file) => isAbove(entry, file)));
  return big.length === 0 || restIsNeeded ? [...parts, { ...plan, entries: rest }] : parts;
}

/** Splits the layers of an image, which adds at most {@link MAX_ADDED_LAYERS} layers. */
export function splitLayers<T extends { readonly plan: LayerPlan }>(layers: readonly T[]): readonly T[] {
  let budget = MAX_ADDED_LAYERS;
  return layers.flatMap((layer) => {
    const parts = splitLayer(layer.plan, budget);
    budget -= parts.length - 1;
    return parts.map((plan) => ({ ...layer, plan }));
  });
}

/** A file that is only at the Hub is big; small ones have been downloaded. */
function isBig({ size, source }: FileEntry): boolean {
  return size >= MIN_OWN_LAYER_SIZE || source.kind === "remote";
}

function isAbove(directory: LayerEntry, { path }: LayerEntry): boolean {
  return directory.kind === "directory" && path.startsWith(`${directory.path}/`);
}

/** The file's name, shortened if it is a hash, as in a Hugging Face cache. */
function nameOf({ path }: LayerEntry): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /^[0-9a-f]{40,64}$/.test(name) ? `${name.slice(0, 12)}…` : name;
}
