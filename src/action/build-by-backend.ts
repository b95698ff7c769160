import { dialectOf } from "../commands/answers.ts";
import { type DerivedSource, deriveSource } from "../commands/image-source.ts";
import { deliveriesOf } from "../commands/plan.ts";
import type { PlanCheck } from "../probe/find-engine.ts";
import type { EngineSelection } from "../probe/probe.ts";
import { inSameStore } from "../probe/same-store.ts";
import { ENVIRONMENT_STAGE } from "../recipe/dockerfile/dockerfile.ts";
import { downloadRemoteFiles } from "./download-models.ts";
import type { BuildOutcome, Job } from "./job.ts";
import { readyEngine } from "./ready-engine.ts";
import { type BackendRequest, checkPlan, runBackend } from "./run-backend.ts";

/** The backend makes the whole image: one Dockerfile, and the payload by named contexts. */
export async function buildByBackend(
  job: Job,
  because: string,
  selectEngine = () => job.watch.phase("detect the engine", () => readyEngine(job, imageCheck(job))),
): Promise<BuildOutcome> {
  const { inputs, machine } = job;
  machine.actions.info(`The backend makes the whole image: ${because}`);
  const selection = await selectEngine();
  const { backend, engine } = selection;
  if (inputs.dryRun !== true) await downloadRemoteFiles(job, "the backend reads them from the disk");
  const request = await requestImage(job, selection);
  const { source } = request;
  const build = await runBackend(job, selection, request);
  return {
    ...build,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    client: backend.client,
    existed: false,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...(engine.notes ?? [])],
  };
}

/** Whether the backend supports what is requested of the whole image. */
export function imageCheck(job: Job): PlanCheck {
  const check: PlanCheck = async (selection) => checkPlan(job, selection, await requestImage(job, selection));
  const loads = deliveriesOf(job.inputs, job.machine.workspace).some(({ kind }) => kind === "load");
  return loads ? inSameStore(check) : check;
}

async function requestImage(
  job: Job,
  { backend, engine }: EngineSelection,
): Promise<BackendRequest & { readonly source: DerivedSource }> {
  const { inputs, machine } = job;
  const source = await deriveSource(job, { dialect: dialectOf(backend, engine) }, machine);
  const stage = job.recipe === undefined ? {} : { stage: ENVIRONMENT_STAGE };
  return { inputs, source, ...stage, keepsEnvironment: false };
}
