import { asFailure, cancelled, Failure } from "./errors.ts";
import { reportFailure } from "./report/failure.ts";
import { realWorld } from "./world/real.ts";
import type { World } from "./world/world.ts";

/** Plays a story on the real machine, tells of its failure, and sets the exit code; the machine is left tidy. */
export async function openDoor(story: (world: World) => Promise<void>): Promise<void> {
  const world = realWorld();
  try {
    requireLinux(process.platform);
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

/** The systems of GitHub's runners, in Node's words. */
const SYSTEMS: Readonly<Record<string, string>> = { darwin: "macOS", win32: "Windows" };

/** @throws Failure `platform` on a runner of another system, before anything there fails in its own words. */
export function requireLinux(system: string): void {
  if (system === "linux") return;
  throw new Failure(
    "platform",
    `this action runs on Linux runners only, and this one has ${SYSTEMS[system] ?? system}`,
    {
      code: "LinuxOnly",
      hint: "Build in a job of its own with runs-on: ubuntu-latest; what other systems build can be handed to it as an artifact.",
    },
  );
}
