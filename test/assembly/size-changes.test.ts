import { describe, expect, it } from "vitest";
import type { PreparedLayer } from "../../src/assembly/prepare-layers.ts";
import { sizeChanges } from "../../src/assembly/size-changes.ts";
import type { SizedLayer } from "../../src/cache/cached-layers.ts";
import { digestOf } from "../../src/oci/digest.ts";

const DIGEST = digestOf("");

function layer(title: string, size: number): PreparedLayer {
  return { title, descriptor: { mediaType: "", digest: DIGEST, size, annotations: {} } } as unknown as PreparedLayer;
}

function previous(layers: readonly (readonly [title: string | undefined, size: number])[]): {
  readonly layers: readonly SizedLayer[];
} {
  return { layers: layers.map(([title, size]) => ({ size, ...(title === undefined ? {} : { title }) })) };
}

const PAYLOAD = [layer("model iris:v1", 50), layer("src", 5)];
const LAYERS = [100, 50, 5].map((size) => ({ digest: DIGEST, size }));

describe("Size changes against the previous image", () => {
  it("are reported by class of layer", () => {
    const before = previous([
      [undefined, 90],
      ["model iris:v0", 20],
      ["src", 5],
    ]);
    expect(sizeChanges(LAYERS, PAYLOAD, before)).toEqual([
      { title: "environment", now: 100, before: 90 },
      { title: "models", now: 50, before: 20 },
      { title: "code", now: 5, before: 5 },
    ]);
  });

  it("are empty when there was no previous image or it has no layer titles", () => {
    expect(sizeChanges(LAYERS, PAYLOAD, undefined)).toEqual([]);
    expect(sizeChanges(LAYERS, PAYLOAD, previous([[undefined, 90]]))).toEqual([]);
  });
});
