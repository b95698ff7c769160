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
import { changeLast, checkWhole, hasTag, makeGround, type RunOptions, removeTags, tagsOf } from "./ground.ts";

const MODEL = "model iris_tree:m1";

describe("A model's layer is known", () => {
  it("not at first", async () => {
    const ground = await makeGround();
    expect((await ground.run()).origins[MODEL]).toBe("hashed");
  });

  it("from the image that the tag points to; the Bento's own layers never are", async () => {
    const ground = await makeGround();
    await ground.run();
    expect((await ground.run()).origins).toEqual({
      [MODEL]: "known",
      apis: "hashed",
      env: "hashed",
      generated: "hashed",
      src: "hashed",
      manifest: "hashed",
    });
  });

  it("also when the code, the environment or a label has changed", async () => {
    const ground = await makeGround();
    await ground.run();
    await writeFile(join(ground.bento, "src/service.py"), "other code");
    const { origins } = await ground.run({ labels: "a=1" }, { bento: { image: { commands: ["true"] } } });
    expect(origins).toMatchObject({ [MODEL]: "known", src: "hashed" });
  });

  it("for a tag that is new, from the Bento's last image", async () => {
    const ground = await makeGround();
    await ground.run();
    const { origins } = await ground.run({ tags: ground.name("acme/iris:2") });
    expect(origins[MODEL]).toBe("known");
    expect(tagsOf(ground, "acme/iris")).toEqual(["1", "2", "bento-environment", "bento-last", "bento-model"]);
  });

  it("for a tag that is new, from what is kept of the model, where another Bento had it", async () => {
    const ground = await makeGround();
    await ground.run();
    const tag = { name: "setosa", version: "v1" };
    const { origins } = await ground.run({ tags: ground.name("acme/iris:2") }, { bento: { tag } });
    expect(origins).toMatchObject({ [MODEL]: "known", src: "hashed" });
  });

  it("from the first tag, when the registry would not move the tag of the last image", async () => {
    const ground = await makeGround();
    await ground.run();
    for (const start of ["bento-last", "bento-model"]) removeTags(ground, "acme/iris", start);
    expect((await ground.run()).origins).toMatchObject({ [MODEL]: "known", src: "hashed" });
  });

  it("for another repository, from the repository that keeps what is known; its blob is mounted", async () => {
    const ground = await makeGround();
    const cache = { "environment-cache": ground.name("acme/kept") };
    await ground.run(cache);
    ground.requests();
    const { origins } = await ground.run({ ...cache, tags: ground.name("acme/other:1") });
    expect(origins[MODEL]).toBe("known");
    // The Bento's own five layers, and the configuration.
    expect(ground.requests().filter((line) => line === "PUT upload acme/other")).toHaveLength(6);
    await checkWhole(ground, "acme/other:1");
    expect(tagsOf(ground, "acme/kept")).toEqual(["bento-environment", "bento-model"]);
    expect(tagsOf(ground, "acme/iris")).toEqual(["1"]);
  });

  it("of an image for several platforms too", async () => {
    const ground = await makeGround();
    const platforms = { platforms: "linux/amd64,linux/arm64" };
    await ground.run(platforms);
    removeTags(ground, "acme/iris", "bento-model");
    expect((await ground.run(platforms)).origins[MODEL]).toBe("known");
  });
});

