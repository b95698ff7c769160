const require = process.getBuiltinModule;
import {
  openDoor,
  removeEngine
} from "./chunk-ORPABOQC.js";

// src/post.ts
if (process.platform === "linux")
  await openDoor(async (world) => removeEngine({ ...world, system: await world.system() }, process.argv.slice(2)));
