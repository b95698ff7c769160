const require = process.getBuiltinModule;
import {
  planMatrix,
  runAction
} from "./chunk-Q6M75T5N.js";

// src/matrix.ts
await runAction(planMatrix);
