/** The closed family of failures. Every error that reaches the user is a Failure; anything else is a bug of ours (`internal`). */

export const FAILURE_TITLES = {
  input: "An input is not right",
  bento: "The Bento cannot be used",
  dockerfile: "The Dockerfile cannot be built",
  "run-step": "A build step failed",
  "base-image": "The base image cannot be used",
  platform: "The platform cannot be built here",
  auth: "The registry refused the credentials",
  "rate-limit": "The registry limits the rate of requests",
  network: "The network or the registry did not answer",
  disk: "The disk is full",
  engine: "The engine cannot be reached",
  tool: "The tool is missing, too old or failed",
  cancelled: "The build was cancelled",
  internal: "A bug in this action",
} as const;

export type FailureClass = keyof typeof FAILURE_TITLES;

/** Where in a file the mistake is; `line` counts from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line?: number;
}

export interface FailureDetails {
  /** A finer name inside the class, stable for tests and scripts: `UnsafePath`, `ModelMissing`, … */
  readonly code?: string;
  /** The tool's own deciding lines, as it printed them. */
  readonly lines?: readonly string[];
  /** What to do about it, one or two sentences. */
  readonly hint?: string;
  readonly position?: SourcePosition;
  readonly cause?: unknown;
}

/** A failure the user can do something about: its class decides the title, its message says what failed and where. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly class: FailureClass;
  readonly code: string;
  readonly lines: readonly string[];
  readonly hint: string | undefined;
  readonly position: SourcePosition | undefined;

  constructor(failureClass: FailureClass, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.class = failureClass;
    this.code = details.code ?? failureClass;
    this.lines = details.lines ?? [];
    this.hint = details.hint;
    this.position = details.position;
  }
}

/** A program that is not there; who can install it, may. */
export class ProgramMissing extends Failure {
  readonly program: string;

  constructor(program: string, { message, ...details }: FailureDetails & { readonly message?: string } = {}) {
    super("tool", message ?? `${program} is not on PATH`, {
      code: "ToolMissing",
      hint: `Let the action install ${program} (input install), install it on the runner, or choose another backend.`,
      ...details,
    });
    this.program = program;
  }
}

/** A program that the action never installs: it is the machine owner's. */
export function missingOnMachine(program: string): ProgramMissing {
  return new ProgramMissing(program, {
    hint: `The action does not install ${program}: install it on the runner, or choose another backend (backend: auto takes what works, and sets up BuildKit where nothing does).`,
  });
}

/** Whether something is not there or does not run, which can be mended, and not just refused. */
export function isLack(error: unknown): error is Failure {
  return error instanceof ProgramMissing || (error instanceof Failure && error.class === "engine");
}

/** The reason of a signal that a time limit aborted. */
export class TimeOver {
  /** The limit, in milliseconds. */
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  toString(): string {
    return `its time was over: the input timeout is ${this.limit / 60_000} min`;
  }
}

/** The failure of work that the machine's signal ended; `what` completes "… because the run was cancelled". */
export function cancelled(signal: AbortSignal, what: string, cause?: unknown): Failure {
  const why = signal.reason instanceof TimeOver ? `${signal.reason}` : "the run was cancelled";
  return new Failure("cancelled", `${what} because ${why}`, { cause });
}

/** More mistakes than these help nobody. */
const NAMED = 20;

/** The first of a list that a failure names, and how many more there are. */
export function firstFew(items: readonly string[]): readonly string[] {
  const more = items.length - NAMED;
  return more > 0 ? [...items.slice(0, NAMED), `and ${more} more`] : items;
}

/** The code that Node gives an error of the system, such as `ENOENT`; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Whether the error says that a disk or a quota is full. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(errorCode(error));
}

/** Gives the error as a Failure: a full disk is one, whoever found it full; anything else is class `internal`. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new Failure("disk", message, {
      code: "DiskFull",
      hint: "Free space there, or set TMPDIR, RUNNER_TEMP or the path of the output to a larger disk.",
      cause: error,
    });
  }
  return new Failure("internal", message, {
    cause: error,
    hint: "Please report it with the log of a run with debug logging on (ACTIONS_STEP_DEBUG=true).",
  });
}
