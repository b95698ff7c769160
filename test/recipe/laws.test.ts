import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bento } from "../../src/bento/bento.ts";
import { Failure } from "../../src/errors.ts";
import { renderDockerfile } from "../../src/recipe/dockerfile/dockerfile.ts";
import { parseDockerfile } from "../../src/recipe/dockerfile/parse.ts";
import { makeRecipe } from "../../src/recipe/recipe.ts";
import { fuzz } from "../fuzz.ts";
import { anyBento, anyEnvs, anyImage, bentoOf, variableName } from "./any-bento.ts";
import { TOOL } from "./bentos.ts";

function render(value: Bento): string | undefined {
  try {
    return renderDockerfile(makeRecipe(value, [], { buildArgs: {}, tool: TOOL }));
  } catch (error) {
    if (error instanceof Failure && error.class === "bento") return undefined;
    throw error;
  }
}

/** How often each instruction occurs. */
function shape(text: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { keyword } of parseDockerfile(text)) counts[keyword] = (counts[keyword] ?? 0) + 1;
  return counts;
}

/** The same Bento with harmless values. */
function tame(value: Bento): Bento {
  const image =
    value.image.spec === 2
      ? {
          ...value.image,
          baseImage: "python:3.11-slim",
          commands: value.image.commands.map(() => "true"),
          postCommands: value.image.postCommands.map(() => "true"),
          buildInclude: value.image.buildInclude.map(() => "x"),
        }
      : value.image;
  return {
    ...value,
    image,
    envs: value.envs.map((env) => ({ ...env, value: env.value.replace(/[^\r\n]+/g, "x") })),
    bentomlVersion: "1",
  };
}

describe("For any manifest", () => {
  it("the Dockerfile has exactly the instructions that the options require", async () => {
    await fuzz(
      fc.property(anyBento, (bento) => {
        const text = render(bento);
        // A refusal that gives the cause is correct too.
        if (text !== undefined) expect(shape(text)).toEqual(shape(render(tame(bento)) ?? ""));
      }),
      300,
    );
  });

  it("the same Bento gives the same Dockerfile", async () => {
    await fuzz(
      fc.property(anyBento, (bento) => {
        expect(render(bento)).toBe(render(structuredClone(bento)));
      }),
    );
  });

  it("the Dockerfile contains no value of a build secret", async () => {
    const secret = fc.stringMatching(/^[a-z]{12}$/).map((value) => `s3cret-${value}`);
    await fuzz(
      fc.property(anyImage, anyEnvs, variableName, secret, (image, envs, id, value) => {
        const options = image.spec === 1 ? { ...image, dockerEnv: { [id]: value } } : image;
        const text = render(bentoOf(options, { envs: [...envs, { name: id, value, stage: "build" }] }));
        if (text !== undefined) expect(text).not.toContain(value);
      }),
    );
  });
});
