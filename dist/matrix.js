import { runAction } from "./shared.js";
import { planMatrix } from "./shared-late.js";
// src/matrix.ts
await runAction(planMatrix, {
	summary: false,
	inputs: "docs/matrix.md#matrixactionyml"
});
export {};
