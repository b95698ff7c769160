import { checkPlan, dialectOf, downloadRemoteFiles, readyEngine, runBackend } from "./shared-late.js";
import { ENVIRONMENT_STAGE, deriveSource } from "./shared.js";
// src/action/build-by-backend.ts
async function buildByBackend(job, because, selectEngine = () => job.watch.phase("detect the engine", () => readyEngine(job, (selection) => checkImage(job, selection)))) {
	const { inputs, machine } = job;
	machine.actions.info(`The backend makes the whole image: ${because}`);
	const selection = await selectEngine();
	const { backend, engine } = selection;
	if (inputs.dryRun !== true) await downloadRemoteFiles(job, "the backend reads them from the disk");
	const request = await requestImage(job, selection);
	const { source } = request;
	return {
		...await runBackend(job, selection, request),
		backend: backend.name,
		assembly: `by the backend: ${because}`,
		engine,
		client: backend.client,
		existed: false,
		base: source.base,
		payload: source.payload.map((title) => ({ title })),
		changes: [],
		notes: [...source.notes, ...engine.notes ?? []]
	};
}
async function checkImage(job, selection) {
	await checkPlan(job, selection, await requestImage(job, selection));
}
async function requestImage(job, { backend, engine }) {
	const { inputs, machine } = job;
	return {
		inputs,
		source: await deriveSource(job, { dialect: dialectOf(backend, engine) }, machine),
		...job.recipe === void 0 ? {} : { stage: ENVIRONMENT_STAGE },
		keepsEnvironment: false
	};
}
export { buildByBackend };
