/** The examples that no page has a workflow for, from their service to an image. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHub } from "../bento/hub/server.ts";
import { rebase } from "./act.ts";
import { type Lab, openLab } from "./backends.ts";
import { heldBy, payloadOf, treeOf } from "./image.ts";
import { succeed } from "./runner.ts";
import { pushTinyBase, TINY_BASE } from "./tiny.ts";

const run = promisify(execFile);

/** What BentoML asks a hub with; the lab's Python has BentoML alone. */
const HUB_CLIENT = "huggingface_hub==1.0.0";
const COMMIT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

let lab: Lab;
let directory: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  directory = await mkdtemp(join(tmpdir(), "bento-image-examples-"));
  await cp("examples", join(directory, "examples"), { recursive: true });
  await rebase(join(directory, "examples"), TINY_BASE);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function python(): string {
  return dirname(lab.env["LAB_BENTOML"] ?? "");
}

/** The action's inputs and variables for the Bento that BentoML makes of an example. */
async function build(example: string, variables: Readonly<Record<string, string>> = {}) {
  const home = join(directory, "bentoml");
  const env = {
    ...lab.env,
    ...variables,
    HF_HOME: join(directory, "hub-cache"),
    BENTOML_HOME: home,
    BENTOML_DO_NOT_TRACK: "true",
  };
  const path = [python(), lab.env["PATH"]].join(":");
  await run("bentoml", ["build"], {
    cwd: join(directory, "examples", example),
    env: { ...process.env, ...env, PATH: path },
  });
  const tags = `${lab.registry}/examples/${example}:${randomUUID()}`;
  return { inputs: { "bentoml-home": home, tags, push: "true", ...lab.backends.docker.inputs }, env, tags };
}

/** A hub with one repository, and what lets BentoML ask it. */
async function openHub(repository: string, files: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const [root, packages] = [join(directory, "hub"), join(directory, "packages")];
  const [owner = "", name = ""] = repository.split("/");
  const model = join(root, owner.toLowerCase(), name);
  for (const file of [...files, "left-out.bin"]) {
    await mkdir(dirname(join(model, COMMIT, file)), { recursive: true });
    await writeFile(join(model, COMMIT, file), `${file}\n`);
  }
  await writeFile(join(model, "refs.json"), JSON.stringify({ main: COMMIT }));
  await run(join(python(), "uv"), [
    "pip",
    "install",
    "--quiet",
    "--python",
    join(python(), "python"),
    "--target",
    packages,
    HUB_CLIENT,
  ]);
  return { HF_ENDPOINT: (await startHub(root)).endpoint, PYTHONPATH: packages };
}

describe("examples", () => {
  it("services: one image for both services", async () => {
    const { inputs, env, tags } = await build("services");
    const { bento } = await succeed({ ...inputs, bento: "search:latest" }, env);
    expect(bento).toMatch(/^search:/);
    expect([...payloadOf(await heldBy(tags)).keys()]).toContain("src");
  });

  it("huggingface: the model's chosen files are in the image, and no others", async () => {
    const files = ["onnx/model_quantized.onnx", "tokenizer.json"];
    const hub = await openHub("Xenova/distilbert-base-uncased-finetuned-sst-2-english", files);
    const { inputs, env, tags } = await build("huggingface", hub);
    await succeed({ ...inputs, bento: "sentiment:latest" }, env);
    const { entries } = await treeOf(tags, lab.env);
    const found = [...entries.keys()].filter(
      (path) => /\.(?:bin|onnx|json)$/.test(path) && path.includes("/snapshots/"),
    );
    expect(found.map((path) => path.slice(path.indexOf(COMMIT) + COMMIT.length + 1)).sort()).toEqual(files);
  });

  it("llm: a dry run shows the model and the Dockerfile, without a GPU", async () => {
    const { inputs, env } = await build(
      "llm",
      await openHub("Qwen/Qwen2.5-7B-Instruct", ["config.json", "model.safetensors"]),
    );
    const { dockerfile = "", metadata = "" } = await succeed(
      { ...inputs, bento: "chat:latest", "dry-run": "true" },
      env,
    );
    expect(dockerfile).not.toBe("");
    expect(metadata).toContain("qwen2.5-7b-instruct");
  });
});
