import { dirname } from "node:path/posix";
import { cleanUp, endOrphans } from "./clean-up.ts";
import { cleanUpAsRoot } from "./clean-up-as-root.ts";
import { hasEngineName, temporaryDirectory } from "./engine-paths.ts";
import type { CleanUpMachine } from "./leftover.ts";
import { isGone } from "./owner.ts";
import { MARK, readRecord } from "./record.ts";
import { findSudo } from "./sudo.ts";

/**
 * Removes engines of runs that were killed: directories whose record has an owner that has ended, and daemons of this user
 * whose directory was removed. Directories that other users own or may write to are left alone.
 *
 * @returns one sentence for each engine that was found, and for each thing that could not be removed.
 */
export async function sweep(machine: CleanUpMachine): Promise<readonly string[]> {
  const notes: string[] = [];
  const note = (directory: string, left: readonly string[]): void => {
    notes.push(`An engine that an earlier run left behind was removed (${directory})`, ...left);
  };
  for (const directory of await abandoned(machine)) note(directory, await cleanUp(directory, machine));
  for (const directory of await orphaned(machine)) note(directory, await endOrphans(directory, machine));
  const rootOrphans = await orphanedAsRoot(machine);
  if (rootOrphans.length === 0 || (await findSudo(machine)) === undefined) return notes;
  for (const directory of rootOrphans) note(directory, await cleanUpAsRoot(directory, machine));
  return notes;
}

async function abandoned(machine: CleanUpMachine): Promise<readonly string[]> {
  const temporary = await temporaryDirectory(machine);
  const entries = await machine.files.list(temporary);
  const found: string[] = [];
  for (const { name, kind } of entries) {
    const directory = `${temporary}/${name}`;
    if (kind !== "directory" || !hasEngineName(directory)) continue;
    const reading = readRecord(directory, machine);
    if (reading.kind === "record" && (await isGone(reading.record.owner, machine))) found.push(directory);
  }
  return found;
}

async function orphaned(machine: CleanUpMachine): Promise<readonly string[]> {
  const marks = await machine.system.marks(MARK);
  return marks.filter((path) => hasEngineName(path) && readRecord(path, machine).kind === "absent");
}

/** The runner empties its directory except for what belongs to root: the daemon and its state stay, without a record. */
async function orphanedAsRoot(machine: CleanUpMachine): Promise<readonly string[]> {
  if (machine.system.user().id === 0) return [];
  const temporary = await temporaryDirectory(machine);
  const found: string[] = [];
  for (const directory of await machine.system.rootsArguments(MARK)) {
    if (dirname(directory) !== temporary || !hasEngineName(directory)) continue;
    const { kind } = readRecord(directory, machine);
    if (kind === "empty" || kind === "absent") found.push(directory);
  }
  return found;
}
