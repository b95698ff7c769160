import { type Digest, digestOf, hexOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import type { Repository } from "../oci/reference.ts";
import type { CacheSigner } from "./signature.ts";

/** Label of an environment image: the key it was built for. The final image does not have it. */
export const ENVIRONMENT_LABEL = "dev.bento-image.environment";

/** Labels of an environment that is kept in an engine's store: its manifest and configuration as JSON texts; when it was kept. */
export const KEPT_ENVIRONMENT = "dev.bento-image.environment.kept";
export const KEPT_TIME = "dev.bento-image.environment.kept-at";

/** Annotations of a layer's descriptor. By them a later run identifies the layer without reading its files. */
export const LAYER_TITLE = "dev.bento-image.layer";
export const LAYER_KEY = "dev.bento-image.layer.key";
export const LAYER_DIFF_ID = "dev.bento-image.layer.diff-id";

/** Annotations of an image manifest: a digest over everything that went into the image; the key and the configuration's digest of its environment. */
export const CONTENT_KEY = "dev.bento-image.key";
export const ENVIRONMENT_KEY = "dev.bento-image.environment.key";
export const ENVIRONMENT_CONFIG = "dev.bento-image.environment.config";

/** Annotation of a cache record: its signature with the input `cache-key`. */
export const RECORD_SIGNATURE = "dev.bento-image.signature";

/** How many of the 64 hex digits of a key are in a tag; enough that two keys never share a tag. */
const TAG_DIGITS = 40;

/** The tag of an environment in the cache. */
export function environmentTag(key: Digest, signer?: CacheSigner): string {
  return `bento-environment-${digitsOf(key, signer)}`;
}

/** Shown in commands in place of {@link environmentTag} when the key cannot be computed yet. */
export const UNKNOWN_ENVIRONMENT_TAG = "bento-environment-of-a-key-not-yet-known";

/** The tag of a model's layers in the cache. */
export function modelTag(key: Digest, signer?: CacheSigner): string {
  return `bento-model-${digitsOf(key, signer)}`;
}

function digitsOf(key: Digest, signer: CacheSigner | undefined): string {
  return hexOf(signer?.tagKey(key) ?? key).slice(0, TAG_DIGITS);
}

/** The tag that points to the last image of a Bento, in addition to the image's own tags. */
export function lastTag(bento: string, platforms: readonly Platform[]): string {
  const key = digestOf(JSON.stringify([bento, ...platforms.map(printPlatform)]));
  return `bento-last-${hexOf(key).slice(0, TAG_DIGITS)}`;
}

/** The repository of the environments of a Bento that are kept in an engine's store. No registry has this name. */
export function keptRepository(bento: string): Repository {
  return { domain: "localhost", path: `bento-environment/${bento}` };
}

/** The tag of an environment there. */
export function keptTag(key: Digest): string {
  return digitsOf(key, undefined);
}
