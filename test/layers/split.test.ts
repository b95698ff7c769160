import { open } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectPayload } from "../../src/layers/collect.ts";
import type { FileEntry, LayerEntry, LayerPlan } from "../../src/layers/layer.ts";
import { splitLayers } from "../../src/layers/split.ts";
import { bentoIn, FILES, modelIn, recipeOf, WEIGHTS, writeTree } from "../assembly/bentos.ts";
import { directory, EPOCH, link, makeTestDirectory, planOf, text } from "../assembly/plans.ts";

const BIG = 64 * 2 ** 20;
const MOST = 64;

function file(path: string, size: number): FileEntry {
  return { ...text(path, ""), size };
}

function split(...entries: readonly LayerEntry[]): readonly LayerPlan[] {
  return splitLayers([{ plan: planOf(...entries) }]).map(({ plan }) => plan);
}

function pathsOf(plans: readonly LayerPlan[]): readonly (readonly string[])[] {
  return plans.map(({ entries }) => entries.map(({ path }) => path));
}

describe("A layer is split", () => {
  it("so that every file of at least 64 MiB gets its own layer and the rest share one", () => {
    const parts = split(file("a", BIG), file("b", BIG - 1), file("c", BIG + 1), text("d", "small"));
    expect(pathsOf(parts)).toEqual([["a"], ["c"], ["b", "d"]]);
    expect(parts.map(({ title }) => title)).toEqual(["model iris:1 (a)", "model iris:1 (c)", "model iris:1"]);
    expect(parts.every(({ epoch }) => epoch === EPOCH)).toBe(true);
  });

  it("only if it has big files", () => {
    const plan = planOf(directory("home"), text("home/a", "1"));
    expect(splitLayers([{ plan }])).toEqual([{ plan }]);
  });

  it("so that each part has the parent directories of its files and no others", () => {
    const entries = [
      directory("home"),
      directory("home/m"),
      file("home/m/big", BIG),
      directory("home/m/other"),
      text("home/m/other/small", ""),
      directory("home/m2"),
      file("home/m2/big", BIG),
    ];
    expect(pathsOf(split(...entries))).toEqual([
      ["home", "home/m", "home/m/big"],
      ["home", "home/m2", "home/m2/big"],
      ["home", "home/m", "home/m/other", "home/m/other/small", "home/m2"],
    ]);
  });

  it.each([
    ["a link", link("home/link", "big")],
    ["an empty directory", directory("home/empty")],
    ["an empty file", text("home/empty", "")],
  ])("and keeps %s", (_, entry) => {
    const parts = split(directory("home"), file("home/big", BIG), entry);
    expect(pathsOf(parts)).toEqual([
      ["home", "home/big"],
      ["home", entry.path],
    ]);
  });

  it("without an empty rest", () => {
    expect(pathsOf(split(directory("home"), file("home/big", BIG)))).toEqual([["home", "home/big"]]);
  });
});

describe("An image does not exceed the layer limit of engines", () => {
  it("so only the largest files of all layers get their own layers", () => {
    const many = (name: string, count: number) =>
      planOf(
        text(`${name}.yaml`, ""),
        ...Array.from({ length: count }, (_, index) => file(`${name}-${index}`, BIG + index)),
      );
    const layers = splitLayers([{ plan: many("a", 40) }, { plan: many("b", 40) }, { plan: many("c", 3) }]);
    expect(layers).toHaveLength(MOST + 3);
    const [a, b, c] = ["a", "b", "c"].map((name) =>
      layers.filter(({ plan }) => plan.entries[0]?.path.startsWith(name)),
    );
    expect([a?.length, b?.length, c?.length]).toEqual([41, 25, 1]);
    expect(b?.slice(0, -1).map(({ plan }) => plan.entries[0]?.path)).toEqual(
      Array.from({ length: 24 }, (_, index) => `b-${16 + index}`),
    );
  });
});

const sizes = fc.array(
  fc.nat(3).map((times) => times * (BIG / 2)),
  { maxLength: 90 },
);

it("Splitting keeps every entry, each file exactly once, in the order of layers", () => {
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 4 }), (models) => {
      const whole = models.map((files, model) => ({
        plan: planOf(
          directory(`${model}`),
          ...files.map((size, index) => file(`${model}/${String(index).padStart(2, "0")}`, size)),
        ),
      }));
      const parts = splitLayers(whole).map(({ plan }) => plan);
      const filesOf = (plans: readonly LayerPlan[]) =>
        plans.flatMap(({ entries }) => entries.filter(({ kind }) => kind === "file").map(({ path }) => path)).sort();
      expect(filesOf(parts)).toEqual(filesOf(whole.map(({ plan }) => plan)));
      expect(parts.length).toBeLessThanOrEqual(models.length + MOST);
      for (const paths of pathsOf(parts)) {
        expect(paths).toEqual([...new Set(paths)].sort());
        expect(paths.length).toBeGreaterThan(0);
      }
    }),
  );
});

it("Each shard of a model on disk becomes a separate layer", async () => {
  const { root, files } = await makeTestDirectory();
  const model = await writeTree(join(root, "model"), WEIGHTS);
  for (const name of ["shard-1", "shard-2"]) {
    // Sparse: no byte of it is on the disk.
    await using handle = await open(join(model, name), "w");
    await handle.truncate(BIG);
  }
  const recipe = recipeOf(bentoIn(await writeTree(join(root, "bento"), FILES)), [modelIn(model)]);
  const parts = splitLayers(await collectPayload(recipe, EPOCH, files.enclosed));
  expect(parts.slice(0, 4).map(({ plan }) => [plan.title, plan.entries.at(-1)?.path.split("/").at(-1)])).toEqual([
    ["model iris_tree:m1 (shard-1)", "shard-1"],
    ["model iris_tree:m1 (shard-2)", "shard-2"],
    ["model iris_tree:m1", "weights.bin"],
    ["apis", "openapi.yaml"],
  ]);
});
