/** What is meant by a recipe, and what the parsers of BuildKit and Buildah understand of its Dockerfile. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bento, ImageOptionsV2, LocatedModel } from "../../src/bento/bento.ts";
import { Failure } from "../../src/errors.ts";
import { imageSource } from "../../src/recipe/dockerfile/dockerfile.ts";
import { storedSource } from "../../src/recipe/dockerfile/given-dockerfile.ts";
import { makeRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import type { Step, Variable } from "../../src/recipe/step.ts";
import { statementsWithTime } from "../../src/recipe/times.ts";
import { fuzz } from "../fuzz.ts";
import { anyBento, anyModels, bentoOf } from "../recipe/any-bento.ts";
import { TOOL } from "../recipe/bentos.ts";
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
  const env = new Map([["PATH", BASE_PATH]]);
  const steps = (sections: Recipe["environment"]) =>
    sections.flatMap((section) => section.steps).map((step) => meantByStep(step, env));
  const { variables, exposedPorts, user, entrypoint } = recipe.runtime;
  const severalLines = variables.filter(({ value }) => /[\r\n]/.test(value));
  return [
    { keyword: "FROM", words: [recipe.base, "environment"] },
    { keyword: "WORKDIR", words: [recipe.runtime.workdir] },
    ...steps(recipe.environment),
    { keyword: "FROM", words: ["environment"] },
    ...recipe.payload.flatMap(({ copies }) => copies).map((copy) => meantByCopy(copy.sources, copy.destination)),
    ...steps(recipe.afterPayload),
    ...severalLines.map((_, index) => ({ keyword: "ARG", words: [`BENTO_RUNTIME_${index + 1}`] })),
    ...(variables.length === 0 ? [] : [meantByEnv(variables, env)]),
    { keyword: "EXPOSE", words: exposedPorts.map(String) },
    { keyword: "USER", words: [user] },
    { keyword: "ENTRYPOINT", words: entrypoint },
  ];
}

type Env = Map<string, string>;

function meantByStep(step: Step, env: Env): Meant {
  switch (step.kind) {
    case "user":
      return { keyword: "USER", words: [step.name] };
    case "env":
      return meantByEnv(step.variables, env);
    case "path":
      return meantByEnv([{ name: "PATH", value: `${step.directory}:$PATH`, expand: true }], env);
    case "copy":
      return meantByCopy(step.sources, step.destination);
    case "run": {
      const all = step.time === undefined ? step.statements : statementsWithTime(step.statements, step.time);
      return { keyword: "RUN", words: [all.join(";\n").replaceAll("\n", "     ")] };
    }
  }
}

function meantByEnv(variables: readonly Variable[], env: Env): Meant {
  const set = variables.map(({ name, value, expand }) => [name, expand ? expanded(value, env) : value] as const);
  for (const [name, value] of set) env.set(name, value);
  return { keyword: "ENV", words: set.map(([name, value]) => `${name}=${value}`) };
}

function expanded(value: string, env: Env): string {
  const meanings = /\\\\(?=\$)|\\\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?::([-+])((?:[^{}]|\$\{\w+\})*))?\}/g;
  return value.replace(meanings, (found, bare?: string, braced?: string, choice?: string, word = "") => {
    if (found.startsWith("\\")) return found.slice(1);
    const known = env.get(bare ?? braced ?? "") ?? "";
    if (choice === undefined) return known;
    if ((known === "") === (choice === "-")) return expanded(word, env);
    return known;
  });
}

function meantByCopy(sources: readonly string[], destination: string): Meant {
  return { keyword: "COPY", words: [destination], sources: sources.map((source) => [source]) };
}

async function check(recipe: Recipe): Promise<void> {
  const meant = meantBy(recipe);
  const { dockerfile, buildArgs } = imageSource(recipe);
  const answers = await reader.ask({
    dockerfile,
    args: buildArgs,
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

/** What is built of a Dockerfile that starts so; nothing where it is refused. */
function stored(head: string): string {
  const given = { text: `${head}\nFROM a\nCOPY . ./\n`, path: "/b/env/docker/Dockerfile", buildArgs: {} };
  try {
    return storedSource(bentoOf(V2), [], given).dockerfile;
  } catch (error) {
    if (error instanceof Failure && error.class === "dockerfile") return "";
    throw error;
  }
}

describe("BuildKit fetches no frontend for a Dockerfile that a Bento carries", () => {
  const piece = fc.constantFrom(
    ...[
      "#",
      "//",
      " ",
      "\t",
      "\u0085",
      "\u00a0",
      "\ufeff",
      "#!",
      "syntax",
      "SynTax",
      "escape",
      "check",
      "=",
      "`",
      "evil:1",
    ],
    ...[
      "\n",
      "\r\n",
      "# syntax=evil:2\n",
      "// syntax=evil:3\n",
      "# escape=\\\n",
      "#!x\n",
      '{"syntax": "evil:4"}',
      "FROM y\n",
    ],
  );
  const head = fc.array(piece, { maxLength: 10 }).map((all) => all.join(""));

  it.each(["# syntax = evil:1\n", "// syntax=evil:1\n", '{"syntax": "evil:1"}\n'])("in the form %j", async (form) => {
    expect((await reader.ask({ dockerfile: form })).syntax).toBe("evil:1");
    expect((await reader.ask({ dockerfile: stored(form) })).syntax).toBe("");
  });

  it("whatever its first lines are", async () => {
    await fuzz(
      fc.asyncProperty(head, async (lines) => {
        expect((await reader.ask({ dockerfile: stored(lines) })).syntax).toBe("");
      }),
      1000,
    );
  });
});

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
