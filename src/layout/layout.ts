import { createHash } from "node:crypto";
import { join } from "node:path/posix";
import type { Writable } from "node:stream";
import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";
import { type ContentProvider, checkBytes, type DocumentName } from "../oci/content.ts";
import { type Digest, hexOf } from "../oci/digest.ts";
import { readGraph } from "../oci/graph.ts";
import { type Descriptor, parseDescriptors, parseJsonObject } from "../oci/manifest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";

/** An OCI layout: content with the list of images in `index.json`. */
export interface Layout extends ContentProvider {
  readonly images: readonly Descriptor[];
}

type LayoutFiles = Pick<Files, "info" | "readBytes" | "pieces">;
type NewLayoutFiles = Pick<Files, "makeDirectory" | "sink" | "write">;

const REF_NAME = "org.opencontainers.image.ref.name";

/**
 * Opens an OCI layout directory of BuildKit (`type=oci,tar=false`), podman, buildah or skopeo (`oci:dir`).
 * @throws Failure `tool`, code `LayoutDamaged`, when it is not a layout, or a file is missing or truncated.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function openLayout(files: LayoutFiles, directory: string): Promise<Layout> {
  const index = join(directory, "index.json");
  if ((await files.info(index)) === undefined) {
    throw damaged(`${directory} is not an OCI layout: it has no index.json.`);
  }

  async function locate({ digest, size }: DocumentName): Promise<string> {
    const path = join(directory, "blobs/sha256", hexOf(digest));
    const info = await files.info(path);
    if (info?.kind !== "file") throw damaged(`The OCI layout ${directory} does not contain ${digest}.`);
    if (size !== undefined && info.size !== size)
      throw damaged(`${path} has ${info.size} bytes, but the image lists ${size}.`);
    return path;
  }

  return {
    place: directory,
    images: parseLayoutIndex(await files.readBytes(index), index),
    document: async (descriptor) => checkBytes(await files.readBytes(await locate(descriptor)), descriptor, directory),
    blob: async (descriptor) => files.pieces(await locate(descriptor)),
  };
}

export function parseLayoutIndex(bytes: Uint8Array, where: string): readonly Descriptor[] {
  return parseDescriptors(parseJsonObject(bytes, where)["manifests"], where);
}

/**
 * The image of a layout: the one with the given name, or the only one with any names.
 * @param name a tag or a full reference, as in the annotation `org.opencontainers.image.ref.name` or BuildKit's
 * `io.containerd.image.name`.
 * @throws Failure `tool`, code `LayoutAmbiguous` or `LayoutDamaged`.
 */
export function imageOf({ images, place }: Layout, name?: string): Descriptor {
  const named = images.filter(({ annotations }) => namesOf(annotations).includes(name));
  const candidates = named.length > 0 ? named : images;
  const [first] = candidates;
  if (first === undefined) throw damaged(`The OCI layout ${place} contains no image.`);
  const digests = new Set<Digest>(candidates.map(({ digest }) => digest));
  if (digests.size === 1) return first;
  throw new Failure("tool", `The OCI layout ${place} contains ${digests.size} images instead of one.`, {
    code: "LayoutAmbiguous",
    lines: candidates.map(
      ({ digest, annotations }) => `${digest} ${namesOf(annotations).find(Boolean) ?? "without a name"}`,
    ),
    hint: "Use an empty directory as output.",
  });
}

function namesOf(annotations: Descriptor["annotations"]): readonly (string | undefined)[] {
  return [annotations[REF_NAME], annotations["io.containerd.image.name"]];
}

export function damaged(message: string): Failure {
  return new Failure("tool", message, {
    code: "LayoutDamaged",
    hint: "The tool that wrote it did not finish, or the files were changed afterwards.",
  });
}

/**
 * Writes an image as an OCI layout, byte for byte, and verifies the digest of each blob. `index.json` is written last, so a
 * partial result is not a valid layout; the caller removes it.
 * @param directory absolute path; new or without a layout.
 * @param name for `org.opencontainers.image.ref.name`: a tag or a full reference.
 * @throws Failure `network`, code `DigestMismatch`; the content's failures; Node's own errors of the disk.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function writeLayout(
  content: ContentProvider,
  root: Descriptor,
  directory: string,
  files: NewLayoutFiles,
  name?: string,
): Promise<void> {
  const manifests = await readGraph(content, root);
  const folder = join(directory, "blobs/sha256");
  await files.makeDirectory(folder, 0o755);
  const blobs = new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob]));
  for (const blob of blobs.values()) {
    await writeBlob(content, blob, files.sink(join(folder, hexOf(blob.digest)), { mode: 0o644 }));
  }
  for (const { descriptor, bytes } of manifests) {
    await files.write(join(folder, hexOf(descriptor.digest)), bytes, 0o644);
  }
  await files.write(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }), 0o644);
  await files.write(join(directory, "index.json"), printLayoutIndex(root, name), 0o644);
}

/** The text of `index.json` for a layout with the image. The `others` come first and keep their names. */
export function printLayoutIndex(
  root: Descriptor,
  name: string | undefined,
  others: readonly Descriptor[] = [],
): string {
  const manifests = [...others.map((other) => describedAs(other, undefined)), describedAs(root, name)];
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
}

function describedAs({ mediaType, digest, size, platform, annotations }: Descriptor, name: string | undefined) {
  const all = { ...annotations, ...(name === undefined ? {} : { [REF_NAME]: name }) };
  return {
    mediaType,
    digest,
    size,
    ...(platform === undefined ? {} : { platform }),
    ...(Object.keys(all).length === 0 ? {} : { annotations: all }),
  };
}

function writeBlob(content: ContentProvider, descriptor: Descriptor, sink: Writable): Promise<void> {
  return writePieces(verifiedBlob(content, descriptor), sink);
}

/** Writes all pieces and closes the sink. A piece is written before the next one is requested. Rejects with the errors of both. */
export async function writePieces(pieces: AsyncIterable<Uint8Array>, sink: Writable): Promise<void> {
  let broken: Error | undefined;
  sink.on("error", (error) => {
    broken ??= error;
  });
  try {
    for await (const piece of pieces) await settled((done) => sink.write(piece, done));
    await settled((done) => sink.end(done));
  } catch (error) {
    throw broken ?? error;
  } finally {
    sink.destroy();
  }
}

/** The bytes of a blob. @throws Failure `network`, code `DigestMismatch`, after the last one, if they are not the blob's. */
export async function* verifiedBlob(
  content: ContentProvider,
  descriptor: Descriptor,
): AsyncGenerator<Uint8Array, void, void> {
  const { digest, size } = descriptor;
  const hash = createHash("sha256");
  let count = 0;
  for await (const piece of await content.blob(descriptor)) {
    hash.update(piece);
    count += piece.length;
    yield piece;
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found === digest && count === size) return;
  throw new Failure("network", `${content.place} returned content with a wrong digest or size.`, {
    code: "DigestMismatch",
    lines: [`requested: ${digest}, ${size} bytes`, `content: ${found}, ${count} bytes`],
  });
}

function settled(act: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()));
  });
}
