/** Secrets as the runner hides them: nothing secret is left in the log, and nothing else is taken from it. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { RunnerMasks } from "../fakes/runner-masks.ts";
import { type BuildOutcome, type Job, makeJob, startRegistry } from "./job.ts";

const BENTO = "bentos/greeter/az3yh3hfjwpwwax4/bento.yaml";

async function declare(job: Job, envs: readonly object[]): Promise<void> {
  const file = join(job.home, BENTO);
  const manifest = await readFile(file, "utf8");
  await writeFile(file, manifest.replace(/^envs: \[\]$/m, `envs: ${JSON.stringify(envs)}`));
}

function dropped({ log, outputs }: BuildOutcome): readonly string[] {
  const masks = new RunnerMasks(log);
  return [...outputs].filter(([, value]) => masks.dropsOutput(value)).map(([name]) => name);
}

describe("masks", () => {
  let job: Job;
  beforeEach(async () => {
    job = await makeJob();
  });

  it("take no output away: not for values that the Bento declares, short ones, or lines of JSON", async () => {
    await declare(job, [
      { name: "MAX_JOBS", value: "4", stage: "build" },
      { name: "INDEX", value: "https://pypi.example.com/simple", stage: "build" },
      { name: "FLAG", value: "", stage: "build" },
    ]);
    await writeFile(join(job.workspace, "key.json"), '{\n  "a": [\n    1\n  ],\n  "private_key": "hush-5719"\n}\n');
    job.environment({ FLAG: "a" });
    const run = await job.run({ secrets: "PIN=7\nWORD=sha", "secret-files": "key=key.json", output: "oci:image" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.outputs.get("digest")).toMatch(/^sha256:/);
    expect(dropped(run)).toEqual([]);
    expect(new RunnerMasks(run.log).hide("https://pypi.example.com/simple took 4 s {")).toBe(
      "https://pypi.example.com/simple took 4 s {",
    );
  });

  it("say which secret is too short for one", async () => {
    const run = await job.run({ secrets: "PIN=12345", backend: "podman" });
    expect(run.log).toMatch(/^The secret PIN is not masked, because it is shorter than 6 characters/m);
    expect(run.log).not.toContain("12345");
  });

  it("hide each form of a secret that a build prints", async () => {
    const key = "-----BEGIN KEY-----\nc29tZSBieXRlcyA1NzE5\n-----END KEY-----\n";
    await job.behave({ prints: [key.replaceAll("\n", " "), Buffer.from(key).toString("base64"), JSON.stringify(key)] });
    const run = await job.run({ secrets: `"KEY=${key}"`, backend: "podman" });
    const seen = new RunnerMasks(run.log).hide(run.log.replace(/^::add-mask::.*$/gm, ""));
    expect(run.code).toBe(0);
    expect(seen).not.toContain("c29tZSBieXRlcyA1NzE5");
    expect(seen).not.toContain(Buffer.from(key.trim()).toString("base64").slice(0, 40));
  });

  it("of a registry's login leave the outputs too", async () => {
    const registry = await startRegistry(["1"]);
    Object.assign(registry.quirks, { login: "basic", user: "_json_key:{\n}\n" });
    const auth = Buffer.from("_json_key:{\n}\n").toString("base64");
    job.environment({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [registry.host]: { auth } } }) });
    const run = await job.run({ push: "true", tags: `${registry.host}/acme/iris:1`, assembly: "backend" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(dropped(run)).toEqual([]);
  });
});
