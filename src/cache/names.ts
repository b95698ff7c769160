import { type Digest, digestOf, hexOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import type { CacheSigner } from "./signature.ts";

/** Label of an environment image: the key it was built for, which is not the image's business any further. */
export const ENVIRONMENT_LABEL = "dev.bento-image.environment";

/** Annotations of a layer's descriptor, by which a later run knows it again without reading its files. */
export const LAYER_TITLE = "dev.bento-image.layer";
export const LAYER_KEY = "dev.bento-image.layer.key";
export const LAYER_DIFF_ID = "dev.bento-image.layer.diff-id";

/** Annotations of a manifest: everything that went into the image, as one digest; the environment it stands on, by its key and by its configuration. */
export const CONTENT_KEY = "dev.bento-image.key";
export const ENVIRONMENT_KEY = "dev.bento-image.environment.key";
export const ENVIRONMENT_CONFIG = "dev.bento-image.environment.config";

/** Annotation of a record in the cache: that it was made by somebody who has the input `cache-key`. */
export const RECORD_SIGNATURE = "dev.bento-image.signature";

/** Of 64 digits; enough that two keys never share a tag. */
const TAG_DIGITS = 40;

/** The tag under which an environment lies in the cache. */
export function environmentTag(key: Digest, signer?: CacheSigner): string {
  return `bento-environment-${digitsOf(key, signer)}`;
}

/** What commands show in its place while the key is not known. */
export const UNKNOWN_ENVIRONMENT_TAG = "bento-environment-of-a-key-not-yet-known";

/** The tag under which the layers of a model lie in the cache. */
export function modelTag(key: Digest, signer?: CacheSigner): string {
  return `bento-model-${digitsOf(key, signer)}`;
}

function digitsOf(key: Digest, signer: CacheSigner | undefined): string {
  return hexOf(signer?.tagKey(key) ?? key).slice(0, TAG_DIGITS);
}

/** The tag that points to the last image of a Bento, whatever that image's own tags are. */
export function lastTag(bento: string, platforms: readonly Platform[]): string {
  const key = digestOf(JSON.stringify([bento, ...platforms.map(printPlatform)]));
  return `bento-last-${hexOf(key).slice(0, TAG_DIGITS)}`;
}
