import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuseExisting } from "../../src/commands/creations.ts";
import { realFiles } from "../../src/machine/files.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bento-image-creations-"));
  await mkdir(join(root, "empty"));
  await mkdir(join(root, "full"));
  await writeFile(join(root, "full", "index.json"), "{}");
  await writeFile(join(root, "image.tar"), "");
});

afterAll(() => rm(root, { recursive: true }));

describe("an output", () => {
  const refuse = (...names: readonly string[]) =>
    refuseExisting(
      names.map((name) => join(root, name)),
      realFiles(root),
    );

  it("may be new, or an empty directory", async () => {
    await expect(refuse("new", "empty")).resolves.toBeUndefined();
  });

  it("is refused where something is, all such paths at once", async () => {
    await expect(refuse("full", "new", "image.tar")).rejects.toMatchObject({
      class: "input",
      code: "OutputExists",
      message: `output: already exists: ${join(root, "full")}, ${join(root, "image.tar")}`,
    });
  });
});
