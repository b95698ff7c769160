import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openBlobPresence } from "../../src/assembly/blob-presence.ts";
import { environmentTag } from "../../src/cache/names.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { growth } from "../growth.ts";
import { openTestRegistries } from "../registry/fixture.ts";
import { environmentConfig, MANIFEST, storeBlob, storeEnvironmentAs, storeManifest } from "./environments.ts";
import { changeLast, checkWhole, hasTag, makeSetting, type RunOptions, removeTags, tagsOf } from "./setting.ts";

const MODEL = "model iris_tree:m1";

describe("A model's layer is reused", () => {
  it("only after the first build", async () => {
    const setting = await makeSetting();
    expect((await setting.run()).origins[MODEL]).toBe("hashed");
  });

  it("from the image that the tag points to; the Bento's own layers are never reused", async () => {
    const setting = await makeSetting();
    await setting.run();
    expect((await setting.run()).origins).toEqual({
      [MODEL]: "cached",
      apis: "hashed",
      env: "hashed",
      generated: "hashed",
      src: "hashed",
      manifest: "hashed",
    });
  });

  it("also when the code, the environment or a label has changed", async () => {
    const setting = await makeSetting();
    await setting.run();
    await writeFile(join(setting.bento, "src/service.py"), "other code");
    const { origins } = await setting.run({ labels: "a=1" }, { bento: { image: { commands: ["true"] } } });
    expect(origins).toMatchObject({ [MODEL]: "cached", src: "hashed" });
  });

  it("for a new tag from the Bento's last image", async () => {
    const setting = await makeSetting();
    await setting.run();
    const { origins } = await setting.run({ tags: setting.name("acme/iris:2") });
    expect(origins[MODEL]).toBe("cached");
    expect(tagsOf(setting, "acme/iris")).toEqual(["1", "2", "bento-environment", "bento-last", "bento-model"]);
  });

  it("for a new tag from the model record, if another Bento has the model", async () => {
    const setting = await makeSetting();
    await setting.run();
    const tag = { name: "setosa", version: "v1" };
    const { origins } = await setting.run({ tags: setting.name("acme/iris:2") }, { bento: { tag } });
    expect(origins).toMatchObject({ [MODEL]: "cached", src: "hashed" });
  });

  it("from the first tag when the registry refuses to move the tag of the last image", async () => {
    const setting = await makeSetting();
    await setting.run();
    for (const start of ["bento-last", "bento-model"]) removeTags(setting, "acme/iris", start);
    expect((await setting.run()).origins).toMatchObject({ [MODEL]: "cached", src: "hashed" });
  });

  it("for another repository from the cache repository; its blob is mounted", async () => {
    const setting = await makeSetting();
    const cache = { "environment-cache": setting.name("acme/kept") };
    await setting.run(cache);
    setting.requests();
    const { origins } = await setting.run({ ...cache, tags: setting.name("acme/other:1") });
    expect(origins[MODEL]).toBe("cached");
    // The Bento's own five layers and the configuration.
    expect(setting.requests().filter((line) => line === "PUT upload acme/other")).toHaveLength(6);
    await checkWhole(setting, "acme/other:1");
    expect(tagsOf(setting, "acme/kept")).toEqual(["bento-environment", "bento-model"]);
    expect(tagsOf(setting, "acme/iris")).toEqual(["1"]);
  });

  it("for an image for several platforms", async () => {
    const setting = await makeSetting();
    const platforms = { platforms: "linux/amd64,linux/arm64" };
    await setting.run(platforms);
    removeTags(setting, "acme/iris", "bento-model");
    expect((await setting.run(platforms)).origins[MODEL]).toBe("cached");
  });
});

