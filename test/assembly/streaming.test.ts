import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { downloadRemoteFiles } from "../../src/action/download-models.ts";
import { obstacleToStreaming, readAssemblyRequest } from "../../src/assembly/request.ts";
import { fetchSnapshot } from "../../src/bento/hub/fetch.ts";
import { locateSnapshot } from "../../src/bento/hub/snapshot.ts";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { openStopwatch } from "../../src/report/stopwatch.ts";
import { listTree } from "../bento/fixtures.ts";
import type { Trick } from "../bento/hub/server.ts";
import { HUB_RETRY_POLICY, setUp, weighing, words } from "../bento/hub/setting.ts";
import { bentoIn, recipeOf } from "./bentos.ts";
import { AMD64 } from "./environments.ts";
import { checkWhole, hasTag, inputsOf, layerOf, makeSetting, payloadOf } from "./setting.ts";

/** More bytes than sockets buffer. */
const BYTES = randomBytes(3_000_000);
const WEIGHTS = `model acme--words:1 (${hexOf(digestOf(BYTES)).slice(0, 12)}…)`;

/** A Bento whose model is one big file that is only at the Hub. */
async function setUpRemote(...tricks: readonly Trick[]) {
  const [setting, { hub, machine, cache }] = await Promise.all([makeSetting(), setUp()]);
  hub.tricks.push(...tricks, weighing(BYTES));
  const located = await locateSnapshot(words(hub), machine, {
    retryPolicy: HUB_RETRY_POLICY,
    remoteFrom: BYTES.length,
  });
  hub.asked.length = 0;
  return {
    setting,
    hub,
    cache,
    machine,
    located,
    run: (given: Readonly<Record<string, string>> = {}) => setting.run(given, { models: [located], env: machine.env }),
  };
}

/** Breaks the first connection after the given number of bytes. */
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

describe("A file that is only at the Hub", () => {
  it("is streamed into the image with one request and is not written to disk", async () => {
    const { setting, hub, cache, run } = await setUpRemote();
    const before = await listTree(cache);
    const { lines, origins } = await run();
    expect(origins[WEIGHTS]).toBe("streamed");
    expect(hub.asked.map(({ path }) => path)).toEqual([expect.stringMatching(/\/resolve\/.*weights\.bin$/)]);
    expect(await listTree(cache)).toEqual(before);
    expect(lines).toContainEqual(expect.stringMatching(/^Uploaded 3\.\d M/));
    await checkWhole(setting, "acme/iris:1");
  });

  it("gives the same image as a file on disk", async () => {
    const { setting, machine, located, run } = await setUpRemote();
    await run();
    const models = [await fetchSnapshot(located, machine, HUB_RETRY_POLICY)];
    const again = await makeSetting();
    const other = await again.run({}, { models });
    expect(Object.values(other.origins)).not.toContain("streamed");
    const blobs = (of: typeof setting) =>
      payloadOf(of).map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
    expect(blobs(again)).toEqual(blobs(setting));
    const known = await setting.run({}, { models });
    expect(Object.values(known.origins)).toContain("cached");
  });

  it("is not requested when its layer is cached", async () => {
    const { hub, run } = await setUpRemote();
    const first = await run();
    hub.asked.length = 0;
    const second = await run();
    expect(second.origins[WEIGHTS]).toBe("cached");
    expect(second.digest).toBe(first.digest);
    expect(hub.asked).toEqual([]);
  });

  it("is not requested to find that an identical image exists", async () => {
    const { hub, run } = await setUpRemote();
    expect((await run({ "if-exists": "skip" })).isUnchanged).toBe(false);
    hub.asked.length = 0;
    expect((await run({ "if-exists": "skip" })).isUnchanged).toBe(true);
    expect(hub.asked).toEqual([]);
  });

  it("is requested once when the image goes to several repositories of a registry", async () => {
    const { setting, hub, run } = await setUpRemote();
    await run({ tags: ["acme/iris:1", "acme/other:1"].map((tag) => setting.name(tag)).join("\n") });
    expect(hub.asked).toHaveLength(1);
    await checkWhole(setting, "acme/other:1");
  });

  it("is streamed again when the registry has lost its layer", async () => {
    const { setting, run } = await setUpRemote();
    await run();
    setting.fake.blobs.get("acme/iris")?.delete(layerOf(setting, WEIGHTS)?.digest ?? "");
    expect((await run({ labels: "a=1" })).origins[WEIGHTS]).toBe("streamed");
    await checkWhole(setting, "acme/iris:1");
  });

  it("is streamed uncompressed if the input asks for it", async () => {
    const { setting, run } = await setUpRemote();
    await run({ compression: "none" });
    const layer = layerOf(setting, WEIGHTS);
    const diffId = layer?.annotations?.["dev.bento-image.layer.diff-id"];
    expect(layer).toMatchObject({ digest: diffId, mediaType: expect.stringMatching(/tar$/) });
    await checkWhole(setting, "acme/iris:1");
  });
});

