import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Failure, TimeOver } from "../../src/errors.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import type { RegistryMachine } from "../../src/registry/registries.ts";
import { uploadBlob } from "../../src/registry/upload.ts";
import { uploadStream } from "../../src/registry/upload-stream.ts";
import type { FakeRegistry, Quirks } from "../fakes/registry.ts";
import { openTestRegistries, reusing, startRegistry, testMachine } from "./fixture.ts";

/** More than a socket accepts at once. */
const CONTENT = randomBytes(3_000_000);
const DIGEST = digestOf(CONTENT);
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const UPLOAD = /\/blobs\/uploads\/$/;

const { signal } = new AbortController();

function repositoryOf(fake: FakeRegistry) {
  return { domain: fake.host, path: "acme/iris" };
}

function stored(fake: FakeRegistry, digest: Digest = DIGEST): Buffer | undefined {
  return fake.blobs.get("acme/iris")?.get(digest);
}

function blobOf(open: () => Promise<AsyncIterable<Uint8Array>> = async () => reusing(CONTENT)) {
  return { descriptor: { mediaType: LAYER, digest: DIGEST, size: CONTENT.length, annotations: {} }, open };
}

/** The HTTP methods in the log. */
function methods(fake: FakeRegistry): string {
  return fake.log.map((line) => line.split(" ")[0]).join(" ");
}

async function* broken(error: Error): AsyncGenerator<Uint8Array> {
  yield CONTENT.subarray(0, 1_000_000);
  throw error;
}

