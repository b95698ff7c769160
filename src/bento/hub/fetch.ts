import { join } from "node:path/posix";
import type { Machine } from "../../machine/machine.ts";
import type { LocatedSnapshot } from "../bento.ts";
import { cacheOf, directoryName, findFolders } from "./cache.ts";
import { type Hub, openHub } from "./client.ts";
import { type Download, type DownloadFile, downloadFiles } from "./download.ts";
import { folderName } from "./folder-name.ts";
import { HUB_RETRY_POLICY, type HubRetryPolicy } from "./retry.ts";

export type SnapshotMachine = Pick<Machine, "env" | "workspace" | "files" | "http" | "actions" | "signal" | "now">;

/**
 * Downloads what of a snapshot is at the Hub alone to where its other files lie.
 * @throws {Failure} auth, rate-limit, network; bento/ModelMissing; disk; cancelled.
 */
export async function fetchSnapshot(
  snapshot: LocatedSnapshot,
  machine: SnapshotMachine,
  pace: HubRetryPolicy = HUB_RETRY_POLICY,
): Promise<LocatedSnapshot> {
  const { model, commit, directory } = snapshot;
  const missing = snapshot.files.flatMap(({ path, size, remote }) =>
    remote === undefined ? [] : [{ path, size, hash: remote }],
  );
  if (missing.length === 0) return snapshot;
  await fetchFiles(missing, { hub: await openHub(model, machine), commit, folder: directory.path }, machine, pace);
  return { ...snapshot, files: snapshot.files.map(({ source, path, size }) => ({ source, path, size })) };
}

/** {@link downloadFiles}, and says so. */
export async function fetchFiles(
  files: readonly DownloadFile[],
  download: Download,
  machine: SnapshotMachine,
  pace: HubRetryPolicy,
): Promise<void> {
  if (files.length === 0) return;
  const { hub, commit, folder } = download;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  machine.actions.info(
    `${hub.repository}@${commit}: ${files.length} files, ${bytes} bytes, from ${hub.endpoint.address} to ${folder}`,
  );
  await downloadFiles(files, download, machine, pace);
}

/** The repository's folder in the cache, of several the one given; below the scratch directory when it cannot be written to. */
export async function makeFolder(
  { endpoint, repository }: Hub,
  given: string | undefined,
  machine: SnapshotMachine,
): Promise<string> {
  const cache = cacheOf(endpoint, machine);
  const [known] = await findFolders(cache, repository, machine);
  const wanted = given ?? known ?? join(cache, folderName(repository));
  try {
    await machine.files.makeDirectory(join(wanted, "blobs"), 0o755);
    return wanted;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    machine.actions.warning(`The Hugging Face cache cannot be written to, so the download is not kept: ${reason}`);
    const folder = join(await machine.files.scratch(), "hf-models", directoryName(endpoint), folderName(repository));
    await machine.files.makeDirectory(join(folder, "blobs"), 0o755);
    return folder;
  }
}
