import type { Digest } from "../oci/digest.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { isJsonObject, type JsonObject } from "../text/json.ts";

/** Diff IDs of empty tars: two blocks of zeros, and GNU tar's full record of zeros. */
const EMPTY: readonly unknown[] = [
  "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
  "sha256:84ff92691f909a05b224e1c56abb4864f01b4f8e3c854e4bb4c7baf1d3f6d652",
] satisfies Digest[];

/**
 * Removes the layers that change nothing from a configuration: empty ones, which builders make for a step that changes no
 * file, and ones that are repeated above. GKE does not stream images that have such layers
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming). Their steps stay in the history, marked as
 * steps without a layer.
 */
export function withoutIdleLayers(config: JsonObject): JsonObject {
  const kept = keptLayers(config);
  if (!kept.includes(false)) return config;
  return {
    ...config,
    rootfs: { ...rootfsOf(config), diff_ids: diffIdsOf(config).filter((_, index) => kept[index]) },
    ...(Array.isArray(config["history"]) ? { history: markIdle(config["history"], kept) } : {}),
  };
}

/** Those layers of a configuration that {@link withoutIdleLayers} keeps. */
export function keepLayers(layers: readonly Descriptor[], config: JsonObject): readonly Descriptor[] {
  const kept = keptLayers(config);
  return layers.filter((_, index) => kept[index] !== false);
}

function keptLayers(config: JsonObject): readonly boolean[] {
  const ids = diffIdsOf(config);
  return ids.map((id, index) => !EMPTY.includes(id) && ids.lastIndexOf(id) === index);
}

/** Marks the history entries of removed layers. The history has an entry for each layer, in order, and further ones for steps without a layer. */
function markIdle(history: readonly unknown[], kept: readonly boolean[]): readonly unknown[] {
  let layer = 0;
  return history.map((entry) => {
    if (!isJsonObject(entry) || entry["empty_layer"] === true) return entry;
    const stays = kept[layer] !== false;
    layer += 1;
    return stays ? entry : { ...entry, empty_layer: true };
  });
}

function rootfsOf(config: JsonObject): JsonObject {
  const rootfs = config["rootfs"];
  return isJsonObject(rootfs) ? rootfs : {};
}

function diffIdsOf(config: JsonObject): readonly unknown[] {
  const ids = rootfsOf(config)["diff_ids"];
  return Array.isArray(ids) ? ids : [];
}
