import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { BACKENDS, type BackendName, type Lab, openLab } from "./backends.ts";
import { treeOf } from "./image.ts";
import { succeed } from "./runner.ts";
import { pushTinyBase, TINY_BASE, type TinyBento, unpackTiny } from "./tiny.ts";

let lab: Lab;
let repository: string;

beforeAll(async () => {
  lab = await openLab();
  repository = `${lab.registry}/builder-cache/${randomUUID()}`;
  await pushTinyBase(lab);
});

/** A Bento of its own directory, whose command leaves in the image what the step was given. */
async function makeBento(declared: string): Promise<TinyBento> {
  const tiny = await unpackTiny({ commands: [`echo "$PACKAGE_INDEX" > /etc/index-${repository.slice(-12)}`] });
  onTestFinished(() => rm(tiny.home, { recursive: true }));
  const path = join(tiny.directory, "bento.yaml");
  const manifest = await readFile(path, "utf8");
  const envs = `envs: [{ name: PACKAGE_INDEX, value: "${declared}", stage: build }]`;
  await writeFile(path, manifest.replace(/^envs: .*$/m, envs));
  return tiny;
}

async function filesOf(name: BackendName, tiny: TinyBento, tag: string, assembly: string) {
  const reference = `${repository}:${name}-${tag}`;
  const { inputs, env } = lab.backends[name];
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags: reference, assembly };
  await succeed({ ...inputs, ...common, ...(assembly === "direct" ? { "environment-cache": "off" } : {}) }, env);
  return (await treeOf(reference, lab.env)).entries;
}

describe.each(BACKENDS)("%s, with steps of an earlier build in its cache,", (name) => {
  it("runs them again for a Bento that declares another package index", async () => {
    const index = `etc/index-${repository.slice(-12)}`;
    const good = await filesOf(name, await makeBento("https://good.example/simple"), "good", "direct");
    const evil = await filesOf(name, await makeBento("https://evil.example/simple"), "evil", "direct");
    expect(good.get(index)).toMatch(/^file /);
    expect(evil.get(index)).not.toBe(good.get(index));
  });
});

describe.each(BACKENDS)("%s, given a Dockerfile of the user's own with a .dockerignore beside it,", (name) => {
  it("leaves out what that file names, and not what the Bento's .dockerignore names", async () => {
    const tiny = await makeBento("https://good.example/simple");
    await writeFile(join(tiny.directory, ".dockerignore"), "bento.yaml\n");
    const dockerfile = join(tiny.home, "Own.Dockerfile");
    await writeFile(dockerfile, `FROM ${TINY_BASE}\nCOPY . /seen/\n`);
    await writeFile(`${dockerfile}.dockerignore`, "apis\n");
    const reference = `${repository}:${name}-own`;
    const { inputs, env } = lab.backends[name];
    const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags: reference, dockerfile };
    await succeed({ ...inputs, ...common }, env);
    const seen = [...(await treeOf(reference, lab.env)).entries.keys()].filter((path) => path.startsWith("seen/"));
    expect(seen).toContain("seen/bento.yaml");
    expect(seen.filter((path) => path.startsWith("seen/apis"))).toEqual([]);
  });
});

describe.each(BACKENDS)("%s, given a Bento with a .dockerignore,", (name) => {
  it.each(["direct", "backend"])("assembly: %s leaves nothing out", async (assembly) => {
    const tiny = await makeBento("https://good.example/simple");
    await writeFile(join(tiny.directory, ".dockerignore"), "apis\nenv/python\n");
    const files = await filesOf(name, tiny, `ignore-${assembly}`, assembly);
    const bento = "home/bentoml/bento";
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([`${bento}/apis/openapi.yaml`, `${bento}/env/python/requirements.txt`]),
    );
  });
});
