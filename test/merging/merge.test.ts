import { describe, expect, it } from "vitest";
import { printIndex } from "../../src/oci/image-index.ts";
import { startRegistry } from "../registry/fixture.ts";
import { type Held, heldAt, holdImage, holdManifest, runMerge } from "./ground.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const INDEX = "application/vnd.oci.image.index.v1+json";

async function twoLegs() {
  const registry = await startRegistry();
  const amd64 = holdImage(registry, "acme/iris", "linux/amd64", { tag: "staging-amd64" });
  const arm64 = holdImage(registry, "acme/iris", "linux/arm64", { tag: "staging-arm64" });
  return { registry, amd64, arm64, name: `${registry.host}/acme/iris` };
}

function digestFile(name: string, { digest }: Held, platform: string, changes: object = {}): string {
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
  it("writes the index that a native build of the same images has, in the order of the platforms", async () => {
    const { registry, amd64, arm64, name } = await twoLegs();
    const inputs = {
      digests: `${arm64.digest}\n${amd64.digest}`,
      tags: `${name}:1`,
      platforms: "linux/arm64,linux/amd64",
    };
    const { outputs, summary } = await runMerge(inputs);
    const held = heldAt(registry, "acme/iris", "1");
    const native = printIndex([
      { ...arm64, platform: ARM64 },
      { ...amd64, platform: AMD64 },
    ]);
    expect(held?.text).toBe(Buffer.from(native).toString());
    expect(outputs["digest"]).toBe(held?.digest);
    expect(outputs["image"]).toBe(`${name}@${held?.digest}`);
    expect(outputs["tags"]).toBe(`${name}:1`);
    expect(JSON.parse(outputs["digests"] ?? "")).toEqual({
      "linux/arm64": { digest: arm64.digest },
      "linux/amd64": { digest: amd64.digest },
    });
    expect(summary).toContain(amd64.digest);
  });

  it("orders platforms by name when nobody says how, and adds annotations", async () => {
    const { registry, amd64, arm64, name } = await twoLegs();
    const sources = `${name}:staging-arm64,${name}:staging-amd64`;
    await runMerge({ sources, tags: `${name}:1`, annotations: "b=2\na=1" });
    const held = heldAt(registry, "acme/iris", "1");
    expect(held?.index.manifests.map(({ digest }: Held) => digest)).toEqual([amd64.digest, arm64.digest]);
    expect(held?.index.annotations).toEqual({ a: "1", b: "2" });
  });

  it.each([
    ["with merge-multiple", (jobImage: string) => `digests/${jobImage}.json`],
    ["without merge-multiple", (jobImage: string) => `digests/digests-${jobImage}/${jobImage}.json`],
  ])("reads digest files as they are downloaded %s", async (_, path) => {
    const { registry, amd64, arm64, name } = await twoLegs();
    const files = {
      [path("linux-amd64")]: digestFile(name, amd64, "linux/amd64"),
      [path("linux-arm64")]: digestFile(name, arm64, "linux/arm64"),
    };
    await runMerge({ "digests-from": "digests", tags: `${name}:1` }, files);
    expect(heldAt(registry, "acme/iris", "1")?.index.manifests).toHaveLength(2);
  });

  it("reads empty files named by digests", async () => {
    const { registry, amd64, arm64, name } = await twoLegs();
    const files = Object.fromEntries([amd64, arm64].map(({ digest }) => [`d/${digest.slice(7)}`, ""]));
    await runMerge({ "digests-from": "d", tags: `${name}:1` }, files);
    expect(heldAt(registry, "acme/iris", "1")?.index.manifests).toHaveLength(2);
  });

  it("copies nothing within a repository", async () => {
    const { registry, name } = await twoLegs();
    await runMerge({ sources: `${name}:staging-amd64,${name}:staging-arm64`, tags: `${name}:1,${name}:latest` });
    expect(registry.log.filter((line) => !line.startsWith("GET"))).toEqual([
      "PUT /v2/acme/iris/manifests/1",
      "PUT /v2/acme/iris/manifests/latest",
    ]);
  });

  it("mounts in other repositories of a registry, and copies to another one that wants a login, once", async () => {
    const { registry, name } = await twoLegs();
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
      expect(heldAt(where, repository, "1")?.digest).toBe(outputs["digest"]);
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

  it("flattens legs that are indexes and keeps their attestations, after all images", async () => {
    const { registry, amd64, arm64, name } = await twoLegs();
    const statement = holdImage(registry, "acme/iris", "unknown/unknown", { content: "in-toto" });
    const attestation = {
      ...statement,
      annotations: { "vnd.docker.reference.digest": amd64.digest, "vnd.docker.reference.type": "attestation-manifest" },
      platform: { architecture: "unknown", os: "unknown" },
    };
    const inner = holdManifest(registry, "acme/iris", {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [{ ...amd64, platform: AMD64 }, attestation],
    });
    const jobImage = holdManifest(
      registry,
      "acme/iris",
      { schemaVersion: 2, mediaType: INDEX, manifests: [inner] },
      "leg",
    );
    expect(jobImage.digest).not.toBe(inner.digest);
    const other = await startRegistry();
    await runMerge({ digests: `${name}@${jobImage.digest},${name}@${arm64.digest}`, tags: `${other.host}/iris:1` });
    const manifests: readonly (Held & { annotations?: object })[] = heldAt(other, "iris", "1")?.index.manifests;
    expect(manifests.map(({ digest }) => digest)).toEqual([amd64.digest, arm64.digest, attestation.digest]);
    expect(manifests[2]).toEqual(attestation);
    expect(other.manifests.get("iris")?.has(attestation.digest)).toBe(true);
  });

  it("counts an image once that two inputs name", async () => {
    const { registry, amd64, name } = await twoLegs();
    await runMerge({
      digests: amd64.digest,
      sources: `${name}:staging-amd64,${name}:staging-arm64`,
      tags: `${name}:1`,
    });
    expect(heldAt(registry, "acme/iris", "1")?.index.manifests).toHaveLength(2);
  });
});

describe("a merge refuses", () => {
  it("platforms that are missing, doubled and not asked for, all at once", async () => {
    const { registry, amd64, arm64, name } = await twoLegs();
    const twin = holdImage(registry, "acme/iris", "linux/amd64", { content: "another" });
    const digests = [amd64, twin, arm64].map(({ digest }) => digest).join(",");
    await expect(runMerge({ digests, tags: `${name}:1`, platforms: "linux/amd64,linux/s390x" })).rejects.toMatchObject({
      class: "input",
      code: "LegsMismatch",
      lines: [
        expect.stringMatching(/^linux\/amd64 is there 2 times: /),
        "linux/s390x is missing",
        expect.stringMatching(/^linux\/arm64 was not asked for: /),
      ],
    });
    expect(heldAt(registry, "acme/iris", "1")).toBeUndefined();
  });

  it.each([
    ["Bento", { bento: "iris:v0" }, /not of one Bento: .*iris:v0/],
    ["commit", { revision: "deadbeef" }, /not of one commit: .*deadbeef/],
  ])("a leg of another %s", async (_, changes, message) => {
    const { amd64, arm64, name } = await twoLegs();
    const files = {
      "d/amd64.json": digestFile(name, amd64, "linux/amd64"),
      "d/arm64.json": digestFile(name, arm64, "linux/arm64", changes),
    };
    await expect(runMerge({ "digests-from": "d", tags: `${name}:1` }, files)).rejects.toThrow(message);
  });

  it("a staging tag that a run at another commit left behind, by its label", async () => {
    const registry = await startRegistry();
    const label = "org.opencontainers.image.revision";
    holdImage(registry, "iris", "linux/amd64", { tag: "amd64", labels: { [label]: "one" } });
    holdImage(registry, "iris", "linux/arm64", { tag: "arm64", labels: { [label]: "two" } });
    const name = `${registry.host}/iris`;
    await expect(runMerge({ sources: `${name}:amd64,${name}:arm64`, tags: `${name}:1` })).rejects.toThrow(
      /amd64 is of one, .*arm64 is of two/,
    );
  });

  it("what is no image", async () => {
    const { registry, amd64, name } = await twoLegs();
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: amd64.digest, size: 2 };
    const chart = holdManifest(registry, "acme/iris", { schemaVersion: 2, mediaType, config, layers: [] });
    await expect(runMerge({ digests: chart.digest, tags: `${name}:1` })).rejects.toMatchObject({ code: "NoImage" });
  });

  it.each([
    ["an empty directory", {}, "NoDigests"],
    ["files that say something else", { "d/x.json": "{}" }, "DigestFileInvalid"],
  ])("%s", async (_, files, code) => {
    const { name } = await twoLegs();
    await expect(runMerge({ "digests-from": "d", tags: `${name}:1` }, files)).rejects.toMatchObject({ code });
  });

  it("mistakes of the inputs, all of them", async () => {
    await expect(runMerge({ tags: "a/b:1,a/b:1", platforms: "linux/arm64,linux/arm64/v8" })).rejects.toMatchObject({
      lines: [
        expect.stringContaining("digests, digests-from, sources"),
        expect.stringContaining("tags: docker.io/a/b:1 is given twice"),
        expect.stringContaining("platforms: linux/arm64 is given twice"),
      ],
    });
    await expect(runMerge({ digests: "a/b:1", tags: "c" })).rejects.toThrow(/digests: "a\/b:1" has no digest/);
  });
});

