import { build, runAction } from "./shared.js";
// src/main.ts
await runAction(build, {
	summary: true,
	inputs: "docs/inputs.md"
});
export {};
