import { expect, it } from "vitest";
import { hasTag, makeSetting } from "./setting.ts";

it("An image with more layers than engines support is refused before a tag is written", async () => {
  const setting = await makeSetting();
  const environmentLayers = Array.from({ length: 127 }, (_, index) => `layer ${index}`);
  await expect(setting.run({}, { environmentLayers })).rejects.toMatchObject({ class: "input", code: "TooManyLayers" });
  expect(hasTag(setting, "acme/iris:1")).toBe(false);
});
