import { join, relative, resolve } from "node:path/posix";
import { errorCode, Failure, firstFew } from "../errors.ts";
import { mapFiles } from "../machine/concurrency.ts";
import type { EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { DirectoryEntry } from "../machine/file-info.ts";

type WalkFiles = Pick<EnclosedFiles, "entry" | "find" | "list" | "read" | "readLink">;

type Fault = "irregular" | "leaving" | "unreadable";

/** Paths by their fault. */
type Findings = Record<Fault, string[]>;

/**
 * Checks all entries of a Bento or model. It fails on files that cannot be read, on special files, and on links that lead
 * outside: they would fail the build later with a less helpful message, or add files to the image that are not part of the
 * Bento. Only files that are not readable for everybody are opened, and one byte of them is read.
 * @throws {Failure} bento/Unreadable, UnsafePath or NameNotUtf8.
 */
export async function checkReadable(directory: Enclosure, files: WalkFiles): Promise<void> {
  const findings: Findings = { irregular: [], leaving: [], unreadable: [] };
  const pending = [directory];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    pending.push(...(await checkDirectory(next, directory, files, findings)));
  }
  report(findings.irregular, "UnsafePath", "not a file, directory or link", directory);
  report(findings.leaving, "UnsafePath", "links that lead outside the directory", directory);
  report(findings.unreadable, "Unreadable", "not readable", directory);
}

/** Checks the entries of a directory. @returns its subdirectories. */
async function checkDirectory(
  directory: Enclosure,
  top: Enclosure,
  files: WalkFiles,
  findings: Findings,
): Promise<readonly Enclosure[]> {
  const inside: Enclosure[] = [];
  const nameOf = (name: string): string => relative(top.path, join(directory.path, name));
  const entries = await files.list(directory).catch((error: unknown) => {
    if (!isPermissionError(error)) throw error;
    findings.unreadable.push(`${nameOf("") || "."}/`);
    return [];
  });
  const faults = await mapFiles(entries, (entry) => checkEntry(entry, directory, files, inside));
  for (const [index, { name }] of entries.entries()) {
    const fault = faults[index];
    if (fault !== undefined) findings[fault].push(nameOf(name));
  }
  return inside;
}

async function checkEntry(
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
    if (isPermissionError(error)) return "unreadable";
    throw error;
  }
}

/** Whether a link leads outside. For a broken link, its text decides. */
async function leadsOut(directory: Enclosure, name: string, files: WalkFiles): Promise<boolean> {
  try {
    if ((await files.find(directory, name)) !== undefined) return false;
  } catch (error) {
    if (error instanceof Failure && error.code === "UnsafePath") return true;
    if (!isPermissionError(error)) throw error;
  }
  const target = relative(directory.root, resolve(directory.path, await files.readLink(directory, name)));
  return target === ".." || target.startsWith("../");
}

function isPermissionError(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM";
}

function report(paths: readonly string[], code: string, fault: string, { path: directory }: Enclosure): void {
  if (paths.length === 0) return;
  const named = firstFew(paths.toSorted());
  throw new Failure("bento", `${directory} contains entries that are ${fault}: ${named.join(", ")}`, {
    code,
    lines: named,
    hint:
      code === "Unreadable"
        ? `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.`
        : "Replace each entry with the file or directory itself, exclude it from the Bento, or create it in a command of the build.",
  });
}
