import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { type Ground, makeGround } from "./ground.ts";

const MODEL_MANIFEST = "application/vnd.cncf.model.manifest.v1+json";

interface Named {
  readonly digest: string;
}

/** The artifacts in a repository: each manifest with its digest. */
function artifactsIn({ fake }: Ground, path: string) {
  const all = [...(fake.manifests.get(path)?.values() ?? [])].map(({ bytes }) => bytes.toString());
  const manifests = [...new Set(all)].map((text) => ({ digest: digestOf(text), manifest: JSON.parse(text) }));
  return manifests.filter(({ manifest }) => manifest.artifactType === MODEL_MANIFEST);
}

function digestsOf(layers: readonly Named[]): readonly string[] {
  return layers.map(({ digest }) => digest);
}

describe("model-artifact", () => {
  it("is a ModelPack manifest over the image's own blobs, with the image as its subject", async () => {
    const ground = await makeGround();
    const { digest } = await ground.run({ "model-artifact": "true" });
    const [artifact, ...others] = artifactsIn(ground, "acme/iris");
    expect(others).toEqual([]);
    expect(artifact?.manifest.subject.digest).toBe(digest);
    expect(artifact?.manifest.config.mediaType).toBe("application/vnd.cncf.model.config.v1+json");
    for (const { mediaType } of artifact?.manifest.layers ?? []) {
      expect(mediaType).toMatch(/^application\/vnd\.cncf\.model\.weight\.v1\.tar(\+gzip)?$/);
    }
    const image = ground.manifest("acme/iris", "1");
    expect(digestsOf(image.layers)).toEqual(expect.arrayContaining([...digestsOf(artifact?.manifest.layers)]));
    const config = ground.fake.blobs.get("acme/iris")?.get(artifact?.manifest.config.digest)?.toString() ?? "";
    expect(JSON.parse(config).descriptor).toMatchObject({ name: "iris_tree", version: "m1" });
  });

  it("sends no layer again", async () => {
    const ground = await makeGround();
    await ground.run();
    ground.requests();
    await ground.run({ "model-artifact": "true" });
    // The artifact's configuration.
    expect(ground.requests().filter((line) => line === "PUT upload acme/iris")).toHaveLength(1);
  });

  it("is found from the image where the registry does not know referrers, once", async () => {
    const ground = await makeGround();
    const { digest } = await ground.run({ "model-artifact": "true" });
    await ground.run({ "model-artifact": "true" });
    const index = ground.manifest("acme/iris", digest.replace(":", "-"));
    const digests = artifactsIn(ground, "acme/iris").map(({ digest }) => digest);
    expect(digestsOf(index.manifests)).toEqual(digests);
    expect(index.manifests[0].artifactType).toBe(MODEL_MANIFEST);
  });

  it("leaves no index where the registry knows referrers", async () => {
    const ground = await makeGround();
    ground.fake.quirks.referrers = true;
    const { digest } = await ground.run({ "model-artifact": "true" });
    expect(ground.manifest("acme/iris", digest.replace(":", "-"))).toBeNull();
  });

  it("lies in every repository that the image goes to", async () => {
    const ground = await makeGround();
    await ground.run({
      tags: `${ground.name("acme/iris:1")},${ground.name("acme/other:1")}`,
      "model-artifact": "true",
    });
    expect(artifactsIn(ground, "acme/other")).toEqual(artifactsIn(ground, "acme/iris"));
    expect(artifactsIn(ground, "acme/other")).toHaveLength(1);
  });
});
