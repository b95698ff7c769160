import { SHELL_VARIABLE_NAME, VARIABLE_NAME } from "../text/variable-name.ts";
import type { BentoEnv, EnvStage } from "./bento.ts";
import type { ManifestNode } from "./manifest-node.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const STAGES: readonly EnvStage[] = ["all", "build", "runtime"];

/**
 * Reads `envs`. Of equal names the last counts (BentoML writes those of bentofile.yaml first, then the service's), a null
 * value is empty (BentoML makes the string `None` of it).
 */
export function readEnvs(node: ManifestNode): readonly BentoEnv[] {
  const envs = new Map<string, BentoEnv>();
  for (const item of node.items()) {
    const name = item.key("name").requiredText();
    const value = item.key("value").text() ?? "";
    const stage = readStage(item.key("stage"));
    if (stage === "build") checkSecret(item, name, value);
    // Set when all is built, past the Dockerfile, whose lines alone cannot hold a line break.
    else checkEnv(item, name, stage === "runtime" ? value.replace(/[\r\n]/g, "") : value);
    envs.set(name, { name, value, stage });
  }
  return [...envs.values()];
}

/** Reads `docker.env` of spec 1: a map, in old releases also a list of `NAME=value`; undefined when there is none. */
export function readDockerEnv(node: ManifestNode): Readonly<Record<string, string>> | undefined {
  if (!node.present) return undefined;
  const pairs = node.isList ? node.texts().map(splitPair) : node.textEntries();
  for (const [name, value] of pairs) checkEnv(node, name, value);
  return Object.fromEntries(pairs);
}

/** True when a value could end its line in a Dockerfile and start an instruction of its own. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}

function readStage(node: ManifestNode): EnvStage {
  const text = node.text() ?? "all";
  const stage = STAGES.find((known) => known === text);
  if (stage === undefined) node.mistake(`is "${text}"; it must be one of ${STAGES.join(", ")}`);
  return stage ?? "all";
}

function splitPair(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

function checkEnv(node: ManifestNode, name: string, value: string): void {
  checkName(node, name, VARIABLE_NAME);
  if (hasControlCharacter(value)) {
    node.mistake(`gives ${name} a value with a line break or control character, which no ENV can hold`, "ValueInvalid");
  }
}

/** It is mounted as a file, which holds anything, keys of several lines too, and becomes a variable of the steps. */
function checkSecret(node: ManifestNode, name: string, value: string): void {
  checkName(node, name, SHELL_VARIABLE_NAME);
  if (value.includes("\0")) node.mistake(`gives ${name} a value with NUL, which no variable can hold`, "ValueInvalid");
}

function checkName(node: ManifestNode, name: string, grammar: RegExp): void {
  if (grammar.test(name)) return;
  node.mistake(`names the variable "${name}", which is no name of an environment variable`, "ValueInvalid");
}
