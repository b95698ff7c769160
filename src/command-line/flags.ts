/** The arguments of a command → values of its inputs, and all mistakes in them. */
import { parseArgs } from "node:util";
import type { InputKind } from "../inputs/decoder.ts";
import { ownValue } from "../values.ts";
import { nearest } from "./nearest.ts";

/** A flag, named as the input that it gives. */
export interface Flag {
  readonly name: string;
  readonly kind: InputKind;
  /** One letter, for `-t`. */
  readonly short?: string;
}

export interface Arguments {
  /** By flag, in the order of the command line. A toggle is `true` or `false`; the last of several counts, except for lists. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  /** One sentence each, as those of inputs: `--name: what is wrong`. */
  readonly mistakes: readonly string[];
}

const NEGATION = "no-";

/** What to say of flags that others' commands have. */
export type Counterparts = Readonly<Record<string, { readonly instead: readonly string[]; readonly note: string }>>;

/**
 * Reads `--name VALUE`, `--name=VALUE`, `-n VALUE`, `--toggle`, `--no-toggle`, `--toggle=false` and operands; `--` ends the
 * flags. A value of a secret is never in a mistake.
 */
export function parseFlags(args: readonly string[], flags: readonly Flag[], others: Counterparts = {}): Arguments {
  const known = new Map(flags.map((flag) => [flag.name, flag]));
  const negated = negations(flags);
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const mistakes: string[] = [];
  const tokens = tokensOf(args, flags, [...negated.keys()]);
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const positive = negated.get(token.name);
    const flag = known.get(positive ?? token.name);
    if (flag === undefined) {
      const meant = nearest(token.rawName.replace(/^-+/, ""), [...known.keys(), ...negated.keys()]);
      const other = ownValue(others, token.name);
      mistakes.push(
        `${token.rawName}: there is no such flag${other === undefined ? didYouMean(meant) : useInstead(other)}`,
      );
      // What follows is the value of the flag that was meant.
      const isValue = other !== undefined || takesValue(known.get(meant ?? ""));
      if (isValue && token.inlineValue !== true && tokens[0]?.kind === "positional") tokens.shift();
      continue;
    }
    const read = positive === undefined ? readValue(flag, token) : readNegation(token);
    if ("mistake" in read) mistakes.push(`${token.rawName}: ${read.mistake}`);
    else values.set(flag.name, [...(values.get(flag.name) ?? []), read.value]);
  }
  return { values, operands, mistakes };
}

function didYouMean(flag: string | undefined): string {
  return flag === undefined ? "" : `; did you mean --${flag}?`;
}

function useInstead({ instead, note }: Counterparts[string]): string {
  const flags = instead.map((name) => `--${name}`).join(", ");
  return `${flags === "" ? "" : `; use ${flags}`}: ${note}`;
}

function takesValue(flag: Flag | undefined): boolean {
  return flag !== undefined && flag.kind !== "toggle";
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type OptionToken = Extract<Token, { kind: "option" }>;
type Value = { readonly value: string } | { readonly mistake: string };

/** Not with Node's own negation, by which `--no-cache` would be a value of `--cache`. */
function tokensOf(args: readonly string[], flags: readonly Flag[], negated: readonly string[]): Token[] {
  const options = flags.map(({ name, kind, short }) => [
    name,
    { type: kind === "toggle" ? "boolean" : "string", ...(short === undefined ? {} : { short }) } as const,
  ]);
  const negations = negated.map((name) => [name, { type: "boolean" } as const]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries([...options, ...negations]),
    strict: false,
    tokens: true,
  });
  return tokens;
}

/** `no-push` → `push`, for each toggle whose negation is no flag itself. */
function negations(flags: readonly Flag[]): ReadonlyMap<string, string> {
  const names = new Set(flags.map(({ name }) => name));
  const toggles = flags.filter(({ name, kind }) => kind === "toggle" && !name.startsWith(NEGATION));
  return new Map(
    toggles.map(({ name }) => [`${NEGATION}${name}`, name] as const).filter(([negation]) => !names.has(negation)),
  );
}

function readValue({ kind }: Flag, { value, inlineValue }: OptionToken): Value {
  if (kind === "toggle") return { value: value ?? "true" };
  if (value === undefined) return { mistake: "a value is missing" };
  // Without this, a flag whose value was forgotten would take the next flag as its value.
  if (inlineValue !== true && /^-./.test(value))
    return { mistake: "a value is missing; one that begins with - is given after =" };
  return { value };
}

function readNegation({ value }: OptionToken): Value {
  return value === undefined ? { value: "false" } : { mistake: "it has no value" };
}
