const require = process.getBuiltinModule;
import {
  openDoor,
  planMatrix
} from "./chunk-3VVDPAHS.js";

// src/matrix.ts
await openDoor(planMatrix);
