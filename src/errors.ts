/** The failures of this action. Every expected error is a Failure; any other error is a bug (`internal`). */
import { BUG_REPORT_URL } from "./text/documentation.ts";

export const FAILURE_TITLES = {
  input: "An input is invalid",
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

/** The position of a mistake in a file; `line` starts at 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line?: number;
}

export interface FailureDetails {
  /** A more specific name inside the class, stable for tests and scripts: `UnsafePath`, `ModelMissing`, … */
  readonly code?: string;
  /** The relevant lines of a tool's output, unchanged, or details of the message. */
  readonly lines?: readonly string[];
  /** Mistakes in inputs that are independent of each other, each `input: what is wrong`. They are reported one by one. */
  readonly mistakes?: readonly string[];
  /** What the user can do, in one or two sentences. */
  readonly hint?: string;
  readonly position?: SourcePosition;
  readonly cause?: unknown;
}

/** A failure that the user can act on. Its class determines the title; its message says what failed and where. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly class: FailureClass;
  readonly code: string;
  readonly lines: readonly string[];
  readonly mistakes: readonly string[];
  readonly hint: string | undefined;
  readonly position: SourcePosition | undefined;

  constructor(failureClass: FailureClass, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.class = failureClass;
    this.code = details.code ?? failureClass;
    this.lines = details.lines ?? [];
    this.mistakes = details.mistakes ?? [];
    this.hint = details.hint;
    this.position = details.position;
  }
}

/** A program is missing. A caller that can install it may do so. */
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

/** The failure for a missing program that the action never installs. */
export function missingOnMachine(program: string): ProgramMissing {
  return new ProgramMissing(program, {
    hint: `The action does not install ${program}: install it on the runner, or choose another backend (backend: auto takes what works, and sets up BuildKit where nothing does).`,
  });
}

/** An engine that somebody named does not work; no other is started in its place. */
export class NamedEngineFailure extends Failure {}

/** Whether a program is missing or an engine does not run, which the action may be able to fix. */
export function isLack(error: unknown): error is Failure {
  if (error instanceof ProgramMissing) return true;
  return error instanceof Failure && error.class === "engine" && !(error instanceof NamedEngineFailure);
}

/** The abort reason of a signal when the time limit has passed. */
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

/** The failure of work that the machine's signal has ended. The message is `what` and "because the run was cancelled". */
export function cancelled(signal: AbortSignal, what: string, cause?: unknown): Failure {
  const why = signal.reason instanceof TimeOver ? `${signal.reason}` : "the run was cancelled";
  return new Failure("cancelled", `${what} because ${why}`, { cause });
}

/** How many items a failure lists. */
const MAX_LISTED = 20;

/** The first items of a list, and the number of further ones. */
export function firstFew(items: readonly string[]): readonly string[] {
  const more = items.length - MAX_LISTED;
  return more > 0 ? [...items.slice(0, MAX_LISTED), `and ${more} more`] : items;
}

/** The code that Node gives an error of the system, such as `ENOENT`; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Whether the error says that a disk or a quota is full. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(errorCode(error));
}

/** Converts any error to a Failure: class `disk` for a full disk, class `internal` for every other error. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new Failure("disk", message, {
      code: "DiskFull",
      hint: "Free some disk space, or set TMPDIR, RUNNER_TEMP or the path of the output to a larger disk.",
      cause: error,
    });
  }
  return new Failure("internal", message, {
    cause: error,
    hint: `Please report it at ${BUG_REPORT_URL} with the log of a run with debug logging on (ACTIONS_STEP_DEBUG=true).`,
  });
}
