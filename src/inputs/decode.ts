import type { Env } from "../machine/machine.ts";
import { findConflicts } from "./conflicts.ts";
import { decodeValues, variable } from "./decode-schema.ts";
import { findForeign } from "./foreign.ts";
import { openQuotedReader, type QuotedReader } from "./lists.ts";
import { findUnresolved, notesOfBuildArgs, resolveInputs } from "./resolve.ts";
import { type Inputs, RENAMED, schema } from "./schema.ts";

export interface Decoded {
  readonly inputs: Inputs;
  /** One sentence for each deprecated name in use. */
  readonly notes: readonly string[];
}

/**
 * Reads every input from the runner's `INPUT_*` variables.
 *
 * @throws Failure `input` that lists all mistakes at once, each with the input's name and a valid value.
 */
export async function decodeInputs(env: Env): Promise<Decoded> {
  return decodeWith(env, await openQuotedReader(Object.keys(schema).map(readRaw(env).raw)));
}

/** As `decodeInputs`, with a reader that is already open. */
export function decodeWith(env: Env, readQuoted: QuotedReader): Decoded {
  const { raw, notes, problems } = readRaw(env);
  const values = decodeValues(schema, raw, readQuoted, [...problems, ...findForeign(env)], (given) => [
    ...findUnresolved(given),
    ...findConflicts(resolveInputs(given, env), given),
  ]);
  return { inputs: resolveInputs(values, env), notes: [...notes, ...notesOfBuildArgs(values, env)] };
}

function readRaw(env: Env): { raw: (name: string) => string; notes: string[]; problems: string[] } {
  const notes: string[] = [];
  const problems: string[] = [];
  const renamed = new Map<string, string>();
  for (const [old, current] of Object.entries(RENAMED)) {
    const value = variable(env, old);
    if (value === "") continue;
    notes.push(`The input "${old}" is now called "${current}".`);
    // The runner always gives backend, by its default.
    if (current !== "backend" && variable(env, current) !== "") {
      problems.push(`"${old}" and "${current}" are both given`);
    }
    renamed.set(current, value);
  }
  return { raw: (name) => renamed.get(name) ?? variable(env, name), notes, problems };
}
