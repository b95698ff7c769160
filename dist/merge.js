const require = process.getBuiltinModule;
import {
  merge,
  openDoor
} from "./chunk-65IPECHQ.js";

// src/merge.ts
await openDoor(merge);
