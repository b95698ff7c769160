import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { imageOf, openLayout, writeLayout } from "../../src/layout/layout.ts";
import { realFiles } from "../../src/machine/files.ts";
import { type Digest, digestOf, hexOf } from "../../src/oci/digest.ts";
import { LayoutWriter, openTestRegistry, reusing, temporaryDirectory, writeIndex } from "../registry/fixture.ts";

const files = realFiles("/nowhere");

async function contentsOf(directory: string): Promise<Record<string, Buffer>> {
  const names = await readdir(join(directory, "blobs/sha256"));
  const entries = names.map(async (name) => [name, await readFile(join(directory, "blobs/sha256", name))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe("writeLayout", () => {
  it("writes a complete image, byte for byte", async () => {
    const { directory, root } = await writeIndex();
    const content = await openLayout(files, directory);
    const written = join(await temporaryDirectory(), "layout");
    await writeLayout(content, imageOf(content), written, files, "1.4.0");
    expect(await contentsOf(written)).toEqual(await contentsOf(directory));
    const copy = await openLayout(files, written);
    expect(copy.images).toMatchObject([
      { digest: root.digest, annotations: { "org.opencontainers.image.ref.name": "1.4.0" } },
    ]);
    const registry = openTestRegistry();
    expect(await registry.describeLayout(written)).toEqual(await registry.describeLayout(directory));
  });

  it("writes no name if none is given", async () => {
    const { directory } = await writeIndex();
    const content = await openLayout(files, directory);
    const written = await temporaryDirectory();
    await writeLayout(content, imageOf(content), written, files);
    expect(JSON.parse(await readFile(join(written, "index.json"), "utf8")).manifests[0]).not.toHaveProperty(
      "annotations",
    );
  });

  it("accepts pieces that share one buffer", async () => {
    const layout = await LayoutWriter.create();
    const big = "0123456789".repeat(50_000);
    await layout.finish(await layout.manifest("amd64", [big]));
    const content = await openLayout(files, layout.directory);
    const blob = async ({ digest }: { digest: Digest }) =>
      reusing(await readFile(join(layout.directory, "blobs/sha256", hexOf(digest))), 777);
    const written = await temporaryDirectory();
    await writeLayout({ ...content, blob }, imageOf(content), written, files);
    expect((await contentsOf(written))[hexOf(digestOf(big))]?.toString()).toBe(big);
  });

  it.each([
    ["other", "A SMALL LAYER"],
    ["fewer", "a small"],
    ["more", "a small layer and more"],
  ])("refuses content of %s bytes and writes no index", async (_, bytes) => {
    const layout = await LayoutWriter.create();
    await layout.finish(await layout.manifest("amd64", ["a small layer"]));
    const content = await openLayout(files, layout.directory);
    const written = await temporaryDirectory();
    const write = writeLayout({ ...content, blob: async () => reusing(bytes) }, imageOf(content), written, files);
    await expect(write).rejects.toMatchObject({ class: "network", code: "DigestMismatch" });
    expect(await readdir(written)).not.toContain("index.json");
  });

  it("rejects with the error of the disk", async () => {
    const { directory } = await writeIndex();
    const content = await openLayout(files, directory);
    const written = await temporaryDirectory();
    await writeLayout(content, imageOf(content), written, files);
    await expect(writeLayout(content, imageOf(content), written, files)).rejects.toMatchObject({ code: "EEXIST" });
  });
});
