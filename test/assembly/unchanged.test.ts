import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { MANIFEST, storeBlob, storeManifest } from "./environments.ts";
import { changeLast, type Ground, makeGround, removeTags } from "./ground.ts";

/** Removes environments and all that lies below them. */
function cleanUp(ground: Ground, path: string): void {
  removeTags(ground, path, "bento-environment");
  for (const [digest, bytes] of ground.fake.blobs.get(path) ?? []) {
    if (bytes.toString().includes("dev.bento-image.environment")) ground.fake.blobs.get(path)?.delete(digest);
  }
}

describe("if-exists: skip", () => {
  const skip = { "if-exists": "skip" };

  it("gives the digest of what is there when it is made of the same things, and writes nothing", async () => {
    const ground = await makeGround();
    const first = await ground.run(skip);
    expect(first.isUnchanged).toBe(false);
    ground.requests();
    const again = await ground.run(skip);
    expect(again.isUnchanged).toBe(true);
    expect(again.built).toEqual([]);
    expect(again.outcome.result).toEqual(first.outcome.result);
    expect(ground.requests().filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual([]);
  });

  it("lets other tags point to it, and writes nothing else", async () => {
    const ground = await makeGround();
    await ground.run(skip);
    ground.requests();
    const tags = [ground.name("acme/iris:1"), ground.name("acme/iris:latest")].join("\n");
    expect((await ground.run({ ...skip, tags })).isUnchanged).toBe(true);
    expect(ground.requests().filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual(["PUT manifest acme/iris:latest"]);
    expect(ground.manifest("acme/iris", "latest")).toEqual(ground.manifest("acme/iris", "1"));
  });

  it("gives it to a tag that is new, when it is the Bento's last image", async () => {
    const ground = await makeGround();
    const first = await ground.run(skip);
    ground.requests();
    const again = await ground.run({ ...skip, tags: ground.name("acme/iris:2") });
    expect([again.isUnchanged, again.outcome.result]).toEqual([true, first.outcome.result]);
    expect(ground.requests().filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual(["PUT manifest acme/iris:2"]);
    expect(ground.manifest("acme/iris", "2")).toEqual(ground.manifest("acme/iris", "1"));
  });

  it("needs no environment and no blob of it, if they were cleaned up", async () => {
    const ground = await makeGround();
    await ground.run(skip);
    cleanUp(ground, "acme/iris");
    const again = await ground.run({ ...skip, tags: ground.name("acme/iris:2") });
    expect([again.isUnchanged, again.built]).toEqual([true, []]);
  });

  it("takes no environment by an image's word where no-cache-filters says that it is to be built", async () => {
    const ground = await makeGround();
    await ground.run(skip);
    const filters = { "no-cache-filters": "environment" };
    const again = await ground.run({ ...skip, ...filters }, { environmentLayers: ["new"] });
    expect([again.isUnchanged, again.built]).toEqual([false, ["linux/amd64"]]);
  });

  it("compares the layers of an image whose environment was cleaned up, whatever it says of itself", async () => {
    const ground = await makeGround();
    await ground.run(skip);
    cleanUp(ground, "acme/iris");
    removeTags(ground, "acme/iris", "1");
    storeBlob(ground.fake, "acme/iris", "", "other");
    changeLast(ground, ({ layers, ...manifest }) => {
      const code = layers.at(-1);
      return { ...manifest, layers: [...layers.slice(0, -1), { ...code, digest: digestOf("other"), size: 5 }] };
    });
    expect((await ground.run(skip)).isUnchanged).toBe(false);
  });

  it.each([
    ["another repository", (ground: Ground) => ({ "environment-cache": ground.name("acme/cache") })],
    ["none", () => ({ "environment-cache": "off" })],
  ])("believes no image by its word where the cache is %s, and says why it is made", async (_, given) => {
    const ground = await makeGround();
    const first = await ground.run({ ...skip, ...given(ground) });
    cleanUp(ground, "acme/cache");
    const again = await ground.run({ ...skip, ...given(ground) });
    expect([again.isUnchanged, again.built, again.digest]).toEqual([false, ["linux/amd64"], first.digest]);
    expect(again.lines).toContainEqual(expect.stringMatching(/^if-exists: skip: no environment is cached/));
  });

  it("finds an image elsewhere to be the very one, where the environment is in the cache", async () => {
    const ground = await makeGround();
    const given = { ...skip, "environment-cache": ground.name("acme/cache") };
    const first = await ground.run(given);
    const again = await ground.run(given);
    expect([again.isUnchanged, again.digest]).toEqual([true, first.digest]);
  });

  it("holds for several platforms", async () => {
    const ground = await makeGround();
    const platforms = { ...skip, platforms: "linux/amd64,linux/arm64" };
    const first = await ground.run(platforms);
    const again = await ground.run(platforms);
    expect([again.isUnchanged, again.outcome.result]).toEqual([true, first.outcome.result]);
  });

  it.each<[string, (ground: Ground) => unknown, Readonly<Record<string, string>>]>([
    ["code", ({ bento }) => writeFile(join(bento, "src/service.py"), "other"), {}],
    ["requirements", ({ bento }) => writeFile(join(bento, "env/python/requirements.txt"), "torch"), {}],
    ["a label", () => undefined, { labels: "a=1" }],
    ["an annotation", () => undefined, { annotations: "a=1" }],
    ["the time", () => undefined, { "source-date-epoch": "0" }],
    ["the compression", () => undefined, { compression: "zstd" }],
    ["the platforms", () => undefined, { platforms: "linux/amd64,linux/arm64" }],
  ])("makes the image when %s changed", async (_, change, given) => {
    const ground = await makeGround();
    await ground.run(skip);
    await change(ground);
    expect((await ground.run({ ...skip, ...given })).isUnchanged).toBe(false);
  });

  it("makes the image when the model was made anew", async () => {
    const ground = await makeGround();
    await ground.run(skip);
    await writeFile(join(ground.model, "weights.bin"), "new");
    expect((await ground.run(skip, { modelCreated: "2026-02-02T00:00:00Z" })).isUnchanged).toBe(false);
  });

  it("makes the image when the tag's is by somebody else", async () => {
    const ground = await makeGround();
    await ground.run(skip);
    const { annotations: _, ...manifest } = ground.manifest("acme/iris", "1");
    storeManifest(ground.fake, "acme/iris", "1", MANIFEST, manifest);
    expect((await ground.run(skip)).isUnchanged).toBe(false);
  });

  it("makes the image when a layout is asked for too", async () => {
    const ground = await makeGround();
    const first = await ground.run(skip);
    const { isUnchanged, digest } = await ground.run({ ...skip, output: "oci:out" });
    expect([isUnchanged, digest]).toEqual([false, first.digest]);
    const index = JSON.parse(await readFile(join(ground.root, "out/index.json"), "utf8"));
    expect(index.manifests).toMatchObject([{ digest: first.digest }]);
  });

  it("is not what happens unasked", async () => {
    const ground = await makeGround();
    const first = await ground.run();
    const again = await ground.run();
    expect([again.isUnchanged, again.digest]).toEqual([false, first.digest]);
  });
});
