import { runAction } from "./shared.js";
import { STATE, cleanUp, cleanUpFor, hasEngineName, isEngineDirectory } from "./shared-late.js";
// src/engines/remove.ts
async function removeEngine(machine, args = []) {
	const { actions } = machine;
	const [mode, owner = "", path = ""] = args;
	if (mode === "--for") {
		const left = /^\d+$/.test(owner) && hasEngineName(path) ? await cleanUpFor(Number(owner), path, machine) : [];
		actions.info(JSON.stringify(left).replaceAll("##[", "##\\u005b"));
		return;
	}
	const directory = actions.getState(STATE);
	if (!await isEngineDirectory(directory, machine)) return;
	const left = await cleanUp(directory, machine);
	for (const line of left) actions.warning(`Could not be removed: ${line}`);
	if (left.length === 0) actions.info("The engine of this step was removed");
}
// src/post.ts
if (process.platform === "linux") await runAction(async (machine) => removeEngine({
	...machine,
	system: await machine.system()
}, process.argv.slice(2)), {
	summary: false,
	inputs: "inputs.md"
});
export {};
