import { fetchRemote } from "./fetch-remote.ts";
import { ENVIRONMENT_STAGE } from "./image/dockerfile.ts";
import type { Job, Outcome } from "./job.ts";
import { readyEngine } from "./ready.ts";
import { runBackend } from "./run-backend.ts";
import { dialectOf } from "./script/answers.ts";
import { deriveSource } from "./script/image-source.ts";

/** The backend makes the whole image: one Dockerfile, and the payload by named contexts. */
export async function buildThroughBackend(
  job: Job,
  because: string,
  askEngine = () => job.watch.phase("ask the engine", () => readyEngine(job)),
): Promise<Outcome> {
  const { inputs, world } = job;
  world.actions.info(`The backend makes the whole image: ${because}`);
  const found = await askEngine();
  const { backend, engine } = found;
  if (inputs.dryRun !== true) await fetchRemote(job, "the backend reads them from the disk");
  const source = await deriveSource(job, { dialect: dialectOf(backend, engine) }, world);
  const stage = job.recipe === undefined ? {} : { stage: ENVIRONMENT_STAGE };
  const build = await runBackend(job, found, inputs, source, { ...stage, keepsEnvironment: false });
  return {
    ...build,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...(engine.notes ?? [])],
  };
}
