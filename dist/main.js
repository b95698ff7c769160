import { REPORTS, build, runAction } from "./shared.js";
// src/main.ts
await runAction(build, REPORTS.build);
export {};
