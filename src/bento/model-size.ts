import { mapFiles } from "../machine/concurrency.ts";
import type { EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { LocatedModel } from "./bento.ts";

type SizeFiles = Pick<EnclosedFiles, "list" | "entry">;

/** The total size of a model's files in bytes, without reading them. Links in a store model are not counted. */
export function modelSize(located: LocatedModel, files: SizeFiles): Promise<number> {
  return located.kind === "store"
    ? directorySize(located.directory, files)
    : Promise.resolve(sum(located.files.map(({ size }) => size)));
}

async function directorySize(directory: Enclosure, files: SizeFiles): Promise<number> {
  const entries = await mapFiles(await files.list(directory), ({ name }) => files.entry(directory, name));
  let size = 0;
  for (const entry of entries) {
    if (entry?.kind === "file") size += entry.info.size;
    if (entry?.kind === "directory") size += await directorySize(entry.directory, files);
  }
  return size;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}
