import type { EngineWish, EngineWorld } from "./engine.ts";
import { claimKept } from "./kept-state.ts";
import { shortDirectory } from "./places.ts";
import type { Journal } from "./record.ts";

/** What an engine stands on while it is being made. */
export interface Ground {
  readonly wish: EngineWish;
  readonly world: EngineWorld;
  readonly journal: Journal;
  /** Absolute directory of sockets, short enough for every one. */
  readonly sockets: string;
  /** Absolute directory of state that outlives the engine, where that is asked for and free. */
  readonly kept: string | undefined;
  readonly notes: string[];
}

/** The places of a new engine, recorded. */
export async function prepareGround(wish: EngineWish, journal: Journal, world: EngineWorld): Promise<Ground> {
  const sockets = shortDirectory(journal.directory) ?? `${journal.directory}/run`;
  await journal.add({ kind: "directory", path: sockets });
  await world.files.makeDirectory(sockets, 0o700);
  const kept = wish.keepState ? await claimKept(wish.backend, journal, world) : undefined;
  const taken = wish.keepState && kept === undefined;
  const notes = taken ? ["keep-state: another engine uses the kept state now; this one starts without it"] : [];
  return { wish, world, journal, sockets, kept, notes };
}

/** A directory for a daemon's state: in the kept one, or a new one that goes with the engine. */
export async function stateDirectory(
  name: string,
  { world, journal, kept }: Pick<Ground, "world" | "journal" | "kept">,
  mapped?: { readonly rootlesskit: string },
): Promise<string> {
  const path = `${kept ?? journal.directory}/${name}`;
  if (kept === undefined) {
    await journal.add({ kind: "directory", path, ...(mapped === undefined ? {} : { mapped }) });
  }
  await world.files.makeDirectory(path, 0o700);
  return path;
}

/** Writes a file of the engine; gives its absolute path. */
export async function writeConfiguration(name: string, text: string, { journal, world }: Ground): Promise<string> {
  const path = `${journal.directory}/${name}`;
  await world.files.write(path, text, 0o600);
  return path;
}
