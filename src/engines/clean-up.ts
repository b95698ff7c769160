import type { LiveProcess } from "../world/world.ts";
import { cleanUpAsRoot } from "./clean-up-as-root.ts";
import { endAll, endProcess } from "./ending.ts";
import type { EngineWorld } from "./engine.ts";
import { MARK, type Made, readRecord } from "./record.ts";

/** No attempt begins after it; one takes {@link SECONDS} at most. Together less than the five minutes of a cancelled job. */
const TIME_LIMIT_MS = 150_000;

export type CleanUpWorld = Pick<EngineWorld, "env" | "files" | "processes" | "system">;

/**
 * Removes what the record in the engine's directory says, and nothing else: builders, then daemons in the reverse order
 * of their start, what they left running, what is mounted, directories. Does nothing the second time. Not ended by the
 * world's signal, but by a time limit of its own; an engine whose state goes with it takes a tenth of a second.
 *
 * @returns what could not be removed, a sentence each.
 */
export async function cleanUp(directory: string, world: CleanUpWorld): Promise<readonly string[]> {
  const made = (await readRecord(directory, world))?.made ?? [];
  const left: string[] = [];
  const over = AbortSignal.timeout(TIME_LIMIT_MS);
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      if (over.aborted) throw new Error("no time was left");
      await work();
    } catch (error) {
      left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const rights = world.system.user().id === 0 ? [] : made.filter(isRights);
  for (const { sudo } of rights) left.push(...(await cleanUpAsRoot(directory, sudo, world)));
  // Known before its head is gone: a child that left its session and environment is then nobody's.
  const family = await world.system.marked(MARK, directory);
  const youngest = made.toReversed();
  const patience = isThrownAway(made) ? 0 : undefined;
  for (const entry of youngest) await attempt(nameOf(entry), () => undo(entry, directory, world, patience));
  await attempt("processes of the engine", () => endStragglers(directory, made, family, world));
  const places = [...youngest.filter(isPlace).map(({ path }) => path), directory];
  for (const path of places) await attempt(`mounts below ${path}`, () => unmountBelow(path, world));
  for (const entry of youngest) {
    if (entry.kind === "directory") await attempt(entry.path, () => removeDirectory(entry, world));
  }
  await attempt(directory, () => removeDirectory({ kind: "directory", path: directory }, world));
  return left;
}

function isRights(made: Made): made is Extract<Made, { kind: "rights" }> {
  return made.kind === "rights";
}

function isPlace(made: Made): made is Extract<Made, { kind: "directory" | "kept" }> {
  return made.kind === "directory" || made.kind === "kept";
}

function nameOf(made: Made): string {
  if (made.kind === "rights") return made.kind;
  if ("name" in made) return `the ${made.kind} ${made.name}`;
  return "path" in made ? made.path : `the cache behind ${made.address}`;
}

/** Whether nothing of its daemons' state is anyone's afterwards: then they need no time to put it in order. */
function isThrownAway(made: readonly Made[]): boolean {
  return !made.some(({ kind }) => kind === "kept" || kind === "cache");
}

async function undo(made: Made, directory: string, world: CleanUpWorld, patience?: number): Promise<void> {
  switch (made.kind) {
    case "builder":
      return removeBuilder(made, world);
    case "cache":
      return run([made.buildctl, "--addr", made.address, "prune", "--all"], world);
    case "process":
      return made.process === undefined ? undefined : endProcess(made.process, world.system, patience);
    case "lock":
      if ((await world.files.info(made.path))?.kind !== "symlink") return;
      if ((await world.files.readLink(made.path)) === directory) await world.files.remove(made.path);
      return;
    default:
      return;
  }
}

/** Its own 20 s are too short for a volume of gigabytes. Older versions do not know the flag. Source: buildx commands/rm.go, `--timeout` */
async function removeBuilder(
  { call, name, config }: Extract<Made, { kind: "builder" }>,
  world: CleanUpWorld,
): Promise<void> {
  // Where it is not known, it was not made yet; then nothing of it is anywhere.
  if ((await world.files.info(`${config}/instances/${name}`)) === undefined) return;
  const remove = (...more: readonly string[]): Promise<void> =>
    run([...call, "rm", "--force", ...more, name], world, { BUILDX_CONFIG: config });
  try {
    await remove("--timeout", "110s");
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("unknown flag")) throw error;
    await remove();
  }
}

/** What a daemon started lives on when it was killed; what was not recorded in time carries the mark. */
async function endStragglers(
  directory: string,
  made: readonly Made[],
  family: readonly LiveProcess[],
  { system }: CleanUpWorld,
): Promise<void> {
  await endAll([...(await system.marked(MARK, directory)), ...family], system);
  await endAll(await system.rootedBelow([directory, ...made.filter(isPlace).map(({ path }) => path)]), system);
}

async function unmountBelow(path: string, world: CleanUpWorld): Promise<void> {
  for (const point of await world.system.mountsBelow(path)) {
    const { code } = await world.processes.ask({ tool: "timeout", args: [SECONDS_TO_UNMOUNT, "umount", point] });
    // A busy one goes when its last user does, and nothing new can use it.
    if (code !== 0) await run(["umount", "--lazy", point], world);
  }
}

async function removeDirectory(
  { path, mapped }: Extract<Made, { kind: "directory" }>,
  world: CleanUpWorld,
): Promise<void> {
  if ((await world.files.info(path)) === undefined) return;
  if (mapped !== undefined) await run([mapped.rootlesskit, "rm", "-rf", path], world);
  // Never into something that could not be unmounted.
  const mounts = await world.system.mountsBelow(path);
  if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
  await world.files.remove(path);
}

/**
 * A tool that hangs must not keep the rest from being removed. To remove a cache of gigabytes, as builders, prunes and
 * other users' files have, takes a slow disk more than 20 s.
 */
const SECONDS = "120";
const SECONDS_TO_UNMOUNT = "20";

async function run([tool = "", ...args]: readonly string[], world: CleanUpWorld, env = {}): Promise<void> {
  const invocation = { tool: "timeout", args: [SECONDS, tool, ...args], env: { ...world.env, ...env } };
  const { code, stderr } = await world.processes.ask(invocation);
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}
