import { join, resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Env, Machine } from "../machine/machine.ts";

/** Enough for every nesting a person writes, and an end for `A=$A`. */
const EXPANSIONS = 10;

/**
 * Replaces `~` at the start by HOME and `$NAME`, `${NAME}` by their values, as long as that changes anything. Unset ones stay.
 * @throws {Failure} input/HomeUnknown when `~` has to be replaced and HOME is not set.
 */
export function expandPath(path: string, env: Env): string {
  let expanded = path;
  for (let round = 0; round < EXPANSIONS; round += 1) {
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
  throw new Failure("input", `${path} begins with ~, and HOME is not set`, {
    code: "HomeUnknown",
    hint: "Write the path out, or set HOME in the step's env. The store is named by bentoml-home, the cache of models by HF_HOME.",
  });
}

/**
 * The store's root: the input, else BENTOML_HOME, else `~/bentoml`, made absolute against the workspace.
 * Source: `BentoMLContainer.bentoml_home` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/configuration/containers.py
 * @throws {Failure} input/HomeUnknown.
 */
export function bentomlHome(given: string | undefined, machine: Pick<Machine, "env" | "workspace">): string {
  const home = given || machine.env["BENTOML_HOME"] || "~/bentoml";
  return resolve(machine.workspace, expandPath(home, machine.env));
}

/** The directory of Bentos and that of models, inside the store's root. */
export function storeDirectories(home: string): { readonly bentos: string; readonly models: string } {
  return { bentos: join(home, "bentos"), models: join(home, "models") };
}
