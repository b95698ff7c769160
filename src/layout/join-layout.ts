import { join } from "node:path/posix";
import type { Files } from "../machine/machine.ts";
import { digestOf, hexOf } from "../oci/digest.ts";
import { indexTypeOf, printIndex } from "../oci/image-index.ts";
import type { Platform } from "../oci/platform.ts";
import type { NonEmpty } from "../values.ts";
import { imageOf, openLayout, printLayoutIndex } from "./layout.ts";

/** An image of a layout, by the name it has there. */
export interface NamedImage {
  readonly name: string;
  readonly platform: Platform;
}

/**
 * Joins images of an OCI layout directory, in their order, to one index, which is then the layout's only image. Its blobs
 * stay where they are.
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
