import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, lstat, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { errorCode, Failure } from "../errors.ts";
import { isOccupied } from "./file-info.ts";
import type { Env, ToolCache } from "./machine.ts";

/**
 * The runner's tool cache, laid out as by @actions/tool-cache: `TOOL/VERSION/ARCHITECTURE`, valid with the empty file
 * `ARCHITECTURE.complete` beside it. Without RUNNER_TOOL_CACHE it is a private directory of this user in RUNNER_TEMP or the
 * system's temporary directory. The library itself is not used: it prints commands for the runner to standard output, and it
 * copies into the final directory although another run may be using it.
 */
export function realToolCache(env: Env): ToolCache {
  const rootDirectory = async (): Promise<string> => env["RUNNER_TOOL_CACHE"] || ownDirectory(env);
  return {
    async find(tool, version, architecture) {
      const path = join(await rootDirectory(), tool, version, architecture);
      return existsSync(path) && existsSync(`${path}.complete`) ? path : undefined;
    },
    async add(directory, tool, version, architecture, isSound) {
      const parent = join(await rootDirectory(), tool, version);
      const [staged, final] = [join(parent, `${architecture}-${randomUUID()}`), join(parent, architecture)];
      await mkdir(parent, { recursive: true });
      try {
        await cp(directory, staged, { recursive: true, verbatimSymlinks: true });
        if (!(await publish(staged, final)) && !(await isSound(final))) await replace(staged, final);
        await writeFile(`${final}.complete`, "");
        return final;
      } finally {
        await discard(staged);
        await sweep(parent, architecture);
      }
    },
  };
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
