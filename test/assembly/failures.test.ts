import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openBlobPresence } from "../../src/assembly/blob-presence.ts";
import { document } from "../../src/assembly/compose.ts";
import { moveLastTag, storeModels } from "../../src/assembly/store.ts";
import type { LayerCache } from "../../src/cache/layer-cache.ts";
import { cancelled, Failure } from "../../src/errors.ts";
import { openArchive } from "../../src/layout/archive.ts";
import { imageOf, openLayout } from "../../src/layout/layout.ts";
import { realFiles } from "../../src/machine/files.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { parseReference, type Repository } from "../../src/oci/reference.ts";
import type { Registries } from "../../src/registry/registries.ts";
import { testMachine } from "../registry/fixture.ts";
import { modelIn, WEIGHTS } from "./bentos.ts";
import { storeEnvironment } from "./environments.ts";
import { noise } from "./plans.ts";
import { changeLast, checkWhole, hasTag, IMMUTABLE, makeSetting, type Setting, tagsOf } from "./setting.ts";

const MODEL = "model iris_tree:m1";

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

describe("A cached layer that the registry has lost", () => {
  async function loseModel(setting: Setting): Promise<string> {
    const { digest } = setting.manifest("acme/iris", "1").layers[2];
    setting.fake.blobs.get("acme/iris")?.delete(digest);
    return digest;
  }

  it("is uploaded again", async () => {
    const setting = await makeSetting();
    await setting.run();
    const digest = await loseModel(setting);
    const { origins } = await setting.run({ labels: "a=1" });
    expect(origins[MODEL]).toBe("cached");
    expect(setting.fake.blobs.get("acme/iris")?.has(digest)).toBe(true);
    await checkWhole(setting, "acme/iris:1");
  });

  it("is replaced when its files give other bytes, as with another version of zlib", async () => {
    const setting = await makeSetting();
    await setting.run();
    byAnotherZlib(setting, MODEL);
    const { origins } = await setting.run({ labels: "a=1" });
    expect(origins[MODEL]).toBe("hashed");
    await checkWhole(setting, "acme/iris:1");
  });

  it("is replaced in a layout and in an archive, too, of which a part was written", async () => {
    const setting = await makeSetting();
    await setting.run();
    byAnotherZlib(setting, MODEL);
    const { digest } = await setting.run({ labels: "a=1", output: "oci:image\noci-archive:image.tar" });
    const files = realFiles(setting.root);
    const layout = await openLayout(files, join(setting.root, "image"));
    const archive = await openArchive(files, join(setting.root, "image.tar"));
    for (const written of [layout, archive]) expect(imageOf(written).digest).toBe(digest);
  });

  it("is stored in the cache again, so that the next run finds the new layer", async () => {
    const setting = await makeSetting();
    await setting.run();
    byAnotherZlib(setting, MODEL);
    expect(tagsOf(setting, "acme/iris")).not.toContain("bento-model");
    await setting.run({ labels: "a=1" });
    expect(tagsOf(setting, "acme/iris")).toContain("bento-model");
  });

  it("does not affect other cached layers", async () => {
    const setting = await makeSetting();
    const others = ["one", "two"].map((name) => modelIn(setting.model, "2026-02-01T00:00:00Z", name));
    await setting.run({}, { models: [...others, modelIn(setting.model)] });
    byAnotherZlib(setting, MODEL);
    const { origins } = await setting.run({ labels: "a=1" }, { models: [...others, modelIn(setting.model)] });
    expect(origins).toMatchObject({ [MODEL]: "hashed", "model one:m1": "cached", "model two:m1": "cached" });
    await checkWhole(setting, "acme/iris:1");
  });

  it("can be one of several lost layers", async () => {
    const setting = await makeSetting();
    const others = ["one", "two"].map((name) => modelIn(setting.model, "2026-02-01T00:00:00Z", name));
    await setting.run({}, { models: [...others, modelIn(setting.model)] });
    byAnotherZlib(setting, MODEL, "model one:m1");
    const { origins } = await setting.run({ labels: "a=1" }, { models: [...others, modelIn(setting.model)] });
    expect(origins).toMatchObject({ [MODEL]: "hashed", "model one:m1": "hashed", "model two:m1": "cached" });
  });

  /** The cache lists blobs that no registry has and that this version of zlib does not produce. */
  function byAnotherZlib(setting: Setting, ...titles: readonly string[]): void {
    changeLast(setting, ({ layers, ...manifest }) => ({
      ...manifest,
      layers: layers.map((layer) =>
        titles.includes(layer.annotations?.["dev.bento-image.layer"] ?? "")
          ? { ...layer, digest: digestOf(`${layer.digest} by another zlib`), size: 15 }
          : layer,
      ),
    }));
  }
});

