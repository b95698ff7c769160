import { cleanUp } from "./clean-up.ts";
import type { EngineWorld } from "./engine.ts";
import { isEngineDirectory } from "./places.ts";
import { STATE } from "./record.ts";

/** The story of the post step: the engine that this step started goes, if it started one. A leftover is a warning, no failure. */
export async function removeEngine(
  world: Pick<EngineWorld, "actions" | "env" | "files" | "processes" | "system">,
): Promise<void> {
  const { actions } = world;
  const directory = actions.getState(STATE);
  if (!isEngineDirectory(directory)) return;
  const left = await cleanUp(directory, world);
  for (const line of left) actions.warning(`Could not be removed: ${line}`);
  if (left.length === 0) actions.info("The engine of this step is gone");
}
