import { join } from "node:path/posix";
import type { Machine } from "../../machine/machine.ts";
import { printBytes } from "../../text/byte-size.ts";
import type { LocatedSnapshot } from "../bento.ts";
import { cacheOf, directoryName, findFolders } from "./cache.ts";
import { type Hub, openHub } from "./client.ts";
import { type Download, type DownloadFile, downloadFiles } from "./download.ts";
import { folderName } from "./folder-name.ts";
import { HUB_RETRY_POLICY, type HubRetryPolicy } from "./retry.ts";

export type SnapshotMachine = Pick<Machine, "env" | "workspace" | "files" | "http" | "actions" | "signal" | "now">;

/**
 * Downloads the files of a snapshot that are only at the Hub into its cache folder.
 * @throws {Failure} auth, rate-limit, network; bento/ModelMissing; disk; cancelled.
 */
export async function fetchSnapshot(
  snapshot: LocatedSnapshot,
  machine: SnapshotMachine,
  retryPolicy: HubRetryPolicy = HUB_RETRY_POLICY,
): Promise<LocatedSnapshot> {
  const { model, commit, directory } = snapshot;
  const missing = snapshot.files.flatMap(({ path, size, remote }) =>
    remote === undefined ? [] : [{ path, size, hash: remote }],
  );
  if (missing.length === 0) return snapshot;
  await fetchFiles(
    missing,
    { hub: await openHub(model, machine), commit, folder: directory.path },
    machine,
    retryPolicy,
  );
  return { ...snapshot, files: snapshot.files.map(({ source, path, size }) => ({ source, path, size })) };
}

/** Calls {@link downloadFiles} with a log line. */
export async function fetchFiles(
  files: readonly DownloadFile[],
  download: Download,
  machine: SnapshotMachine,
  retryPolicy: HubRetryPolicy,
): Promise<void> {
  if (files.length === 0) return;
  const { hub, commit, folder } = download;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  machine.actions.info(
    `${hub.repository}@${commit}: downloading ${files.length} files (${printBytes(bytes)}) from ${hub.endpoint.address} to ${folder}`,
  );
  await downloadFiles(files, download, machine, retryPolicy);
}

/** Creates the repository's folder in the cache (`given` if there are several), or in the scratch directory when the cache is not writable. */
export async function makeFolder(
  { endpoint, repository }: Hub,
  given: string | undefined,
  machine: SnapshotMachine,
): Promise<string> {
  const cache = cacheOf(endpoint, machine);
  const [existing] = await findFolders(cache, repository, machine);
  const preferred = given ?? existing ?? join(cache, folderName(repository));
  try {
    await machine.files.makeDirectory(join(preferred, "blobs"), 0o755);
    return preferred;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    machine.actions.warning(`The Hugging Face cache is not writable, so the download is not cached: ${reason}`);
    const folder = join(await machine.files.scratch(), "hf-models", directoryName(endpoint), folderName(repository));
    await machine.files.makeDirectory(join(folder, "blobs"), 0o755);
    return folder;
  }
}