describe("uploadBlob", () => {
  it("sends pieces in a shared buffer correctly", async () => {
    const fake = await startRegistry();
    expect(await uploadBlob(openTestRegistries(), repositoryOf(fake), blobOf(), { signal })).toBe("uploaded");
    expect(stored(fake)?.equals(CONTENT)).toBe(true);
    expect(methods(fake)).toBe("HEAD POST PUT");
  });

  it("does not check for a new blob", async () => {
    const fake = await startRegistry();
    await uploadBlob(openTestRegistries(), repositoryOf(fake), blobOf(), { signal, isNew: true });
    expect(methods(fake)).toBe("POST PUT");
  });

  it("checks for a new blob after its first upload failed", async () => {
    const fake = await startRegistry({ busy: new Map([["POST begin", { times: 1, status: 503 }]]) });
    await uploadBlob(openTestRegistries(), repositoryOf(fake), blobOf(), { signal, isNew: true });
    expect(methods(fake)).toBe("POST HEAD HEAD POST PUT");
  });

  it.each<[string, Quirks]>([
    ["connections that break", { resets: 2 }],
    ["sessions that are lost, by PUT and by PATCH", { lostSessions: 3 }],
    ["an unsupported PUT and lost sessions", { putStatus: 405, lostSessions: 2 }],
  ])("starts the blob again after %s", async (_, quirks) => {
    const fake = await startRegistry(quirks);
    await uploadBlob(openTestRegistries(), repositoryOf(fake), blobOf(), { signal });
    expect(stored(fake)?.equals(CONTENT)).toBe(true);
    expect(fake.sessions).toEqual(new Set());
  });

  it("fails at once and drops the upload if the content cannot be read", async () => {
    const fake = await startRegistry();
    const failure = new Failure("disk", "the disk is gone");
    const blob = blobOf(async () => broken(failure));
    await expect(uploadBlob(openTestRegistries(), repositoryOf(fake), blob, { signal })).rejects.toBe(failure);
    expect(fake.log.filter((line) => UPLOAD.test(line))).toHaveLength(1);
    expect(fake.sessions).toEqual(new Set());
  });

  it("waits five minutes for a registry that copies the blob before it answers", async () => {
    const waits = new Map<string, number | undefined>();
    const machine = testMachine();
    const http: RegistryMachine["http"] = {
      request(request) {
        const hasBytes = typeof request.body === "object";
        const step = `${request.method}${hasBytes ? " bytes" : ""}`;
        waits.set(step, request.idleTimeout);
        return machine.http.request(request);
      },
    };
    const fake = await startRegistry({ putStatus: 415 });
    await uploadBlob(openTestRegistries({ ...machine, http }), repositoryOf(fake), blobOf(), { signal });
    const commitTimeout = 5 * 60_000;
    expect([...waits]).toEqual([
      ["HEAD", undefined],
      ["POST", undefined],
      ["PUT bytes", commitTimeout],
      ["DELETE", undefined],
      ["PATCH bytes", commitTimeout],
      ["PUT", commitTimeout],
    ]);
  });

  it("mounts the blob in a later try if the registry was busy", async () => {
    const fake = await startRegistry({ busy: new Map([["POST begin", { times: 2, status: 429, retryAfter: "0" }]]) });
    fake.blobs.set("acme/base", new Map([[DIGEST, CONTENT]]));
    const mountFrom = { domain: fake.host, path: "acme/base" };
    const arrival = await uploadBlob(openTestRegistries(), repositoryOf(fake), blobOf(), { signal, mountFrom });
    expect([arrival, methods(fake)]).toEqual(["mounted", "HEAD POST HEAD POST HEAD POST"]);
  });

  it("tries a mount with two tokens, and no further mount if both are refused", async () => {
    const fake = await startRegistry({ login: "bearer", mountStatus: 401 });
    const registries = openTestRegistries();
    const mountFrom = { domain: fake.host, path: "acme/base" };
    for (const text of ["one", "two", "three"]) {
      const content = Buffer.from(text);
      const descriptor = { mediaType: LAYER, digest: digestOf(content), size: content.length, annotations: {} };
      const blob = { descriptor, open: async () => reusing(content) };
      expect(await uploadBlob(registries, repositoryOf(fake), blob, { signal, mountFrom })).toBe("uploaded");
    }
    expect(fake.log.filter((line) => line.includes("/token"))).toHaveLength(3);
    expect(fake.log.filter((line) => line.includes("mount="))).toHaveLength(2);
  });

  it("names the time limit that ended it", async () => {
    const fake = await startRegistry({ stalls: true });
    const run = new AbortController();
    const registries = openTestRegistries(testMachine({}, undefined, run.signal));
    const upload = uploadBlob(registries, repositoryOf(fake), blobOf(), { signal: run.signal });
    setTimeout(() => run.abort(new TimeOver(300_000)), 50);
    await expect(upload).rejects.toMatchObject({
      class: "cancelled",
      message: expect.stringMatching(/because its time was over: the input timeout is 5 min$/),
    });
  });

  it("fails for content that is shorter than announced", async () => {
    const fake = await startRegistry();
    const blob = blobOf(async () => reusing(CONTENT.subarray(1)));
    await expect(uploadBlob(openTestRegistries(), repositoryOf(fake), blob, { signal })).rejects.toMatchObject({
      code: "SizeMismatch",
      message: expect.stringContaining("fewer than the announced 3000000 bytes"),
    });
    expect(stored(fake)).toBeUndefined();
  });
});

