import type { PlatformImage } from "../oci/image-description.ts";
import { printPlatform } from "../oci/platform.ts";
import { printBytes } from "../text/byte-size.ts";
import { code, type Markdown, markdown, NOTHING, table } from "./markdown.ts";
import type { Report } from "./report.ts";

/** The layers from top to bottom of the image, a column for each platform. */
export function layerTable({
  result: { platforms },
  payload,
  environment,
}: Pick<Report, "result" | "payload" | "environment">): Markdown {
  if (platforms.length === 0) return NOTHING;
  const known = platforms.every(({ layers }) => layers.length >= payload.length) ? payload : [];
  const withOrigin = known.some(({ note }) => note !== undefined);
  const row = (name: Markdown, sizeOf: (image: PlatformImage) => number, note = ""): readonly Markdown[] => [
    name,
    ...platforms.map((image) => markdown`${printBytes(sizeOf(image))}`),
    ...(withOrigin ? [markdown`${note}`] : []),
  ];
  const below = ({ layers }: PlatformImage): number => layers.length - known.length;
  const rows = [
    row(
      known.length === 0 ? markdown`all layers` : markdown`base and environment`,
      (image) => image.layers.slice(0, below(image)).reduce((sum, { size }) => sum + size, 0),
      environment,
    ),
    ...known.map(({ title, note }, index) =>
      row(code(title), (image) => image.layers[below(image) + index]?.size ?? 0, note),
    ),
  ];
  const head = [markdown`Layer`, ...platforms.map(({ platform }) => code(printPlatform(platform)))];
  return withOrigin ? table([...head, markdown`Origin`], rows, [head.length]) : table(head, rows);
}

/** Sizes by class, compared with the previous image of the Bento. */
export function changeTable({ changes }: Pick<Report, "changes">): Markdown {
  if (changes.length === 0) return NOTHING;
  const rows = changes.map(({ title, now, before }) => [
    markdown`${title}`,
    markdown`${printBytes(before)}`,
    markdown`${printBytes(now)}`,
    markdown`${difference(now - before)}`,
  ]);
  return table([markdown`Compared with the last image`, markdown`Before`, markdown`Now`, markdown`Change`], rows);
}

function difference(count: number): string {
  if (count === 0) return "none";
  return `${count < 0 ? "−" : "+"}${printBytes(Math.abs(count))}`;
}
