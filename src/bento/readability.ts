import { join, relative } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Files } from "../world/world.ts";

/** Files looked at together: enough to hide the latency of a network disk. */
const AT_ONCE = 64;
/** More names than this help nobody. */
const NAMED = 20;

interface Findings {
  readonly unreadable: string[];
  readonly irregular: string[];
}

/**
 * Walks a Bento and fails, naming them, on files that cannot be read and on entries that are no file, directory or link:
 * both would end a build half way, with less to go by. Opens only files that are not readable for everybody, and reads
 * one byte of them.
 * @throws {Failure} bento/Unreadable or UnsafePath.
 */
export async function checkReadable(directory: string, files: Files): Promise<void> {
  const findings: Findings = { unreadable: [], irregular: [] };
  await walk(directory, directory, files, findings);
  report(findings.irregular, "UnsafePath", "is no file, directory or link", directory);
  report(findings.unreadable, "Unreadable", "cannot be read", directory);
}

async function walk(root: string, directory: string, files: Files, findings: Findings): Promise<void> {
  const entries = await files.list(directory).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    findings.unreadable.push(`${relative(root, directory) || "."}/`);
    return [];
  });
  const plain = entries.filter((entry) => entry.kind === "file").map((entry) => join(directory, entry.name));
  for (let start = 0; start < plain.length; start += AT_ONCE) {
    const batch = plain.slice(start, start + AT_ONCE);
    const readable = await Promise.all(batch.map((path) => isReadable(path, files)));
    findings.unreadable.push(...batch.filter((_, index) => !readable[index]).map((path) => relative(root, path)));
  }
  for (const { name, kind } of entries) {
    if (kind === "other") findings.irregular.push(relative(root, join(directory, name)));
    if (kind === "directory") await walk(root, join(directory, name), files, findings);
  }
}

async function isReadable(path: string, files: Files): Promise<boolean> {
  try {
    const info = await files.info(path);
    if (info !== undefined && (info.mode & 0o004) === 0) await files.readHead(path, 1);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EACCES" || code === "EPERM";
}

function report(paths: readonly string[], code: string, fault: string, directory: string): void {
  if (paths.length === 0) return;
  const named = paths.slice(0, NAMED);
  const more = paths.length - named.length;
  throw new Failure("bento", `In ${directory}, ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${fault}`, {
    code,
    lines: named,
    ...(code === "Unreadable"
      ? { hint: `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.` }
      : {}),
  });
}
