const require = process.getBuiltinModule;
import {
  Failure,
  errorCode,
  isOccupied,
  randomUUID
} from "./chunk-5HCF7RAG.js";

// src/machine/tool-cache.ts
import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
function realToolCache(env) {
  let opened;
  const cache = () => {
    opened ??= open(env);
    return opened;
  };
  return {
    async find(tool, version, architecture) {
      const { find } = await cache();
      return find(tool, version, architecture) || void 0;
    },
    async add(directory, tool, version, architecture, isSound) {
      const { cacheDir } = await cache();
      const staged = await cacheDir(directory, tool, version, `${architecture}-${randomUUID()}`);
      const final = join(dirname(staged), architecture);
      try {
        if (!await settle(staged, final) && !await isSound(final)) await exchange(staged, final);
        await writeFile(`${final}.complete`, "");
        return final;
      } finally {
        await discard(staged);
        await sweep(dirname(staged), architecture);
      }
    }
  };
}
async function open(env) {
  if (!env["RUNNER_TOOL_CACHE"]) process.env["RUNNER_TOOL_CACHE"] = await ownDirectory(env);
  return import("./tool-cache-O7ELXZUC.js");
}
async function ownDirectory(env) {
  const { uid } = userInfo();
  const path = join(env["RUNNER_TEMP"] || tmpdir(), `bento-image-tools-${uid}`);
  await mkdir(path, { recursive: true, mode: 448 });
  const there = await lstat(path);
  if (there.isDirectory() && there.uid === uid && (there.mode & 18) === 0) return path;
  throw new Failure("tool", `${path} is not a directory that this user alone may write`, {
    code: "CacheNotPrivate",
    hint: "Remove it, or set RUNNER_TOOL_CACHE to a directory of this user."
  });
}
async function settle(staged, final) {
  try {
    await rename(staged, final);
    return true;
  } catch (error) {
    if (isOccupied(error)) return false;
    throw error;
  }
}
async function exchange(staged, final) {
  const old = `${final}-${randomUUID()}`;
  await rename(final, old).catch((error) => {
    if (errorCode(error) !== "ENOENT") throw error;
  });
  await settle(staged, final);
  await discard(old);
}
async function discard(path) {
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.complete`, { force: true });
}
var ABANDONED = 36e5;
async function sweep(parent, architecture) {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${architecture}-`) || name.endsWith(".complete")) continue;
    const path = join(parent, name);
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now()
    );
    if (Date.now() - changed > ABANDONED) await discard(path);
  }
}
export {
  realToolCache
};
