/** The arguments of a command → the environment in which its story finds its inputs. */

import { asFailure } from "../errors.ts";
import { decodeSchema, type Schema } from "../inputs/decode-schema.ts";
import type { InputKind } from "../inputs/decoder.ts";
import type { Env, Files } from "../machine/machine.ts";
import { masksOf } from "../secrets/masks.ts";
import { Secret } from "../secrets/secret.ts";
import type { Command } from "./commands.ts";
import { type Arguments, type Flag, parseFlags } from "./flags.ts";
import type { Metadata } from "./metadata.ts";

/** Whether a flag names a variable or a file with the value: every user of the machine can read the arguments of a process. */
export function isReference(kind: InputKind | undefined): boolean {
  return kind === "secret" || kind === "document";
}

/** Flags of every command that are no inputs. `summary` takes the place of the input: it names the file. */
export const GENERAL: readonly (Flag & { readonly description: string })[] = [
  { name: "json", kind: "toggle", description: "Print all results, or the error, as one JSON object" },
  { name: "summary", kind: "text", description: "Markdown file to write a summary to" },
  { name: "debug", kind: "toggle", description: "Print more to the log" },
  { name: "help", kind: "toggle", short: "h", description: "Print this help" },
  { name: "version", kind: "toggle", description: "Print the version" },
];

/** Letters that docker's users expect. */
const SHORT: Readonly<Record<string, string>> = { tags: "t" };

/** All flags of a command. Names that only exist for older workflows are none. */
export function flagsOf({ schema }: Command): readonly Flag[] {
  const general = GENERAL.filter(({ name }) => name !== "summary" || name in schema);
  const inputs = Object.entries(schema).filter(([name]) => general.every((flag) => flag.name !== name));
  return [
    ...inputs.map(([name, { kind = "text" }]) => ({ name, kind, ...(SHORT[name] && { short: SHORT[name] }) })),
    ...general,
  ];
}

export interface CommandInputs {
  readonly env: Env;
  /** What may not be printed. */
  readonly masks: readonly string[];
  /** All mistakes: of the flags, and of the values if there is one of the flags. */
  readonly mistakes: readonly string[];
  /** The value of a flag; undefined if it is not given. */
  readonly flag: (name: string) => string | undefined;
  readonly isOn: (name: string) => boolean;
}

/**
 * Reads the arguments. Inputs become the variables by which the runner passes them; variables of that form that the caller
 * has are dropped, and so are those that a secret was read from.
 */
export async function readArguments(
  args: readonly string[],
  command: Command,
  metadata: Metadata,
  { env, files }: { readonly env: Env; readonly files: Pick<Files, "readText"> },
): Promise<CommandInputs> {
  const flags = flagsOf(command);
  const parsed = parseFlags(args, flags, command.others);
  const operands = withOperand(parsed, command);
  const values = new Map([...parsed.values, ...operands.values]);
  const references = await resolveReferences(values, flags, { env, files });
  const flag = (name: string): string | undefined => values.get(name)?.at(-1);
  const given: Record<string, string> = {};
  for (const [name, { kind }] of Object.entries(command.schema)) {
    const text = isReference(kind)
      ? references.texts.get(name)
      : values
          .get(name)
          ?.slice(kind === "list" ? 0 : -1)
          .join("\n");
    given[name] = text ?? metadata.inputs[name]?.default ?? "";
  }
  if ("summary" in command.schema) given["summary"] = String(values.has("summary"));
  const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const complete = { ...withoutInputs(env, references.variables), ...Object.fromEntries(variables) };
  const mistakes = [...parsed.mistakes, ...operands.mistakes, ...references.mistakes];
  return {
    env: complete,
    masks: references.masks,
    mistakes: mistakes.length === 0 ? [] : [...mistakes, ...(await mistakesOfValues(command.schema, complete))],
    flag,
    isOn: (name) => flag(name)?.toLowerCase() === "true",
  };
}

function withOperand(
  { operands, values }: Arguments,
  { operand }: Command,
): { readonly values: ReadonlyMap<string, readonly string[]>; readonly mistakes: readonly string[] } {
  const [first, ...others] = operand === undefined || values.has(operand) ? [undefined, ...operands] : operands;
  return {
    values: new Map(operand === undefined || first === undefined ? [] : [[operand, [first]]]),
    // Without the words: one may be the value of a secret.
    mistakes: others.length === 0 ? [] : [`${others.length} argument(s) too many: each value follows its flag`],
  };
}

interface References {
  /** By flag. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names of variables that hold secrets. */
  readonly variables: readonly string[];
  readonly masks: readonly string[];
  readonly mistakes: readonly string[];
}

/** Reads secrets and documents from the variable or the file that the flag names. */
async function resolveReferences(
  values: ReadonlyMap<string, readonly string[]>,
  flags: readonly Flag[],
  machine: { readonly env: Env; readonly files: Pick<Files, "readText"> },
): Promise<References> {
  const texts = new Map<string, string>();
  const variables: string[] = [];
  const masks: string[] = [];
  const mistakes: string[] = [];
  for (const { name, kind } of flags) {
    const given = values.get(name)?.at(-1);
    if (given === undefined || !isReference(kind)) continue;
    const [, place, where = ""] = /^(env|file):(.+)$/s.exec(given) ?? [];
    const text = place === "env" ? machine.env[where] : await machine.files.readText(where).catch(() => undefined);
    if (place === undefined) mistakes.push(`--${name}: the value is not given here, but as env:VARIABLE or file:PATH`);
    else if (text === undefined)
      mistakes.push(`--${name}: ${where} ${place === "env" ? "is not set" : "cannot be read"}`);
    else texts.set(name, text);
    if (kind !== "secret") continue;
    if (place === "env") variables.push(where);
    masks.push(...masksOf(new Secret(text ?? "")));
  }
  return { texts, variables, masks, mistakes };
}

function withoutInputs(env: Env, secrets: readonly string[]): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:INPUT|STATE)_/.test(name) && !secrets.includes(name)),
  );
}

async function mistakesOfValues(schema: Schema, env: Env): Promise<readonly string[]> {
  return decodeSchema(schema, env, () => []).then(
    () => [],
    (error: unknown) => asFailure(error).lines,
  );
}
