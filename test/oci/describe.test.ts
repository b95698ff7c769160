import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { create } from "tar";
import { describe, expect, it } from "vitest";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { DOCKER_INDEX, DOCKER_MANIFEST } from "../../src/oci/media-types.ts";
import { printPlatform } from "../../src/oci/platform.ts";
import { parseReference } from "../../src/oci/reference.ts";
import {
  LayoutWriter,
  openTestRegistry,
  startRegistry,
  temporaryDirectory,
  writeImage,
  writeIndex,
} from "../registry/fixture.ts";

describe("describeLayout", () => {
  it("returns digest, config digest and sizes of an image", async () => {
    const { directory, root } = await writeImage();
    const { config, layers } = JSON.parse(await readFile(join(directory, "blobs/sha256", hexOf(root.digest)), "utf8"));
    expect(await openTestRegistry().describeLayout(directory)).toEqual({
      digest: root.digest,
      kind: "manifest",
      platforms: [
        {
          platform: { os: "linux", architecture: "amd64" },
          digest: root.digest,
          imageid: config.digest,
          size: root.size + config.size + 13 + 200_000,
          layers: [
            { digest: layers[0].digest, size: 13 },
            { digest: layers[1].digest, size: 200_000 },
          ],
        },
      ],
    });
  });

  it("returns the platforms of an index in normal form, without attestations", async () => {
    const { directory, root, members } = await writeIndex();
    const { digest, kind, platforms } = await openTestRegistry().describeLayout(directory);
    expect([digest, kind]).toEqual([root.digest, "index"]);
    expect(platforms.map((image) => [printPlatform(image.platform), image.digest])).toEqual([
      ["linux/amd64", members[0]?.digest],
      ["linux/arm64", members[1]?.digest],
    ]);
  });

  it("finds images in a nested index", async () => {
    const layout = await LayoutWriter.create();
    const inner = await layout.index([await layout.manifest("s390x", ["layer"])]);
    await layout.finish(await layout.index([inner]));
    const { platforms } = await openTestRegistry().describeLayout(layout.directory);
    expect(platforms.map(({ platform }) => printPlatform(platform))).toEqual(["linux/s390x"]);
  });

  it("reads Docker's own types too", async () => {
    const layout = await LayoutWriter.create();
    const config = await layout.blob(
      "application/vnd.docker.container.image.v1+json",
      '{"os":"linux","architecture":"arm"}',
    );
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_MANIFEST, config, layers: [] });
    const member = await layout.blob(DOCKER_MANIFEST, manifest);
    const list = JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_INDEX, manifests: [member] });
    await layout.finish(await layout.blob(DOCKER_INDEX, list));
    const { kind, platforms } = await openTestRegistry().describeLayout(layout.directory);
    expect([kind, ...platforms.map(({ platform }) => printPlatform(platform))]).toEqual(["index", "linux/arm/v7"]);
  });

  it("ignores artifacts", async () => {
    const layout = await LayoutWriter.create();
    const config = await layout.blob("application/vnd.cncf.helm.config.v1+json", "{}");
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    await layout.finish(await layout.blob(mediaType, JSON.stringify({ mediaType, config, layers: [] })));
    expect((await openTestRegistry().describeLayout(layout.directory)).platforms).toEqual([]);
  });

  it("selects the image of a name among several", async () => {
    const layout = await LayoutWriter.create();
    const [one, other] = [await layout.manifest("amd64", ["one"]), await layout.manifest("amd64", ["other"])];
    await layout.finish(
      { ...one, annotations: { "org.opencontainers.image.ref.name": "1" } },
      { ...other, annotations: { "org.opencontainers.image.ref.name": "2" } },
    );
    const registry = openTestRegistry();
    expect((await registry.describeLayout(layout.directory, "2")).digest).toBe(other.digest);
    await expect(registry.describeLayout(layout.directory)).rejects.toMatchObject({
      class: "tool",
      code: "LayoutAmbiguous",
      lines: [`${one.digest} 1`, `${other.digest} 2`],
    });
  });

  it("accepts several names of one image", async () => {
    const layout = await LayoutWriter.create();
    const image = await layout.manifest("amd64", ["one"]);
    const names = ["a", "b"].map((name) => ({ ...image, annotations: { "io.containerd.image.name": name } }));
    await layout.finish(...names);
    expect((await openTestRegistry().describeLayout(layout.directory)).digest).toBe(image.digest);
  });

  it("refuses a directory that is not a layout, with the reason", async () => {
    const directory = await temporaryDirectory();
    const registry = openTestRegistry();
    await expect(registry.describeLayout(directory)).rejects.toMatchObject({ class: "tool", code: "LayoutDamaged" });
    await writeFile(join(directory, "index.json"), '{"manifests":[{"mediaType":"x","digest":"../../etc","size":1}]}');
    await expect(registry.describeLayout(directory)).rejects.toMatchObject({
      code: "ManifestInvalid",
      message: expect.stringContaining("../../etc"),
    });
  });

  it("detects a changed manifest", async () => {
    const { directory, root } = await writeImage();
    const path = join(directory, "blobs/sha256", hexOf(root.digest));
    await writeFile(path, (await readFile(path, "utf8")).replace('"schemaVersion":2', '"schemaVersion":3'));
    await expect(openTestRegistry().describeLayout(directory)).rejects.toMatchObject({ code: "DigestMismatch" });
  });
});

