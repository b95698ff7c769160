import { describe, expect, it } from "vitest";
import { printIndex } from "../../src/oci/image-index.ts";
import { startRegistry } from "../registry/fixture.ts";
import { manifestAt, runMerge, type StoredManifest, storeImage, storeManifest } from "./setting.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const INDEX = "application/vnd.oci.image.index.v1+json";

async function twoImages() {
  const registry = await startRegistry();
  const amd64 = storeImage(registry, "acme/iris", "linux/amd64", { tag: "staging-amd64" });
  const arm64 = storeImage(registry, "acme/iris", "linux/arm64", { tag: "staging-arm64" });
  return { registry, amd64, arm64, name: `${registry.host}/acme/iris` };
}

function digestFile(name: string, { digest }: StoredManifest, platform: string, changes: object = {}): string {
  const facts = {
    digest,
    repositories: [name],
    platforms: [platform],
    bento: "iris:v1",
    revision: "c0ffee",
    ...changes,
  };
  return JSON.stringify(facts);
}

describe("a merge", () => {
  it("writes the same index as one build of all platforms, in the order of the input platforms", async () => {
    const { registry, amd64, arm64, name } = await twoImages();
    const inputs = {
      digests: `${arm64.digest}\n${amd64.digest}`,
      tags: `${name}:1`,
      platforms: "linux/arm64,linux/amd64",
    };
    const { outputs, summary } = await runMerge(inputs);
    const stored = manifestAt(registry, "acme/iris", "1");
    const native = printIndex([
      { ...arm64, platform: ARM64 },
      { ...amd64, platform: AMD64 },
    ]);
    expect(stored?.text).toBe(Buffer.from(native).toString());
    expect(outputs["digest"]).toBe(stored?.digest);
    expect(outputs["image"]).toBe(`${name}@${stored?.digest}`);
    expect(outputs["tags"]).toBe(`${name}:1`);
    expect(JSON.parse(outputs["digests"] ?? "")).toEqual({
      "linux/arm64": { digest: arm64.digest },
      "linux/amd64": { digest: amd64.digest },
    });
    expect(summary).toContain(amd64.digest);
  });

  it("orders platforms by name without the input platforms, and adds annotations", async () => {
    const { registry, amd64, arm64, name } = await twoImages();
    const sources = `${name}:staging-arm64,${name}:staging-amd64`;
    await runMerge({ sources, tags: `${name}:1`, annotations: "b=2\nindex:a=1" });
    const stored = manifestAt(registry, "acme/iris", "1");
    expect(stored?.index.manifests.map(({ digest }: StoredManifest) => digest)).toEqual([amd64.digest, arm64.digest]);
    expect(stored?.index.annotations).toEqual({ a: "1", b: "2" });
  });

  it.each([
    ["with merge-multiple", (nested: string) => `digests/${nested}.json`],
    ["without merge-multiple", (nested: string) => `digests/digests-${nested}/${nested}.json`],
  ])("reads digest files that were downloaded %s", async (_, path) => {
    const { registry, amd64, arm64, name } = await twoImages();
    const files = {
      [path("linux-amd64")]: digestFile(name, amd64, "linux/amd64"),
      [path("linux-arm64")]: digestFile(name, arm64, "linux/arm64"),
    };
    await runMerge({ "digests-from": "digests", tags: `${name}:1` }, files);
    expect(manifestAt(registry, "acme/iris", "1")?.index.manifests).toHaveLength(2);
  });

  it("reads empty files named by digests", async () => {
    const { registry, amd64, arm64, name } = await twoImages();
    const files = Object.fromEntries([amd64, arm64].map(({ digest }) => [`d/${digest.slice(7)}`, ""]));
    await runMerge({ "digests-from": "d", tags: `${name}:1` }, files);
    expect(manifestAt(registry, "acme/iris", "1")?.index.manifests).toHaveLength(2);
  });

  it("copies nothing within a repository", async () => {
    const { registry, name } = await twoImages();
    await runMerge({ sources: `${name}:staging-amd64,${name}:staging-arm64`, tags: `${name}:1,${name}:latest` });
    expect(registry.log.filter((line) => !line.startsWith("GET"))).toEqual([
      "PUT /v2/acme/iris/manifests/1",
      "PUT /v2/acme/iris/manifests/latest",
    ]);
  });

  it("mounts blobs in other repositories of the registry, and copies them once to a registry that needs a login", async () => {
    const { registry, name } = await twoImages();
    const other = await startRegistry({ login: "bearer" });
    const tags = [`${name}:1`, `${registry.host}/acme/public:1`, `${other.host}/one:1`, `${other.host}/two:1`].join(
      ",",
    );
    const { outputs } = await runMerge({ sources: `${name}:staging-amd64,${name}:staging-arm64`, tags });
    for (const [where, repository] of [
      [registry, "acme/public"],
      [other, "one"],
      [other, "two"],
    ] as const) {
      expect(manifestAt(where, repository, "1")?.digest).toBe(outputs["digest"]);
      expect(where.blobs.get(repository)?.size).toBe(4);
    }
    const uploads = (log: readonly string[]) =>
      log.filter((line) => line.startsWith("PUT") && line.includes("/uploads/"));
    expect(uploads(registry.log)).toEqual([]);
    expect(uploads(other.log)).toHaveLength(4);
    expect(JSON.parse(outputs["images"] ?? "")).toHaveLength(4);
    const firstTag = other.log.findIndex((line) => line.endsWith("/manifests/1"));
    expect(other.log.slice(firstTag).some((line) => line.includes("/blobs/"))).toBe(false);
  });

  it("flattens nested indexes and puts their attestations after all images", async () => {
    const { registry, amd64, arm64, name } = await twoImages();
    const statement = storeImage(registry, "acme/iris", "unknown/unknown", { content: "in-toto" });
    const attestation = {
      ...statement,
      annotations: { "vnd.docker.reference.digest": amd64.digest, "vnd.docker.reference.type": "attestation-manifest" },
      platform: { architecture: "unknown", os: "unknown" },
    };
    const inner = storeManifest(registry, "acme/iris", {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [{ ...amd64, platform: AMD64 }, attestation],
    });
    const nested = storeManifest(
      registry,
      "acme/iris",
      { schemaVersion: 2, mediaType: INDEX, manifests: [inner] },
      "nested",
    );
    expect(nested.digest).not.toBe(inner.digest);
    const other = await startRegistry();
    await runMerge({ digests: `${name}@${nested.digest},${name}@${arm64.digest}`, tags: `${other.host}/iris:1` });
    const manifests: readonly (StoredManifest & { annotations?: object })[] = manifestAt(other, "iris", "1")?.index
      .manifests;
    expect(manifests.map(({ digest }) => digest)).toEqual([amd64.digest, arm64.digest, attestation.digest]);
    expect(manifests[2]).toEqual(attestation);
    expect(other.manifests.get("iris")?.has(attestation.digest)).toBe(true);
  });

  it("counts an image once if two inputs name it", async () => {
    const { registry, amd64, name } = await twoImages();
    await runMerge({
      digests: amd64.digest,
      sources: `${name}:staging-amd64,${name}:staging-arm64`,
      tags: `${name}:1`,
    });
    expect(manifestAt(registry, "acme/iris", "1")?.index.manifests).toHaveLength(2);
  });
});

