import { SHELL_VARIABLE_NAME, VARIABLE_NAME } from "../text/variable-name.ts";
import type { BentoEnv, EnvStage } from "./bento.ts";
import type { ManifestNode } from "./manifest-node.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters.
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const STAGES: readonly EnvStage[] = ["all", "build", "runtime"];

/**
 * Reads `envs`. The last of several equal names applies; BentoML writes those of bentofile.yaml first, then the service's.
 * A null value is empty; BentoML turns it into the string `None`.
 */
export function readEnvs(node: ManifestNode): readonly BentoEnv[] {
  const envs = new Map<string, BentoEnv>();
  for (const item of node.items()) {
    const name = item.key("name").requiredText();
    const value = item.key("value").text() ?? "";
    const stage = readStage(item.key("stage"));
    if (stage === "build") checkSecret(item, name, value);
    // Runtime variables may contain line breaks: they are passed as build arguments, not in the Dockerfile.
    else checkEnv(item, name, stage === "runtime" ? value.replace(/[\r\n]/g, "") : value);
    envs.set(name, { name, value, stage });
  }
  return [...envs.values()];
}

/** Reads `docker.env` of spec 1: a map or, in old releases, a list of `NAME=value`. Undefined when there is none. */
export function readDockerEnv(node: ManifestNode): Readonly<Record<string, string>> | undefined {
  if (!node.present) return undefined;
  const pairs = node.isList ? node.texts().map(splitPair) : node.textEntries();
  for (const [name, value] of pairs) checkEnv(node, name, value);
  return Object.fromEntries(pairs);
}

/** Whether a value contains a control character, such as a line break, which could start an instruction in a Dockerfile. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}

function readStage(node: ManifestNode): EnvStage {
  const text = node.text() ?? "all";
  const stage = STAGES.find((name) => name === text);
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
    node.mistake(
      `sets ${name} to a value with a line break or control character, which ENV does not support`,
      "ValueInvalid",
    );
  }
}

/** A secret is mounted as a file, so it may have several lines, and it becomes a shell variable of the steps. */
function checkSecret(node: ManifestNode, name: string, value: string): void {
  checkName(node, name, SHELL_VARIABLE_NAME);
  if (value.includes("\0"))
    node.mistake(`sets ${name} to a value with NUL, which a variable cannot contain`, "ValueInvalid");
}

function checkName(node: ManifestNode, name: string, grammar: RegExp): void {
  if (grammar.test(name)) return;
  node.mistake(`sets "${name}", which is not a valid variable name`, "ValueInvalid");
}
