import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { MANIFEST, storeBlob, storeManifest } from "./environments.ts";
import { changeLast, makeSetting, removeTags, type Setting } from "./setting.ts";

/** Removes the environments and their layers. */
function cleanUp(setting: Setting, path: string): void {
  removeTags(setting, path, "bento-environment");
  for (const [digest, bytes] of setting.fake.blobs.get(path) ?? []) {
    if (bytes.toString().includes("dev.bento-image.environment")) setting.fake.blobs.get(path)?.delete(digest);
  }
}

describe("if-exists: skip", () => {
  const skip = { "if-exists": "skip" };

  it("returns the digest of an identical image and writes nothing", async () => {
    const setting = await makeSetting();
    const first = await setting.run(skip);
    expect(first.isUnchanged).toBe(false);
    setting.requests();
    const again = await setting.run(skip);
    expect(again.isUnchanged).toBe(true);
    expect(again.built).toEqual([]);
    expect(again.outcome.result).toEqual(first.outcome.result);
    expect(setting.requests().filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual([]);
  });

  it("adds other tags to the identical image and writes nothing else", async () => {
    const setting = await makeSetting();
    await setting.run(skip);
    setting.requests();
    const tags = [setting.name("acme/iris:1"), setting.name("acme/iris:latest")].join("\n");
    expect((await setting.run({ ...skip, tags })).isUnchanged).toBe(true);
    expect(setting.requests().filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual(["PUT manifest acme/iris:latest"]);
    expect(setting.manifest("acme/iris", "latest")).toEqual(setting.manifest("acme/iris", "1"));
  });

  it("adds a new tag to the Bento's last image if it is identical", async () => {
    const setting = await makeSetting();
    const first = await setting.run(skip);
    setting.requests();
    const again = await setting.run({ ...skip, tags: setting.name("acme/iris:2") });
    expect([again.isUnchanged, again.outcome.result]).toEqual([true, first.outcome.result]);
    expect(setting.requests().filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual(["PUT manifest acme/iris:2"]);
    expect(setting.manifest("acme/iris", "2")).toEqual(setting.manifest("acme/iris", "1"));
  });

  it("works when the environment and its blobs have been removed from the cache", async () => {
    const setting = await makeSetting();
    await setting.run(skip);
    cleanUp(setting, "acme/iris");
    const again = await setting.run({ ...skip, tags: setting.name("acme/iris:2") });
    expect([again.isUnchanged, again.built]).toEqual([true, []]);
  });

  it("builds the environment when no-cache-filters requires it", async () => {
    const setting = await makeSetting();
    await setting.run(skip);
    const filters = { "no-cache-filters": "environment" };
    const again = await setting.run({ ...skip, ...filters }, { environmentLayers: ["new"] });
    expect([again.isUnchanged, again.built]).toEqual([false, ["linux/amd64"]]);
  });

  it("compares the layers of an image whose environment is no longer cached, whatever its annotations say", async () => {
    const setting = await makeSetting();
    await setting.run(skip);
    cleanUp(setting, "acme/iris");
    removeTags(setting, "acme/iris", "1");
    storeBlob(setting.fake, "acme/iris", "", "other");
    changeLast(setting, ({ layers, ...manifest }) => {
      const code = layers.at(-1);
      return { ...manifest, layers: [...layers.slice(0, -1), { ...code, digest: digestOf("other"), size: 5 }] };
    });
    expect((await setting.run(skip)).isUnchanged).toBe(false);
  });

  it.each([
    ["another repository", (setting: Setting) => ({ "environment-cache": setting.name("acme/cache") })],
    ["none", () => ({ "environment-cache": "off" })],
  ])(
    "does not trust the annotations of an image when the cache is %s, and logs why the image is built",
    async (_, given) => {
      const setting = await makeSetting();
      const first = await setting.run({ ...skip, ...given(setting) });
      cleanUp(setting, "acme/cache");
      const again = await setting.run({ ...skip, ...given(setting) });
      expect([again.isUnchanged, again.built, again.digest]).toEqual([false, ["linux/amd64"], first.digest]);
      expect(again.lines).toContainEqual(expect.stringMatching(/^if-exists: skip: the environment is not cached/));
    },
  );

  it("finds an identical image in another repository when the environment is cached", async () => {
    const setting = await makeSetting();
    const given = { ...skip, "environment-cache": setting.name("acme/cache") };
    const first = await setting.run(given);
    const again = await setting.run(given);
    expect([again.isUnchanged, again.digest]).toEqual([true, first.digest]);
  });

  it("works for several platforms", async () => {
    const setting = await makeSetting();
    const platforms = { ...skip, platforms: "linux/amd64,linux/arm64" };
    const first = await setting.run(platforms);
    const again = await setting.run(platforms);
    expect([again.isUnchanged, again.outcome.result]).toEqual([true, first.outcome.result]);
  });

  it.each<[string, (setting: Setting) => unknown, Readonly<Record<string, string>>]>([
    ["code", ({ bento }) => writeFile(join(bento, "src/service.py"), "other"), {}],
    ["requirements", ({ bento }) => writeFile(join(bento, "env/python/requirements.txt"), "torch"), {}],
    ["a label", () => undefined, { labels: "a=1" }],
    ["an annotation", () => undefined, { annotations: "a=1" }],
    ["the time", () => undefined, { "source-date-epoch": "0" }],
    ["the compression", () => undefined, { compression: "zstd" }],
    ["the platforms", () => undefined, { platforms: "linux/amd64,linux/arm64" }],
  ])("builds the image when %s changed", async (_, change, given) => {
    const setting = await makeSetting();
    await setting.run(skip);
    await change(setting);
    expect((await setting.run({ ...skip, ...given })).isUnchanged).toBe(false);
  });

  it("builds the image when the model was created again", async () => {
    const setting = await makeSetting();
    await setting.run(skip);
    await writeFile(join(setting.model, "weights.bin"), "new");
    expect((await setting.run(skip, { modelCreated: "2026-02-02T00:00:00Z" })).isUnchanged).toBe(false);
  });

  it("builds the image when the tag points to an image of another tool", async () => {
    const setting = await makeSetting();
    await setting.run(skip);
    const { annotations: _, ...manifest } = setting.manifest("acme/iris", "1");
    storeManifest(setting.fake, "acme/iris", "1", MANIFEST, manifest);
    expect((await setting.run(skip)).isUnchanged).toBe(false);
  });

  it("builds the image when a layout is requested too", async () => {
    const setting = await makeSetting();
    const first = await setting.run(skip);
    const { isUnchanged, digest } = await setting.run({ ...skip, output: "oci:out" });
    expect([isUnchanged, digest]).toEqual([false, first.digest]);
    const index = JSON.parse(await readFile(join(setting.root, "out/index.json"), "utf8"));
    expect(index.manifests).toMatchObject([{ digest: first.digest }]);
  });

  it("is not the default", async () => {
    const setting = await makeSetting();
    const first = await setting.run();
    const again = await setting.run();
    expect([again.isUnchanged, again.digest]).toEqual([false, first.digest]);
  });
});
