import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { errorCode, Failure } from "../errors.ts";
import { isOccupied } from "./file-info.ts";
import type { Env, ToolCache } from "./machine.ts";

/**
 * The runner's tool cache through @actions/tool-cache, which is loaded at first use. Without RUNNER_TOOL_CACHE, which
 * that demands in the process's environment, it is a private directory of this user below RUNNER_TEMP or the system's.
 */
export function realToolCache(env: Env): ToolCache {
  let opened: ReturnType<typeof open> | undefined;
  const cache = (): ReturnType<typeof open> => {
    opened ??= open(env);
    return opened;
  };
  return {
    async find(tool, version, architecture) {
      const { find } = await cache();
      return find(tool, version, architecture) || undefined;
    },
    async add(directory, tool, version, architecture, isSound) {
      const { cacheDir } = await cache();
      // The library empties the final place and copies into it, under the eyes of another run that may use what is there.
      // So it fills a place of our own beside it, which then takes the final name in one step.
      const staged = await cacheDir(directory, tool, version, `${architecture}-${randomUUID()}`);
      const final = join(dirname(staged), architecture);
      try {
        if (!(await settle(staged, final)) && !(await isSound(final))) await exchange(staged, final);
        await writeFile(`${final}.complete`, "");
        return final;
      } finally {
        await discard(staged);
        await sweep(dirname(staged), architecture);
      }
    },
  };
}

async function open(env: Env): Promise<typeof import("./libraries.ts")> {
  if (!env["RUNNER_TOOL_CACHE"]) process.env["RUNNER_TOOL_CACHE"] = await ownDirectory(env);
  return import("./libraries.ts");
}

/** Others may write to the system's temporary directory: what they prepared there is not ours. */
async function ownDirectory(env: Env): Promise<string> {
  const { uid } = userInfo();
  const path = join(env["RUNNER_TEMP"] || tmpdir(), `bento-image-tools-${uid}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const there = await lstat(path);
  if (there.isDirectory() && there.uid === uid && (there.mode & 0o022) === 0) return path;
  throw new Failure("tool", `${path} is not a directory that this user alone may write`, {
    code: "CacheNotPrivate",
    hint: "Remove it, or set RUNNER_TOOL_CACHE to a directory of this user.",
  });
}

/** Gives a directory its final name; false when that is taken. */
async function settle(staged: string, final: string): Promise<boolean> {
  try {
    await rename(staged, final);
    return true;
  } catch (error) {
    if (isOccupied(error)) return false;
    throw error;
  }
}

/** Of two runs that exchange the same directory, the second to come finds it taken by what the first put there. */
async function exchange(staged: string, final: string): Promise<void> {
  const old = `${final}-${randomUUID()}`;
  await rename(final, old).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
  });
  await settle(staged, final);
  await discard(old);
}

async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.complete`, { force: true });
}

/** Milliseconds after which a place beside the final one belongs to a run that was killed. */
const ABANDONED = 3_600_000;

async function sweep(parent: string, architecture: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${architecture}-`) || name.endsWith(".complete")) continue;
    const path = join(parent, name);
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changed > ABANDONED) await discard(path);
  }
}
