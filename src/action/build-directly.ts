/** The story of direct assembly: the backend builds the environment unless it is cached; this action makes everything else. */
import { type Assembled, Assembly, type EnvironmentBuilder } from "../assembly/assembly.ts";
import { findBase, type UnknownBase } from "../assembly/base-digest.ts";
import { mustBeDirect } from "../assembly/choice.ts";
import { type CachedEnvironments, type CachedPayload, findEnvironments, lookUpPayload } from "../assembly/look-up.ts";
import { reportOf } from "../assembly/prepare-layers.ts";
import { type AssemblyRequest, obstacleToStreaming, readAssemblyRequest } from "../assembly/request.ts";
import type { Engine } from "../backends/backend.ts";
import { environmentKey } from "../cache/environment-key.ts";
import { UNKNOWN_ENVIRONMENT_TAG } from "../cache/names.ts";
import { refuseExisting, removeOnFailure } from "../commands/creations.ts";
import { maskSecret } from "../commands/gather-secrets.ts";
import { printComment } from "../commands/quote.ts";
import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { type Platform, parsePlatform, printPlatform } from "../oci/platform.ts";
import { parseReference, printReference, printRepository } from "../oci/reference.ts";
import { assumeBackend } from "../probe/assume.ts";
import { isEngineHere } from "../probe/builder.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { openRegistries, type Registries } from "../registry/registries.ts";
import { reconcile } from "../result/result.ts";
import { printBytes } from "../text/byte-size.ts";
import { buildEnvironment, planEnvironment } from "./build-environment.ts";
import { downloadRemoteFiles } from "./download-models.ts";
import { type BuildOutcome, type Job, registryOptions } from "./job.ts";
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
  const suits = (selection: EngineSelection) => checkEnvironment(job, selection, recipe, requestOn);
  const selectEngine = once(() => watch.phase("detect the engine", () => readyEngine(job, suits)));
  const request = requestOn(await platformHere(job, selectEngine));
  if (inputs.cacheKey !== undefined) maskSecret("cache-key", inputs.cacheKey, machine.actions);
  const { selection: assumed, planned } = await assumeBackend(inputs, job.env, machine, (selection) =>
    commandsOfEnvironment(job, recipe, request, selection),
  );
  const direct: DirectJob = { job, recipe, request, assumed: { ...assumed, engine: NO_ENGINE }, selectEngine };
  if (inputs.dryRun === true) {
    const commands = [...planned.commands, closingComment(request, undefined)];
    return { ...planned, ...outcomeOf(direct, assumed, undefined), commands };
  }
  const registries = openRegistries(machine, registryOptions(job));
  const models = await modelsToAssemble(direct);
  const [base, payload] = await watch.phase("query the registry", () =>
    Promise.all([
      findBase(registries, recipe.base, inputs.registryMirrors),
      lookUpPayload(recipe, models, request, registries, machine),
    ]),
  );
  const basis =
    typeof base === "object" ? await basisWithoutDigest(direct, base) : { base, request, environmentRequest: request };
  if ("because" in basis) return basis;
  machine.actions.info(
    "Direct assembly: the backend builds the environment unless it is cached; this action makes all other layers",
  );
  const environments = await watch.phase("find the environment", () =>
    findEnvironments(recipe, basis.request, basis.base, payload.cached, registries, machine),
  );
  for (const line of printCached(basis.request, payload, environments)) machine.actions.info(line);
  const assembly = new Assembly(recipe, basis.request, { ...payload, ...environments }, registries, machine, watch);
  await assembly.checkLimits();
  const image =
    (await findUnchanged(direct, assembly, registries)) ?? (await assemble(direct, basis, assembly, registries));
  return { dockerfile: planned.dockerfile, ...image };
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
  const { cache: _, ...environmentRequest } = request;
  const [platform] = request.platforms;
  try {
    await planEnvironment(job, await selectEngine(), { platform, recipe, request: environmentRequest });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    if (mustBeDirect(job.inputs)) throw failure;
    return { because: unknown, selectEngine };
  }
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
    ...outcomeOf(direct, direct.assumed, unchanged),
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
): Promise<DirectOutcome> {
  const { job, recipe, request } = direct;
  const { machine } = job;
  const paths = request.layout === undefined ? [] : [request.layout];
  await refuseExisting(paths, machine.files);
  const commands: string[] = [];
  const cached = new Set<string>();
  const sentByBackend = new Set<Digest>();
  let selection = direct.assumed;
  const build: EnvironmentBuilder = async (request, signal) => {
    selection = await direct.selectEngine();
    const wanted = { ...request, recipe, request: environmentRequest, ...(base === undefined ? {} : { base }) };
    const built = await buildEnvironment({ ...job, machine: { ...machine, signal } }, selection, wanted, registries);
    commands.push(...built.commands);
    if (built.cache !== undefined) cached.add(built.cache);
    if (environmentRequest.cache !== undefined)
      for (const { digest } of built.environment.layers) sentByBackend.add(digest);
    return built.environment;
  };
  const image = await removeOnFailure(paths, machine.files, () => assembly.make(build));
  if (request.references.length > 0) machine.actions.info(`Uploaded ${printBytes(registries.uploads.bytes)}.`);
  const cache = cached.size === 0 ? {} : { cache: [...cached].join("; ") };
  const traffic = trafficOf(direct, image, registries, { by: selection.backend.name, layers: sentByBackend });
  return {
    ...outcomeOf(direct, selection, image),
    ...traffic,
    ...cache,
    commands: [...commands, closingComment(request, image)],
  };
}

/** What the push took; nothing if the image was only written to a layout. */
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

/** @throws Failure `input` if the backend does not support what is requested of the environment. */
async function checkEnvironment(
  job: Job,
  selection: EngineSelection,
  recipe: Recipe,
  requestOn: (platform: Platform) => AssemblyRequest,
): Promise<void> {
  const request = requestOn(selection.engine.platform ?? parsePlatform(job.machine.architecture));
  const [platform] = request.platforms;
  await planEnvironment(job, selection, { platform, recipe, request });
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
): Omit<DirectOutcome, "commands"> {
  const environment = engine === NO_ENGINE ? "cached" : `built by ${backend.name}`;
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
function closingComment({ references, layout, platforms }: AssemblyRequest, image: Assembled | undefined): string {
  const places = [...references.map(printReference), ...(layout === undefined ? [] : [layout])];
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
