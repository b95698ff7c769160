import { readyEngine, toolEnvironment } from "./shared-late.js";
import { REPORTS, decodeSchema, engineSchema, runAction } from "./shared.js";
import { delimiter } from "node:path/posix";
// src/action/prepare-job.ts
async function prepareJob(machine) {
	const { actions } = machine;
	const inputs = await decodeSchema(engineSchema, machine.env, () => []);
	const env = toolEnvironment(machine.env, [], {});
	const { backend, engine, env: ready } = await readyEngine({
		inputs,
		env,
		machine
	});
	exportEnvironment(env, ready, machine);
	for (const note of engine.notes ?? []) actions.notice(note);
	actions.setOutput("backend", backend.name);
	actions.setOutput("builder", engine.builder ?? "");
	actions.setOutput("versions", JSON.stringify(engine.versions));
	const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
	actions.info(`${backend.name} is ready${versions.length === 0 ? "" : `: ${versions.join(", ")}`}`);
}
function exportEnvironment(before, after, { actions }) {
	const known = new Set(directories(before));
	for (const directory of directories(after).toReversed()) if (!known.has(directory)) actions.addPath(directory);
	for (const [name, value] of Object.entries(after)) if (name !== "PATH" && value !== void 0 && value !== before[name]) actions.exportVariable(name, value);
}
function directories({ PATH: path = "" }) {
	return path.split(delimiter).filter((directory) => directory !== "");
}
// src/setup.ts
await runAction(prepareJob, REPORTS.setup);
export {};
