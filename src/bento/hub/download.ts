import { type Hash, randomUUID } from "node:crypto";
import { dirname, join, relative } from "node:path/posix";
import { pipeline } from "node:stream/promises";
import { errorCode, Failure, isDiskFull } from "../../errors.ts";
import type { ProgressTask } from "../../machine/machine.ts";
import { printBytes } from "../../text/byte-size.ts";
import { type Hub, type HubMachine, networkFailure } from "./client.ts";
import { damaged, fileUrl, isContinued } from "./file.ts";
import type { HubFile } from "./hub-file.ts";
import { type HubRetryPolicy, retrying } from "./retry.ts";
import { hashFor, isSound } from "./sound.ts";

/** Parallel downloads: enough to use the bandwidth, few enough for the Hub's rate limit. */
const MAX_PARALLEL = 4;

export type DownloadFile = Pick<HubFile, "path" | "size" | "hash">;

export interface Download {
  readonly hub: Hub;
  readonly commit: string;
  /** Absolute, the repository's folder in the cache. */
  readonly folder: string;
}

/**
 * Downloads files into a cache folder in the layout of huggingface_hub: `blobs/<hash>`, and links to them in
 * `snapshots/<commit>`. Existing files are kept. A blob appears only when it is complete and its hash is verified; the
 * partial file of an interrupted run (`<hash>.part`) is resumed. The function `downloadFileToCacheDir` of Hugging Face's
 * own library does neither: it starts again at 0 and does not compare hashes.
 * @throws {Failure} as `Hub.get`; network when the bytes are wrong; disk; cancelled.
 */
export async function downloadFiles(
  files: readonly DownloadFile[],
  download: Download,
  machine: HubMachine,
  retryPolicy: HubRetryPolicy,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([machine.signal, stop.signal]);
  const tasks = files.map((file) => ({ file, task: machine.actions.progress("downloading models", file.size) }));
  const queue = tasks.values();
  const workers = Array.from({ length: MAX_PARALLEL }, async () => {
    for (const { file, task } of queue) {
      if (signal.aborted) return;
      try {
        await downloadFile(file, download, { ...machine, signal }, task, retryPolicy);
      } catch (error) {
        stop.abort();
        throw error;
      }
    }
  });
  const ends = await Promise.allSettled(workers);
  for (const { task } of tasks) task.end();
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (failures.length === 0) return;
  if (machine.signal.aborted) throw new Failure("cancelled", "The download of the model was cancelled");
  // The first failure has stopped the other downloads, which fail as cancelled.
  throw failures.find((failure) => !(failure instanceof Failure && failure.class === "cancelled")) ?? failures[0];
}

async function downloadFile(
  file: DownloadFile,
  download: Download,
  machine: HubMachine,
  task: ProgressTask,
  retryPolicy: HubRetryPolicy,
): Promise<void> {
  const blob = join(download.folder, "blobs", file.hash);
  if (!(await isSound(blob, file, machine))) {
    await machine.files.remove(blob);
    await fetchBlob(file, blob, download, machine, task, retryPolicy);
  }
  task.end();
  await linkBlob(join(download.folder, "snapshots", download.commit, file.path), blob, machine);
}

async function linkBlob(path: string, blob: string, { files }: HubMachine): Promise<void> {
  const target = relative(dirname(path), blob);
  const existing = await files.info(path);
  if (existing?.kind === "symlink" && (await files.readLink(path)) === target) return;
  await files.makeDirectory(dirname(path), 0o755);
  await files.remove(path);
  await files.makeLink(target, path);
}

async function fetchBlob(
  file: DownloadFile,
  blob: string,
  download: Download,
  machine: HubMachine,
  task: ProgressTask,
  retryPolicy: HubRetryPolicy,
): Promise<void> {
  const { files, actions } = machine;
  // A rename takes over the partial file of an earlier run. Only one run can do so, so two never write to the same file.
  const part = `${blob}.${randomUUID()}.part`;
  await files.rename(`${blob}.part`, part).catch(ignoreMissing);
  try {
    await retrying(() => continueBlob(file, part, download, task, machine), machine, retryPolicy);
    await files.setMode(part, 0o644);
    await files.rename(part, blob);
    actions.info(`Downloaded ${file.path} (${printBytes(file.size)})`);
  } catch (error) {
    await files.rename(part, `${blob}.part`).catch(ignoreMissing);
    throw explainDisk(error, file);
  }
}

/** One attempt to download the rest of the file after `part`. The bytes are hashed on the way. */
async function continueBlob(
  file: DownloadFile,
  part: string,
  { hub, commit }: Download,
  task: ProgressTask,
  machine: HubMachine,
): Promise<void> {
  const { files } = machine;
  const start = await resumePoint(file, part, machine);
  let digest = hashFor(file);
  if (start > 0) for await (const chunk of files.source(part)) digest.update(chunk);
  if (start < file.size || start === 0) {
    const url = fileUrl(hub, commit, file.path);
    const response = await hub.get(url, start === 0 ? {} : { range: `bytes=${start}-` }, machine.signal);
    const continued = isContinued(response, start);
    if (start > 0 && !continued) {
      // A mirror without range support sends the whole file, or nothing (416).
      await files.remove(part);
      digest = hashFor(file);
    }
    if (response.status === 416) {
      response.body.destroy();
      throw new Failure("network", `${url.host} cannot resume ${file.path} at byte ${start}`);
    }
    try {
      task.restart(continued ? start : 0);
      const bytes = watch(response.body, file, continued ? start : 0, digest, task);
      await pipeline(bytes, files.sink(part, { mode: 0o644, append: true }));
    } catch (error) {
      throw isOfDisk(error) ? error : networkFailure(error, url, machine);
    }
  }
  if (digest.digest("hex") === file.hash) return;
  await files.remove(part);
  throw damaged(file.path, hub, file.hash);
}

async function resumePoint(file: DownloadFile, part: string, { files }: HubMachine): Promise<number> {
  const info = await files.info(part);
  if (info === undefined) return 0;
  // A link could redirect the bytes to another file.
  if (info.kind === "file" && info.size <= file.size) return info.size;
  await files.remove(part);
  return 0;
}

/** Hashes and counts the bytes, and fails if the file is larger than announced. */
async function* watch(
  bytes: AsyncIterable<Uint8Array>,
  file: DownloadFile,
  start: number,
  digest: Hash,
  task: ProgressTask,
): AsyncGenerator<Uint8Array> {
  let done = start;
  for await (const chunk of bytes) {
    done += chunk.length;
    digest.update(chunk);
    if (done > file.size) throw new Error(`${file.path} is larger than the announced ${file.size} bytes`);
    task.add(chunk.length);
    yield chunk;
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== "ENOENT") throw error;
}

function isOfDisk(error: unknown): boolean {
  return isDiskFull(error) || ["EACCES", "EROFS", "EIO"].includes(errorCode(error));
}

function explainDisk(error: unknown, file: DownloadFile): unknown {
  if (!isOfDisk(error) || error instanceof Failure) return error;
  return new Failure("disk", `Cannot store ${file.path} (${printBytes(file.size)}): ${String(error)}`, {
    cause: error,
  });
}
