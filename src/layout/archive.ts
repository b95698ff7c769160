import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Files } from "../machine/machine.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import { readTar } from "../tar/reader.ts";
import { damaged, type Layout, parseLayoutIndex } from "./layout.ts";

/** The largest document that is kept, in bytes. Manifests and configs are far smaller; layers of this size are kept only if they look like JSON. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024;
/** The limit for all documents together. */
const MEMORY_LIMIT = 64 * 1024 * 1024;

const BRACE = "{".charCodeAt(0);

/**
 * Reads the documents of an OCI archive (a layout in a tar file) in one pass. Its layers are not kept, so the result can be
 * described but not pushed.
 * @throws Failure `tool`, code `LayoutDamaged`, when the file is not an OCI archive.
 */
export async function openArchive(files: Pick<Files, "source">, path: string): Promise<Layout> {
  const documents = await readDocuments(files.source(path), path);
  const index = documents.get("index.json");
  if (index === undefined) throw damaged(`${path} is not an OCI archive: it has no index.json.`);
  const blobs = new Map<Digest, Buffer>([...documents.values()].map((bytes) => [digestOf(bytes), bytes]));

  function document(digest: Digest): Buffer {
    const bytes = blobs.get(digest);
    if (bytes === undefined) throw damaged(`The OCI archive ${path} does not contain ${digest}.`);
    return bytes;
  }

  return {
    place: path,
    images: parseLayoutIndex(index, path),
    document: async ({ digest }) => document(digest),
    blob: async ({ digest }) => Readable.from([document(digest)]),
  };
}

async function readDocuments(source: Readable, path: string): Promise<ReadonlyMap<string, Buffer>> {
  const documents = new Map<string, Buffer>();
  let total = 0;
  try {
    for await (const { path: name, size, content } of readTar(source)) {
      if (size > DOCUMENT_LIMIT || total > MEMORY_LIMIT) continue;
      const bytes = await buffer(content);
      if (bytes[0] !== BRACE) continue;
      total += bytes.length;
      documents.set(name.replace(/^\.\//, ""), bytes);
    }
  } catch (cause) {
    throw damaged(`Cannot read ${path} as a tar file: ${cause instanceof Error ? cause.message : cause}.`);
  }
  return documents;
}
