import type { Readable } from "node:stream";
import { Failure } from "../errors.ts";
import { digestOf } from "./digest.ts";
import { type Descriptor, type Manifest, parseManifest } from "./manifest.ts";
import type { Repository } from "./reference.ts";

/** What names a document; who knows its digest need not know its size. */
export type DocumentName = Pick<Descriptor, "mediaType" | "digest"> & Partial<Pick<Descriptor, "size">>;

/** A place that gives content by digest: a repository, an OCI layout, an OCI archive. */
export interface ContentProvider {
  /** Names the place in messages. */
  readonly place: string;
  /** Set when the place is a repository, whose blobs its registry can mount elsewhere. */
  readonly repository?: Repository;
  /** The exact bytes of an index, manifest or config, checked against the digest. */
  document(descriptor: DocumentName): Promise<Uint8Array>;
  /** The bytes of a config or layer, not checked. A piece is good until the next one is asked for. */
  blob(descriptor: Descriptor): Promise<AsyncIterable<Uint8Array>>;
}

/** Far above the 4 MiB that registries take for a manifest. */
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

/** @throws Failure `network`, code `TooLarge`, when there is more than `limit` bytes. */
export async function readAtMost(stream: Readable, limit: number, where: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new Failure("network", `${where} gives more than ${limit} bytes.`, { code: "TooLarge" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** @throws Failure `network`, code `DigestMismatch`, when the bytes are not those that the descriptor names. */
export function checkBytes<T extends Uint8Array>(bytes: T, { digest }: Pick<Descriptor, "digest">, where: string): T {
  const found = digestOf(bytes);
  if (found === digest) return bytes;
  throw new Failure("network", `${where} gave other content than asked for.`, {
    code: "DigestMismatch",
    lines: [`asked for ${digest}`, `the content's digest is ${found}`],
  });
}
