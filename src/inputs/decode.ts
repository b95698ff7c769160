import { Failure } from "../errors.ts";
import type { Env } from "../world/world.ts";
import { findConflicts } from "./conflicts.ts";
import { openQuotedReader, type QuotedReader } from "./lists.ts";
import { type Inputs, RENAMED, schema } from "./schema.ts";

export interface Decoded {
  readonly inputs: Inputs;
  /** Deprecated names in use, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads every input from the runner's `INPUT_*` variables.
 *
 * @throws Failure `input` that lists all mistakes at once, each with the input's name and a right value.
 */
export async function decodeInputs(env: Env): Promise<Decoded> {
  return decodeWith(env, await openQuotedReader(Object.keys(schema).map(readRaw(env).raw)));
}

/** The same with a reader of lists at hand. */
export function decodeWith(env: Env, readQuoted: QuotedReader): Decoded {
  const { raw, notes, problems } = readRaw(env);
  const values: Record<string, unknown> = {};
  for (const [name, decoder] of Object.entries(schema)) {
    try {
      values[camelCase(name)] = decoder.decode(raw(name), readQuoted);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(`${name}: ${reason} (for example: ${decoder.example})`);
    }
  }
  // Every key of the schema was decoded or is a problem, and problems end here.
  const inputs = values as Inputs;
  if (problems.length === 0) problems.push(...findConflicts(inputs));
  if (problems.length > 0) throw inputFailure(problems);
  return { inputs, notes };
}

function inputFailure(problems: readonly string[]): Failure {
  const count = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count} not right: ${problems.join(" · ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example.",
  });
}

function readRaw(env: Env): { raw: (name: string) => string; notes: string[]; problems: string[] } {
  const notes: string[] = [];
  const problems: string[] = [];
  const renamed = new Map<string, string>();
  for (const [old, current] of Object.entries(RENAMED)) {
    const value = variable(env, old);
    if (value === "") continue;
    notes.push(`The input "${old}" is now called "${current}".`);
    if (old === "bento-tag" && variable(env, current) !== "") problems.push(`"${old}" and "${current}" are both given`);
    renamed.set(current, value);
  }
  return { raw: (name) => renamed.get(name) ?? variable(env, name), notes, problems };
}

/** The runner upper-cases the name and keeps hyphens (actions/toolkit, core `getInput`). */
function variable(env: Env, name: string): string {
  return env[`INPUT_${name.toUpperCase()}`] ?? "";
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
