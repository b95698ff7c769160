const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-RJEBSM2G.js";

// src/merge.ts
await openDoor(merge);
