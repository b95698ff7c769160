import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { extract } from "tar";

/** Absolute path of a file in test/fixtures/bentos, which its README.md describes. */
export function fixture(...parts: readonly string[]): string {
  return fileURLToPath(new URL(join("../fixtures/bentos", ...parts), import.meta.url));
}

export async function readJson<T>(...parts: readonly string[]): Promise<T> {
  return JSON.parse(await readFile(fixture(...parts), "utf8")) as T;
}

/** Unpacks a fixture `….tar.gz` with its modes, or one path of it, into a new directory. */
export async function unpackFixture(directory: string, file: string, only?: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await extract({ file: fixture(file), cwd: directory }, only === undefined ? [] : [only]);
  return directory;
}

/** Every path below a directory with kind, mode and content hash or link target, to check that nothing has changed. */
export async function listTree(directory: string, prefix = ""): Promise<readonly string[]> {
  const names = await readdir(directory);
  const lines = await Promise.all(names.sort().map((name) => describe(join(directory, name), `${prefix}${name}`)));
  return lines.flat();
}

async function describe(path: string, name: string): Promise<readonly string[]> {
  const info = await lstat(path);
  const mode = (info.mode & 0o777).toString(8);
  if (info.isSymbolicLink()) return [`${name} -> ${await readlink(path)}`];
  if (info.isDirectory()) return [`${name}/ ${mode}`, ...(await listTree(path, `${name}/`))];
  return [`${name} ${mode} ${info.size} ${await hashOf(path)}`];
}

/** One of the broken Bentos has a file that an ordinary user may not read. */
async function hashOf(path: string): Promise<string> {
  try {
    const content = await readFile(path);
    return createHash("sha256").update(content).digest("hex").slice(0, 12);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EACCES") return "unreadable";
    throw error;
  }
}
