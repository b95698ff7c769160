/** What the pages show of workflows, read as GitHub and the action read it. Whole workflows are also run: lab/shown-workflows.test.ts. */
import { spawnSync } from "node:child_process";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readMetadata } from "../../.github/scripts/docs/metadata.ts";
import { readPackage } from "../../.github/scripts/docs/repository.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";
import { decodeSchema } from "../../src/inputs/decode-schema.ts";
import { engineSchema } from "../../src/inputs/engine-schema.ts";
import { findMatrixConflicts, matrixSchema } from "../../src/matrix/inputs.ts";
import { findMergeConflicts, mergeSchema } from "../../src/merging/inputs.ts";
import { isJsonObject } from "../../src/text/json.ts";
import { type Block, blocksOf, PAGES } from "./documents.ts";

type Inputs = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string>>;

interface Step {
  readonly uses: string;
  readonly with: Inputs;
  readonly run?: string;
}

/** By the folder of its action.yml: what its entry point does with the inputs. */
const DECODERS: Readonly<Record<string, (env: Env) => Promise<unknown>>> = {
  "": decodeInputs,
  "/setup": (env) => decodeSchema(engineSchema, env, () => []),
  "/matrix": (env) => decodeSchema(matrixSchema, env, findMatrixConflicts),
  "/merge": (env) => decodeSchema(mergeSchema, env, findMergeConflicts),
};

/** What expressions stand for. One that is missing here fails, as nobody would have looked at what it gives. */
const VALUES: Readonly<Record<string, string>> = {
  "github.repository": "acme/iris",
  "github.repository_owner": "acme",
  "github.run_id": "4711",
  "github.server_url": "https://github.com",
  "github.sha": "0123456789012345678901234567890123456789",
  "matrix.platform": "linux/amd64",
  "matrix.project": "iris",
  "matrix.slug": "linux-amd64",
  "needs.plan.outputs.platforms": "linux/amd64,linux/arm64",
  "steps.buildx.outputs.name": "builder-1a2b",
  "steps.meta.outputs.annotations": "manifest:org.opencontainers.image.title=iris",
  "steps.meta.outputs.labels": "org.opencontainers.image.title=iris",
  "steps.meta.outputs.tags": "ghcr.io/acme/iris:main\nghcr.io/acme/iris:0123456",
  "steps.setup.outputs.backend": "buildctl",
};

function evaluate(text: string): string {
  return text.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const value = /^(?:secrets|vars)\.\w+$/.test(expression)
      ? "a secret of more than 32 characters"
      : VALUES[expression];
    if (value === undefined) throw new Error(`say in VALUES what ${expression} gives`);
    return value;
  });
}

const [, NAME = ""] = readPackage().repository.split("/");
const OURS = new RegExp(`(?:^|/)(?:${NAME}|bento-image)(/\\w+)?(?:@v1)?$`);

/** `/merge` for `OWNER/bento-image/merge@v1`, empty for the action itself, also as a copy; undefined for other actions. */
function folderOf(uses: string): string | undefined {
  const found = OURS.exec(uses);
  return found === null ? undefined : (found[1] ?? "");
}

/** The keys of a mapping, when all of them are inputs of one of the actions; its folder. */
function folderWith(names: readonly string[]): string | undefined {
  return Object.keys(DECODERS).find((folder) => names.every((name) => name in readMetadata(`.${folder}`).inputs));
}

/** Inputs without their step stand for those of a step that also says what to build and where to push it. */
function completed(inputs: Inputs): Step | undefined {
  const folder = folderWith(Object.keys(inputs));
  const rest = folder === "" ? { bento: "iris:latest", tags: "ghcr.io/acme/iris:1.4.0" } : {};
  return folder === undefined ? undefined : { uses: `bento-image${folder}`, with: { ...rest, ...inputs } };
}

