import { createHmac, timingSafeEqual } from "node:crypto";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { Secret } from "../secrets/secret.ts";

/** The signed content of a cache record. Equal claims print as the same JSON. */
export type Claims = readonly (string | number | Claims)[];

/** A signature of one kind is not valid for the other. */
export type RecordKind = "environment" | "model";

/** Signs records of the cache with the input `cache-key`. */
export interface CacheSigner {
  /**
   * The digest that replaces a key in the name of a tag. Without the cache key it cannot be predicted or recognised, and
   * runs with different cache keys write to different tags.
   */
  tagKey(key: Digest): Digest;
  sign(kind: RecordKind, claims: Claims): Digest;
  /** Compares in constant time. */
  isGenuine(kind: RecordKind, claims: Claims, signature: string | undefined): boolean;
}

/** Increase the number when the same claims are to be signed in another way. */
const FORMAT = "bento-image cache 1";

/**
 * A signer that uses HMAC-SHA256 with the cache key. Every message starts with its purpose and a line break, so a tag name
 * cannot serve as a signature, and the signature of a model cannot serve as that of an environment.
 * @see https://www.rfc-editor.org/rfc/rfc2104 (HMAC)
 */
export function openSigner(cacheKey: Secret): CacheSigner {
  const mac = (purpose: string, message: string): Digest =>
    `sha256:${createHmac("sha256", cacheKey.reveal()).update(`${FORMAT} ${purpose}\n${message}`).digest("hex")}`;
  const sign = (kind: RecordKind, claims: Claims): Digest => mac(`record ${kind}`, JSON.stringify(claims));
  return {
    tagKey: (key) => mac("tag", key),
    sign,
    isGenuine: (kind, claims, signature = "") =>
      isDigest(signature) && timingSafeEqual(Buffer.from(signature), Buffer.from(sign(kind, claims))),
  };
}
