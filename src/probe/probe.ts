import { type Backend, type BuilderKeys, type Engine, isAddress, type Question } from "../backends/backend.ts";
import { BACKENDS, findBackend } from "../backends/index.ts";
import { Failure, missingOnMachine, ProgramMissing } from "../errors.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Captured, Env, Invocation, Machine } from "../machine/machine.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";

export interface EngineSelection {
  readonly backend: Backend;
  readonly engine: Engine;
  /** Environment variables of its tools. */
  readonly env: Env;
  /** Why this backend was chosen, in one line; undefined if the user named it. */
  readonly reason?: string;
}

export type ProbeMachine = Pick<Machine, "processes">;

/** The backend that the input names. */
export function choiceOf({ backend = "auto" }: Pick<Inputs, "backend">): Backend | "auto" {
  return findBackend(backend) ?? "auto";
}

/**
 * Finds the backend for the build and detects the features of its engine, with at most three processes per backend. `auto`
 * selects the first backend that answers, in the order of `BACKENDS`, among those that can use `builder`.
 *
 * @throws Failure `tool` when a program is missing, `engine` when its engine does not answer.
 */
export async function findEngine(
  choice: Backend | "auto",
  builder: string | undefined,
  machine: ProbeMachine,
  env: Env,
  keys?: BuilderKeys,
): Promise<EngineSelection> {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, { builder, keys }, machine, env), env };
  const refusals: string[] = [];
  const possible = candidates(builder);
  for (const backend of possible) {
    try {
      const engine = await probe(backend, { builder, keys }, machine, env);
      return { backend, engine, env, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
    } catch (error) {
      const isOnly = possible.length === 1 && error instanceof Failure && error.class === "engine";
      if (isOnly || !(error instanceof Failure)) throw error;
      refusals.push(`${backend.name}: ${error.message}`);
    }
  }
  throw new Failure("engine", "no builder works on this machine", {
    code: "NoEngine",
    lines: refusals,
    hint: `Install ${anyOf(BACKENDS.map(({ tool }) => tool))} on the runner, or set the input builder to the address of a buildkitd.`,
  });
}

function anyOf(tools: readonly string[]): string {
  const names = [...new Set(tools)];
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/**
 * The backend with an assumed engine, for a dry run and for work without an engine. `auto` selects the first candidate whose
 * tool is on PATH, else the first candidate.
 */
export async function assumeBackend(
  inputs: Pick<Inputs, "backend" | "builder">,
  env: Env,
  machine: ProbeMachine,
): Promise<EngineSelection> {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backend = choice === "auto" ? await firstOnPath(candidates(builder), machine) : choice;
  return {
    backend,
    env,
    engine: { ...backend.assumed, ...(builder === undefined ? {} : assumedBuilder(builder, backend)) },
  };
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

async function firstOnPath([first, ...others]: NonEmpty<Backend>, machine: ProbeMachine): Promise<Backend> {
  for (const backend of [first, ...others]) {
    if ((await machine.processes.which(backend.tool)) !== undefined) return backend;
  }
  return first;
}

/** Variables that select a tool's engine; it may be on another machine unless the value is a local socket. */
const ADDRESS_VARIABLES = [
  ...["DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_CONNECTION"],
  ...BACKENDS.flatMap(({ addresses }) => addresses),
];

/** Whether the engine is certainly on this machine; its default platform is then the machine's. */
export function isLocalEngine(builder: string | undefined, env: Env): boolean {
  const nodes = builder?.split("\n").map((line) => line.trim()) ?? [];
  return [...nodes, ...ADDRESS_VARIABLES.map((name) => env[name])].every(
    (address) => !address || address.startsWith("unix://"),
  );
}

/** The backends that `auto` may choose, in the order of `BACKENDS`. */
export function candidates(builder: string | undefined): NonEmpty<Backend> {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === undefined) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}

interface Address {
  readonly builder: string | undefined;
  readonly keys: BuilderKeys | undefined;
}

async function probe(backend: Backend, { builder, keys }: Address, machine: ProbeMachine, env: Env): Promise<Engine> {
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
