import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { deriveRecipe, deriveSource } from "../../src/commands/image-source.ts";
import { keepFiles } from "../../src/commands/kept-files.ts";
import { FULL_DIALECT } from "../../src/recipe/dialect.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { makeSetting } from "../bento/setting.ts";
import { readCase } from "../recipe/bentos.ts";

const READ_BY_OUR_RECIPE = ["env/docker/entrypoint.sh", "env/python/requirements.txt"];

/** A Bento without the files of these names. */
async function bentoWithout(missing: readonly string[]) {
  const { machine, root } = await makeSetting();
  const bentomlHome = await unpackFixture(join(root, "store"), "good/minimal/home.tar.gz");
  const located = await locateBento({ bento: "greeter", bentomlHome }, machine);
  for (const path of missing) await rm(join(located.directory.path, path));
  return { machine, root, located };
}

/** What a Dockerfile of the user's own finds in `generated`, below `bento`. */
async function generatedFor(missing: readonly string[]) {
  const { machine, root, located } = await bentoWithout(missing);
  const bento = await readBento(located, machine, { complete: false });
  const dockerfile = join(root, "Own.Dockerfile");
  await writeFile(dockerfile, "FROM scratch\nCOPY . /bento/\n");
  const inputs = { dockerfile, buildArgs: {} };
  const job = { inputs, bento, models: [], recipe: undefined } as unknown as Parameters<typeof deriveSource>[0];
  const source = await deriveSource(job, { dialect: FULL_DIALECT }, { files: machine.files, workspace: root });
  expect(source.dockerfile).toBe("FROM scratch\nCOPY . /bento/\n");
  const { generated = "" } = await keepFiles(source, machine);
  return (await readdir(join(generated, "bento"), { recursive: true })).sort();
}

describe("enable-features", () => {
  const NONE = { buildArgs: {}, enableFeatures: [] };

  async function bentoOf(id: string, dockerfile = "generated", enableFeatures = ["grpc"]) {
    const { bento, models } = await readCase(id);
    return () => deriveRecipe({ ...NONE, dockerfile, enableFeatures }, bento, models, "bento-image");
  }

  it("is refused for a Bento of spec 2, for which BentoML ignores it", async () => {
    expect(await bentoOf("minimal greeter:az3yh3hfjwpwwax4")).toThrow(
      expect.objectContaining({ class: "input", hint: expect.stringContaining("bentoml[grpc]") }),
    );
    expect(await bentoOf("minimal greeter:az3yh3hfjwpwwax4", "generated", [])).not.toThrow();
  });

  it("is refused with a Dockerfile that would not install them", async () => {
    expect(await bentoOf("v1-setup-script classic:guqwbdhfjwcpgax4", "stored")).toThrow(/only a generated Dockerfile/);
    expect(await bentoOf("v1-setup-script classic:guqwbdhfjwcpgax4")).not.toThrow();
  });
});

describe("A Dockerfile of the user's own", () => {
  it("is built for a Bento that lacks what it does not use", async () => {
    expect(await generatedFor(READ_BY_OUR_RECIPE)).toEqual(["env", "env/docker", "hf-models", "models"]);
  });

  it("gets the files that a Dockerfile of BentoML's finds in the Bento", async () => {
    expect(await generatedFor([])).toContain("env/docker/entrypoint.sh");
  });

  it("is built with the .dockerignore beside it, which replaces the one of the Bento", async () => {
    const { machine, root, located } = await bentoWithout([]);
    const bento = await readBento(located, machine);
    await writeFile(join(located.directory.path, ".dockerignore"), "src\n");
    const dockerfile = join(root, "Own.Dockerfile");
    await writeFile(dockerfile, "FROM scratch\n");
    await writeFile(`${dockerfile}.dockerignore`, "apis\n");
    const job = { inputs: { dockerfile, buildArgs: {} }, bento, models: [], recipe: undefined };
    const source = await deriveSource(job, { dialect: FULL_DIALECT }, { files: machine.files, workspace: root });
    const kept = await keepFiles(source, machine);
    expect(await readFile(`${kept.dockerfile}.dockerignore`, "utf8")).toBe("apis\n");
  });

  it("is what it takes: our recipe needs a whole Bento", async () => {
    const { machine, located } = await bentoWithout(READ_BY_OUR_RECIPE);
    await expect(readBento(located, machine)).rejects.toMatchObject({ code: "ReferenceMissing" });
  });
});
