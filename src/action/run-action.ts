import { asFailure, cancelled, Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { type RealMachine, realMachine } from "../machine/real-machine.ts";
import { reportFailure } from "../report/failure.ts";

/** Plays a story on the real machine, tells of its failure, and sets the exit code; the machine is left tidy. */
export async function runAction(story: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = realMachine();
  // Node would print what nobody caught as it is, and the message may be somebody else's words.
  process.on("uncaughtException", (error) => crash(error, machine));
  try {
    requireLinux(process.platform);
    await story(machine);
  } catch (error) {
    tell(error, machine);
  } finally {
    await machine.dispose();
  }
}

function tell(error: unknown, { signal, actions }: Machine): void {
  const failure = asFailure(error);
  // Whatever breaks after a cancel breaks because of it.
  const isCancel = signal.aborted && failure.class !== "cancelled";
  reportFailure(isCancel ? cancelled(signal, "The run stopped", error) : failure, actions);
  process.exitCode = 1;
}

function crash(error: unknown, machine: RealMachine): void {
  tell(error, machine);
  const exit = (): never => process.exit(1);
  machine.dispose().then(exit, exit);
}

/** The systems of GitHub's runners, in Node's words. */
const SYSTEMS: Readonly<Record<string, string>> = { darwin: "macOS", win32: "Windows" };

/** @throws Failure `platform` on a runner of another system, before anything there fails in its own words. */
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
