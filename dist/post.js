const require = process.getBuiltinModule;
import {
  openDoor,
  removeEngine
} from "./chunk-YBH2ITAM.js";

// src/post.ts
await openDoor(async (world) => removeEngine({ ...world, system: await world.system() }));
