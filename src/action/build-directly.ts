/** The story of direct assembly: the backend makes the environment, unless it is known; everything else is made here. */
import { type Assembled, Assembly, type EnvironmentBuilder } from "../assembly/assembly.ts";
import { findBase, type UnknownBase } from "../assembly/base-digest.ts";
import { mustBeDirect } from "../assembly/choice.ts";
import { findEnvironments, lookUpPayload } from "../assembly/look-up.ts";
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
import { parseReference, printReference } from "../oci/reference.ts";
import { assumeBackend, type EngineSelection, isLocalEngine } from "../probe/probe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { openRegistries, type Registries } from "../registry/registries.ts";
import { reconcile } from "../result/result.ts";
import { printBytes } from "../text/byte-size.ts";
import { buildEnvironment, rehearseEnvironment } from "./build-environment.ts";
import { fetchRemote } from "./download-models.ts";
import { type BuildOutcome, type Job, registryOptions } from "./job.ts";
import { readyEngine } from "./ready-engine.ts";

/** The backend must make the whole image after all, as when the base image cannot be resolved and the engine writes no layout. */
export interface AssemblyFallback {
  readonly because: string;
  /** Detects or starts the engine once, however often it is called, also where that is done already. */
  selectEngine(): Promise<EngineSelection>;
}

/**
 * Makes the image without handing the payload to a builder. Layers are hashed and uploaded while the backend builds the
 * environment, where it must; tags are written last.
 * @returns why not, when the choice is ours.
 * @throws Failure of the part that fails; no tag then points to anything of this run.
 */
export async function buildDirectly(job: Job, recipe: Recipe): Promise<BuildOutcome | AssemblyFallback> {
  const { inputs, watch, machine } = job;
  const assumed = await assumeBackend(inputs, job.env, machine);
  const selectEngine = once(() => watch.phase("detect the engine", () => readyEngine(job)));
  const request = readAssemblyRequest(inputs, job.bento, recipe, await platformHere(job, selectEngine), machine);
  const direct: DirectJob = { job, recipe, request, assumed: { ...assumed, engine: NO_ENGINE }, selectEngine };
  if (inputs.cacheKey !== undefined) maskSecret("cache-key", inputs.cacheKey, machine.actions);
  const rehearsal = await rehearse(direct, assumed);
  if (inputs.dryRun === true) {
    const commands = [...rehearsal.commands, closingComment(request, undefined)];
    return { ...rehearsal, ...outcomeOf(direct, assumed, undefined), commands };
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
    "Direct assembly: the backend makes the environment where it is not cached, this action all other layers",
  );
  const environments = await watch.phase("find the environment", () =>
    findEnvironments(recipe, basis.request, basis.base, payload.cached, registries, machine),
  );
  const assembly = new Assembly(recipe, basis.request, { ...payload, ...environments }, registries, machine, watch);
  await assembly.checkLimits();
  const image = (await findUnchanged(direct, assembly)) ?? (await assemble(direct, basis, assembly, registries));
  return { dockerfile: rehearsal.dockerfile, ...image };
}

/** What the environments are built on, and where to. */
interface EnvironmentBasis {
  /** Undefined when only the engine knows what the base image's name stands for. */
  readonly base?: Digest;
  readonly request: AssemblyRequest;
  /** The request that environments are built by: without a cache they live as long as the run. */
  readonly environmentRequest: AssemblyRequest;
}

/**
 * Where only the engine can look up the base image, it builds the environment in every run, from its own cache. The
 * environment is kept nowhere, and no image is taken for this one: what a key stood for, nobody could say.
 * @throws Failure of the look-up, where the backend may not make the whole image in place of that.
 */
async function basisWithoutDigest(
  { job, recipe, request, selectEngine }: DirectJob,
  { unknown, failure }: UnknownBase,
): Promise<EnvironmentBasis | AssemblyFallback> {
  const { cache: _, ...environmentRequest } = request;
  const [platform] = request.platforms;
  try {
    await rehearseEnvironment(job, await selectEngine(), { platform, recipe, request: environmentRequest });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    if (mustBeDirect(job.inputs)) throw failure;
    return { because: unknown, selectEngine };
  }
  job.machine.actions.info(`The environment is built in this run and not kept: ${unknown}`);
  return { request: { ...request, skipExisting: false }, environmentRequest };
}

