import { withoutIdleLayers } from "../layers/distinct-layers.ts";
import { type ContentProvider, readManifest } from "../oci/content.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { type Descriptor, parseJsonObject, platformOf } from "../oci/manifest.ts";
import { OCI_CONFIG, ociType } from "../oci/media-types.ts";
import { normalizePlatform, type Platform, printPlatform, samePlatform } from "../oci/platform.ts";
import { printRepository, type Repository, repositoryOf } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent, resolve } from "../registry/resolve.ts";
import { isJsonObject, type JsonObject } from "../text/json.ts";
import { type CachedImage, type ImageManifest, unlessAbsent, warnOfForgery } from "./cached-layers.ts";
import type { LayerCache } from "./layer-cache.ts";
import {
  ENVIRONMENT_CONFIG,
  ENVIRONMENT_KEY,
  ENVIRONMENT_LABEL,
  environmentTag,
  LAYER_TITLE,
  RECORD_SIGNATURE,
} from "./names.ts";
import type { Claims } from "./signature.ts";

/** The base of the payload: an image that holds everything except the models and the code. */
export interface Environment {
  readonly key: Digest;
  readonly platform: Platform;
  readonly layers: readonly Descriptor[];
  /** The image configuration as stored; `configDigest` is its digest. */
  readonly config: JsonObject;
  readonly configDigest: Digest;
  /** Reads its blobs. */
  readonly content: ContentProvider;
}

/** Content of an environment that its place no longer has, so that the environment must be built again. */
export class EnvironmentLost extends Error {
  readonly key: Digest;

  constructor(key: Digest, place: string) {
    super(`${place} no longer has all layers of the environment`);
    this.key = key;
  }
}

/**
 * Looks up the environment of a key in the cache; `undefined` when there is none. A tag may point to any image, so an
 * image counts as absent when its configuration does not carry the key, when it is for another platform, or when the
 * cache requires a signature and the one of the image is missing or wrong.
 */
export async function findEnvironment(
  registries: Registries,
  cache: LayerCache,
  key: Digest,
  platform: Platform,
): Promise<Environment | undefined> {
  const { repository, signer } = cache;
  const reference = { ...repository, tag: environmentTag(key, signer) };
  return unlessAbsent(async () => {
    const root = await resolve(registries, reference);
    const found = await readEnvironment(repositoryContent(registries, repository, root), root, key, platform);
    if (found === undefined) return undefined;
    const { environment, manifest } = found;
    const signature = manifest.annotations[RECORD_SIGNATURE];
    if (signer?.isGenuine("environment", environmentClaims(repository, environment), signature) === false) {
      warnOfForgery(registries, reference);
      return undefined;
    }
    return environment;
  });
}

/**
 * The claims that the record of an environment signs: its repository, key, platform, configuration and layers. The digest
 * of the configuration covers the diff IDs of the layers.
 */
export function environmentClaims(
  repository: Repository,
  { key, platform, configDigest, layers }: Pick<Environment, "key" | "platform" | "configDigest" | "layers">,
): Claims {
  const parts = layers.map(({ mediaType, digest, size }) => [ociType(mediaType), digest, size]);
  return [printRepository(repository), key, printPlatform(platform), configDigest, parts];
}

/**
 * The environment of a key, read from a cached image that was built on it. This saves the request for the environment's
 * own manifest: the image's manifest lists the environment's layers and, in an annotation, the digest of its
 * configuration.
 */
export async function environmentBelow(
  registries: Registries,
  { members, reference }: CachedImage,
  key: Digest,
  platform: Platform,
): Promise<Environment | undefined> {
  const member = members.find(
    ({ annotations, layers }) => annotations[ENVIRONMENT_KEY] === key && layers.some(isOfPayload),
  );
  const digest = member?.annotations[ENVIRONMENT_CONFIG] ?? "";
  if (member === undefined || !isDigest(digest)) return undefined;
  const layers = member.layers.slice(0, member.layers.findIndex(isOfPayload));
  const content = repositoryContent(registries, repositoryOf(reference));
  return unlessAbsent(async () => {
    const bytes = await content.document({ mediaType: OCI_CONFIG, digest });
    // The image leaves out the environment's layers that change nothing.
    const config = withoutIdleLayers(parseJsonObject(bytes, `The config ${digest} in ${content.place}`));
    const environment = { key, platform, layers, config, configDigest: digest };
    return isEnvironment(environment) ? { ...environment, content } : undefined;
  });
}

function isOfPayload({ annotations }: Descriptor): boolean {
  return LAYER_TITLE in annotations;
}

/** An environment and its manifest as stored. */
export interface StoredEnvironment {
  readonly environment: Environment;
  readonly manifest: ImageManifest;
}

/** The environment at `root`; `undefined` when it does not carry the key or is for another platform. */
export async function readEnvironment(
  content: ContentProvider,
  root: Descriptor,
  key: Digest,
  platform: Platform,
): Promise<StoredEnvironment | undefined> {
  const manifest = await readOnlyImage(content, root);
  if (manifest === undefined) return undefined;
  const where = `The config ${manifest.config.digest} in ${content.place}`;
  const config = parseJsonObject(await content.document(manifest.config), where);
  const environment = { key, platform, layers: manifest.layers, config, configDigest: manifest.config.digest };
  return isEnvironment(environment) ? { environment: { ...environment, content }, manifest } : undefined;
}

/** The image at `root`, or the only image of the index there. Builders do not nest indexes. */
async function readOnlyImage(content: ContentProvider, root: Descriptor): Promise<ImageManifest | undefined> {
  const { manifest } = await readManifest(content, root);
  if (manifest.kind === "manifest") return manifest;
  const [member, ...others] = manifest.members.filter(({ annotations }) => Object.keys(annotations).length === 0);
  if (member === undefined || others.length > 0) return undefined;
  const { manifest: image } = await readManifest(content, member);
  return image.kind === "manifest" ? image : undefined;
}

/**
 * Whether the configuration belongs to these layers, as far as can be checked without reading them: it carries the key,
 * is for the platform, and lists as many diff IDs as there are layers.
 */
function isEnvironment({ key, platform, layers, config }: Omit<Environment, "content">): boolean {
  const found = platformOf(config);
  const isWanted = found !== undefined && samePlatform(normalizePlatform(found), platform);
  const diffIds = diffIdsOf(config);
  return isWanted && labelOf(config) === key && diffIds.length === layers.length && diffIds.every(isDiffId);
}

function isDiffId(id: unknown): boolean {
  return typeof id === "string" && isDigest(id);
}

function labelOf(config: JsonObject): unknown {
  const runtime = config["config"];
  const labels = isJsonObject(runtime) ? runtime["Labels"] : undefined;
  return isJsonObject(labels) ? labels[ENVIRONMENT_LABEL] : undefined;
}

function diffIdsOf(config: JsonObject): readonly unknown[] {
  const rootfs = config["rootfs"];
  const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : undefined;
  return Array.isArray(ids) ? ids : [];
}
