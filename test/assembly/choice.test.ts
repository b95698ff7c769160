import { describe, expect, it } from "vitest";
import { chooseAssembly } from "../../src/assembly/choice.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { bentoIn, recipeOf } from "./bentos.ts";
import { inputsOf } from "./ground.ts";

const RECIPE = recipeOf(bentoIn("/bento"));
const SCRIPTED: Recipe = { ...RECIPE, afterPayload: [{ comment: [], steps: [] }] };
const PUSH = { push: "true", tags: "acme/iris:1" };

/** What stands in the way, by the input that puts it there. */
const OBSTACLES: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{ target: "environment" }, "target stops at a stage of the Dockerfile"],
  [{ load: "true" }, "load needs the backend's own store"],
  [{ output: "oci-archive:image.tar" }, "only the backend writes archives"],
  [{ output: "docker-archive:image.tar" }, "only the backend writes archives"],
  [{ format: "docker" }, "docker's format has no annotations, by which layers are known again"],
  [{ provenance: "true" }, "only a builder can attest what it did"],
  [{ attests: "type=sbom" }, "only a builder can attest what it did"],
  [
    { annotations: "index:a=1", platforms: "linux/amd64,linux/arm64" },
    "only the backend annotates indexes, descriptors and single platforms",
  ],
  [
    { annotations: "manifest[linux/amd64]:a=1" },
    "only the backend annotates indexes, descriptors and single platforms",
  ],
  [{ cache: "inline" }, "an inline cache lies in an image that a backend made"],
  [{ "extra-args": "--squash" }, "extra-args are for the backend's build of the image"],
  [{ "build-contexts": "python=docker-image://mirror/python" }, "build-contexts may replace the base image"],
];

describe("assembly: auto", () => {
  it.each([
    ["push", PUSH],
    ["a layout", { output: "oci:image" }],
    ["both", { ...PUSH, output: "oci:image" }],
    ["a push by digest", { "push-by-digest": "true", tags: "acme/iris" }],
    ["annotations of the manifest", { ...PUSH, annotations: "a=1\nmanifest:b=2" }],
    ["attestations that are switched off", { ...PUSH, provenance: "false", attests: "type=sbom,disabled=true" }],
    ["a cache of the environment's steps", { ...PUSH, cache: "registry" }],
    ["several platforms", { ...PUSH, platforms: "linux/amd64,linux/arm64" }],
  ])("is direct for %s", (_, given) => {
    expect(chooseAssembly(inputsOf({ assembly: "auto", ...given }), RECIPE)).toEqual({
      kind: "direct",
      recipe: RECIPE,
    });
    expect(chooseAssembly(inputsOf(given), RECIPE).kind).toBe("direct");
  });

  it.each(BACKENDS.map(({ name }) => name))("is direct whatever the backend: %s", (backend) => {
    expect(chooseAssembly(inputsOf({ ...PUSH, backend }), RECIPE).kind).toBe("direct");
  });

  it.each(OBSTACLES)("leaves %j to the backend, and says why", (given, because) => {
    expect(chooseAssembly(inputsOf({ ...PUSH, ...given }), RECIPE)).toEqual({ kind: "backend", because });
  });

  it("leaves an image that goes nowhere else to the backend's store", () => {
    const because = "the image goes into the backend's own store";
    expect(chooseAssembly(inputsOf({}), RECIPE)).toEqual({ kind: "backend", because });
  });

  it.each([
    ["a Dockerfile that is not ours", undefined, "the Dockerfile is not made by this action"],
    ["a setup script", SCRIPTED, "the Bento's setup_script runs when its files are in"],
  ])("leaves %s to the backend", (_, recipe, because) => {
    expect(chooseAssembly(inputsOf(PUSH), recipe)).toEqual({ kind: "backend", because });
  });
});

describe("assembly: backend", () => {
  it("is the backend, always", () => {
    const choice = { kind: "backend", because: "assembly: backend" };
    expect(chooseAssembly(inputsOf({ ...PUSH, assembly: "backend" }), RECIPE)).toEqual(choice);
  });
});

describe("assembly: direct", () => {
  it.each(OBSTACLES)("is refused with %j", (given, because) => {
    const choose = () => chooseAssembly(inputsOf({ ...PUSH, assembly: "direct", ...given }), RECIPE);
    expect(choose).toThrow(
      expect.objectContaining({
        class: "input",
        code: "Unsupported",
        message: `assembly: direct is not possible here: ${because}`,
      }),
    );
  });

  it("is refused with all reasons at once", () => {
    const given = { ...PUSH, assembly: "direct", target: "environment", load: "true", output: "image.tar" };
    expect(() => chooseAssembly(inputsOf(given), undefined)).toThrow(
      expect.objectContaining({
        lines: [
          "the Dockerfile is not made by this action",
          "target stops at a stage of the Dockerfile",
          "load needs the backend's own store",
          "only the backend writes archives",
        ],
      }),
    );
  });

  it("is done when nothing stands in the way", () => {
    expect(chooseAssembly(inputsOf({ ...PUSH, assembly: "direct" }), RECIPE).kind).toBe("direct");
  });
});
