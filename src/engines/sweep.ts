import { dirname } from "node:path/posix";
import { cleanUp, endHomeless } from "./clean-up.ts";
import { cleanUpAsRoot } from "./clean-up-as-root.ts";
import { hasEngineName, temporaryDirectory } from "./engine-paths.ts";
import type { CleanUpMachine } from "./leftover.ts";
import { isGone } from "./owner.ts";
import { MARK, readRecord } from "./record.ts";
import { findSudo } from "./sudo.ts";

/**
 * Cleans up engines of runs that were killed: those whose directory has a record of an owner who is gone, and daemons
 * of this user whose directory somebody removed. Directories of other users, or that others may write to, are left alone.
 *
 * @returns what was left over and what of it could not be removed, a sentence each.
 */
export async function sweep(machine: CleanUpMachine): Promise<readonly string[]> {
  const notes: string[] = [];
  const tell = (directory: string, left: readonly string[]): void => {
    notes.push(`An engine that an earlier run left behind was removed (${directory})`, ...left);
  };
  for (const directory of await abandoned(machine)) tell(directory, await cleanUp(directory, machine));
  for (const directory of await homeless(machine)) tell(directory, await endHomeless(directory, machine));
  const ofRoot = await homelessOfRoot(machine);
  if (ofRoot.length === 0 || (await findSudo(machine)) === undefined) return notes;
  for (const directory of ofRoot) tell(directory, await cleanUpAsRoot(directory, machine));
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

async function homeless(machine: CleanUpMachine): Promise<readonly string[]> {
  const marks = await machine.system.marks(MARK);
  return marks.filter((path) => hasEngineName(path) && readRecord(path, machine).kind === "absent");
}

/** The runner empties its directory, but for what is root's there: the daemon and its state, without a record. */
async function homelessOfRoot(machine: CleanUpMachine): Promise<readonly string[]> {
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
