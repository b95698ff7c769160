const require = process.getBuiltinModule;
import {
  openDoor,
  planMatrix
} from "./chunk-G6PGS7LE.js";

// src/matrix.ts
await openDoor(planMatrix);
