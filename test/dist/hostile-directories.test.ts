/** A Bento's directory whose paths lead to what is not the Bento's: no byte of that may be read, kept, sent or said. */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { type BuildOutcome, type Inputs, type Job, makeJob } from "./job.ts";

/** Stands in every file outside the Bento, and in the environment of the step. */
const CANARY = "canary-9174";

/** What a path of the Bento is replaced by; `there` is an honest copy of it that lies outside. */
const REPLACEMENTS: Readonly<Record<string, (path: string, there: string) => Promise<void>>> = {
  "a link to a copy outside": (path, there) => symlink(there, path),
  "a link to a file outside": (path, there) => symlink(join(there, "../secret"), path),
  "a link to a directory outside": (path, there) => symlink(join(there, ".."), path),
  "a link to a device without end": (path) => symlink("/dev/zero", path),
  "a link to the environment of the step": (path) => symlink("/proc/self/environ", path),
  "a pipe": async (path) => void execFileSync("sh", ["-c", 'mkfifo "$0"', path]),
};

/** All others are replaced in test/bento, which costs no process each. */
const PATHS = ["env", "env/docker/entrypoint.sh", "models/extra/v1", "src/service.py"] as const;

const MODES: Readonly<Record<string, (registry: FakeRegistry) => Inputs>> = {
  "a dry run": () => ({ "dry-run": "true", assembly: "backend", load: "true" }),
  "direct assembly": (registry) => ({ assembly: "direct", push: "true", tags: `${registry.host}/acme/greeter:1` }),
  "a build by the backend": () => ({ assembly: "backend", load: "true" }),
};

async function makeHostileJob(): Promise<{
  readonly job: Job;
  readonly bento: string;
  readonly registry: FakeRegistry;
}> {
  const registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  registry.manifests.set("library/python", new Map([["3.11-slim", tinyImage("base").manifest]]));
  const job = await makeJob();
  job.environment({ STEP_SECRET: CANARY });
  const [version = ""] = (await readdir(join(job.home, "bentos/greeter"))).filter((name) => name !== "latest");
  const bento = join(job.workspace, "bento");
  await rename(join(job.home, "bentos/greeter", version), bento);
  const model = join(bento, "models/extra/v1");
  await mkdir(model, { recursive: true });
  await writeFile(join(model, "model.yaml"), "name: extra\nversion: v1\ncreation_time: 2026-01-01T00:00:00+00:00\n");
  await writeFile(join(model, "weights.bin"), "weights");
  const manifest = await readFile(join(bento, "bento.yaml"), "utf8");
  const models = "models:\n- tag: extra:v1\n  module: bentoml.sklearn\n  creation_time: 2026-01-01T00:00:00+00:00\n";
  await writeFile(join(bento, "bento.yaml"), `${manifest.replace(/^models:.*$/m, "")}\n${models}`);
  return { job, bento, registry };
}

/** Replaces a path of the Bento; what it was lies outside from then on, with a canary beside and in it. */
async function replace(bento: string, path: string, by: string): Promise<void> {
  const outside = join(bento, "../outside");
  const there = join(outside, "there");
  await mkdir(outside, { recursive: true });
  await rename(join(bento, path), there);
  await writeFile(join(outside, "secret"), CANARY);
  await writeFile(join(outside, "model.yaml"), `name: ${CANARY}\n`);
  await writeFile(there, `\n# ${CANARY}\n`, { flag: "a" }).catch(() => writeFile(join(there, "secret"), CANARY));
  await REPLACEMENTS[by]?.(join(bento, path), there);
}

/** Everything that the run said, kept or sent. */
async function everything(job: Job, { log, outputs, summary, calls }: BuildOutcome, registry: FakeRegistry) {
  const kept: string[] = [];
  for (const entry of await readdir(job.temporary, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) kept.push(await readFile(join(entry.parentPath, entry.name), "latin1"));
  }
  const blobs = [...registry.blobs.values()].flatMap((all) => [...all.values()]).map(unpacked);
  // The environment of the tools is the step's own.
  const told = calls.map(({ tool, args }) => ({ tool, args }));
  return [log, JSON.stringify([...outputs]), summary, JSON.stringify(told), ...kept, ...blobs].join("\n");
}

function unpacked(blob: Uint8Array): string {
  const isGzip = blob[0] === 0x1f && blob[1] === 0x8b;
  return Buffer.from(isGzip ? gunzipSync(blob) : blob).toString("latin1");
}

describe.each(Object.entries(MODES))("In %s", (_, inputsOf) => {
  it("the Bento that nobody changed is built", async () => {
    const { job, bento, registry } = await makeHostileJob();
    const run = await job.run(inputs(registry, bento, inputsOf));
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(await everything(job, run, registry)).not.toContain(CANARY);
  });

  it.each(PATHS)("%s replaced by whatever leads out of the Bento fails, and is named", async (path) => {
    for (const by of Object.keys(REPLACEMENTS)) {
      const { job, bento, registry } = await makeHostileJob();
      await replace(bento, path, by);
      const run = await job.run(inputs(registry, bento, inputsOf));
      expect([by, run.failure]).toEqual([by, expect.stringMatching(/^\[bento\] /)]);
      expect([by, run.failure]).toEqual([by, expect.stringContaining(path)]);
      expect([by, run.code, run.builds, [...registry.blobs.keys()]]).toEqual([by, 1, [], []]);
      expect([by, (await everything(job, run, registry)).includes(CANARY)]).toEqual([by, false]);
      await rm(bento, { recursive: true });
    }
  });
});

function inputs(registry: FakeRegistry, bento: string, inputsOf: (registry: FakeRegistry) => Inputs): Inputs {
  return {
    bento,
    backend: "docker",
    platforms: "linux/amd64",
    "registry-mirrors": `docker.io=${registry.host}`,
    timeout: "1",
    ...inputsOf(registry),
  };
}
