import { readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string; readonly options?: readonly string[] };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

const FOLDER = ".github/ISSUE_TEMPLATE";
const forms = readdirSync(FOLDER).filter((file) => file !== "config.yml");

const read = (file: string) => load(readFileSync(`${FOLDER}/${file}`, "utf8")) as Form;

/** https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms */
describe.each(forms)("the issue form %s", (file) => {
  const { name, description, body } = read(file);

  it("has a name and a description", () => {
    expect([name, description]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  });

  it("has fields of the types that GitHub knows, each with an id of its own and a label, or with text", () => {
    const fields = body.filter(({ type }) => type !== "markdown");
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    for (const { type, id, attributes } of fields) {
      expect(["input", "textarea", "dropdown", "checkboxes"]).toContain(type);
      expect(id).toMatch(/^[a-z-]+$/);
      expect(attributes.label).toMatch(/\S/);
    }
    for (const { attributes } of body.filter(({ type }) => type === "markdown")) expect(attributes.value).toMatch(/\S/);
  });
});

it("the form for bugs offers every backend", () => {
  const backend = read("bug.yml").body.find(({ id }) => id === "backend");
  expect(backend?.attributes.options?.slice(0, -1)).toEqual(BACKENDS.map(({ name }) => name));
});
