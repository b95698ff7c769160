import type { Bento } from "../bento/bento.ts";
import type { LayerCache } from "../cache/layer-cache.ts";
import { lastTag } from "../cache/names.ts";
import { openSigner } from "../cache/signature.ts";
import { secretIdsOf } from "../commands/gather-secrets.ts";
import { epochOf, layoutPath, referencesOf } from "../commands/plan.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import type { Compression } from "../oci/compression.ts";
import type { Digest } from "../oci/digest.ts";
import type { Platform } from "../oci/platform.ts";
import { distinctRepositories, type Reference, repositoryOf, sameRepository, withDigest } from "../oci/reference.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";

type Pairs = Readonly<Record<string, string>>;

/** What the inputs ask of an assembly, in its own words. */
export interface AssemblyRequest {
  readonly platforms: NonEmpty<Platform>;
  /** Tags to push, or repositories to push to by digest; none when the image goes into a layout alone. */
  readonly references: readonly Reference[];
  /** Whether the references are repositories, in which the image shall have no tag. */
  readonly byDigest: boolean;
  /**
   * A tag that points to the Bento's last image, beside the first tag. Undefined when nothing is kept there: who keeps it
   * elsewhere may not trust what others write beside the image.
   */
  readonly last?: Reference;
  /** Absolute path of the OCI layout to write. */
  readonly layout?: string;
  /** Where environments and models are looked up and stored; undefined does neither. */
  readonly cache?: LayerCache;
  /** Whether the files of known models are read all the same, and the layers that they make compared with the cache's. */
  readonly verifyModels: boolean;
  /** Whether an image that is there already is the answer. */
  readonly skipExisting: boolean;
  /** Whether every model is to be an artifact of its own beside the image. */
  readonly modelArtifact: boolean;
  readonly labels: Pairs;
  readonly annotations: Pairs;
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly compression: Compression;
  /** Build arguments that the Dockerfile does not hold already. */
  readonly buildArgs: Pairs;
  readonly secretIds: readonly string[];
  readonly sshIds: readonly string[];
  readonly addHosts: readonly string[];
  readonly network?: string;
}

/**
 * Reads the inputs.
 * @param here the platform when the inputs name none.
 */
export function readAssemblyRequest(
  inputs: Inputs,
  bento: Bento,
  recipe: Recipe,
  here: Platform,
  { workspace }: Pick<Machine, "workspace">,
): AssemblyRequest {
  const byDigest = inputs.pushByDigest === true;
  const names = isPushed(inputs) ? referencesOf(inputs, bento) : [];
  const references = byDigest ? distinctRepositories(names) : names;
  const cache = cacheOf(inputs, references);
  const layout = layoutPath(inputs, workspace);
  const platforms = nonEmpty(inputs.platforms) ?? [here];
  const [first] = references;
  return {
    platforms,
    references,
    byDigest,
    verifyModels: inputs.verifyModels === true,
    // A layout is to be written, whatever the registry holds.
    skipExisting: inputs.ifExists === "skip" && layout === undefined,
    modelArtifact: inputs.modelArtifact === true,
    labels: inputs.labels,
    annotations: inputs.annotations,
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

/** Under what names an image of that digest is pushed. */
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
 * Why files at the Hub cannot go to a registry past the disk; undefined when they can. It takes a blob whose size is
 * known ahead, and one place where it goes.
 */
export function obstacleToStreaming({
  references,
  layout,
  compression,
  verifyModels,
}: Pick<AssemblyRequest, "references" | "layout" | "compression" | "verifyModels">): string | undefined {
  if (verifyModels) return "verify-models reads them";
  if (layout !== undefined) return "a layout is written, too";
  if (new Set(references.map(({ domain }) => domain)).size !== 1) return "there are several registries to push to";
  return isSizeKnown(compression) ? undefined : "they are to be compressed";
}

function isSizeKnown({ format, level, auto }: Compression): boolean {
  return auto === true || format === "none" || (format === "gzip" && level === 0);
}
