import { join } from "node:path";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import { readStrictText } from "../bento/read-text.ts";
import { Failure } from "../errors.ts";
import { findInputFile } from "../inputs/input-file.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { imageSource, type RenderOptions } from "../recipe/dockerfile/dockerfile.ts";
import { type GivenDockerfile, ownSource, storedSource } from "../recipe/dockerfile/given-dockerfile.ts";
import { makeRecipe, type Recipe } from "../recipe/recipe.ts";
import type { GeneratedEntry, ImageSource } from "../recipe/source.ts";
import { IGNORE } from "./kept-files.ts";

export interface DerivedSource extends ImageSource {
  /** Titles of the payload layers, bottom to top; empty if the Dockerfile is not generated. */
  readonly payload: readonly string[];
}

/** The image whose source to derive. */
interface SourceRequest {
  readonly inputs: Pick<Inputs, "dockerfile" | "buildArgs">;
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  /** Undefined if the Dockerfile is not generated. */
  readonly recipe: Recipe | undefined;
}

const STORED = "env/docker/Dockerfile";

/**
 * The recipe of the image; undefined if its Dockerfile is not generated. A Bento with a `dockerfile_template` always uses
 * the stored Dockerfile, which is the template as BentoML rendered it.
 * @throws Failure `input` (code Unsupported) for enable-features that this image cannot have.
 */
export function deriveRecipe(
  { dockerfile = "generated", buildArgs, enableFeatures }: Pick<Inputs, "dockerfile" | "buildArgs" | "enableFeatures">,
  bento: Bento,
  models: readonly LocatedModel[],
  tool: string,
): Recipe | undefined {
  const templated = bento.image.spec === 1 && bento.image.dockerfileTemplate;
  const isGenerated = dockerfile === "generated" && !templated;
  if (enableFeatures.length > 0) requireFeatures(bento, isGenerated);
  return isGenerated ? makeRecipe(bento, models, { buildArgs, tool, features: enableFeatures }) : undefined;
}

/** @throws Failure `input` (code Unsupported) where nothing would install the features. BentoML ignores the option for spec 2. */
function requireFeatures({ image }: Bento, isGenerated: boolean): void {
  if (image.spec === 2) {
    throw new Failure("input", "enable-features: this Bento lists all of its Python packages itself (spec 2)", {
      code: "Unsupported",
      hint: 'Add the extras in the service, such as `Image().python_packages("bentoml[grpc]")`, and build the Bento again.',
    });
  }
  if (isGenerated) return;
  throw new Failure("input", "enable-features: only a generated Dockerfile installs them", {
    code: "Unsupported",
    hint: "Install them in the Dockerfile itself, such as `RUN uv pip install bentoml[grpc]`.",
  });
}

/** The recipe's Dockerfile, or else the one that the input `dockerfile` names, with its contexts. */
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

/** Leaves out copies of files that the Bento does not contain: a given Dockerfile may not need them. */
async function presentOnly(
  entries: readonly GeneratedEntry[],
  { files }: Pick<Machine, "files">,
): Promise<readonly GeneratedEntry[]> {
  const found = await Promise.all(
    entries.map((entry) => (entry.kind === "copy" ? files.enclosed.find(entry.from, entry.source) : entry)),
  );
  return entries.filter((_, index) => found[index] !== undefined);
}

/** One title per `COPY`, which is one layer; none if steps after the payload create further layers. */
function titlesOf({ payload, afterPayload }: Recipe): readonly string[] {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}

type ReadDockerfile = Omit<GivenDockerfile, "buildArgs">;

const HINT = "Set dockerfile to generated, stored, or a path relative to the workspace.";

async function readStored({ directory }: Bento, { files }: Pick<Machine, "files">): Promise<ReadDockerfile> {
  const path = join(directory.path, STORED);
  const text = await readStrictText(directory, STORED, files.enclosed);
  if (text !== undefined) return { path, text };
  throw new Failure("input", `dockerfile: the file ${path} does not exist`, { hint: HINT });
}

async function readOwn(given: string, machine: Pick<Machine, "files" | "workspace">): Promise<ReadDockerfile> {
  const path = await findInputFile("dockerfile", given, machine, { hint: HINT });
  const text = await machine.files.readText(path);
  const beside = `${path}${IGNORE}`;
  if ((await machine.files.info(beside)) === undefined) return { path, text };
  return { path, text, ignore: await machine.files.readText(await findInputFile("dockerfile", beside, machine)) };
}
