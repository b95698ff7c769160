import { BACKENDS } from "../backends/index.ts";
import { isOfAction } from "../machine/action-variables.ts";
import type { Env } from "../machine/machine.ts";

/** Variables that would change what is built behind the inputs' back, of whichever tool. */
const OVERRIDES = ["SOURCE_DATE_EPOCH", ...BACKENDS.flatMap(({ overrides }) => overrides)];

/**
 * The environment of every tool: the step's own without the variables that would decide in the inputs' place, without
 * those that are this action's alone, and without the `hidden` ones, which are secrets of the build.
 */
export function toolEnvironment(env: Env, hidden: readonly string[], additions: Env): Env {
  const left = new Set([...OVERRIDES, ...hidden]);
  const kept = Object.entries(env).filter(([name]) => !left.has(name) && !isOfAction(name));
  return { ...Object.fromEntries(kept), ...additions };
}