describe("describeArchive", () => {
  async function archive(directory: string, entries: readonly string[]): Promise<string> {
    const file = join(await temporaryDirectory(), "image.tar");
    await pipeline(create({ cwd: directory }, [...entries]), createWriteStream(file));
    return file;
  }

  it.each([
    ["index.json first", ["index.json", "oci-layout", "blobs"]],
    ["index.json last", ["./blobs", "./oci-layout", "./index.json"]],
  ])("returns the same as for the layout: %s", async (_, entries) => {
    const { directory } = await writeIndex();
    const registry = openTestRegistry();
    const file = await archive(directory, entries);
    expect(await registry.describeArchive(file)).toEqual(await registry.describeLayout(directory));
  });

  it("refuses a file that is not an archive, with the reason", async () => {
    const { directory } = await writeIndex();
    const registry = openTestRegistry();
    await expect(registry.describeArchive(await archive(directory, ["oci-layout"]))).rejects.toMatchObject({
      code: "LayoutDamaged",
    });
    const noise = join(directory, "noise");
    await writeFile(noise, createHash("sha512").update("noise").digest().toString("hex").repeat(20));
    await expect(registry.describeArchive(noise)).rejects.toMatchObject({ code: "LayoutDamaged" });
  });
});

describe("describe and resolve", () => {
  it("return the same for a registry as for the layout that was pushed", async () => {
    const { directory, root } = await writeIndex();
    const fake = await startRegistry();
    const reference = parseReference(`${fake.host}/acme/iris:1`);
    const registry = openTestRegistry();
    await registry.pushLayout(directory, [reference]);
    expect(await registry.describe(reference)).toEqual(await registry.describeLayout(directory));
    const resolved = await registry.resolve(parseReference(`${fake.host}/acme/iris@${root.digest}`));
    expect(resolved).toMatchObject({ digest: root.digest, mediaType: root.mediaType, size: root.size });
  });

  it("fail with the name of a missing image", async () => {
    const fake = await startRegistry();
    await expect(openTestRegistry().resolve(parseReference(`${fake.host}/acme/iris:9`))).rejects.toMatchObject({
      class: "input",
      code: "NotFound",
      lines: ["MANIFEST_UNKNOWN: manifest unknown"],
      message: expect.stringContaining("while reading 9"),
    });
  });

  it("refuse a registry that returns another digest", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry();
    const reference = parseReference(`${fake.host}/acme/iris:1`);
    const registry = openTestRegistry();
    await registry.pushLayout(directory, [reference]);
    fake.quirks.lyingDigest = digestOf("another");
    await expect(registry.resolve(reference)).rejects.toMatchObject({ class: "network", code: "DigestMismatch" });
  });

  it("fail with the name of an unreachable host", async () => {
    const fake = await startRegistry();
    await fake.close();
    await expect(openTestRegistry().resolve(parseReference(`${fake.host}/acme/iris:9`))).rejects.toMatchObject({
      class: "network",
      code: "Unreachable",
      message: expect.stringContaining(fake.host),
    });
  });
});
