import { createHmac, timingSafeEqual } from "node:crypto";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { Secret } from "../secrets/secret.ts";

/** What a record of the cache claims: values that print as the same JSON whenever they are equal. */
export type Claims = readonly (string | number | Claims)[];

/** What a record is of. No signature of one kind is good for another. */
export type RecordKind = "environment" | "model";

/** Signs records of the cache with the input `cache-key`. */
export interface CacheSigner {
  /**
   * What stands for a key in the name of a tag: nobody without the cache key can foresee or recognise it, and runs with
   * different cache keys do not write to each other's tags.
   */
  tagKey(key: Digest): Digest;
  sign(kind: RecordKind, claims: Claims): Digest;
  /** Takes the same time whatever part of the signature is wrong. */
  isGenuine(kind: RecordKind, claims: Claims, signature: string | undefined): boolean;
}

/** Counts up when the same claims shall be signed in another way. */
const FORMAT = "bento-image cache 1";

/**
 * Opens a cache key. Every message begins with its purpose, which ends at a line break that no purpose holds, so that a
 * tag's name is never a signature and a signature of a model never one of an environment.
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
