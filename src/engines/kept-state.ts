import { dirname } from "node:path/posix";
import { errorCode } from "../errors.ts";
import type { EngineMachine } from "./engine.ts";
import { isKeptPath } from "./kept-path.ts";
import type { Journal } from "./record.ts";

type KeepMachine = Pick<EngineMachine, "env" | "files" | "system">;

/** The kept state, or why there is none; completes "keep-state: ". */
export type KeptState = { readonly path: string } | { readonly why: string };

/**
 * The kept state of that name, for this engine alone until it is cleaned up. The lock is a link to the engine's
 * directory: made by one system call or not at all, and void when the directory is gone. BuildKit and containerd lock
 * their state themselves too.
 */
export async function claimKept(name: string, journal: Journal, machine: KeepMachine): Promise<KeptState> {
  const home = await findHome(machine);
  if (home === undefined) {
    const places = placesFor(machine).join(" nor ");
    return { why: `neither ${places} is a directory that this user alone may write to; this engine keeps nothing` };
  }
  const path = `${home}/${name}`;
  await removeVoid(lockOf(path), machine);
  await journal.add({ kind: "kept", path });
  try {
    await machine.files.makeLink(journal.directory, lockOf(path));
  } catch (error) {
    if (!["EEXIST"].includes(errorCode(error))) throw error;
    return { why: "another engine uses the kept state now; this one starts without it" };
  }
  await machine.files.makeDirectory(path, 0o700);
  return { path };
}

/** Whether the state is that engine's now, in a directory of this user's or of the one for whom root acts. */
export async function isClaimedBy(
  directory: string,
  path: string,
  { files, system }: Pick<KeepMachine, "files" | "system">,
  owner?: number,
): Promise<boolean> {
  if (!isKeptPath(path) || !(await system.isPrivate(dirname(path), owner))) return false;
  if ((await files.info(lockOf(path)))?.kind !== "symlink") return false;
  return (await files.readLink(lockOf(path))) === directory;
}

/** Lets the next engine have it. */
export function releaseKept(path: string, { files }: Pick<KeepMachine, "files">): Promise<void> {
  return files.remove(lockOf(path));
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function removeVoid(lock: string, { files }: KeepMachine): Promise<void> {
  if ((await files.info(lock))?.kind !== "symlink") return;
  if ((await files.info(await files.readLink(lock))) === undefined) await files.remove(lock);
}

/** The first place where this user can have a directory of its own. */
async function findHome(machine: KeepMachine): Promise<string | undefined> {
  for (const place of placesFor(machine)) {
    try {
      // Others have theirs beside it.
      await machine.files.makeDirectory(dirname(place), 0o755);
      await machine.files.makeDirectory(place, 0o700);
      const home = await machine.files.realPath(place);
      if (await machine.system.isPrivate(home)) return home;
    } catch (error) {
      if (!["EACCES", "EPERM", "EROFS"].includes(errorCode(error))) throw error;
    }
  }
  return undefined;
}

/**
 * Beside the tool cache of the runner, which stays between jobs; where that is another user's, or there is none, where
 * XDG wants state.
 */
function placesFor({ env, system }: Pick<KeepMachine, "env" | "system">): readonly string[] {
  const cache = env["RUNNER_TOOL_CACHE"];
  const beside = cache ? [`${cache.replace(/(?<!\/)\/+$/, "")}/../_bento-image`] : [];
  const own = `${env["XDG_STATE_HOME"] || `${env["HOME"] || "/root"}/.local/state`}/bento-image`;
  return [...beside, own].map((place) => `${place}/${system.user().id}`);
}
