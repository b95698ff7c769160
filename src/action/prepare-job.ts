import { delimiter } from "node:path/posix";
import { toolEnvironment } from "../commands/tool-environment.ts";
import { decodeSchema } from "../inputs/decode-schema.ts";
import { engineSchema } from "../inputs/engine-schema.ts";
import type { Env, Machine } from "../machine/machine.ts";
import { readyEngine } from "./ready-engine.ts";

/**
 * The story of setup/action.yml: prepares one engine for all later steps of the job. They find it by environment
 * variables; the post step of this step removes it.
 * @throws Failure `input`, `tool` or `engine`.
 */
export async function prepareJob(machine: Machine): Promise<void> {
  const { actions } = machine;
  const inputs = await decodeSchema(engineSchema, machine.env, () => []);
  const env = toolEnvironment(machine.env, [], {});
  const { backend, engine, env: ready } = await readyEngine({ inputs, env, machine });
  exportEnvironment(env, ready, machine);
  for (const note of engine.notes ?? []) actions.notice(note);
  actions.setOutput("backend", backend.name);
  actions.setOutput("builder", engine.builder ?? "");
  actions.setOutput("versions", JSON.stringify(engine.versions));
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  actions.info(`${backend.name} is ready${versions.length === 0 ? "" : `: ${versions.join(", ")}`}`);
}

/** Exports what the set-up added to the environment. */
function exportEnvironment(before: Env, after: Env, { actions }: Pick<Machine, "actions">): void {
  const known = new Set(directories(before));
  for (const directory of directories(after).toReversed()) if (!known.has(directory)) actions.addPath(directory);
  for (const [name, value] of Object.entries(after)) {
    if (name !== "PATH" && value !== undefined && value !== before[name]) actions.exportVariable(name, value);
  }
}

function directories({ PATH: path = "" }: Env): readonly string[] {
  return path.split(delimiter).filter((directory) => directory !== "");
}
