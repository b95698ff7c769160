/** After an engine failed: which of its machines? */
import type { BuilderKeys } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import { addressOf, captureWithTimeout, type EngineSelection, type ProbeMachine } from "./probe.ts";

/**
 * Adds the nodes that no longer answer to a failure of class `engine`; they are checked for at most 5 s. Returns the error
 * unchanged if it has another class, if all nodes answer, or if the backend cannot tell.
 */
export async function describeUnreachable(
  error: unknown,
  { backend, engine, env }: Omit<EngineSelection, "reason">,
  machine: ProbeMachine,
  keys?: BuilderKeys,
): Promise<unknown> {
  const { nodeDiagnosis } = backend;
  if (!(error instanceof Failure) || error.class !== "engine" || nodeDiagnosis === undefined) return error;
  const builder = addressOf(backend, engine.builder, env);
  const { tool = backend.tool, args } = nodeDiagnosis.question(builder, keys);
  const answer = await captureWithTimeout({ tool, args, env }, machine);
  const unreachable = nodeDiagnosis.unreachable(answer, builder === undefined ? engine : { ...engine, builder });
  return unreachable === undefined || unreachable.length === 0 ? error : withUnreachable(error, unreachable);
}

function withUnreachable(failure: Failure, unreachable: readonly string[]): Failure {
  const { lines, position } = failure;
  const answers = unreachable.length === 1 ? "answers" : "answer";
  return new Failure("engine", `${unreachable.join(" and ")} no longer ${answers}: ${failure.message}`, {
    lines,
    cause: failure,
    ...(position === undefined ? {} : { position }),
    code: "NodeDead",
    hint: "See the daemon's log on that machine, or the kernel's log if it ran out of memory. Restart the daemon and try again.",
  });
}
