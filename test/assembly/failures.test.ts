import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openBlobPresence } from "../../src/assembly/blob-presence.ts";
import { document } from "../../src/assembly/compose.ts";
import { moveLastTag, storeModels } from "../../src/assembly/store.ts";
import type { LayerCache } from "../../src/cache/layer-cache.ts";
import { cancelled, Failure } from "../../src/errors.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { parseReference, type Repository } from "../../src/oci/reference.ts";
import type { Registries } from "../../src/registry/registries.ts";
import { testMachine } from "../registry/fixture.ts";
import { modelIn, WEIGHTS } from "./bentos.ts";
import { storeEnvironment } from "./environments.ts";
import { changeLast, checkWhole, type Ground, hasTag, IMMUTABLE, makeGround, tagsOf } from "./ground.ts";
import { noise } from "./plans.ts";

const MODEL = "model iris_tree:m1";

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

describe("A known layer that the registry has lost", () => {
  async function loseModel(ground: Ground): Promise<string> {
    const { digest } = ground.manifest("acme/iris", "1").layers[2];
    ground.fake.blobs.get("acme/iris")?.delete(digest);
    return digest;
  }

  it("is uploaded again", async () => {
    const ground = await makeGround();
    await ground.run();
    const digest = await loseModel(ground);
    const { origins } = await ground.run({ labels: "a=1" });
    expect(origins[MODEL]).toBe("known");
    expect(ground.fake.blobs.get("acme/iris")?.has(digest)).toBe(true);
    await checkWhole(ground, "acme/iris:1");
  });

  it("is made anew when it does not come out the same, as with another version of zlib", async () => {
    const ground = await makeGround();
    await ground.run();
    byAnotherZlib(ground, MODEL);
    const { origins } = await ground.run({ labels: "a=1" });
    expect(origins[MODEL]).toBe("hashed");
    await checkWhole(ground, "acme/iris:1");
  });

  it("is stored in the cache as it is now, so that the next run need not find out again", async () => {
    const ground = await makeGround();
    await ground.run();
    byAnotherZlib(ground, MODEL);
    expect(tagsOf(ground, "acme/iris")).not.toContain("bento-model");
    await ground.run({ labels: "a=1" });
    expect(tagsOf(ground, "acme/iris")).toContain("bento-model");
  });

  it("takes nothing from what is known of others", async () => {
    const ground = await makeGround();
    const others = ["one", "two"].map((name) => modelIn(ground.model, "2026-02-01T00:00:00Z", name));
    await ground.run({}, { models: [...others, modelIn(ground.model)] });
    byAnotherZlib(ground, MODEL);
    const { origins } = await ground.run({ labels: "a=1" }, { models: [...others, modelIn(ground.model)] });
    expect(origins).toMatchObject({ [MODEL]: "hashed", "model one:m1": "known", "model two:m1": "known" });
    await checkWhole(ground, "acme/iris:1");
  });

  it("can be one of several that are lost", async () => {
    const ground = await makeGround();
    const others = ["one", "two"].map((name) => modelIn(ground.model, "2026-02-01T00:00:00Z", name));
    await ground.run({}, { models: [...others, modelIn(ground.model)] });
    byAnotherZlib(ground, MODEL, "model one:m1");
    const { origins } = await ground.run({ labels: "a=1" }, { models: [...others, modelIn(ground.model)] });
    expect(origins).toMatchObject({ [MODEL]: "hashed", "model one:m1": "hashed", "model two:m1": "known" });
  });

  /** The cache names blobs that nobody has, and that our zlib does not make. */
  function byAnotherZlib(ground: Ground, ...titles: readonly string[]): void {
    changeLast(ground, ({ layers, ...manifest }) => ({
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
  it("of the environment ends uploads that still run, and writes no tag", async () => {
    const ground = await makeGround();
    ground.fake.quirks.stalls = true;
    const failure = new Failure("run-step", "pip install failed");
    const run = ground.run(
      {},
      {
        build: async () => {
          await until(() => ground.fake.sessions.size > 0 && ground.fake.log.some((line) => line.startsWith("PUT")));
          throw failure;
        },
      },
    );
    await expect(run).rejects.toBe(failure);
    expect(ground.fake.sessions.size).toBe(0);
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
  });

  it.each(["the environment", "a cancel"])("of %s waits for no file that is still being hashed", async (of) => {
    const ground = await makeGround({}, { ...WEIGHTS, "big.bin": noise(9 * 2 ** 20) });
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
    await expect(ground.run({}, { build, workers: { width: 1, run }, signal: cancel.signal })).rejects.toMatchObject({
      class: of === "a cancel" ? "cancelled" : "run-step",
    });
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
  });

  it("of an upload ends the build of the environment, and writes no tag", async () => {
    const ground = await makeGround();
    ground.fake.quirks.putStatus = 403;
    let ended: unknown;
    const run = ground.run(
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
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
  });

  it("by a file that changes while it is read is told as such, and writes no tag", async () => {
    const ground = await makeGround();
    const weights = join(ground.model, "weights.bin");
    const run = ground.run({ "if-exists": "build" }, { beforeMake: () => writeFile(weights, "shorter") });
    await expect(run).rejects.toMatchObject({ class: "bento", code: "ContentChanged" });
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
  });

  it("by a cancel ends both, and writes no tag", async () => {
    const ground = await makeGround();
    ground.fake.quirks.stalls = true;
    const cancel = new AbortController();
    const run = ground.run(
      {},
      {
        signal: cancel.signal,
        build: async (signal) => {
          await until(() => ground.fake.log.some((line) => line.startsWith("PUT")));
          cancel.abort("SIGTERM");
          expect(signal.aborted).toBe(true);
          throw new Failure("cancelled", "the build was stopped");
        },
      },
    );
    await expect(run).rejects.toMatchObject({ class: "cancelled" });
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
    expect(ground.fake.sessions.size).toBe(0);
  });

  it("to note a model changes nothing: the image is whole without", async () => {
    const ground = await makeGround();
    ground.fake.quirks.refusedTags = "bento-model";
    await ground.run();
    await checkWhole(ground, "acme/iris:1");
  });
});

describe("Where tags cannot be moved", () => {
  async function immutable(): Promise<Ground> {
    const ground = await makeGround();
    ground.fake.quirks.immutable = IMMUTABLE;
    await ground.run();
    return ground;
  }

  it("another image is pushed under another tag, and the tag of the last one stays", async () => {
    const ground = await immutable();
    await ground.run({ tags: ground.name("acme/iris:2"), labels: "a=1" });
    await checkWhole(ground, "acme/iris:2");
  });

  it("an environment is built anew and used, and its tag stays where it is", async () => {
    const ground = await immutable();
    const { built, lines } = await ground.run({ "no-cache": "true", tags: ground.name("acme/iris:2"), labels: "a=1" });
    expect(built).toEqual(["linux/amd64"]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^The environment was not stored in the cache: .*bento-environment/),
    );
    await checkWhole(ground, "acme/iris:2");
  });

  it.each([
    ["is busy", 1],
    ["tells nothing", 100],
  ])("a registry that %s when it is asked what is under an environment's tag ends no run", async (_, times) => {
    const ground = await makeGround();
    const refuse = () => (ground.fake.quirks.busy = new Map([["HEAD manifest", { times, status: 503 }]]));
    const build = async () => ground.fake.quirks.busy?.clear();
    expect((await ground.run({}, { beforeMake: refuse, build })).built).toEqual(["linux/amd64"]);
    await checkWhole(ground, "acme/iris:1");
  });

  it("an environment that another run has pushed meanwhile is taken", async () => {
    const ground = await makeGround();
    ground.fake.quirks.immutable = IMMUTABLE;
    const build = async (_: AbortSignal, key: Digest) => storeEnvironment(ground.fake, "acme/iris", key);
    const { lines } = await ground.run({}, { build });
    expect(lines).toContain("Another run has built the environment for linux/amd64 meanwhile.");
    await checkWhole(ground, "acme/iris:1");
  });
});

describe("Storing something for later runs", () => {
  const reference = parseReference("registry.example.com/acme/iris:last");
  const root = document("application/vnd.oci.image.manifest.v1+json", { layers: [] });

  function registriesThat(fail: () => never, signal = new AbortController().signal): Registries & { sent: number } {
    const machine = { ...testMachine(), signal };
    const registries = {
      machine,
      sent: 0,
      refusedMounts: new Set<string>(),
      retrying: <T>(work: () => Promise<T>) => work(),
      send: async () => {
        registries.sent += 1;
        return fail();
      },
    };
    return registries;
  }

  it("fails no run", async () => {
    const registries = registriesThat(() => {
      throw new Failure("input", "the tag is immutable", { code: "TagImmutable" });
    });
    await moveLastTag(registries, { last: reference }, root);
    expect(registries.sent).toBeGreaterThan(0);
  });

  it("is no way around a cancel", async () => {
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
