import type { EnclosedFiles } from "../machine/enclosure.ts";
import { checkUnchanged } from "./file-content.ts";
import type { FileEntry, LayerEntry, LayerPlan } from "./layer.ts";
import { entrySize, headerOf, paddingOf } from "./tar-writer.ts";

export type SampleFiles = Pick<EnclosedFiles, "info" | "read">;

const WINDOW = 1 << 16;
const WINDOWS = 32;

/** Bytes `start` to `end` of something, `end` not included. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Position extends Span {
  readonly entry: LayerEntry;
}

/**
 * At most 2 MiB of a layer's tar: all of a small one, else windows at even distances. Headers are part of it, for they are
 * most of a layer of small files. Content that is at the Hub is left out.
 * @throws Failure `bento`, code `ContentChanged`.
 */
export async function sampleOf(plan: LayerPlan, files: SampleFiles): Promise<Uint8Array> {
  const { places, size } = layOut(plan);
  const read = windowsOf(size).map(async (window) => {
    const parts: Uint8Array[] = [];
    for (const { entry, start } of places.filter((place) => place.start < window.end && place.end > window.start)) {
      parts.push(...(await readEntry(entry, plan.epoch, moved(window, start), files)));
    }
    return parts;
  });
  return Buffer.concat((await Promise.all(read)).flat());
}

/** Where each entry lies in the tar. */
function layOut({ entries, epoch }: LayerPlan): { readonly places: readonly Position[]; readonly size: number } {
  let offset = 0;
  const places = entries.map((entry) => {
    const start = offset;
    offset += entrySize(entry, epoch);
    return { entry, start, end: offset };
  });
  return { places, size: offset };
}

function windowsOf(size: number): readonly Span[] {
  const count = Math.min(WINDOWS, Math.ceil(size / WINDOW));
  const distance = size <= WINDOWS * WINDOW ? WINDOW : (size - WINDOW) / (WINDOWS - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * distance);
    return { start, end: start + WINDOW };
  });
}

/** The same window, counted from `offset`. */
function moved({ start, end }: Span, offset: number): Span {
  return { start: Math.max(0, start - offset), end: Math.max(0, end - offset) };
}

async function readEntry(
  entry: LayerEntry,
  epoch: number,
  window: Span,
  files: SampleFiles,
): Promise<readonly Uint8Array[]> {
  const header = headerOf(entry, epoch);
  const head = header.subarray(window.start, window.end);
  if (entry.kind !== "file") return [head];
  const padding = moved(window, header.length + entry.size);
  return [
    head,
    ...(await readContent(entry, moved(window, header.length), files)),
    new Uint8Array(paddingOf(entry.size)).subarray(padding.start, padding.end),
  ];
}

async function readContent(
  { source, size }: FileEntry,
  window: Span,
  files: SampleFiles,
): Promise<readonly Uint8Array[]> {
  const { start } = window;
  const end = Math.min(size, window.end);
  if (start >= end || source.kind === "remote") return [];
  if (source.kind === "content") return [Buffer.from(source.content).subarray(start, end)];
  await checkUnchanged(source, size, files);
  return [await files.read(source, start, end - start)];
}
