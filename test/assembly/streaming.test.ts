import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { obstacleToStreaming, readOrder } from "../../src/assembly/order.ts";
import { fetchSnapshot } from "../../src/bento/hub/fetch.ts";
import { locateSnapshot } from "../../src/bento/hub/snapshot.ts";
import { fetchRemote } from "../../src/fetch-remote.ts";
import { digestOf, hexOf } from "../../src/image/digest.ts";
import { openStopwatch } from "../../src/report/stopwatch.ts";
import { listTree } from "../bento/fixtures.ts";
import { PACE, setUp, weighing, words } from "../bento/hub/ground.ts";
import type { Trick } from "../bento/hub/server.ts";
import { bentoIn, recipeOf } from "./bentos.ts";
import { AMD64 } from "./environments.ts";
import { checkWhole, hasTag, inputsOf, layerOf, makeGround, payloadOf } from "./ground.ts";

/** More than what sockets take at once. */
const BYTES = randomBytes(3_000_000);
const WEIGHTS = `model acme--words:1 (${hexOf(digestOf(BYTES)).slice(0, 12)}…)`;

/** A Bento whose model is one big file that is at the Hub alone. */
async function setUpRemote(...tricks: readonly Trick[]) {
  const [ground, { hub, world, cache }] = await Promise.all([makeGround(), setUp()]);
  hub.tricks.push(...tricks, weighing(BYTES));
  const located = await locateSnapshot(words(hub), world, { pace: PACE, remoteFrom: BYTES.length });
  hub.asked.length = 0;
  return {
    ground,
    hub,
    cache,
    world,
    located,
    run: (given: Readonly<Record<string, string>> = {}) => ground.run(given, { models: [located], env: world.env }),
  };
}

