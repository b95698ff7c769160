const require = process.getBuiltinModule;
import {
  openDoor,
  planMatrix
} from "./chunk-ULXTFG3C.js";

// src/matrix.ts
await openDoor(planMatrix);