describe("a merge rejects", () => {
  it("missing, duplicate and unrequested platforms, all at once", async () => {
    const { registry, amd64, arm64, name } = await twoImages();
    const twin = storeImage(registry, "acme/iris", "linux/amd64", { content: "another" });
    const digests = [amd64, twin, arm64].map(({ digest }) => digest).join(",");
    await expect(runMerge({ digests, tags: `${name}:1`, platforms: "linux/amd64,linux/s390x" })).rejects.toMatchObject({
      class: "input",
      code: "LegsMismatch",
      lines: [
        expect.stringMatching(/^linux\/amd64 was given 2 times: /),
        "linux/s390x is missing",
        expect.stringMatching(/^linux\/arm64 is not in the input platforms: /),
      ],
    });
    expect(manifestAt(registry, "acme/iris", "1")).toBeUndefined();
  });

  it.each([
    ["Bento", { bento: "iris:v0" }, /differ in their Bento: .*iris:v0/],
    ["commit", { revision: "deadbeef" }, /differ in their commit: .*deadbeef/],
  ])("an image of another %s", async (_, changes, message) => {
    const { amd64, arm64, name } = await twoImages();
    const files = {
      "d/amd64.json": digestFile(name, amd64, "linux/amd64"),
      "d/arm64.json": digestFile(name, arm64, "linux/arm64", changes),
    };
    await expect(runMerge({ "digests-from": "d", tags: `${name}:1` }, files)).rejects.toThrow(message);
  });

  it("a staging tag of another commit, according to its label", async () => {
    const registry = await startRegistry();
    const label = "org.opencontainers.image.revision";
    storeImage(registry, "iris", "linux/amd64", { tag: "amd64", labels: { [label]: "one" } });
    storeImage(registry, "iris", "linux/arm64", { tag: "arm64", labels: { [label]: "two" } });
    const name = `${registry.host}/iris`;
    await expect(runMerge({ sources: `${name}:amd64,${name}:arm64`, tags: `${name}:1` })).rejects.toThrow(
      /amd64 has one, .*arm64 has two/,
    );
  });

  it("a manifest that is not an image", async () => {
    const { registry, amd64, name } = await twoImages();
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: amd64.digest, size: 2 };
    const chart = storeManifest(registry, "acme/iris", { schemaVersion: 2, mediaType, config, layers: [] });
    await expect(runMerge({ digests: chart.digest, tags: `${name}:1` })).rejects.toMatchObject({ code: "NoImage" });
  });

  it.each([
    ["an empty directory", {}, "NoDigests"],
    ["other files", { "d/x.json": "{}" }, "DigestFileInvalid"],
  ])("%s", async (_, files, code) => {
    const { name } = await twoImages();
    await expect(runMerge({ "digests-from": "d", tags: `${name}:1` }, files)).rejects.toMatchObject({ code });
  });

  it("annotations of other levels, which it cannot add", async () => {
    await expect(runMerge({ tags: "a/b:1", sources: "a/b:2", annotations: "manifest:a=1" })).rejects.toMatchObject({
      lines: [expect.stringMatching(/^annotations: "manifest:a" is not for the index.*METADATA_ANNOTATIONS_LEVELS/)],
    });
  });

  it("mistakes of the inputs, all of them", async () => {
    await expect(
      runMerge({ tags: "a/b:1,a/b:1,iris:1", platforms: "linux/arm64,linux/arm64/v8" }),
    ).rejects.toMatchObject({
      lines: [
        expect.stringContaining("digests, digests-from, sources"),
        expect.stringMatching(/^tags: "iris:1" has no registry and namespace/),
        expect.stringContaining("platforms: linux/arm64 is given twice"),
      ],
    });
    await expect(runMerge({ digests: "a/b:1", tags: "c" })).rejects.toThrow(/digests: "a\/b:1" has no digest/);
  });
});

