import { runAction } from "./shared.js";
import { merge } from "./shared-late.js";
// src/merge.ts
await runAction(merge, {
	summary: true,
	inputs: "docs/matrix.md#mergeactionyml"
});
export {};
