import { expect, it } from "vitest";
import { hasTag, makeGround } from "./ground.ts";

it("An environment of so many layers that no engine takes the image is found out before a tag is written", async () => {
  const ground = await makeGround();
  const environmentLayers = Array.from({ length: 127 }, (_, index) => `layer ${index}`);
  await expect(ground.run({}, { environmentLayers })).rejects.toMatchObject({ class: "input", code: "TooManyLayers" });
  expect(hasTag(ground, "acme/iris:1")).toBe(false);
});
