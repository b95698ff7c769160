import { join } from "node:path/posix";
import { Failure } from "../../errors.ts";
import type { HubWorld } from "./client.ts";
import { type Hub, networkFailure, readBody } from "./client.ts";
import { type Pace, retrying } from "./retry.ts";

/** A file of a repository at one commit. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of the content for files in LFS or Xet, else git's SHA-1 of the blob: what the Hub's ETag and the cache's blob names are. */
  readonly hash: string;
  /** git's SHA-1 of what is in the repository itself: of the pointer for files in LFS or Xet. */
  readonly blobId: string;
}

const COMMIT = /^[0-9a-f]{40}$/;
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/** The commit a branch or tag points to now. @throws {Failure} as `Hub.get`. */
export async function resolveRevision(hub: Hub, revision: string, world: HubWorld, pace: Pace): Promise<string> {
  const url = new URL(`${hub.endpoint}/api/models/${hub.repository}/revision/${encodeURIComponent(revision)}`);
  const answer = await retrying(() => getText(hub, url, world), world, pace);
  const { sha } = JSON.parse(answer) as { readonly sha?: unknown };
  if (typeof sha === "string" && isCommit(sha)) return sha;
  throw new Failure("network", `${url.href} names no commit`);
}

/**
 * Every file of a commit.
 * @throws {Failure} as `Hub.get`; bento/UnsafePath when a name would leave the snapshot.
 */
export async function listCommit(hub: Hub, commit: string, world: HubWorld, pace: Pace): Promise<readonly HubFile[]> {
  const { listFiles } = await import("./list-files.ts");
  const files: HubFile[] = [];
  const listing = listFiles({
    repo: { type: "model", name: hub.repository },
    revision: commit,
    recursive: true,
    hubUrl: hub.endpoint,
    // Ours knows redirects, proxies, retries and who may see the token; the library's takes only tokens that begin "hf_".
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = Object.fromEntries(new Headers(init?.headers));
      return retrying(() => getResponse(hub, url, headers, world), world, pace);
    },
  });
  for await (const entry of listing) {
    if (entry.type !== "file") continue;
    const { path, size, oid = "", lfs } = entry;
    files.push(checkFile({ path, size: lfs?.size ?? size, hash: lfs?.oid ?? oid, blobId: oid }));
  }
  return files;
}

/** Refuses names and hashes that would become paths outside the snapshot. */
function checkFile(file: HubFile): HubFile {
  const parts = file.path.split("/");
  const safe = !parts.some((part) => part === "" || part === "." || part === "..") && !file.path.includes("\0");
  if (safe && HASH.test(file.hash) && Number.isSafeInteger(file.size)) return file;
  throw new Failure("bento", `The Hub lists ${JSON.stringify(file.path)} (${file.hash}), which cannot be stored`, {
    code: "UnsafePath",
  });
}

async function getResponse(hub: Hub, url: URL, headers: Record<string, string>, world: HubWorld): Promise<Response> {
  const response = await hub.get(url, headers);
  try {
    const { link, "content-type": type } = response.headers;
    return new Response(await readBody(response.body), {
      headers: { ...(link === undefined ? {} : { link }), ...(type === undefined ? {} : { "content-type": type }) },
    });
  } catch (error) {
    throw networkFailure(error, url, world);
  }
}

async function getText(hub: Hub, url: URL, world: HubWorld): Promise<string> {
  return (await getResponse(hub, url, { accept: "application/json" }, world)).text();
}

const TREE_VERSION = 1;

interface Tree {
  readonly format_version?: number;
  readonly files?: Readonly<Record<string, TreeFile>>;
}

interface TreeFile {
  readonly size: number;
  readonly blob_id: string;
  readonly lfs_sha256?: string;
  readonly lfs_size?: number;
}

/**
 * The listing that huggingface_hub ≥ 1.22 (and `writeTree`) leaves in a repository's cache folder; undefined without one.
 * Format: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/_tree_cache.py
 */
export async function readTree(
  folder: string,
  commit: string,
  { files }: Pick<HubWorld, "files">,
): Promise<readonly HubFile[] | undefined> {
  const path = join(folder, "trees", `${commit}.json`);
  if ((await files.info(path)) === undefined) return undefined;
  try {
    const tree = JSON.parse(await files.readText(path)) as Tree;
    if (tree.format_version !== TREE_VERSION || tree.files === undefined) return undefined;
    return Object.entries(tree.files).map(([name, { size, blob_id, lfs_sha256, lfs_size }]) =>
      checkFile({ path: name, size: lfs_size ?? size, hash: lfs_sha256 ?? blob_id, blobId: blob_id }),
    );
  } catch {
    // A damaged listing is as good as none: the Hub is asked.
    return undefined;
  }
}

/** Keeps a listing, so that the next run, and huggingface_hub, need not ask the Hub. */
export async function writeTree(
  folder: string,
  commit: string,
  listed: readonly HubFile[],
  { files }: Pick<HubWorld, "files">,
): Promise<void> {
  const entries = listed.map(({ path, size, hash, blobId }): [string, TreeFile] => {
    const large = hash.length === 64 ? { lfs_sha256: hash, lfs_size: size } : {};
    return [path, { size, blob_id: blobId, ...large }];
  });
  const tree: Tree = { format_version: TREE_VERSION, files: Object.fromEntries(entries) };
  await files.makeDirectory(join(folder, "trees"), 0o755);
  const path = join(folder, "trees", `${commit}.json`);
  await files.write(`${path}.tmp`, `${JSON.stringify(tree, undefined, 1)}\n`, 0o644);
  await files.rename(`${path}.tmp`, path);
}
