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
import { openStopwatch } from "../report/stopwatch.ts";
import type { BuildOutcome, Job } from "./job.ts";
import { type BackendBuild, runBackend } from "./run-backend.ts";

/** An environment to build, with what a dry run knows of it. */
export interface PlannedEnvironment extends Pick<EnvironmentRequest, "platform"> {
  readonly recipe: Recipe;
  readonly request: AssemblyRequest;
  /** Undefined until the base image's name has been resolved. */
  readonly key?: Digest;
  /** The digest of the base image; undefined until it has been resolved. */
  readonly base?: Digest;
}

export interface WantedEnvironment extends PlannedEnvironment {
  readonly key: Digest;
}

/** The environment that was built, and the commands that built it. */
export interface BuiltEnvironment extends Pick<BuildOutcome, "commands" | "cache"> {
  readonly environment: Environment;
}

/** Where the backend puts the environment. */
type Destination =
  /** In the cache, under the tag of its key. */
  | { readonly kind: "tag"; readonly cache: LayerCache }
  /** In the cache, by digest; this action tags it afterwards. */
  | { readonly kind: "digest"; readonly cache: LayerCache }
  /** In an OCI layout that is removed after the run. */
  | { readonly kind: "layout"; readonly directory: string };

/** The commands that would build the environment. @throws Failure `input` if the backend does not support what is requested. */
export function planEnvironment(
  job: Job,
  selection: EngineSelection,
  planned: PlannedEnvironment,
): Promise<BackendBuild> {
  const { cache } = planned.request;
  const destination: Destination = cache === undefined ? { kind: "layout", directory: "" } : { kind: "tag", cache };
  const watch = openStopwatch();
  return run({ ...job, watch, inputs: { ...job.inputs, dryRun: true } }, selection, planned, destination);
}

/**
 * Builds only the environment with the backend: into the cache or, without a cache, into a layout. The result is read by the
 * digest that the backend reports, because another run may have moved the tag.
 * @throws Failure of the build; `tool` (code EnvironmentUnusable) if the result is not the requested environment.
 */
export async function buildEnvironment(
  job: Job,
  selection: EngineSelection,
  wanted: WantedEnvironment,
  registries: Registries,
): Promise<BuiltEnvironment> {
  const isolated = await withOwnScratch(job, environmentTag(wanted.key));
  const { cache } = wanted.request;
  return cache === undefined
    ? buildLayout(isolated, selection, wanted)
    : buildIntoCache(isolated, selection, wanted, cache, registries);
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
  if (cache.signer === undefined && !(await isTagTaken(wanted, cache, registries))) {
    return buildTagged(job, selection, wanted, cache, registries);
  }
  const built = await run(job, selection, wanted, { kind: "digest", cache }).catch((error: unknown) => {
    // An engine that cannot push by digest refuses before it builds anything.
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    return run(job, selection, wanted, { kind: "tag", cache });
  });
  const stored = await readBuilt(built, selection, wanted, cache, registries);
  await storeEnvironment(registries, cache, stored);
  return { ...built, environment: stored.environment };
}

/**
 * Whether the tag of the key already exists. A registry may not allow to move it, and the tools do not report that clearly.
 * If the registry does not answer, the tag counts as free, and the push reports the error.
 * @throws Failure `cancelled`, `auth`.
 */
async function isTagTaken(
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

/** Pushes directly under the tag, which is fastest with most tools. If tags cannot be moved, another run may have pushed first. */
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
    // After a digest mismatch, what the registry holds under the tag is not trusted either.
    const isMismatch = error instanceof Failure && error.code === "DigestMismatch";
    if (isMismatch || job.machine.signal.aborted || !cache.reads.environments) throw error;
    const other = await findEnvironment(registries, cache, wanted.key, wanted.platform).catch(() => undefined);
    if (other === undefined) throw error;
    job.machine.actions.info(`Another run has built the environment for ${printPlatform(wanted.platform)} meanwhile.`);
    return { commands: [], environment: other };
  }
}

/** Gives each environment its own scratch directory: podman and buildah push from a layout there, which must not contain another one. */
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
    `${backend.name} built a different environment for ${printPlatform(platform)} than requested`,
    {
      code: "EnvironmentUnusable",
      hint: "Set assembly: backend, and please report this with the log of the run.",
    },
  );
}
