import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateSnapshot } from "../../../src/bento/hub/snapshot.ts";
import { streamFile } from "../../../src/bento/hub/stream.ts";
import { Failure } from "../../../src/errors.ts";
import type { Env } from "../../../src/machine/machine.ts";
import { bytesOf } from "../../assembly/plans.ts";
import { fixture, listTree } from "../fixtures.ts";
import { send, startHub, type Trick } from "./server.ts";
import { HUB_RETRY_POLICY, setUp, WORDS, weighing, words } from "./setting.ts";

const weights = await readFile(fixture("hub/acme/Words", WORDS, "weights.bin"));
const REAL = "https://huggingface.co";
const TOKEN = { HF_TOKEN: "not-even-hf_" };

/** huggingface.co, and `https://evil.example`, which serves other weights for the same commit. */
async function setUpTwo(env: Env = {}) {
  const setting = await setUp({ HF_ENDPOINT: "", ...env });
  const evil = await startHub();
  evil.tricks.push(weighing(Buffer.from("evil weights")));
  setting.network.place(REAL, setting.hub);
  setting.network.place("https://evil.example", evil);
  const model = (endpoint: string | undefined) => {
    const { endpoint: _, ...rest } = words(setting.hub, { include: ["*.bin"] });
    return { ...rest, ...(endpoint === undefined ? {} : { endpoint }) };
  };
  return { ...setting, evil, model };
}

function redirectTo(location: (path: string) => string, part = "/resolve/"): Trick {
  return ({ path }, response) => {
    if (!path.includes(part)) return false;
    response.writeHead(302, { location: location(path) }).end();
    return true;
  };
}

describe("Two hubs with one cache", () => {
  it.each([undefined, REAL])(
    "what a hub of the Bento's choice gave is not taken for that of the hub %s",
    async (real) => {
      const { machine, hub, model } = await setUpTwo();
      await locateSnapshot(model("https://evil.example"), machine, { retryPolicy: HUB_RETRY_POLICY });
      const { directory, files, origin } = await locateSnapshot(model(real), machine, {
        retryPolicy: HUB_RETRY_POLICY,
      });
      expect(origin).toBe("hub");
      expect(hub.asked.length).toBeGreaterThan(0);
      expect(await readFile(join(directory.path, files[0]?.source ?? ""))).toEqual(weights);
    },
  );

  it("nor for another such hub, another path of its host, or another port", async () => {
    const { machine, model, evil, network } = await setUpTwo();
    network.place("https://evil.example:8443", evil);
    const addresses = ["https://evil.example", "https://evil.example/other", "https://evil.example:8443"];
    const found = [];
    for (const address of addresses)
      found.push(await locateSnapshot(model(address), machine, { retryPolicy: HUB_RETRY_POLICY }));
    expect(found.map(({ origin }) => origin)).toEqual(["hub", "hub", "hub"]);
    expect(new Set(found.map(({ directory }) => directory.path)).size).toBe(3);
  });

  it("have separate caches, so that the second run sends no requests", async () => {
    const { machine, model, network } = await setUpTwo();
    for (const endpoint of ["https://evil.example", REAL]) {
      const first = await locateSnapshot(model(endpoint), machine, { retryPolicy: HUB_RETRY_POLICY });
      const count = network.sent.length;
      expect(await locateSnapshot(model(`${endpoint}/`), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
        origin: "cache",
        files: first.files,
        directory: first.directory,
      });
      expect(network.sent.length).toBe(count);
    }
  });

  it.each([{}, { HF_ENDPOINT: "https://mirror.example/hf/" }])(
    "the standard cache holds what came from the workflow's hub (%j), where huggingface_hub and actions/cache look",
    async (env) => {
      const { machine, hub, model, cache, network } = await setUpTwo(env);
      network.place("https://mirror.example", hub);
      hub.tricks.push((asked, response) => {
        if (!asked.path.startsWith("/hf/")) return false;
        if (asked.path.includes("/tree/")) response.writeHead(302, { location: asked.path.slice(3) }).end();
        else send(response, 200, weights);
        return true;
      });
      const { directory } = await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY });
      expect(directory.path).toBe(join(cache, "models--acme--words"));
    },
  );

  it("are not mixed even if the cache is not writable", async () => {
    const { machine, model } = await setUpTwo();
    const readOnly = {
      ...machine,
      files: {
        ...machine.files,
        async makeDirectory(path: string, mode: number) {
          if (path.includes("/.cache/")) throw Object.assign(new Error("read-only"), { code: "EROFS" });
          await machine.files.makeDirectory(path, mode);
        },
      },
    };
    const [evil, real] = [
      await locateSnapshot(model("https://evil.example"), readOnly, { retryPolicy: HUB_RETRY_POLICY }),
      await locateSnapshot(model(REAL), readOnly, { retryPolicy: HUB_RETRY_POLICY }),
    ];
    expect(evil?.directory.path).not.toBe(real?.directory.path);
    expect(await readFile(join(real?.directory.path ?? "", real?.files[0]?.source ?? ""))).toEqual(weights);
  });
});

