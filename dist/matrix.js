const require = process.getBuiltinModule;
import {
  openDoor,
  planMatrix
} from "./chunk-SRXMJMPV.js";

// src/matrix.ts
await openDoor(planMatrix);
