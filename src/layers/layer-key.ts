import type { LocatedModel } from "../bento/bento.ts";
import { printTag } from "../bento/bento.ts";
import type { Compression } from "../oci/compression.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import type { LayerPlan } from "./layer.ts";

/** Increase it when the same plan gives other bytes than before. Layers stored under an older number are then not reused. */
const FORMAT = 1;

/** A file name in a Hugging Face cache: git's SHA-1 of a small file, or the SHA-256 of a big one. */
const BLOB = /^blobs\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Identifies the content of a model without reading its files. Undefined when that is not possible.
 *
 * A version in BentoML's store is written once; its creation time distinguishes a version from one that replaces it. A
 * Hugging Face cache names files by the hash of their content, and a commit never changes.
 */
export function identityOf(located: LocatedModel): string | undefined {
  if (located.kind === "snapshot") {
    const isNamedByContent = located.files.every(({ source }) => BLOB.test(source));
    return isNamedByContent ? "named by content" : `commit ${located.commit}`;
  }
  const { tag, creationTime } = located.model;
  return creationTime === undefined ? undefined : `${printTag(tag)} ${creationTime.toISOString()}`;
}

/**
 * The key of a layer in the cache: a digest over everything that its bytes depend on, with the identity of the model in
 * place of the content of the files.
 */
export function layerKey(plan: LayerPlan, compression: Compression, identity: string): Digest {
  const entries = plan.entries.map((entry) => ({
    ...entry,
    ...("source" in entry ? { source: entry.source.kind === "content" ? entry.source.content : identity } : {}),
  }));
  const { epoch } = plan;
  return digestOf(JSON.stringify({ format: FORMAT, epoch, compression, entries }));
}
