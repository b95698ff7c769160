const require = process.getBuiltinModule;
import {
  openDoor,
  removeEngine
} from "./chunk-4B7CLCCB.js";

// src/post.ts
await openDoor(async (world) => removeEngine({ ...world, system: await world.system() }));
