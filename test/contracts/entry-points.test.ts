import { readFile } from "node:fs/promises";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { Schema } from "../../src/inputs/decode-schema.ts";
import { engineSchema } from "../../src/inputs/engine-schema.ts";
import { matrixSchema } from "../../src/matrix/inputs.ts";
import { mergeSchema } from "../../src/merging/inputs.ts";

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: object;
}

interface EntryPoint {
  readonly schema: Schema;
  readonly outputs: readonly string[];
  /** What it does when the job ends. */
  readonly post?: string;
}

const ENTRY_POINTS: Readonly<Record<string, EntryPoint>> = {
  setup: { schema: engineSchema, outputs: ["backend", "builder", "versions"], post: "../dist/post.js" },
  matrix: { schema: matrixSchema, outputs: ["matrix", "platforms", "bentos", "count", "fail-fast"] },
  merge: { schema: mergeSchema, outputs: ["digest", "image", "images", "digests", "tags"] },
};

describe.each(Object.entries(ENTRY_POINTS))("%s/action.yml", (name, { schema, outputs, ...post }) => {
  const read = () => readFile(new URL(`../../${name}/action.yml`, import.meta.url), "utf8");

  it("is an action in the eyes of GitHub's own parser", async () => {
    const { context } = parseAction({ name, content: await read() }, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).toEqual([]);
  });

  it("has every input that the code reads and every output, and no other, each described", async () => {
    const metadata = load(await read()) as Metadata;
    expect(Object.keys(metadata.inputs)).toEqual(Object.keys(schema));
    expect(Object.keys(metadata.outputs)).toEqual(outputs);
    for (const { description } of Object.values({ ...metadata.inputs, ...metadata.outputs })) {
      expect(description).toMatch(/\S/);
    }
  });

  it("runs its bundle on Node 24", async () => {
    expect((load(await read()) as Metadata).runs).toEqual({ using: "node24", main: `../dist/${name}.js`, ...post });
  });
});
