import { describe, expect, it } from "vitest";
import { checkWhole, makeSetting, type Setting, tagsOf } from "./setting.ts";

const MODEL = "model iris_tree:m1";

/** Makes the base image's registry refuse this action while it still answers the engine. */
function hideBase({ fake }: Setting): () => unknown {
  const hidden = fake.manifests.get("library/python");
  fake.manifests.delete("library/python");
  return () => hidden && fake.manifests.set("library/python", hidden);
}

describe("When the base image cannot be resolved by the action", () => {
  it("the backend builds the environment in every run, and the payload is assembled and cached as usual", async () => {
    const setting = await makeSetting();
    hideBase(setting);
    const first = await setting.run();
    expect(first.built).toEqual(["linux/amd64"]);
    expect(first.lines).toContainEqual(
      expect.stringMatching(
        /^The environment is built in this run and not cached: the base image .* cannot be resolved/,
      ),
    );
    await checkWhole(setting, "acme/iris:1");
    const again = await setting.run();
    expect(again.built).toEqual(["linux/amd64"]);
    expect(again.origins[MODEL]).toBe("cached");
    expect(again.digest).toBe(first.digest);
  });

  it("the environment is not stored, because its key does not identify its content", async () => {
    const setting = await makeSetting();
    hideBase(setting);
    await setting.run();
    expect(tagsOf(setting, "acme/iris")).toEqual(["1", "bento-last", "bento-model"]);
  });

  it("the environment is not shared with runs that can resolve the base image", async () => {
    const setting = await makeSetting();
    const show = hideBase(setting);
    await setting.run();
    show();
    expect((await setting.run()).built).toHaveLength(1);
    expect((await setting.run()).built).toEqual([]);
    hideBase(setting);
    expect((await setting.run()).built).toHaveLength(1);
  });

  it("an existing image is never considered identical", async () => {
    const setting = await makeSetting();
    hideBase(setting);
    const skip = { "if-exists": "skip" };
    await setting.run(skip);
    const again = await setting.run(skip);
    expect([again.isUnchanged, again.built]).toEqual([false, ["linux/amd64"]]);
  });

  it("assembly: direct is still possible", async () => {
    const setting = await makeSetting();
    hideBase(setting);
    expect((await setting.run({ assembly: "direct" })).built).toHaveLength(1);
  });
});
