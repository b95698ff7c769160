import { runAction } from "./shared.js";
import { removeEngine } from "./shared-late.js";
// src/post.ts
if (process.platform === "linux") await runAction(async (machine) => removeEngine({
	...machine,
	system: await machine.system()
}, process.argv.slice(2)), {
	summary: false,
	inputs: "docs/inputs.md"
});
export {};
