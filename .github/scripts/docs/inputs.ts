/** The tables of inputs and outputs, and their types, from action.yml. */
import { BACKENDS } from "../../../src/backends/index.ts";
import { GROUPS } from "../../../src/inputs/groups.ts";
import { schema } from "../../../src/inputs/schema.ts";
import { type Metadata, table } from "./metadata.ts";

const HEAD = ["Input", "Meaning", "Default", "Example"];

/** @throws Error when an input is in no group, or a group names an input that is not there. */
export function inputTables({ inputs }: Metadata): string {
  const grouped = Object.values(GROUPS).flat();
  const strays = [...new Set([...Object.keys(inputs), ...grouped])].filter(
    (name) => !(name in inputs) || grouped.filter((other) => other === name).length !== 1,
  );
  if (strays.length > 0) throw new Error(`put into one group of src/inputs/groups.ts: ${strays.join(", ")}`);
  return Object.entries(GROUPS)
    .map(([title, names]) => `## ${title}\n\n${table(HEAD, rows(names, inputs).map(anchored))}`)
    .join("\n\n");
}

type Examples = Readonly<Record<string, { readonly example: string }>>;

/** The inputs of one of the smaller actions, and its outputs. */
export function actionTables(metadata: Metadata, examples: Examples): string {
  return [table(HEAD, rows(Object.keys(metadata.inputs), metadata.inputs, examples)), outputTable(metadata)].join(
    "\n\n",
  );
}

function rows(
  names: readonly string[],
  inputs: Metadata["inputs"],
  examples: Examples = schema,
): readonly (readonly string[])[] {
  return names.map((name) => {
    const { description = "", required, default: preset, deprecationMessage } = inputs[name] ?? {};
    const text = deprecationMessage === undefined ? description : `${description}. Deprecated: ${deprecationMessage}`;
    const fallback = preset === undefined ? "" : `\`${preset}\``;
    return [`\`${name}\``, inDocs(text), required === true ? "**required**" : fallback, exampleOf(name, examples)];
  });
}

/** A row that a link can lead to: `inputs.md#tags`. */
function anchored([input = "", ...rest]: readonly string[]): readonly string[] {
  return [`<a id="${input.replaceAll("`", "")}"></a>${input}`, ...rest];
}

/** As the action itself shows it beside a mistake. */
function exampleOf(name: string, examples: Examples): string {
  const example = examples[name]?.example;
  return example === undefined ? "" : `\`${example}\``;
}

/** Links of action.yml start at the repository's top, those of a page in docs/ do not. */
function inDocs(text: string): string {
  return text.replaceAll("](docs/", "](").replaceAll("[docs/", "[");
}

export function outputTable({ outputs }: Metadata): string {
  return table(
    ["Output", "Meaning"],
    Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  );
}

const BOOLEANS = [
  ...["push", "push-by-digest", "load", "no-cache", "pull"],
  ...["verify-models", "model-artifact", "keep-state", "dry-run", "summary"],
];
const COMMA_LISTS = [
  ...["tags", "platforms", "no-cache-filters", "secret-envs", "insecure-registries"],
  ...["add-hosts", "allow", "ulimit", "enable-features"],
];
const LINE_LISTS = [
  "tool-checksums",
  ...["output", "outputs"],
  ...["labels", "annotations", "build-args", "attests", "cache-from", "cache-to", "secrets", "secret-files"],
  ...["ssh", "registry-mirrors", "registry-authorities", "build-contexts", "extra-args"],
];
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  backend: ["auto", ...BACKENDS.map(({ name }) => name)],
  "oci-backend": ["auto", ...BACKENDS.map(({ name }) => name)],
  install: ["missing", "never", "always"],
  format: ["oci", "docker"],
  assembly: ["auto", "direct", "backend"],
  cache: ["auto", "off", "registry", "gha", "local", "inline"],
  "if-exists": ["build", "skip"],
};

/** action-types.yml, for generators of typed workflows: https://github.com/typesafegithub/github-actions-typing */
export function actionTypes({ inputs, outputs }: Metadata): string {
  const typed = (name: string): string =>
    `  ${name}:\n${typeOf(name)
      .map((line) => `    ${line}\n`)
      .join("")}`;
  return [
    "# Written by `npm run docs`.\n",
    `inputs:\n${Object.keys(inputs).map(typed).join("")}`,
    `outputs:\n${Object.keys(outputs)
      .map((name) => `  ${name}:\n    type: string\n`)
      .join("")}`,
  ].join("");
}

function typeOf(name: string): readonly string[] {
  if (BOOLEANS.includes(name)) return ["type: boolean"];
  if (name === "timeout") return ["type: integer"];
  const list = (separator: string) => ["type: list", `separator: ${separator}`, "list-item:", "  type: string"];
  if (COMMA_LISTS.includes(name)) return list('","');
  if (LINE_LISTS.includes(name)) return list('"\\n"');
  const words = ENUMS[name];
  if (words !== undefined) return ["type: enum", "allowed-values:", ...words.map((word) => `  - ${word}`)];
  return ["type: string"];
}
