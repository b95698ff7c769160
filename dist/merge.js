const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-SXVCGU76.js";

// src/merge.ts
await openDoor(merge);
