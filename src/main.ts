import process from "node:process";
import { build } from "./build.ts";
import { asFailure } from "./errors.ts";
import { reportFailure } from "./report/failure.ts";
import { realWorld } from "./world/real.ts";

const world = realWorld();
try {
  await build(world);
} catch (error) {
  reportFailure(asFailure(error), world.actions);
  process.exitCode = 1;
} finally {
  await world.dispose();
}
