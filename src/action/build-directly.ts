/** The story of direct assembly: the backend builds the environment unless it is cached; this action makes everything else. */
import { Assembly, type EnvironmentBuilder, type ImageLoader } from "../assembly/assembly.ts";
import { mustBeDirect } from "../assembly/choice.ts";
import type { CachedEnvironments } from "../assembly/look-up.ts";
import { type AssemblyRequest, pathsOf, readAssemblyRequest } from "../assembly/request.ts";
import type { Engine } from "../backends/backend.ts";
import type { Environment } from "../cache/cached-environment.ts";
import { environmentKey } from "../cache/environment-key.ts";
import { UNKNOWN_ENVIRONMENT_TAG } from "../cache/names.ts";
import { refuseExisting, removeOnFailure } from "../commands/creations.ts";
import { maskSecret } from "../commands/gather-secrets.ts";
import { isLoaded } from "../commands/plan.ts";
import { printComment } from "../commands/quote.ts";
import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { type Platform, parsePlatform } from "../oci/platform.ts";
import { parseReference, printReference } from "../oci/reference.ts";
import { assumeBackend } from "../probe/assume.ts";
import { isEngineHere } from "../probe/builder.ts";
import type { PlanCheck } from "../probe/find-engine.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { openRegistries, type Registries } from "../registry/registries.ts";
import { printBytes } from "../text/byte-size.ts";
import { imageCheck } from "./build-by-backend.ts";
import { buildEnvironment, planEnvironment } from "./build-environment.ts";
import {
  type AssemblyFallback,
  type DirectJob,
  type DirectOutcome,
  environmentRequestOf,
  fallBack,
  refusalOf,
} from "./direct-job.ts";
import { builtBy, CACHED, closingComment, loadOf, originOf, outcomeOf, trafficOf } from "./direct-outcome.ts";
import { type EnvironmentBasis, findExisting } from "./find-existing.ts";
import { type BuildOutcome, type Job, registryOptions } from "./job.ts";
import { type Loading, loadImage, obstacleToFetching, openLoading } from "./load-image.ts";
import { readyEngine } from "./ready-engine.ts";

/**
 * Makes the image without handing the payload to a builder. Layers are hashed and uploaded while the backend builds an
 * environment that is not cached; tags are written last.
 * @returns the fallback when the backend must make the whole image and the inputs allow it.
 * @throws Failure of the part that fails; no tag then points to anything of this run.
 */
export async function buildDirectly(job: Job, recipe: Recipe): Promise<BuildOutcome | AssemblyFallback> {
  const { inputs, watch, machine } = job;
  const requestOn = (platform: Platform) => readAssemblyRequest(inputs, job.bento, recipe, platform, machine);
  const suits = checkOf(job, recipe, requestOn);
  const selectEngine = once(() => watch.phase("detect the engine", () => readyEngine(job, suits)));
  const request = requestOn(await platformHere(job, selectEngine));
  if (inputs.cacheKey !== undefined) maskSecret("cache-key", inputs.cacheKey, machine.actions);
  const { selection: assumed, planned } = await assumeBackend(inputs, job.env, machine, (selection) =>
    commandsOfEnvironment(job, recipe, environmentRequestOf(request), selection),
  );
  const direct: DirectJob = { job, recipe, request, assumed: { ...assumed, engine: NO_ENGINE }, selectEngine };
  if (inputs.dryRun === true) {
    const commands = [...planned.commands, closingComment(request, undefined)];
    return { ...planned, ...outcomeOf(direct, assumed, undefined, builtBy(assumed)), commands };
  }
  const image = await makeDirectly(direct);
  return "because" in image ? image : { dockerfile: planned.dockerfile, ...image };
}

async function makeDirectly(direct: DirectJob): Promise<DirectOutcome | AssemblyFallback> {
  const { job, recipe, request, selectEngine } = direct;
  const { machine, watch } = job;
  const registries = openRegistries(machine, registryOptions(job));
  const loading = request.isLoaded ? await openLoading(job, await selectEngine(), request) : undefined;
  if (request.isLoaded && loading === undefined) return fallBack(direct, "no program of a local image store is here");
  const found = await findExisting(direct, loading, registries);
  if ("because" in found) return found;
  const { basis, payload, environments } = found;
  const obstacle = loading && (await obstacleToLoading(direct, basis, loading, environments));
  if (obstacle !== undefined) return fallBack(direct, obstacle);
  const assembly = new Assembly(recipe, basis.request, { ...payload, ...environments }, registries, machine, watch);
  await assembly.checkLimits();
  // Without the base image's digest no later run could find the environment.
  const keeps = loading?.keeps === true && basis.base !== undefined;
  const store = loading && { ...loading, keeps, origin: originOf(loading, environments) };
  try {
    const unchanged = await findUnchanged(direct, assembly, registries);
    return unchanged ?? (await assemble(direct, basis, assembly, registries, store));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "LoadRefused") throw error;
    return fallBack(direct, error.message, error);
  }
}

/** Why the image cannot be loaded from this process; undefined if it can, or if only the attempt will show it. */
async function obstacleToLoading(
  { job, recipe, request, selectEngine }: DirectJob,
  { base, environmentRequest }: EnvironmentBasis,
  loading: Loading,
  { requests, environments }: CachedEnvironments,
): Promise<string | undefined> {
  if (environments.length === requests.length) return undefined;
  const [platform] = request.platforms;
  const planned = { platform, recipe, request: environmentRequest, ...(base === undefined ? {} : { base }) };
  const refusal = await refusalOf(async () => planEnvironment(job, await selectEngine(), planned));
  return refusal?.message ?? (await obstacleToFetching(loading, request));
}