describe("A failure", () => {
  it("of the environment's build aborts running uploads and writes no tag", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.stalls = true;
    const failure = new Failure("run-step", "pip install failed");
    const run = setting.run(
      {},
      {
        build: async () => {
          await until(() => setting.fake.sessions.size > 0 && setting.fake.log.some((line) => line.startsWith("PUT")));
          throw failure;
        },
      },
    );
    await expect(run).rejects.toBe(failure);
    expect(setting.fake.sessions.size).toBe(0);
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
  });

  it.each(["the environment", "a cancel"])("of %s does not wait for files that are still being hashed", async (of) => {
    const setting = await makeSetting({}, { ...WEIGHTS, "big.bin": noise(9 * 2 ** 20) });
    const begun = Promise.withResolvers<void>();
    const run = () => {
      begun.resolve();
      return new Promise(() => undefined);
    };
    const cancel = new AbortController();
    const build = async (signal: AbortSignal) => {
      await begun.promise;
      if (of === "a cancel") cancel.abort("SIGTERM");
      throw signal.aborted ? cancelled(signal, "the build was stopped") : new Failure("run-step", "pip failed");
    };
    await expect(setting.run({}, { build, workers: { width: 1, run }, signal: cancel.signal })).rejects.toMatchObject({
      class: of === "a cancel" ? "cancelled" : "run-step",
    });
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
  });

  it("of an upload aborts the build of the environment and writes no tag", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.putStatus = 403;
    let ended: unknown;
    const run = setting.run(
      {},
      {
        build: async (signal) => {
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          ended = signal.reason;
          throw new Failure("cancelled", "the build was stopped");
        },
      },
    );
    await expect(run).rejects.toMatchObject({ class: "auth", code: "Denied" });
    expect(ended).toMatchObject({ code: "Denied" });
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
  });

  it("caused by a file that changes while it is read is reported as such and writes no tag", async () => {
    const setting = await makeSetting();
    const weights = join(setting.model, "weights.bin");
    const run = setting.run({ "if-exists": "build" }, { beforeMake: () => writeFile(weights, "shorter") });
    await expect(run).rejects.toMatchObject({ class: "bento", code: "ContentChanged" });
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
  });

  it("caused by a cancel aborts build and uploads and writes no tag", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.stalls = true;
    const cancel = new AbortController();
    const run = setting.run(
      {},
      {
        signal: cancel.signal,
        build: async (signal) => {
          await until(() => setting.fake.log.some((line) => line.startsWith("PUT")));
          cancel.abort("SIGTERM");
          expect(signal.aborted).toBe(true);
          throw new Failure("cancelled", "the build was stopped");
        },
      },
    );
    await expect(run).rejects.toMatchObject({ class: "cancelled" });
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
    expect(setting.fake.sessions.size).toBe(0);
  });

  it("to store a model record does not fail the run, because the image is complete without it", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.refusedTags = "bento-model";
    await setting.run();
    await checkWhole(setting, "acme/iris:1");
  });
});

