import { dialectOf, downloadRemoteFiles, readyEngine, runBackend } from "./shared-late.js";
import { ENVIRONMENT_STAGE, deriveSource } from "./shared.js";
// src/action/build-by-backend.ts
async function buildByBackend(job, because, selectEngine = () => job.watch.phase("detect the engine", () => readyEngine(job))) {
	const { inputs, machine } = job;
	machine.actions.info(`The backend makes the whole image: ${because}`);
	const selection = await selectEngine();
	const { backend, engine } = selection;
	if (inputs.dryRun !== true) await downloadRemoteFiles(job, "the backend reads them from the disk");
	const source = await deriveSource(job, { dialect: dialectOf(backend, engine) }, machine);
	const stage = job.recipe === void 0 ? {} : { stage: ENVIRONMENT_STAGE };
	return {
		...await runBackend(job, selection, {
			inputs,
			source,
			...stage,
			keepsEnvironment: false
		}),
		backend: backend.name,
		assembly: `by the backend: ${because}`,
		engine,
		base: source.base,
		payload: source.payload.map((title) => ({ title })),
		changes: [],
		notes: [...source.notes, ...engine.notes ?? []]
	};
}
export { buildByBackend };
