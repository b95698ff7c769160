const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-CAMDHUNN.js";

// src/merge.ts
await openDoor(merge);
