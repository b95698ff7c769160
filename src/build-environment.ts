import { join } from "node:path";
import type { LayerCache } from "./assembly/cache.ts";
import { type Environment, findEnvironment, readEnvironment, type StoredEnvironment } from "./assembly/environment.ts";
import type { EnvironmentRequest } from "./assembly/knowledge.ts";
import { unlessAbsent } from "./assembly/known.ts";
import { ENVIRONMENT_LABEL, environmentTag, UNKNOWN_ENVIRONMENT_TAG } from "./assembly/names.ts";
import type { Order } from "./assembly/order.ts";
import { rememberEnvironment } from "./assembly/remember.ts";
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
import { repositoryContent, resolve, resolveDigest } from "./registry/resolve.ts";
import { runBackend } from "./run-backend.ts";
import { dialectOf } from "./script/answers.ts";
import type { Found } from "./script/probe.ts";

/** An environment to be built, as far as a dry run knows it. */
export interface PlannedEnvironment extends Pick<EnvironmentRequest, "platform"> {
  readonly recipe: Recipe;
  readonly order: Order;
  /** Undefined while nobody has asked what the base image's name stands for. */
  readonly key?: Digest;
  /** The digest that it stands for; undefined when nobody asked. */
  readonly base?: Digest;
}

export interface EnvironmentBuild extends PlannedEnvironment {
  readonly key: Digest;
}

/** What a build gives, and how it was done. */
export interface BuiltEnvironment extends Pick<Outcome, "commands" | "cache"> {
  readonly environment: Environment;
}

/** Where the backend leaves the environment. */
type Destination =
  /** In the cache, under the tag of its key. */
  | { readonly kind: "tag"; readonly cache: LayerCache }
  /** In the cache, under its digest alone: this action gives it the tag. */
  | { readonly kind: "digest"; readonly cache: LayerCache }
  /** In an OCI layout that lives as long as the run. */
  | { readonly kind: "layout"; readonly directory: string };

type Told = Pick<Outcome, "dockerfile" | "commands" | "cache" | "result">;

/** The commands that would build the environment. @throws Failure `input` when the backend cannot do what is asked. */
export function rehearseEnvironment(job: Job, found: Found, planned: PlannedEnvironment): Promise<Told> {
  const { cache } = planned.order;
  const destination: Destination = cache === undefined ? { kind: "layout", directory: "" } : { kind: "tag", cache };
  return run({ ...job, inputs: { ...job.inputs, dryRun: true } }, found, planned, destination);
}

/**
 * The backend builds the environment alone, into the cache or, without one, into a layout. What is read of it is what the
 * backend says that it built, by digest, and not what a tag points to by then.
 * @throws Failure of the build; `tool` (code EnvironmentUnusable) when what came out is not what was asked for.
 */
export async function buildEnvironment(
  job: Job,
  found: Found,
  build: EnvironmentBuild,
  registries: Registries,
): Promise<BuiltEnvironment> {
  const own = await withOwnScratch(job, environmentTag(build.key));
  const { cache } = build.order;
  return cache === undefined ? buildLayout(own, found, build) : buildIntoCache(own, found, build, cache, registries);
}

async function buildLayout(job: Job, found: Found, build: EnvironmentBuild): Promise<BuiltEnvironment> {
  const directory = join(await job.world.files.scratch(), "environment");
  const told = await run(job, found, build, { kind: "layout", directory });
  const layout = await openLayout(job.world.files, directory);
  const stored = await readEnvironment(layout, imageOf(layout), build.key, build.platform);
  if (stored === undefined) throw unusable(found, build);
  return { ...told, environment: stored.environment };
}

