import { readFile } from "node:fs/promises";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import {
  counterpartOf,
  interopTables,
  type OtherAction,
  readOtherActions,
} from "../../.github/scripts/docs/interop.ts";
import { readMetadata } from "../../.github/scripts/docs/metadata.ts";
import { Failure } from "../../src/errors.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";
import { FOREIGN } from "../../src/inputs/foreign.ts";
import { RENAMED, schema } from "../../src/inputs/schema.ts";
import { outputsOf } from "../../src/report/outputs.ts";
import { reportOf } from "../report/reports.ts";

/** As the runner passes them: declared in action.yml or not. */
function variables(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

async function linesOf(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    await decodeInputs(variables(inputs));
  } catch (error) {
    if (error instanceof Failure) return error.lines;
    throw error;
  }
  return [];
}

const rows = readOtherActions().flatMap((other) =>
  Object.entries(other.inputs).map(([input, sample]) => ({
    other,
    input,
    sample,
    counterpart: counterpartOf(other, input),
  })),
);
type Row = (typeof rows)[number];

function named(kind: Row["counterpart"]["kind"]): readonly (readonly [string, string, Row])[] {
  return rows.flatMap((row) => (row.counterpart.kind === kind ? [[row.other.action, row.input, row]] : []));
}

/** Values of redhat-actions that mean something else here; together with the input image, which they require, they are refused. */
const OTHER_GRAMMAR = ["redhat-actions/buildah-build tags", "redhat-actions/push-to-registry tags"];

describe("a row of docs/interop.md that says", () => {
  it.each(named("same"))(
    "%s: %s is the same input reads the value of that action's documentation",
    async (_, input, row) => {
      const base = {
        bento: "iris",
        push: "false",
        ...(input === "tags" ? {} : { tags: "user/app:1" }),
        platforms: "linux/amd64,linux/arm64",
      };
      const given = { ...base, [input]: row.sample };
      if (OTHER_GRAMMAR.includes(`${row.other.action} ${input}`)) {
        expect(await linesOf(given)).toEqual([expect.stringMatching(/^tags: .*not an image reference/)]);
        return;
      }
      const other = await decodeInputs(
        variables({ ...base, ...(input === "platforms" ? { platforms: "linux/s390x" } : {}) }),
      );
      expect((await decodeInputs(variables(given))).inputs).not.toEqual(other.inputs);
    },
  );

  it.each(named("renamed"))(
    "%s: %s works under its old name gives the inputs of the new one",
    async (_, input, { sample, counterpart }) => {
      const to = counterpart.kind === "renamed" ? counterpart.to : "";
      const base = { tags: "user/app:1", ...(to === "bento" ? {} : { bento: "iris" }) };
      const { inputs, notes } = await decodeInputs(variables({ ...base, [input]: sample }));
      expect(inputs).toEqual((await decodeInputs(variables({ ...base, [to]: sample }))).inputs);
      expect(notes).toEqual([`The input "${input}" is now called "${to}".`]);
    },
  );

  it.each(named("refused"))(
    "%s: %s is refused names what to use, and never the value",
    async (_, input, { sample, counterpart }) => {
      const value = FOREIGN[input]?.ours === sample ? "false" : sample;
      const lines = await linesOf({ bento: "iris", [input]: value });
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^${input}: this action has no such input`))]);
      const instead = counterpart.kind === "refused" ? counterpart.instead : [];
      expect(lines[0]).toContain(instead.length === 0 ? "no such input: " : `use ${instead.join(", ")}: `);
      for (const name of instead) expect(Object.keys(schema)).toContain(name);
      if (/token|password|pass|key/.test(input)) expect(lines[0]).not.toContain(sample);
    },
  );

  it("that an output is the same names an output with a value", () => {
    const told = outputsOf(reportOf());
    const table = interopTables(readMetadata());
    const outputs = [...new Set(readOtherActions().flatMap((other) => other.outputs))];
    const same = outputs.filter((name) => table.includes(`| \`${name}\` | same |`) && !(name in schema));
    expect(same).toEqual(["imageid", "digest", "metadata"]);
    for (const name of same) expect(told[name]).not.toBe("");
    expect(JSON.parse(told["metadata"] ?? "")).toMatchObject({
      "containerimage.digest": told["digest"],
      "containerimage.config.digest": told["imageid"],
      "image.name": (told["tags"] ?? "").replaceAll("\n", ","),
    });
  });
});

describe("the inputs of other actions", () => {
  it.each(readOtherActions().map((other): [string, OtherAction] => [other.action, other]))(
    "of %s are refused all at once, with the mistakes of the others",
    async (_, other) => {
      const refused = Object.keys(other.inputs).filter((input) => counterpartOf(other, input).kind === "refused");
      const given = Object.fromEntries(
        Object.entries(other.inputs)
          .filter(([input]) => input !== "bento-tag" && input !== "oci-backend")
          .map(([input, sample]) => [input, FOREIGN[input]?.ours === sample ? "false" : sample]),
      );
      const lines = await linesOf({ ...given, bento: "iris", timeout: "soon" });
      expect(lines.map((line) => line.split(":")[0])).toEqual(expect.arrayContaining([...refused, "timeout"]));
    },
  );

  it("are none of this action's own, and are all known by a list", () => {
    const own = [...Object.keys(schema), ...Object.keys(RENAMED)];
    expect(Object.keys(FOREIGN).filter((name) => own.includes(name))).toEqual([]);
    const listed = readOtherActions().flatMap((other) => Object.keys(other.inputs));
    // Earlier releases called it so.
    expect(Object.keys(FOREIGN).filter((name) => !listed.includes(name))).toEqual(["tag"]);
  });

  it("may be variables of the step's environment, which the message names", async () => {
    const [line] = await linesOf({ bento: "iris", registry: "ghcr.io/acme" });
    expect(line).toMatch(/; if the variable INPUT_REGISTRY comes from `env:`, rename it$/);
  });

  it.each([
    ["layers", "true", "false"],
    ["oci", "True", "false"],
    ["tls-verify", " true ", "false"],
    ["squash", "FALSE", "true"],
  ])("are accepted with a value that says what this action does anyway: %s: %s", async (input, ours, other) => {
    expect(await linesOf({ bento: "iris", [input]: ours })).toEqual([]);
    expect(await linesOf({ bento: "iris", [input]: other })).toHaveLength(1);
  });

  it("count only if they have a value, as an expression may have none", async () => {
    expect(await linesOf({ bento: "iris", context: "", password: "" })).toEqual([]);
  });

  it("are not in action.yml, where the runner would offer them", async () => {
    const { inputs } = load(await readFile("action.yml", "utf8")) as { readonly inputs: object };
    expect(Object.keys(FOREIGN).filter((name) => name in inputs)).toEqual([]);
  });
});
