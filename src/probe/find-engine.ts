import { autoChoice, type CandidateGroup, type NamedEngine } from "../backends/auto.ts";
import type { Backend, BuilderKeys } from "../backends/backend.ts";
import { BACKENDS } from "../backends/index.ts";
import { Failure, NamedEngineFailure, ProgramMissing } from "../errors.ts";
import type { Env } from "../machine/machine.ts";
import { type EngineSelection, type ProbeMachine, probe } from "./probe.ts";
import { isRefusal, noneSuits, printRefusals, type Refusal } from "./refusals.ts";

/** @throws Failure `input`, code Unsupported, that names what the engine does not support of the plan. */
export type PlanCheck = (selection: EngineSelection) => Promise<unknown>;

/**
 * Finds the backend for the build and detects the features of its engine, with at most three processes per backend. `auto`
 * selects the engine that the input `builder`, the environment or buildx's current builder names; if none does, the first
 * backend that answers and supports the plan.
 *
 * @param suits checks the plan; `auto` passes over what it refuses.
 * @throws Failure `tool` when a program is missing, `engine` when its engine does not answer; `input` (code NoneSuits) when
 * engines answer and none supports the plan.
 */
export async function findEngine(
  choice: Backend | "auto",
  builder: string | undefined,
  machine: ProbeMachine,
  env: Env,
  keys?: BuilderKeys,
  suits: PlanCheck = async () => undefined,
): Promise<EngineSelection> {
  const detect = async (backend: Backend): Promise<EngineSelection> => ({
    backend,
    engine: await probe(backend, { builder, keys }, machine, env),
    env,
  });
  return choice === "auto"
    ? findAmong(autoChoice(builder, env).groups, async (backend) => {
        const selection = await detect(backend);
        await suits(selection);
        return selection;
      })
    : detect(choice);
}

async function findAmong(
  groups: readonly CandidateGroup[],
  attempt: (backend: Backend) => Promise<EngineSelection>,
): Promise<EngineSelection> {
  const refusals: Refusal[] = [];
  for (const { backends, named } of groups) {
    const counts = ({ code }: Failure): boolean => named?.handsOver.has(code) !== true;
    const found = await tryAll(backends, attempt, (failure) => named !== undefined && counts(failure));
    const refused = found.refusals.filter(({ failure }) => counts(failure));
    refusals.push(...refused);
    if (found.selection !== undefined) {
      expectBuilder(found.selection, named);
      return { ...found.selection, reason: reasonOf(found.selection, named, refusals) };
    }
    const deciding = refused[0] ?? found.refusals.at(-1);
    if (named === undefined || deciding === undefined) continue;
    if (refused.length > 0 || !named.passes(deciding.failure)) throw failureOf(named, deciding.failure);
  }
  throw refusals.some(({ failure }) => failure.code === "Unsupported")
    ? noneSuits(printRefusals(refusals))
    : noEngine(refusals);
}

async function tryAll(
  backends: readonly Backend[],
  attempt: (backend: Backend) => Promise<EngineSelection>,
  isFinal: (failure: Failure) => boolean,
): Promise<{ readonly selection?: EngineSelection; readonly refusals: readonly Refusal[] }> {
  const refusals: Refusal[] = [];
  for (const backend of backends) {
    try {
      return { selection: await attempt(backend), refusals };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusals.push({ backend, failure: error });
      if (isFinal(error)) break;
    }
  }
  return { refusals };
}

/** The daemon of another docker context is a builder for buildx, but not the daemon that docker itself would use. */
function expectBuilder({ engine }: EngineSelection, named: NamedEngine | undefined): void {
  if (named?.builder === undefined || engine.builder === undefined || engine.builder === named.builder) return;
  const message = `${named.builder} is the daemon of another docker context than the current one, ${engine.builder}`;
  throw failureOf(named, new Failure("engine", message, { hint: `Set DOCKER_CONTEXT to ${named.builder}.` }));
}

function reasonOf({ engine }: EngineSelection, named: NamedEngine | undefined, refusals: readonly Refusal[]): string {
  const reasons = [...(named === undefined ? [] : [named.because(engine)]), ...printRefusals(refusals)];
  return reasons.length === 0 ? "the first choice" : reasons.join("; ");
}

/** The failure of an engine that somebody named. A missing program may still be installed; another engine is not started. */
function failureOf({ prefix, remedy }: NamedEngine, failure: Failure): Failure {
  const { code, lines } = failure;
  const message = `${prefix}${failure.message}`;
  const hint = [failure.hint, remedy].filter(Boolean).join(" ");
  const details = { code, lines, hint, cause: failure };
  if (failure instanceof ProgramMissing) return new ProgramMissing(failure.program, { ...details, message });
  return failure.class === "engine"
    ? new NamedEngineFailure("engine", message, details)
    : new Failure(failure.class, message, details);
}

function noEngine(refusals: readonly Refusal[]): Failure {
  return new Failure("engine", "no builder works on this machine", {
    code: "NoEngine",
    lines: printRefusals(refusals),
    hint: `Install ${anyOf(BACKENDS.map(({ tool }) => tool))} on the runner, or set the input builder to the address of a buildkitd.`,
  });
}

function anyOf(tools: readonly string[]): string {
  const names = [...new Set(tools)];
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
