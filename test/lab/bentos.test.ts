import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { unpackHome } from "./bento.ts";
import { heldBy } from "./image.ts";
import { type Inputs, runAction, succeed } from "./runner.ts";

interface Fixture {
  readonly fixture: string;
  readonly bento: string;
  readonly env?: Inputs;
}

/**
 * Bentos of many BentoML versions become images. Those left out need a base image or a package index that only the
 * internet has (other Pythons, conda, CUDA, alpine, ubi8, amazonlinux, wheels.example.org); their Dockerfiles are
 * compared with BentoML's in test/image.
 */
const FIXTURES: readonly Fixture[] = [
  { fixture: "minimal", bento: "greeter" },
  { fixture: "alias-args", bento: "templated" },
  { fixture: "envs", bento: "env_zoo", env: { SVC_TOKEN: "of the step" } },
  { fixture: "envs-nosecret", bento: "env_plain" },
  { fixture: "multi-service", bento: "search_gateway" },
  { fixture: "numeric-version", bento: "1e5:12e5" },
  { fixture: "project-tree", bento: "tree-app" },
  { fixture: "store", bento: "shelf:abc123" },
  { fixture: "wheels-v2", bento: "with_wheel" },
  { fixture: "v1-wheels", bento: "wheely" },
  { fixture: "v1-legacy-service", bento: "legacy_scorer" },
  { fixture: "v1-template", bento: "templater" },
  { fixture: "old-1.1.11", bento: "legacy_scorer" },
];

let lab: Lab;
const homes: string[] = [];

beforeAll(async () => {
  lab = await openLab();
});

afterAll(async () => {
  for (const home of homes) await rm(home, { recursive: true });
});

async function homeOf(fixture: string): Promise<string> {
  const home = await unpackHome(fixture);
  homes.push(home);
  return home;
}

/** What `bentoml build` changes with a line of the service: the source and the manifest; and every file is newer, as after a download. */
async function changeCode(home: string): Promise<void> {
  const script = [
    'cd "$1"/bentos/*/*/',
    "echo '# changed' >> src/service.py",
    "sed -i \"s/^creation_time:.*/creation_time: '2027-01-01T00:00:00+00:00'/\" bento.yaml",
    'find . "$1/models" -type f -exec touch -d 2027-01-01 {} +',
  ];
  await promisify(execFile)("sh", ["-ec", script.join("\n"), "sh", home]);
}

describe("A Bento becomes an image:", () => {
  it.each(FIXTURES)("$fixture", async ({ fixture, bento, env }) => {
    const tags = `${lab.registry}/bentos/${fixture}:1`;
    const home = await homeOf(fixture);
    const outputs = await succeed(
      { bento, "bentoml-home": home, backend: "buildctl", push: "true", tags },
      { ...lab.env, ...env },
    );
    expect(outputs["digest"]).toBe((await heldBy(tags)).digest);
  });
});

describe("An archive, whatever its format and its name,", () => {
  it("becomes the image that its directory becomes", async () => {
    const archives = resolve("test/fixtures/bentos/good/exports/archives");
    const home = await homeOf("exports");
    const digests = new Set<string | undefined>();
    const read = (await readdir(archives)).filter((file) => !file.endsWith(".json"));
    for (const file of read) {
      const tags = `${lab.registry}/bentos/archives:1`;
      digests.add(
        (
          await succeed(
            { bento: join(archives, file), "bentoml-home": home, backend: "buildctl", push: "true", tags },
            lab.env,
          )
        )["digest"],
      );
    }
    expect(read.length).toBeGreaterThan(5);
    expect([...digests]).toEqual([(await heldBy(`${lab.registry}/bentos/archives:1`)).digest]);
  });
});

describe("A code change", () => {
  it("leaves the layers of models and environment what they were", async () => {
    const home = await homeOf("multi-service");
    const layers = async (tag: string): Promise<readonly string[]> =>
      (await heldBy(`${lab.registry}/bentos/code:${tag}`)).manifest.layers.map(({ digest }) => digest);
    const make = (tag: string): Promise<unknown> =>
      succeed(
        {
          bento: "search_gateway",
          "bentoml-home": home,
          backend: "buildctl",
          push: "true",
          tags: `${lab.registry}/bentos/code:${tag}`,
        },
        lab.env,
      );
    await make("before");
    await changeCode(home);
    await make("after");
    const [before, after] = [await layers("before"), await layers("after")];
    const changed = after.filter((digest) => !before.includes(digest));
    expect(before.length).toBe(after.length);
    expect(changed.length).toBe(2);
  });
});

describe("A second run of the same step", () => {
  it("leaves nothing below RUNNER_TEMP but the Dockerfile's directory", async () => {
    const home = await homeOf("minimal");
    const out = await mkdtemp(join(tmpdir(), "bento-image-out-"));
    const inputs = {
      bento: "greeter",
      "bentoml-home": home,
      backend: "buildctl",
      output: `oci:${join(out, "layout")}`,
    };
    const run = await runAction(inputs, lab.env);
    await rm(out, { recursive: true });
    expect([run.code, run.left.length]).toEqual([0, 1]);
  });
});
