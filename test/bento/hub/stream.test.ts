import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { RemoteFile } from "../../../src/bento/bento.ts";
import { streamFile } from "../../../src/bento/hub/stream.ts";
import { bytesOf } from "../../assembly/plans.ts";
import { listTree } from "../fixtures.ts";
import { type FakeHub, send, startHub, type Trick } from "./server.ts";
import { always, HUB_RETRY_POLICY, setUp, WORDS, weighing, words } from "./setting.ts";

/** More bytes than sockets buffer. */
const BYTES = randomBytes(3_000_000);

function fileAt(hub: FakeHub, bytes = BYTES): RemoteFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { model: words(hub), commit: WORDS, path: "weights.bin", size: bytes.length, sha256 };
}

/** Breaks the connection a number of times, each time after a number of further bytes. */
function breaking(times: number, after: number): Trick {
  let left = times;
  return ({ range }, response) => {
    if (left-- <= 0) return false;
    const start = Number(/\d+/.exec(range ?? "0")?.[0]);
    response.writeHead(start === 0 ? 200 : 206, {
      "content-length": BYTES.length - start,
      ...(start === 0 ? {} : { "content-range": `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` }),
    });
    response.write(BYTES.subarray(start, start + after), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
}

async function setUpWith(...tricks: readonly Trick[]) {
  const setting = await setUp();
  setting.hub.tricks.push(...tricks, weighing(BYTES));
  return { ...setting, ranges: () => setting.hub.asked.map(({ range }) => range) };
}

describe("A file that is streamed from the Hub", () => {
  it("is read with one request, and nothing is written to disk", async () => {
    const { hub, machine, setting, ranges } = await setUpWith();
    expect((await bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).equals(BYTES)).toBe(true);
    expect(ranges()).toEqual([undefined]);
    expect(await listTree(setting.root)).toEqual([expect.stringMatching(/^temp/), expect.stringMatching(/^workspace/)]);
  });

  it("resumes at the current byte when the connection breaks, more often than a single request is retried", async () => {
    const times = HUB_RETRY_POLICY.retries + 2;
    const { hub, machine, ranges } = await setUpWith(breaking(times, 100_000));
    expect((await bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).equals(BYTES)).toBe(true);
    const later = Array.from({ length: times }, () => expect.stringMatching(/^bytes=[1-9][0-9]+-$/));
    expect(ranges()).toEqual([undefined, ...later]);
  });

  it("resumes with a mirror without range support", async () => {
    const whole: Trick = (_, response) => {
      send(response, 200, BYTES);
      return true;
    };
    const { hub, machine } = await setUpWith(breaking(1, 100_000), whole);
    expect((await bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).equals(BYTES)).toBe(true);
  });

  it("resumes when the Hub ends the response early", async () => {
    let first = true;
    const short: Trick = (_, response) => {
      if (!first) return false;
      first = false;
      send(response, 200, BYTES.subarray(0, 100_000));
      return true;
    };
    const { hub, machine, ranges } = await setUpWith(short);
    expect((await bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).equals(BYTES)).toBe(true);
    expect(ranges()).toEqual([undefined, "bytes=100000-"]);
  });

  it("fails after the usual number of attempts without progress", async () => {
    const { hub, machine } = await setUpWith(breaking(1, 100_000), always("weights.bin", 503));
    await expect(bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).rejects.toMatchObject({
      class: "network",
      code: "503",
    });
    expect(hub.asked).toHaveLength(1 + HUB_RETRY_POLICY.retries + 1);
  });

  it.each([
    ["other bytes", Buffer.alloc(BYTES.length, "x")],
    ["more bytes", Buffer.concat([Buffer.from("x"), BYTES])],
  ])("fails if it has %s than the Hub lists", async (_, bytes) => {
    const { hub, machine } = await setUp();
    hub.tricks.push(weighing(bytes));
    await expect(bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).rejects.toMatchObject({
      class: "network",
      code: "Damaged",
      message: expect.stringContaining("The download of weights.bin of acme/words is damaged"),
    });
  });

  it.each([
    [401, "auth"],
    [404, "bento"],
    [416, "network"],
  ])("fails at once on HTTP %i", async (status, failureClass) => {
    const { hub, machine } = await setUpWith(always("weights.bin", status));
    await expect(bytesOf(streamFile(fileAt(hub), machine, HUB_RETRY_POLICY))).rejects.toMatchObject({
      class: failureClass,
    });
    expect(hub.asked).toHaveLength(1);
  });

  it("is not requested offline", async () => {
    const { hub, machine } = await setUpWith();
    const offline = { ...machine, env: { ...machine.env, HF_HUB_OFFLINE: "1" } };
    await expect(bytesOf(streamFile(fileAt(hub), offline, HUB_RETRY_POLICY))).rejects.toMatchObject({
      code: "ModelMissing",
    });
    expect(hub.asked).toEqual([]);
  });

  it("ends when the run is cancelled", async () => {
    const { hub, machine, abort } = await setUpWith(breaking(1, 100_000));
    const cancelling = (async () => {
      for await (const _ of streamFile(fileAt(hub), machine, HUB_RETRY_POLICY)) abort.abort();
    })();
    await expect(cancelling).rejects.toMatchObject({ class: "cancelled" });
    expect(hub.asked).toHaveLength(1);
  });

  it("sends no token to the Hub's storage", async () => {
    const { hub, machine } = await setUpWith();
    const storage = await startHub();
    storage.tricks.push(weighing(BYTES));
    hub.tricks.unshift(({ path }, response) => {
      response.writeHead(302, { location: `${storage.endpoint}${path}` }).end();
      return true;
    });
    const env = { ...machine.env, HF_TOKEN: "not-even-hf_" };
    expect((await bytesOf(streamFile(fileAt(hub), { ...machine, env }, HUB_RETRY_POLICY))).equals(BYTES)).toBe(true);
    expect(hub.asked.map(({ authorization }) => authorization)).toEqual(["Bearer not-even-hf_"]);
    expect(storage.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});
