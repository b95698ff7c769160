import { Failure } from "../errors.ts";
import type { Env } from "../machine/machine.ts";
import { documentationUrl } from "../text/documentation.ts";
import type { Decoder } from "./decoder.ts";
import { openQuotedReader, type QuotedReader } from "./lists.ts";

/** The inputs of one action, by their names in its action.yml. */
export type Schema = Readonly<Record<string, Decoder<unknown>>>;

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

/** The decoded values; their names are those of action.yml in camel case. */
export type ValuesOf<S extends Schema> = {
  readonly [Name in keyof S & string as Camel<Name>]: ReturnType<S[Name]["decode"]>;
};

/**
 * Reads the inputs of an action from the runner's `INPUT_*` variables.
 * @param findConflicts gives the combinations that contradict each other, one sentence each; called when every input is valid.
 * @throws Failure `input` that lists all mistakes at once, each with the input's name and a valid value.
 */
export async function decodeSchema<S extends Schema>(
  schema: S,
  env: Env,
  findConflicts: (values: ValuesOf<S>) => readonly string[],
): Promise<ValuesOf<S>> {
  const raw = (name: string): string => variable(env, name);
  const readQuoted = await openQuotedReader(Object.keys(schema).map(raw));
  return decodeValues(schema, raw, readQuoted, [], findConflicts);
}

/** @param mistakes mistakes found before, to be reported too. @throws Failure `input` */
export function decodeValues<S extends Schema>(
  schema: S,
  raw: (name: string) => string,
  readQuoted: QuotedReader,
  mistakes: readonly string[],
  findConflicts: (values: ValuesOf<S>) => readonly string[],
): ValuesOf<S> {
  const problems = [...mistakes];
  const decoded: Record<string, unknown> = {};
  for (const [name, decoder] of Object.entries(schema)) {
    try {
      decoded[camelCase(name)] = decoder.decode(raw(name), readQuoted);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(`${name}: ${reason} (for example: ${decoder.example})`);
    }
  }
  // The cast is safe: each key of the schema is either decoded or in `problems`, and problems throw below.
  const values = decoded as ValuesOf<S>;
  if (problems.length === 0) problems.push(...findConflicts(values));
  if (problems.length > 0) throw inputFailure(problems);
  return values;
}

/** The runner upper-cases the name and keeps hyphens (actions/toolkit, core `getInput`). */
export function variable(env: Env, name: string): string {
  return env[`INPUT_${name.toUpperCase()}`] ?? "";
}

/** All mistakes in one failure. */
export function inputFailure(problems: readonly string[]): Failure {
  const count = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count} not right: ${problems.join(" · ")}`, {
    lines: problems,
    mistakes: problems,
    hint: `Every input, with its grammar and an example: ${documentationUrl("docs/inputs.md")}`,
  });
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
