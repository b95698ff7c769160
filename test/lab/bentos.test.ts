import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { changeCode, unpackHome } from "./bento.ts";
import { heldBy, treeOf } from "./image.ts";
import { type Inputs, runAction, succeed } from "./runner.ts";
import { pushTinyBase, unpackTiny } from "./tiny.ts";

interface Fixture {
  readonly fixture: string;
  /** Whether its environment is another's too, or builds in a short time. */
  readonly isQuick?: true;
  readonly bento: string;
  readonly env?: Inputs;
}

/**
 * Bentos of many BentoML versions become images. Those left out need a base image or a package index that only the
 * internet has (other Pythons, conda, CUDA, alpine, ubi8, amazonlinux, wheels.example.org); their Dockerfiles are
 * compared with BentoML's in test/image.
 */
const FIXTURES: readonly Fixture[] = [
  { fixture: "minimal", bento: "greeter", isQuick: true },
  { fixture: "alias-args", bento: "templated" },
  { fixture: "envs", bento: "env_zoo", env: { SVC_TOKEN: "of the step" } },
  { fixture: "envs-nosecret", bento: "env_plain" },
  { fixture: "multi-service", bento: "search_gateway", isQuick: true },
  { fixture: "numeric-version", bento: "1e5:12e5", isQuick: true },
  { fixture: "project-tree", bento: "tree-app", isQuick: true },
  { fixture: "store", bento: "shelf:abc123", isQuick: true },
  { fixture: "wheels-v2", bento: "with_wheel" },
  { fixture: "v1-wheels", bento: "wheely" },
  { fixture: "v1-legacy-service", bento: "legacy_scorer" },
  { fixture: "v1-template", bento: "templater" },
  { fixture: "old-1.1.11", bento: "legacy_scorer" },
];

let lab: Lab;
/** Of this run alone, so that nothing is known from an earlier one; Bentos with the same environment share it. */
let repository: string;
const homes: string[] = [];

beforeAll(async () => {
  lab = await openLab();
  repository = `${lab.registry}/bentos/${randomUUID()}`;
});

afterAll(async () => {
  for (const home of homes) await rm(home, { recursive: true });
});

async function homeOf(fixture: string): Promise<string> {
  const home = await unpackHome(fixture);
  homes.push(home);
  return home;
}

/** The action's outputs for a push to the tag. */
function push(inputs: Inputs, tag: string, env: Inputs = {}): Promise<Readonly<Record<string, string>>> {
  const common = { ...lab.backends.buildctl.inputs, push: "true", tags: `${repository}:${tag}` };
  return succeed({ ...common, ...inputs }, { ...lab.env, ...env });
}

describe("A Bento becomes an image:", () => {
  for (const { fixture, bento, env, isQuick = false } of FIXTURES) {
    it(fixture, { tags: isQuick ? [] : ["long"] }, async () => {
      const home = await homeOf(fixture);
      const outputs = await push({ bento, "bentoml-home": home }, fixture, env);
      expect(outputs["digest"]).toBe((await heldBy(`${repository}:${fixture}`)).digest);
    });
  }
});

describe("A Bento of spec 1 with enable-features", () => {
  it("has the extras in the environment of its service", { tags: ["long"] }, async () => {
    const home = await homeOf("v1-legacy-service");
    await push({ bento: "legacy_scorer", "bentoml-home": home, "enable-features": "grpc" }, "features");
    const { entries } = await treeOf(`${repository}:features`, lab.env);
    const packages = [...entries.keys()].filter((path) =>
      /^app\/\.venv\/lib\/python[\d.]+\/site-packages\//.test(path),
    );
    expect(packages).toContainEqual(expect.stringMatching(/\/grpc_health\/v1\/health_pb2\.py$/));
    expect(packages.filter((path) => /\/bentoml-[\d.]+\.dist-info\/METADATA$/.test(path))).toHaveLength(1);
  });
});

describe("An archive, whatever its format and its name,", () => {
  it("becomes the image that its directory becomes", async () => {
    const archives = resolve("test/fixtures/bentos/good/exports/archives");
    const home = await homeOf("exports");
    const digests = new Set<string | undefined>();
    const read = (await readdir(archives)).filter((file) => !file.endsWith(".json"));
    for (const file of read) {
      const { digest } = await push({ bento: join(archives, file), "bentoml-home": home }, "archives");
      digests.add(digest);
    }
    expect(read.length).toBeGreaterThan(5);
    expect([...digests]).toEqual([(await heldBy(`${repository}:archives`)).digest]);
  });
});

describe("A code change, with images that the backend makes,", () => {
  async function expectKept(home: string): Promise<void> {
    const layers = async (tag: string): Promise<readonly string[]> =>
      (await heldBy(`${repository}:${tag}`)).manifest.layers.map(({ digest }) => digest);
    const make = (tag: string) => push({ bento: "search_gateway", "bentoml-home": home, assembly: "backend" }, tag);
    const own = randomUUID();
    await make(`before-${own}`);
    await changeCode(home);
    await make(`after-${own}`);
    const [before, after] = [await layers(`before-${own}`), await layers(`after-${own}`)];
    const changed = after.filter((digest) => !before.includes(digest));
    expect(before.length).toBe(after.length);
    expect(changed.length).toBe(2);
  }

  it("leaves the layers of models and a tiny environment what they were", async () => {
    await pushTinyBase(lab);
    const { home } = await unpackTiny();
    homes.push(home);
    await expectKept(home);
  });

  it("leaves the layers of models and environment what they were", { tags: ["long"] }, async () => {
    await expectKept(await homeOf("multi-service"));
  });
});

describe("A second run of the same step", () => {
  it("leaves nothing below RUNNER_TEMP but the Dockerfile's directory", async () => {
    const home = await homeOf("minimal");
    const out = await mkdtemp(join(tmpdir(), "bento-image-out-"));
    const inputs = { bento: "greeter", "bentoml-home": home, output: `oci:${join(out, "layout")}` };
    const run = await runAction({ ...lab.backends.buildctl.inputs, ...inputs }, lab.env);
    await rm(out, { recursive: true });
    expect([run.code, run.left.length]).toEqual([0, 1]);
  });
});
