import type { PreviousImage } from "../cache/cached-layers.ts";
import type { Layer } from "../oci/image-description.ts";
import { LAYER_CLASSES, type LayerClass, layerClass, type SizeChange } from "../report/report.ts";
import type { PreparedLayer } from "./prepare-layers.ts";

interface Sized {
  readonly size: number;
  readonly class: LayerClass;
}

/** Bytes by class, now and in the previous image, for the first platform. Empty when this action did not make a previous image. */
export function sizeChanges(
  layers: readonly Layer[],
  payload: readonly PreparedLayer[],
  previous: Pick<PreviousImage, "layers"> | undefined,
): readonly SizeChange[] {
  const last = previous?.layers ?? [];
  if (!last.some(({ title }) => title !== undefined)) return [];
  const below = layers
    .slice(0, layers.length - payload.length)
    .map(({ size }) => ({ size, class: "environment" as const }));
  const now: readonly Sized[] = [
    ...below,
    ...payload.map(({ title, descriptor }) => ({ size: descriptor.size, class: layerClass(title) })),
  ];
  const before = last.map(({ size, title }) => ({ size, class: layerClass(title) }));
  return LAYER_CLASSES.map((name) => ({ title: name, now: sumOf(now, name), before: sumOf(before, name) }));
}

function sumOf(layers: readonly Sized[], name: string): number {
  return layers.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
}
