/** The story of direct assembly: the backend builds the environment unless it is cached; this action makes everything else. */
import { type Assembled, Assembly, type EnvironmentBuilder, type ImageLoader } from "../assembly/assembly.ts";
import { findBase, type UnknownBase } from "../assembly/base-digest.ts";
import { mustBeDirect } from "../assembly/choice.ts";
import { type CachedEnvironments, type CachedPayload, findEnvironments, lookUpPayload } from "../assembly/look-up.ts";
import { reportOf } from "../assembly/prepare-layers.ts";
import {
  type AssemblyRequest,
  obstacleToStreaming,
  onlyLoads,
  pathsOf,
  readAssemblyRequest,
} from "../assembly/request.ts";
import type { Engine } from "../backends/backend.ts";
import type { Environment } from "../cache/cached-environment.ts";
import { environmentKey } from "../cache/environment-key.ts";
import { UNKNOWN_ENVIRONMENT_TAG } from "../cache/names.ts";
import { refuseExisting, removeOnFailure } from "../commands/creations.ts";
import { maskSecret } from "../commands/gather-secrets.ts";
import { isLoaded } from "../commands/plan.ts";
import { printComment } from "../commands/quote.ts";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import type { Digest } from "../oci/digest.ts";
import { type Platform, parsePlatform, printPlatform } from "../oci/platform.ts";
import { parseReference, printReference, printRepository } from "../oci/reference.ts";
import { assumeBackend } from "../probe/assume.ts";
import { isEngineHere } from "../probe/builder.ts";
import type { PlanCheck } from "../probe/find-engine.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { openRegistries, type Registries } from "../registry/registries.ts";
import { reconcile } from "../result/result.ts";
import { printBytes } from "../text/byte-size.ts";
import { imageCheck } from "./build-by-backend.ts";
import { buildEnvironment, planEnvironment } from "./build-environment.ts";
import { downloadRemoteFiles } from "./download-models.ts";
import { type BuildOutcome, type Job, registryOptions } from "./job.ts";
import { findInStore, type Loading, loadImage, obstacleToFetching, openLoading, placeOf } from "./load-image.ts";
import { readyEngine } from "./ready-engine.ts";

/** The backend must make the whole image after all, as when the base image cannot be resolved and the engine writes no layout. */
export interface AssemblyFallback {
  readonly because: string;
  /** Detects or starts the engine once, however often it is called, also where that is done already. */
  selectEngine(): Promise<EngineSelection>;
}

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
    commandsOfEnvironment(job, recipe, request, selection),
  );
  const direct: DirectJob = { job, recipe, request, assumed: { ...assumed, engine: NO_ENGINE }, selectEngine };
  if (inputs.dryRun === true) {
    const commands = [...planned.commands, closingComment(request, undefined)];
    return { ...planned, ...outcomeOf(direct, assumed, undefined, builtBy(assumed)), commands };
  }
  const registries = openRegistries(machine, registryOptions(job));
  const loading = request.isLoaded ? await openLoading(job, await selectEngine(), request) : undefined;
  if (request.isLoaded && loading === undefined) return fallBack(direct, "no program of a local image store is here");
  const models = await modelsToAssemble(direct);
  const [base, payload] = await watch.phase("query the registry", () =>
    Promise.all([
      findBase(registries, recipe.base, inputs.registryMirrors),
      readingCache(request, machine, (one) => lookUpPayload(recipe, models, one, registries, machine)),
    ]),
  );
  const basis =
    typeof base === "object"
      ? await basisWithoutDigest(direct, base)
      : { base, request, environmentRequest: onlyLoads(request) ? withoutCache(request) : request };
  if ("because" in basis) return basis;
  machine.actions.info(
    "Direct assembly: the backend builds the environment unless it is cached; this action makes all other layers",
  );
  const environments = await watch.phase("find the environment", async () => {
    const found = await readingCache(basis.request, machine, (one) =>
      findEnvironments(recipe, one, basis.base, payload.cached, registries, machine),
    );
    return loading === undefined || basis.base === undefined ? found : findInStore(loading, job, found);
  });
  const obstacle = loading && (await obstacleToLoading(direct, basis, loading, environments));
  if (obstacle !== undefined) return fallBack(direct, obstacle);
  for (const line of printCached(basis.request, payload, environments)) machine.actions.info(line);
  const assembly = new Assembly(recipe, basis.request, { ...payload, ...environments }, registries, machine, watch);
  await assembly.checkLimits();
  try {
    const image =
      (await findUnchanged(direct, assembly, registries)) ??
      (await assemble(
        direct,
        basis,
        assembly,
        registries,
        loading && { ...loading, origin: originOf(loading, environments) },
      ));
    return { dockerfile: planned.dockerfile, ...image };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "LoadRefused") throw error;
    return fallBack(direct, error.message, error);
  }
}

