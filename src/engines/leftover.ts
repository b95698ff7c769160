import type { EngineMachine } from "./engine.ts";
import { readRecord } from "./record.ts";
import type { EngineRecord } from "./record-entry.ts";

export type CleanUpMachine = Pick<EngineMachine, "env" | "files" | "processes" | "system">;

/** An engine that is to be removed. */
export interface Leftover extends Pick<EngineRecord, "tools" | "made"> {
  /** Absolute. */
  readonly directory: string;
  /** False when the directory was removed: then only the engine's processes are left. */
  readonly isThere: boolean;
  /** The user for whom root acts; undefined when this user acts for itself. */
  readonly owner: number | undefined;
  readonly machine: CleanUpMachine;
}

/** What the record lists for removal, or why the record cannot be trusted. */
export function leftoverOf(
  directory: string,
  machine: CleanUpMachine,
  owner?: number,
): Leftover | { readonly why: string } {
  const reading = readRecord(directory, machine, owner);
  if (reading.kind === "refused") return { why: `${directory} was left alone: ${reading.why}` };
  const { tools, made } = reading.kind === "record" ? reading.record : { tools: [], made: [] };
  return { directory, isThere: reading.kind !== "absent", tools, made, owner, machine };
}

/** Runs one part of the clean-up. A failure is noted, so that it does not prevent the other parts. */
export type Attempt = (what: string, work: () => Promise<void>) => Promise<void>;

/**
 * Gives the function for attempts, and one sentence for each that failed.
 * @param within milliseconds after which no attempt begins.
 */
export function openAttempts(within: number): { readonly left: string[]; readonly attempt: Attempt } {
  const left: string[] = [];
  const timeout = AbortSignal.timeout(within);
  return {
    left,
    async attempt(what, work) {
      try {
        if (timeout.aborted) throw new Error("the time limit was reached");
        await work();
      } catch (error) {
        left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}
