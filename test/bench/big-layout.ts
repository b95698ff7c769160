/** OCI layouts with a layer as big as wished, which takes no room on the disk. */
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";

const MIB = 1024 * 1024;

/** The layer is a hole of so many MiB under a made-up digest: nothing but the connection reads its bytes. Gives the config's digest. */
export async function writeLayout(directory: string, mebibytes: number): Promise<string> {
  const blobs = join(directory, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const layer = {
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    digest: digestOf("made up"),
    size: mebibytes * MIB,
  };
  await using file = await open(join(blobs, hexOf(layer.digest)), "w");
  await file.truncate(layer.size);
  const platform = '{"os":"linux","architecture":"amd64"}';
  const config = await writeBlob(blobs, "application/vnd.oci.image.config.v1+json", platform);
  const manifest = await writeBlob(blobs, OCI_MANIFEST, JSON.stringify({ schemaVersion: 2, config, layers: [layer] }));
  await writeFile(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  return config.digest;
}

async function writeBlob(blobs: string, mediaType: string, content: string) {
  const digest = digestOf(content);
  await writeFile(join(blobs, hexOf(digest)), content);
  return { mediaType, digest, size: Buffer.byteLength(content) };
}
