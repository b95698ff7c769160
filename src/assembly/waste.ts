import { join } from "node:path/posix";
import { fileDigest } from "../layers/file-digest.ts";
import type { FileEntry } from "../layers/layer.ts";
import type { EnclosedFile, EnclosedFiles } from "../machine/enclosure.ts";
import { digestOf } from "../oci/digest.ts";
import { ENVIRONMENT_STAGE } from "../recipe/dockerfile/dockerfile.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { printBytes } from "../text/byte-size.ts";
import type { PreparedLayer } from "./prepare-layers.ts";

/** Files below this size are not worth a word, in bytes. */
const WORTH_A_WORD = 1 << 20;

/** Bytes that are compared before whole files are; shards of one size start with other names of tensors. */
const START = 1 << 16;

type WasteFiles = Pick<EnclosedFiles, "pieces" | "read">;

interface Place {
  readonly entry: FileEntry;
  readonly file: EnclosedFile;
}

/**
 * Bytes that the image holds twice, a sentence each, with the line that brings them in. Only files that this run read
 * anyway are compared: equal sizes first, then their beginnings, then all of them.
 */
export async function findWaste(
  layers: readonly PreparedLayer[],
  recipe: Pick<Recipe, "environment" | "layout">,
  files: WasteFiles,
): Promise<readonly string[]> {
  const places = layers.filter(({ origin }) => origin === "hashed").flatMap(({ job }) => placesOf(job.plan.entries));
  return [...(await findDoubles(places, files)), ...inEnvironment(layers, recipe)];
}

function placesOf(entries: PreparedLayer["job"]["plan"]["entries"]): readonly Place[] {
  return entries.flatMap((entry) =>
    entry.kind === "file" && entry.size >= WORTH_A_WORD && entry.source.kind === "path"
      ? [{ entry, file: entry.source }]
      : [],
  );
}

async function findDoubles(places: readonly Place[], files: WasteFiles): Promise<readonly string[]> {
  const alike = await sameBy(places, ({ entry }) => Promise.resolve(String(entry.size)));
  const sameStart = await sameBy(alike.flat(), async ({ file, entry }) =>
    digestOf(Buffer.concat([Buffer.from(`${entry.size} `), await files.read(file, 0, START)])),
  );
  const same = await sameBy(sameStart.flat(), ({ file }) => fileDigest(file, files));
  return same.map((group) => {
    const paths = group.map(({ entry }) => `/${entry.path}`).sort();
    const size = printBytes((group[0]?.entry.size ?? 0) * (group.length - 1));
    return `${size} are in the image more than once: ${paths.join(" and ")} are the same file.`;
  });
}

/** Groups of at least two places that have the same mark; marks are taken one after the other. */
async function sameBy(
  places: readonly Place[],
  markOf: (place: Place) => Promise<string>,
): Promise<readonly (readonly Place[])[]> {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const mark = await markOf(place);
    groups.set(mark, [...(groups.get(mark) ?? []), place]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** What the environment copies from the Bento's sources, which the payload brings too. */
function inEnvironment(
  layers: readonly PreparedLayer[],
  { environment, layout }: Pick<Recipe, "environment" | "layout">,
): readonly string[] {
  const copies = environment.flatMap(({ steps }) => steps).filter((step) => step.kind === "copy");
  return copies.flatMap(({ sources, destination }) => {
    const roots = sources.map((source) => join(layout.bento, source).slice(1));
    const inside = layers.flatMap(({ job }) => job.plan.entries).filter((entry) => isBelow(entry.path, roots));
    const size = inside.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
    if (size < WORTH_A_WORD) return [];
    const line = `COPY ${sources.join(" ")} ${destination}`;
    return [
      `${printBytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} needs them (\`${line}\`) because the requirements or build_include name them, and they are sources of the Bento too.`,
    ];
  });
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
