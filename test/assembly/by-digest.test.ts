import { describe, expect, it } from "vitest";
import { runMerge } from "../merging/setting.ts";
import { hasTag, makeSetting, type Setting } from "./setting.ts";

const PLATFORMS = ["linux/amd64", "linux/arm64"];

async function digestOfLeg(setting: Setting, platform: string, more: Readonly<Record<string, string>> = {}) {
  const { digest } = await setting.run({ push: "false", "push-by-digest": "true", platforms: platform, ...more });
  return digest;
}

describe("Direct assembly by digest", () => {
  it("pushes the image once to each repository, without a tag", async () => {
    const setting = await makeSetting();
    const tags = ["acme/iris:1", "acme/iris:2", "acme/mirror:1"].map((name) => setting.name(name)).join(",");
    const digest = await digestOfLeg(setting, "linux/amd64", { tags });
    for (const name of ["acme/iris", "acme/mirror"]) {
      expect(setting.fake.manifests.get(name)?.has(digest)).toBe(true);
      for (const tag of ["1", "2", "latest"]) expect(hasTag(setting, `${name}:${tag}`)).toBe(false);
    }
  });

  it("reuses the Bento's last image with if-exists: skip when nothing has changed", async () => {
    const setting = await makeSetting();
    const digest = await digestOfLeg(setting, "linux/amd64");
    const again = await setting.run({ push: "false", "push-by-digest": "true", "if-exists": "skip" });
    expect([again.isUnchanged, again.digest]).toEqual([true, digest]);
  });

  it("for each platform separately, then merged, gives the same digest as one step for all platforms", async () => {
    const setting = await makeSetting();
    const { digest: native } = await setting.run({
      platforms: PLATFORMS.join(","),
      tags: setting.name("acme/iris:native"),
    });
    const digests = [];
    for (const platform of PLATFORMS.toReversed()) digests.push(await digestOfLeg(setting, platform));
    const tags = setting.name("acme/iris:merged");
    const { outputs } = await runMerge({ digests: digests.join(","), tags, platforms: PLATFORMS.join(",") });
    expect(outputs["digest"]).toBe(native);
    expect(setting.manifest("acme/iris", "merged")).toEqual(setting.manifest("acme/iris", "native"));
  });

  it("with different content is refused by the merge, which names the layers", async () => {
    const setting = await makeSetting();
    const one = await digestOfLeg(setting, "linux/amd64");
    const other = await makeSetting({ "src/service.py": "print('another')\n" });
    const { digest: foreign } = await other.run({ tags: other.name("acme/iris:staging"), platforms: "linux/arm64" });
    const inputs = {
      digests: `${setting.name("acme/iris")}@${one},${other.name("acme/iris")}@${foreign}`,
      tags: setting.name("acme/iris:1"),
    };
    await expect(runMerge(inputs)).rejects.toThrow(/they do not contain the same files \(src\): /);
  });
});
