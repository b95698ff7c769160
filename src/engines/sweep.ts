import { dirname } from "node:path/posix";
import { type CleanUpWorld, cleanUp } from "./clean-up.ts";
import { cleanUpAsRoot } from "./clean-up-as-root.ts";
import { isGone } from "./owner.ts";
import { isEngineDirectory, temporaryDirectory } from "./places.ts";
import { MARK, readRecord } from "./record.ts";
import { findSudo } from "./sudo.ts";

/**
 * Cleans up engines of runs that were killed: those whose directory has a record of an owner who is gone, and daemons
 * whose directory somebody removed. Directories of other users, or that others may write to, are left alone.
 *
 * @returns what was left over and what of it could not be removed, a sentence each.
 */
export async function sweep(world: CleanUpWorld): Promise<readonly string[]> {
  const notes: string[] = [];
  const tell = (directory: string, left: readonly string[]): void => {
    notes.push(`An engine that an earlier run left behind was removed (${directory})`, ...left);
  };
  for (const directory of [...(await abandoned(world)), ...(await homeless(world))]) {
    tell(directory, await cleanUp(directory, world));
  }
  for (const directory of await homelessOfRoot(world)) {
    const sudo = await findSudo(world);
    if (sudo !== undefined) tell(directory, await cleanUpAsRoot(directory, sudo, world));
  }
  return notes;
}

async function abandoned(world: CleanUpWorld): Promise<readonly string[]> {
  const temporary = await temporaryDirectory(world);
  const entries = await world.files.list(temporary);
  const found: string[] = [];
  for (const { name, kind } of entries) {
    const directory = `${temporary}/${name}`;
    if (kind !== "directory" || !isEngineDirectory(directory)) continue;
    if (!(await world.system.isPrivate(directory))) continue;
    const record = await readRecord(directory, world);
    // Without a record nothing was made yet: it is written first, a moment after the directory.
    if (record !== undefined && (await isGone(record.owner, world))) found.push(directory);
  }
  return found;
}

async function homeless({ files, system }: CleanUpWorld): Promise<readonly string[]> {
  const found: string[] = [];
  for (const directory of await system.marks(MARK)) {
    if (isEngineDirectory(directory) && (await files.info(directory)) === undefined) found.push(directory);
  }
  return found;
}

/** The runner empties its directory, but for what is root's there: the daemon and its state, without a record. */
async function homelessOfRoot(world: CleanUpWorld): Promise<readonly string[]> {
  if (world.system.user().id === 0) return [];
  const temporary = await temporaryDirectory(world);
  const found: string[] = [];
  for (const directory of await world.system.rootsArguments(MARK)) {
    if (dirname(directory) !== temporary || !isEngineDirectory(directory)) continue;
    if ((await readRecord(directory, world)) === undefined) found.push(directory);
  }
  return found;
}
