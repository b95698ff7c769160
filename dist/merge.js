const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-FNJIC7V2.js";

// src/merge.ts
await openDoor(merge);