describe("a merge that fails halfway", () => {
  it("reports the state of each tag if one is refused", async () => {
    const { registry, name } = await twoImages();
    const other = await startRegistry({ refusedTags: "1" });
    const tags = `${name}:1,${other.host}/iris:1`;
    const run = runMerge({ sources: `${name}:staging-amd64,${name}:staging-arm64`, tags });
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining(`1 of 2 tags point to the new image: ${name}:1.`),
      lines: expect.arrayContaining([
        `${name}:1: points to the new image`,
        `${other.host}/iris:1: not changed; all platforms are in ${other.host}/iris`,
      ]),
    });
    expect(manifestAt(registry, "acme/iris", "1")).toBeDefined();
  });

  it("changes no tag if content cannot be copied to all repositories", async () => {
    const { registry, name } = await twoImages();
    const other = await startRegistry({ putStatus: 400, patchStatus: 400 });
    const run = runMerge({
      sources: `${name}:staging-amd64,${name}:staging-arm64`,
      tags: `${name}:1,${other.host}/iris:1`,
    });
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining("No tag was changed."),
      lines: expect.arrayContaining([
        `${other.host}/iris:1: not changed; platforms may be missing in ${other.host}/iris`,
      ]),
    });
    expect(manifestAt(registry, "acme/iris", "1")).toBeUndefined();
  });

  it("fails if a tag points to another image afterwards", async () => {
    const registry = await startRegistry({ tagMoves: true });
    storeImage(registry, "iris", "linux/amd64", { tag: "staging" });
    const name = `${registry.host}/iris`;
    await expect(runMerge({ sources: `${name}:staging`, tags: `${name}:1` })).rejects.toMatchObject({
      code: "DigestMismatch",
    });
  });
});
