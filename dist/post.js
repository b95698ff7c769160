const require = process.getBuiltinModule;
import {
  openDoor,
  removeEngine
} from "./chunk-T7XX2QN3.js";

// src/post.ts
await openDoor(async (world) => removeEngine({ ...world, system: await world.system() }));
