import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PreparedLayer } from "../../src/assembly/prepare-layers.ts";
import { findWaste } from "../../src/assembly/waste.ts";
import type { LayerEntry } from "../../src/layers/layer.ts";
import { realFiles } from "../../src/machine/files.ts";
import { resolveLayout } from "../../src/recipe/directories.ts";
import type { Section } from "../../src/recipe/step.ts";
import { enclosedFile } from "../fakes/enclosed.ts";

const OWNER = { uid: 1034, gid: 1034 };
const SIZE = 2 << 20;
const RECIPE = { environment: [] as readonly Section[], layout: resolveLayout({}) };

let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "bento-image-waste-"));
});

afterEach(() => rm(place, { recursive: true }));

async function file(path: string, content: Buffer): Promise<LayerEntry> {
  const source = join(place, path.replaceAll("/", "_"));
  await writeFile(source, content);
  return {
    kind: "file",
    path,
    mode: 0o644,
    owner: OWNER,
    size: content.length,
    source: enclosedFile(source),
  };
}

function layer(entries: readonly LayerEntry[], origin: PreparedLayer["origin"] = "hashed"): PreparedLayer {
  return { origin, job: { plan: { title: "any", entries, epoch: 0 } } } as unknown as PreparedLayer;
}

describe("Bytes that are in the image twice", () => {
  it("are reported with both paths", async () => {
    const model = await file("home/bentoml/bento/models/iris/v1/weights", Buffer.alloc(SIZE, 1));
    const source = await file("home/bentoml/bento/src/weights", Buffer.alloc(SIZE, 1));
    expect(await findWaste([layer([model]), layer([source])], RECIPE, realFiles(place).enclosed)).toEqual([
      "2.1 MB are in the image more than once: /home/bentoml/bento/models/iris/v1/weights and /home/bentoml/bento/src/weights are the same file.",
    ]);
  });

  it("are not reported when only the size and the first bytes are equal", async () => {
    const other = Buffer.alloc(SIZE, 1);
    other[SIZE - 1] = 2;
    const files = [await file("a", Buffer.alloc(SIZE, 1)), await file("b", other)];
    expect(await findWaste([layer(files)], RECIPE, realFiles(place).enclosed)).toEqual([]);
  });

  it("are not searched in files that this run did not read", async () => {
    const unread = await file("a", Buffer.alloc(SIZE, 1));
    const read = await file("b", Buffer.alloc(SIZE, 1));
    expect(await findWaste([layer([unread], "cached"), layer([read])], RECIPE, realFiles(place).enclosed)).toEqual([]);
  });

  it("are reported with the Dockerfile line that copies sources into the environment", async () => {
    const wheel = await file("home/bentoml/bento/src/wheels/big.whl", Buffer.alloc(SIZE, 1));
    const copy = { kind: "copy", sources: ["src/wheels"], destination: "/w", owner: OWNER, executable: false } as const;
    const recipe = { ...RECIPE, environment: [{ comment: [], steps: [copy] }] };
    const [line] = await findWaste([layer([wheel])], recipe, realFiles(place).enclosed);
    expect(line).toContain("2.1 MB are in the image twice");
    expect(line).toContain("`COPY src/wheels /w`");
  });
});
