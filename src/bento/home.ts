import { join, resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Env, Machine } from "../machine/machine.ts";

/** The limit ends the expansion of `A=$A`. */
const MAX_EXPANSIONS = 10;

/**
 * Replaces a leading `~` by HOME and `$NAME`, `${NAME}` by their values, repeatedly. Unset variables stay.
 * @throws {Failure} input/HomeUnknown when `~` has to be replaced and HOME is not set.
 */
export function expandPath(path: string, env: Env): string {
  let expanded = path;
  for (let round = 0; round < MAX_EXPANSIONS; round += 1) {
    const before = expanded;
    expanded = expanded
      .replace(/^~(?=$|\/)/, () => homeOf(env, path))
      .replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) => env[bare ?? braced] ?? whole);
    if (expanded === before) break;
  }
  return expanded;
}

function homeOf(env: Env, path: string): string {
  if (env["HOME"]) return env["HOME"];
  throw new Failure("input", `${path} starts with ~, but HOME is not set`, {
    code: "HomeUnknown",
    hint: "Use an absolute path, or set HOME in the step's env. bentoml-home sets the store, HF_HOME the cache of Hugging Face models.",
  });
}

/**
 * The store's root: the input, otherwise BENTOML_HOME, otherwise `~/bentoml`; relative paths start at the workspace.
 * Source: `BentoMLContainer.bentoml_home` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/configuration/containers.py
 * @throws {Failure} input/HomeUnknown.
 */
export function bentomlHome(given: string | undefined, machine: Pick<Machine, "env" | "workspace">): string {
  const home = given || machine.env["BENTOML_HOME"] || "~/bentoml";
  return resolve(machine.workspace, expandPath(home, machine.env));
}

/** The directories of Bentos and models in the store's root. */
export function storeDirectories(home: string): { readonly bentos: string; readonly models: string } {
  return { bentos: join(home, "bentos"), models: join(home, "models") };
}
