import { REPORTS, runAction } from "./shared.js";
import { merge } from "./shared-late.js";
// src/merge.ts
await runAction(merge, REPORTS.merge);
export {};
