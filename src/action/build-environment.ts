import { join } from "node:path";
import type { EnvironmentRequest } from "../assembly/look-up.ts";
import type { AssemblyRequest } from "../assembly/request.ts";
import { storeEnvironment } from "../assembly/store.ts";
import {
  type Environment,
  findEnvironment,
  readEnvironment,
  type StoredEnvironment,
} from "../cache/cached-environment.ts";
import { unlessAbsent } from "../cache/cached-layers.ts";
import type { LayerCache } from "../cache/layer-cache.ts";
import { ENVIRONMENT_LABEL, environmentTag, UNKNOWN_ENVIRONMENT_TAG } from "../cache/names.ts";
import { dialectOf } from "../commands/answers.ts";
import { Failure } from "../errors.ts";
import type { Inputs } from "../inputs/schema.ts";
import { imageOf, openLayout } from "../layout/layout.ts";
import type { Digest } from "../oci/digest.ts";
import { printPlatform } from "../oci/platform.ts";
import { parseReference } from "../oci/reference.ts";
import type { EngineSelection } from "../probe/probe.ts";
import { ENVIRONMENT_STAGE, environmentSource } from "../recipe/dockerfile/dockerfile.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent, resolve, resolveDigest } from "../registry/resolve.ts";
import type { BuildOutcome, Job } from "./job.ts";
import { type BackendBuild, runBackend } from "./run-backend.ts";

/** An environment to be built, as far as a dry run knows it. */
export interface PlannedEnvironment extends Pick<EnvironmentRequest, "platform"> {
  readonly recipe: Recipe;
  readonly request: AssemblyRequest;
  /** Undefined while nobody has asked what the base image's name stands for. */
  readonly key?: Digest;
  /** The digest that it stands for; undefined when nobody asked. */
  readonly base?: Digest;
}

export interface WantedEnvironment extends PlannedEnvironment {
  readonly key: Digest;
}

/** What a build gives, and how it was done. */
export interface BuiltEnvironment extends Pick<BuildOutcome, "commands" | "cache"> {
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

/** The commands that would build the environment. @throws Failure `input` when the backend cannot do what is asked. */
export function rehearseEnvironment(
  job: Job,
  selection: EngineSelection,
  planned: PlannedEnvironment,
): Promise<BackendBuild> {
  const { cache } = planned.request;
  const destination: Destination = cache === undefined ? { kind: "layout", directory: "" } : { kind: "tag", cache };
  return run({ ...job, inputs: { ...job.inputs, dryRun: true } }, selection, planned, destination);
}

/**
 * The backend builds the environment alone, into the cache or, without one, into a layout. What is read of it is what the
 * backend says that it built, by digest, and not what a tag points to by then.
 * @throws Failure of the build; `tool` (code EnvironmentUnusable) when what came out is not what was asked for.
 */
export async function buildEnvironment(
  job: Job,
  selection: EngineSelection,
  wanted: WantedEnvironment,
  registries: Registries,
): Promise<BuiltEnvironment> {
  const own = await withOwnScratch(job, environmentTag(wanted.key));
  const { cache } = wanted.request;
  return cache === undefined
    ? buildLayout(own, selection, wanted)
    : buildIntoCache(own, selection, wanted, cache, registries);
}

async function buildLayout(job: Job, selection: EngineSelection, wanted: WantedEnvironment): Promise<BuiltEnvironment> {
  const directory = join(await job.machine.files.scratch(), "environment");
  const built = await run(job, selection, wanted, { kind: "layout", directory });
  const layout = await openLayout(job.machine.files, directory);
  const stored = await readEnvironment(layout, imageOf(layout), wanted.key, wanted.platform);
  if (stored === undefined) throw unusable(selection, wanted);
  return { ...built, environment: stored.environment };
}

async function buildIntoCache(
  job: Job,
  selection: EngineSelection,
  wanted: WantedEnvironment,
  cache: LayerCache,
  registries: Registries,
): Promise<BuiltEnvironment> {
  if (cache.signer === undefined && !(await isTaken(wanted, cache, registries))) {
    return buildTagged(job, selection, wanted, cache, registries);
  }
  const built = await run(job, selection, wanted, { kind: "digest", cache }).catch((error: unknown) => {
    // Refused before anything was built, by an engine that cannot.
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    return run(job, selection, wanted, { kind: "tag", cache });
  });
  const stored = await readBuilt(built, selection, wanted, cache, registries);
  await storeEnvironment(registries, cache, stored);
  return { ...built, environment: stored.environment };
}

/**
 * Whether something is under the tag of the key, which a tool that pushes there may not be allowed to move, and which no
 * tool reports as such. A registry that does not tell counts as one without it: the push says what is wrong then.
 * @throws Failure `cancelled`, `auth`.
 */
async function isTaken(
  { key }: WantedEnvironment,
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
  selection: EngineSelection,
  wanted: WantedEnvironment,
  cache: LayerCache,
  registries: Registries,
): Promise<BuiltEnvironment> {
  try {
    const built = await run(job, selection, wanted, { kind: "tag", cache });
    return { ...built, environment: (await readBuilt(built, selection, wanted, cache, registries)).environment };
  } catch (error) {
    // An answer that is another one than the tool's is no reason to believe it.
    const isMismatch = error instanceof Failure && error.code === "DigestMismatch";
    if (isMismatch || job.machine.signal.aborted || !cache.reads.environments) throw error;
    const other = await findEnvironment(registries, cache, wanted.key, wanted.platform).catch(() => undefined);
    if (other === undefined) throw error;
    job.machine.actions.info(`Another run has built the environment for ${printPlatform(wanted.platform)} meanwhile.`);
    return { commands: [], environment: other };
  }
}

/** Podman and buildah push through a layout in the scratch directory, which must not hold another environment. */
async function withOwnScratch(job: Job, name: string): Promise<Job> {
  const { files } = job.machine;
  const scratch = join(await files.scratch(), name);
  await files.makeDirectory(scratch, 0o700);
  return { ...job, machine: { ...job.machine, files: { ...files, scratch: async () => scratch } } };
}

function run(
  job: Job,
  selection: EngineSelection,
  planned: PlannedEnvironment,
  destination: Destination,
): Promise<BackendBuild> {
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
  const dialect = dialectOf(selection.backend, selection.engine);
  const source = environmentSource(recipe, { dialect, ...(base === undefined ? {} : { base }) });
  return runBackend(job, selection, { inputs, source, stage: ENVIRONMENT_STAGE, keepsEnvironment: isPushed });
}

async function readBuilt(
  { result: { digest } }: BackendBuild,
  selection: EngineSelection,
  wanted: WantedEnvironment,
  { repository }: LayerCache,
  registries: Registries,
): Promise<StoredEnvironment> {
  if (digest === undefined) throw unusable(selection, wanted);
  const root = await resolve(registries, { ...repository, digest });
  const content = repositoryContent(registries, repository, root);
  const stored = await readEnvironment(content, root, wanted.key, wanted.platform);
  if (stored === undefined) throw unusable(selection, wanted);
  return stored;
}

function unusable({ backend }: EngineSelection, { platform }: WantedEnvironment): Failure {
  return new Failure(
    "tool",
    `${backend.name} built another environment for ${printPlatform(platform)} than asked for`,
    {
      code: "EnvironmentUnusable",
      hint: "Give assembly: backend, and please report it with the log of this run.",
    },
  );
}
