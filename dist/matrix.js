import { REPORTS, runAction } from "./shared.js";
import { planMatrix } from "./shared-late.js";
// src/matrix.ts
await runAction(planMatrix, REPORTS.matrix);
export {};
