import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import { type Digest, hexOf } from "../image/digest.ts";
import type { Files } from "../world/world.ts";
import { type ContentProvider, checkBytes } from "./content.ts";
import { type Descriptor, parseDescriptors, parseJsonObject } from "./manifest.ts";

/** Content with a list of images: what `index.json` names. */
export interface Layout extends ContentProvider {
  readonly images: readonly Descriptor[];
}

type LayoutFiles = Pick<Files, "info" | "readBytes" | "source">;

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

  async function locate({ digest, size }: Descriptor): Promise<string> {
    const path = join(directory, "blobs/sha256", hexOf(digest));
    const info = await files.info(path);
    if (info?.kind !== "file") throw damaged(`The OCI layout ${directory} lacks ${digest}.`);
    if (info.size !== size) throw damaged(`${path} has ${info.size} bytes, but ${size} are named in the image.`);
    return path;
  }

  return {
    place: directory,
    images: parseLayoutIndex(await files.readBytes(index), index),
    document: async (descriptor) => checkBytes(await files.readBytes(await locate(descriptor)), descriptor, directory),
    blob: async (descriptor) => files.source(await locate(descriptor)),
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
  return [annotations["org.opencontainers.image.ref.name"], annotations["io.containerd.image.name"]];
}

export function damaged(message: string): Failure {
  return new Failure("tool", message, {
    code: "LayoutDamaged",
    hint: "The tool that wrote it did not finish, or something changed it since.",
  });
}
