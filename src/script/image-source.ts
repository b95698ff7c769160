import { isAbsolute, join } from "node:path";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import { imageSource } from "../image/dockerfile.ts";
import { makeRecipe, type Recipe } from "../image/recipe.ts";
import type { GeneratedEntry, ImageSource } from "../image/source.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Job } from "../job.ts";
import type { World } from "../world/world.ts";

export interface DerivedSource extends ImageSource {
  /** Titles of the payload layers, bottom to top; empty with a Dockerfile that is not ours. */
  readonly payload: readonly string[];
}

const STORED = "env/docker/Dockerfile";

/**
 * The recipe of the image, when its Dockerfile is to be ours. A Bento made with a `dockerfile_template` always gets its
 * stored one: that is the template as BentoML rendered it.
 */
export function deriveRecipe(
  { dockerfile = "generated", buildArgs }: Pick<Inputs, "dockerfile" | "buildArgs">,
  bento: Bento,
  models: readonly LocatedModel[],
  tool: string,
): Recipe | undefined {
  const templated = bento.image.spec === 1 && bento.image.dockerfileTemplate;
  return dockerfile === "generated" && !templated ? makeRecipe(bento, models, { buildArgs, tool }) : undefined;
}

/** The recipe's Dockerfile, else the one that the input `dockerfile` means, with its contexts. */
export async function deriveSource(
  { inputs, bento, models, recipe }: Pick<Job, "inputs" | "bento" | "models" | "recipe">,
  options: { readonly link: boolean },
  world: Pick<World, "files" | "workspace">,
): Promise<DerivedSource> {
  if (recipe !== undefined) return { ...imageSource(recipe, options), payload: titlesOf(recipe) };
  const { dockerfile = "generated", buildArgs } = inputs;
  const isStored = dockerfile === "stored" || dockerfile === "generated";
  const path = isStored ? join(bento.directory, STORED) : absolute(dockerfile, world.workspace);
  const given = { path, buildArgs, text: await readDockerfile(path, world) };
  const { ownSource, storedSource } = await import("../image/given-dockerfile.ts");
  const source = isStored ? storedSource(bento, models, given) : ownSource(bento, models, given);
  return { ...source, generated: await presentOnly(source.generated, world), payload: [] };
}

/** Without copies of what the Bento does not hold: whoever wrote the Dockerfile knows whether it takes them. */
async function presentOnly(
  entries: readonly GeneratedEntry[],
  { files }: Pick<World, "files">,
): Promise<readonly GeneratedEntry[]> {
  const found = await Promise.all(entries.map((entry) => (entry.kind === "copy" ? files.info(entry.source) : entry)));
  return entries.filter((_, index) => found[index] !== undefined);
}

/** One title a `COPY`, which is one layer; none when steps after the payload make layers of their own. */
function titlesOf({ payload, afterPayload }: Recipe): readonly string[] {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}

function absolute(path: string, workspace: string): string {
  return isAbsolute(path) ? path : join(workspace, path);
}

async function readDockerfile(path: string, { files }: Pick<World, "files">): Promise<string> {
  if ((await files.info(path)) === undefined) {
    throw new Failure("input", `dockerfile: there is no file ${path}`, {
      hint: "Give generated, stored, or a path from the workspace.",
    });
  }
  return files.readText(path);
}
