import type { LocatedModel } from "../bento/bento.ts";
import { printTag } from "../bento/bento.ts";
import type { Compression } from "../oci/compression.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import type { LayerPlan } from "./layer.ts";

/** Counts up when the same plan gives other bytes than before; everything found under an older number is made anew. */
const FORMAT = 1;

/** git's SHA-1 of a small file, or the SHA-256 of a big one. */
const BLOB = /^blobs\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * What says, without reading a byte, that a model's files are the same as at another time. Undefined when nothing does.
 *
 * A version in BentoML's store is written once; its creation time tells a version made anew from the one it replaces.
 * A Hugging Face cache calls files by the hash of their content, and a commit never changes.
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
 * The key under which a layer is known again: everything its bytes depend on, with the identity in place of the content
 * of the files.
 */
export function layerKey(plan: LayerPlan, compression: Compression, identity: string): Digest {
  const entries = plan.entries.map((entry) => ({
    ...entry,
    ...("source" in entry ? { source: entry.source.kind === "content" ? entry.source.content : identity } : {}),
  }));
  const { epoch } = plan;
  return digestOf(JSON.stringify({ format: FORMAT, epoch, compression, entries }));
}