function asSteps(value: unknown): readonly Step[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).map((step) => ({
    uses: typeof step["uses"] === "string" ? step["uses"] : "",
    with: isJsonObject(step["with"]) ? step["with"] : {},
    ...(typeof step["run"] === "string" ? { run: step["run"] } : {}),
  }));
}

interface Shown {
  readonly steps: readonly Step[];
  /** A workflow that has the block in it; undefined when the block is none of a workflow's parts. */
  readonly workflow?: string;
}

const indented = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, " ".repeat(by));
const JOB = "on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n";

/** @throws Error when the block is none of the things that pages show. */
function read({ place, text }: Block): Shown {
  const value: unknown = load(text);
  if (Array.isArray(value)) return { steps: asSteps(value), workflow: `${JOB}    steps:\n${indented(text, 6)}` };
  if (isJsonObject(value)) {
    const { jobs, steps, with: inputs } = value;
    if ("kind" in value && "apiVersion" in value) return { steps: [] };
    if (isJsonObject(jobs)) {
      const all = Object.values(jobs)
        .filter(isJsonObject)
        .flatMap((job) => asSteps(job["steps"]));
      return { steps: all, workflow: "on" in value ? text : `on: push\n${text}` };
    }
    if (steps !== undefined) return { steps: asSteps(steps), workflow: `${JOB}${indented(text, 4)}` };
    const step = completed(isJsonObject(inputs) && Object.keys(value).length === 1 ? inputs : value);
    if (step !== undefined) return { steps: [step] };
  }
  throw new Error(`${place} is no workflow, no part of one, no inputs of the action and no object of Kubernetes`);
}

const blocks = PAGES.flatMap(blocksOf);
const yaml = blocks.filter(({ language }) => language === "yaml").map((block) => [block.place, block] as const);
const ours = yaml.flatMap(([place, block]) =>
  read(block).steps.flatMap((step, index) => {
    const folder = folderOf(step.uses);
    return folder === undefined ? [] : [[`${place}, step ${index + 1}`, folder, step.with] as const];
  }),
);
const shell = [
  ...blocks.filter(({ language }) => language === "sh").map(({ place, text }) => [place, text] as const),
  ...yaml.flatMap(([place, block]) =>
    read(block).steps.flatMap(({ run }) => (run === undefined ? [] : [[place, run] as const])),
  ),
];

/** Jobs of GitLab and Jenkins; the commands in them are read by shown-commands.test.ts. */
const OF_OTHERS = ["yml", "groovy"];

it("every block says what language it is in", () => {
  expect(
    blocks
      .filter(({ language }) => ![...OF_OTHERS, "yaml", "sh", "python", "text"].includes(language))
      .map(({ place }) => place),
  ).toEqual([]);
});

it.each(yaml)("%s is a part of a workflow in the eyes of GitHub's own parser", (place, block) => {
  const { workflow } = read(block);
  if (workflow === undefined) return;
  const { context } = parseWorkflow({ name: place, content: workflow }, new NoOperationTraceWriter());
  expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
});

it.each(Object.keys(DECODERS))("the pages show a step with the action in .%s", (wanted) => {
  expect(ours.map(([, folder]) => folder)).toContain(wanted);
});

describe.each(ours)("%s", (_, folder, inputs) => {
  it("names inputs that the action has", () => {
    const known = readMetadata(`.${folder}`).inputs;
    expect(Object.keys(inputs).filter((name) => !(name in known))).toEqual([]);
  });

  it("gives values that the action accepts together", async () => {
    const defaults = Object.entries(readMetadata(`.${folder}`).inputs).map(([name, { default: preset = "" }]) => [
      name,
      preset,
    ]);
    const given = Object.entries(inputs).map(([name, value]) => [name, evaluate(String(value))]);
    const env = [...defaults, ...given].map(([name = "", value = ""]) => [`INPUT_${name.toUpperCase()}`, value.trim()]);
    await expect(DECODERS[folder]?.(Object.fromEntries(env))).resolves.toBeDefined();
  });
});

it.each(shell)("%s is shell code that bash can read", (_, code) => {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: code, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});