interface DirectJob {
  readonly job: Job;
  readonly recipe: Recipe;
  readonly request: AssemblyRequest;
  /** The backend that would build, as long as none was asked. */
  readonly assumed: EngineSelection;
  selectEngine(): Promise<EngineSelection>;
}

/** Big files that are at the Hub alone stay there, where they can go from it to the registry. */
async function modelsToAssemble({ job, request }: DirectJob): Promise<Job["models"]> {
  const obstacle = obstacleToStreaming(request);
  return obstacle === undefined ? job.models : fetchRemote(job, obstacle);
}

/** The image that is there already, if that is an answer. */
async function findUnchanged(direct: DirectJob, assembly: Assembly): Promise<DirectOutcome | undefined> {
  const unchanged = await assembly.findUnchanged();
  if (unchanged === undefined) return undefined;
  const tags = direct.request.references.map(printReference).join(", ");
  direct.job.machine.actions.info(`${tags}: there already, made of the same things.`);
  return {
    ...outcomeOf(direct, direct.assumed, unchanged),
    assembly: "direct, image there already",
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
  let selection = direct.assumed;
  const build: EnvironmentBuilder = async (request, signal) => {
    selection = await direct.selectEngine();
    const wanted = { ...request, recipe, request: environmentRequest, ...(base === undefined ? {} : { base }) };
    const built = await buildEnvironment({ ...job, machine: { ...machine, signal } }, selection, wanted, registries);
    commands.push(...built.commands);
    if (built.cache !== undefined) cached.add(built.cache);
    return built.environment;
  };
  const image = await removeOnFailure(paths, machine.files, () => assembly.make(build));
  if (request.references.length > 0) machine.actions.info(`Uploaded ${printBytes(image.uploadedBytes)}.`);
  const cache = cached.size === 0 ? {} : { cache: [...cached].join("; ") };
  return { ...outcomeOf(direct, selection, image), ...cache, commands: [...commands, closingComment(request, image)] };
}

type DirectOutcome = Omit<BuildOutcome, "dockerfile">;

/** Of a run that needed no engine. */
const NO_ENGINE: Engine = { versions: {} };

/** Without the input `platforms`: what the engine builds, which is this machine's platform unless it is another one. */
async function platformHere(
  { inputs, env, machine }: Job,
  selectEngine: () => Promise<EngineSelection>,
): Promise<Platform> {
  const here = parsePlatform(machine.architecture);
  if (inputs.platforms.length > 0 || inputs.dryRun === true || isLocalEngine(inputs.builder, env)) return here;
  return (await selectEngine()).engine.platform ?? here;
}

/**
 * What the backend would do if it had to: a wish it cannot fulfil is refused also when the environment is known. Of a base
 * image that is named by its digest the environment's key is known without a question; of another one the commands say
 * that it is not.
 */
async function rehearse(
  { job, recipe, request }: DirectJob,
  selection: EngineSelection,
): Promise<Pick<BuildOutcome, "dockerfile" | "commands">> {
  const [platform] = request.platforms;
  const base = parseReference(recipe.base).digest;
  if (base !== undefined && job.inputs.dryRun === true) {
    const key = await environmentKey({ ...request, recipe, base, platform }, job.machine.files.enclosed);
    return rehearseEnvironment(job, selection, { key, platform, recipe, request });
  }
  const { dockerfile, commands } = await rehearseEnvironment(job, selection, { platform, recipe, request });
  const unknown = `${UNKNOWN_ENVIRONMENT_TAG} stands for a name that is made of the digest of ${recipe.base}, for which a run asks the registry`;
  return { dockerfile, commands: [...commands, printComment(unknown)] };
}

function outcomeOf(
  { recipe, request: { platforms } }: DirectJob,
  { backend, engine }: EngineSelection,
  assembled: Assembled | undefined,
): Omit<DirectOutcome, "commands"> {
  const builder = engine === NO_ENGINE ? "known" : `by ${backend.name}`;
  return {
    backend: backend.name,
    assembly: `direct, environment ${builder}`,
    engine,
    base: recipe.base,
    result: assembled === undefined ? { platforms: [] } : reconcile([assembled.image], {}, platforms),
    payload: assembled?.layers.map(reportOf) ?? [],
    changes: assembled?.changes ?? [],
    notes: [...recipe.notes, ...(engine.notes ?? []), ...(assembled?.notes ?? [])],
  };
}

/** For those who paste the commands: what this action does itself, which no command of a builder does. */
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
