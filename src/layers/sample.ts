import type { EnclosedFiles } from "../machine/enclosure.ts";
import { checkUnchanged } from "./file-content.ts";
import type { FileEntry, LayerEntry, LayerPlan } from "./layer.ts";
import { entrySize, headerOf, paddingOf } from "./tar-writer.ts";

export type SampleFiles = Pick<EnclosedFiles, "info" | "read">;

const WINDOW = 1 << 16;
const WINDOWS = 32;

/** The bytes from `start` to `end`, without `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Position extends Span {
  readonly entry: LayerEntry;
}

/**
 * A sample of at most 2 MiB of a layer's tar: all of a small tar, otherwise windows at even distances. Headers are
 * included, because they are most of a layer of small files. Content at the Hub is left out.
 * @throws Failure `bento`, code `ContentChanged`.
 */
export async function sampleOf(plan: LayerPlan, files: SampleFiles): Promise<Uint8Array> {
  const { positions, size } = layOut(plan);
  const read = windowsOf(size).map(async (window) => {
    const parts: Uint8Array[] = [];
    for (const { entry, start } of positions.filter(
      (position) => position.start < window.end && position.end > window.start,
    )) {
      parts.push(...(await readEntry(entry, plan.epoch, relativeTo(window, start), files)));
    }
    return parts;
  });
  return Buffer.concat((await Promise.all(read)).flat());
}

/** The position of each entry in the tar, and the size of the tar. */
function layOut({ entries, epoch }: LayerPlan): { readonly positions: readonly Position[]; readonly size: number } {
  let offset = 0;
  const positions = entries.map((entry) => {
    const start = offset;
    offset += entrySize(entry, epoch);
    return { entry, start, end: offset };
  });
  return { positions, size: offset };
}

function windowsOf(size: number): readonly Span[] {
  const count = Math.min(WINDOWS, Math.ceil(size / WINDOW));
  const distance = size <= WINDOWS * WINDOW ? WINDOW : (size - WINDOW) / (WINDOWS - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * distance);
    return { start, end: start + WINDOW };
  });
}

/** The same window, relative to `offset`. */
function relativeTo({ start, end }: Span, offset: number): Span {
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
  const padding = relativeTo(window, header.length + entry.size);
  return [
    head,
    ...(await readContent(entry, relativeTo(window, header.length), files)),
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