/** The identical image that exists already, where `if-exists: skip` accepts it. */
async function findUnchanged(
  direct: DirectJob,
  assembly: Assembly,
  registries: Registries,
): Promise<DirectOutcome | undefined> {
  const unchanged = await assembly.findUnchanged();
  if (unchanged === undefined) return undefined;
  const tags = direct.request.references.map(printReference).join(", ");
  direct.job.machine.actions.info(`${tags}: an identical image exists already.`);
  return {
    ...outcomeOf(direct, direct.assumed, unchanged, CACHED),
    ...trafficOf(direct, unchanged, registries),
    assembly: "direct, image exists already",
    existed: true,
    commands: [],
  };
}

async function assemble(
  direct: DirectJob,
  { base, environmentRequest }: EnvironmentBasis,
  assembly: Assembly,
  registries: Registries,
  loading: (Loading & { readonly origin: string }) | undefined,
): Promise<DirectOutcome> {
  const { job, recipe, request } = direct;
  const { machine } = job;
  const paths = pathsOf(request);
  await refuseExisting(paths, machine.files);
  const commands: string[] = [];
  const cached = new Set<string>();
  const sentByBackend = new Set<Digest>();
  const environments: Environment[] = [];
  let fetched = 0;
  let selection = loading === undefined ? direct.assumed : await direct.selectEngine();
  const build: EnvironmentBuilder = async (request, signal) => {
    selection = await direct.selectEngine();
    const wanted = { ...request, recipe, request: environmentRequest, ...(base === undefined ? {} : { base }) };
    const built = await buildEnvironment({ ...job, machine: { ...machine, signal } }, selection, wanted, registries);
    commands.push(...built.commands);
    if (built.cache !== undefined) cached.add(built.cache);
    if (environmentRequest.cache !== undefined)
      for (const { digest } of built.environment.layers) sentByBackend.add(digest);
    environments.push(built.environment);
    return built.environment;
  };
  const load: ImageLoader | undefined =
    loading &&
    (async (image) => {
      fetched = await job.watch.phase("load", () => loadImage(loading, job, image, request, environments));
    });
  const image = await removeOnFailure(paths, machine.files, () => assembly.make(build, load));
  if (request.references.length > 0) machine.actions.info(`Uploaded ${printBytes(registries.uploads.bytes)}.`);
  const cache = cached.size === 0 ? {} : { cache: [...cached].join("; ") };
  const push = trafficOf(direct, image, registries, { by: selection.backend.name, layers: sentByBackend });
  const isBuilt = environments.length > 0;
  return {
    ...outcomeOf(direct, selection, image, isBuilt ? builtBy(selection) : (loading?.origin ?? CACHED)),
    ...(loading === undefined ? {} : { ...loadOf(image, fetched), client: loading.local.store.client }),
    ...push,
    ...cache,
    commands: [...commands, closingComment(request, image)],
  };
}

/** For a run that needed no engine. */
const NO_ENGINE: Engine = { versions: {} };

/** The platform when the input `platforms` is empty: that of the engine, which is this machine's unless it is remote. */
async function platformHere(
  { inputs, env, machine }: Job,
  selectEngine: () => Promise<EngineSelection>,
): Promise<Platform> {
  const here = parsePlatform(machine.architecture);
  if (inputs.platforms.length > 0 || inputs.dryRun === true || (await isEngineHere(inputs, env, machine))) return here;
  return (await selectEngine()).engine.platform ?? here;
}

/**
 * Whether a backend supports what is requested of it: the environment and, as only the engine shows whether it can load an
 * image from this process, the whole image that is to be loaded.
 */
function checkOf(job: Job, recipe: Recipe, requestOn: (platform: Platform) => AssemblyRequest): PlanCheck {
  if (isLoaded(job.inputs) && !mustBeDirect(job.inputs)) return imageCheck(job);
  return async (selection) => {
    const request = environmentRequestOf(
      requestOn(selection.engine.platform ?? parsePlatform(job.machine.architecture)),
    );
    const [platform] = request.platforms;
    await planEnvironment(job, selection, { platform, recipe, request });
  };
}

/**
 * The commands that the backend would run. Inputs that it cannot honour are refused here, also when the environment is
 * cached. The key of the environment is known without a registry when the base image is given by digest; otherwise the
 * commands say that it is not.
 */
async function commandsOfEnvironment(
  job: Job,
  recipe: Recipe,
  request: AssemblyRequest,
  selection: EngineSelection,
): Promise<Pick<BuildOutcome, "dockerfile" | "commands">> {
  const [platform] = request.platforms;
  const base = parseReference(recipe.base).digest;
  if (base !== undefined && job.inputs.dryRun === true) {
    const key = await environmentKey({ ...request, recipe, base, platform }, job.machine.files.enclosed);
    return planEnvironment(job, selection, { key, platform, recipe, request });
  }
  const { dockerfile, commands } = await planEnvironment(job, selection, { platform, recipe, request });
  const unknown = `${UNKNOWN_ENVIRONMENT_TAG} stands for a name that is made of the digest of ${recipe.base}, for which a run asks the registry`;
  return { dockerfile, commands: [...commands, printComment(unknown)] };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
