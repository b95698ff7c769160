import { readFile } from "node:fs/promises";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";
import { RENAMED, schema } from "../../src/inputs/schema.ts";

interface Input {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
  readonly deprecationMessage?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const source = await readFile(new URL("../../action.yml", import.meta.url), "utf8");
const action = load(source) as Action;
const inputs = Object.entries(action.inputs);

/** https://docs.github.com/actions/reference/metadata-syntax-for-github-actions */
const KEYS = {
  top: ["name", "description", "author", "branding", "inputs", "outputs", "runs"],
  input: ["description", "required", "default", "deprecationMessage"],
  output: ["description"],
  runs: ["using", "main", "post"],
};

describe("action.yml", () => {
  it("has every input that the code reads, and no other", () => {
    const read = [...Object.keys(schema), ...Object.keys(RENAMED)];
    expect(Object.keys(action.inputs).sort()).toEqual(read.sort());
  });

  it("has only keys that the runner knows, which it would ignore misspelt", () => {
    const unknown = (found: object, known: readonly string[]) =>
      Object.keys(found).filter((key) => !known.includes(key));
    expect(unknown(action, KEYS.top)).toEqual([]);
    expect(unknown(action.runs, KEYS.runs)).toEqual([]);
    expect(inputs.flatMap(([, input]) => unknown(input, KEYS.input))).toEqual([]);
    expect(Object.values(action.outputs).flatMap((output) => unknown(output, KEYS.output))).toEqual([]);
  });

  it("runs the bundle on Node 24", () => {
    expect(action.runs).toEqual({ using: "node24", main: "dist/main.js", post: "dist/post.js" });
  });

  it.each(inputs)("describes %s, with defaults as text", (_, input) => {
    expect(input.description).toMatch(/\S/);
    expect(["string", "undefined"]).toContain(typeof input.default);
  });

  it("requires the Bento alone, and not where its old name is given", () => {
    expect(inputs.filter(([, { required }]) => required).map(([name]) => name)).toEqual(["bento"]);
  });

  it("deprecates exactly the renamed inputs, and names what to use", () => {
    const told = inputs.flatMap(([name, { deprecationMessage }]) =>
      deprecationMessage === undefined ? [] : [[name, deprecationMessage]],
    );
    expect(told).toEqual(Object.entries(RENAMED).map(([old, current]) => [old, `Use \`${current}\`.`]));
  });

  it("has defaults that the code understands, and that change nothing when they are left out", async () => {
    const defaults = inputs.flatMap(([name, input]) =>
      input.default === undefined ? [] : [[`INPUT_${name.toUpperCase()}`, input.default] as const],
    );
    const { inputs: given } = await decodeInputs({ INPUT_BENTO: "iris", ...Object.fromEntries(defaults) });
    expect(given).toMatchObject({ backend: "auto", push: undefined, format: "oci", dryRun: false, summary: true });
  });

  it("names every backend in the description of the input", () => {
    for (const name of ["auto", ...BACKENDS.map((backend) => backend.name)])
      expect(action.inputs["backend"]?.description).toContain(`\`${name}\``);
  });
});
