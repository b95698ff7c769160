/** Redirects that a registry may give. The network is simulated, because a test cannot have a public address with a certificate. */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/machine/machine.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { openRegistries } from "../../src/registry/registries.ts";
import { repositoryContent, resolve } from "../../src/registry/resolve.ts";
import { UploadSession } from "../../src/registry/session.ts";
import { testMachine } from "./fixture.ts";

const CONTENT = Buffer.from("a layer");
const DIGEST = digestOf(CONTENT);
const BLOB = { mediaType: "application/octet-stream", digest: DIGEST, size: CONTENT.length, annotations: {} };
const REPOSITORY = { domain: "harbor.example", path: "acme/iris" };

/** A registry that requires a login and redirects to `location`, whose host serves the content without a login. */
function network(location: string) {
  const asked: HttpRequest[] = [];
  const machine = testMachine({
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "harbor.example": { username: "ada", password: "password" } } }),
  });
  const answer = (status: number, headers: Record<string, string>, body: Uint8Array | string = "") => ({
    status,
    headers,
    body: Readable.from([body]),
  });
  const http = {
    async request(request: HttpRequest) {
      asked.push(request);
      if (request.url.origin !== "https://harbor.example") return answer(200, {}, CONTENT);
      if (request.headers?.["authorization"] === undefined) return answer(401, { "www-authenticate": "Basic" });
      return answer(request.method === "POST" ? 202 : 307, { location });
    },
  };
  return {
    asked,
    registries: openRegistries({ ...machine, http }, { retryPolicy: { tries: 1, firstDelay: 1, longestWait: 1 } }),
  };
}

describe("content on another host", () => {
  it.each([
    "http://minio.example:9000/bucket/layer?signature=x",
    "http://10.0.0.7:9000/bucket/layer",
    "http://minio:9000/bucket/layer",
    "http://harbor.example:9000/bucket/layer",
    "https://10.0.0.7/bucket/layer",
  ])("is read at %s without the login, and verified by its digest", async (location) => {
    const { asked, registries } = network(location);
    const content = repositoryContent(registries, REPOSITORY);
    expect(Buffer.from(await content.document(BLOB))).toEqual(CONTENT);
    expect(await buffer(Readable.from(await content.blob(BLOB)))).toEqual(CONTENT);
    const there = asked.filter(({ url }) => url.href === location);
    expect(there).toHaveLength(2);
    for (const { headers } of there) expect(headers).not.toHaveProperty("authorization");
    await expect(content.document({ ...BLOB, digest: digestOf("other") })).rejects.toMatchObject({
      code: "DigestMismatch",
    });
  });

  it("is found by HEAD", async () => {
    const { registries } = network("http://minio:9000/bucket/layer");
    const session = new UploadSession(registries, REPOSITORY, "uploading", new AbortController().signal);
    expect(await session.has(DIGEST)).toBe(true);
  });

  it.each(["http://169.254.169.254/latest/meta-data/", "http://localhost:8080/", "https://[::1]/"])(
    "is not looked for at %s",
    async (location) => {
      const { asked, registries } = network(location);
      const read = repositoryContent(registries, REPOSITORY).document(BLOB);
      await expect(read).rejects.toMatchObject({ code: "UnsafeAddress" });
      expect(asked.every(({ url }) => url.host === "harbor.example")).toBe(true);
    },
  );

  it("ends after too many redirects", async () => {
    const { asked, registries } = network("https://harbor.example/v2/acme/iris/again");
    const read = repositoryContent(registries, REPOSITORY).document(BLOB);
    await expect(read).rejects.toMatchObject({ code: "RedirectLoop" });
    expect(asked.length).toBeLessThan(10);
  });
});

describe("a request that needs trust", () => {
  it.each(["http://minio.example:9000/x", "https://10.0.0.7/x"])("does not read a manifest at %s", async (location) => {
    const { registries } = network(location);
    const read = resolve(registries, parseReference("harbor.example/acme/iris:1"));
    await expect(read).rejects.toMatchObject({ code: "UnsafeAddress" });
  });

  it.each(["http://minio.example:9000/x", "https://10.0.0.7/x"])("does not upload to %s", async (location) => {
    const { asked, registries } = network(location);
    const session = new UploadSession(registries, REPOSITORY, "uploading", new AbortController().signal);
    const put = session.put(DIGEST, { size: CONTENT.length, open: async () => Readable.from([CONTENT]) });
    await expect(put).rejects.toMatchObject({ code: "UnsafeAddress" });
    expect(asked.every(({ url }) => url.host === "harbor.example")).toBe(true);
  });
});
