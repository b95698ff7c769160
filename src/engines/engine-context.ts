import type { EngineMachine, EngineRequest } from "./engine.ts";
import { makePrivateDirectory, socketDirectory } from "./engine-paths.ts";
import { claimKept } from "./kept-state.ts";
import type { Journal } from "./record.ts";

/** What an engine stands on while it is being made. */
export interface EngineContext {
  readonly request: EngineRequest;
  readonly machine: EngineMachine;
  readonly journal: Journal;
  /** Absolute directory of sockets, short enough for every one. */
  readonly sockets: string;
  /** Absolute directory of state that outlives the engine, where that is asked for and free. */
  readonly kept: string | undefined;
  readonly notes: string[];
}

/** The places of a new engine, recorded. */
export async function prepareEngine(
  request: EngineRequest,
  journal: Journal,
  machine: EngineMachine,
): Promise<EngineContext> {
  const sockets = socketDirectory(journal.directory);
  await makePrivateDirectory(sockets, machine);
  const kept = request.keepState ? await claimKept(request.backend, journal, machine) : undefined;
  const notes = kept !== undefined && "why" in kept ? [`keep-state: ${kept.why}`] : [];
  const path = kept !== undefined && "path" in kept ? kept.path : undefined;
  return { request, machine, journal, sockets, kept: path, notes };
}

/** A directory for a daemon's state: in the kept one, or in the engine's, with which it goes. */
export async function stateDirectory(
  name: string,
  { machine, journal, kept }: Pick<EngineContext, "machine" | "journal" | "kept">,
): Promise<string> {
  const path = `${kept ?? journal.directory}/${name}`;
  await machine.files.makeDirectory(path, 0o700);
  return path;
}

/** Writes a file of the engine; gives its absolute path. */
export async function writeConfiguration(
  name: string,
  text: string,
  { journal, machine }: EngineContext,
): Promise<string> {
  const path = `${journal.directory}/${name}`;
  await machine.files.write(path, text, 0o600);
  return path;
}
