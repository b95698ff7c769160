/** What direct assembly reports. */
import type { Assembled } from "../assembly/assembly.ts";
import type { CachedEnvironments } from "../assembly/look-up.ts";
import { reportOf } from "../assembly/prepare-layers.ts";
import { type AssemblyRequest, pathsOf } from "../assembly/request.ts";
import { printComment } from "../commands/quote.ts";
import type { Digest } from "../oci/digest.ts";
import { printPlatform } from "../oci/platform.ts";
import { printReference } from "../oci/reference.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { Registries } from "../registry/registries.ts";
import { reconcile } from "../result/result.ts";
import type { DirectJob, DirectOutcome } from "./direct-job.ts";
import type { BuildOutcome } from "./job.ts";
import { type Loading, placeOf } from "./load-image.ts";

/** The origin of an environment from a registry's cache, in words. */
export const CACHED = "cached";

export function originOf(loading: Loading, { environments }: CachedEnvironments): string {
  return environments.some(({ content }) => content.repository === undefined) ? placeOf(loading) : CACHED;
}

export function builtBy({ backend }: EngineSelection): string {
  return `built by ${backend.name}`;
}

/** What loading took: the bytes that the store fetched, and those that it had. */
export function loadOf({ image }: Assembled, fetched: number): Pick<BuildOutcome, "traffic"> {
  const size = image.platforms.flatMap(({ layers }) => layers).reduce((sum, layer) => sum + layer.size, 0);
  return { traffic: { sent: fetched, reused: Math.max(0, size - fetched) } };
}

/** What the push took; nothing if the image was not pushed. */
export function trafficOf(
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

export function outcomeOf(
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
export function closingComment(request: AssemblyRequest, image: Assembled | undefined): string {
  const { references, isLoaded, names, platforms } = request;
  const store = isLoaded ? [`the engine's store as ${names.map(printReference).join(", ")}`] : [];
  const places = [...references.map(printReference), ...pathsOf(request), ...store];
  const layers = image === undefined ? "the layers of models and code" : `${image.layers.length} layers`;
  const environment = platforms.map(printPlatform).join(", ");
  return printComment(`then ${layers} on the environment for ${environment}, by this action, to ${places.join(", ")}`);
}
