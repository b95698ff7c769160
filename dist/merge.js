const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-I52OUKOA.js";

// src/merge.ts
await openDoor(merge);