describe("HF_ENDPOINT replaces huggingface.co", () => {
  it("also if the Bento names huggingface.co, as every Bento of BentoML does", async () => {
    const { machine, hub, network } = await setUp();
    await locateSnapshot(words(hub, { endpoint: REAL }), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(network.sent.length).toBeGreaterThan(0);
    expect(network.sent.filter(({ url }) => !url.startsWith(hub.endpoint))).toEqual([]);
  });

  it.each(["huggingface.example", "ftp://huggingface.example", "http://"])(
    "%s is no address, which the failure says",
    async (endpoint) => {
      const { machine, hub } = await setUp({ HF_ENDPOINT: "http://127.0.0.1:1" });
      const env = { ...machine.env, HF_ENDPOINT: endpoint };
      await expect(
        locateSnapshot(words(hub), { ...machine, env }, { retryPolicy: HUB_RETRY_POLICY }),
      ).rejects.toMatchObject({
        class: "input",
        message: expect.stringContaining("HF_ENDPOINT"),
      });
    },
  );

  it("may contain a login, which is sent only to that origin instead of HF_TOKEN, is masked and never shown", async () => {
    const { machine, hub, setting, network, model } = await setUpTwo({
      ...TOKEN,
      HF_ENDPOINT: "https://ci:pass%2Fword@mirror.example/",
    });
    network.place("https://mirror.example", hub);
    network.place("https://storage.example", await startHub());
    hub.tricks.push(redirectTo((path) => `https://storage.example${path}`));
    await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY });
    const basic = `Basic ${Buffer.from("ci:pass/word").toString("base64")}`;
    expect(network.sent.map(({ url, authorization }) => [new URL(url).host, authorization])).toEqual([
      ["mirror.example", basic],
      ["mirror.example", basic],
      ["storage.example", undefined],
    ]);
    expect(setting.said).toContain("mask: pass/word");
    expect(setting.said).toContain(`mask: ${basic.slice("Basic ".length)}`);
    expect(setting.said.filter((line) => !line.startsWith("mask: ")).join("\n")).not.toMatch(/pass/);
  });

  it("with a short password is masked only in the form that is sent", async () => {
    const { machine, hub, setting, network, model } = await setUpTwo({ HF_ENDPOINT: "https://ci:pw@mirror.example/" });
    network.place("https://mirror.example", hub);
    await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY });
    const masks = setting.said.filter((line) => line.startsWith("mask: "));
    expect(masks).toEqual([`mask: ${Buffer.from("ci:pw").toString("base64")}`]);
  });

  it("with a login is not shown in a failure", async () => {
    const { machine, model } = await setUpTwo({ HF_ENDPOINT: "https://ci:pass%2Fword@mirror.example/" });
    const failure = await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ class: "network", message: expect.stringContaining("mirror.example") });
    expect(JSON.stringify(failure) + String(failure)).not.toContain("pass");
  });
});

