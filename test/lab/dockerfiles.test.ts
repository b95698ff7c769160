/** What is meant by a recipe, and what the parsers of BuildKit and Buildah understand of its Dockerfile. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bento, ImageOptionsV2, LocatedModel } from "../../src/bento/bento.ts";
import { Failure } from "../../src/errors.ts";
import { imageSource } from "../../src/image/dockerfile.ts";
import { makeRecipe, type Recipe } from "../../src/image/recipe.ts";
import type { Step, Variable } from "../../src/image/step.ts";
import { statementsWithTime } from "../../src/image/times.ts";
import { fuzz } from "../fuzz.ts";
import { anyBento, anyModels, bentoOf } from "../image/any-bento.ts";
import { TOOL } from "../image/bentos.ts";
import { type DockerfileReader, openDockerfileReader, type Understood } from "./dockerfile-reader.ts";

const V2: ImageOptionsV2 = {
  spec: 2,
  baseImage: "python:3.11-slim",
  commands: [],
  postCommands: [],
  buildInclude: [],
};
const BASE_PATH = "/base/bin";

let reader: DockerfileReader;

beforeAll(async () => {
  reader = await openDockerfileReader();
});

afterAll(() => reader.close());

/** Undefined for a Bento that is refused with its cause. */
function recipeOf(bento: Bento, models: readonly LocatedModel[]): Recipe | undefined {
  try {
    return makeRecipe(bento, models, { buildArgs: {}, tool: TOOL });
  } catch (error) {
    if (error instanceof Failure && error.class === "bento") return undefined;
    throw error;
  }
}

type Meant = Pick<Understood, "keyword" | "words" | "sources">;

function meantBy(recipe: Recipe): readonly Meant[] {
  const steps = (sections: Recipe["environment"]) => sections.flatMap((section) => section.steps).map(meantByStep);
  const { variables, exposedPorts, user, entrypoint } = recipe.runtime;
  return [
    { keyword: "FROM", words: [recipe.base, "environment"] },
    ...steps(recipe.environment),
    { keyword: "FROM", words: ["environment"] },
    ...recipe.payload.flatMap(({ copies }) => copies).map((copy) => meantByCopy(copy.sources, copy.destination)),
    ...steps(recipe.afterPayload),
    ...(variables.length === 0 ? [] : [{ keyword: "ENV", words: variables.map(print) }]),
    { keyword: "EXPOSE", words: exposedPorts.map(String) },
    { keyword: "USER", words: [user] },
    { keyword: "ENTRYPOINT", words: entrypoint },
  ];
}

function meantByStep(step: Step): Meant {
  switch (step.kind) {
    case "user":
      return { keyword: "USER", words: [step.name] };
    case "env":
      return { keyword: "ENV", words: step.variables.map(print) };
    case "path":
      return { keyword: "ENV", words: [`PATH=${step.directory}:${BASE_PATH}`] };
    case "workdir":
      return { keyword: "WORKDIR", words: [step.path] };
    case "copy":
      return meantByCopy(step.sources, step.destination);
    case "run": {
      const all = step.time === undefined ? step.statements : statementsWithTime(step.statements, step.time);
      return { keyword: "RUN", words: [all.join(";\n").replaceAll("\n", "     ")] };
    }
  }
}

function meantByCopy(sources: readonly string[], destination: string): Meant {
  return { keyword: "COPY", words: [destination], sources: sources.map((source) => [source]) };
}

function print({ name, value }: Variable): string {
  return `${name}=${value}`;
}

async function check(recipe: Recipe): Promise<void> {
  const meant = meantBy(recipe);
  const answers = await reader.ask({
    dockerfile: imageSource(recipe).dockerfile,
    env: { PATH: BASE_PATH },
    paths: meant.flatMap(({ sources }) => sources ?? []).flat(),
  });
  expect(answers.syntax).toBe("");
  for (const { error, instructions = [] } of [answers.buildkit, answers.imagebuilder]) {
    expect(error).toBeUndefined();
    expect(instructions.flatMap(({ heredocs = [] }) => heredocs)).toEqual([]);
    expect(instructions.map(({ keyword }) => keyword)).toEqual(meant.map(({ keyword }) => keyword));
    for (const [index, { words, sources }] of instructions.entries()) {
      expect({ words, sources }).toEqual({ words: meant[index]?.words, sources: meant[index]?.sources });
    }
    expect(instructions.filter(({ exec }) => exec).map(({ keyword }) => keyword)).toEqual(["ENTRYPOINT"]);
  }
}

describe("BuildKit and Buildah understand of a Dockerfile what its recipe means", () => {
  it.each([
    ["a here-document that ends with the line that sets the user", 'a "b\nc <<-"USER bentoml" d "'],
    ["a here-document that never ends", 'a "b\nc <<EOF d "'],
    ["a here-document of the shell", "cat > /x <<'EOF'\nFROM evil\nEOF\nmake"],
    ["a here-string", "cat <<< x"],
    ["lines longer than BuildKit reads", `echo ${"x".repeat(70_000)}`],
  ])("with %s in a command", async (_, command) => {
    await check(makeRecipe(bentoOf({ ...V2, commands: [command] }), [], { buildArgs: {}, tool: TOOL }));
  });

  it("whatever the Bento says", async () => {
    await fuzz(
      fc.asyncProperty(anyBento, anyModels, async (bento, models) => {
        const recipe = recipeOf(bento, models);
        if (recipe !== undefined) await check(recipe);
      }),
      400,
    );
  });
});
