import { join } from "node:path/posix";
import { fileDigest } from "../layers/file-digest.ts";
import type { FileEntry } from "../layers/layer.ts";
import type { EnclosedFile, EnclosedFiles } from "../machine/enclosure.ts";
import { digestOf } from "../oci/digest.ts";
import { ENVIRONMENT_STAGE } from "../recipe/dockerfile/dockerfile.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { printBytes } from "../text/byte-size.ts";
import type { PreparedLayer } from "./prepare-layers.ts";

/** Smaller duplicates are not reported, in bytes. */
const MIN_REPORTED_SIZE = 1 << 20;

/** Bytes at the start of a file that are compared first. Shards of the same size differ there, in their tensor names. */
const START = 1 << 16;

type WasteFiles = Pick<EnclosedFiles, "pieces" | "read">;

interface LayerFile {
  readonly entry: FileEntry;
  readonly file: EnclosedFile;
}

/**
 * Reports content that the image holds more than once, a sentence each, with the Dockerfile line that adds it. Only files
 * that this run has read anyway are compared: first by size, then by their first bytes, then whole.
 */
export async function findWaste(
  layers: readonly PreparedLayer[],
  recipe: Pick<Recipe, "environment" | "layout">,
  files: WasteFiles,
): Promise<readonly string[]> {
  const candidates = layers
    .filter(({ origin }) => origin === "hashed")
    .flatMap(({ job }) => largeFilesOf(job.plan.entries));
  return [...(await findDuplicates(candidates, files)), ...inEnvironment(layers, recipe)];
}

function largeFilesOf(entries: PreparedLayer["job"]["plan"]["entries"]): readonly LayerFile[] {
  return entries.flatMap((entry) =>
    entry.kind === "file" && entry.size >= MIN_REPORTED_SIZE && entry.source.kind === "path"
      ? [{ entry, file: entry.source }]
      : [],
  );
}

async function findDuplicates(candidates: readonly LayerFile[], files: WasteFiles): Promise<readonly string[]> {
  const alike = await groupBy(candidates, ({ entry }) => Promise.resolve(String(entry.size)));
  const sameStart = await groupBy(alike.flat(), async ({ file, entry }) =>
    digestOf(Buffer.concat([Buffer.from(`${entry.size} `), await files.read(file, 0, START)])),
  );
  const same = await groupBy(sameStart.flat(), ({ file }) => fileDigest(file, files));
  return same.map((group) => {
    const paths = group.map(({ entry }) => `/${entry.path}`).sort();
    const size = printBytes((group[0]?.entry.size ?? 0) * (group.length - 1));
    return `${size} are in the image more than once: ${paths.join(" and ")} are the same file.`;
  });
}

/** Groups of at least two files that have the same key. The keys are computed one after the other. */
async function groupBy(
  candidates: readonly LayerFile[],
  keyOf: (candidate: LayerFile) => Promise<string>,
): Promise<readonly (readonly LayerFile[])[]> {
  const groups = new Map<string, LayerFile[]>();
  for (const candidate of candidates) {
    const key = await keyOf(candidate);
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Sources of the Bento that the environment copies and the payload contains too. */
function inEnvironment(
  layers: readonly PreparedLayer[],
  { environment, layout }: Pick<Recipe, "environment" | "layout">,
): readonly string[] {
  const copies = environment.flatMap(({ steps }) => steps).filter((step) => step.kind === "copy");
  return copies.flatMap(({ sources, destination }) => {
    const roots = sources.map((source) => join(layout.bento, source).slice(1));
    const inside = layers.flatMap(({ job }) => job.plan.entries).filter((entry) => isBelow(entry.path, roots));
    const size = inside.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
    if (size < MIN_REPORTED_SIZE) return [];
    const line = `COPY ${sources.join(" ")} ${destination}`;
    return [
      `${printBytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} copies them (\`${line}\`) because the requirements or build_include list them, and they are also part of the Bento's sources.`,
    ];
  });
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
