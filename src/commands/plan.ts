import { resolve } from "node:path";
import type {
  Delivery,
  Engine,
  Epoch,
  Features,
  OptionalFeatures,
  Plan,
  RequiredFeatures,
  SecretMount,
} from "../backends/backend.ts";
import type { Bento } from "../bento/bento.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import type { Compression } from "../oci/compression.ts";
import { parseReference, type Reference } from "../oci/reference.ts";
import { constructsOf } from "../recipe/dialect.ts";
import { baseCheckOf } from "../recipe/dockerfile/base-check.ts";
import { FIXED_TIME } from "../recipe/fixed-time.ts";
import type { ImageSource } from "../recipe/source.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";
import { attestationsOf } from "./attestations.ts";
import { builderKeyFiles } from "./builder-keys.ts";

/**
 * Image timestamp when the user gives none. It is one constant, so that a model's layer has the same digest in every
 * version of a Bento and on every runner; see docs/architecture.md.
 */
export const DEFAULT_EPOCH = FIXED_TIME;

export interface PlanPaths {
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Absolute path of the context `generated`; undefined when the Dockerfile uses none. */
  readonly generated?: string;
  readonly scratch: string;
  readonly kept: string;
  readonly workspace: string;
}

/** The tags of the inputs; default: `name:version` of the Bento, as BentoML tags it. */
export function referencesOf(inputs: Pick<Inputs, "tags">, bento: Bento): NonEmpty<Reference> {
  return nonEmpty(inputs.tags) ?? [parseReference(`${bento.tag.name}:${bento.tag.version}`)];
}

/** What is to be built and where it goes, in no tool's language. */
export function makePlan(
  inputs: Inputs,
  bento: Bento,
  source: ImageSource,
  engine: Engine,
  secrets: readonly SecretMount[],
  paths: PlanPaths,
): Plan {
  return {
    dockerfile: paths.dockerfile,
    context: source.context.path,
    references: referencesOf(inputs, bento),
    features: {
      ...requiredFeatures(inputs, bento, source),
      ...definedOnly(optionalFeatures(inputs, source, engine, secrets, paths)),
    },
    constructs: constructsOf(source.dockerfile),
    deliveries: deliveriesOf(inputs, paths.workspace),
    extraArgs: inputs.extraArgs,
    scratch: paths.scratch,
    kept: paths.kept,
  };
}

function requiredFeatures(
  inputs: Inputs,
  bento: Bento,
  source: ImageSource,
): Readonly<Omit<RequiredFeatures, "platforms">> {
  return {
    format: inputs.format ?? "oci",
    compression: withoutChoice(inputs.compression),
    epoch: clampTo(epochOf(inputs, bento), source),
    pull: inputs.pull ?? false,
    strictBase: baseCheckOf(source.dockerfile),
  };
}

type OptionalName = keyof OptionalFeatures | "platforms";
type OptionalValues = { readonly [F in OptionalName]: Features[F] | undefined };

function optionalFeatures(
  inputs: Inputs,
  source: ImageSource,
  engine: Engine,
  secrets: readonly SecretMount[],
  paths: PlanPaths,
): OptionalValues {
  const generated = paths.generated === undefined ? [] : [{ name: "generated", directory: paths.generated }];
  const extra = Object.entries(inputs.buildContexts).map(([name, address]) => ({ name, address }));
  const directories = extra.filter(({ address }) => !address.includes("://"));
  return {
    builder: inputs.builder,
    builderKeys: builderKeyFiles(inputs, paths.scratch).keys,
    platforms: nonEmpty(inputs.platforms) ?? (engine.platform === undefined ? undefined : [engine.platform]),
    noCache: inputs.noCache,
    noCacheFilters: filled(inputs.noCacheFilters),
    cacheFrom: filled(inputs.cacheFrom),
    cacheTo: filled(inputs.cacheTo),
    // Chosen later; see chooseCache.
    cache: undefined,
    target: inputs.target,
    buildArgs: filledPairs({ ...withoutKeys(inputs.buildArgs, source.resolvedBuildArgs), ...source.buildArgs }),
    // Chosen later, where the backend supports it; see cacheMountsOf.
    cacheMounts: undefined,
    contexts: filled([
      ...generated,
      ...source.contexts.map(({ name, directory }) => ({ name, directory: directory.path })),
      ...directories.map(({ name, address }) => ({ name, directory: resolve(paths.workspace, address) })),
    ]),
    remoteContexts: filledPairs(
      Object.fromEntries(
        extra.filter(({ address }) => address.includes("://")).map(({ name, address }) => [name, address]),
      ),
    ),
    secrets: filled(secrets),
    ssh: filled(inputs.ssh),
    labels: filledPairs(inputs.labels),
    annotations: filledPairs(inputs.annotations),
    attests: filledPairs(attestationsOf(inputs)),
    addHosts: filled(inputs.addHosts),
    network: inputs.network,
    allow: filled(inputs.allow),
    shmSize: inputs.shmSize,
    ulimits: filled(inputs.ulimit),
    cgroupParent: inputs.cgroupParent,
    registryMirrors: filledPairs(inputs.registryMirrors),
    insecureRegistries: filled(inputs.insecureRegistries),
    registryAuthorities: filledPairs(pathsFrom(paths.workspace, inputs.registryAuthorities)),
  };
}

/** The builder gets the format without the note of who chose it. */
function withoutChoice({ format, level }: Compression): Compression {
  return level === undefined ? { format } : { format, level };
}

function clampTo(seconds: number, { newestTime }: ImageSource): Epoch {
  return { seconds, rewrite: newestTime === undefined || newestTime > seconds };
}

/** Image timestamp, in seconds since 1970. */
export function epochOf({ sourceDateEpoch }: Inputs, bento: Bento): number {
  if (sourceDateEpoch === "bento") return Math.floor(bento.creationTime.getTime() / 1000);
  return sourceDateEpoch ?? DEFAULT_EPOCH;
}

/** Absolute path of the requested OCI layout; there is at most one. */
export function layoutPath({ output }: Pick<Inputs, "output">, workspace: string): string | undefined {
  const layout = output.find(({ kind }) => kind === "layout");
  return layout === undefined ? undefined : resolve(workspace, layout.path);
}

/** Whether the image goes into an engine's own store: on request, and without push and output, as with `bentoml containerize`. */
export function isLoaded(inputs: Pick<Inputs, "load" | "output" | "push" | "pushByDigest">): boolean {
  return inputs.load === true || (!isPushed(inputs) && inputs.output.length === 0);
}

/** Where the inputs send the image. */
export function deliveriesOf(inputs: Inputs, workspace: string): NonEmpty<Delivery> {
  const outputs = inputs.output.map(({ kind, path }) => ({ kind, path: resolve(workspace, path) }));
  const all: readonly Delivery[] = [
    ...(isPushed(inputs)
      ? [{ kind: inputs.pushByDigest === true ? ("push-by-digest" as const) : ("push" as const) }]
      : []),
    ...(isLoaded(inputs) ? [{ kind: "load" as const }] : []),
    ...outputs,
  ];
  return nonEmpty(all) ?? [{ kind: "load" }];
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function filledPairs<P extends object>(given: P): P | undefined {
  return Object.keys(given).length === 0 ? undefined : given;
}

function withoutKeys(
  given: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !keys.includes(key)));
}

function pathsFrom(workspace: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).map(([name, path]) => [name, resolve(workspace, path)]));
}

function definedOnly(features: OptionalValues): Partial<Features> {
  return Object.fromEntries(Object.entries(features).filter(([, value]) => value !== undefined));
}
