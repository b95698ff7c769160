import { join, relative, resolve } from "node:path/posix";
import { errorCode, Failure, firstFew } from "../errors.ts";
import { mapFiles } from "../machine/concurrency.ts";
import type { EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { DirectoryEntry } from "../machine/file-info.ts";

type WalkFiles = Pick<EnclosedFiles, "entry" | "find" | "list" | "read" | "readLink">;

type Fault = "irregular" | "leaving" | "unreadable";

/** Paths by what is wrong with them. */
type Findings = Record<Fault, string[]>;

/**
 * Walks a Bento or model and fails, naming them, on files that cannot be read, on entries that are no file, directory or
 * link, and on links that lead out of it: each would end a build half way, with less to go by, or bring into the image
 * what is no part of the Bento. Opens only files that are not readable for everybody, and reads one byte of them.
 * @throws {Failure} bento/Unreadable, UnsafePath or NameNotUtf8.
 */
export async function checkReadable(directory: Enclosure, files: WalkFiles): Promise<void> {
  const findings: Findings = { irregular: [], leaving: [], unreadable: [] };
  const ahead = [directory];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    ahead.push(...(await checkDirectory(next, directory, files, findings)));
  }
  report(findings.irregular, "UnsafePath", "is no file, directory or link", directory);
  report(findings.leaving, "UnsafePath", "is a link that leads out of it", directory);
  report(findings.unreadable, "Unreadable", "cannot be read", directory);
}

/** @returns the directories in it. */
async function checkDirectory(
  directory: Enclosure,
  top: Enclosure,
  files: WalkFiles,
  findings: Findings,
): Promise<readonly Enclosure[]> {
  const inside: Enclosure[] = [];
  const nameOf = (name: string): string => relative(top.path, join(directory.path, name));
  const entries = await files.list(directory).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    findings.unreadable.push(`${nameOf("") || "."}/`);
    return [];
  });
  const faults = await mapFiles(entries, (entry) => faultOf(entry, directory, files, inside));
  for (const [index, { name }] of entries.entries()) {
    const fault = faults[index];
    if (fault !== undefined) findings[fault].push(nameOf(name));
  }
  return inside;
}

async function faultOf(
  { name, kind }: DirectoryEntry,
  directory: Enclosure,
  files: WalkFiles,
  inside: Enclosure[],
): Promise<Fault | undefined> {
  if (kind === "symlink") return (await leadsOut(directory, name, files)) ? "leaving" : undefined;
  try {
    const found = await files.entry(directory, name);
    if (found?.kind === "other") return "irregular";
    if (found?.kind === "directory") inside.push(found.directory);
    if (found?.kind === "file" && (found.info.mode & 0o004) === 0) await files.read(found.file, 0, 1);
    return undefined;
  } catch (error) {
    if (isRefusal(error)) return "unreadable";
    throw error;
  }
}

/** Of one that leads to nothing its text decides. */
async function leadsOut(directory: Enclosure, name: string, files: WalkFiles): Promise<boolean> {
  try {
    if ((await files.find(directory, name)) !== undefined) return false;
  } catch (error) {
    if (error instanceof Failure && error.code === "UnsafePath") return true;
    if (!isRefusal(error)) throw error;
  }
  const place = relative(directory.root, resolve(directory.path, await files.readLink(directory, name)));
  return place === ".." || place.startsWith("../");
}

function isRefusal(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM";
}

function report(paths: readonly string[], code: string, fault: string, { path: directory }: Enclosure): void {
  if (paths.length === 0) return;
  const named = firstFew(paths.toSorted());
  throw new Failure("bento", `In ${directory}, ${named.join(", ")} ${fault}`, {
    code,
    lines: named,
    hint:
      code === "Unreadable"
        ? `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.`
        : "Replace it with what it stands for, leave it out of the Bento, or let a command of the build make it.",
  });
}
