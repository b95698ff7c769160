/**
 * The listing of a commit that huggingface_hub ≥ 1.22 stores in a repository's cache folder, `trees/<commit>.json`.
 * Format: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/_tree_cache.py
 */
import { join } from "node:path/posix";
import type { Machine } from "../../machine/machine.ts";
import { isJsonObject } from "../../text/json.ts";
import { checkFiles, type HubFile } from "./hub-file.ts";

type TreeMachine = Pick<Machine, "files">;

const VERSION = 1;
/** In bytes: twice the size of the longest listing that is accepted from a hub. */
const MAX_SIZE = 256 << 20;

interface TreeFile {
  readonly size: number;
  readonly blob_id: string;
  readonly lfs_sha256?: string;
  readonly lfs_size?: number;
}

/** Reads a listing; undefined if there is none or it is damaged. The hub is then queried. */
export async function readTree(
  folder: string,
  commit: string,
  { files }: TreeMachine,
): Promise<readonly HubFile[] | undefined> {
  const path = join(folder, "trees", `${commit}.json`);
  const info = await files.info(path);
  if (info?.kind !== "file" || info.size > MAX_SIZE) return undefined;
  try {
    const tree: unknown = JSON.parse(await files.readText(path));
    if (!isJsonObject(tree) || tree["format_version"] !== VERSION || !isJsonObject(tree["files"])) return undefined;
    return checkFiles(Object.entries(tree["files"]).map(([name, file]) => readEntry(name, file as TreeFile)));
  } catch {
    return undefined;
  }
}

function readEntry(path: string, { size, blob_id, lfs_sha256, lfs_size }: TreeFile): HubFile {
  return { path, size: lfs_size ?? size, hash: lfs_sha256 ?? blob_id, blobId: blob_id };
}

/** Stores a listing, so that the next run and huggingface_hub do not have to query the hub. */
export async function writeTree(
  folder: string,
  commit: string,
  listed: readonly HubFile[],
  { files }: TreeMachine,
): Promise<void> {
  const entries = listed.map(({ path, size, hash, blobId }): [string, TreeFile] => {
    const large = hash.length === 64 ? { lfs_sha256: hash, lfs_size: size } : {};
    return [path, { size, blob_id: blobId, ...large }];
  });
  const tree = { format_version: VERSION, files: Object.fromEntries(entries) };
  await files.makeDirectory(join(folder, "trees"), 0o755);
  const path = join(folder, "trees", `${commit}.json`);
  await files.write(`${path}.tmp`, `${JSON.stringify(tree, undefined, 1)}\n`, 0o644);
  await files.rename(`${path}.tmp`, path);
}
