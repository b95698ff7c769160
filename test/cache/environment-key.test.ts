import { appendFile, chmod, mkdir, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EnvironmentRequest, environmentKey } from "../../src/cache/environment-key.ts";
import { digestOf } from "../../src/oci/digest.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { type BentoChange, bentoIn, FILES, modelIn, recipeOf, writeTree } from "../assembly/bentos.ts";
import { EPOCH, makeTestDirectory } from "../assembly/plans.ts";

const REQUEST: Omit<EnvironmentRequest, "recipe"> = {
  base: digestOf("python:3.11-slim"),
  platform: { os: "linux", architecture: "amd64" },
  buildArgs: { PROXY: "one", INDEX: "two" },
  secretIds: ["TOKEN", "netrc"],
  sshIds: ["default"],
  addHosts: ["pypi.internal:10.0.0.7"],
  epoch: EPOCH,
  compression: { format: "gzip", auto: true },
};

/** Two indexes of packages, in two Bentos that are otherwise the same. */
const [GOOD, EVIL] = ["https://pypi.example.com/simple", "https://pypi.evil.example/simple"];

/** A Bento whose environment needs wheels and a source, and a function that computes its key. */
async function makeBento(change: BentoChange = {}) {
  const { root, files } = await makeTestDirectory();
  const tree = { ...FILES, "env/python/wheels/own.whl": "wheel", "src/pkg/setup.py": "setup()", "src/other.py": "" };
  const bento = await writeTree(join(root, "bento"), tree);
  const keyOf = (request: Partial<EnvironmentRequest> = {}, more: BentoChange = {}) => {
    const image = { buildInclude: ["pkg"], ...change.image, ...more.image };
    const recipe = recipeOf(bentoIn(bento, { ...change, ...more, image }));
    return environmentKey({ ...REQUEST, recipe, ...request }, files.enclosed);
  };
  return { bento, keyOf };
}

describe("The key of an environment changes", () => {
  it.each<[string, (bento: string) => Promise<unknown>]>([
    ["a requirement is added", (bento) => appendFile(join(bento, "env/python/requirements.txt"), "torch\n")],
    ["a wheel changes", (bento) => writeFile(join(bento, "env/python/wheels/own.whl"), "WHEEL")],
    ["a wheel is renamed", (bento) => rename(`${bento}/env/python/wheels/own.whl`, `${bento}/env/python/wheels/1`)],
    ["a script becomes executable", (bento) => chmod(join(bento, "env/python/install.sh"), 0o755)],
    ["the mode of a copied source changes", (bento) => chmod(join(bento, "src/pkg/setup.py"), 0o4666)],
    ["a source that the packages need changes", (bento) => appendFile(join(bento, "src/pkg/setup.py"), "#")],
    ["such a source is added", (bento) => mkdir(join(bento, "src/pkg/new"))],
    ["a link is added among them", (bento) => symlink("setup.py", join(bento, "src/pkg/link"))],
  ])("when %s", async (_, touch) => {
    const { bento, keyOf } = await makeBento();
    const before = await keyOf();
    await touch(bento);
    expect(await keyOf()).not.toBe(before);
  });

  it("when the target of a copied link changes", async () => {
    const { bento, keyOf } = await makeBento();
    await rename(join(bento, "src/pkg"), join(bento, "src/real"));
    await symlink("real", join(bento, "src/pkg"));
    const before = await keyOf();
    await appendFile(join(bento, "src/real/setup.py"), "#");
    expect(await keyOf()).not.toBe(before);
  });

  it.each<[string, Partial<EnvironmentRequest>]>([
    ["base image", { base: digestOf("python:3.11-slim of tomorrow") }],
    ["platform", { platform: { os: "linux", architecture: "arm64" } }],
    ["variant", { platform: { os: "linux", architecture: "amd64", variant: "v3" } }],
    ["build argument", { buildArgs: { ...REQUEST.buildArgs, PROXY: "other" } }],
    ["set of build arguments", { buildArgs: { PROXY: "one" } }],
    ["set of secrets", { secretIds: ["TOKEN"] }],
    ["set of SSH agents", { sshIds: [] }],
    ["address of a host", { addHosts: ["pypi.internal:10.0.0.8"] }],
    ["network", { network: "host" }],
    ["time", { epoch: 0 }],
    ["compression", { compression: { format: "zstd" } }],
    ["level", { compression: { format: "gzip", level: 9 } }],
  ])("with another %s", async (_, change) => {
    const { keyOf } = await makeBento();
    expect(await keyOf(change)).not.toBe(await keyOf());
  });

  it.each<[string, BentoChange]>([
    ["command", { image: { commands: ["apt-get install -y git"] } }],
    ["command after the packages", { image: { postCommands: ["true"] } }],
    ["Python", { image: { pythonVersion: "3.12" } }],
    ["variable that the steps see", { envs: [{ name: "A", value: "1", stage: "all" }] }],
    ["secret of the Bento's own", { envs: [{ name: "T", value: "", stage: "build" }] }],
    ["value that the Bento declares", { envs: [{ name: "PIP_EXTRA_INDEX_URL", value: EVIL, stage: "build" }] }],
    ["package index", { indexOptions: ["--index-url https://pypi.example.com/simple"] }],
  ])("with another %s", async (_, change) => {
    const { keyOf } = await makeBento({ envs: [{ name: "PIP_EXTRA_INDEX_URL", value: GOOD, stage: "build" }] });
    expect(await keyOf({}, change)).not.toBe(await keyOf());
  });
});