describe("In a repository with immutable tags", () => {
  async function immutable(): Promise<Setting> {
    const setting = await makeSetting();
    setting.fake.quirks.immutable = IMMUTABLE;
    await setting.run();
    return setting;
  }

  it("another image is pushed to another tag, and the tag of the last image does not move", async () => {
    const setting = await immutable();
    await setting.run({ tags: setting.name("acme/iris:2"), labels: "a=1" });
    await checkWhole(setting, "acme/iris:2");
  });

  it("an environment that is built again is used, and its tag does not move", async () => {
    const setting = await immutable();
    const { built, lines } = await setting.run({
      "no-cache": "true",
      tags: setting.name("acme/iris:2"),
      labels: "a=1",
    });
    expect(built).toEqual(["linux/amd64"]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^Could not store the environment in the cache: .*bento-environment/),
    );
    await checkWhole(setting, "acme/iris:2");
  });

  it.each([
    ["is busy", 1],
    ["tells nothing", 100],
  ])("a registry that %s when it is asked for an environment's tag does not fail the run", async (_, times) => {
    const setting = await makeSetting();
    const refuse = () => (setting.fake.quirks.busy = new Map([["HEAD manifest", { times, status: 503 }]]));
    const build = async () => setting.fake.quirks.busy?.clear();
    expect((await setting.run({}, { beforeMake: refuse, build })).built).toEqual(["linux/amd64"]);
    await checkWhole(setting, "acme/iris:1");
  });

  it("an environment that another run has pushed meanwhile is used", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.immutable = IMMUTABLE;
    const build = async (_: AbortSignal, key: Digest) => storeEnvironment(setting.fake, "acme/iris", key);
    const { lines } = await setting.run({}, { build });
    expect(lines).toContain("Another run has built the environment for linux/amd64 meanwhile.");
    await checkWhole(setting, "acme/iris:1");
  });
});

describe("Storing records for later runs", () => {
  const reference = parseReference("registry.example.com/acme/iris:last");
  const root = document("application/vnd.oci.image.manifest.v1+json", { layers: [] });

  function registriesThat(fail: () => never, signal = new AbortController().signal): Registries & { sent: number } {
    const machine = { ...testMachine(), signal };
    const registries = {
      machine,
      sent: 0,
      refusedMounts: new Set<string>(),
      uploads: { bytes: 0, blobs: new Set<Digest>() },
      retrying: <T>(work: () => Promise<T>) => work(),
      send: async () => {
        registries.sent += 1;
        return fail();
      },
    };
    return registries;
  }

  it("does not fail the run when the registry refuses", async () => {
    const registries = registriesThat(() => {
      throw new Failure("input", "the tag is immutable", { code: "TagImmutable" });
    });
    await moveLastTag(registries, { last: reference }, root);
    expect(registries.sent).toBeGreaterThan(0);
  });

  it("does not hide a cancel", async () => {
    const registries = registriesThat(() => {
      throw new Failure("cancelled", "the run was cancelled");
    });
    await expect(moveLastTag(registries, { last: reference }, root)).rejects.toMatchObject({ class: "cancelled" });
    const request = { references: [reference], cache: cacheIn(reference) };
    const models = new Set([digestOf("a model")]);
    const presence = openBlobPresence(registries, [reference]);
    await expect(storeModels(registries, request, models, [], presence)).rejects.toMatchObject({
      class: "cancelled",
    });
  });

  it("never sends a model to another registry than the image", async () => {
    const registries = registriesThat(() => {
      throw new Error("nothing is to be sent");
    });
    const request = { references: [reference], cache: cacheIn(parseReference("elsewhere.example.com/acme/cache")) };
    const models = new Set([digestOf("a model")]);
    await storeModels(registries, request, models, [], openBlobPresence(registries, [reference]));
    expect(registries.sent).toBe(0);
  });

  function cacheIn({ domain, path }: Repository): LayerCache {
    return { repository: { domain, path }, reads: { environments: true, models: true } };
  }
});
