import { namingVariables } from "../backends/auto.ts";
import { type Backend, type BuilderKeys, type Engine, isAddress, type Question } from "../backends/backend.ts";
import { Failure, missingOnMachine, ProgramMissing } from "../errors.ts";
import type { Captured, Env, Invocation, Machine } from "../machine/machine.ts";

export interface EngineSelection {
  readonly backend: Backend;
  readonly engine: Engine;
  /** Environment variables of its tools. */
  readonly env: Env;
  /** Why this backend was chosen, in one line; undefined if the user named it. */
  readonly reason?: string;
}

export type ProbeMachine = Pick<Machine, "processes">;

/** Whether the engine is certainly on this machine; its default platform is then the machine's. */
export function isLocalEngine(builder: string | undefined, env: Env): boolean {
  const nodes = builder?.split("\n").map((line) => line.trim()) ?? [];
  return [...nodes, ...namingVariables(env).map(({ value }) => value)].every(
    (address) => address === "" || address.startsWith("unix://"),
  );
}

/**
 * The same for a detected engine, whose builder may be the current one of its tool: all its nodes must be on this machine,
 * too. A node's address is a URL, or the name of a docker context.
 */
export function isLocalSelection({ engine, env }: EngineSelection, builder: string | undefined): boolean {
  const nodes = engine.nodes ?? [];
  return (
    isLocalEngine(builder, env) && nodes.every(({ address }) => address === "default" || address.startsWith("unix://"))
  );
}

/** Which engine of a backend. */
export interface Address {
  readonly builder: string | undefined;
  readonly keys: BuilderKeys | undefined;
}

/**
 * Detects an engine and its features, with at most three processes.
 * @throws Failure `tool` when a program is missing, `engine` when the engine does not answer.
 */
export async function probe(
  backend: Backend,
  { builder, keys }: Address,
  machine: ProbeMachine,
  env: Env,
): Promise<Engine> {
  const questions = backend.questions(builder, keys);
  for (const tool of new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if ((await machine.processes.which(tool, env["PATH"])) === undefined) {
      throw tool === backend.tool && !backend.installs ? missingOnMachine(tool) : new ProgramMissing(tool);
    }
  }
  const address = addressOf(backend, builder, env);
  const answers = await runAll(questions, ({ tool = backend.tool, args }) =>
    run({ tool, args, env }, address, machine),
  );
  try {
    return backend.readEngine(answers, builder);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw invalidAnswer(backend, error);
  }
}

/** The failure for output that cannot be parsed: another program may be installed under the tool's name. */
function invalidAnswer({ tool, title }: Backend, cause: unknown): Failure {
  return new Failure("tool", `${title} cannot be used: the output of ${tool} about its engine has an unknown format`, {
    code: "AnswerInvalid",
    lines: [cause instanceof Error ? cause.message : String(cause)],
    hint: `Check the output of \`${tool} info\` and \`${tool} version\` on this machine: another program may be installed as ${tool}.`,
    cause,
  });
}

/** Name or address of the engine, from the input or the environment; undefined for the tool's default. */
export function addressOf({ addresses }: Backend, builder: string | undefined, env: Env): string | undefined {
  return builder ?? addresses.map((name) => env[name]).find(Boolean);
}

/** Runs questions that do not depend on answers in parallel, because each starts a program; then the others, if needed. */
async function runAll(
  questions: readonly Question[],
  run: (question: Question) => Promise<Captured>,
): Promise<readonly Captured[]> {
  const answers = await Promise.all(questions.filter(({ isOpen }) => isOpen === undefined).map(run));
  for (const question of questions) if (question.isOpen?.(answers) === true) answers.push(await run(question));
  return answers;
}

/** Milliseconds within which a daemon at an address must answer. */
const ANSWER_TIMEOUT = 5_000;

/** Undefined without an answer in time: clients wait 20 s for a daemon that does not answer, some endlessly. */
export async function captureWithTimeout(
  invocation: Invocation,
  { processes }: ProbeMachine,
): Promise<Captured | undefined> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
  const answer = await processes.capture({ ...invocation, signal });
  return signal.aborted ? undefined : answer;
}

async function run(invocation: Invocation, builder: string | undefined, machine: ProbeMachine): Promise<Captured> {
  if (builder === undefined || !isAddress(builder)) return machine.processes.capture(invocation);
  const answer = await captureWithTimeout(invocation, machine);
  if (answer !== undefined) return answer;
  throw new Failure("engine", `the builder at ${builder} does not answer within ${ANSWER_TIMEOUT / 1000} s`, {
    code: "NodeDead",
    hint: "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner.",
  });
}
