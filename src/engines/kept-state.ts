import type { Env } from "../world/world.ts";
import type { EngineWorld } from "./engine.ts";
import type { Journal } from "./record.ts";

type KeepWorld = Pick<EngineWorld, "env" | "files" | "system">;

/**
 * The kept state of that name, for this engine alone until it is cleaned up; undefined while another engine has it.
 * The lock is a link to the engine's directory: made by one system call or not at all, and void when the directory is
 * gone. BuildKit and containerd lock their state themselves too.
 */
export async function claimKept(name: string, journal: Journal, world: KeepWorld): Promise<string | undefined> {
  const place = `${keptDirectory(world.env)}/${world.system.user().id}`;
  await world.files.makeDirectory(place, 0o700);
  const home = await world.files.realPath(place);
  const [path, lock] = [`${home}/${name}`, `${home}/${name}.lock`];
  if (!(await world.system.isPrivate(home))) return undefined;
  await removeVoid(lock, world);
  await journal.add({ kind: "lock", path: lock });
  try {
    await world.files.makeLink(journal.directory, lock);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
  await journal.add({ kind: "kept", path });
  await world.files.makeDirectory(path, 0o700);
  return path;
}

async function removeVoid(lock: string, { files }: KeepWorld): Promise<void> {
  if ((await files.info(lock))?.kind !== "symlink") return;
  if ((await files.info(await files.readLink(lock))) === undefined) await files.remove(lock);
}

/** Beside the tool cache of the runner, which stays between jobs; else where XDG wants state. */
function keptDirectory(env: Env): string {
  const cache = env["RUNNER_TOOL_CACHE"];
  if (cache) return `${cache.replace(/\/+$/, "")}/../_bento-image`;
  return `${env["XDG_STATE_HOME"] || `${env["HOME"] || "/root"}/.local/state`}/bento-image`;
}
