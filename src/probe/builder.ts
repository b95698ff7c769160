import { resolve } from "node:path/posix";
import { autoChoice } from "../backends/auto.ts";
import type { Backend, BuilderNode } from "../backends/backend.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env, Machine } from "../machine/machine.ts";
import type { NonEmpty } from "../values.ts";
import { choiceOf } from "./assume.ts";
import { isLocalEngine } from "./probe.ts";

/** The backend that has to create the builder, and its nodes; undefined if the builder exists or none is given. */
export function builderToMake(
  choice: Backend | "auto",
  builder: string | undefined,
): { readonly backend: Backend; readonly nodes: NonEmpty<BuilderNode> } | undefined {
  if (builder === undefined) return undefined;
  const backend = choice === "auto" ? autoChoice(builder, {}).setUp : choice;
  const nodes = backend.nodesOf?.(builder);
  return nodes === undefined ? undefined : { backend, nodes };
}

/**
 * Whether the engine is on this machine as far as inputs, variables and the tools' own files tell, which takes no process. A
 * builder that somebody has made the current one may be anywhere.
 */
export async function isEngineHere(
  inputs: Pick<Inputs, "backend" | "builder">,
  env: Env,
  { files, workspace }: Pick<Machine, "files" | "workspace">,
): Promise<boolean> {
  if (!isLocalEngine(inputs.builder, env)) return false;
  if (inputs.builder !== undefined) return true;
  const choice = choiceOf(inputs);
  const backends = choice === "auto" ? autoChoice(undefined, env).groups.flatMap((group) => group.backends) : [choice];
  for (const { currentBuilder } of backends) {
    if (currentBuilder === undefined) continue;
    const text = await files.readText(resolve(workspace, currentBuilder.path(env))).catch(() => "");
    if (currentBuilder.read(text) !== undefined) return false;
  }
  return true;
}
