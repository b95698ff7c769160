import { randomUUID } from "node:crypto";
import { appendFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { changeCode } from "./bento.ts";
import { openFaultProxy, uploadsAt } from "./fault-proxy.ts";
import { heldBy, payloadOf } from "./image.ts";
import { type Inputs, type Run, runAction } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** What a second push does with what the first one left in the registry. */
let lab: Lab;
let tiny: TinyBento;
/** Of one test alone. */
let path: string;
let before: ReadonlyMap<string, string>;

/** No tool can be found here: who needs an engine fails. */
const NO_ENGINE = { PATH: "/nowhere", HOME: "/nowhere" };

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
});

beforeEach(async () => {
  tiny = await unpackTiny();
  path = `direct/${randomUUID()}`;
  await push(`${lab.registry}/${path}:1`, {}, lab.env);
  before = await layersAt("1");
});

afterEach(() => rm(tiny.home, { recursive: true }));

async function push(
  tags: string,
  inputs: Inputs = {},
  env: Readonly<Record<string, string>> = NO_ENGINE,
): Promise<Run> {
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags };
  const run = await runAction({ ...lab.backends.buildctl.inputs, ...common, ...inputs }, env);
  expect(run.code, run.log).toBe(0);
  return run;
}

async function layersAt(tag: string): Promise<ReadonlyMap<string, string>> {
  return payloadOf(await heldBy(`${lab.registry}/${path}:${tag}`));
}

/** Titles of the layers that are not what they were. */
async function changedLayers(tag = "1"): Promise<readonly string[]> {
  const after = await layersAt(tag);
  return [...after.keys()].filter((title) => after.get(title) !== before.get(title));
}

function rowsOf({ summary }: Run, title: string): readonly string[] {
  return summary.split("\n").filter((line) => line.includes(title));
}

function modelFile(): string {
  return join(tiny.home, "models/embedder/v1/weights.bin");
}

describe("a push after a change of code", () => {
  it("makes the code's two layers anew and asks the registry at most 12 times", async () => {
    await changeCode(tiny.home);
    const proxy = await openFaultProxy({ registry: lab.registry, faults: [] });
    onTestFinished(() => proxy.close());
    await push(`${proxy.host}/${path}:1`);
    expect(await changedLayers()).toEqual(["src", "manifest"]);
    // Two layers and the configuration.
    expect(uploadsAt(proxy).length).toBe(3);
    expect(proxy.log.length, proxy.log.join("\n")).toBeLessThanOrEqual(12);
  });

  it("under another tag it knows the models all the same, and reads none", async () => {
    await changeCode(tiny.home);
    const run = await push(`${lab.registry}/${path}:new`);
    expect(await changedLayers("new")).toEqual(["src", "manifest"]);
    for (const model of ["embedder:v1", "extra_vocab:2024", "ranker:r.2"]) {
      expect(rowsOf(run, `model ${model}`)).toEqual([expect.stringContaining("cached, not read")]);
    }
  });
});

describe("a push after a change of a model", () => {
  it("makes the model's layer anew, and no other", async () => {
    await appendFile(modelFile(), "more");
    await push(`${lab.registry}/${path}:1`);
    expect(await changedLayers()).toEqual(["model embedder:v1"]);
  });

  /** Same size, same model.yaml: BentoML never does that. */
  async function tamper(): Promise<void> {
    const { size } = await stat(modelFile());
    await writeFile(modelFile(), "x".repeat(size));
  }

  it("that the model's version denies, believes the version", async () => {
    await tamper();
    await push(`${lab.registry}/${path}:1`);
    expect(await changedLayers()).toEqual([]);
  });

  it("that the model's version denies, finds it with verify-models", async () => {
    await tamper();
    const run = await push(`${lab.registry}/${path}:1`, { "verify-models": "true" });
    expect(await changedLayers()).toEqual(["model embedder:v1"]);
    expect(rowsOf(run, "model ranker:r.2")).toEqual([expect.stringContaining("cached, verified by reading the files")]);
  });
});

describe("a push of an image that exists already", () => {
  it("with if-exists: skip answers with its digest, and sends nothing", async () => {
    const proxy = await openFaultProxy({ registry: lab.registry, faults: [] });
    onTestFinished(() => proxy.close());
    const run = await push(`${proxy.host}/${path}:1`, { "if-exists": "skip" });
    expect(run.outputs["digest"]).toBe((await heldBy(`${lab.registry}/${path}:1`)).digest);
    expect(run.log).toContain("an identical image exists already");
    expect(proxy.log.filter((line) => /^(PUT|POST|PATCH) /.test(line))).toEqual([]);
  });

  it("with if-exists: skip makes the image of changed code", async () => {
    await changeCode(tiny.home);
    await push(`${lab.registry}/${path}:1`, { "if-exists": "skip" });
    expect(await changedLayers()).toEqual(["src", "manifest"]);
  });
});
