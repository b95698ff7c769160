import { setTimeout as sleep } from "node:timers/promises";
import type { LiveProcess, System } from "../machine/machine.ts";

/** What a daemon gets to end by itself, with builds to break off; idle ones take tens of milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Ends a daemon: asked first; after a while with its whole group, unasked. Gone, or another process by now, is fine.
 * @param retryPolicy milliseconds; with 0 it is not asked.
 */
export async function endProcess(
  process: LiveProcess,
  system: Pick<System, "isAlive" | "signal">,
  retryPolicy = PATIENCE_MS,
): Promise<void> {
  if (retryPolicy > 0) {
    await system.signal(process, "SIGTERM");
    if (await ends(process, system, retryPolicy)) return;
  }
  await system.signal(process, "SIGKILL", "group");
  if (!(await ends(process, system, PATIENCE_MS))) throw new Error(`the process ${process.pid} does not end`);
}

/** Ends processes unasked, in the order given. */
export async function endAll(
  processes: readonly LiveProcess[],
  system: Pick<System, "isAlive" | "signal">,
): Promise<void> {
  for (const process of processes) await system.signal(process, "SIGKILL");
  for (const process of processes) {
    if (!(await ends(process, system, PATIENCE_MS))) throw new Error(`the process ${process.pid} does not end`);
  }
}

async function ends(process: LiveProcess, system: Pick<System, "isAlive">, retryPolicy: number): Promise<boolean> {
  for (let waited = 0, pause = 2; waited < retryPolicy; waited += pause, pause = Math.min(2 * pause, 100)) {
    if (!(await system.isAlive(process))) return true;
    await sleep(pause);
  }
  return !(await system.isAlive(process));
}
