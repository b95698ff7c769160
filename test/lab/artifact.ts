import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { locked } from "./lock.ts";
import type { Places } from "./places.ts";
import { tell } from "./progress.ts";

export interface Recipe {
  name: string;
  /** Everything the result depends on; its hash is the version key. */
  ingredients: readonly string[];
  /** Fills the directory `draft`, which will be moved to `final`. */
  make(draft: string, final: string): Promise<void>;
}

/** The cache directory a recipe leads to, whether it is there or not. */
function artifactPath(places: Places, recipe: Pick<Recipe, "name" | "ingredients">): string {
  const key = createHash("sha256").update(JSON.stringify(recipe.ingredients)).digest("hex").slice(0, 12);
  return join(places.cache, `${recipe.name}-${key}`);
}

/** The cache directory a recipe leads to, made now if nobody has made it yet. Seen whole or not at all. */
export async function artifact(places: Places, recipe: Recipe): Promise<string> {
  const final = artifactPath(places, recipe);
  if (existsSync(final)) return final;
  return locked(`${final}.lock`, async () => {
    if (existsSync(final)) return final; // another checkout made it while we waited
    const started = performance.now();
    const draft = `${final}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    tell(`${recipe.name}: making`);
    await recipe.make(draft, final);
    renameSync(draft, final);
    tell(`${recipe.name}: made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return final;
  });
}
