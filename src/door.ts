import { asFailure, cancelled } from "./errors.ts";
import { reportFailure } from "./report/failure.ts";
import { realWorld } from "./world/real.ts";
import type { World } from "./world/world.ts";

/** Plays a story on the real machine, tells of its failure, and sets the exit code; the machine is left tidy. */
export async function openDoor(story: (world: World) => Promise<void>): Promise<void> {
  const world = realWorld();
  try {
    await story(world);
  } catch (error) {
    const failure = asFailure(error);
    // Whatever breaks after a cancel breaks because of it.
    const isCancel = world.signal.aborted && failure.class !== "cancelled";
    reportFailure(isCancel ? cancelled(world.signal, "The run stopped", error) : failure, world.actions);
    process.exitCode = 1;
  } finally {
    await world.dispose();
  }
}
