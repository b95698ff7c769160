import type { LiveProcess } from "../world/world.ts";
import type { EngineWorld } from "./engine.ts";
import type { Owner } from "./owner.ts";
import type { Sudo } from "./sudo.ts";

/** The variable that every daemon of an engine carries, with the engine's directory: found by it when the record is lost. */
export const MARK = "BENTO_IMAGE_ENGINE";

/** The name under which the post step finds the engine's directory in the state of the step. */
export const STATE = "engine";

/** One thing that was made, or was about to be. Paths are absolute. */
export type Made =
  /** Removed with all in it. `mapped`: files of other user ids are in it, which only `rootlesskit` may remove. */
  | { readonly kind: "directory"; readonly path: string; readonly mapped?: { readonly rootlesskit: string } }
  /** A directory that stays, but nothing mounted below it does. */
  | { readonly kind: "kept"; readonly path: string }
  /** The words before a command without which what is made can neither be ended nor removed. */
  | { readonly kind: "rights"; readonly sudo: Sudo }
  /** A link to the engine's directory that keeps others from the same kept state. */
  | { readonly kind: "lock"; readonly path: string }
  | { readonly kind: "process"; readonly name: string; readonly process?: LiveProcess }
  /** What a buildkitd put into a containerd that is not ours. */
  | { readonly kind: "cache"; readonly buildctl: string; readonly address: string }
  | { readonly kind: "builder"; readonly name: string; readonly call: readonly string[]; readonly config: string };

export interface EngineRecord {
  readonly owner: Owner;
  /** In the order of making. */
  readonly made: readonly Made[];
}

type RecordWorld = Pick<EngineWorld, "files">;

/** Writes down what is made before it is made, so that it can be removed whatever happens next. */
export interface Journal {
  /** The engine's own. */
  readonly directory: string;
  /** Gives the function that replaces the entry when more is known. */
  add(made: Made): Promise<(known: Made) => Promise<void>>;
}

/** Makes the engine's directory (0700) and in it the record (0600) of what will be made. */
export async function openJournal(directory: string, owner: Owner, world: RecordWorld): Promise<Journal> {
  const made: Made[] = [];
  const save = (): Promise<void> => writeRecord(directory, { owner, made }, world);
  await world.files.makeDirectory(directory, 0o700);
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

/** Undefined when there is none, or none that can be read. */
export async function readRecord(directory: string, { files }: RecordWorld): Promise<EngineRecord | undefined> {
  const path = recordPath(directory);
  if ((await files.info(path))?.kind !== "file") return undefined;
  try {
    return JSON.parse(await files.readText(path));
  } catch {
    return undefined;
  }
}

async function writeRecord(directory: string, record: EngineRecord, { files }: RecordWorld): Promise<void> {
  // Never half a record: a run may be killed at any time.
  const path = recordPath(directory);
  await files.write(`${path}.new`, JSON.stringify(record), 0o600);
  await files.rename(`${path}.new`, path);
}

function recordPath(directory: string): string {
  return `${directory}/record.json`;
}
