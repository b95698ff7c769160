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

/** Content with a list of images: what `index.json` names. */
export interface Layout extends ContentProvider {
  readonly images: readonly Descriptor[];
}

type LayoutFiles = Pick<Files, "info" | "readBytes" | "pieces">;
type NewLayoutFiles = Pick<Files, "makeDirectory" | "sink" | "write">;

const REF_NAME = "org.opencontainers.image.ref.name";

/**
 * Opens an OCI layout directory, as BuildKit (`type=oci,tar=false`), podman, buildah and skopeo (`oci:dir`) write it.
 * @throws Failure `tool`, code `LayoutDamaged`, when it is none or a file of it is missing or cut short.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function openLayout(files: LayoutFiles, directory: string): Promise<Layout> {
  const index = join(directory, "index.json");
  if ((await files.info(index)) === undefined) {
    throw damaged(`${directory} is no OCI layout: it has no index.json.`);
  }

  async function locate({ digest, size }: DocumentName): Promise<string> {
    const path = join(directory, "blobs/sha256", hexOf(digest));
    const info = await files.info(path);
    if (info?.kind !== "file") throw damaged(`The OCI layout ${directory} lacks ${digest}.`);
    if (size !== undefined && info.size !== size)
      throw damaged(`${path} has ${info.size} bytes, but ${size} are named in the image.`);
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
 * The image of a layout: the only one, whatever names it has, or the one of that name.
 * @param name a tag or whole reference, as in the annotation `org.opencontainers.image.ref.name` or, BuildKit's,
 * `io.containerd.image.name`.
 * @throws Failure `tool`, code `LayoutAmbiguous` or `LayoutDamaged`.
 */
export function imageOf({ images, place }: Layout, name?: string): Descriptor {
  const named = images.filter(({ annotations }) => namesOf(annotations).includes(name));
  const candidates = named.length > 0 ? named : images;
  const [first] = candidates;
  if (first === undefined) throw damaged(`The OCI layout ${place} holds no image.`);
  const digests = new Set<Digest>(candidates.map(({ digest }) => digest));
  if (digests.size === 1) return first;
  throw new Failure("tool", `The OCI layout ${place} holds ${digests.size} images where one was expected.`, {
    code: "LayoutAmbiguous",
    lines: candidates.map(
      ({ digest, annotations }) => `${digest} ${namesOf(annotations).find(Boolean) ?? "without a name"}`,
    ),
    hint: "Give an empty directory.",
  });
}

function namesOf(annotations: Descriptor["annotations"]): readonly (string | undefined)[] {
  return [annotations[REF_NAME], annotations["io.containerd.image.name"]];
}

export function damaged(message: string): Failure {
  return new Failure("tool", message, {
    code: "LayoutDamaged",
    hint: "The tool that wrote it did not finish, or something changed it since.",
  });
}

/**
 * Writes an image as an OCI layout, byte for byte, each blob compared with its digest on its way. `index.json` comes last,
 * so what is left after a failure is no layout; to remove it is the caller's part.
 * @param directory absolute path; new or without a layout.
 * @param name for `org.opencontainers.image.ref.name`: a tag or a whole reference.
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

/** The text of `index.json` of a layout with the image, after others that have their names already. */
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

async function writeBlob(content: ContentProvider, descriptor: Descriptor, sink: Writable): Promise<void> {
  const { digest, size } = descriptor;
  const hash = createHash("sha256");
  let written = 0;
  let broken: Error | undefined;
  sink.on("error", (error) => {
    broken ??= error;
  });
  try {
    for await (const piece of await content.blob(descriptor)) {
      hash.update(piece);
      written += piece.length;
      await settled((done) => sink.write(piece, done));
    }
    await settled((done) => sink.end(done));
  } catch (error) {
    throw broken ?? error;
  } finally {
    sink.destroy();
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found === digest && written === size) return;
  throw new Failure("network", `${content.place} gave other content than asked for.`, {
    code: "DigestMismatch",
    lines: [`asked for ${digest} of ${size} bytes`, `the content's digest is ${found}, of ${written} bytes`],
  });
}

function settled(act: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()));
  });
}
