import { join } from "node:path/posix";
import type { Files } from "../machine/machine.ts";
import { digestOf, hexOf } from "../oci/digest.ts";
import { indexTypeOf, printIndex } from "../oci/image-index.ts";
import type { Platform } from "../oci/platform.ts";
import type { NonEmpty } from "../values.ts";
import { imageOf, openLayout, printLayoutIndex } from "./layout.ts";

/** An image of a layout with its name there. */
export interface NamedImage {
  readonly name: string;
  readonly platform: Platform;
}

/**
 * Combines images of an OCI layout directory into one index, in the given order. The index becomes the only image of the
 * layout; the blobs are not changed.
 * @param name of the index, for `org.opencontainers.image.ref.name`.
 * @throws the failures of {@link openLayout} and {@link imageOf}; Node's own errors of the disk.
 */
export async function joinLayout(
  directory: string,
  members: NonEmpty<NamedImage>,
  name: string,
  files: Pick<Files, "info" | "readBytes" | "pieces" | "write">,
): Promise<void> {
  const layout = await openLayout(files, directory);
  const images = members.map((member) => {
    const { mediaType, digest, size } = imageOf(layout, member.name);
    return { mediaType, digest, size, platform: member.platform };
  });
  const bytes = printIndex(images);
  const digest = digestOf(bytes);
  await files.write(join(directory, "blobs/sha256", hexOf(digest)), bytes, 0o644);
  const root = { mediaType: indexTypeOf(images), digest, size: bytes.length, annotations: {} };
  await files.write(join(directory, "index.json"), printLayoutIndex(root, name), 0o644);
}
