import { type AutoChoice, autoChoice } from "../backends/auto.ts";
import type { Backend } from "../backends/backend.ts";
import { writeBuilderKeys } from "../commands/builder-keys.ts";
import { Failure, isLack, ProgramMissing } from "../errors.ts";
import type { EngineInputs } from "../inputs/engine-schema.ts";
import { assumeBackend, assumedEngine, choiceOf } from "../probe/assume.ts";
import { builderToMake } from "../probe/builder.ts";
import { checkBuilder } from "../probe/check-builder.ts";
import { findEngine, type PlanCheck } from "../probe/find-engine.ts";
import { warnOfPlain } from "../probe/plain-builder.ts";
import { addressOf, type EngineSelection } from "../probe/probe.ts";
import { isRefusal, noneSuits, printRefusals } from "../probe/refusals.ts";
import { ownValue } from "../values.ts";
import type { SetUpJob } from "./set-up-engine.ts";

export interface ReadyJob extends SetUpJob {
  readonly inputs: EngineInputs & { readonly dryRun?: boolean | undefined };
}

/**
 * The backend that the inputs ask for, with an engine that answers. What is missing is installed and started, unless the
 * inputs say `install: never`; what is there is used as it is, and nothing of a set-up is loaded then. A builder of
 * addresses is made whatever `install` says, as the inputs name it. On a dry run nothing is asked, and the engine is the
 * newest known.
 * @param suits checks the plan; `auto` passes over the backends that refuse it.
 * @throws Failure `tool`, `engine`, or `input` where the backend cannot use the builder or no backend supports the plan.
 */
export async function readyEngine(job: ReadyJob, suits: PlanCheck = async () => undefined): Promise<EngineSelection> {
  const { inputs, env, machine } = job;
  if (inputs.dryRun === true) return (await assumeBackend(inputs, env, machine, suits)).selection;
  const keys = await writeBuilderKeys(inputs, machine);
  const found = await findOrSetUp({ ...job, ...(keys === undefined ? {} : { keys }) }, suits);
  for (const line of warnOfPlain(addressOf(found.backend, inputs.builder, env), keys)) machine.actions.warning(line);
  if (found.reason !== undefined) {
    machine.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}

async function findOrSetUp(job: ReadyJob, suits: PlanCheck): Promise<EngineSelection> {
  const { inputs, env, machine, keys } = job;
  const asked = choiceOf(inputs);
  const toMake = builderToMake(asked, inputs.builder);
  if (inputs.builder !== undefined) {
    await checkBuilder(toMake?.backend ?? asked, { builder: inputs.builder, keys }, env, machine);
  }
  if (toMake !== undefined) {
    const { makeBuilder } = await import("./set-up-engine.ts");
    const reason = asked === "auto" ? { reason: "no other makes a builder of what the input builder says" } : {};
    return { ...(await makeBuilder(toMake, job)), ...reason };
  }
  const choice = autoChoice(inputs.builder, env);
  const found = await findEngine(asked, inputs.builder, machine, env, keys, suits).catch((error: unknown) => {
    if (inputs.install === "never" || !maySetUp(error, asked, choice)) throw error;
    return error;
  });
  const isFound = !(found instanceof Error);
  if (isFound && inputs.install !== "always") return found;
  const fallback = asked === "auto" ? toSetUp(found, choice) : asked;
  if (!isFound && asked === "auto")
    await expectSuitable(found, { backend: fallback, engine: assumedEngine(fallback, inputs.builder), env }, suits);
  const { setUp } = await import("./set-up-engine.ts");
  const ready = await setUp(found, isFound ? found.backend : fallback, job);
  const reason = isFound ? found.reason : `set up by this action, as ${reasonsOf(found).join("; ")}`;
  return asked === "auto" && reason !== undefined ? { ...ready, reason } : ready;
}

/** Without any engine that works, a variable that names one is not read by anything here, and counts as not set. */
function toSetUp(found: EngineSelection | Failure, { setUp }: AutoChoice): Backend {
  const isNoneNamed = found instanceof Failure && ["NoEngine", "NoneSuits"].includes(found.code);
  return isNoneNamed ? autoChoice(undefined, {}).setUp : setUp;
}

function reasonsOf({ lines, message }: Failure): readonly string[] {
  return lines.length > 0 ? lines : [message];
}

/** Whether what is missing may be installed or started. `auto` fails for want of one program only if the engine is named. */
function maySetUp(error: unknown, asked: Backend | "auto", { setUp }: AutoChoice): error is Failure {
  if (asked === "auto" && error instanceof ProgramMissing) return ownValue(setUp.programs, error.program) !== undefined;
  return isLack(error) || (error instanceof Failure && error.code === "NoneSuits");
}

/** @throws Failure `input`, code NoneSuits, if the backend that would be set up refuses the plan too. */
async function expectSuitable(before: Failure, selection: EngineSelection, suits: PlanCheck): Promise<void> {
  try {
    await suits(selection);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { backend } = selection;
    const others = before.lines.filter((line) => !line.startsWith(`${backend.name}: `));
    throw noneSuits([...others, ...printRefusals([{ backend, failure: error }])]);
  }
}
