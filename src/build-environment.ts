import { join } from "node:path";
import { type Environment, findEnvironment, readEnvironment } from "./assembly/environment.ts";
import type { EnvironmentRequest } from "./assembly/knowledge.ts";
import { ENVIRONMENT_LABEL, environmentTag } from "./assembly/names.ts";
import type { Order } from "./assembly/order.ts";
import { Failure } from "./errors.ts";
import type { Digest } from "./image/digest.ts";
import { ENVIRONMENT_STAGE, environmentSource } from "./image/dockerfile.ts";
import { printPlatform } from "./image/platform.ts";
import type { Recipe } from "./image/recipe.ts";
import { parseReference } from "./image/reference.ts";
import type { Inputs } from "./inputs/schema.ts";
import type { Job, Outcome } from "./job.ts";
import { imageOf, openLayout } from "./registry/layout.ts";
import type { Registries } from "./registry/registries.ts";
import { runBackend } from "./run-backend.ts";
import type { Found } from "./script/probe.ts";

export interface EnvironmentBuild extends EnvironmentRequest {
  readonly recipe: Recipe;
  /** The digest that the base image's name stands for; undefined when nobody asked. */
  readonly base?: Digest;
  readonly order: Order;
}

type Told = Pick<Outcome, "dockerfile" | "commands" | "cache">;

/** The commands that would build the environment. @throws Failure `input` when the backend cannot do what is asked. */
export function rehearseEnvironment(job: Job, found: Found, build: EnvironmentBuild): Promise<Told> {
  return run({ ...job, inputs: { ...job.inputs, dryRun: true } }, found, build, "");
}

/**
 * The backend builds the environment alone. It pushes it to the repository that keeps environments; without one it
 * writes a layout that lives as long as the run.
 * @throws Failure of the build; `tool` (code EnvironmentUnusable) when what came out is not what was asked for.
 */
export async function buildEnvironment(
  job: Job,
  found: Found,
  build: EnvironmentBuild,
  registries: Registries,
): Promise<Told & { readonly environment: Environment }> {
  const own = await withOwnScratch(job, environmentTag(build.key));
  const directory = join(await own.world.files.scratch(), "environment");
  const told = await run(own, found, build, directory);
  const environment = await readBack(own, build, registries, directory);
  if (environment === undefined) throw unusable(found, build);
  return { ...told, environment };
}

/** Podman and buildah push through a layout in the scratch directory, which must not hold another environment. */
async function withOwnScratch(job: Job, name: string): Promise<Job> {
  const { files } = job.world;
  const scratch = join(await files.scratch(), name);
  await files.makeDirectory(scratch, 0o700);
  return { ...job, world: { ...job.world, files: { ...files, scratch: async () => scratch } } };
}

function run(job: Job, found: Found, build: EnvironmentBuild, directory: string): Promise<Told> {
  const { recipe, base, key, platform, order } = build;
  const tag = environmentTag(key);
  const inputs: Inputs = {
    ...job.inputs,
    tags: [order.cache === undefined ? parseReference(`environment:${tag}`) : { ...order.cache, tag }],
    push: order.cache !== undefined,
    pushByDigest: false,
    load: false,
    output: order.cache === undefined ? [{ kind: "layout", path: directory }] : [],
    platforms: [platform],
    labels: { [ENVIRONMENT_LABEL]: key },
    annotations: {},
    target: ENVIRONMENT_STAGE,
  };
  const link = found.backend.takesLinks(found.engine);
  const source = environmentSource(recipe, { link, ...(base === undefined ? {} : { base }) });
  return runBackend(job, found, inputs, source, {
    stage: ENVIRONMENT_STAGE,
    keepsEnvironment: order.cache !== undefined,
  });
}

async function readBack(
  { world }: Job,
  { order: { cache }, key, platform }: EnvironmentBuild,
  registries: Registries,
  directory: string,
): Promise<Environment | undefined> {
  if (cache !== undefined) return findEnvironment(registries, cache, key, platform);
  const layout = await openLayout(world.files, directory);
  return readEnvironment(layout, imageOf(layout), key, platform);
}

function unusable({ backend }: Found, { platform }: EnvironmentBuild): Failure {
  return new Failure(
    "tool",
    `${backend.name} built another environment for ${printPlatform(platform)} than asked for`,
    {
      code: "EnvironmentUnusable",
      hint: "Give assembly: backend, and please report it with the log of this run.",
    },
  );
}
