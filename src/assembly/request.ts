import { resolve } from "node:path/posix";
import type { Bento } from "../bento/bento.ts";
import type { LayerCache } from "../cache/layer-cache.ts";
import { lastTag } from "../cache/names.ts";
import { openSigner } from "../cache/signature.ts";
import { secretIdsOf } from "../commands/gather-secrets.ts";
import { epochOf, isLoaded, layoutPath, referencesOf } from "../commands/plan.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { type AnnotationKey, isOfIndex, isOfManifests, readAnnotation } from "../oci/annotation.ts";
import type { Compression } from "../oci/compression.ts";
import type { Digest } from "../oci/digest.ts";
import type { Platform } from "../oci/platform.ts";
import { distinctRepositories, type Reference, repositoryOf, sameRepository, withDigest } from "../oci/reference.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";

type Pairs = Readonly<Record<string, string>>;

/** A file that the image is written to. */
export interface ImageArchive {
  readonly kind: "oci-archive" | "docker-archive";
  /** Absolute. */
  readonly path: string;
}

/** The inputs of the action, translated for direct assembly. */
export interface AssemblyRequest {
  readonly platforms: NonEmpty<Platform>;
  /** Tags to push, or repositories to push to by digest; empty when the image is only written to a layout. */
  readonly references: readonly Reference[];
  /** Whether the references are repositories, and the image gets no tag in them. */
  readonly byDigest: boolean;
  /**
   * A tag in the repository of the first tag that points to the Bento's last image. Undefined when the cache is in another
   * repository: whoever separates them may not trust everybody who can push to the image's repository.
   */
  readonly last?: Reference;
  /** Absolute path of the OCI layout to write. */
  readonly layout?: string;
  readonly archives: readonly ImageArchive[];
  /** The image's names, which an archive holds. */
  readonly names: NonEmpty<Reference>;
  /** Whether the image goes into an engine's own store. */
  readonly isLoaded: boolean;
  /** The repository in which environments and models are looked up and stored; undefined disables both. */
  readonly cache?: LayerCache;
  /** Whether the files of cached models are read nevertheless and compared with the cached layers. */
  readonly verifyModels: boolean;
  /** Whether an identical image that exists already is reused. */
  readonly skipExisting: boolean;
  /** Whether every model is also pushed as an artifact beside the image. */
  readonly modelArtifact: boolean;
  readonly labels: Pairs;
  /** Of each manifest. */
  readonly annotations: Pairs;
  readonly indexAnnotations: Pairs;
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly compression: Compression;
  /** Build arguments that are not written into the Dockerfile already. */
  readonly buildArgs: Pairs;
  readonly secretIds: readonly string[];
  readonly sshIds: readonly string[];
  readonly addHosts: readonly string[];
  readonly network?: string;
}

/**
 * Translates the inputs.
 * @param here the platform to build for when the inputs name none.
 */
export function readAssemblyRequest(
  inputs: Inputs,
  bento: Bento,
  recipe: Recipe,
  here: Platform,
  { workspace }: Pick<Machine, "workspace">,
): AssemblyRequest {
  const byDigest = inputs.pushByDigest === true;
  const names = referencesOf(inputs, bento);
  const pushed = isPushed(inputs) ? names : [];
  const references = byDigest ? distinctRepositories(pushed) : pushed;
  const cache = cacheOf(inputs, references);
  const layout = layoutPath(inputs, workspace);
  const platforms = nonEmpty(inputs.platforms) ?? [here];
  const [first] = references;
  return {
    platforms,
    references,
    byDigest,
    verifyModels: inputs.verifyModels === true,
    names,
    archives: archivesOf(inputs, workspace),
    isLoaded: isLoaded(inputs),
    // Files must be written, and the image loaded, even if the registry has the image.
    skipExisting: inputs.ifExists === "skip" && inputs.output.length === 0 && !isLoaded(inputs),
    modelArtifact: inputs.modelArtifact === true,
    labels: inputs.labels,
    ...annotationsOf(inputs.annotations),
    epoch: epochOf(inputs, bento),
    compression: inputs.compression,
    buildArgs: Object.fromEntries(
      Object.entries(inputs.buildArgs).filter(([name]) => !recipe.resolvedBuildArgs.includes(name)),
    ),
    secretIds: secretIdsOf(inputs, recipe.secrets),
    sshIds: inputs.ssh.map((line) => line.split("=")[0] ?? line),
    addHosts: inputs.addHosts,
    ...(inputs.network === undefined ? {} : { network: inputs.network }),
    ...(layout === undefined ? {} : { layout }),
    ...(cache === undefined ? {} : { cache }),
    ...(cache !== undefined && first !== undefined && sameRepository(cache.repository, first)
      ? { last: { ...cache.repository, tag: lastTag(bento.tag.name, platforms) } }
      : {}),
  };
}

