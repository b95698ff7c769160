import type { EngineWish, EngineWorld } from "./engine.ts";
import { claimKept } from "./kept-state.ts";
import { shortDirectory } from "./places.ts";
import type { Journal } from "./record.ts";

/** What an engine stands on while it is being made. */
export interface Ground {
  readonly wish: EngineWish;
  readonly world: EngineWorld;
  readonly journal: Journal;
  /** Absolute; short enough for every socket. */
  readonly sockets: string;
  readonly notes: string[];
}

/** The places of a new engine, recorded. */
export async function prepareGround(wish: EngineWish, journal: Journal, world: EngineWorld): Promise<Ground> {
  const sockets = shortDirectory(journal.directory) ?? `${journal.directory}/run`;
  await journal.add({ kind: "directory", path: sockets });
  await world.files.makeDirectory(sockets, 0o700);
  return { wish, world, journal, sockets, notes: [] };
}

/** A directory for an engine's state: the kept one where that is asked for and free, else a new one that goes with the engine. */
export async function stateDirectory(
  name: string,
  { wish, world, journal, notes }: Ground,
  mapped?: { readonly rootlesskit: string },
): Promise<string> {
  const kept = wish.keepState ? await claimKept(name, journal, world) : undefined;
  if (kept !== undefined) return kept;
  if (wish.keepState) notes.push(`Another engine uses the kept state of ${name} now; this one starts without it`);
  const path = `${journal.directory}/${name}`;
  await journal.add({ kind: "directory", path, ...(mapped === undefined ? {} : { mapped }) });
  await world.files.makeDirectory(path, 0o700);
  return path;
}

/** Writes a file of the engine; gives its absolute path. */
export async function writeConfiguration(name: string, text: string, { journal, world }: Ground): Promise<string> {
  const path = `${journal.directory}/${name}`;
  await world.files.write(path, text, 0o600);
  return path;
}
