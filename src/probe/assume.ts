import { autoChoice } from "../backends/auto.ts";
import type { Backend, Engine } from "../backends/backend.ts";
import { findBackend } from "../backends/index.ts";
import { Failure } from "../errors.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env } from "../machine/machine.ts";
import type { EngineSelection, ProbeMachine } from "./probe.ts";
import { noneSuits, printRefusals, type Refusal } from "./refusals.ts";

/** A backend with an assumed engine, and what was planned with it. */
export interface Assumed<T> {
  readonly selection: EngineSelection;
  readonly planned: T;
}

/** The backend that the input names. */
export function choiceOf({ backend = "auto" }: Pick<Inputs, "backend">): Backend | "auto" {
  return findBackend(backend) ?? "auto";
}

/**
 * The backend with an assumed engine, for a dry run and for work without an engine. `auto` selects the first candidate that
 * supports the plan, those first whose tool is on PATH.
 * @param plan makes the plan; its failure of code Unsupported passes a candidate over.
 * @throws Failure of the plan; `input`, code NoneSuits, if several candidates refuse it.
 */
export async function assumeBackend<T>(
  inputs: Pick<Inputs, "backend" | "builder">,
  env: Env,
  machine: ProbeMachine,
  plan: (selection: EngineSelection) => Promise<T>,
): Promise<Assumed<T>> {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backends = choice === "auto" ? await onPathFirst(autoChoice(builder, env).assumed, machine) : [choice];
  const refusals: Refusal[] = [];
  for (const backend of backends) {
    const selection = { backend, env, engine: assumedEngine(backend, builder) };
    try {
      return { selection, planned: await plan(selection) };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "Unsupported" || backends.length === 1) throw error;
      refusals.push({ backend, failure: error });
    }
  }
  throw noneSuits(printRefusals(refusals));
}

/** The newest engine of the backend that is known, with every ability. */
export function assumedEngine(backend: Backend, builder: string | undefined): Engine {
  return { ...backend.assumed, ...(builder === undefined ? {} : assumedBuilder(builder, backend)) };
}

/** The builder in the commands; a placeholder for one that a real run would create. */
function assumedBuilder(builder: string, backend: Backend): Pick<Engine, "builder" | "notes"> {
  if (backend.nodesOf?.(builder) === undefined) return { builder };
  return {
    builder: BUILDER_PLACEHOLDER,
    notes: [
      `In the commands, ${BUILDER_PLACEHOLDER} stands for the builder that a run creates from ${builder.split("\n").join(", ")}`,
    ],
  };
}

const BUILDER_PLACEHOLDER = "bento-image";

async function onPathFirst(backends: readonly Backend[], machine: ProbeMachine): Promise<readonly Backend[]> {
  const found: Backend[] = [];
  for (const backend of backends) {
    if ((await machine.processes.which(backend.tool)) !== undefined) found.push(backend);
  }
  return [...new Set([...found, ...backends])];
}
