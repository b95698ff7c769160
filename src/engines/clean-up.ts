import { cleanUpAsRoot } from "./clean-up-as-root.ts";
import { removeBuilder, removeCache, removeMapped, runTool } from "./clean-up-tools.ts";
import { endAll, endProcess } from "./ending.ts";
import { shortDirectory } from "./engine-paths.ts";
import { isClaimedBy, releaseKept } from "./kept-state.ts";
import { type Attempt, type CleanUpMachine, type Leftover, leftoverOf, openAttempts } from "./leftover.ts";
import { MARK } from "./record.ts";
import type { RecordEntry } from "./record-entry.ts";

/** No attempt begins after it; one takes two minutes at most. Together less than the five minutes of a cancelled job. */
const TIME_LIMIT_MS = 150_000;

/**
 * Removes what the record in the engine's directory says, and nothing else: builders, then daemons in the reverse order
 * of their start, what they left running, what is mounted, directories. Does nothing the second time, and nothing where
 * somebody else may have written the record. Not ended by the machine's signal, but by a time limit of its own; an engine
 * whose state goes with it takes a tenth of a second.
 *
 * @returns what could not be removed, a sentence each.
 */
export async function cleanUp(directory: string, machine: CleanUpMachine): Promise<readonly string[]> {
  const engine = leftoverOf(directory, machine);
  if ("why" in engine) return [engine.why];
  const { left, attempt } = openAttempts(TIME_LIMIT_MS);
  const has = (kind: RecordEntry["kind"]): boolean => engine.made.some((entry) => entry.kind === kind);
  if (has("builder")) await attempt("the builder of buildx", () => removeBuilder(engine));
  if (has("cache")) await attempt("what was built in containerd", () => removeCache(engine));
  if (has("root") && machine.system.user().id !== 0) left.push(...(await cleanUpAsRoot(directory, machine)));
  await endDaemons(engine, attempt);
  const kept = await keptOf(engine);
  await unmount(engine, kept, attempt);
  if (has("mapped")) await attempt("the state of buildkitd", () => removeMapped(engine));
  await removePlaces(engine, attempt);
  for (const path of kept) await attempt(path, () => releaseKept(path, machine));
  return left;
}

/**
 * What root does of it for another user: ends the daemons that are root's, and removes what is mounted, and the
 * directories. Runs no program but `umount`.
 * @param owner the user id whose engine it is; of others nothing is believed.
 * @returns what could not be removed, a sentence each.
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
  await removePlaces(engine, attempt);
  return left;
}

/**
 * Ends the processes of an engine whose directory is gone, and touches nothing else: whatever has the directory's name
 * by now is not what they were started in.
 * @returns what could not be ended, a sentence each.
 */
export async function endHomeless(directory: string, { system }: CleanUpMachine): Promise<readonly string[]> {
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
  // Known before its head is gone: a child that left its session and environment is then nobody's.
  const family = await system.marked(MARK, directory);
  // Where nothing of their state is anyone's afterwards, they need no time to put it in order.
  const retryPolicy = made.some(({ kind }) => kind === "kept" || kind === "cache") ? undefined : 0;
  for (const entry of made.toReversed()) {
    if (entry.kind !== "process" || entry.process === undefined) continue;
    const { pid, started } = entry.process;
    const member = family.find((one) => one.pid === pid && one.started === started);
    if (member !== undefined) await attempt(`the process ${entry.name}`, () => endProcess(member, system, retryPolicy));
  }
  // What a daemon started lives on when it was killed; what was not recorded in time carries the mark.
  await attempt("processes of the engine", async () => {
    await endAll([...(await system.marked(MARK, directory)), ...family], system);
    await endAll(await system.rootedBelow([directory, ...(await keptOf(engine))]), system);
  });
}

async function unmount(engine: Leftover, kept: readonly string[], attempt: Attempt): Promise<void> {
  for (const path of [...kept, ...(await placesOf(engine))]) {
    await attempt(`mounts below ${path}`, () => unmountBelow(path, engine.machine));
  }
}

async function unmountBelow(path: string, machine: CleanUpMachine): Promise<void> {
  for (const point of await machine.system.mountsBelow(path)) {
    const { code } = await machine.processes.ask({ tool: "timeout", args: [SECONDS_TO_UNMOUNT, "umount", point] });
    // A busy one goes when its last user does, and nothing new can use it.
    if (code !== 0) await runTool(["umount", "--lazy", point], machine);
  }
}

const SECONDS_TO_UNMOUNT = "20";

async function removePlaces(engine: Leftover, attempt: Attempt): Promise<void> {
  const { files, system } = engine.machine;
  for (const path of await placesOf(engine)) {
    await attempt(path, async () => {
      // Never into something that could not be unmounted.
      const mounts = await system.mountsBelow(path);
      if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
      await files.remove(path);
    });
  }
}

/** The engine's own directories; that of its sockets first, where it is elsewhere. */
async function placesOf({ directory, owner, machine }: Leftover): Promise<readonly string[]> {
  const short = shortDirectory(directory);
  return short !== undefined && (await machine.system.isPrivate(short, owner)) ? [short, directory] : [directory];
}

/** The kept state that is this engine's now. */
async function keptOf({ directory, made, owner, machine }: Leftover): Promise<readonly string[]> {
  const paths = made.flatMap((entry) => (entry.kind === "kept" ? [entry.path] : []));
  const claims = await Promise.all(paths.map((path) => isClaimedBy(directory, path, machine, owner)));
  return paths.filter((_, index) => claims[index]);
}
