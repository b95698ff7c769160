import { cp, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planPayload } from "../../src/assembly/prepare-layers.ts";
import type { LocatedModel } from "../../src/bento/bento.ts";
import type { LayerPlan } from "../../src/layers/layer.ts";
import { identityOf, layerKey } from "../../src/layers/layer-key.ts";
import type { Compression } from "../../src/oci/compression.ts";
import { bentoIn, FILES, modelIn, recipeOf, WEIGHTS, writeTree } from "../assembly/bentos.ts";
import { directory, link, makeTestDirectory, OWNER, planOf, text } from "../assembly/plans.ts";
import { enclosedFile, enclosureOf } from "../fakes/enclosed.ts";

const GZIP: Compression = { format: "gzip", auto: true };

function onDisk(path: string, size: number, at = "/store/weights.bin") {
  return { ...text(path, ""), size, source: enclosedFile(at) };
}

const PLAN = planOf(directory("home"), onDisk("home/weights", 10), link("home/latest", "weights"));

describe("The key of a layer", () => {
  const key = layerKey(PLAN, GZIP, "iris 2026");

  it("does not depend on the location of the files or the title of the layer", () => {
    const elsewhere = planOf(directory("home"), onDisk("home/weights", 10, "/mnt/w"), link("home/latest", "weights"));
    expect(layerKey({ ...elsewhere, title: "other" }, GZIP, "iris 2026")).toBe(key);
  });

  it.each<[string, LayerPlan]>([
    ["path", planOf(directory("home"), onDisk("home/weights.bin", 10), link("home/latest", "weights"))],
    ["size", planOf(directory("home"), onDisk("home/weights", 11), link("home/latest", "weights"))],
    ["mode", planOf(directory("home"), { ...onDisk("home/weights", 10), mode: 0o755 }, link("home/latest", "weights"))],
    ["link", planOf(directory("home"), onDisk("home/weights", 10), link("home/latest", "weight"))],
    ["directory", planOf(onDisk("home/weights", 10), link("home/latest", "weights"))],
    ["owner", { ...PLAN, entries: PLAN.entries.map((entry) => ({ ...entry, owner: { ...OWNER, gid: 0 } })) }],
    ["time", { ...PLAN, epoch: 0 }],
  ])("differs with another %s", (_, plan) => {
    expect(layerKey(plan, GZIP, "iris 2026")).not.toBe(key);
  });

  it("differs with another identity or compression", () => {
    const compressions: readonly Compression[] = [
      GZIP,
      { format: "gzip" },
      { format: "gzip", level: 9 },
      { format: "zstd" },
    ];
    const keys = compressions.map((compression) => layerKey(PLAN, compression, "iris 2026"));
    expect(new Set([...keys, layerKey(PLAN, GZIP, "iris 2027")]).size).toBe(5);
  });

  it("depends on the content of generated entries", () => {
    const generated = (content: string) => layerKey(planOf(text("home/latest", content)), GZIP, "iris");
    expect(generated("v1")).not.toBe(generated("v2"));
  });

  it.each([
    ["another file's name", planOf(onDisk('a","size":10', 1)), planOf(onDisk("a", 10))],
    ["two entries for one", planOf(text("a", "b"), text("c", "")), planOf(text("a", "bc"))],
  ])("cannot be forged by %s", (_, one, other) => {
    expect(layerKey(one, GZIP, "iris")).not.toBe(layerKey(other, GZIP, "iris"));
  });
});

describe("The identity of a model", () => {
  const model = {
    registry: "huggingface" as const,
    tag: { name: "acme--tiny", version: "3f1e" },
    repository: "acme/tiny",
    revision: "main",
    include: [],
    exclude: [],
  };
  const snapshot = (commit: string, ...sources: readonly string[]): LocatedModel => ({
    kind: "snapshot",
    model,
    directory: enclosureOf("/hub"),
    commit,
    files: sources.map((source) => ({ source, path: source, size: 1 })),
    listed: false,
    origin: "cache",
  });

  it("is its version and creation time in BentoML's store", () => {
    const one = identityOf(modelIn("/store/one", "2026-02-01T00:00:00+01:00"));
    expect(one).toBe("iris_tree:m1 2026-01-31T23:00:00.000Z");
    expect(identityOf(modelIn("/elsewhere", "2026-01-31T23:00:00Z"))).toBe(one);
    expect(identityOf(modelIn("/store/one", "2026-02-01T00:00:00.001+01:00"))).not.toBe(one);
  });

  it("is undefined for a model without a creation time", () => {
    const {
      kind,
      model: stored,
      directory: at,
      origin,
    } = modelIn("/store") as Extract<LocatedModel, { kind: "store" }>;
    const { creationTime: _, ...undated } = stored as typeof stored & { creationTime?: Date };
    expect(identityOf({ kind, model: undated, directory: at, origin })).toBeUndefined();
  });

  it("comes from the file names in a Hugging Face cache, and is the same for two commits with the same files", () => {
    const [small, big] = [`blobs/${"a".repeat(40)}`, `blobs/${"b".repeat(64)}`] as const;
    expect(identityOf(snapshot("c1", small, big))).toBe(identityOf(snapshot("c2", small, big)));
  });

  it.each(["snapshots/x/config.json", "blobs/abc-2", `blobs/${"g".repeat(40)}`])(
    "is the commit where a file's name is no hash: %s",
    (source) => {
      const [one, other] = ["c1", "c2"].map((commit) =>
        identityOf(snapshot(commit, `blobs/${"a".repeat(40)}`, source)),
      );
      expect(one).not.toBe(other);
    },
  );
});

describe("In a Bento", () => {
  it("only models have keys; its own files are read every time", async () => {
    const { root, files } = await makeTestDirectory();
    const model = modelIn(await writeTree(join(root, "model"), WEIGHTS));
    const recipe = recipeOf(bentoIn(await writeTree(join(root, "bento"), FILES)), [model]);
    const jobs = await planPayload(recipe, [model], { epoch: 1, compression: GZIP }, { files });
    expect(jobs.map(({ plan, key }) => [plan.title, key !== undefined])).toEqual([
      ["model iris_tree:m1", true],
      ["apis", false],
      ["env", false],
      ["generated", false],
      ["src", false],
      ["manifest", false],
    ]);
  });

  it("a model keeps its key when it is restored to another directory with other file times", async () => {
    const { root, files } = await makeTestDirectory();
    const bento = bentoIn(await writeTree(join(root, "bento"), FILES));
    const first = await writeTree(join(root, "first"), WEIGHTS);
    const second = join(root, "second");
    await cp(first, second, { recursive: true });
    await utimes(join(second, "weights.bin"), 1, 1);
    const keys = [first, second].map(async (directoryOf) => {
      const model = modelIn(directoryOf);
      const [job] = await planPayload(recipeOf(bento, [model]), [model], { epoch: 1, compression: GZIP }, { files });
      return job?.key;
    });
    const [one, other] = await Promise.all(keys);
    expect(one).toMatch(/^sha256:/);
    expect(other).toBe(one);
  });
});