async function buildIntoCache(
  job: Job,
  found: Found,
  build: EnvironmentBuild,
  cache: LayerCache,
  registries: Registries,
): Promise<BuiltEnvironment> {
  if (cache.signer === undefined && !(await isTaken(build, cache, registries))) {
    return buildTagged(job, found, build, cache, registries);
  }
  const told = await run(job, found, build, { kind: "digest", cache }).catch((error: unknown) => {
    // Refused before anything was built, by an engine that cannot.
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    return run(job, found, build, { kind: "tag", cache });
  });
  const stored = await readBack(told, found, build, cache, registries);
  await rememberEnvironment(registries, cache, stored);
  return { ...told, environment: stored.environment };
}

/**
 * Whether something is under the tag of the key, which a tool that pushes there may not be allowed to move, and which no
 * tool reports as such. A registry that does not tell counts as one without it: the push says what is wrong then.
 * @throws Failure `cancelled`, `auth`.
 */
async function isTaken(
  { key }: EnvironmentBuild,
  { repository }: LayerCache,
  registries: Registries,
): Promise<boolean> {
  const tag = { ...repository, tag: environmentTag(key) };
  try {
    return (await unlessAbsent(() => resolveDigest(registries, tag))) !== undefined;
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "auth") throw error;
    return false;
  }
}

/** Under its tag at once: most tools push fastest so. Where tags cannot be moved, another run may have been faster. */
async function buildTagged(
  job: Job,
  found: Found,
  build: EnvironmentBuild,
  cache: LayerCache,
  registries: Registries,
): Promise<BuiltEnvironment> {
  try {
    const told = await run(job, found, build, { kind: "tag", cache });
    return { ...told, environment: (await readBack(told, found, build, cache, registries)).environment };
  } catch (error) {
    // An answer that is another one than the tool's is no reason to believe it.
    const isMismatch = error instanceof Failure && error.code === "DigestMismatch";
    if (isMismatch || job.world.signal.aborted || !cache.reads.environments) throw error;
    const other = await findEnvironment(registries, cache, build.key, build.platform).catch(() => undefined);
    if (other === undefined) throw error;
    job.world.actions.info(`Another run has built the environment for ${printPlatform(build.platform)} meanwhile.`);
    return { commands: [], environment: other };
  }
}

/** Podman and buildah push through a layout in the scratch directory, which must not hold another environment. */
async function withOwnScratch(job: Job, name: string): Promise<Job> {
  const { files } = job.world;
  const scratch = join(await files.scratch(), name);
  await files.makeDirectory(scratch, 0o700);
  return { ...job, world: { ...job.world, files: { ...files, scratch: async () => scratch } } };
}

function run(job: Job, found: Found, planned: PlannedEnvironment, destination: Destination): Promise<Told> {
  const { recipe, base, key, platform } = planned;
  const tag = key === undefined ? UNKNOWN_ENVIRONMENT_TAG : environmentTag(key);
  const isPushed = destination.kind !== "layout";
  const inputs: Inputs = {
    ...job.inputs,
    tags: [isPushed ? { ...destination.cache.repository, tag } : parseReference(`environment:${tag}`)],
    push: destination.kind === "tag",
    pushByDigest: destination.kind === "digest",
    load: false,
    output: isPushed ? [] : [{ kind: "layout", path: destination.directory }],
    platforms: [platform],
    labels: { [ENVIRONMENT_LABEL]: key ?? tag },
    annotations: {},
    target: ENVIRONMENT_STAGE,
  };
  const dialect = dialectOf(found.backend, found.engine);
  const source = environmentSource(recipe, { dialect, ...(base === undefined ? {} : { base }) });
  return runBackend(job, found, inputs, source, { stage: ENVIRONMENT_STAGE, keepsEnvironment: isPushed });
}

async function readBack(
  { result: { digest } }: Told,
  found: Found,
  build: EnvironmentBuild,
  { repository }: LayerCache,
  registries: Registries,
): Promise<StoredEnvironment> {
  if (digest === undefined) throw unusable(found, build);
  const root = await resolve(registries, { ...repository, digest });
  const content = repositoryContent(registries, repository, root);
  const stored = await readEnvironment(content, root, build.key, build.platform);
  if (stored === undefined) throw unusable(found, build);
  return stored;
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
