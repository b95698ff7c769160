import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MANIFEST, storeManifest } from "./environments.ts";
import { type Ground, makeGround } from "./ground.ts";

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
    await ground.run({ ...skip, "environment-cache": "off" });
    expect((await ground.run({ ...skip, "environment-cache": "off" })).isUnchanged).toBe(true);
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