/** @throws Failure, by default `input`, code Unsupported, where the inputs do not allow the backend to make the whole image. */
function fallBack(
  { job, selectEngine }: Pick<DirectJob, "job" | "selectEngine">,
  because: string,
  failure = new Failure("input", `assembly: direct is not possible here: ${because}`, { code: "Unsupported" }),
): AssemblyFallback {
  if (mustBeDirect(job.inputs)) throw failure;
  return { because, selectEngine };
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

/** The failure of a plan that the backend does not support; undefined if it does. */
async function refusalOf(plan: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await plan();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.code === "Unsupported") return error;
    throw error;
  }
}

function withoutCache({ cache: _, ...request }: AssemblyRequest): AssemblyRequest {
  return request;
}

/** Reads the cache. A run that only loads does without a cache that it may not read or cannot reach. */
async function readingCache<T>(
  request: AssemblyRequest,
  { actions, signal }: Pick<Machine, "actions" | "signal">,
  read: (request: AssemblyRequest) => Promise<T>,
): Promise<T> {
  try {
    return await read(request);
  } catch (error) {
    const isAboutCache = error instanceof Failure && (error.class === "auth" || error.class === "network");
    if (request.cache === undefined || !onlyLoads(request) || !isAboutCache || signal.aborted) throw error;
    actions.info(`The cache ${printRepository(request.cache.repository)} is not used: ${error.message}`);
    return read(withoutCache(request));
  }
}

/** What the environments are built on, and where they go. */
interface EnvironmentBasis {
  /** Digest of the base image; undefined when only the engine can resolve its name. */
  readonly base?: Digest;
  readonly request: AssemblyRequest;
  /** The request that environments are built by: without a cache they live as long as the run. */
  readonly environmentRequest: AssemblyRequest;
}

/**
 * When only the engine can resolve the base image, it builds the environment in every run, from its own cache. The
 * environment is not stored in the registry and no existing image is reused, because no key can name the base image.
 * @throws Failure of resolving the base image, where the inputs do not allow the backend to make the whole image.
 */
async function basisWithoutDigest(
  { job, recipe, request, selectEngine }: DirectJob,
  { unknown, failure }: UnknownBase,
): Promise<EnvironmentBasis | AssemblyFallback> {
  const environmentRequest = withoutCache(request);
  const [platform] = request.platforms;
  const planned = { platform, recipe, request: environmentRequest };
  const refusal = await refusalOf(async () => planEnvironment(job, await selectEngine(), planned));
  if (refusal !== undefined) return fallBack({ job, selectEngine }, unknown, failure);
  job.machine.actions.info(`The environment is built in this run and not cached: ${unknown}`);
  return { request: { ...request, skipExisting: false }, environmentRequest };
}

interface DirectJob {
  readonly job: Job;
  readonly recipe: Recipe;
  readonly request: AssemblyRequest;
  /** The backend that would build, until an engine is selected. */
  readonly assumed: EngineSelection;
  selectEngine(): Promise<EngineSelection>;
}

