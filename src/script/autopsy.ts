/** After an engine failed: which of its machines? */
import type { BuilderKeys } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import { addressOf, askBriefly, type Found, type ProbeWorld } from "./probe.ts";

/**
 * Gives the failure with the machines named that answer no longer. Only after a failure of class `engine` they are
 * asked, for at most 5 s; any other error comes back as it is, and so does one when all of them answer or nobody tells.
 */
export async function nameSilent(
  error: unknown,
  { backend, engine, env }: Omit<Found, "reason">,
  world: ProbeWorld,
  keys?: BuilderKeys,
): Promise<unknown> {
  const { nodeDiagnosis } = backend;
  if (!(error instanceof Failure) || error.class !== "engine" || nodeDiagnosis === undefined) return error;
  const builder = addressOf(backend, engine.builder, env);
  const { tool = backend.tool, args } = nodeDiagnosis.question(builder, keys);
  const answer = await askBriefly({ tool, args, env }, world);
  const unreachable = nodeDiagnosis.unreachable(answer, builder === undefined ? engine : { ...engine, builder });
  return unreachable === undefined || unreachable.length === 0 ? error : retell(error, unreachable);
}

function retell(failure: Failure, unreachable: readonly string[]): Failure {
  const { lines, position } = failure;
  const answers = unreachable.length === 1 ? "answers" : "answer";
  return new Failure("engine", `${unreachable.join(" and ")} no longer ${answers}: ${failure.message}`, {
    lines,
    cause: failure,
    ...(position === undefined ? {} : { position }),
    code: "NodeDead",
    hint: "The daemon's own log on that machine tells why it ended, or its kernel's log when the memory was full; start it there and try again.",
  });
}
