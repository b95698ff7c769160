import { setImmediate as nextTurn } from "node:timers/promises";
import { cancelled } from "../../errors.ts";
import { compileGlob, type Glob } from "../../text/glob.ts";

/** Matching steps, about 20 ms, after which pending signals are handled. */
const STEPS_AT_ONCE = 4_000_000;

/**
 * Selects files by `include` and `exclude` as huggingface_hub does for BentoML: Python's `fnmatch` over the whole path,
 * so `*` also matches slashes. A pattern that ends in `/` selects everything below; an empty `include` selects all files
 * (`filter_repo_objects` in
 * https://github.com/huggingface/huggingface_hub/blob/v1.0.0/src/huggingface_hub/utils/_paths.py).
 * @throws {Failure} cancelled.
 */
export async function selectPaths<T extends { readonly path: string }>(
  files: readonly T[],
  { include, exclude }: { readonly include: readonly string[]; readonly exclude: readonly string[] },
  signal: AbortSignal,
): Promise<readonly T[]> {
  const included = include.map(compile);
  const excluded = exclude.map(compile);
  const patternLength = [...include, ...exclude].reduce((sum, { length }) => sum + length, 1);
  const selected: T[] = [];
  let steps = 0;
  for (const file of files) {
    steps += file.path.length * patternLength;
    if (steps > STEPS_AT_ONCE) {
      steps = 0;
      await nextTurn();
      if (signal.aborted) throw cancelled(signal, "The selection of a model's files was stopped");
    }
    const isIncluded = included.length === 0 || included.some((glob) => glob.matches(file.path));
    if (isIncluded && !excluded.some((glob) => glob.matches(file.path))) selected.push(file);
  }
  return selected;
}

function compile(pattern: string): Glob {
  return compileGlob(pattern.endsWith("/") ? `${pattern}*` : pattern);
}