describe("A model's layer is not known", () => {
  it.each<[string, Readonly<Record<string, string>>, RunOptions]>([
    ["it was made anew under the same version", {}, { modelCreated: "2026-02-02T00:00:00Z" }],
    ["another compression is asked for", { compression: "zstd" }, {}],
    ["times are to be others", { "source-date-epoch": "0" }, {}],
    ["files go elsewhere", { "build-args": "BENTO_PATH=/srv/bento" }, {}],
  ])("when %s", async (_, given, options) => {
    const ground = await makeGround();
    await ground.run();
    expect((await ground.run(given, options)).origins[MODEL]).toBe("hashed");
  });

  it("when a file of it has another size", async () => {
    const ground = await makeGround();
    await ground.run();
    await writeFile(join(ground.model, "weights.bin"), "more");
    expect((await ground.run()).origins[MODEL]).toBe("hashed");
  });

  it.each([
    ["no key", { "dev.bento-image.layer.key": undefined }],
    ["another key", { "dev.bento-image.layer.key": digestOf("other") }],
    ["no diff ID", { "dev.bento-image.layer.diff-id": undefined }],
    ["a diff ID that is none", { "dev.bento-image.layer.diff-id": "sha256:12" }],
  ])("when its annotations have %s", async (_, damage) => {
    const ground = await makeGround();
    await ground.run();
    changeLast(ground, ({ layers: [below, packages, model, ...others], ...manifest }) => {
      const damaged = { ...model, annotations: { ...model?.annotations, ...damage } };
      return { ...manifest, layers: [below, packages, damaged, ...others] };
    });
    expect((await ground.run()).origins[MODEL]).toBe("hashed");
  });

  it("when the tag points to something else, or to what is gone", async () => {
    const ground = await makeGround();
    const gone = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf("gone"), size: 4 };
    for (const manifest of [{ config: gone, layers: [] }, { manifests: [{ ...gone, mediaType: MANIFEST }] }]) {
      const type = "manifests" in manifest ? "application/vnd.oci.image.index.v1+json" : MANIFEST;
      for (const start of ["bento-last", "bento-model"]) removeTags(ground, "acme/iris", start);
      storeManifest(ground.fake, "acme/iris", "1", type, manifest);
      expect((await ground.run()).origins[MODEL]).toBe("hashed");
    }
  });
});

it("An index of more images than there are platforms is not read, whoever put it there", async () => {
  const ground = await makeGround();
  const manifests = Array.from({ length: 40 }, (_, index) => ({
    mediaType: MANIFEST,
    digest: digestOf(`member ${index}`),
    size: 8,
  }));
  storeManifest(ground.fake, "acme/iris", "1", "application/vnd.oci.image.index.v1+json", { manifests });
  ground.requests();
  await ground.run({ "environment-cache": "off" });
  // What the first tag is before, and the image that was pushed.
  expect(ground.requests().filter((line) => line.startsWith("GET manifest"))).toHaveLength(2);
});

it("An index that names one image over and over is as one that names it once", async () => {
  const ground = await makeGround();
  const config = { mediaType: "a", digest: digestOf("a"), size: 1 };
  const image = storeManifest(ground.fake, "acme/iris", undefined, MANIFEST, { config, layers: [config] });
  const members = Array.from({ length: 30 }, () => image);
  storeManifest(ground.fake, "acme/iris", "1", "application/vnd.oci.image.index.v1+json", { manifests: members });
  ground.requests();
  await ground.run({ "environment-cache": "off" });
  // The index, the image in it, and the image that was pushed.
  expect(ground.requests().filter((line) => line.startsWith("GET manifest"))).toHaveLength(3);
});

it("What lies under the first tag takes time in proportion to its size, however often it names a layer", async () => {
  const repository = parseReference("registry.example.com/acme/iris");
  const list = (size: number) => Array.from({ length: size }, () => digestOf("a"));
  const note = (digests: readonly Digest[]) => openBlobPresence(openTestRegistries(), []).note(repository, digests);
  expect(await growth(list, note, 1 << 16)).toBeLessThan(3);
});

describe("verify-models", () => {
  it("reads a known model and finds it as it was", async () => {
    const ground = await makeGround();
    await ground.run();
    const { origins, lines } = await ground.run({ "verify-models": "true" });
    expect(origins[MODEL]).toBe("verified");
    expect(lines.join("\n")).not.toContain("The files count");
  });

  it.each([
    ["blob", { digest: digestOf("other"), size: 5 }],
    ["diff ID", { annotations: { "dev.bento-image.layer.diff-id": digestOf("other") } }],
  ])("does not take a layer with another %s, and says so with the model and the digests", async (_, other) => {
    const ground = await makeGround();
    const first = await ground.run();
    storeBlob(ground.fake, "acme/iris", "", "other");
    changeLast(ground, ({ layers: [below, packages, model, ...others], ...manifest }) => {
      const annotations = { ...model?.annotations, ...("annotations" in other ? other.annotations : {}) };
      return { ...manifest, layers: [below, packages, { ...model, ...other, annotations }, ...others] };
    });
    const { digest, lines } = await ground.run({ "verify-models": "true" });
    expect(digest).toBe(first.digest);
    expect(lines).toContainEqual(
      expect.stringMatching(new RegExp(`^${MODEL}: the cache has .*${digestOf("other")}.*The files count`)),
    );
  });

  it("finds a file that changed though its size did not, which nobody else would", async () => {
    const ground = await makeGround();
    const first = await ground.run();
    await writeFile(join(ground.model, "weights.bin"), "WEIGHTS, and weights, and weights\n");
    expect((await ground.run()).origins[MODEL]).toBe("known");
    const { origins, digest } = await ground.run({ "verify-models": "true" });
    expect(origins[MODEL]).toBe("hashed");
    expect(digest).not.toBe(first.digest);
  });
});

