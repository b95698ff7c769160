import { setTimeout as sleep } from "node:timers/promises";
import type { LiveProcess, System } from "../machine/machine.ts";

/** Time for a daemon to shut down cleanly while builds run; an idle one needs tens of milliseconds. */
const GRACE_PERIOD_MS = 5_000;

/**
 * Ends a daemon: by SIGTERM, and after the grace period by SIGKILL to its whole process group. Does nothing if it has ended,
 * even if another process has its id now.
 * @param gracePeriod milliseconds; with 0, SIGKILL is sent at once.
 */
export async function endProcess(
  process: LiveProcess,
  system: Pick<System, "isAlive" | "signal">,
  gracePeriod = GRACE_PERIOD_MS,
): Promise<void> {
  if (gracePeriod > 0) {
    await system.signal(process, "SIGTERM");
    if (await ends(process, system, gracePeriod)) return;
  }
  await system.signal(process, "SIGKILL", "group");
  if (!(await ends(process, system, GRACE_PERIOD_MS))) throw new Error(`the process ${process.pid} does not end`);
}

/** Ends processes by SIGKILL, in the order given. */
export async function endAll(
  processes: readonly LiveProcess[],
  system: Pick<System, "isAlive" | "signal">,
): Promise<void> {
  for (const process of processes) await system.signal(process, "SIGKILL");
  for (const process of processes) {
    if (!(await ends(process, system, GRACE_PERIOD_MS))) throw new Error(`the process ${process.pid} does not end`);
  }
}

async function ends(process: LiveProcess, system: Pick<System, "isAlive">, gracePeriod: number): Promise<boolean> {
  for (let waited = 0, pause = 2; waited < gracePeriod; waited += pause, pause = Math.min(2 * pause, 100)) {
    if (!(await system.isAlive(process))) return true;
    await sleep(pause);
  }
  return !(await system.isAlive(process));
}
