import type { Digest } from "../oci/digest.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { isJsonObject, type JsonObject } from "../text/json.ts";

/** Tars without an entry: two blocks of zeros, and GNU tar's whole record of them. */
const EMPTY: readonly unknown[] = [
  "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
  "sha256:84ff92691f909a05b224e1c56abb4864f01b4f8e3c854e4bb4c7baf1d3f6d652",
] satisfies Digest[];

/**
 * A configuration without the layers that change nothing: those without an entry, which builders make of a step that
 * leaves nothing behind, and those that come again further up. GKE streams no image that has one
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming). In the history their steps stay, as such
 * without a layer.
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

/** Of the layers that a configuration names, those that {@link withoutIdleLayers} leaves in it. */
export function keepLayers(layers: readonly Descriptor[], config: JsonObject): readonly Descriptor[] {
  const kept = keptLayers(config);
  return layers.filter((_, index) => kept[index] !== false);
}

function keptLayers(config: JsonObject): readonly boolean[] {
  const ids = diffIdsOf(config);
  return ids.map((id, index) => !EMPTY.includes(id) && ids.lastIndexOf(id) === index);
}

/** An entry of the history for each layer, in order, and more for steps that made none. */
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