describe("An environment", () => {
  it("is built once, whatever the backend and the tag", async () => {
    const ground = await makeGround();
    expect((await ground.run()).built).toHaveLength(1);
    expect((await ground.run({ backend: "podman" })).built).toEqual([]);
    expect((await ground.run({ tags: ground.name("acme/iris:2") })).built).toEqual([]);
  });

  it("is built once for each platform", async () => {
    const ground = await makeGround();
    const { built } = await ground.run({ platforms: "linux/amd64,linux/arm64" });
    expect(built).toEqual(["linux/amd64", "linux/arm64"]);
    expect((await ground.run({ platforms: "linux/arm64,linux/s390x" })).built).toEqual(["linux/s390x"]);
  });

  it.each([
    [{ "no-cache": "true" }, "hashed"],
    [{ "no-cache-filters": "environment" }, "known"],
  ])("is built again with %j, and the model is %s", async (given, origin) => {
    const ground = await makeGround();
    await ground.run();
    const again = await ground.run(given);
    expect(again.built).toHaveLength(1);
    expect(again.origins[MODEL]).toBe(origin);
  });

  it("that no-cache has built anew is the one that the next run takes, also where its tag was taken", async () => {
    const ground = await makeGround();
    await ground.run();
    removeTags(ground, "acme/iris", "bento-last");
    ground.requests();
    await ground.run({ "no-cache": "true", tags: ground.name("acme/iris:2") });
    expect(ground.requests()).toContain("PUT manifest acme/iris:bento-environment");
    expect((await ground.run({ tags: ground.name("acme/iris:3") })).built).toEqual([]);
  });

  it.each([
    ["key", (config: ReturnType<typeof environmentConfig>) => ({ ...config, config: { Labels: {} } })],
    ["platform", (config: ReturnType<typeof environmentConfig>) => ({ ...config, architecture: "arm64" })],
    ["number of diff IDs", (config: ReturnType<typeof environmentConfig>) => ({ ...config, rootfs: { diff_ids: [] } })],
  ])("below an image in the cache whose configuration has another %s is not taken", async (_, change) => {
    const ground = await makeGround();
    const first = await ground.run();
    const [key] = ground.manifest("acme/iris", "1").annotations["dev.bento-image.environment.key"].match(/.*/);
    const config = JSON.stringify(change(environmentConfig(key)));
    const { digest } = storeBlob(ground.fake, "acme/iris", "application/vnd.oci.image.config.v1+json", config);
    changeLast(ground, (manifest) => {
      const annotations = { ...ground.manifest("acme/iris", "1").annotations };
      return { ...manifest, annotations: { ...annotations, "dev.bento-image.environment.config": digest } };
    });
    const again = await ground.run();
    expect([again.built, again.digest]).toEqual([[], first.digest]);
  });

  it("is not taken where the tag was moved to another between the push and the reading", async () => {
    const ground = await makeGround();
    const afterBuild = (key: Digest) =>
      storeEnvironmentAs(ground.fake, "acme/iris", environmentTag(key), environmentConfig(key), ["evil", "evil too"]);
    await expect(ground.run({}, { afterBuild })).rejects.toMatchObject({ code: "DigestMismatch" });
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
  });

  it("is built again when the base image's tag has moved", async () => {
    const ground = await makeGround();
    await ground.run();
    const { config } = ground.manifest("library/python", "3.11");
    storeManifest(ground.fake, "library/python", "3.11", MANIFEST, {
      config,
      layers: [],
      annotations: { day: "next" },
    });
    expect((await ground.run()).built).toHaveLength(1);
  });

  it("is kept nowhere with environment-cache: off, nor is a model; of what is there nothing is taken", async () => {
    const ground = await makeGround();
    const off = { "environment-cache": "off" };
    await ground.run(off);
    expect(tagsOf(ground, "acme/iris")).toEqual(["1"]);
    const again = await ground.run(off);
    expect(again.built).toHaveLength(1);
    expect(again.origins[MODEL]).toBe("hashed");
    await ground.run();
    const last = await ground.run(off);
    expect([last.built, last.origins[MODEL]]).toEqual([["linux/amd64"], "hashed"]);
  });
});
