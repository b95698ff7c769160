import type { EngineMachine } from "./engine.ts";
import { makePrivateDirectory } from "./engine-paths.ts";
import type { EngineRecord, RecordEntry } from "./record-entry.ts";
import { parseRecord } from "./record-form.ts";

/** Environment variable of every daemon of an engine, with the engine's directory: finds the daemons when the record is lost. */
export const MARK = "BENTO_IMAGE_ENGINE";

/** The name under which the post step finds the engine's directory in the state of the step. */
export const STATE = "engine";

/** The result of reading an engine's record. */
export type Reading =
  | { readonly kind: "record"; readonly record: EngineRecord }
  /** The directory belongs to this user and has no record yet: the record is the first file that is written. */
  | { readonly kind: "empty" }
  /** There is no such directory. */
  | { readonly kind: "absent" }
  /** Another user may have written it; `why` follows "… was left alone: ". */
  | { readonly kind: "refused"; readonly why: string };

type RecordMachine = Pick<EngineMachine, "files" | "system">;

/** Records each thing before it is created, so that it can be removed whatever happens next. */
export interface Journal {
  /** Absolute directory of the engine. */
  readonly directory: string;
  /** Records an entry; gives the function that replaces it, for example by one with the process id. */
  add(made: RecordEntry): Promise<(replacement: RecordEntry) => Promise<void>>;
}

/**
 * Creates the engine's directory (0700) and its empty record (0600).
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
      return async (replacement) => {
        made[index] = replacement;
        await save();
      };
    },
  };
}

/**
 * Reads the record of an engine, if only its owner can have written it. It is checked and read by one file descriptor.
 * @param owner user id for whom root acts; default: this user.
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
    ? { kind: "refused", why: `its ${RECORD} was not written by this version of the action` }
    : { kind: "record", record };
}

const RECORD = "record.json";

async function writeRecord(
  directory: string,
  record: EngineRecord,
  { files }: Pick<RecordMachine, "files">,
): Promise<void> {
  // Written to a new file and renamed, because a run may be killed at any time.
  const path = `${directory}/${RECORD}`;
  await files.write(`${path}.new`, JSON.stringify({ version: 1, ...record }), 0o600);
  await files.rename(`${path}.new`, path);
}
