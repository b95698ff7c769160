import { checkPlan, dialectOf, downloadRemoteFiles, readyEngine, runBackend, unsupportedBy } from "./shared-late.js";
import { ENVIRONMENT_STAGE, Failure, deliveriesOf, deriveSource } from "./shared.js";
// src/probe/same-store.ts
function inSameStore(check) {
	let first;
	return async (selection) => {
		const { backend } = selection;
		if (first !== void 0 && first.client !== backend.client) throw inOtherStore(backend, first);
		try {
			return await check(selection);
		} catch (error) {
			if (error instanceof Failure && error.code === "Unsupported") first ??= backend;
			throw error;
		}
	};
}
function inOtherStore(backend, { client }) {
	return unsupportedBy(backend, [`load: the image would be in ${backend.client}'s store and not in ${client}'s; name it in the input backend if that is wanted`]);
}
// src/action/build-by-backend.ts
async function buildByBackend(job, because, selectEngine = () => job.watch.phase("detect the engine", () => readyEngine(job, imageCheck(job)))) {
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
function imageCheck(job) {
	const check = async (selection) => checkPlan(job, selection, await requestImage(job, selection));
	return deliveriesOf(job.inputs, job.machine.workspace).some(({ kind }) => kind === "load") ? inSameStore(check) : check;
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
