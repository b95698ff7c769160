import { mustBeDirect } from "../assembly/choice.ts";
import { type AssemblyRequest, onlyLoads } from "../assembly/request.ts";
import { Failure } from "../errors.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { BuildOutcome, Job } from "./job.ts";

/** A job whose image this action assembles. */
export interface DirectJob {
  readonly job: Job;
  readonly recipe: Recipe;
  readonly request: AssemblyRequest;
  /** The backend that would build, until an engine is selected. */
  readonly assumed: EngineSelection;
  selectEngine(): Promise<EngineSelection>;
}

/** What direct assembly made. */
export type DirectOutcome = Omit<BuildOutcome, "dockerfile">;

/** The backend must make the whole image after all, as when the base image cannot be resolved and the engine writes no layout. */
export interface AssemblyFallback {
  readonly because: string;
  /** Detects or starts the engine once, however often it is called, also where that is done already. */
  selectEngine(): Promise<EngineSelection>;
}

/** @throws Failure, by default `input`, code Unsupported, where the inputs do not allow the backend to make the whole image. */
export function fallBack(
  { job, selectEngine }: DirectJob,
  because: string,
  failure = new Failure("input", `assembly: direct is not possible here: ${because}`, { code: "Unsupported" }),
): AssemblyFallback {
  if (mustBeDirect(job.inputs)) throw failure;
  return { because, selectEngine };
}

/** The failure of a plan that the backend does not support; undefined if it does. */
export async function refusalOf(plan: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await plan();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.code === "Unsupported") return error;
    throw error;
  }
}

/** The request that environments are built by: a run that sends nothing anywhere writes nothing into the cache either. */
export function environmentRequestOf(request: AssemblyRequest): AssemblyRequest {
  return onlyLoads(request) ? withoutCache(request) : request;
}

export function withoutCache({ cache: _, ...request }: AssemblyRequest): AssemblyRequest {
  return request;
}
