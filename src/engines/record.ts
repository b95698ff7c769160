import type { EngineMachine } from "./engine.ts";
import { makePrivateDirectory } from "./engine-paths.ts";
import type { EngineRecord, RecordEntry } from "./record-entry.ts";
import { parseRecord } from "./record-form.ts";

/** The variable that every daemon of an engine carries, with the engine's directory: found by it when the record is lost. */
export const MARK = "BENTO_IMAGE_ENGINE";

/** The name under which the post step finds the engine's directory in the state of the step. */
export const STATE = "engine";

/** What there is of an engine's directory and its record. */
export type Reading =
  | { readonly kind: "record"; readonly record: EngineRecord }
  /** The directory is this user's own, and nothing was made in it yet: the record is written first, a moment after it. */
  | { readonly kind: "empty" }
  /** There is no such directory. */
  | { readonly kind: "absent" }
  /** Somebody else may have written it; completes "… was left alone: ". */
  | { readonly kind: "refused"; readonly why: string };

type RecordMachine = Pick<EngineMachine, "files" | "system">;

/** Writes down what is made before it is made, so that it can be removed whatever happens next. */
export interface Journal {
  /** The engine's own. */
  readonly directory: string;
  /** Gives the function that replaces the entry when more is known. */
  add(made: RecordEntry): Promise<(known: RecordEntry) => Promise<void>>;
}

/**
 * Makes the engine's directory (0700) and in it the record (0600) of what will be made.
 * @throws Failure `engine` as `makePrivateDirectory`.
 */
export async function openJournal(
  directory: string,
  { owner, tools }: Pick<EngineRecord, "owner" | "tools">,
  machine: RecordMachine,
): Promise<Journal> {
  const made: RecordEntry[] = [];
  const save = (): Promise<void> => writeRecord(directory, { owner, tools, made }, machine);
  await makePrivateDirectory(directory, machine);
  await save();
  return {
    directory,
    async add(entry) {
      const index = made.push(entry) - 1;
      await save();
      return async (known) => {
        made[index] = known;
        await save();
      };
    },
  };
}

/**
 * The record of an engine, if only its owner can have written it: looked at and read by one descriptor.
 * @param owner user id for whom root acts; this user when left out.
 */
export function readRecord(
  directory: string,
  { env, system }: Pick<EngineMachine, "env" | "system">,
  owner?: number,
): Reading {
  const found = system.readPrivate(directory, RECORD, owner);
  if (found.kind === "foreign") return { kind: "refused", why: found.why };
  if (found.kind !== "text") return { kind: found.kind };
  const record = parseRecord(found.text, env);
  return record === undefined
    ? { kind: "refused", why: `its ${RECORD} is not one that this version of the action writes` }
    : { kind: "record", record };
}

const RECORD = "record.json";

async function writeRecord(
  directory: string,
  record: EngineRecord,
  { files }: Pick<RecordMachine, "files">,
): Promise<void> {
  // Never half a record: a run may be killed at any time.
  const path = `${directory}/${RECORD}`;
  await files.write(`${path}.new`, JSON.stringify({ version: 1, ...record }), 0o600);
  await files.rename(`${path}.new`, path);
}
