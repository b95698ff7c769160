/** The table of docs/interop.md: every input and output of the actions that workflows come from, and what it is here. */
import { readFileSync } from "node:fs";
import { FOREIGN } from "../../../src/inputs/foreign.ts";
import { RENAMED, schema } from "../../../src/inputs/schema.ts";
import { ownValue } from "../../../src/values.ts";
import { type Metadata, table } from "./metadata.ts";

/** Another action, as its action.yml declares it. */
export interface OtherAction {
  readonly action: string;
  /** The release that the lists are taken from. */
  readonly version: string;
  /** Each input with a value as that action's own documentation writes it. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
}

export function readOtherActions(): readonly OtherAction[] {
  return JSON.parse(readFileSync("test/fixtures/interop/actions.json", "utf8"));
}

/** What an input of another action is here. */
export type Counterpart =
  | { readonly kind: "same"; readonly note: string }
  /** Accepted under its old name. */
  | { readonly kind: "renamed"; readonly to: string }
  | { readonly kind: "refused"; readonly instead: readonly string[]; readonly note: string; readonly ours?: string };

type Notes = Readonly<Record<string, string>>;

const DOCKER: Notes = {
  builder: "Also the address of a buildkitd",
  "build-args": "A name without a value takes it from the step's environment; a note tells if it is not set there",
  load: "Default: `true` if there is neither a push nor an output",
  outputs: "Except `type=local`, `type=tar` and `type=cacheonly`",
  provenance: "Off unless it is requested, so an image of one platform is a manifest, not an index",
  secrets: "A line that is not `id=value` is an error, not a warning",
  tags: "Default: `name:version` of the Bento, which cannot be pushed",
  target: "The generated Dockerfile has the stages `environment` and the image",
};

/** What differs where an input has the same name, per action. */
const NOTES: Readonly<Record<string, Notes>> = {
  "docker/build-push-action": DOCKER,
  "bentoml/containerize-push-action": DOCKER,
  "redhat-actions/buildah-build": {
    "extra-args": "One argument per line, which may contain blanks; of the selected backend's build command",
    tags: "Full references, separated by lines or commas: `quay.io/acme/iris:latest`",
  },
  "redhat-actions/push-to-registry": {
    "extra-args": "Arguments of the build command; a push takes none",
    tags: "Full references, separated by lines or commas: `quay.io/acme/iris:latest`",
  },
};

/** Inputs and outputs with a name that exists here but another grammar or meaning. */
const DIFFERENT: Readonly<Record<string, readonly string[]>> = {
  "redhat-actions/buildah-build": ["tags", "extra-args"],
  "redhat-actions/push-to-registry": ["tags", "extra-args"],
};

/** Outputs that have another name or another meaning here. */
const OUTPUTS: Readonly<Record<string, { readonly use: string; readonly note: string }>> = {
  image: { use: "tags", note: "Here, `image` is `repository@digest` of the first tag" },
  "image-with-tag": { use: "tags", note: "Its first line" },
  "registry-path": { use: "tags", note: "Its first line" },
  "registry-paths": { use: "tags", note: "One per line; `images` is a JSON list of `repository@digest`" },
};

const DOCKER_OUTPUTS: Notes = {
  imageid: "Digest of the image's configuration, for a single platform",
  metadata:
    "Has `containerimage.digest`, `containerimage.config.digest` and `image.name`, beside this action's own results; no BuildKit provenance",
};

const OUTPUT_NOTES: Readonly<Record<string, Notes>> = {
  "docker/build-push-action": DOCKER_OUTPUTS,
  "bentoml/containerize-push-action": DOCKER_OUTPUTS,
  "redhat-actions/buildah-build": {
    digest: "As the registry or the layout holds it, not as in the local storage",
    tags: "Full references, one per line",
  },
};

/** @throws Error for an input that neither exists here nor is refused. */
export function counterpartOf({ action }: OtherAction, input: string): Counterpart {
  const to = ownValue<string>(RENAMED, input);
  if (to !== undefined) return { kind: "renamed", to };
  if (input in schema) return { kind: "same", note: NOTES[action]?.[input] ?? "" };
  const foreign = ownValue(FOREIGN, input);
  if (foreign === undefined)
    throw new Error(`${action} has an input ${input}, which src/inputs/foreign.ts does not name`);
  return { kind: "refused", ...foreign };
}

/** One section per action. @throws Error for an input or output without a row, and for a note without an input. */
export function interopTables(metadata: Metadata): string {
  return readOtherActions()
    .map((other) => section(other, metadata))
    .join("\n\n");
}

function section(other: OtherAction, metadata: Metadata): string {
  const { action, version, inputs, outputs } = other;
  const strays = Object.keys(NOTES[action] ?? {}).filter((name) => !(name in inputs));
  if (strays.length > 0) throw new Error(`${action} has no input ${strays.join(", ")}`);
  return [
    `## ${action}`,
    `As of ${version}.`,
    table(
      ["Input", "Here", "Note"],
      Object.keys(inputs).map((name) => inputRow(other, name)),
    ),
    table(
      ["Output", "Here", "Note"],
      outputs.map((name) => outputRow(action, name, metadata)),
    ),
  ].join("\n\n");
}

function inputRow(other: OtherAction, name: string): readonly string[] {
  const found = counterpartOf(other, name);
  const code = `\`${name}\``;
  if (found.kind === "same") return [code, sameOr(other.action, name), found.note];
  if (found.kind === "renamed") {
    const note = NOTES[other.action]?.[name];
    return [
      code,
      `\`${found.to}\``,
      ["The old name works, with a warning", ...(note === undefined ? [] : [note])].join(". "),
    ];
  }
  const use = found.instead.map((instead) => `\`${instead}\``).join(", ");
  const except = found.ours === undefined ? "" : `; \`${found.ours}\` is accepted`;
  return [
    code,
    use === "" ? "not there; refused" : `${use}; refused under this name`,
    `${capitalized(found.note)}${except}`,
  ];
}

function outputRow(action: string, name: string, { outputs }: Metadata): readonly string[] {
  const other = ownValue(OUTPUTS, name);
  if (other !== undefined) return [`\`${name}\``, `\`${other.use}\``, other.note];
  if (!(name in outputs)) throw new Error(`${action} has an output ${name}, which no row of the table names`);
  return [`\`${name}\``, sameOr(action, name), OUTPUT_NOTES[action]?.[name] ?? ""];
}

function sameOr(action: string, name: string): string {
  return DIFFERENT[action]?.includes(name) === true ? "same name, **different**" : "same";
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
