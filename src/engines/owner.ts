import type { LiveProcess } from "../machine/machine.ts";
import type { EngineMachine } from "./engine.ts";

/** Who an engine was started for; when that is gone, the engine is left over. */
export type Owner =
  | { readonly kind: "process"; readonly process: LiveProcess }
  | { readonly kind: "job"; readonly runner: string; readonly job: string };

type OwnerMachine = Pick<EngineMachine, "env" | "system">;

/**
 * The job where there is one to tell from others, else this process: an engine stays until the post step, at the end of
 * the job, and until then no later step may take it for left over.
 */
export async function ownerOf(machine: OwnerMachine): Promise<Owner> {
  return thisJob(machine) ?? { kind: "process", process: await machine.system.self() };
}

/**
 * Whether nobody will clean up after the owner. A runner has one job at a time, so another job of the same runner is
 * over; of other runners nothing is known.
 */
export async function isGone(owner: Owner, machine: OwnerMachine): Promise<boolean> {
  if (owner.kind === "process") return !(await machine.system.isAlive(owner.process));
  const now = thisJob(machine);
  return now !== undefined && now.runner === owner.runner && now.job !== owner.job;
}

/** RUNNER_TRACKING_ID is what the runner itself finds a job's processes by; other runners lack it. */
function thisJob({ env }: OwnerMachine): Extract<Owner, { kind: "job" }> | undefined {
  const run = ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB"].map((name) => env[name] ?? "");
  const job = env["RUNNER_TRACKING_ID"] || (run[0] === "" ? "" : run.join("/"));
  return job === "" ? undefined : { kind: "job", runner: env["RUNNER_NAME"] ?? "", job };
}
