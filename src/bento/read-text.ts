import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { EnclosedFile, EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { FileInfo } from "../machine/file-info.ts";

/**
 * The largest text, since parsing blocks the thread and its signals. Manifests have a few kilobytes; the largest ones seen
 * contain a service schema of some hundred kilobytes. The worst YAML of this size takes about 0.7 s of CPU time.
 */
const MAX_BYTES = 1 << 20;

/**
 * The regular file at a path of a Bento or model; undefined when it does not exist.
 * @throws {Failure} bento/UnsafePath when the path leads outside or is not a file.
 */
export async function findFile(
  directory: Enclosure,
  path: string,
  files: Pick<EnclosedFiles, "find">,
): Promise<{ readonly file: EnclosedFile; readonly info: FileInfo } | undefined> {
  const found = await files.find(directory, path);
  if (found === undefined || found.kind === "file") return found;
  const kind = found.kind === "directory" ? "a directory" : "a special file";
  throw new Failure("bento", `${join(directory.path, path)} must be a regular file; it is ${kind}`, {
    code: "UnsafePath",
  });
}

/**
 * Reads a file that must be UTF-8 text of a limited size; undefined when it does not exist.
 * @param limit the largest size in bytes.
 * @throws {Failure} bento/ManifestInvalid, TooLarge, Unreadable, UnsafePath.
 */
export async function readStrictText(
  directory: Enclosure,
  path: string,
  files: Pick<EnclosedFiles, "find" | "read">,
  limit = MAX_BYTES,
): Promise<string | undefined> {
  const name = join(directory.path, path);
  const bytes = await readOrExplain(directory, path, files, limit);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Failure("bento", `${name} is not UTF-8 text`, {
      code: "ManifestInvalid",
      position: { file: name },
      cause: error,
    });
  }
}

async function readOrExplain(
  directory: Enclosure,
  path: string,
  files: Pick<EnclosedFiles, "find" | "read">,
  limit: number,
): Promise<Uint8Array | undefined> {
  const name = join(directory.path, path);
  try {
    const found = await findFile(directory, path, files);
    if (found === undefined) return undefined;
    const { size } = found.info;
    if (size <= limit) return await files.read(found.file, 0, size);
    throw new Failure("bento", `${name} has ${size} bytes; the limit is ${limit}`, { code: "TooLarge" });
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("bento", `Cannot read ${name}: ${reason}`, { code: "Unreadable", cause: error });
  }
}
