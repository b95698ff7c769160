import type { EngineMachine, EngineRequest } from "./engine.ts";
import { makePrivateDirectory, socketDirectory } from "./engine-paths.ts";
import { lockKeptState } from "./kept-state.ts";
import type { Journal } from "./record.ts";

/** What the functions that start an engine share. */
export interface EngineContext {
  readonly request: EngineRequest;
  readonly machine: EngineMachine;
  readonly journal: Journal;
  /** Absolute directory of sockets, short enough for the path of each. */
  readonly sockets: string;
  /** Absolute directory of state that outlives the engine; undefined if it is not requested or another engine uses it. */
  readonly keptState: string | undefined;
  readonly notes: string[];
}

/** Creates the directories of a new engine, and records them. */
export async function prepareEngine(
  request: EngineRequest,
  journal: Journal,
  machine: EngineMachine,
): Promise<EngineContext> {
  const sockets = socketDirectory(journal.directory);
  await makePrivateDirectory(sockets, machine);
  const locked = request.keepState ? await lockKeptState(request.backend, journal, machine) : undefined;
  const notes = locked !== undefined && "why" in locked ? [`keep-state: ${locked.why}`] : [];
  const path = locked !== undefined && "path" in locked ? locked.path : undefined;
  return { request, machine, journal, sockets, keptState: path, notes };
}

/** A directory for a daemon's state: in the kept state, else in the engine's directory, which the clean-up removes. */
export async function stateDirectory(
  name: string,
  { machine, journal, keptState }: Pick<EngineContext, "machine" | "journal" | "keptState">,
): Promise<string> {
  const path = `${keptState ?? journal.directory}/${name}`;
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
