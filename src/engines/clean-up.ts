import { cleanUpAsRoot } from "./clean-up-as-root.ts";
import { removeBuilder, removeCache, removeMapped, runTool } from "./clean-up-tools.ts";
import { endAll, endProcess } from "./ending.ts";
import { shortDirectory } from "./engine-paths.ts";
import { isLockedBy, unlockKeptState } from "./kept-state.ts";
import { type Attempt, type CleanUpMachine, type Leftover, leftoverOf, openAttempts } from "./leftover.ts";
import { MARK } from "./record.ts";
import type { RecordEntry } from "./record-entry.ts";

/** No attempt begins after this time. One takes two minutes at most, so all end within the five minutes of a cancelled job. */
const TIME_LIMIT_MS = 150_000;

/**
 * Removes what the record in the engine's directory lists, and nothing else: builders, then daemons in the reverse order of
 * their start, processes that they left, mounts and directories. A second call does nothing. It also does nothing if
 * another user may have written the record. It ends by its own time limit, not by the machine's signal; an engine without
 * kept state takes a tenth of a second.
 *
 * @returns one sentence for each thing that could not be removed.
 */
export async function cleanUp(directory: string, machine: CleanUpMachine): Promise<readonly string[]> {
  const engine = leftoverOf(directory, machine);
  if ("why" in engine) return [engine.why];
  const { left, attempt } = openAttempts(TIME_LIMIT_MS);
  const has = (kind: RecordEntry["kind"]): boolean => engine.made.some((entry) => entry.kind === kind);
  if (has("builder")) await attempt("the buildx builder", () => removeBuilder(engine));
  if (has("cache")) await attempt("the build cache in containerd", () => removeCache(engine));
  if (has("root") && machine.system.user().id !== 0) left.push(...(await cleanUpAsRoot(directory, machine)));
  await endDaemons(engine, attempt);
  const keptState = await keptOf(engine);
  await unmount(engine, keptState, attempt);
  if (has("mapped")) await attempt("the state of buildkitd", () => removeMapped(engine));
  await removeDirectories(engine, attempt);
  for (const path of keptState) await attempt(path, () => unlockKeptState(path, machine));
  return left;
}

/**
 * The part of the clean-up that root does for another user: ends root's daemons, then removes mounts and directories. The
 * only program that it runs is `umount`.
 * @param owner the user id of the engine's owner; records of other users are not trusted.
 * @returns one sentence for each thing that could not be removed.
 */
export async function cleanUpFor(
  owner: number,
  directory: string,
  machine: CleanUpMachine,
): Promise<readonly string[]> {
  const engine = leftoverOf(directory, machine, owner);
  if ("why" in engine) return [engine.why];
  const { left, attempt } = openAttempts(TIME_LIMIT_MS);
  await endDaemons(engine, attempt);
  if (!engine.isThere) return left;
  await unmount(engine, await keptOf(engine), attempt);
  await removeDirectories(engine, attempt);
  return left;
}

/**
 * Ends the processes of an engine whose directory is gone, and nothing else: a directory that has the same name now is
 * another one.
 * @returns one sentence for each thing that could not be ended.
 */
export async function endOrphans(directory: string, { system }: CleanUpMachine): Promise<readonly string[]> {
  const { left, attempt } = openAttempts(TIME_LIMIT_MS);
  await attempt("processes of the engine", async () => {
    await endAll(await system.marked(MARK, directory), system);
    await endAll(await system.rootedBelow([directory]), system);
  });
  return left;
}

async function endDaemons(engine: Leftover, attempt: Attempt): Promise<void> {
  const { directory, made } = engine;
  const { system } = engine.machine;
  // Found before the daemon ends: a child with another session and environment cannot be found afterwards.
  const family = await system.marked(MARK, directory);
  // Daemons whose state is removed anyway get no time to shut down cleanly.
  const gracePeriod = made.some(({ kind }) => kind === "kept" || kind === "cache") ? undefined : 0;
  for (const entry of made.toReversed()) {
    if (entry.kind !== "process" || entry.process === undefined) continue;
    const { pid, started } = entry.process;
    const member = family.find((one) => one.pid === pid && one.started === started);
    if (member !== undefined) await attempt(`the process ${entry.name}`, () => endProcess(member, system, gracePeriod));
  }
  // Children of a killed daemon live on; a process that was not recorded in time carries the mark.
  await attempt("processes of the engine", async () => {
    await endAll([...(await system.marked(MARK, directory)), ...family], system);
    await endAll(await system.rootedBelow([directory, ...(await keptOf(engine))]), system);
  });
}

async function unmount(engine: Leftover, keptState: readonly string[], attempt: Attempt): Promise<void> {
  for (const path of [...keptState, ...(await directoriesOf(engine))]) {
    await attempt(`mounts below ${path}`, () => unmountBelow(path, engine.machine));
  }
}

async function unmountBelow(path: string, machine: CleanUpMachine): Promise<void> {
  for (const point of await machine.system.mountsBelow(path)) {
    const { code } = await machine.processes.ask({ tool: "timeout", args: [SECONDS_TO_UNMOUNT, "umount", point] });
    // A lazy unmount removes a busy mount when its last user ends, and nothing new can use it.
    if (code !== 0) await runTool(["umount", "--lazy", point], machine);
  }
}

const SECONDS_TO_UNMOUNT = "20";

async function removeDirectories(engine: Leftover, attempt: Attempt): Promise<void> {
  const { files, system } = engine.machine;
  for (const path of await directoriesOf(engine)) {
    await attempt(path, async () => {
      // Never delete inside of a mount that could not be removed.
      const mounts = await system.mountsBelow(path);
      if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
      await files.remove(path);
    });
  }
}

/** The engine's directories; first that of its sockets, if it is a separate one. */
async function directoriesOf({ directory, owner, machine }: Leftover): Promise<readonly string[]> {
  const short = shortDirectory(directory);
  return short !== undefined && (await machine.system.isPrivate(short, owner)) ? [short, directory] : [directory];
}

/** The kept state that this engine has locked. */
async function keptOf({ directory, made, owner, machine }: Leftover): Promise<readonly string[]> {
  const paths = made.flatMap((entry) => (entry.kind === "kept" ? [entry.path] : []));
  const locked = await Promise.all(paths.map((path) => isLockedBy(directory, path, machine, owner)));
  return paths.filter((_, index) => locked[index]);
}
