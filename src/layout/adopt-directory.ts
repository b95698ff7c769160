import { join } from "node:path/posix";
import type { Files } from "../machine/machine.ts";
import { digestOf, hexOf } from "../oci/digest.ts";
import { parseManifest } from "../oci/manifest.ts";
import { damaged, parseLayoutIndex, printLayoutIndex } from "./layout.ts";

type AdoptingFiles = Pick<Files, "info" | "list" | "makeDirectory" | "readBytes" | "rename" | "write">;

/**
 * Moves an image that podman or buildah have written as `dir:` into an OCI layout directory and keeps the images there.
 * That transport keeps docker's media types, while `oci:` converts the image.
 * @param name of the image in the layout, for `org.opencontainers.image.ref.name`.
 * @throws Failure `network`, code `ManifestInvalid`; `tool`, code `LayoutDamaged`; Node's own errors of the disk.
 * @see https://github.com/containers/image/blob/main/docs/containers-transports.5.md (dir)
 */
export async function adoptDirectory(
  directory: string,
  layout: string,
  name: string,
  files: AdoptingFiles,
): Promise<void> {
  const bytes = await files.readBytes(join(directory, "manifest.json"));
  const { kind, mediaType } = parseManifest(bytes, undefined, join(directory, "manifest.json"));
  if (kind === "index") throw damaged(`${directory} contains a manifest list instead of a single image.`);
  const blobs = join(layout, "blobs/sha256");
  await files.makeDirectory(blobs, 0o755);
  for (const { name: file } of await files.list(directory)) {
    if (/^[0-9a-f]{64}$/.test(file)) await files.rename(join(directory, file), join(blobs, file));
  }
  const digest = digestOf(bytes);
  await files.write(join(blobs, hexOf(digest)), bytes, 0o644);
  const index = join(layout, "index.json");
  const others = (await files.info(index)) === undefined ? [] : parseLayoutIndex(await files.readBytes(index), index);
  const image = { mediaType, digest, size: bytes.length, annotations: {} };
  await files.write(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }), 0o644);
  await files.write(index, printLayoutIndex(image, name, others), 0o644);
}
