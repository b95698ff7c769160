import { setImmediate as nextTurn } from "node:timers/promises";
import { cancelled } from "../../errors.ts";
import { compileGlob, type Glob } from "../../text/glob.ts";

/** Steps of matching, 20 ms or so, after which signals get their turn. */
const STEPS_AT_ONCE = 4_000_000;

/**
 * Chooses files by `include` and `exclude` as huggingface_hub does for BentoML: Python's `fnmatch` over the whole path,
 * so that `*` crosses directories; a pattern that ends in `/` means all below it; no `include` means everything
 * (`filter_repo_objects` in
 * https://github.com/huggingface/huggingface_hub/blob/v1.0.0/src/huggingface_hub/utils/_paths.py).
 * @throws {Failure} cancelled.
 */
export async function selectPaths<T extends { readonly path: string }>(
  files: readonly T[],
  { include, exclude }: { readonly include: readonly string[]; readonly exclude: readonly string[] },
  signal: AbortSignal,
): Promise<readonly T[]> {
  const wanted = include.map(compile);
  const unwanted = exclude.map(compile);
  const patternLength = [...include, ...exclude].reduce((sum, { length }) => sum + length, 1);
  const selected: T[] = [];
  let steps = 0;
  for (const file of files) {
    steps += file.path.length * patternLength;
    if (steps > STEPS_AT_ONCE) {
      steps = 0;
      await nextTurn();
      if (signal.aborted) throw cancelled(signal, "The files of a model were not chosen");
    }
    const isWanted = wanted.length === 0 || wanted.some((glob) => glob.matches(file.path));
    if (isWanted && !unwanted.some((glob) => glob.matches(file.path))) selected.push(file);
  }
  return selected;
}

function compile(pattern: string): Glob {
  return compileGlob(pattern.endsWith("/") ? `${pattern}*` : pattern);
}
