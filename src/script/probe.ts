import { type Backend, type BuilderKeys, type Engine, isAddress, type Question } from "../backends/backend.ts";
import { BACKENDS, findBackend } from "../backends/index.ts";
import { Failure, missingOnMachine, ProgramMissing } from "../errors.ts";
import { type NonEmpty, nonEmpty } from "../image/nonempty.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Captured, Env, Invocation, World } from "../world/world.ts";

export interface Found {
  readonly backend: Backend;
  readonly engine: Engine;
  /** The environment of its tools. */
  readonly env: Env;
  /** Why this backend, in one line; undefined when the user named it. */
  readonly reason?: string;
}

export type ProbeWorld = Pick<World, "processes">;

/** The backend that the input names. */
export function choiceOf({ backend = "auto" }: Pick<Inputs, "backend">): Backend | "auto" {
  return findBackend(backend) ?? "auto";
}

/**
 * Finds the backend that shall build and asks its engine what it can do; at most three processes a backend.
 * `auto` takes the first that answers, in the order of the registry of backends, among those that can use `builder`.
 *
 * @throws Failure `tool` when a program is missing, `engine` when its engine does not answer.
 */
export async function findEngine(
  choice: Backend | "auto",
  builder: string | undefined,
  world: ProbeWorld,
  env: Env,
  keys?: BuilderKeys,
): Promise<Found> {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, { builder, keys }, world, env), env };
  const refusals: string[] = [];
  const able = candidates(builder);
  for (const backend of able) {
    try {
      const engine = await probe(backend, { builder, keys }, world, env);
      return { backend, engine, env, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
    } catch (error) {
      const isOnly = able.length === 1 && error instanceof Failure && error.class === "engine";
      if (isOnly || !(error instanceof Failure)) throw error;
      refusals.push(`${backend.name}: ${error.message}`);
    }
  }
  throw new Failure("engine", "no builder works on this machine", {
    code: "NoEngine",
    lines: refusals,
    hint: `Install ${anyOf(BACKENDS.map(({ tool }) => tool))} on the runner, or give the address of a buildkitd in the input builder.`,
  });
}

function anyOf(tools: readonly string[]): string {
  const names = [...new Set(tools)];
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/**
 * The backend, and an engine that nobody asked: for a dry run, and for what needs no engine. `auto` stands for the first
 * candidate whose tool is on PATH, else for the first.
 */
export async function assumeBackend(
  inputs: Pick<Inputs, "backend" | "builder">,
  env: Env,
  world: ProbeWorld,
): Promise<Found> {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backend = choice === "auto" ? await firstOnPath(candidates(builder), world) : choice;
  return {
    backend,
    env,
    engine: { ...backend.assumed, ...(builder === undefined ? {} : assumedAs(builder, backend)) },
  };
}

/** A builder that a run would make has its name in the commands. */
function assumedAs(builder: string, backend: Backend): Pick<Engine, "builder" | "notes"> {
  if (backend.nodesOf?.(builder) === undefined) return { builder };
  return {
    builder: MADE,
    notes: [`In the commands ${MADE} stands for the builder that a run makes of ${builder.split("\n").join(", ")}`],
  };
}

const MADE = "bento-image";

async function firstOnPath([first, ...others]: NonEmpty<Backend>, world: ProbeWorld): Promise<Backend> {
  for (const backend of [first, ...others]) {
    if ((await world.processes.which(backend.tool)) !== undefined) return backend;
  }
  return first;
}

/** Variables that send a tool to an engine elsewhere, when they hold an address that is no socket of this machine. */
const ADDRESSES = [
  ...["DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_CONNECTION"],
  ...BACKENDS.flatMap(({ addresses }) => addresses),
];

/** Whether the engine is surely on this machine, so that it builds for the machine's own platform unless told otherwise. */
export function isLocalEngine(builder: string | undefined, env: Env): boolean {
  const nodes = builder?.split("\n").map((line) => line.trim()) ?? [];
  return [...nodes, ...ADDRESSES.map((name) => env[name])].every(
    (address) => !address || address.startsWith("unix://"),
  );
}

/** Those that `auto` may choose, in the order of the registry of backends. */
export function candidates(builder: string | undefined): NonEmpty<Backend> {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === undefined) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}

interface Address {
  readonly builder: string | undefined;
  readonly keys: BuilderKeys | undefined;
}

async function probe(backend: Backend, { builder, keys }: Address, world: ProbeWorld, env: Env): Promise<Engine> {
  const questions = backend.questions(builder, keys);
  for (const tool of new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if ((await world.processes.which(tool, env["PATH"])) === undefined) {
      throw tool === backend.tool && !backend.installs ? missingOnMachine(tool) : new ProgramMissing(tool);
    }
  }
  const address = addressOf(backend, builder, env);
  const answers = await askAll(questions, ({ tool = backend.tool, args }) => ask({ tool, args, env }, address, world));
  try {
    return backend.readEngine(answers, builder);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw oddAnswer(backend, error);
  }
}

/** The answers are JSON of programs that anything may stand in for; fields of another type than theirs break whatever reads them. */
function oddAnswer({ tool, title }: Backend, cause: unknown): Failure {
  return new Failure(
    "tool",
    `${title} cannot be used: what ${tool} says about its engine is of another form than known`,
    {
      code: "AnswerInvalid",
      lines: [cause instanceof Error ? cause.message : String(cause)],
      hint: `Look at what \`${tool} info\` and \`${tool} version\` print on this machine: another program may stand in for ${tool}.`,
      cause,
    },
  );
}

/** Name or address of the engine, from the input or the environment; undefined is the tool's own default. */
export function addressOf({ addresses }: Backend, builder: string | undefined, env: Env): string | undefined {
  return builder ?? addresses.map((name) => env[name]).find(Boolean);
}

/** Side by side where no question depends on an answer: each takes the start of a program. */
async function askAll(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Captured>,
): Promise<readonly Captured[]> {
  const answers = await Promise.all(questions.filter(({ isOpen }) => isOpen === undefined).map(ask));
  for (const question of questions) if (question.isOpen?.(answers) === true) answers.push(await ask(question));
  return answers;
}

/** Milliseconds in which a daemon at an address must answer. */
const PATIENCE = 5_000;

/** Undefined when there is no answer in time: clients wait for a silent daemon for 20 s, some for ever. */
export async function askBriefly(invocation: Invocation, { processes }: ProbeWorld): Promise<Captured | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await processes.capture({ ...invocation, signal });
  return signal.aborted ? undefined : answer;
}

async function ask(invocation: Invocation, builder: string | undefined, world: ProbeWorld): Promise<Captured> {
  if (builder === undefined || !isAddress(builder)) return world.processes.capture(invocation);
  const answer = await askBriefly(invocation, world);
  if (answer !== undefined) return answer;
  throw new Failure("engine", `the builder at ${builder} does not answer within ${PATIENCE / 1000} s`, {
    code: "NodeDead",
    hint: "Is the address right, the daemon up, and does a firewall let this runner through?",
  });
}
