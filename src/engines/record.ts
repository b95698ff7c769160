import type { LiveProcess } from "../world/world.ts";
import type { EngineWorld } from "./engine.ts";
import type { Owner } from "./owner.ts";
import { makePrivateDirectory } from "./places.ts";
import { parseRecord } from "./record-form.ts";

/** The variable that every daemon of an engine carries, with the engine's directory: found by it when the record is lost. */
export const MARK = "BENTO_IMAGE_ENGINE";

/** The name under which the post step finds the engine's directory in the state of the step. */
export const STATE = "engine";

export const DAEMONS = ["buildkitd", "containerd"] as const;
export type DaemonName = (typeof DAEMONS)[number];

/**
 * One thing that was made, or was about to be. A record holds no command and no place that could be any: what is run
 * and removed for an entry follows from the engine's directory and from this code, so that a record which somebody else
 * wrote makes nothing run.
 */
export type Made =
  | { readonly kind: "process"; readonly name: DaemonName; readonly process?: LiveProcess }
  /** Daemons and files of root's, by sudo. */
  | { readonly kind: "root" }
  /** The state of a rootless buildkitd: files of other user ids are in it, which only rootlesskit may remove. */
  | { readonly kind: "mapped" }
  /** A directory that stays, but nothing mounted below it does; see `kept-state.ts`. */
  | { readonly kind: "kept"; readonly path: string }
  /** What a buildkitd put into a containerd that is not ours. */
  | { readonly kind: "cache" }
  /** Of buildx, with the name of the engine's directory. */
  | { readonly kind: "builder" };

export interface EngineRecord {
  readonly owner: Owner;
  /** Absolute directories of the tools that the action installed: below the tool cache. */
  readonly tools: readonly string[];
  /** In the order of making. */
  readonly made: readonly Made[];
}

/** What there is of an engine's directory and its record. */
export type Reading =
  | { readonly kind: "record"; readonly record: EngineRecord }
  /** The directory is this user's own, and nothing was made in it yet: the record is written first, a moment after it. */
  | { readonly kind: "empty" }
  /** There is no such directory. */
  | { readonly kind: "absent" }
  /** Somebody else may have written it; completes "… was left alone: ". */
  | { readonly kind: "refused"; readonly why: string };

type RecordWorld = Pick<EngineWorld, "files" | "system">;

/** Writes down what is made before it is made, so that it can be removed whatever happens next. */
export interface Journal {
  /** The engine's own. */
  readonly directory: string;
  /** Gives the function that replaces the entry when more is known. */
  add(made: Made): Promise<(known: Made) => Promise<void>>;
}

/**
 * Makes the engine's directory (0700) and in it the record (0600) of what will be made.
 * @throws Failure `engine` as `makePrivateDirectory`.
 */
export async function openJournal(
  directory: string,
  { owner, tools }: Pick<EngineRecord, "owner" | "tools">,
  world: RecordWorld,
): Promise<Journal> {
  const made: Made[] = [];
  const save = (): Promise<void> => writeRecord(directory, { owner, tools, made }, world);
  await makePrivateDirectory(directory, world);
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
  { env, system }: Pick<EngineWorld, "env" | "system">,
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
  { files }: Pick<RecordWorld, "files">,
): Promise<void> {
  // Never half a record: a run may be killed at any time.
  const path = `${directory}/${RECORD}`;
  await files.write(`${path}.new`, JSON.stringify({ version: 1, ...record }), 0o600);
  await files.rename(`${path}.new`, path);
}
