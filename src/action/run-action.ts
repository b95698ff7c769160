import { asFailure, cancelled, Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { type RealMachine, realMachine } from "../machine/real-machine.ts";
import { reportFailure } from "../report/failure.ts";

/** Runs a story on the real machine, reports its failure, sets the exit code, and cleans up. */
export async function runAction(story: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = realMachine();
  // Node would print an uncaught error as it is, and its message may contain foreign text.
  process.on("uncaughtException", (error) => crash(error, machine));
  try {
    requireLinux(process.platform);
    await story(machine);
  } catch (error) {
    report(error, machine);
  } finally {
    await machine.dispose();
  }
}

function report(error: unknown, { signal, actions }: Machine): void {
  const failure = asFailure(error);
  // An error after a cancellation is a consequence of it.
  const isCancel = signal.aborted && failure.class !== "cancelled";
  reportFailure(isCancel ? cancelled(signal, "The run stopped", error) : failure, actions);
  process.exitCode = 1;
}

function crash(error: unknown, machine: RealMachine): void {
  report(error, machine);
  const exit = (): never => process.exit(1);
  machine.dispose().then(exit, exit);
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
