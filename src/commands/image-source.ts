import { join } from "node:path";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import { readStrictText } from "../bento/read-text.ts";
import { Failure } from "../errors.ts";
import { findInputFile } from "../inputs/input-file.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { imageSource, type RenderOptions } from "../recipe/dockerfile/dockerfile.ts";
import { ownSource, storedSource } from "../recipe/dockerfile/given-dockerfile.ts";
import { makeRecipe, type Recipe } from "../recipe/recipe.ts";
import type { GeneratedEntry, ImageSource } from "../recipe/source.ts";

export interface DerivedSource extends ImageSource {
  /** Titles of the payload layers, bottom to top; empty with a Dockerfile that is not ours. */
  readonly payload: readonly string[];
}

/** Of which image the source is wanted. */
interface SourceRequest {
  readonly inputs: Pick<Inputs, "dockerfile" | "buildArgs">;
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  /** Undefined with a Dockerfile that is not ours. */
  readonly recipe: Recipe | undefined;
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
  { inputs, bento, models, recipe }: SourceRequest,
  options: Pick<RenderOptions, "dialect">,
  machine: Pick<Machine, "files" | "workspace">,
): Promise<DerivedSource> {
  if (recipe !== undefined) return { ...imageSource(recipe, options), payload: titlesOf(recipe) };
  const { dockerfile = "generated", buildArgs } = inputs;
  const isStored = dockerfile === "stored" || dockerfile === "generated";
  const given = { ...(isStored ? await readStored(bento, machine) : await readOwn(dockerfile, machine)), buildArgs };
  const source = isStored ? storedSource(bento, models, given) : ownSource(bento, models, given);
  return { ...source, generated: await presentOnly(source.generated, machine), payload: [] };
}

/** Without copies of what the Bento does not hold: whoever wrote the Dockerfile knows whether it takes them. */
async function presentOnly(
  entries: readonly GeneratedEntry[],
  { files }: Pick<Machine, "files">,
): Promise<readonly GeneratedEntry[]> {
  const found = await Promise.all(
    entries.map((entry) => (entry.kind === "copy" ? files.enclosed.find(entry.from, entry.source) : entry)),
  );
  return entries.filter((_, index) => found[index] !== undefined);
}

/** One title a `COPY`, which is one layer; none when steps after the payload make layers of their own. */
function titlesOf({ payload, afterPayload }: Recipe): readonly string[] {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}

interface ReadDockerfile {
  readonly path: string;
  readonly text: string;
}

const HINT = "Give generated, stored, or a path from the workspace.";

async function readStored({ directory }: Bento, { files }: Pick<Machine, "files">): Promise<ReadDockerfile> {
  const path = join(directory.path, STORED);
  const text = await readStrictText(directory, STORED, files.enclosed);
  if (text !== undefined) return { path, text };
  throw new Failure("input", `dockerfile: there is no file ${path}`, { hint: HINT });
}

async function readOwn(given: string, machine: Pick<Machine, "files" | "workspace">): Promise<ReadDockerfile> {
  const path = await findInputFile("dockerfile", given, machine, { hint: HINT });
  return { path, text: await machine.files.readText(path) };
}
