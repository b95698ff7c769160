const require = process.getBuiltinModule;
import {
  openDoor,
  planMatrix
} from "./chunk-2WSX4QAL.js";

// src/matrix.ts
await openDoor(planMatrix);
