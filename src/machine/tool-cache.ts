import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { errorCode, Failure } from "../errors.ts";
import { isOccupied } from "./file-info.ts";
import type { Env, ToolCache } from "./machine.ts";

/**
 * The runner's tool cache with @actions/tool-cache, which is loaded at first use. The library requires RUNNER_TOOL_CACHE in
 * the process's environment; if it is missing, a private directory of this user in RUNNER_TEMP or the system's temporary
 * directory is used.
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
      // The library empties the final directory and copies into it, although another run may be using it. So it copies to a
      // separate directory, which is then renamed in one step.
      const staged = await cacheDir(directory, tool, version, `${architecture}-${randomUUID()}`);
      const final = join(dirname(staged), architecture);
      try {
        if (!(await publish(staged, final)) && !(await isSound(final))) await replace(staged, final);
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
  process.env["RUNNER_TOOL_CACHE"] = env["RUNNER_TOOL_CACHE"] || (await ownDirectory(env));
  return import("./libraries.ts");
}

/** Checks the owner, because other users can create directories in the system's temporary directory. */
async function ownDirectory(env: Env): Promise<string> {
  const { uid } = userInfo();
  const path = join(env["RUNNER_TEMP"] || tmpdir(), `bento-image-tools-${uid}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const there = await lstat(path);
  if (there.isDirectory() && there.uid === uid && (there.mode & 0o022) === 0) return path;
  throw new Failure("tool", `${path} is not a directory that only this user can write to`, {
    code: "CacheNotPrivate",
    hint: "Remove it, or set RUNNER_TOOL_CACHE to a directory of this user.",
  });
}

/** Renames a directory to its final name; false when the name exists. */
async function publish(staged: string, final: string): Promise<boolean> {
  try {
    await rename(staged, final);
    return true;
  } catch (error) {
    if (isOccupied(error)) return false;
    throw error;
  }
}

/** Replaces a directory. If two runs do so at the same time, the second one keeps the directory of the first. */
async function replace(staged: string, final: string): Promise<void> {
  const old = `${final}-${randomUUID()}`;
  await rename(final, old).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
  });
  await publish(staged, final);
  await discard(old);
}

async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.complete`, { force: true });
}

/** Milliseconds after which a staging directory is considered left by a killed run. */
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
