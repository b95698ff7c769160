const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-DIVWM5PX.js";

// src/merge.ts
await openDoor(merge);
