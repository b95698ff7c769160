import { writeBuilderKeys } from "../commands/builder-keys.ts";
import { isLack } from "../errors.ts";
import type { EngineInputs } from "../inputs/engine-schema.ts";
import { builderToMake } from "../probe/builder.ts";
import { checkBuilder } from "../probe/check-builder.ts";
import { warnOfPlain } from "../probe/plain-builder.ts";
import { addressOf, assumeBackend, choiceOf, type EngineSelection, findEngine } from "../probe/probe.ts";
import type { SetUpJob } from "./set-up-engine.ts";

export interface ReadyJob extends SetUpJob {
  readonly inputs: EngineInputs & { readonly dryRun?: boolean | undefined };
}

/**
 * The backend that the inputs ask for, with an engine that answers. What is missing is installed and started, unless the
 * inputs say `install: never`; what is there is used as it is, and nothing of a set-up is loaded then. A builder of
 * addresses is made whatever `install` says, as the inputs name it. On a dry run nothing is asked, and the engine is the
 * newest known.
 * @throws Failure `tool`, `engine`, or `input` where the backend cannot use the builder.
 */
export async function readyEngine(job: ReadyJob): Promise<EngineSelection> {
  const { inputs, env, machine } = job;
  if (inputs.dryRun === true) return assumeBackend(inputs, env, machine);
  const keys = await writeBuilderKeys(inputs, machine);
  const found = await findOrSetUp({ ...job, ...(keys === undefined ? {} : { keys }) });
  for (const line of warnOfPlain(addressOf(found.backend, inputs.builder, env), keys)) machine.actions.warning(line);
  if (found.reason !== undefined) {
    machine.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}

async function findOrSetUp(job: ReadyJob): Promise<EngineSelection> {
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
  const found = await findEngine(asked, inputs.builder, machine, env, keys).catch((error: unknown) => {
    if (inputs.install === "never" || !isLack(error)) throw error;
    return error;
  });
  if (!(found instanceof Error) && inputs.install !== "always") return found;
  const { setUp } = await import("./set-up-engine.ts");
  return setUp(found, asked, job);
}