describe("A stream from the Hub", () => {
  it("resumes after the connection to the Hub breaks, in the same upload", async () => {
    const { setting, hub, run } = await setUpRemote(breakingOnce(1_000_000));
    setting.requests();
    await run();
    expect(hub.asked.map(({ range }) => range)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(setting.requests().filter((line) => line === "PATCH upload acme/iris")).toHaveLength(1);
    await checkWhole(setting, "acme/iris:1");
  });

  it("starts again after the connection to the registry breaks", async () => {
    const { setting, run } = await setUpRemote();
    setting.fake.quirks.resets = 3;
    expect((await run()).origins[WEIGHTS]).toBe("streamed");
    await checkWhole(setting, "acme/iris:1");
  });

  it("is read again when the registry does not accept bytes of unknown digest", async () => {
    const { setting, hub, run } = await setUpRemote();
    setting.fake.quirks.patchStatus = 405;
    expect((await run()).origins[WEIGHTS]).toBe("streamed");
    // The first attempt, the one to compute the digest, and the upload.
    expect(hub.asked).toHaveLength(3);
    await checkWhole(setting, "acme/iris:1");
  });

  it("whose bytes differ from what the Hub lists fails and leaves neither a blob nor a tag", async () => {
    const { setting, hub, located, run } = await setUpRemote();
    hub.tricks.unshift(weighing(Buffer.alloc(BYTES.length, "x")));
    await expect(run()).rejects.toMatchObject({ class: "network", code: "Damaged" });
    expect(hasTag(setting, "acme/iris:1")).toBe(false);
    expect(setting.fake.sessions).toEqual(new Set());
    const sizes = [...(setting.fake.blobs.get("acme/iris")?.values() ?? [])].map(({ length }) => length);
    expect(Math.max(0, ...sizes)).toBeLessThan(located.files[0]?.size ?? 0);
  });
});

describe("Files at the Hub are downloaded first", () => {
  function obstacleWith(given: Readonly<Record<string, string>>): string | undefined {
    const inputs = inputsOf({ tags: "ghcr.io/acme/iris:1", push: "true", ...given });
    const bento = bentoIn("/bento");
    return obstacleToStreaming(readAssemblyRequest(inputs, bento, recipeOf(bento), AMD64, { workspace: "/" }));
  }

  it.each([{}, { compression: "none" }, { compression: "gzip:0" }])("but not with %j", (given) => {
    expect(obstacleWith(given)).toBeUndefined();
  });

  it.each([
    [{ compression: "gzip" }, "they are compressed"],
    [{ compression: "zstd" }, "they are compressed"],
    [{ output: "oci:out" }, "an OCI layout is written as well"],
    [{ "verify-models": "true" }, "verify-models reads them"],
    [{ tags: "ghcr.io/acme/iris:1,quay.io/acme/iris:1" }, "the image is pushed to several registries"],
  ])("with %j, as %s", (given, obstacle) => {
    expect(obstacleWith(given)).toBe(obstacle);
  });

  it("and the log gives the reason", async () => {
    const {
      setting,
      hub,
      located,
      machine: { env },
    } = await setUpRemote();
    const lines: string[] = [];
    const machine = { ...setting.machine(), env };
    const actions = { ...machine.actions, info: (line: string) => void lines.push(line) };
    const watch = openStopwatch();
    const job = { models: [located], watch, machine: { ...machine, actions } };
    const [fetched] = await downloadRemoteFiles(job, "an OCI layout is written as well");
    expect(lines[0]).toBe("1 files at the Hub are downloaded first: an OCI layout is written as well");
    expect(fetched).toMatchObject({ files: [{ source: located.files[0]?.source }] });
    expect(hub.asked).toHaveLength(1);
    expect(await downloadRemoteFiles({ ...job, models: fetched === undefined ? [] : [fetched] }, "")).toEqual([
      fetched,
    ]);
    expect(hub.asked).toHaveLength(1);
    expect(watch.phases.map(({ title }) => title)).toEqual(["download models"]);
  });
});
