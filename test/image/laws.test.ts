import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bento, EnvStage, ImageOptionsV1, ImageOptionsV2 } from "../../src/bento/bento.ts";
import { Failure } from "../../src/errors.ts";
import { renderDockerfile } from "../../src/image/dockerfile.ts";
import { parseDockerfile } from "../../src/image/dockerfile-text.ts";
import { makeRecipe } from "../../src/image/recipe.ts";
import { TOOL } from "./bentos.ts";

/** Text that would love to be an instruction. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\nRUN evil", "\nUSER 0", "\\\n", "<<EOF", "\r\n", "#", "'", '"', "$(", "`", "\\", "\n", " ", "\0"),
    fc.string({ unit: "grapheme", maxLength: 3 }),
  ),
  maxLength: 12,
});
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const stage = fc.constantFrom<EnvStage>("all", "build", "runtime");
const envs = fc.array(fc.record({ name, value: hostile, stage }), { maxLength: 4 });
const words = fc.array(hostile, { maxLength: 3 });

const imageV2: fc.Arbitrary<ImageOptionsV2> = fc.record({
  spec: fc.constant(2 as const),
  baseImage: fc.oneof(fc.constant("python:3.11-slim"), hostile),
  pythonVersion: hostile,
  commands: words,
  postCommands: words,
  buildInclude: words,
});
const imageV1: fc.Arbitrary<ImageOptionsV1> = fc.record({
  spec: fc.constant(1 as const),
  distro: fc.constantFrom("debian" as const, "alpine" as const, "ubi8" as const, "amazonlinux" as const),
  pythonVersion: fc.constant("3.11"),
  dockerEnv: fc.dictionary(name, hostile, { maxKeys: 3 }),
  systemPackages: words,
  setupScript: fc.boolean(),
  dockerfileTemplate: fc.constant(false),
  conda: fc.boolean(),
  installScript: fc.boolean(),
});

function bento(image: Bento["image"], rest: Partial<Bento>): Bento {
  return {
    tag: { name: "b", version: "v" },
    bentomlVersion: "1.4.38",
    creationTime: new Date(0),
    service: "s:S",
    labels: {},
    envs: [],
    models: [],
    directory: "/b",
    entries: [{ name: "bento.yaml", kind: "file" }],
    indexOptions: [],
    image,
    ...rest,
  };
}

function render(value: Bento): string | undefined {
  try {
    return renderDockerfile(makeRecipe(value, [], { buildArgs: {}, tool: TOOL }));
  } catch (error) {
    if (error instanceof Failure && error.class === "bento") return undefined;
    throw error;
  }
}

/** As a builder counts: how often each instruction occurs. */
function shape(text: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { keyword } of parseDockerfile(text)) counts[keyword] = (counts[keyword] ?? 0) + 1;
  return counts;
}

/** The same Bento with values that harm nobody. */
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
    envs: value.envs.map((env) => ({ ...env, value: env.value === "" ? "" : "x" })),
    bentomlVersion: "1",
  };
}

describe("Whatever a manifest says", () => {
  it("its Dockerfile has the instructions that its options ask for, and no others", () => {
    fc.assert(
      fc.property(fc.oneof(imageV2, imageV1), envs, hostile, hostile, (image, variables, version, entry) => {
        const value = bento(image, {
          envs: variables,
          bentomlVersion: version,
          entries: [
            { name: "bento.yaml", kind: "file" },
            { name: `d${entry.replace(/[\0\n\r/]/g, "")}`, kind: "directory" },
          ],
        });
        const text = render(value);
        // Refused with its cause is fine too.
        if (text !== undefined) expect(shape(text)).toEqual(shape(render(tame(value)) ?? ""));
      }),
      { numRuns: 400 },
    );
  });

  it("the same Bento gives the same Dockerfile", () => {
    fc.assert(
      fc.property(fc.oneof(imageV2, imageV1), envs, (image, variables) => {
        expect(render(bento(image, { envs: variables }))).toBe(render(bento(image, { envs: variables })));
      }),
    );
  });

  it("no value of a build secret is in the Dockerfile", () => {
    const secret = fc.stringMatching(/^[a-z]{12}$/).map((value) => `s3cret-${value}`);
    fc.assert(
      fc.property(fc.oneof(imageV2, imageV1), name, secret, (image, id, value) => {
        const text = render(
          bento(image.spec === 1 ? { ...image, dockerEnv: { [id]: value } } : image, {
            envs: [{ name: id, value, stage: "build" }],
          }),
        );
        if (text !== undefined) expect(text).not.toContain(value);
      }),
    );
  });
});
