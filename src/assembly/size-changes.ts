import type { SizeChange } from "../report/report.ts";
import type { Layer } from "../result/result.ts";
import type { EarlierImage } from "./known.ts";
import { LAYER_TITLE } from "./names.ts";
import type { PreparedLayer } from "./payload.ts";

const CLASSES = ["environment", "models", "code"] as const;

interface Sized {
  readonly size: number;
  readonly class: (typeof CLASSES)[number];
}

/** Bytes by class, now and in the Bento's last image for the first platform; nothing when there is none of this action's. */
export function sizeChanges(
  layers: readonly Layer[],
  payload: readonly PreparedLayer[],
  earlier: EarlierImage | undefined,
): readonly SizeChange[] {
  const last = earlier?.members[0]?.layers ?? [];
  if (!last.some(({ annotations }) => LAYER_TITLE in annotations)) return [];
  const below = layers
    .slice(0, layers.length - payload.length)
    .map(({ size }) => ({ size, class: "environment" as const }));
  const now: readonly Sized[] = [
    ...below,
    ...payload.map(({ title, descriptor }) => ({ size: descriptor.size, class: classOf(title) })),
  ];
  const before = last.map(({ size, annotations }) => ({ size, class: classOf(annotations[LAYER_TITLE]) }));
  return CLASSES.map((name) => ({ title: name, now: sumOf(now, name), before: sumOf(before, name) }));
}

function classOf(title: string | undefined): Sized["class"] {
  if (title === undefined) return "environment";
  return title.startsWith("model ") ? "models" : "code";
}

function sumOf(layers: readonly Sized[], name: string): number {
  return layers.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
}
