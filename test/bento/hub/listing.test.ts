import { describe, expect, it } from "vitest";
import { locateSnapshot } from "../../../src/bento/hub/snapshot.ts";
import { listTree } from "../fixtures.ts";
import { send, type Trick } from "./server.ts";
import { always, HUB_RETRY_POLICY, setUp, WORDS, words } from "./setting.ts";

const OID = "a".repeat(40);

/** Answers every request for a listing or a revision with this text. */
function answering(text: string | Uint8Array, part = "/tree/"): Trick {
  return ({ path }, response) => {
    if (!path.includes(part)) return false;
    send(response, 200, text);
    return true;
  };
}

function listing(...paths: readonly string[]): string {
  return JSON.stringify(paths.map((path) => ({ type: "file", path, size: 1, oid: OID })));
}

async function locate(trick: Trick, revision = WORDS) {
  const setting = await setUp();
  setting.hub.tricks.push(trick);
  const model = words(setting.hub, { revision, include: [] });
  const failure: unknown = await locateSnapshot(model, setting.machine, { retryPolicy: HUB_RETRY_POLICY }).catch(
    (error: unknown) => error,
  );
  return { ...setting, failure };
}

describe("An invalid listing of a hub is a network failure that does not quote the response", () => {
  it.each([
    "AKIA-not-for-the-log",
    '"AKIA-not-for-the-log"',
    '{"error":"AKIA-not-for-the-log"}',
    '["AKIA-not-for-the-log"]',
    '[{"type":"file","path":["AKIA-not-for-the-log"],"size":1,"oid":""}]',
    '[{"type":"file","path":"x","size":"AKIA-not-for-the-log"}]',
    '[{"type":"file","path":"x","size":1,"oid":"x","lfs":{"oid":{},"size":"AKIA-not-for-the-log"}}]',
    "[null]",
    "",
  ])("%s", async (text) => {
    const { failure } = await locate(answering(text));
    expect(failure).toMatchObject({ class: "network", code: "AnswerInvalid" });
    expect(JSON.stringify(failure) + String(failure)).not.toContain("AKIA");
  });

  it.each(["AKIA-not-for-the-log", '{"sha":"AKIA-not-for-the-log"}', "[]", "null"])(
    "%s, where the commit of a branch is asked for",
    async (text) => {
      const { failure } = await locate(answering(text, "/revision/"), "main");
      expect(failure).toMatchObject({ class: "network", code: "AnswerInvalid" });
      expect(JSON.stringify(failure) + String(failure)).not.toContain("AKIA");
    },
  );

  it("and the error message of a hub is truncated", async () => {
    const { failure } = await locate(always("/tree/", 401, { "x-error-message": "x".repeat(8_000) }));
    expect(failure).toMatchObject({ class: "auth" });
    expect(String(failure).length).toBeLessThan(600);
  });
});

describe("A listing is limited", () => {
  it("in the bytes of a response", async () => {
    const { failure, hub } = await locate(answering(Buffer.alloc((16 << 20) + 1, " ")));
    expect(failure).toMatchObject({ class: "network", code: "AnswerTooLong" });
    expect(hub.asked).toHaveLength(1);
  });

  it("in the number of pages, if each one links to a next one", async () => {
    const { failure, hub } = await locate(({ path }, response) => {
      if (!path.includes("/tree/")) return false;
      send(response, 200, "[]", { link: `<${path}&more>; rel="next"` });
      return true;
    });
    expect(failure).toMatchObject({ class: "network", code: expect.stringMatching(/^AnswerToo/) });
    expect(hub.asked.length).toBeLessThanOrEqual(401);
  });

  it("in the number of files", async () => {
    const page = JSON.stringify(Array.from({ length: 50_001 }, () => ({ type: "directory" })));
    const { failure, hub } = await locate(({ path }, response) => {
      send(response, 200, page, { link: `<${path}&more>; rel="next"` });
      return true;
    });
    expect(failure).toMatchObject({ class: "network", code: "AnswerTooLong" });
    expect(hub.asked).toHaveLength(4);
  });

  it("in the time of a response that arrives byte by byte", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/tree/")) return false;
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
      return true;
    });
    const retryPolicy = { ...HUB_RETRY_POLICY, retries: 0, answerTime: 300 };
    await expect(locateSnapshot(words(hub), machine, { retryPolicy })).rejects.toMatchObject({
      class: "network",
      code: "AnswerTooSlow",
    });
  });
});

describe("A file in a listing", () => {
  it.each([
    ["../x"],
    ["/x"],
    ["a//b"],
    ["a/./b"],
    ["a/.."],
    [""],
    ["a\0b"],
    ["x\n::set-output name=a::b"],
    ["x\r##[warning]y"],
    ["x\u001b[2J"],
    ["x\u0085y"],
    ["x\u2028y"],
    ["\ud800"],
    ["x".repeat(256)],
    [`${"x/".repeat(1_024)}y`],
    ["same", "same"],
    ["a", "a/b"],
    ["a/b/c", "a"],
  ])("named %j is refused, and nothing is written", async (...paths) => {
    const { failure, setting } = await locate(answering(listing("config.json", ...paths)));
    expect(failure).toMatchObject({ class: "bento", code: "UnsafePath" });
    expect(String(failure)).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(String(failure).length).toBeLessThan(400);
    expect(await listTree(setting.root)).toEqual([expect.stringMatching(/^temp/), expect.stringMatching(/^workspace/)]);
  });

  it.each([
    [{ size: -1 }],
    [{ size: 0.5 }],
    [{ size: 1e300 }],
    [{ oid: "../../../../etc/passwd" }],
    [{ oid: OID.toUpperCase() }],
    [{ lfs: { oid: "../x", size: 1 } }],
  ])("with %j is refused too", async (change) => {
    const entry = { type: "file", path: "x", size: 1, oid: OID, ...change };
    const { failure } = await locate(answering(JSON.stringify([entry])));
    expect(failure).toMatchObject({ class: "bento", code: "UnsafePath" });
  });

  it.each(["__proto__", "constructor", "%2e%2e", "a b", "ü.json", "..a", "a..", "-x", "tree?x=1#y"])(
    "%j is one as any other",
    async (path) => {
      const { hub, machine } = await setUp();
      const empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
      hub.tricks.push(answering(JSON.stringify([{ type: "file", path, size: 0, oid: empty }])));
      hub.tricks.push(answering("", "/resolve/"));
      const model = words(hub, { include: [] });
      const { files } = await locateSnapshot(model, machine, { retryPolicy: HUB_RETRY_POLICY });
      expect(files).toEqual([{ path, source: `blobs/${empty}`, size: 0 }]);
      expect(await locateSnapshot(model, machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
        origin: "cache",
        files,
      });
    },
  );
});
