import type { FileEntry, LayerEntry, LayerPlan } from "./layer.ts";

/** From this size on, in bytes, a file is a layer of its own: one changed shard of a model leaves the others where they are. */
export const ALONE = 64 * 2 ** 20;
/** How many layers parting may add to an image; engines mount at most 127 layers, and the environment has its share of them. */
const MOST_ALONE = 64;

/**
 * Parts a layer: every big file alone, the rest together. Each part brings the directories above its files.
 * @param budget how many files may be alone; the largest ones are.
 */
function splitLayer(plan: LayerPlan, budget: number): readonly LayerPlan[] {
  const big = plan.entries
    .filter((entry): entry is FileEntry => entry.kind === "file" && isBig(entry))
    .sort((one, other) => other.size - one.size)
    .slice(0, Math.max(0, budget));
  const alone = new Set<LayerEntry>(big);
  const rest = plan.entries.filter((entry) => !alone.has(entry));
  const parts = plan.entries
    .filter((entry) => alone.has(entry))
    .map((entry) => ({
      ...plan,
      title: `${plan.title} (${nameOf(entry)})`,
      entries: [...plan.entries.filter((other) => isAbove(other, entry)), entry],
    }));
  const restCounts = rest.some((entry) => !big.some((file) => isAbove(entry, file)));
  return big.length === 0 || restCounts ? [...parts, { ...plan, entries: rest }] : parts;
}

/** Parts all layers of an image; parting makes at most {@link MOST_ALONE} more of them. */
export function splitLayers<T extends { readonly plan: LayerPlan }>(layers: readonly T[]): readonly T[] {
  let budget = MOST_ALONE;
  return layers.flatMap((layer) => {
    const parts = splitLayer(layer.plan, budget);
    budget -= parts.length - 1;
    return parts.map((plan) => ({ ...layer, plan }));
  });
}

/** What is at the Hub alone is big, or it would have been fetched. */
function isBig({ size, source }: FileEntry): boolean {
  return size >= ALONE || source.kind === "remote";
}

function isAbove(directory: LayerEntry, { path }: LayerEntry): boolean {
  return directory.kind === "directory" && path.startsWith(`${directory.path}/`);
}

/** The file's name; the beginning of it where it is a hash, as in a Hugging Face cache. */
function nameOf({ path }: LayerEntry): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /^[0-9a-f]{40,64}$/.test(name) ? `${name.slice(0, 12)}…` : name;
}
