const require = process.getBuiltinModule;
import {
  openDoor,
  planMatrix
} from "./chunk-X7IQZWA3.js";

// src/matrix.ts
await openDoor(planMatrix);
