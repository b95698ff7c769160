import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { cancelled, Failure } from "../../src/errors.ts";
import { digestOf } from "../../src/image/digest.ts";
import { WEIGHTS } from "./bentos.ts";
import { MANIFEST, storeManifest } from "./environments.ts";
import { checkWhole, type Ground, hasTag, makeGround } from "./ground.ts";
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
    await ground.run({ "environment-cache": "off" });
    const manifest = ground.manifest("acme/iris", "1");
    const layers = manifest.layers.map((layer: object, index: number) =>
      index === 2 ? { ...layer, digest: digestOf("by another zlib"), size: 15 } : layer,
    );
    storeManifest(ground.fake, "acme/iris", "1", MANIFEST, { ...manifest, layers });
    const { origins } = await ground.run({ "environment-cache": "off", labels: "a=1" });
    expect(origins[MODEL]).toBe("hashed");
    await checkWhole(ground, "acme/iris:1");
  });
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