/** Breaks the first connection after so many bytes. */
function breakingOnce(after: number): Trick {
  let broken = false;
  return ({ path }, response) => {
    if (broken || path.includes("/tree/")) return false;
    broken = true;
    response.writeHead(200, { "content-length": BYTES.length });
    response.write(BYTES.subarray(0, after), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
}

describe("A file that is at the Hub alone", () => {
  it("goes into the image in one request, and not onto the disk", async () => {
    const { ground, hub, cache, run } = await setUpRemote();
    const before = await listTree(cache);
    const { lines, origins } = await run();
    expect(origins[WEIGHTS]).toBe("streamed");
    expect(hub.asked.map(({ path }) => path)).toEqual([expect.stringMatching(/\/resolve\/.*weights\.bin$/)]);
    expect(await listTree(cache)).toEqual(before);
    expect(lines).toContainEqual(expect.stringMatching(/^Uploaded 3\.\d M/));
    await checkWhole(ground, "acme/iris:1");
  });

  it("gives the very same image as from the disk", async () => {
    const { ground, world, located, run } = await setUpRemote();
    await run();
    const models = [await fetchSnapshot(located, world, PACE)];
    const again = await makeGround();
    const other = await again.run({}, { models });
    expect(Object.values(other.origins)).not.toContain("streamed");
    const blobs = (of: typeof ground) =>
      payloadOf(of).map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
    expect(blobs(again)).toEqual(blobs(ground));
    const known = await ground.run({}, { models });
    expect(Object.values(known.origins)).toContain("known");
  });

  it("is not asked for when its layer is known", async () => {
    const { hub, run } = await setUpRemote();
    const first = await run();
    hub.asked.length = 0;
    const second = await run();
    expect(second.origins[WEIGHTS]).toBe("known");
    expect(second.digest).toBe(first.digest);
    expect(hub.asked).toEqual([]);
  });

  it("is not asked for to see that the image is there already", async () => {
    const { hub, run } = await setUpRemote();
    expect((await run({ "if-exists": "skip" })).isUnchanged).toBe(false);
    hub.asked.length = 0;
    expect((await run({ "if-exists": "skip" })).isUnchanged).toBe(true);
    expect(hub.asked).toEqual([]);
  });

  it("is asked for once when the image goes to several repositories of a registry", async () => {
    const { ground, hub, run } = await setUpRemote();
    await run({ tags: ["acme/iris:1", "acme/other:1"].map((tag) => ground.name(tag)).join("\n") });
    expect(hub.asked).toHaveLength(1);
    await checkWhole(ground, "acme/other:1");
  });

  it("is streamed again when the registry has lost its layer", async () => {
    const { ground, run } = await setUpRemote();
    await run();
    ground.fake.blobs.get("acme/iris")?.delete(layerOf(ground, WEIGHTS)?.digest ?? "");
    expect((await run({ labels: "a=1" })).origins[WEIGHTS]).toBe("streamed");
    await checkWhole(ground, "acme/iris:1");
  });

  it("is taken uncompressed where that is wished", async () => {
    const { ground, run } = await setUpRemote();
    await run({ compression: "none" });
    const layer = layerOf(ground, WEIGHTS);
    const diffId = layer?.annotations?.["dev.bento-image.layer.diff-id"];
    expect(layer).toMatchObject({ digest: diffId, mediaType: expect.stringMatching(/tar$/) });
    await checkWhole(ground, "acme/iris:1");
  });
});

describe("A stream from the Hub", () => {
  it("goes on where the connection to the Hub broke, in the same upload", async () => {
    const { ground, hub, run } = await setUpRemote(breakingOnce(1_000_000));
    ground.requests();
    await run();
    expect(hub.asked.map(({ range }) => range)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(ground.requests().filter((line) => line === "PATCH upload acme/iris")).toHaveLength(1);
    await checkWhole(ground, "acme/iris:1");
  });

  it("starts again when the connection to the registry broke", async () => {
    const { ground, run } = await setUpRemote();
    ground.fake.quirks.resets = 3;
    expect((await run()).origins[WEIGHTS]).toBe("streamed");
    await checkWhole(ground, "acme/iris:1");
  });

  it("comes anew where the registry does not take bytes of unknown digest", async () => {
    const { ground, hub, run } = await setUpRemote();
    ground.fake.quirks.patchStatus = 405;
    expect((await run()).origins[WEIGHTS]).toBe("streamed");
    // In vain, then for its digest, then for good.
    expect(hub.asked).toHaveLength(3);
    await checkWhole(ground, "acme/iris:1");
  });

  it("of other bytes than the Hub lists fails, and leaves neither a blob nor a tag", async () => {
    const { ground, hub, located, run } = await setUpRemote();
    hub.tricks.unshift(weighing(Buffer.alloc(BYTES.length, "x")));
    await expect(run()).rejects.toMatchObject({ class: "network", code: "Damaged" });
    expect(hasTag(ground, "acme/iris:1")).toBe(false);
    expect(ground.fake.sessions).toEqual(new Set());
    const sizes = [...(ground.fake.blobs.get("acme/iris")?.values() ?? [])].map(({ length }) => length);
    expect(Math.max(0, ...sizes)).toBeLessThan(located.files[0]?.size ?? 0);
  });
});

describe("Files at the Hub are downloaded first", () => {
  function obstacleWith(given: Readonly<Record<string, string>>): string | undefined {
    const inputs = inputsOf({ tags: "ghcr.io/acme/iris:1", push: "true", ...given });
    const bento = bentoIn("/bento");
    return obstacleToStreaming(readOrder(inputs, bento, recipeOf(bento), AMD64, { workspace: "/" }));
  }

  it.each([{}, { compression: "none" }, { compression: "gzip:0" }])("but not with %j", (given) => {
    expect(obstacleWith(given)).toBeUndefined();
  });

  it.each([
    [{ compression: "gzip" }, "they are to be compressed"],
    [{ compression: "zstd" }, "they are to be compressed"],
    [{ output: "oci:out" }, "a layout is written, too"],
    [{ "verify-models": "true" }, "verify-models reads them"],
    [{ tags: "ghcr.io/acme/iris:1,quay.io/acme/iris:1" }, "there are several registries to push to"],
  ])("with %j, as %s", (given, obstacle) => {
    expect(obstacleWith(given)).toBe(obstacle);
  });

  it("which is said", async () => {
    const {
      ground,
      hub,
      located,
      world: { env },
    } = await setUpRemote();
    const lines: string[] = [];
    const world = { ...ground.world(), env };
    const actions = { ...world.actions, info: (line: string) => void lines.push(line) };
    const watch = openStopwatch(world.now);
    const job = { models: [located], watch, world: { ...world, actions } };
    const [fetched] = await fetchRemote(job, "a layout is written, too");
    expect(lines[0]).toBe("1 files at the Hub are downloaded first: a layout is written, too");
    expect(fetched).toMatchObject({ files: [{ source: located.files[0]?.source }] });
    expect(hub.asked).toHaveLength(1);
    expect(await fetchRemote({ ...job, models: fetched === undefined ? [] : [fetched] }, "")).toEqual([fetched]);
    expect(hub.asked).toHaveLength(1);
    expect(watch.phases.map(({ title }) => title)).toEqual(["download models"]);
  });
});
