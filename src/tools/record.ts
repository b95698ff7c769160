import { join } from "node:path/posix";
import { errorCode } from "../errors.ts";
import { fileDigest } from "../layers/file-digest.ts";
import type { Files } from "../machine/machine.ts";
import { hexOf } from "../oci/digest.ts";
import { isJsonObject } from "../text/json.ts";
import type { Asset } from "./choose.ts";

/** Name of the record in an installed tool's directory. */
const RECORD = "bento-image.json";

interface ToolRecord {
  /** SHA-256 of the asset that the programs came from. */
  readonly asset: string;
  /** Path below the tool's directory → SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

/** Records the checksums of what was installed, so that a later run can verify it. */
export async function writeRecord(
  directory: string,
  asset: Asset,
  programs: readonly string[],
  files: Files,
): Promise<void> {
  const hashes = await hashAll(directory, programs, files);
  const record: ToolRecord = { asset: asset.sha256, files: hashes };
  await files.write(join(directory, RECORD), JSON.stringify(record), 0o644);
}

/**
 * Compares an installed tool with its record.
 * @returns the difference, or undefined when there is none. The record is in the same directory as the tool: this finds
 * damaged and replaced files. An attacker who may write there is out of scope, because he could also change the runner.
 */
export async function findDifference(directory: string, asset: Asset, files: Files): Promise<string | undefined> {
  const record = await readRecord(directory, files);
  if (record === undefined) return "it has no record of what was installed";
  if (record.asset !== asset.sha256) return "it came from another file";
  try {
    return await compareFiles(directory, record, files);
  } catch (error) {
    // Another run is replacing the tool.
    if (errorCode(error) === "ENOENT") return "it was removed while it was read";
    throw error;
  }
}

async function compareFiles(directory: string, record: ToolRecord, files: Files): Promise<string | undefined> {
  const present = (await listFiles(directory, "", files)).filter((name) => name !== RECORD);
  const added = present.find((name) => !Object.hasOwn(record.files, name));
  if (added !== undefined) return `${added} was added`;
  const missing = Object.keys(record.files).find((name) => !present.includes(name));
  if (missing !== undefined) return `${missing} is missing`;
  const hashes = await hashAll(directory, present, files);
  const changed = present.find((name) => hashes[name] !== record.files[name]);
  return changed === undefined ? undefined : `${changed} was changed`;
}

async function readRecord(directory: string, files: Files): Promise<ToolRecord | undefined> {
  const path = join(directory, RECORD);
  if ((await files.info(path))?.kind !== "file") return undefined;
  try {
    const json: unknown = JSON.parse(await files.readText(path));
    const { asset, files: hashes } = isJsonObject(json) ? json : {};
    return typeof asset === "string" && isJsonObject(hashes) ? { asset, files: textsOf(hashes) } : undefined;
  } catch {
    return undefined;
  }
}

function textsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** Everything but directories, by relative path. */
async function listFiles(directory: string, below: string, files: Files): Promise<readonly string[]> {
  const entries = await files.list(join(directory, below));
  const found = entries.map(({ name, kind }) => {
    const path = join(below, name);
    return kind === "directory" ? listFiles(directory, path, files) : [path];
  });
  return (await Promise.all(found)).flat();
}

/** The hashes of regular files; links and other entries have none. */
async function hashAll(
  directory: string,
  names: readonly string[],
  files: Files,
): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for (const name of names) {
    const path = join(directory, name);
    if ((await files.info(path))?.kind === "file") hashes[name] = hexOf(await fileDigest(path, files));
  }
  return hashes;
}
