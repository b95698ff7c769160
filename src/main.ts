import { build } from "./build.ts";
import { asFailure, cancelled } from "./errors.ts";
import { reportFailure } from "./report/failure.ts";
import { realWorld } from "./world/real.ts";

const world = realWorld();
try {
  await build(world);
} catch (error) {
  const failure = asFailure(error);
  // Whatever breaks after a cancel breaks because of it.
  const isCancel = world.signal.aborted && failure.class !== "cancelled";
  reportFailure(isCancel ? cancelled(world.signal, "The run stopped", error) : failure, world.actions);
  process.exitCode = 1;
} finally {
  await world.dispose();
}
