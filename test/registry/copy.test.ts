import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference, withDigest } from "../../src/oci/reference.ts";
import { openTestRegistry, startRegistry, writeImage, writeIndex } from "./fixture.ts";

describe("copy", () => {
  it("adds tags in the same repository without copying blobs", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry();
    const registry = openTestRegistry();
    const from = parseReference(`${fake.host}/acme/iris:1`);
    await registry.pushLayout(directory, [from]);
    fake.log.length = 0;
    await registry.copy(withDigest(from, root.digest), [parseReference(`${fake.host}/acme/iris:2`)]);
    expect(fake.log.filter((line) => line.startsWith("POST"))).toEqual([]);
    await registry.verify([parseReference(`${fake.host}/acme/iris:2`)], root.digest);
  });

  it("mounts blobs within a registry", async () => {
    const { directory, root } = await writeIndex();
    const fake = await startRegistry();
    const registry = openTestRegistry();
    const [from, to] = ["acme/iris:1", "acme/mirror:1"].map((name) => parseReference(`${fake.host}/${name}`));
    if (from === undefined || to === undefined) throw new Error("no references");
    await registry.pushLayout(directory, [from]);
    fake.log.length = 0;
    await registry.copy(from, [to]);
    expect(fake.log.filter((line) => /uploads\/[0-9a-f]/.test(line))).toEqual([]);
    await registry.verify([to], root.digest);
  });

  it("streams from one registry to another, through redirects", async () => {
    const { directory, root } = await writeIndex();
    const storage = await startRegistry();
    const [here, there] = [await startRegistry(), await startRegistry()];
    const registry = openTestRegistry();
    const from = parseReference(`${here.host}/acme/iris:1`);
    await registry.pushLayout(directory, [from]);
    for (const [name, blobs] of here.blobs) storage.blobs.set(name, blobs);
    here.quirks.blobHost = `http://${storage.host}`;
    const to = parseReference(`${there.host}/acme/iris:1`);
    await registry.copy(from, [to]);
    await registry.verify([to], root.digest);
    expect(there.blobs.get("acme/iris")).toEqual(here.blobs.get("acme/iris"));
  });
});

describe("verify", () => {
  it("names every tag that is missing or points to another image", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry();
    const registry = openTestRegistry();
    const references = ["1", "2", "3"].map((tag) => parseReference(`${fake.host}/acme/iris:${tag}`));
    await registry.pushLayout(directory, references.slice(0, 1));
    fake.quirks.tagMoves = true;
    await registry.pushLayout(directory, references.slice(1, 2));
    const moved = fake.manifests.get("acme/iris")?.get("2")?.bytes ?? Buffer.alloc(0);
    await expect(registry.verify(references, root.digest)).rejects.toMatchObject({
      class: "network",
      code: "DigestMismatch",
      message: expect.not.stringContaining("iris:1"),
      lines: [
        `${fake.host}/acme/iris:2: expected ${root.digest}, found ${digestOf(moved)}`,
        `${fake.host}/acme/iris:3: expected ${root.digest}, found nothing`,
      ],
    });
  });

  it("passes on the failure of a registry that cannot be read", async () => {
    const fake = await startRegistry({ login: "basic", user: "ada:right" });
    const reference = parseReference(`${fake.host}/acme/iris:1`);
    await expect(openTestRegistry().verify([reference], digestOf("x"))).rejects.toMatchObject({ class: "auth" });
  });
});
