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

/** The image that a payload is put on. */
export interface Environment {
  readonly key: Digest;
  readonly platform: Platform;
  readonly layers: readonly Descriptor[];
  /** Its configuration, as it is stored, and the digest of that. */
  readonly config: JsonObject;
  readonly configDigest: Digest;
  /** Where its blobs are. */
  readonly content: ContentProvider;
}

/**
 * Looks for the environment of a key in the cache; `undefined` when there is none. One whose configuration does not
 * carry the key, or that is for another platform, counts as none: a tag says nothing about what it points to. So does
 * one that is not signed as the cache wants it.
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
 * What the record of an environment says: in which repository, by which key and for which platform it is found, and what
 * it is made of. The configuration's digest stands for the layers' diff IDs.
 */
export function environmentClaims(
  repository: Repository,
  { key, platform, configDigest, layers }: Pick<Environment, "key" | "platform" | "configDigest" | "layers">,
): Claims {
  const parts = layers.map(({ mediaType, digest, size }) => [ociType(mediaType), digest, size]);
  return [printRepository(repository), key, printPlatform(platform), configDigest, parts];
}

/**
 * The environment of a key that an image in the cache stands on, which spares the question for its own manifest. One
 * manifest names both its layers and, in an annotation, its configuration.
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
    // The image was made without the environment's idle layers.
    const config = withoutIdleLayers(parseJsonObject(bytes, `The config ${digest} in ${content.place}`));
    const environment = { key, platform, layers, config, configDigest: digest };
    return isEnvironment(environment) ? { ...environment, content } : undefined;
  });
}

function isOfPayload({ annotations }: Descriptor): boolean {
  return LAYER_TITLE in annotations;
}

/** An environment with the manifest that was read of it. */
export interface StoredEnvironment {
  readonly environment: Environment;
  readonly manifest: ImageManifest;
}

/** The environment that a place holds, if it is the one of the key. */
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

/** Of an index the one image in it; builders put no index into an index. */
async function readOnlyImage(content: ContentProvider, root: Descriptor): Promise<ImageManifest | undefined> {
  const { manifest } = await readManifest(content, root);
  if (manifest.kind === "manifest") return manifest;
  const [member, ...others] = manifest.members.filter(({ annotations }) => Object.keys(annotations).length === 0);
  if (member === undefined || others.length > 0) return undefined;
  const { manifest: image } = await readManifest(content, member);
  return image.kind === "manifest" ? image : undefined;
}

/**
 * Whether the configuration is the one of these layers, as far as it can be told without reading them: it carries the
 * key, is for the platform, and names as many diff IDs as there are layers.
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
