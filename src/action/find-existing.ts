/** What exists already of an image that is assembled: in registries, and in the store that it is loaded into. */
import { findBase, type UnknownBase } from "../assembly/base-digest.ts";
import { type CachedEnvironments, type CachedPayload, findEnvironments, lookUpPayload } from "../assembly/look-up.ts";
import { type AssemblyRequest, obstacleToStreaming, onlyLoads } from "../assembly/request.ts";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import type { Digest } from "../oci/digest.ts";
import { printPlatform } from "../oci/platform.ts";
import { printRepository } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { printBytes } from "../text/byte-size.ts";
import { planEnvironment } from "./build-environment.ts";
import {
  type AssemblyFallback,
  type DirectJob,
  environmentRequestOf,
  fallBack,
  refusalOf,
  withoutCache,
} from "./direct-job.ts";
import { downloadRemoteFiles } from "./download-models.ts";
import type { Job } from "./job.ts";
import { findInStore, type Loading } from "./load-image.ts";

/** What a run can build on. */
export interface Existing {
  readonly basis: EnvironmentBasis;
  readonly payload: CachedPayload;
  readonly environments: CachedEnvironments;
}

/** What the environments are built on, and where they go. */
export interface EnvironmentBasis {
  /** Digest of the base image; undefined when only the engine can resolve its name. */
  readonly base?: Digest;
  readonly request: AssemblyRequest;
  /** The request that environments are built by: without a cache they live as long as the run. */
  readonly environmentRequest: AssemblyRequest;
}

/** Asks the registries, and the store that the image is loaded into, for what exists already. */
export async function findExisting(
  direct: DirectJob,
  loading: Loading | undefined,
  registries: Registries,
): Promise<Existing | AssemblyFallback> {
  const { job, recipe, request } = direct;
  const { inputs, machine, watch } = job;
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
      : { base, request, environmentRequest: environmentRequestOf(request) };
  if ("because" in basis) return basis;
  machine.actions.info(
    "Direct assembly: the backend builds the environment unless it is cached; this action makes all other layers",
  );
  const { cachedLayers, ...environments } = await watch.phase("find the environment", async () => {
    const found = await readingCache(basis.request, machine, (one) =>
      findEnvironments(recipe, one, basis.base, payload.cached, registries, machine),
    );
    return loading === undefined || basis.base === undefined
      ? { ...found, cachedLayers: payload.cachedLayers }
      : findInStore(loading, job, found, payload);
  });
  for (const line of printCached(basis.request, payload, environments)) machine.actions.info(line);
  return { basis, payload: { ...payload, cachedLayers }, environments };
}

/** Big files that are only on the Hub stay there when they can be streamed from it to the registry. */
async function modelsToAssemble({ job, request }: DirectJob): Promise<Job["models"]> {
  const obstacle = obstacleToStreaming(request);
  return obstacle === undefined ? job.models : downloadRemoteFiles(job, obstacle);
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

/**
 * When only the engine can resolve the base image, it builds the environment in every run, from its own cache. The
 * environment is not stored in the registry and no existing image is reused, because no key can name the base image.
 * @throws Failure of resolving the base image, where the inputs do not allow the backend to make the whole image.
 */
async function basisWithoutDigest(
  direct: DirectJob,
  { unknown, failure }: UnknownBase,
): Promise<EnvironmentBasis | AssemblyFallback> {
  const { job, recipe, request, selectEngine } = direct;
  const environmentRequest = withoutCache(request);
  const [platform] = request.platforms;
  const planned = { platform, recipe, request: environmentRequest };
  const refusal = await refusalOf(async () => planEnvironment(job, await selectEngine(), planned));
  if (refusal !== undefined) return fallBack(direct, unknown, failure);
  job.machine.actions.info(`The environment is built in this run and not cached: ${unknown}`);
  return { request: { ...request, skipExisting: false }, environmentRequest };
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
