import type { EngineMachine } from "./engine.ts";
import { readRecord } from "./record.ts";
import type { EngineRecord } from "./record-entry.ts";

export type CleanUpMachine = Pick<EngineMachine, "env" | "files" | "processes" | "system">;

/** An engine that is to be removed. */
export interface Leftover extends Pick<EngineRecord, "tools" | "made"> {
  /** Absolute. */
  readonly directory: string;
  /** False when somebody removed the directory: then nothing but its processes is this engine's. */
  readonly isThere: boolean;
  /** The user for whom root acts; undefined when this user acts for itself. */
  readonly owner: number | undefined;
  readonly machine: CleanUpMachine;
}

/** What there is to remove, as the record says; or why the record cannot be believed. */
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

/** A tool that hangs must not keep the rest from being removed; no attempt begins after that time (milliseconds). */
export type Attempt = (what: string, work: () => Promise<void>) => Promise<void>;

/** Attempts, and what came of those that failed, a sentence each. */
export function openAttempts(within: number): { readonly left: string[]; readonly attempt: Attempt } {
  const left: string[] = [];
  const over = AbortSignal.timeout(within);
  return {
    left,
    async attempt(what, work) {
      try {
        if (over.aborted) throw new Error("no time was left");
        await work();
      } catch (error) {
        left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}
