import type { Readable } from "node:stream";
import { Failure } from "../errors.ts";
import { digestOf } from "./digest.ts";
import { type Descriptor, type Manifest, parseManifest } from "./manifest.ts";
import type { Repository } from "./reference.ts";

/** Identifies a document. The size is optional, because the digest is sufficient. */
export type DocumentName = Pick<Descriptor, "mediaType" | "digest"> & Partial<Pick<Descriptor, "size">>;

/** Provides content by digest: a repository, an OCI layout or an OCI archive. */
export interface ContentProvider {
  /** The name of the source in messages. */
  readonly place: string;
  /** Set if the source is a repository, whose blobs its registry can mount in other repositories. */
  readonly repository?: Repository;
  /** The exact bytes of an index, manifest or config, verified by the digest. */
  document(descriptor: DocumentName): Promise<Uint8Array>;
  /** The bytes of a config or layer, not verified. A piece is valid until the next one is requested. */
  blob(descriptor: Descriptor): Promise<AsyncIterable<Uint8Array>>;
}

/** Bytes in memory as the content of a blob. */
export async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}

/** In bytes; far above the 4 MiB that registries accept for a manifest. */
export const DOCUMENT_LIMIT = 16 * 1024 * 1024;

/** Reads and parses a manifest or index. */
export async function readManifest(
  content: ContentProvider,
  descriptor: Descriptor,
): Promise<{ readonly bytes: Uint8Array; readonly manifest: Manifest }> {
  const bytes = await content.document(descriptor);
  const where = `${descriptor.digest} in ${content.place}`;
  return { bytes, manifest: parseManifest(bytes, descriptor.mediaType, where) };
}

/** Reads a stream with a size limit. @throws Failure `network`, code `TooLarge`, when it has more than `limit` bytes. */
export async function readAtMost(stream: Readable, limit: number, where: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new Failure("network", `${where} has more than ${limit} bytes.`, { code: "TooLarge" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Verifies the digest of the bytes. @throws Failure `network`, code `DigestMismatch`. */
export function checkBytes<T extends Uint8Array>(bytes: T, { digest }: Pick<Descriptor, "digest">, where: string): T {
  const found = digestOf(bytes);
  if (found === digest) return bytes;
  throw new Failure("network", `${where} returned content with a wrong digest.`, {
    code: "DigestMismatch",
    lines: [`requested: ${digest}`, `digest of the content: ${found}`],
  });
}
