import { dirname } from "node:path/posix";
import { endOfTar, headerOf, paddingOf } from "../layers/tar-writer.ts";
import { verifiedBlob, writePieces } from "../layout/layout.ts";
import type { Machine } from "../machine/machine.ts";
import { counted } from "../machine/progress.ts";
import { type ContentProvider, oneOf } from "../oci/content.ts";
import { type Digest, hexOf } from "../oci/digest.ts";
import { readGraph } from "../oci/graph.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";
import { printFamiliar, printReference, type Reference } from "../oci/reference.ts";
import type { AssembledImage } from "./assembled-image.ts";
import type { ImageArchive } from "./request.ts";

interface Member {
  readonly path: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * Writes the image as a tar file: an OCI layout, to which a docker archive adds `manifest.json`, as BuildKit does. Both have
 * the exact bytes of the manifest and the layers, and the full names of the image.
 * @throws Failure `network`, code `DigestMismatch`; the content's failures; Node's own errors of the disk.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 * @see https://github.com/moby/moby/blob/master/image/spec/spec.md (combined image JSON and file system changeset format)
 */
export async function writeImageArchive(
  { content, root }: AssembledImage,
  names: readonly Reference[],
  { kind, path }: ImageArchive,
  epoch: number,
  { actions, files }: Pick<Machine, "actions" | "files">,
): Promise<void> {
  const manifests = await readGraph(content, root.descriptor);
  const blobs = [...new Map(manifests.flatMap((one) => one.blobs).map((blob) => [blob.digest, blob])).values()];
  const members = [
    textMember("oci-layout", { imageLayoutVersion: "1.0.0" }),
    textMember("index.json", indexOf(root.descriptor, names)),
    ...(kind === "docker-archive" ? [textMember("manifest.json", dockerManifest(manifests, names))] : []),
    ...manifests.map(({ descriptor, bytes }) => ({
      path: pathOf(descriptor.digest),
      size: bytes.length,
      open: () => oneOf(bytes),
    })),
    ...blobs.map((blob) => blobMember(blob, content)),
  ];
  const task = actions.progress(
    "writing the archive",
    members.reduce((sum, { size }) => sum + size, 0),
  );
  await files.makeDirectory(dirname(path), 0o755);
  await writePieces(counted(tarOf(members, epoch), task.add), files.sink(path, { mode: 0o644 })).finally(task.end);
}

function pathOf(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

function textMember(path: string, value: object): Member {
  const bytes = Buffer.from(JSON.stringify(value));
  return { path, size: bytes.length, open: () => oneOf(bytes) };
}

function blobMember(blob: Descriptor, content: ContentProvider): Member {
  return { path: pathOf(blob.digest), size: blob.size, open: () => verifiedBlob(content, blob) };
}

/** One entry for each name: containerd reads the annotation of its own, podman and skopeo the other. */
function indexOf({ mediaType, digest, size, platform }: Descriptor, names: readonly Reference[]): object {
  const manifests = names.map(printReference).map((name) => ({
    mediaType,
    digest,
    size,
    ...(platform === undefined ? {} : { platform }),
    annotations: { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": name },
  }));
  return { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
}

/** For docker's classic store and podman, which know no index; a docker archive has one image. */
function dockerManifest(manifests: Awaited<ReturnType<typeof readGraph>>, names: readonly Reference[]): object {
  return manifests
    .filter(({ blobs }) => blobs.length > 0)
    .map(({ blobs: [config, ...layers] }) => ({
      Config: config === undefined ? "" : pathOf(config.digest),
      RepoTags: names.map(printFamiliar),
      Layers: layers.map(({ digest }) => pathOf(digest)),
    }));
}

const ROOT = { uid: 0, gid: 0 };

async function* tarOf(members: readonly Member[], epoch: number): AsyncGenerator<Uint8Array, void, void> {
  for (const { path, size, open } of members) {
    yield headerOf({ kind: "file", path, mode: 0o644, owner: ROOT, size }, epoch);
    yield* open();
    yield new Uint8Array(paddingOf(size));
  }
  yield endOfTar();
}