describe("A model's layer is not reused", () => {
  it.each<[string, Readonly<Record<string, string>>, RunOptions]>([
    ["it was created again with the same version", {}, { modelCreated: "2026-02-02T00:00:00Z" }],
    ["another compression is requested", { compression: "zstd" }, {}],
    ["the image time changes", { "source-date-epoch": "0" }, {}],
    ["the directory in the image changes", { "build-args": "BENTO_PATH=/srv/bento" }, {}],
  ])("when %s", async (_, given, options) => {
    const setting = await makeSetting();
    await setting.run();
    expect((await setting.run(given, options)).origins[MODEL]).toBe("hashed");
  });

  it("when the size of one of its files has changed", async () => {
    const setting = await makeSetting();
    await setting.run();
    await writeFile(join(setting.model, "weights.bin"), "more");
    expect((await setting.run()).origins[MODEL]).toBe("hashed");
  });

  it.each([
    ["no key", { "dev.bento-image.layer.key": undefined }],
    ["another key", { "dev.bento-image.layer.key": digestOf("other") }],
    ["no diff ID", { "dev.bento-image.layer.diff-id": undefined }],
    ["a diff ID that is none", { "dev.bento-image.layer.diff-id": "sha256:12" }],
  ])("when its annotations have %s", async (_, damage) => {
    const setting = await makeSetting();
    await setting.run();
    changeLast(setting, ({ layers: [below, packages, model, ...others], ...manifest }) => {
      const damaged = { ...model, annotations: { ...model?.annotations, ...damage } };
      return { ...manifest, layers: [below, packages, damaged, ...others] };
    });
    expect((await setting.run()).origins[MODEL]).toBe("hashed");
  });

  it("when the tag points to another kind of image or to a missing one", async () => {
    const setting = await makeSetting();
    const gone = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf("gone"), size: 4 };
    for (const manifest of [{ config: gone, layers: [] }, { manifests: [{ ...gone, mediaType: MANIFEST }] }]) {
      const type = "manifests" in manifest ? "application/vnd.oci.image.index.v1+json" : MANIFEST;
      for (const start of ["bento-last", "bento-model"]) removeTags(setting, "acme/iris", start);
      storeManifest(setting.fake, "acme/iris", "1", type, manifest);
      expect((await setting.run()).origins[MODEL]).toBe("hashed");
    }
  });
});

it("An index with too many images is not read", async () => {
  const setting = await makeSetting();
  const manifests = Array.from({ length: 40 }, (_, index) => ({
    mediaType: MANIFEST,
    digest: digestOf(`member ${index}`),
    size: 8,
  }));
  storeManifest(setting.fake, "acme/iris", "1", "application/vnd.oci.image.index.v1+json", { manifests });
  setting.requests();
  await setting.run({ "environment-cache": "off" });
  // The previous image of the first tag, and the image that was pushed.
  expect(setting.requests().filter((line) => line.startsWith("GET manifest"))).toHaveLength(2);
});

it("An index that names one image over and over is as one that names it once", async () => {
  const setting = await makeSetting();
  const config = { mediaType: "a", digest: digestOf("a"), size: 1 };
  const image = storeManifest(setting.fake, "acme/iris", undefined, MANIFEST, { config, layers: [config] });
  const members = Array.from({ length: 30 }, () => image);
  storeManifest(setting.fake, "acme/iris", "1", "application/vnd.oci.image.index.v1+json", { manifests: members });
  setting.requests();
  await setting.run({ "environment-cache": "off" });
  // The index, its image, and the image that was pushed.
  expect(setting.requests().filter((line) => line.startsWith("GET manifest"))).toHaveLength(3);
});

it("The time to read the previous image grows linearly with its size, even if it lists a layer many times", async () => {
  const repository = parseReference("registry.example.com/acme/iris");
  const list = (size: number) => Array.from({ length: size }, () => digestOf("a"));
  const add = (digests: readonly Digest[]) => openBlobPresence(openTestRegistries(), []).add(repository, digests);
  expect(await growth(list, add, 1 << 16)).toBeLessThan(3);
});

