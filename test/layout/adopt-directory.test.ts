import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { adoptDirectory } from "../../src/layout/adopt-directory.ts";
import { imageOf, openLayout } from "../../src/layout/layout.ts";
import { realFiles } from "../../src/machine/files.ts";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { DOCKER_MANIFEST } from "../../src/oci/media-types.ts";
import { temporaryDirectory } from "../registry/fixture.ts";

const files = realFiles("/nowhere");

/** A directory as written by `podman push dir:DIRECTORY`. */
async function writeDirectory(directory: string, contents: readonly string[]): Promise<string> {
  await mkdir(directory);
  const [config, ...layers] = contents.map((content) => {
    const bytes = new TextEncoder().encode(content);
    return { mediaType: "application/octet-stream", size: bytes.length, digest: digestOf(bytes), bytes };
  });
  for (const blob of [config, ...layers]) {
    if (blob !== undefined) await writeFile(join(directory, hexOf(blob.digest)), blob.bytes);
  }
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_MANIFEST, config, layers });
  await writeFile(join(directory, "manifest.json"), manifest);
  await writeFile(join(directory, "version"), "Directory Transport Version: 1.1\n");
  return manifest;
}

it("Images of directories are moved into one layout, byte for byte, each with its name, and shared blobs are stored once", async () => {
  const place = await temporaryDirectory();
  const [one, other, layout] = ["one", "other", "layout"].map((name) => join(place, name));
  if (one === undefined || other === undefined || layout === undefined) throw new Error("three places");
  const manifests = [
    await writeDirectory(one, ["c1", "shared"]),
    await writeDirectory(other, ["c2", "shared", "more"]),
  ];
  await adoptDirectory(one, layout, "linux-amd64", files);
  await adoptDirectory(other, layout, "linux-arm64", files);
  const opened = await openLayout(files, layout);
  const digests = manifests.map((manifest) => digestOf(new TextEncoder().encode(manifest)));
  expect(["linux-amd64", "linux-arm64"].map((name) => imageOf(opened, name).digest)).toEqual(digests);
  expect(imageOf(opened, "linux-arm64").mediaType).toBe(DOCKER_MANIFEST);
  expect(await readdir(join(layout, "blobs/sha256"))).toHaveLength(6);
  expect(await readdir(other)).toEqual(["manifest.json", "version"]);
});
