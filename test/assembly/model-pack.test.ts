import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { makeSetting, type Setting } from "./setting.ts";

const MODEL_MANIFEST = "application/vnd.cncf.model.manifest.v1+json";

interface Named {
  readonly digest: string;
}

/** The artifacts in a repository, each manifest with its digest. */
function artifactsIn({ fake }: Setting, path: string) {
  const all = [...(fake.manifests.get(path)?.values() ?? [])].map(({ bytes }) => bytes.toString());
  const manifests = [...new Set(all)].map((text) => ({ digest: digestOf(text), manifest: JSON.parse(text) }));
  return manifests.filter(({ manifest }) => manifest.artifactType === MODEL_MANIFEST);
}

function digestsOf(layers: readonly Named[]): readonly string[] {
  return layers.map(({ digest }) => digest);
}

describe("model-artifact", () => {
  it("pushes a ModelPack manifest that lists the image's own blobs and has the image as its subject", async () => {
    const setting = await makeSetting();
    const { digest } = await setting.run({ "model-artifact": "true" });
    const [artifact, ...others] = artifactsIn(setting, "acme/iris");
    expect(others).toEqual([]);
    expect(artifact?.manifest.subject.digest).toBe(digest);
    expect(artifact?.manifest.config.mediaType).toBe("application/vnd.cncf.model.config.v1+json");
    for (const { mediaType } of artifact?.manifest.layers ?? []) {
      expect(mediaType).toMatch(/^application\/vnd\.cncf\.model\.weight\.v1\.tar(\+gzip)?$/);
    }
    const image = setting.manifest("acme/iris", "1");
    expect(digestsOf(image.layers)).toEqual(expect.arrayContaining([...digestsOf(artifact?.manifest.layers)]));
    const config = setting.fake.blobs.get("acme/iris")?.get(artifact?.manifest.config.digest)?.toString() ?? "";
    expect(JSON.parse(config).descriptor).toMatchObject({ name: "iris_tree", version: "m1" });
  });

  it("uploads no layer again", async () => {
    const setting = await makeSetting();
    await setting.run();
    setting.requests();
    await setting.run({ "model-artifact": "true" });
    // The artifact's configuration.
    expect(setting.requests().filter((line) => line === "PUT upload acme/iris")).toHaveLength(1);
  });

  it("adds the artifact once to the referrers tag when the registry does not support the referrers API", async () => {
    const setting = await makeSetting();
    const { digest } = await setting.run({ "model-artifact": "true" });
    await setting.run({ "model-artifact": "true" });
    const index = setting.manifest("acme/iris", digest.replace(":", "-"));
    const digests = artifactsIn(setting, "acme/iris").map(({ digest }) => digest);
    expect(digestsOf(index.manifests)).toEqual(digests);
    expect(index.manifests[0].artifactType).toBe(MODEL_MANIFEST);
  });

  it("writes no referrers tag when the registry supports the referrers API", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.referrers = true;
    const { digest } = await setting.run({ "model-artifact": "true" });
    expect(setting.manifest("acme/iris", digest.replace(":", "-"))).toBeNull();
  });

  it("pushes the artifact to every repository of the image", async () => {
    const setting = await makeSetting();
    await setting.run({
      tags: `${setting.name("acme/iris:1")},${setting.name("acme/other:1")}`,
      "model-artifact": "true",
    });
    expect(artifactsIn(setting, "acme/other")).toEqual(artifactsIn(setting, "acme/iris"));
    expect(artifactsIn(setting, "acme/other")).toHaveLength(1);
  });
});
