import { request } from "node:http";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type ImageServer, serveImages } from "../../src/loading/serve-images.ts";
import { listen } from "../../src/machine/listener.ts";
import type { ContentProvider } from "../../src/oci/content.ts";
import { tinyImage } from "../fakes/image.ts";

const { manifest, config, layers } = tinyImage();
const [layer = manifest] = layers;
const LOGIN = { username: "bento-image", password: "swordfish" };
const REPOSITORY = "bento-image-load/0123";

/** What the content provider does when the layer is asked for. */
let readLayer: () => AsyncIterable<Uint8Array>;
let server: ImageServer;
let host: string;

const content: ContentProvider = {
  place: "the test",
  document: async ({ digest }) =>
    [manifest, config].find((blob) => blob.digest === digest)?.bytes ?? expect.fail(digest),
  blob: async ({ digest }) => (digest === config.digest ? piecesOf(config.bytes) : readLayer()),
};

async function* piecesOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

beforeEach(async () => {
  readLayer = () => piecesOf(layer.bytes);
  server = await serveImages(REPOSITORY, LOGIN, [{ content, root: { ...manifest, annotations: {} } }]);
  const listener = await listen((request) => server.answer(request));
  onTestFinished(() => listener.close());
  host = listener.host;
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

async function ask(path: string, { method = "GET", password = LOGIN.password } = {}): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${LOGIN.username}:${password}`).toString("base64")}`;
  const answer = await fetch(`http://${host}${path}`, { method, headers: { authorization } });
  return { status: answer.status, body: await answer.text(), headers: answer.headers };
}

const at = (kind: "manifests" | "blobs", digest: string, repository = REPOSITORY): string =>
  `/v2/${repository}/${kind}/${digest}`;

describe("a client with the login", () => {
  it("gets the manifest, the configuration and the layers by their digests", async () => {
    for (const [kind, blob] of [
      ["manifests", manifest],
      ["blobs", config],
      ["blobs", layer],
    ] as const) {
      const { status, body, headers } = await ask(at(kind, blob.digest));
      expect([status, body]).toEqual([200, blob.bytes.toString()]);
      expect(headers.get("docker-content-digest")).toBe(blob.digest);
      expect(headers.get("content-type")).toBe(blob.mediaType);
    }
    expect([server.wasReached, server.sent]).toEqual([true, config.size + layer.size + manifest.size]);
  });

  it("learns sizes by HEAD, without a byte of content", async () => {
    const { status, body, headers } = await ask(at("blobs", layer.digest), { method: "HEAD" });
    expect([status, body, headers.get("content-length")]).toEqual([200, "", String(layer.size)]);
    expect(server.sent).toBe(0);
  });

  it.each([
    ["another repository", at("manifests", manifest.digest, "bento-image-load/4567")],
    ["a tag", at("manifests", "latest")],
    ["a blob under the name of a manifest", at("manifests", layer.digest)],
    ["a digest that no image has", at("blobs", `sha256:${"0".repeat(64)}`)],
    ["a path that leads elsewhere", `/v2/${REPOSITORY}/blobs/../../../etc/passwd`],
    ["the list of tags", `/v2/${REPOSITORY}/tags/list`],
    ["the catalogue", "/v2/_catalog"],
    ["a query", `${at("manifests", manifest.digest)}?ns=docker.io`],
  ])("gets nothing for %s", async (_, path) => {
    expect((await ask(path)).status).toBe(404);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("cannot write by %s", async (method) => {
    expect((await ask(at("manifests", manifest.digest), { method })).status).toBe(405);
  });

  it("sees a missing blob when the content is gone, and the reason is kept", async () => {
    const lost = new Error("gone");
    readLayer = () => {
      throw lost;
    };
    expect((await ask(at("blobs", layer.digest))).status).toBe(404);
    expect(server.failure?.error).toBe(lost);
  });

  it("sees a broken connection when the content fails on the way, and the reason is kept", async () => {
    const lost = new Error("gone");
    readLayer = async function* () {
      yield layer.bytes.subarray(0, 1);
      throw lost;
    };
    await expect(ask(at("blobs", layer.digest))).rejects.toThrow();
    expect(server.failure?.error).toBe(lost);
  });
});

describe("a client without the login", () => {
  it.each([["/v2/"], [at("manifests", manifest.digest)], [at("blobs", layer.digest)], ["/"]])(
    "is refused at %s, and told how to log in",
    async (path) => {
      for (const options of [{ password: "guess" }, { password: "" }, { password: "guess", method: "HEAD" }]) {
        const { status, body, headers } = await ask(path, options);
        expect([status, body, headers.get("www-authenticate")]).toEqual([401, "", 'Basic realm="bento-image"']);
      }
      const bare = await fetch(`http://${host}${path}`);
      expect(bare.status).toBe(401);
      expect([server.wasReached, server.sent]).toEqual([false, 0]);
    },
  );
});

describe("the listener", () => {
  it("is at the loopback interface alone, and gone when it is closed", async () => {
    const listener = await listen(async () => ({ status: 200 }));
    expect(listener.host).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await fetch(`http://${listener.host}/`)).status).toBe(200);
    await listener.close();
    await expect(fetch(`http://${listener.host}/`)).rejects.toThrow();
  });

  it("ends answers that nobody reads when it is closed", async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1 << 16);
      } finally {
        ended = true;
      }
    }
    const listener = await listen(async () => ({ status: 200, body: endless() }));
    const sent = request(`http://${listener.host}/`);
    sent.on("error", () => undefined).end();
    const answer = await new Promise<{ pause(): unknown; on(event: "error", handler: () => void): unknown }>(
      (resolve) => sent.once("response", resolve),
    );
    answer.on("error", () => undefined);
    answer.pause();
    await listener.close();
    await expect.poll(() => ended).toBe(true);
  });
});