describe("The key of an environment stays the same", () => {
  it.each<[string, (bento: string) => Promise<unknown>]>([
    ["the code changes", (bento) => appendFile(join(bento, "src/service.py"), "# changed\n")],
    ["a source that no package needs changes", (bento) => appendFile(join(bento, "src/other.py"), "#")],
    ["the manifest changes", (bento) => appendFile(join(bento, "bento.yaml"), "version: v2\n")],
    ["the entry point changes", (bento) => appendFile(join(bento, "env/docker/entrypoint.sh"), "#")],
    ["file times change", (bento) => utimes(join(bento, "env/python/requirements.txt"), 1, 1)],
    ["the permissions of group and others change", (bento) => chmod(join(bento, "env/python/requirements.txt"), 0o666)],
  ])("when %s", async (_, touch) => {
    const { bento, keyOf } = await makeBento();
    const before = await keyOf();
    await touch(bento);
    expect(await keyOf()).toBe(before);
  });

  it("when the files are in another directory and were created in another order", async () => {
    const keys = [Object.entries(FILES), Object.entries(FILES).toReversed()].map(async (entries) => {
      const { root, files } = await makeTestDirectory();
      const recipe = recipeOf(bentoIn(await writeTree(root, Object.fromEntries(entries))));
      return environmentKey({ ...REQUEST, recipe }, files.enclosed);
    });
    const [one, other] = await Promise.all(keys);
    expect(one).toBe(other);
  });

  it("with another version of the Bento, other models and other variables at run time", async () => {
    const { bento, keyOf } = await makeBento();
    const other = recipeOf(
      bentoIn(bento, {
        tag: { name: "iris", version: "v2" },
        creationTime: new Date(0),
        envs: [{ name: "WORKERS", value: "4", stage: "runtime" }],
        image: { buildInclude: ["pkg"] },
      }),
      [modelIn("/store/model")],
    );
    expect(await keyOf({ recipe: other })).toBe(await keyOf());
  });

  it("with other comments in the Dockerfile", async () => {
    const { bento, keyOf } = await makeBento();
    const recipe = recipeOf(bentoIn(bento, { image: { buildInclude: ["pkg"] } }));
    const environment = recipe.environment.map((section) => ({ ...section, comment: ["Other words."] }));
    const reworded: Recipe = { ...recipe, environment, tool: "bento-image 99", notes: ["Hear, hear."] };
    expect(await keyOf({ recipe: reworded })).toBe(await keyOf());
  });

  it("with build arguments, secrets and SSH agents in any order", async () => {
    const { keyOf } = await makeBento();
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,3}$/), { maxLength: 4 });
    const shuffled = names.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async (orders) => {
        const [one, other] = orders.map((order) =>
          keyOf({
            buildArgs: Object.fromEntries(order.map((name) => [name, name])),
            secretIds: order,
            sshIds: order,
          }),
        );
        expect(await one).toBe(await other);
      }),
      { numRuns: 30 },
    );
  });
});