describe("a merge that breaks in the middle", () => {
  it("says which destinations have what, when a tag is refused", async () => {
    const { registry, name } = await twoLegs();
    const other = await startRegistry({ refusedTags: "1" });
    const tags = `${name}:1,${other.host}/iris:1`;
    const run = runMerge({ sources: `${name}:staging-amd64,${name}:staging-arm64`, tags });
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining(`1 of 2 tags point to the new image: ${name}:1.`),
      lines: expect.arrayContaining([
        `${name}:1: points to the new image`,
        `${other.host}/iris:1: not touched; all platforms are in ${other.host}/iris`,
      ]),
    });
    expect(heldAt(registry, "acme/iris", "1")).toBeDefined();
  });

  it("touches no tag anywhere when content cannot be brought everywhere", async () => {
    const { registry, name } = await twoLegs();
    const other = await startRegistry({ putStatus: 400, patchStatus: 400 });
    const run = runMerge({
      sources: `${name}:staging-amd64,${name}:staging-arm64`,
      tags: `${name}:1,${other.host}/iris:1`,
    });
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining("No tag was touched."),
      lines: expect.arrayContaining([
        `${other.host}/iris:1: not touched; platforms may be missing in ${other.host}/iris`,
      ]),
    });
    expect(heldAt(registry, "acme/iris", "1")).toBeUndefined();
  });

  it("names a tag that holds something else afterwards", async () => {
    const registry = await startRegistry({ tagMoves: true });
    holdImage(registry, "iris", "linux/amd64", { tag: "staging" });
    const name = `${registry.host}/iris`;
    await expect(runMerge({ sources: `${name}:staging`, tags: `${name}:1` })).rejects.toMatchObject({
      code: "DigestMismatch",
    });
  });
});
