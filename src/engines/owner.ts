import type { LiveProcess } from "../machine/machine.ts";
import type { EngineMachine } from "./engine.ts";

/** What an engine was started for; when that has ended, the engine is left over. */
export type Owner =
  | { readonly kind: "process"; readonly process: LiveProcess }
  | { readonly kind: "job"; readonly runner: string; readonly job: string };

type OwnerMachine = Pick<EngineMachine, "env" | "system">;

/**
 * The job if it can be identified, else this process. An engine runs until the post step at the end of the job; until then
 * a later step must not treat it as left over.
 */
export async function ownerOf(machine: OwnerMachine): Promise<Owner> {
  return thisJob(machine) ?? { kind: "process", process: await machine.system.self() };
}

/**
 * Whether the owner has ended, so that nothing else cleans up after it. A runner runs one job at a time, so another job of
 * the same runner has ended; jobs of other runners are treated as running.
 */
export async function isGone(owner: Owner, machine: OwnerMachine): Promise<boolean> {
  if (owner.kind === "process") return !(await machine.system.isAlive(owner.process));
  const now = thisJob(machine);
  return now !== undefined && now.runner === owner.runner && now.job !== owner.job;
}

/** GitHub's runner finds a job's processes by RUNNER_TRACKING_ID; other runners do not set it. */
function thisJob({ env }: OwnerMachine): Extract<Owner, { kind: "job" }> | undefined {
  const run = ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB"].map((name) => env[name] ?? "");
  const job = env["RUNNER_TRACKING_ID"] || (run[0] === "" ? "" : run.join("/"));
  return job === "" ? undefined : { kind: "job", runner: env["RUNNER_NAME"] ?? "", job };
}
