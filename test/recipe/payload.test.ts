import { describe, expect, it } from "vitest";
import type { LocatedModel } from "../../src/bento/bento.ts";
import { nameContexts } from "../../src/recipe/contexts.ts";
import { makeRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import type { GeneratedEntry } from "../../src/recipe/source.ts";
import { enclosureOf } from "../fakes/enclosed.ts";
import { readCase, readRecipe, TOOL } from "./bentos.ts";

const COMMIT = "3f1ec0ffee0123456789abcdef0123456789abcd";

function stored(name: string, version: string, created?: string): LocatedModel {
  const creationTime = created === undefined ? {} : { creationTime: new Date(created) };
  const model = { registry: "bentoml" as const, tag: { name, version }, ...creationTime };
  return { kind: "store", model, directory: enclosureOf(`/store/${name}/${version}`), origin: "store" };
}

function snapshot(revision: string, files: Readonly<Record<string, string>>): LocatedModel {
  const model = {
    registry: "huggingface" as const,
    tag: { name: "acme--tiny", version: "0d9c" },
    repository: "acme/tiny",
    revision,
    include: [],
    exclude: [],
  };
  const entries = Object.entries(files).map(([path, source]) => ({ path, source, size: 1 }));
  return {
    kind: "snapshot",
    model,
    directory: enclosureOf("/hub/models--acme--tiny"),
    commit: COMMIT,
    files: entries,
    listed: false,
    origin: "hub",
  };
}

async function recipeWith(models: readonly LocatedModel[]): Promise<Recipe> {
  const { bento } = await readCase("minimal greeter:az3yh3hfjwpwwax4");
  return makeRecipe(bento, models, { buildArgs: {}, tool: TOOL });
}

function find(recipe: Recipe, path: string): GeneratedEntry | undefined {
  return recipe.generated.find((entry) => entry.path === path);
}

describe("The payload layers", () => {
  it("are ordered from the least to the most frequently changed, and make root the owner of the parents", async () => {
    const { payload } = await readRecipe("sklearn iris_classifier:bkemozxfjwqs2ax4");
    expect(payload.map(({ name, owner }) => `${name} ${owner.uid}:${owner.gid}`)).toEqual([
      "model iris_tree:bhba7qxfjwjd2ax4 1034:1034",
      "apis 1034:1034",
      "env 1034:1034",
      "generated 1034:1034",
      "src 1034:1034",
      "manifest 1034:1034",
      "parents 0:0",
    ]);
  });

  it("need no builder unless the Bento has a setup script", async () => {
    expect((await readRecipe("sklearn iris_classifier:bkemozxfjwqs2ax4")).afterPayload).toEqual([]);
    expect((await readRecipe("v1-setup-script classic:guqwbdhfjwcpgax4")).afterPayload).toHaveLength(1);
  });

  it("copy a link at the top of the Bento by its name, so that it stays one entry", async () => {
    const { bento } = await readCase("minimal greeter:az3yh3hfjwpwwax4");
    const entries = [...bento.entries, { name: "assets", kind: "symlink" as const }];
    const { payload } = makeRecipe({ ...bento, entries }, [], { buildArgs: {}, tool: TOOL });
    expect(payload.find(({ name }) => name === "manifest")?.copies).toEqual([
      { sources: ["README.md", "bento.yaml"], destination: "/home/bentoml/bento/" },
      { sources: ["assets"], destination: "/home/bentoml/bento/assets" },
    ]);
  });

  it("do not depend on whether the Bento's files have kept their modes", async () => {
    const recipe = await readRecipe("v1-setup-script classic:guqwbdhfjwcpgax4");
    for (const name of ["entrypoint.sh", "setup_script"]) {
      expect(find(recipe, `bento/env/docker/${name}`)).toEqual({
        kind: "copy",
        path: `bento/env/docker/${name}`,
        mode: 0o755,
        from: recipe.context,
        source: `env/docker/${name}`,
      });
    }
  });
});

describe("The model store in the image", () => {
  it("exists even if it is empty", async () => {
    const recipe = await recipeWith([]);
    expect(find(recipe, "bento/models")).toEqual({ kind: "directory", path: "bento/models", mode: 0o755 });
    expect(find(recipe, "bento/hf-models")).toEqual({ kind: "directory", path: "bento/hf-models", mode: 0o755 });
  });

  it("has the newest version of each model as latest", async () => {
    const recipe = await recipeWith([
      stored("m", "new", "2026-02-01T00:00:00+02:00"),
      stored("m", "old", "2026-01-31T21:59:59Z"),
      stored("other", "only"),
    ]);
    expect(find(recipe, "bento/models/m/latest")).toMatchObject({ content: "new" });
    expect(find(recipe, "bento/models/other/latest")).toMatchObject({ content: "only" });
  });
});

describe("A snapshot of the Hub in the image", () => {
  it("has each file once, in one layer, and links with the names of the snapshot", async () => {
    const recipe = await recipeWith([
      snapshot(COMMIT, { "config.json": "blobs/a", "copy.json": "blobs/a", "sub/x $y.bin": "blobs/b" }),
    ]);
    const repository = "bento/hf-models/models--acme--tiny";
    expect(recipe.payload[0]?.copies).toEqual([
      {
        context: "model-acme-tiny",
        sources: ["blobs/a", "blobs/b"],
        destination: "/home/bentoml/bento/hf-models/models--acme--tiny/blobs/",
      },
    ]);
    expect(recipe.generated.filter(({ kind }) => kind === "link")).toEqual([
      { kind: "link", path: `${repository}/snapshots/${COMMIT}/config.json`, target: "../../blobs/a" },
      { kind: "link", path: `${repository}/snapshots/${COMMIT}/copy.json`, target: "../../blobs/a" },
      { kind: "link", path: `${repository}/snapshots/${COMMIT}/sub/x $y.bin`, target: "../../../blobs/b" },
    ]);
    expect(find(recipe, `${repository}/refs/${COMMIT}`)).toBeUndefined();
  });

  it("includes the listing of its commit if the cache has one", async () => {
    const listed = { ...snapshot(COMMIT, { "config.json": "blobs/a" }), listed: true };
    const path = `bento/hf-models/models--acme--tiny/trees/${COMMIT}.json`;
    const from = enclosureOf("/hub/models--acme--tiny");
    const source = `trees/${COMMIT}.json`;
    expect(find(await recipeWith([listed]), path)).toEqual({ kind: "copy", path, mode: 0o644, from, source });
    expect(find(await recipeWith([snapshot(COMMIT, {})]), path)).toBeUndefined();
  });

  it("has its files in the snapshot directory when the cache has no links", async () => {
    const place = `snapshots/${COMMIT}`;
    const recipe = await recipeWith([
      snapshot(COMMIT, { "a.json": `${place}/a.json`, "sub/b.json": `${place}/sub/b.json` }),
    ]);
    expect(recipe.payload[0]?.copies.map(({ sources }) => sources)).toEqual([
      [`${place}/a.json`],
      [`${place}/sub/b.json`],
    ]);
    expect(recipe.generated.filter(({ kind }) => kind === "link")).toEqual([]);
  });

  it("is also found by the branch when the manifest names a branch instead of a commit", async () => {
    const recipe = await recipeWith([snapshot("main", { "a.json": "blobs/a" })]);
    expect(find(recipe, "bento/hf-models/models--acme--tiny/refs/main")).toMatchObject({ content: COMMIT });
  });
});

describe("The contexts of the models", () => {
  it.each([
    [["iris_tree"], ["model-iris-tree"]],
    [
      ["a.b", "a_b"],
      ["model-a-b-1", "model-a-b-2"],
    ],
    [
      ["a", "a", "b"],
      ["model-a-1", "model-a-2", "model-b"],
    ],
    [["-x-"], ["model-x"]],
  ])("of the models %j have the names %j", (names, contexts) => {
    const models = names.map((name, index) => stored(name, String(names.slice(0, index).length + 1)));
    expect(nameContexts(models).map(({ name }) => name)).toEqual(contexts);
  });

  it("get a number when the names and versions are the same", () => {
    const names = nameContexts([stored("m", "1.0"), stored("m", "1_0")]).map(({ name }) => name);
    expect(names).toEqual(["model-m-1-0", "model-m-1-0-2"]);
  });
});