function archivesOf({ output }: Pick<Inputs, "output">, workspace: string): readonly ImageArchive[] {
  return output.flatMap(({ kind, path }) => (kind === "layout" ? [] : [{ kind, path: resolve(workspace, path) }]));
}

/** Files and directories that the image is written to. */
export function pathsOf({ layout, archives }: Pick<AssemblyRequest, "layout" | "archives">): readonly string[] {
  return [...(layout === undefined ? [] : [layout]), ...archives.map(({ path }) => path)];
}

/** Whether the run sends nothing anywhere: it reads a cache in a registry, and writes nothing there. */
export function onlyLoads(request: AssemblyRequest): boolean {
  return request.isLoaded && request.references.length === 0 && pathsOf(request).length === 0;
}

/** Other levels than these two are left to the backend. */
function annotationsOf(given: Pairs): Pick<AssemblyRequest, "annotations" | "indexAnnotations"> {
  const keyed = Object.entries(given).flatMap(([text, value]) => readAnnotation(text).map((key) => ({ key, value })));
  const named = (pick: (key: AnnotationKey) => boolean) =>
    Object.fromEntries(keyed.flatMap(({ key, value }) => (pick(key) ? [[key.name, value]] : [])));
  return { annotations: named(isOfManifests), indexAnnotations: named(isOfIndex) };
}

/** The references to push an image of that digest to. */
export function targetsOf(
  { references, byDigest }: Pick<AssemblyRequest, "references" | "byDigest">,
  digest: Digest,
): readonly Reference[] {
  return byDigest ? references.map((repository) => withDigest(repository, digest)) : references;
}

function cacheOf(inputs: Inputs, [first]: readonly Reference[]): LayerCache | undefined {
  const { environmentCache, cacheKey } = inputs;
  if (environmentCache === "off") return undefined;
  const repository = environmentCache ?? first;
  if (repository === undefined) return undefined;
  const models = inputs.noCache !== true;
  return {
    repository: repositoryOf(repository),
    reads: { models, environments: models && inputs.noCacheFilters.length === 0 },
    ...(cacheKey === undefined ? {} : { signer: openSigner(cacheKey) }),
  };
}

/**
 * Why files cannot be streamed from the Hub to a registry; undefined when they can. Streaming requires a blob whose size
 * is known in advance, and exactly one registry.
 */
export function obstacleToStreaming({
  references,
  layout,
  archives,
  isLoaded,
  compression,
  verifyModels,
}: Pick<AssemblyRequest, "references" | "layout" | "archives" | "isLoaded" | "compression" | "verifyModels">):
  | string
  | undefined {
  if (verifyModels) return "verify-models reads them";
  if (archives.length > 0) return "an archive is written as well";
  if (isLoaded) return "the image is loaded";
  if (layout !== undefined) return "an OCI layout is written as well";
  if (new Set(references.map(({ domain }) => domain)).size !== 1) return "the image is pushed to several registries";
  return isSizeKnown(compression) ? undefined : "they are compressed";
}

function isSizeKnown({ format, level, auto }: Compression): boolean {
  return auto === true || format === "none" || (format === "gzip" && level === 0);
}
