import { createHash } from "node:crypto";
import { join } from "node:path/posix";
import { ENVIRONMENT_STAGE } from "../image/dockerfile.ts";
import type { Recipe } from "../image/recipe.ts";
import type { Files } from "../world/world.ts";
import type { FileEntry } from "./layer.ts";
import type { PreparedLayer } from "./payload.ts";

/** Files below this size are not worth a word, in bytes. */
const WORTH_A_WORD = 1 << 20;

interface Place {
  readonly entry: FileEntry;
  readonly path: string;
}

/**
 * Bytes that the image holds twice, a sentence each, with the line that brings them in. Only files that this run read
 * anyway are compared: equal sizes first, then content.
 */
export async function findWaste(
  layers: readonly PreparedLayer[],
  recipe: Pick<Recipe, "environment" | "layout">,
  files: Pick<Files, "pieces">,
): Promise<readonly string[]> {
  const places = layers.filter(({ origin }) => origin === "hashed").flatMap(({ job }) => placesOf(job.plan.entries));
  return [...(await findDoubles(places, files)), ...inEnvironment(layers, recipe)];
}

function placesOf(entries: PreparedLayer["job"]["plan"]["entries"]): readonly Place[] {
  return entries.flatMap((entry) =>
    entry.kind === "file" && entry.size >= WORTH_A_WORD && entry.source.kind === "path"
      ? [{ entry, path: entry.source.path }]
      : [],
  );
}

async function findDoubles(places: readonly Place[], files: Pick<Files, "pieces">): Promise<readonly string[]> {
  const bySize = Map.groupBy(places, ({ entry }) => entry.size);
  const suspects = [...bySize.values()].filter((group) => group.length > 1).flat();
  const hashed: { readonly place: Place; readonly hash: string }[] = [];
  for (const place of suspects) hashed.push({ place, hash: await hashOf(place.path, files) });
  return [...Map.groupBy(hashed, ({ hash }) => hash).values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const [first] = group;
      const paths = group.map(({ place }) => `/${place.entry.path}`).sort();
      const size = printMegabytes((first?.place.entry.size ?? 0) * (group.length - 1));
      return `${size} are in the image more than once: ${paths.join(" and ")} are the same file.`;
    });
}

async function hashOf(path: string, files: Pick<Files, "pieces">): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of files.pieces(path)) hash.update(piece);
  return hash.digest("hex");
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
      `${printMegabytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} needs them (\`${line}\`) because the requirements or build_include name them, and they are sources of the Bento too.`,
    ];
  });
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}

function printMegabytes(size: number): string {
  return `${(size / 1e6).toFixed(1)} MB`;
}
