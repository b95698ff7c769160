import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { buildByBackend } from "../../../src/action/build-by-backend.ts";
import { buildEnvironment } from "../../../src/action/build-environment.ts";
import type { Job } from "../../../src/action/job.ts";
import { readAssemblyRequest } from "../../../src/assembly/request.ts";
import type { Features } from "../../../src/backends/backend.ts";
import { answer, dialectOf } from "../../../src/commands/answers.ts";
import { Failure } from "../../../src/errors.ts";
import type { Machine } from "../../../src/machine/machine.ts";
import { digestOf } from "../../../src/oci/digest.ts";
import { findEngine } from "../../../src/probe/find-engine.ts";
import { environmentSource } from "../../../src/recipe/dockerfile/dockerfile.ts";
import { makeRecipe } from "../../../src/recipe/recipe.ts";
import { openStopwatch } from "../../../src/report/stopwatch.ts";
import { inputsOf } from "../../assembly/setting.ts";
import { makeSetting } from "../../bento/setting.ts";
import { GOLDEN, readCase, readRecipe, TOOL } from "../../recipe/bentos.ts";
import { IMPATIENT, openTestRegistries, testMachine } from "../../registry/fixture.ts";
import { describeGoldens } from "../goldens.ts";
import { describeLaws } from "../laws.ts";
import { kaniko } from "./kaniko.ts";

const EXECUTOR = fileURLToPath(new URL("executor.ts", import.meta.url));

const PLATFORM = { os: "linux", architecture: "amd64" };

/** The secrets that Bentos need during the build. */
const SECRETS: Readonly<Record<string, string>> = {
  [GOLDEN["huggingface: snapshots of the Hub and a build secret"]]: "HF_TOKEN=hf_1",
  [GOLDEN["envs: values that must arrive to the letter"]]: "SVC_TOKEN=svc_1",
};

/** A machine with a fake kaniko on PATH, and a job for the Bento. */
async function makeJob(id: string, given: Readonly<Record<string, string>> = {}) {
  const { bento, models } = await readCase(id);
  const { machine: setting, root } = await makeSetting();
  const bin = join(root, "bin");
  await mkdir(bin);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${EXECUTOR}' '${root}' "$@"\n`;
  await writeFile(join(bin, "executor"), script, { mode: 0o755 });
  const machine = { ...testMachine(), ...setting } as unknown as Machine;
  const env = { PATH: bin };
  const inputs = inputsOf({ assembly: "direct", output: "oci:image", ...given });
  const recipe = makeRecipe(bento, models, { buildArgs: {}, tool: TOOL });
  const watch = openStopwatch();
  const job: Job = { inputs, bento, models, recipe, authFile: undefined, env, watch, machine, retryPolicy: IMPATIENT };
  const found = await findEngine(kaniko, undefined, machine, env);
  const calls = async () => (await readFile(join(root, "calls"), "utf8")).trim().split("\n");
  return { job, found, recipe, calls };
}

async function build(id: string) {
  const { job, found, recipe, calls } = await makeJob(id, { secrets: SECRETS[id] ?? "" });
  const request = readAssemblyRequest(job.inputs, job.bento, recipe, PLATFORM, job.machine);
  const wanted = { recipe, request, platform: PLATFORM, key: digestOf("the environment's key") };
  const built = buildEnvironment(job, found, wanted, openTestRegistries());
  const refusal = await built.then(
    () => [],
    (error: unknown) => {
      if (error instanceof Failure && error.code === "Unsupported") return error.lines;
      throw error;
    },
  );
  return { built, refusal, calls };
}

describe("a seventh backend", () => {
  describeLaws(kaniko);
});

describe("a seventh backend has", () => {
  describeGoldens(kaniko, "goldens");
});

describe("a seventh backend", () => {
  it("builds the environment of a plain Bento, and removes copied files", async () => {
    const { built, calls } = await build(GOLDEN["minimal: the least a Bento has"]);
    const { environment, commands } = await built;
    expect(environment.config).toMatchObject({ marker: "left: " });
    expect(commands).toHaveLength(1);
    expect(await calls()).toHaveLength(2);
  });

  it("gets a Dockerfile without the constructs that it ignores", async () => {
    const recipe = await readRecipe(GOLDEN["minimal: the least a Bento has"]);
    const { dockerfile } = environmentSource(recipe, { dialect: dialectOf(kaniko, kaniko.assumed) });
    await expect(dockerfile).toMatchFileSnapshot("goldens/environment.Dockerfile");
  });

  it.each(Object.entries(GOLDEN))(
    "builds what it supports, and refuses the rest before the build: %s",
    async (_, id) => {
      const { built, refusal, calls } = await build(id);
      const [version, ...builds] = await calls();
      expect([version, builds.length]).toEqual(["version", refusal.length === 0 ? 1 : 0]);
      if (refusal.length === 0) expect((await built).environment.config).toMatchObject({ marker: "left: " });
    },
  );

  it("refuses secrets, and names the mounts that it would ignore", async () => {
    const { refusal } = await build(GOLDEN["huggingface: snapshots of the Hub and a build secret"]);
    expect(refusal).toContainEqual(expect.stringMatching(/^secrets: kaniko runs steps without their mounts/));
    expect(refusal).toContainEqual(
      expect.stringMatching(/^dockerfile: RUN --mount=type=secret: kaniko runs steps without their mounts.* can\)$/),
    );
  });

  it("refuses whole images, and names each feature that they need", async () => {
    const { job, found, calls } = await makeJob(GOLDEN["minimal: the least a Bento has"], { assembly: "backend" });
    const built = buildByBackend(job, "it was asked for", async () => found);
    await expect(built).rejects.toMatchObject({
      code: "Unsupported",
      lines: [/^source-date-epoch: kaniko rewrites/, /^build-contexts: kaniko reads one directory/].map((line) =>
        expect.stringMatching(line),
      ),
    });
    expect(await calls()).toEqual(["version"]);
  });

  it("may answer a feature depending on others", () => {
    const registryAuthorities = { "private.example.com": "/ca.pem" };
    const answerWith = (others: Partial<Features>) =>
      answer(kaniko, "registryAuthorities", registryAuthorities, kaniko.assumed, others);
    expect(answerWith({})).toEqual({ flags: ["--registry-certificate", "private.example.com=/ca.pem"] });
    expect(answerWith({ insecureRegistries: ["private.example.com"] })).toHaveProperty("unsupported");
  });
});
