import { cleanUp, cleanUpFor } from "./clean-up.ts";
import { FOR } from "./clean-up-as-root.ts";
import type { EngineMachine } from "./engine.ts";
import { hasEngineName, isEngineDirectory } from "./engine-paths.ts";
import { STATE } from "./record.ts";

type RemoveMachine = Pick<EngineMachine, "actions" | "env" | "files" | "processes" | "system">;

/**
 * The story of the post step: the engine that this step started goes, if it started one. A leftover is a warning, no
 * failure.
 * @param words arguments, where it is not the runner who starts it: root is asked to remove what is root's.
 */
export async function removeEngine(machine: RemoveMachine, words: readonly string[] = []): Promise<void> {
  const { actions } = machine;
  const [mode, owner = "", place = ""] = words;
  if (mode === FOR) {
    const left = /^\d+$/.test(owner) && hasEngineName(place) ? await cleanUpFor(Number(owner), place, machine) : [];
    // Nothing that the log would have to change stands in it: it is read as JSON.
    actions.info(JSON.stringify(left).replaceAll("##[", "##\\u005b"));
    return;
  }
  const directory = actions.getState(STATE);
  if (!(await isEngineDirectory(directory, machine))) return;
  const left = await cleanUp(directory, machine);
  for (const line of left) actions.warning(`Could not be removed: ${line}`);
  if (left.length === 0) actions.info("The engine of this step is gone");
}