describe("uploadStream", () => {
  const source = { size: CONTENT.length, open: async () => reusing(CONTENT) };

  it("uploads in one pass and gives digest and size", async () => {
    const fake = await startRegistry();
    const done = await uploadStream(openTestRegistries(), repositoryOf(fake), source, { signal });
    expect(done).toEqual({ digest: DIGEST, size: CONTENT.length });
    expect(stored(fake)?.equals(CONTENT)).toBe(true);
    expect(methods(fake)).toBe("POST PATCH PUT");
    expect(fake.sessions).toEqual(new Set());
  });

  it("uploads an empty blob", async () => {
    const fake = await startRegistry();
    const nothing = { size: 0, open: async () => reusing("") };
    const { digest } = await uploadStream(openTestRegistries(), repositoryOf(fake), nothing, { signal });
    expect(stored(fake, digest)).toEqual(Buffer.alloc(0));
  });

  it.each([405, 415, 501])("reads the source twice if PATCH is answered with %i", async (patchStatus) => {
    const fake = await startRegistry({ patchStatus });
    const done = await uploadStream(openTestRegistries(), repositoryOf(fake), source, { signal });
    expect(done.digest).toBe(DIGEST);
    expect(stored(fake)?.equals(CONTENT)).toBe(true);
    expect(fake.sessions).toEqual(new Set());
  });

  it.each<[string, Quirks]>([
    ["breaks connections", { resets: 2 }],
    ["loses sessions", { lostSessions: 2 }],
    ["is too busy", { busy: new Map([["PATCH session", { times: 2, status: 429, retryAfter: "0" }]]) }],
    ["is too busy in the end", { busy: new Map([["PUT session", { times: 2, status: 500 }]]) }],
    ["ends tokens early", { login: "bearer", tokenUses: 2 }],
  ])("starts again when the registry %s", async (_, quirks) => {
    const fake = await startRegistry(quirks);
    const done = await uploadStream(openTestRegistries(), repositoryOf(fake), source, { signal });
    expect(done.digest).toBe(DIGEST);
    expect(stored(fake)?.equals(CONTENT)).toBe(true);
    expect(fake.sessions).toEqual(new Set());
  });

  it("starts again if the source's network fails", async () => {
    const fake = await startRegistry();
    const sources = [broken(new Failure("network", "the Hub is gone")), reusing(CONTENT)];
    const open = async () => sources.shift() ?? reusing("");
    const done = await uploadStream(openTestRegistries(), repositoryOf(fake), { ...source, open }, { signal });
    expect(done.digest).toBe(DIGEST);
    expect(fake.sessions).toEqual(new Set());
  });

  it.each([
    ["fewer", CONTENT.length + 1],
    ["more", CONTENT.length - 1],
  ])("refuses a source of %s bytes than announced", async (how, size) => {
    const fake = await startRegistry();
    const upload = uploadStream(openTestRegistries(), repositoryOf(fake), { ...source, size }, { signal });
    await expect(upload).rejects.toMatchObject({ code: "SizeMismatch", message: expect.stringContaining(how) });
    expect(fake.blobs.size).toBe(0);
    expect(fake.sessions).toEqual(new Set());
  });

  it("fails if the source reports an error at its end", async () => {
    const fake = await startRegistry();
    const failure = new Failure("bento", "the file came damaged");
    async function* damaged(): AsyncGenerator<Uint8Array> {
      yield* reusing(CONTENT);
      throw failure;
    }
    const open = async () => damaged();
    const upload = uploadStream(openTestRegistries(), repositoryOf(fake), { ...source, open }, { signal });
    await expect(upload).rejects.toBe(failure);
    expect(stored(fake)).toBeUndefined();
    expect(fake.sessions).toEqual(new Set());
  });

  it("drops the upload when it gives up", async () => {
    const fake = await startRegistry({ patchStatus: 500 });
    await expect(uploadStream(openTestRegistries(), repositoryOf(fake), source, { signal })).rejects.toMatchObject({
      code: "RegistryUnavailable",
    });
    expect(fake.log.filter((line) => UPLOAD.test(line))).toHaveLength(5);
    expect(fake.sessions).toEqual(new Set());
  });

  it("drops the upload when it is cancelled", async () => {
    const fake = await startRegistry();
    const run = new AbortController();
    async function* cancelling(): AsyncGenerator<Uint8Array> {
      yield CONTENT.subarray(0, 1_000_000);
      run.abort();
      yield CONTENT.subarray(1_000_000);
    }
    const registries = openTestRegistries(testMachine({}, undefined, run.signal));
    const open = async () => cancelling();
    const upload = uploadStream(registries, repositoryOf(fake), { ...source, open }, { signal: run.signal });
    await expect(upload).rejects.toMatchObject({ class: "cancelled" });
    expect(fake.sessions).toEqual(new Set());
  });
});
