import { describe, expect, it } from "vitest";
import { checkWhole, type Ground, makeGround, tagsOf } from "./ground.ts";

const MODEL = "model iris_tree:m1";

/** The registry of the base image answers the engine, and this action no more. */
function hideBase({ fake }: Ground): () => unknown {
  const hidden = fake.manifests.get("library/python");
  fake.manifests.delete("library/python");
  return () => hidden && fake.manifests.set("library/python", hidden);
}

describe("When only the engine can look up the base image", () => {
  it("it builds the environment in every run, and the payload is assembled and known as ever", async () => {
    const ground = await makeGround();
    hideBase(ground);
    const first = await ground.run();
    expect(first.built).toEqual(["linux/amd64"]);
    expect(first.lines).toContainEqual(
      expect.stringMatching(
        /^The environment is built in this run and not cached: the base image .* cannot be looked up/,
      ),
    );
    await checkWhole(ground, "acme/iris:1");
    const again = await ground.run();
    expect(again.built).toEqual(["linux/amd64"]);
    expect(again.origins[MODEL]).toBe("known");
    expect(again.digest).toBe(first.digest);
  });

  it("the environment is stored under no key, as its key would say nothing of what is in it", async () => {
    const ground = await makeGround();
    hideBase(ground);
    await ground.run();
    expect(tagsOf(ground, "acme/iris")).toEqual(["1", "bento-last", "bento-model"]);
  });

  it("no run takes it that knows the base image, nor takes one of those where it is not known", async () => {
    const ground = await makeGround();
    const show = hideBase(ground);
    await ground.run();
    show();
    expect((await ground.run()).built).toHaveLength(1);
    expect((await ground.run()).built).toEqual([]);
    hideBase(ground);
    expect((await ground.run()).built).toHaveLength(1);
  });

  it("no image that is there is taken for this one", async () => {
    const ground = await makeGround();
    hideBase(ground);
    const skip = { "if-exists": "skip" };
    await ground.run(skip);
    const again = await ground.run(skip);
    expect([again.isUnchanged, again.built]).toEqual([false, ["linux/amd64"]]);
  });

  it("assembly: direct is possible all the same", async () => {
    const ground = await makeGround();
    hideBase(ground);
    expect((await ground.run({ assembly: "direct" })).built).toHaveLength(1);
  });
});
