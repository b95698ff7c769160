import { cleanUp, cleanUpFor } from "./clean-up.ts";
import { OWNER_FLAG } from "./clean-up-as-root.ts";
import type { EngineMachine } from "./engine.ts";
import { hasEngineName, isEngineDirectory } from "./engine-paths.ts";
import { STATE } from "./record.ts";

type RemoveMachine = Pick<EngineMachine, "actions" | "env" | "files" | "processes" | "system">;

/**
 * The post step: removes the engine that this step started, if any. What cannot be removed is a warning, not a failure.
 * @param args arguments of the process; present if the post step runs itself as root to remove what belongs to root.
 */
export async function removeEngine(machine: RemoveMachine, args: readonly string[] = []): Promise<void> {
  const { actions } = machine;
  const [mode, owner = "", path = ""] = args;
  if (mode === OWNER_FLAG) {
    const left = /^\d+$/.test(owner) && hasEngineName(path) ? await cleanUpFor(Number(owner), path, machine) : [];
    // The line is read as JSON; the escape prevents that the log changes it as a workflow command.
    actions.info(JSON.stringify(left).replaceAll("##[", "##\\u005b"));
    return;
  }
  const directory = actions.getState(STATE);
  if (!(await isEngineDirectory(directory, machine))) return;
  const left = await cleanUp(directory, machine);
  for (const line of left) actions.warning(`Could not be removed: ${line}`);
  if (left.length === 0) actions.info("The engine of this step was removed");
}
