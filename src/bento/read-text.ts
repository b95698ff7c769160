import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { EnclosedFile, EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { FileInfo } from "../machine/file-info.ts";

/**
 * What is parsed in one piece, while no signal is heard. Manifests are a few kilobytes; the largest seen carry a service
 * schema of some hundred. The worst YAML of this size takes some 0.7 s of a processor.
 */
const MAX_BYTES = 1 << 20;

/**
 * The regular file that a path of a Bento or model means; undefined when there is nothing.
 * @throws {Failure} bento/UnsafePath when it leads out, or to something else than a file.
 */
export async function findFile(
  directory: Enclosure,
  path: string,
  files: Pick<EnclosedFiles, "find">,
): Promise<{ readonly file: EnclosedFile; readonly info: FileInfo } | undefined> {
  const found = await files.find(directory, path);
  if (found === undefined || found.kind === "file") return found;
  const kind = found.kind === "directory" ? "a directory" : "no file, directory or link";
  throw new Failure("bento", `${join(directory.path, path)} must be a regular file; it is ${kind}`, {
    code: "UnsafePath",
  });
}

/**
 * Reads a file that must be UTF-8 text of a sane size; undefined when there is none.
 * @param most bytes that it may have.
 * @throws {Failure} bento/ManifestInvalid, TooLarge, Unreadable, UnsafePath.
 */
export async function readStrictText(
  directory: Enclosure,
  path: string,
  files: Pick<EnclosedFiles, "find" | "read">,
  most = MAX_BYTES,
): Promise<string | undefined> {
  const name = join(directory.path, path);
  const bytes = await readOrExplain(directory, path, files, most);
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
  most: number,
): Promise<Uint8Array | undefined> {
  const name = join(directory.path, path);
  try {
    const found = await findFile(directory, path, files);
    if (found === undefined) return undefined;
    const { size } = found.info;
    if (size <= most) return await files.read(found.file, 0, size);
    throw new Failure("bento", `${name} has ${size} bytes; more than ${most} are not read`, { code: "TooLarge" });
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("bento", `${name} cannot be read: ${reason}`, { code: "Unreadable", cause: error });
  }
}
