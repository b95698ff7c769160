import { dirname } from "node:path/posix";
import { errorCode } from "../errors.ts";
import type { EngineMachine } from "./engine.ts";
import { isKeptPath } from "./kept-path.ts";
import type { Journal } from "./record.ts";

type KeepMachine = Pick<EngineMachine, "env" | "files" | "system">;

/** The kept state, or why there is none, as text to follow "keep-state: ". */
export type KeptState = { readonly path: string } | { readonly why: string };

/**
 * Locks the kept state of that name for this engine, until the clean-up. The lock is a symbolic link to the engine's
 * directory: creating it is atomic, and it is stale when the directory is gone. BuildKit and containerd also lock their
 * state themselves.
 */
export async function lockKeptState(name: string, journal: Journal, machine: KeepMachine): Promise<KeptState> {
  const parent = await findDirectory(machine);
  if (parent === undefined) {
    const candidates = candidatesFor(machine).join(" nor ");
    return {
      why: `neither ${candidates} is a directory that only this user may write to; the build cache is not kept`,
    };
  }
  const path = `${parent}/${name}`;
  await removeStaleLock(lockOf(path), machine);
  await journal.add({ kind: "kept", path });
  try {
    await machine.files.makeLink(journal.directory, lockOf(path));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    return { why: "another engine uses the kept state; this one starts without it" };
  }
  await machine.files.makeDirectory(path, 0o700);
  return { path };
}

/** Whether that engine has locked the state, in a directory of this user or of the user for whom root acts. */
export async function isLockedBy(
  directory: string,
  path: string,
  { files, system }: Pick<KeepMachine, "files" | "system">,
  owner?: number,
): Promise<boolean> {
  if (!isKeptPath(path) || !(await system.isPrivate(dirname(path), owner))) return false;
  if ((await files.info(lockOf(path)))?.kind !== "symlink") return false;
  return (await files.readLink(lockOf(path))) === directory;
}

/** Releases the lock for the next engine. */
export function unlockKeptState(path: string, { files }: Pick<KeepMachine, "files">): Promise<void> {
  return files.remove(lockOf(path));
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function removeStaleLock(lock: string, { files }: KeepMachine): Promise<void> {
  if ((await files.info(lock))?.kind !== "symlink") return;
  if ((await files.info(await files.readLink(lock))) === undefined) await files.remove(lock);
}

/** The first candidate where this user can have a private directory. */
async function findDirectory(machine: KeepMachine): Promise<string | undefined> {
  for (const candidate of candidatesFor(machine)) {
    try {
      // Other users have their directories in the same parent.
      await machine.files.makeDirectory(dirname(candidate), 0o755);
      await machine.files.makeDirectory(candidate, 0o700);
      const path = await machine.files.realPath(candidate);
      if (await machine.system.isPrivate(path)) return path;
    } catch (error) {
      if (!["EACCES", "EPERM", "EROFS"].includes(errorCode(error))) throw error;
    }
  }
  return undefined;
}

/**
 * Beside the runner's tool cache, which persists between jobs; else, if that belongs to another user or does not exist, the
 * XDG directory for state.
 */
function candidatesFor({ env, system }: Pick<KeepMachine, "env" | "system">): readonly string[] {
  const cache = env["RUNNER_TOOL_CACHE"];
  const besideCache = cache ? [`${cache.replace(/(?<!\/)\/+$/, "")}/../_bento-image`] : [];
  const inHome = `${env["XDG_STATE_HOME"] || `${env["HOME"] || "/root"}/.local/state`}/bento-image`;
  return [...besideCache, inHome].map((candidate) => `${candidate}/${system.user().id}`);
}
