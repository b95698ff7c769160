/** Bentos and models created by the tests. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Bento, ImageOptionsV2, LocatedModel } from "../../src/bento/bento.ts";
import { makeRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { enclosureOf } from "../fakes/enclosed.ts";

/** File contents by path; the files are created in this order. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

export const FILES: Tree = {
  "bento.yaml": "service: service:Iris\nname: iris\nversion: v1\n",
  "README.md": "# Iris\n",
  "apis/openapi.yaml": "openapi: 3.0.2\n",
  "env/docker/entrypoint.sh": "#!/bin/sh\n",
  "env/python/install.sh": "#!/bin/sh\n",
  "env/python/requirements.txt": "bentoml==1.4.38\n",
  "src/service.py": "import bentoml\n",
};

export const WEIGHTS: Tree = {
  "model.yaml": "name: iris_tree\nversion: m1\n",
  "weights.bin": "weights, and weights, and weights\n",
};

const IMAGE: ImageOptionsV2 = {
  spec: 2,
  baseImage: "python:3.11-slim",
  pythonVersion: "3.11",
  commands: [],
  postCommands: [],
  buildInclude: [],
};

export async function writeTree(directory: string, tree: Tree): Promise<string> {
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

/** The Bento in this directory, as the reader would return it. */
export function bentoIn(path: string, { image, ...rest }: BentoChange = {}): Bento {
  return {
    tag: { name: "iris", version: "v1" },
    bentomlVersion: "1.4.38",
    creationTime: new Date("2026-03-01T10:00:00Z"),
    service: "service:Iris",
    labels: {},
    envs: [],
    models: [],
    directory: enclosureOf(path),
    entries: [
      { name: "README.md", kind: "file" },
      ...["apis", "env"].map((name) => ({ name, kind: "directory" as const })),
      { name: "bento.yaml", kind: "file" },
      { name: "src", kind: "directory" },
    ],
    indexOptions: [],
    ...rest,
    image: { ...IMAGE, ...image },
  };
}

export type BentoChange = Partial<Omit<Bento, "image">> & { readonly image?: Partial<ImageOptionsV2> };

/** A model of BentoML's store in this directory. */
export function modelIn(path: string, created = "2026-02-01T00:00:00Z", name = "iris_tree"): LocatedModel {
  const model = { registry: "bentoml" as const, tag: { name, version: "m1" }, creationTime: new Date(created) };
  return { kind: "store", model, directory: enclosureOf(path), origin: "store" };
}

export function recipeOf(
  bento: Bento,
  models: readonly LocatedModel[] = [],
  buildArgs: Readonly<Record<string, string>> = {},
): Recipe {
  return makeRecipe(bento, models, { buildArgs, tool: "bento-image" });
}
