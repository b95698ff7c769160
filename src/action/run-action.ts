import { asFailure, cancelled, Failure } from "../errors.ts";
import { variable } from "../inputs/decode-schema.ts";
import { isFalse } from "../inputs/decoder.ts";
import type { Machine } from "../machine/machine.ts";
import { type RealMachine, realMachine } from "../machine/real-machine.ts";
import { reportFailure } from "../report/failure.ts";
import { failureSummary } from "../report/summary-failure.ts";
import type { FailureReport } from "./reports.ts";

/** Who started a run: the runner, or a person at a command line. */
export interface Caller {
  readonly machine: RealMachine;
  /** The failure in the words of the caller. */
  inWords(failure: Failure): Failure;
  exitCodeOf(failure: Failure): number;
}

/** It reads one exit code: any but zero is a failure. */
function runner(): Caller {
  return { machine: realMachine(), inWords: (failure) => failure, exitCodeOf: () => 1 };
}

/** Runs a story on the real machine, reports its failure, sets the exit code, and cleans up. */
export async function runAction(
  story: (machine: Machine) => Promise<void>,
  how: FailureReport,
  caller: Caller = runner(),
): Promise<void> {
  const { machine } = caller;
  // Node would print an uncaught error as it is, and its message may contain foreign text.
  process.on("uncaughtException", (error) => crash(error, caller, how));
  try {
    requireLinux(process.platform);
    await story(machine);
  } catch (error) {
    await report(error, caller, how);
  } finally {
    await machine.dispose();
  }
}

async function report(error: unknown, { machine, inWords, exitCodeOf }: Caller, how: FailureReport): Promise<void> {
  const { signal, actions, env } = machine;
  const found = asFailure(error);
  // An error after a cancellation is a consequence of it.
  const isCancel = signal.aborted && found.class !== "cancelled";
  const failure = inWords(isCancel ? cancelled(signal, "The run stopped", error) : found);
  process.exitCode = exitCodeOf(failure);
  reportFailure(failure, actions, how);
  if (how.summary && !isFalse(variable(env, "summary")))
    await actions.writeSummary(failureSummary(failure, variable(env, "bento"), how, actions.hide));
}

function crash(error: unknown, caller: Caller, how: FailureReport): void {
  const exit = (): never => process.exit();
  report(error, caller, how)
    .then(() => caller.machine.dispose())
    .then(exit, exit);
}

/** The systems of GitHub's runners, in Node's words. */
const SYSTEMS: Readonly<Record<string, string>> = { darwin: "macOS", win32: "Windows" };

/** @throws Failure `platform` on a runner that does not run Linux. */
export function requireLinux(system: string): void {
  if (system === "linux") return;
  throw new Failure(
    "platform",
    `this action runs on Linux runners only, and this one has ${SYSTEMS[system] ?? system}`,
    {
      code: "LinuxOnly",
      hint: "Build in a job of its own with runs-on: ubuntu-latest; what other systems build can be handed to it as an artifact.",
    },
  );
}
