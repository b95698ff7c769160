import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { LayoutWriter, openTestRegistry, startRegistry, testMachine, writeImage, writeIndex } from "./fixture.ts";

describe("pushLayout", () => {
  it("copies an image byte for byte under every tag", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry();
    const to = ["1.4.0", "latest"].map((tag) => parseReference(`${fake.host}/acme/iris:${tag}`));
    await openTestRegistry().pushLayout(directory, to);
    const bytes = await readFile(join(directory, "blobs/sha256", hexOf(root.digest)));
    expect(fake.manifests.get("acme/iris")?.get("1.4.0")?.bytes).toEqual(bytes);
    expect(fake.manifests.get("acme/iris")?.get("latest")?.mediaType).toBe(root.mediaType);
    expect(fake.blobs.get("acme/iris")?.size).toBe(3);
    expect(fake.sessions).toEqual(new Set());
  });

  it("copies an index with its platforms and attestations; members first, tags last", async () => {
    const { directory, root, members } = await writeIndex();
    const fake = await startRegistry();
    await openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]);
    expect(fake.manifests.get("acme/iris")?.get(root.digest)?.mediaType).toBe(root.mediaType);
    const puts = fake.log.filter((line) => line.includes("/manifests/"));
    expect(puts).toEqual(
      [...members.map(({ digest }) => digest), "1"].map((name) => `PUT /v2/acme/iris/manifests/${name}`),
    );
  });

  it("pushes no tag before all content is in all repositories", async () => {
    const { directory } = await writeIndex();
    const [one, other] = [await startRegistry(), await startRegistry({ putStatus: 400 })];
    const to = [one, other].map(({ host }) => parseReference(`${host}/acme/iris:1`));
    await expect(openTestRegistry().pushLayout(directory, to)).rejects.toMatchObject({ class: "network" });
    expect(one.log.filter((line) => line.includes("/manifests/"))).toEqual([]);
  });

  it("pushes by digest without a tag", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry();
    await openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris@${root.digest}`)]);
    expect([...(fake.manifests.get("acme/iris")?.keys() ?? [])]).toEqual([root.digest]);
  });

  it("pushes a layout's image to repositories by its digest", async () => {
    const { directory, root } = await writeIndex();
    const fake = await startRegistry();
    const to = ["acme/iris", "acme/mirror"].map((name) => parseReference(`${fake.host}/${name}`));
    await openTestRegistry().pushLayoutByDigest(directory, to);
    for (const name of ["acme/iris", "acme/mirror"]) {
      const stored = [...(fake.manifests.get(name)?.keys() ?? [])];
      expect(stored).toContain(root.digest);
      expect(stored.filter((key) => !key.startsWith("sha256:"))).toEqual([]);
    }
  });

  it("sends each blob to a registry once and mounts it in its other repositories", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry();
    const to = ["acme/iris:1", "acme/mirror:1"].map((name) => parseReference(`${fake.host}/${name}`));
    const machine = testMachine();
    await openTestRegistry(machine).pushLayout(directory, to);
    expect(fake.log.filter((line) => line.startsWith("PUT") && line.includes("/uploads/"))).toHaveLength(3);
    expect(fake.blobs.get("acme/mirror")?.size).toBe(3);
    expect(machine.lines).toEqual([
      expect.stringMatching(/^Blobs: 3 uploaded \(200\.\d kB\), 3 mounted, 0 already there/),
    ]);
  });

  it("uploads nothing that is present", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry();
    const to = [parseReference(`${fake.host}/acme/iris:1`)];
    await openTestRegistry().pushLayout(directory, to);
    fake.log.length = 0;
    await openTestRegistry().pushLayout(directory, to);
    expect(fake.log.filter((line) => !line.startsWith("HEAD"))).toEqual(["PUT /v2/acme/iris/manifests/1"]);
  });

  it("uploads at most four blobs at a time, in order of size", async () => {
    const layout = await LayoutWriter.create();
    const root = await layout.manifest(
      "amd64",
      Array.from({ length: 9 }, (_, index) => "x".repeat(200_000 + index)),
    );
    await layout.finish(root);
    const fake = await startRegistry();
    await openTestRegistry().pushLayout(layout.directory, [parseReference(`${fake.host}/acme/iris:1`)]);
    expect(fake.peak.uploads).toBeLessThanOrEqual(4);
    expect(fake.log.find((line) => line.startsWith("HEAD"))).toContain(digestOf("x".repeat(200_008)));
  });

  it("does not copy foreign layers", async () => {
    const layout = await LayoutWriter.create();
    const base = await layout.manifest("amd64", ["layer"]);
    const { config, layers } = JSON.parse(
      await readFile(join(layout.directory, "blobs/sha256", hexOf(base.digest)), "utf8"),
    );
    const foreign = {
      mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      digest: digestOf("elsewhere"),
      size: 9,
    };
    const root = await layout.blob(base.mediaType, JSON.stringify({ config, layers: [foreign, ...layers] }));
    await layout.finish(root);
    const fake = await startRegistry();
    await openTestRegistry().pushLayout(layout.directory, [parseReference(`${fake.host}/acme/iris:1`)]);
    expect(fake.manifests.get("acme/iris")?.has(root.digest)).toBe(true);
    expect(fake.log.filter((line) => line.includes(foreign.digest))).toEqual([]);
  });

  it("names a blob that is missing in the layout", async () => {
    const { directory } = await writeImage();
    await rm(join(directory, "blobs/sha256", hexOf(digestOf("a small layer"))));
    const fake = await startRegistry();
    await expect(
      openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({
      class: "tool",
      code: "LayoutDamaged",
      message: expect.stringContaining("does not contain sha256:"),
    });
  });
});

describe("pushLayout to a registry with quirks", () => {
  const busy = (status: number, retryAfter?: string) => ({ times: 2, status, ...(retryAfter && { retryAfter }) });

  it.each([
    ["gives relative upload locations", { relativeLocation: true }],
    ["wants the blob in a PATCH", { putStatus: 415 }],
    ["breaks connections in the middle of uploads", { resets: 3 }],
    ["is too busy to begin uploads", { busy: new Map([["POST begin", busy(503)]]) }],
    ["is too busy to take uploads", { busy: new Map([["PUT session", busy(500)]]) }],
    ["asks to wait", { busy: new Map([["PUT manifest", busy(429, "0")]]) }],
    ["asks to wait until a date", { busy: new Map([["HEAD blob", busy(429, "Thu, 01 Jan 1970 00:00:00 GMT")]]) }],
    ["wants a login with Basic", { login: "basic", user: "ada:secret" }],
    ["wants tokens", { login: "bearer", user: "ada:secret" }],
    ["ends tokens early", { login: "bearer", user: "ada:secret", tokenUses: 6 }],
  ] as const)("goes on when it %s", async (_, quirks) => {
    const { directory, root } = await writeIndex();
    const fake = await startRegistry(structuredClone(quirks) as object);
    const config = { auths: { [fake.host]: { auth: Buffer.from("ada:secret").toString("base64") } } };
    const registry = openTestRegistry(testMachine({ DOCKER_AUTH_CONFIG: JSON.stringify(config) }));
    const to = [parseReference(`${fake.host}/acme/iris:1`)];
    await registry.pushLayout(directory, to);
    await registry.verify(to, root.digest);
  });

  it.each([202, 400, 401, 403, 404, 405])("uploads when mounts are answered with %i", async (mountStatus) => {
    const { directory } = await writeImage();
    const fake = await startRegistry({ mountStatus });
    const to = ["acme/iris:1", "acme/mirror:1"].map((name) => parseReference(`${fake.host}/${name}`));
    await openTestRegistry().pushLayout(directory, to);
    expect(fake.blobs.get("acme/mirror")?.size).toBe(3);
    expect(fake.sessions).toEqual(new Set());
  });

  it("uploads blobs that the registry wrongly reported as present", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry({ lostBlobs: new Set([digestOf("a small layer")]) });
    await openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]);
    expect(fake.blobs.get("acme/iris")?.has(digestOf("a small layer"))).toBe(true);
  });

  it("sends uploads to another host, without the login", async () => {
    const { directory } = await writeImage();
    const storage = await startRegistry();
    const fake = await startRegistry({
      login: "basic",
      user: "ada:secret",
      uploadHost: `http://${storage.host}`,
      mountStatus: 400,
    });
    const config = { auths: { [fake.host]: { auth: Buffer.from("ada:secret").toString("base64") } } };
    const registry = openTestRegistry(testMachine({ DOCKER_AUTH_CONFIG: JSON.stringify(config) }));
    await expect(registry.pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)])).rejects.toMatchObject({
      lines: ["MANIFEST_BLOB_UNKNOWN: unknown to registry"],
    });
    expect(storage.blobs.get("acme/iris")?.size).toBe(3);
    expect(new Set(storage.logins)).toEqual(new Set([undefined]));
  });

  it("gives up after five tries and drops its uploads", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry({ busy: new Map([["PUT session", { times: 1000, status: 502 }]]) });
    await expect(
      openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({ class: "network", code: "RegistryUnavailable" });
    expect(fake.sessions).toEqual(new Set());
  });

  it("does not wait longer than the limit", async () => {
    const { directory } = await writeImage();
    const quirk = { times: 1, status: 429, retryAfter: "21600" };
    const fake = await startRegistry({ busy: new Map([["POST begin", quirk]]) });
    await expect(
      openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({ class: "rate-limit", lines: ["TOOMANYREQUESTS: slow down"] });
  });

  it.each([
    [409, '{"errors":[{"code":"TAG_INVALID","message":"the tag 1 is immutable"}]}', "input", "TagImmutable"],
    [413, "<html>Request Entity Too Large</html>", "network", "TooLarge"],
    [403, '{"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]}', "auth", "Denied"],
    [404, '{"errors":[{"code":"NAME_UNKNOWN","message":"The repository does not exist"}]}', "input", "NotFound"],
    [400, "manifest invalid", "network", "Refused"],
  ])("maps %i %s to %s", async (status, body, failureClass, code) => {
    const { directory } = await writeImage();
    const fake = await startRegistry({ tagPut: { status, body } });
    await expect(
      openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({
      class: failureClass,
      code,
      message: expect.stringContaining(`${fake.host} answered ${status}`),
    });
  });

  it("fails if the registry stored something else", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry({ lyingDigest: digestOf("something else") });
    await expect(
      openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({ code: "DigestMismatch" });
  });

  it("drops its uploads when the run is cancelled", async () => {
    const { directory } = await writeImage();
    const fake = await startRegistry();
    const run = new AbortController();
    const machine = testMachine({}, undefined, run.signal);
    let uploads = 0;
    const http = {
      async request(request: Parameters<typeof machine.http.request>[0]) {
        if (request.method === "PUT" && ++uploads === 3) run.abort("SIGINT");
        return machine.http.request(request);
      },
    };
    await expect(
      openTestRegistry({ ...machine, http }).pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({ class: "cancelled" });
    expect(fake.sessions).toEqual(new Set());
  });
});