describe("The token", () => {
  /** Both pages of a listing; the second one is at `next`. */
  function paged(next: string): Trick {
    return ({ path }, response) => {
      if (!path.includes("/tree/") || path.includes("cursor")) return false;
      const oid = createHash("sha1").update("blob 0\0").digest("hex");
      const empty = JSON.stringify([{ type: "file", path: "empty.bin", size: 0, oid }]);
      send(response, 200, empty, { link: `<${next}/api/models/acme/words/tree/${WORDS}?cursor=2>; rel="next"` });
      return true;
    };
  }

  it("is not sent to another origin by the link to the next page of a listing, and that page is still read", async () => {
    const { machine, hub, model, network } = await setUpTwo(TOKEN);
    const other = await startHub();
    network.place("https://pages.example", other);
    hub.tricks.push(paged("https://pages.example"));
    hub.tricks.push(({ path }, response) => {
      if (!path.endsWith("empty.bin")) return false;
      send(response, 200, "");
      return true;
    });
    const { files } = await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(files.map(({ path }) => path)).toEqual(["empty.bin", "weights.bin"]);
    expect(other.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("is sent to a page and a redirect at its own origin", async () => {
    const { machine, hub, model, network } = await setUpTwo(TOKEN);
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/tree/") || path.includes("hop=1")) return false;
      response.writeHead(302, { location: `${path}&hop=1` }).end();
      return true;
    });
    await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(new Set(network.sent.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer not-even-hf_"]));
    expect(network.sent.length).toBe(3);
  });

  it("is not sent by a redirect from another origin back to the hub, so a hub that only the Bento names cannot use it", async () => {
    const { machine, evil, model, network } = await setUpTwo(TOKEN);
    evil.tricks.unshift(redirectTo((path) => `${REAL}${path}`, "/"));
    await locateSnapshot(model("https://evil.example"), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(network.sent.some(({ url }) => url.startsWith(REAL))).toBe(true);
    expect(new Set(network.sent.map(({ authorization }) => authorization))).toEqual(new Set([undefined]));
  });

  it.each(["http://huggingface.co:8080", "https://huggingface.co:8443", "https://huggingface.co.evil.example"])(
    "of huggingface.co is not for %s",
    async (origin) => {
      const { machine, hub, model, network } = await setUpTwo(TOKEN);
      network.place(origin, hub);
      await locateSnapshot(model(origin), machine, { retryPolicy: HUB_RETRY_POLICY }).catch(() => undefined);
      expect(network.sent.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    },
  );

  it("is sent neither to storage nor with a login in a redirect", async () => {
    const { machine, hub, model, network } = await setUpTwo(TOKEN);
    network.place("https://storage.example", await startHub());
    hub.tricks.push(redirectTo((path) => `https://someone:else@storage.example${path}`));
    await locateSnapshot(model(undefined), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(network.sent.at(-1)).toMatchObject({ authorization: undefined });
  });

  it("is not sent to the redirect's target by a stream", async () => {
    const { machine, hub, model, network } = await setUpTwo(TOKEN);
    network.place("https://storage.example", await startHub());
    hub.tricks.push(redirectTo((path) => `https://storage.example${path}`));
    const sha256 = createHash("sha256").update(weights).digest("hex");
    const file = { model: model(REAL), commit: WORDS, path: "weights.bin", size: weights.length, sha256 };
    expect(await bytesOf(streamFile(file, machine, HUB_RETRY_POLICY))).toEqual(weights);
    expect(network.sent.map(({ authorization }) => authorization)).toEqual(["Bearer not-even-hf_", undefined]);
  });
});

describe("A hub that only the Bento names", () => {
  it.each([
    ["http://hub.example", "not encrypted"],
    ["http://127.0.0.1:8907", "not encrypted"],
    ["https://127.0.0.1", "private"],
    ["https://localhost", "private"],
    ["https://[::1]", "private"],
    ["https://10.1.2.3", "private"],
    ["https://192.168.0.1:8443", "private"],
    ["https://169.254.169.254", "private"],
    ["https://[fd00::1]", "private"],
    ["https://[::ffff:10.0.0.1]", "private"],
    ["https://0x7f.1", "private"],
    ["https://2130706433", "private"],
  ])("gets no request at %s", async (endpoint, why) => {
    const { machine, model, network } = await setUpTwo();
    await expect(locateSnapshot(model(endpoint), machine, { retryPolicy: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "bento",
      code: "UnsafeAddress",
      message: expect.stringContaining(why),
      hint: expect.stringContaining("HF_ENDPOINT"),
    });
    expect(network.sent).toEqual([]);
  });

  it.each([
    ["https://169.254.169.254/latest", "private"],
    ["https://localhost:5000/x", "private"],
    ["https://10.0.0.7/x", "private"],
    ["http://other.example/x", "not encrypted"],
    ["ftp://other.example/x", "not a web address"],
    ["http://", "not a web address"],
  ])("cannot redirect to %s, also not as the next page", async (location, why) => {
    const { machine, evil, model, network } = await setUpTwo();
    const refusal = { class: "network", code: "UnsafeAddress", message: expect.stringContaining(why) };
    evil.tricks.unshift(redirectTo(() => location, "/tree/"));
    await expect(
      locateSnapshot(model("https://evil.example"), machine, { retryPolicy: HUB_RETRY_POLICY }),
    ).rejects.toMatchObject(refusal);
    expect(network.sent.length).toBe(1);
    evil.tricks[0] = ({ path }, response) => {
      if (!path.includes("/tree/")) return false;
      send(response, 200, "[]", { link: `<${location}>; rel="next"` });
      return true;
    };
    await expect(
      locateSnapshot(model("https://evil.example"), machine, { retryPolicy: HUB_RETRY_POLICY }),
    ).rejects.toMatchObject(refusal);
    expect(network.sent.length).toBe(2);
  });

  it.each([200, 401, 404, 500])("has only the status of its response shown (%i)", async (status) => {
    const { machine, evil, model, setting } = await setUpTwo();
    const said = { "x-error-message": "not-for-the-log", "retry-after": "0" };
    evil.tricks.unshift((_, response) => {
      send(response, status, "not-for-the-log", said);
      return true;
    });
    const locating = locateSnapshot(model("https://evil.example"), machine, { retryPolicy: HUB_RETRY_POLICY });
    const failure: unknown = await locating.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(JSON.stringify(failure) + String(failure) + setting.said.join()).not.toContain("not-for-the-log");
  });

  it("is not followed in a redirect loop", async () => {
    const { machine, evil, model, network } = await setUpTwo();
    evil.tricks.unshift(redirectTo((path) => path, "/"));
    await expect(
      locateSnapshot(model("https://evil.example"), machine, { retryPolicy: HUB_RETRY_POLICY }),
    ).rejects.toMatchObject({
      class: "network",
      message: expect.stringContaining("redirects more than 10 times"),
    });
    expect(network.sent.length).toBe(11);
  });

  it("may be at any address if the workflow names it too", async () => {
    const { machine, hub, cache } = await setUp();
    const { directory } = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(hub.endpoint).toMatch(/^http:\/\/127/);
    expect(directory.path).toBe(join(cache, "models--acme--words"));
  });

  it("leaves no files behind when it is refused", async () => {
    const { machine, model, setting } = await setUpTwo();
    const before = await listTree(setting.root);
    await locateSnapshot(model("https://10.0.0.1"), machine, { retryPolicy: HUB_RETRY_POLICY }).catch(() => undefined);
    expect(await listTree(setting.root)).toEqual(before);
  });
});