/** Big files that are only on the Hub stay there when they can be streamed from it to the registry. */
async function modelsToAssemble({ job, request }: DirectJob): Promise<Job["models"]> {
  const obstacle = obstacleToStreaming(request);
  return obstacle === undefined ? job.models : downloadRemoteFiles(job, obstacle);
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

/** The origin of an environment from a registry's cache, in words. */
const CACHED = "cached";

function originOf(loading: Loading, { environments }: CachedEnvironments): string {
  return environments.some(({ content }) => content.repository === undefined) ? placeOf(loading) : CACHED;
}

function builtBy({ backend }: EngineSelection): string {
  return `built by ${backend.name}`;
}

/** What loading took: the bytes that the store fetched, and those that it had. */
function loadOf({ image }: Assembled, fetched: number): Pick<BuildOutcome, "traffic"> {
  const size = image.platforms.flatMap(({ layers }) => layers).reduce((sum, layer) => sum + layer.size, 0);
  return { traffic: { sent: fetched, reused: Math.max(0, size - fetched) } };
}

/** What the push took; nothing if the image was not pushed. */
function trafficOf(
  { request: { references } }: Pick<DirectJob, "request">,
  { image }: Assembled,
  { uploads }: Registries,
  environment: { readonly by: string; readonly layers: ReadonlySet<Digest> } = { by: "", layers: new Set() },
): Pick<BuildOutcome, "traffic"> {
  if (references.length === 0) return {};
  const layers = new Map(
    image.platforms.flatMap((platform) => platform.layers).map(({ digest, size }) => [digest, size]),
  );
  const reused = [...layers].filter(([digest]) => !uploads.blobs.has(digest) && !environment.layers.has(digest));
  return {
    traffic: {
      sent: uploads.bytes,
      reused: reused.reduce((sum, [, size]) => sum + size, 0),
      ...(environment.layers.size === 0 ? {} : { environmentBy: environment.by }),
    },
  };
}

type DirectOutcome = Omit<BuildOutcome, "dockerfile">;

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
    const request = requestOn(selection.engine.platform ?? parsePlatform(job.machine.architecture));
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

/** What the registry's cache has of the image. */
function printCached(
  { cache }: AssemblyRequest,
  { layerJobs, cachedLayers }: CachedPayload,
  { requests, environments }: CachedEnvironments,
): readonly string[] {
  if (cache === undefined) return [];
  const models = layerJobs.filter(({ located }) => located !== undefined);
  const found = models.flatMap(({ key = "" }) => cachedLayers.get(key) ?? []);
  const size = found.reduce((sum, layer) => sum + layer.size, 0);
  const parts = [
    ...requests.map(({ key, platform }) => {
      const isCached = environments.some((environment) => environment.key === key);
      return `environment for ${printPlatform(platform)} ${isCached ? "cached" : "not cached"}`;
    }),
    ...(models.length === 0
      ? []
      : [`${found.length} of ${models.length} model layers cached${size === 0 ? "" : ` (${printBytes(size)})`}`]),
  ];
  return [`Cache ${printRepository(cache.repository)}: ${parts.join("; ")}`];
}

function outcomeOf(
  { recipe, request: { platforms } }: DirectJob,
  { backend, engine }: EngineSelection,
  assembled: Assembled | undefined,
  environment: string,
): Omit<DirectOutcome, "commands"> {
  return {
    backend: backend.name,
    assembly: `direct, environment ${environment}`,
    environment,
    engine,
    client: backend.client,
    existed: false,
    base: recipe.base,
    result: assembled === undefined ? { platforms: [] } : reconcile([assembled.image], {}, platforms),
    payload: assembled?.layers.map(reportOf) ?? [],
    changes: assembled?.changes ?? [],
    notes: [...recipe.notes, ...(engine.notes ?? []), ...(assembled?.notes ?? [])],
  };
}

/** A comment after the printed commands: what this action does itself. */
function closingComment(request: AssemblyRequest, image: Assembled | undefined): string {
  const { references, isLoaded, names, platforms } = request;
  const store = isLoaded ? [`the engine's store as ${names.map(printReference).join(", ")}`] : [];
  const places = [...references.map(printReference), ...pathsOf(request), ...store];
  const layers = image === undefined ? "the layers of models and code" : `${image.layers.length} layers`;
  const environment = platforms.map(printPlatform).join(", ");
  return printComment(`then ${layers} on the environment for ${environment}, by this action, to ${places.join(", ")}`);
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
