import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { deriveSource } from "../../src/script/image-source.ts";
import { keepFiles } from "../../src/script/kept-files.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { makeMachine } from "../bento/machine.ts";

/** A Bento that lacks all that our recipe reads by name. */
async function incomplete() {
  const { world, root } = await makeMachine();
  const bentomlHome = await unpackFixture(join(root, "store"), "good/minimal/home.tar.gz");
  const located = await locateBento({ bento: "greeter", bentomlHome }, world);
  for (const path of ["env/docker/entrypoint.sh", "env/python/requirements.txt"]) {
    await rm(join(located.directory, path));
  }
  return { world, root, located };
}

describe("A Dockerfile of the user's own", () => {
  it("is built for a Bento that lacks what it does not use", async () => {
    const { world, root, located } = await incomplete();
    const bento = await readBento(located, world, { complete: false });
    const dockerfile = join(root, "Own.Dockerfile");
    await writeFile(dockerfile, "FROM scratch\nCOPY . /bento/\n");
    const inputs = { dockerfile, buildArgs: {} };
    const job = { inputs, bento, models: [], recipe: undefined } as unknown as Parameters<typeof deriveSource>[0];
    const source = await deriveSource(job, { link: true }, { files: world.files, workspace: root });
    expect(source.dockerfile).toBe("FROM scratch\nCOPY . /bento/\n");
    const { generated = "" } = await keepFiles(source, world);
    expect(await readdir(join(generated, "bento"))).toEqual(["env", "hf-models", "models"]);
    expect(await readdir(join(generated, "bento/env/docker"))).toEqual([]);
  });

  it("is what it takes: our recipe needs a whole Bento", async () => {
    const { world, located } = await incomplete();
    await expect(readBento(located, world)).rejects.toMatchObject({ code: "ReferenceMissing" });
  });
});