describe("verify-models", () => {
  it("reads a cached model and verifies it", async () => {
    const setting = await makeSetting();
    await setting.run();
    const { origins, lines } = await setting.run({ "verify-models": "true" });
    expect(origins[MODEL]).toBe("verified");
    expect(lines.join("\n")).not.toContain("The files count");
  });

  it.each([
    ["blob", { digest: digestOf("other"), size: 5 }],
    ["diff ID", { annotations: { "dev.bento-image.layer.diff-id": digestOf("other") } }],
  ])("ignores a cached layer with another %s and logs the model and the digests", async (_, other) => {
    const setting = await makeSetting();
    const first = await setting.run();
    storeBlob(setting.fake, "acme/iris", "", "other");
    changeLast(setting, ({ layers: [below, packages, model, ...others], ...manifest }) => {
      const annotations = { ...model?.annotations, ...("annotations" in other ? other.annotations : {}) };
      return { ...manifest, layers: [below, packages, { ...model, ...other, annotations }, ...others] };
    });
    const { digest, lines } = await setting.run({ "verify-models": "true" });
    expect(digest).toBe(first.digest);
    expect(lines).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${MODEL}: the cached layer .*${digestOf("other")}.*The one made from the files is used`),
      ),
    );
  });

  it("detects a changed file of the same size, which is not detected otherwise", async () => {
    const setting = await makeSetting();
    const first = await setting.run();
    await writeFile(join(setting.model, "weights.bin"), "WEIGHTS, and weights, and weights\n");
    expect((await setting.run()).origins[MODEL]).toBe("cached");
    const { origins, digest } = await setting.run({ "verify-models": "true" });
    expect(origins[MODEL]).toBe("hashed");
    expect(digest).not.toBe(first.digest);
  });
});

describe("An environment", () => {
  it("is built once for all backends and tags", async () => {
    const setting = await makeSetting();
    expect((await setting.run()).built).toHaveLength(1);
    expect((await setting.run({ backend: "podman" })).built).toEqual([]);
    expect((await setting.run({ tags: setting.name("acme/iris:2") })).built).toEqual([]);
  });

  it("is built once for each platform", async () => {
    const setting = await makeSetting();
    const { built } = await setting.run({ platforms: "linux/amd64,linux/arm64" });
    expect(built).toEqual(["linux/amd64", "linux/arm64"]);
    expect((await setting.run({ platforms: "linux/arm64,linux/s390x" })).built).toEqual(["linux/s390x"]);
  });

  it.each([
    [{ "no-cache": "true" }, "hashed"],
    [{ "no-cache-filters": "environment" }, "cached"],
  ])("is built again with %j, and the model is %s", async (given, origin) => {
    const setting = await makeSetting();
    await setting.run();
    const again = await setting.run(given);
    expect(again.built).toHaveLength(1);
    expect(again.origins[MODEL]).toBe(origin);
  });

  it("that was rebuilt with no-cache is used by the next run, even if its tag existed already", async () => {
    const setting = await makeSetting();
    await setting.run();
    removeTags(setting, "acme/iris", "bento-last");
    setting.requests();
    await setting.run({ "no-cache": "true", tags: setting.name("acme/iris:2") });
    expect(setting.requests()).toContain("PUT manifest acme/iris:bento-environment");
    expect((await setting.run({ tags: setting.name("acme/iris:3") })).built).toEqual([]);
  });

  it.each([
    ["key", (config: ReturnType<typeof environmentConfig>) => ({ ...config, config: { Labels: {} } })],
    ["platform", (config: ReturnType<typeof environmentConfig>) => ({ ...config, architecture: "arm64" })],
    ["number of diff IDs", (config: ReturnType<typeof environmentConfig>) => ({ ...config, rootfs: { diff_ids: [] } })],
  ])("of a cached image is not used when its configuration has another %s", async (_, change) => {
    const setting = await makeSetting();
    const first = await setting.run();
    const [key] = setting.manifest("acme/iris", "1").annotations["dev.bento-image.environment.key"].match(/.*/);
    const config = JSON.stringify(change(environmentConfig(key)));
    const { digest } = storeBlob(setting.fake, "acme/iris", "application/vnd.oci.image.config.v1+json", config);
    changeLast(setting, (manifest) => {
      const annotations = { ...setting.manifest("acme/iris", "1").annotations };
      return { ...manifest, annotations: { ...annotations, "dev.bento-image.environment.config": digest } };
    });
    const again = await setting.run();
    expect([again.built, again.digest]).toEqual([[], first.digest]);
  });

  it("is not used when its tag was moved between the push and the read", async () => {
    const setting = await makeSetting();
    const afterBuild = (key: Digest) =>
      storeEnvironmentAs(setting.fake, "acme/iris", environmentTag(key), environmentConfig(key), ["evil", "evil too"]);
    await expect(setting.run({}, { afterBuild })).rejects.toMatchObject({ code: "DigestMismatch" });
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
  });

  it("is built again when the base image's tag has moved", async () => {
    const setting = await makeSetting();
    await setting.run();
    const { config } = setting.manifest("library/python", "3.11");
    storeManifest(setting.fake, "library/python", "3.11", MANIFEST, {
      config,
      layers: [],
      annotations: { day: "next" },
    });
    expect((await setting.run()).built).toHaveLength(1);
  });

  it("is neither stored nor read with environment-cache: off, and neither is a model", async () => {
    const setting = await makeSetting();
    const off = { "environment-cache": "off" };
    await setting.run(off);
    expect(tagsOf(setting, "acme/iris")).toEqual(["1"]);
    const again = await setting.run(off);
    expect(again.built).toHaveLength(1);
    expect(again.origins[MODEL]).toBe("hashed");
    await setting.run();
    const last = await setting.run(off);
    expect([last.built, last.origins[MODEL]]).toEqual([["linux/amd64"], "hashed"]);
  });
});
