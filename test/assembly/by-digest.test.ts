import { describe, expect, it } from "vitest";
import { runMerge } from "../merging/ground.ts";
import { type Ground, hasTag, makeGround } from "./ground.ts";

const PLATFORMS = ["linux/amd64", "linux/arm64"];

async function digestOfLeg(ground: Ground, platform: string, more: Readonly<Record<string, string>> = {}) {
  const { digest } = await ground.run({ push: "false", "push-by-digest": "true", platforms: platform, ...more });
  return digest;
}

describe("Direct assembly by digest", () => {
  it("puts the image into each repository once, under no tag of the user's", async () => {
    const ground = await makeGround();
    const tags = ["acme/iris:1", "acme/iris:2", "acme/mirror:1"].map((name) => ground.name(name)).join(",");
    const digest = await digestOfLeg(ground, "linux/amd64", { tags });
    for (const name of ["acme/iris", "acme/mirror"]) {
      expect(ground.fake.manifests.get(name)?.has(digest)).toBe(true);
      for (const tag of ["1", "2", "latest"]) expect(hasTag(ground, `${name}:${tag}`)).toBe(false);
    }
  });

  it("takes the last image of the Bento where nothing changed, if that is an answer", async () => {
    const ground = await makeGround();
    const digest = await digestOfLeg(ground, "linux/amd64");
    const again = await ground.run({ push: "false", "push-by-digest": "true", "if-exists": "skip" });
    expect([again.isUnchanged, again.digest]).toEqual([true, digest]);
  });

  it("of every platform by itself, merged, has the digest of all platforms in one step", async () => {
    const ground = await makeGround();
    const { digest: native } = await ground.run({
      platforms: PLATFORMS.join(","),
      tags: ground.name("acme/iris:native"),
    });
    const digests = [];
    for (const platform of PLATFORMS.toReversed()) digests.push(await digestOfLeg(ground, platform));
    const tags = ground.name("acme/iris:merged");
    const { outputs } = await runMerge({ digests: digests.join(","), tags, platforms: PLATFORMS.join(",") });
    expect(outputs["digest"]).toBe(native);
    expect(ground.manifest("acme/iris", "merged")).toEqual(ground.manifest("acme/iris", "native"));
  });

  it("of different content is refused by the merge, which names the layers", async () => {
    const ground = await makeGround();
    const one = await digestOfLeg(ground, "linux/amd64");
    const other = await makeGround({ "src/service.py": "print('another')\n" });
    const { digest: foreign } = await other.run({ tags: other.name("acme/iris:staging"), platforms: "linux/arm64" });
    const inputs = {
      digests: `${ground.name("acme/iris")}@${one},${other.name("acme/iris")}@${foreign}`,
      tags: ground.name("acme/iris:1"),
    };
    await expect(runMerge(inputs)).rejects.toThrow(/they do not contain the same files \(src\): /);
  });
});
