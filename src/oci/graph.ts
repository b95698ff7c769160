import { type ContentProvider, readManifest } from "./content.ts";
import type { Descriptor } from "./manifest.ts";
import { isForeignType } from "./media-types.ts";

export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  /** The configs and layers that it lists, without non-distributable ones. */
  readonly blobs: readonly Descriptor[];
}

/** The root and all manifests below it, each once, members before their index. */
export async function readGraph(content: ContentProvider, root: Descriptor): Promise<readonly StoredManifest[]> {
  const found = new Map<string, StoredManifest>();

  async function visit(descriptor: Descriptor): Promise<void> {
    if (found.has(descriptor.digest)) return;
    const { bytes, manifest } = await readManifest(content, descriptor);
    if (manifest.kind === "index") for (const member of manifest.members) await visit(member);
    const { mediaType } = manifest;
    const blobs = manifest.kind === "index" ? [] : [manifest.config, ...manifest.layers];
    found.set(descriptor.digest, {
      descriptor: { ...descriptor, mediaType },
      bytes,
      blobs: blobs.filter((blob) => !isForeignType(blob.mediaType)),
    });
  }

  await visit(root);
  return [...found.values()];
}
