import { type Hash, randomUUID } from "node:crypto";
import { dirname, join, relative } from "node:path/posix";
import { pipeline } from "node:stream/promises";
import { errorCode, Failure, isDiskFull } from "../../errors.ts";
import { type Hub, type HubMachine, networkFailure } from "./client.ts";
import { damaged, fileUrl, isContinued } from "./file.ts";
import type { HubFile } from "./hub-file.ts";
import { type HubRetryPolicy, retrying } from "./retry.ts";
import { hashFor, isSound } from "./sound.ts";

/** Files under way together: enough to fill a line, few enough for the Hub's rate limit. */
const AT_ONCE = 4;
/** Milliseconds between two lines about the same file. */
const NEWS_EVERY = 15_000;

export type DownloadFile = Pick<HubFile, "path" | "size" | "hash">;

export interface Download {
  readonly hub: Hub;
  readonly commit: string;
  /** Absolute, the repository's folder in the cache. */
  readonly folder: string;
}

/**
 * Brings files into a cache folder as huggingface_hub lays them out: `blobs/<hash>`, and links to them in
 * `snapshots/<commit>`. What is there stays. A blob appears only whole and with the right hash; what an interrupted run
 * left of one (`<hash>.part`) is continued. The library's own `downloadFileToCacheDir` does neither: it starts again at
 * 0 and never compares hashes.
 * @throws {Failure} as `Hub.get`; network when the bytes are wrong; disk; cancelled.
 */
export async function downloadFiles(
  files: readonly DownloadFile[],
  download: Download,
  machine: HubMachine,
  pace: HubRetryPolicy,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([machine.signal, stop.signal]);
  const queue = files.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const file of queue) {
      if (signal.aborted) return;
      try {
        await downloadFile(file, download, { ...machine, signal }, pace);
      } catch (error) {
        stop.abort();
        throw error;
      }
    }
  });
  const failures = (await Promise.allSettled(workers)).flatMap((end) =>
    end.status === "rejected" ? [end.reason] : [],
  );
  if (failures.length === 0) return;
  if (machine.signal.aborted) throw new Failure("cancelled", "The download of the model was cancelled");
  // The others were stopped by the first.
  throw failures.find((failure) => !(failure instanceof Failure && failure.class === "cancelled")) ?? failures[0];
}

async function downloadFile(
  file: DownloadFile,
  download: Download,
  machine: HubMachine,
  pace: HubRetryPolicy,
): Promise<void> {
  const blob = join(download.folder, "blobs", file.hash);
  if (!(await isSound(blob, file, machine))) {
    await machine.files.remove(blob);
    await fetchBlob(file, blob, download, machine, pace);
  }
  await linkBlob(join(download.folder, "snapshots", download.commit, file.path), blob, machine);
}

async function linkBlob(path: string, blob: string, { files }: HubMachine): Promise<void> {
  const target = relative(dirname(path), blob);
  const there = await files.info(path);
  if (there?.kind === "symlink" && (await files.readLink(path)) === target) return;
  await files.makeDirectory(dirname(path), 0o755);
  await files.remove(path);
  await files.makeLink(target, path);
}

async function fetchBlob(
  file: DownloadFile,
  blob: string,
  download: Download,
  machine: HubMachine,
  pace: HubRetryPolicy,
): Promise<void> {
  const { files, actions } = machine;
  // Renaming takes over what an earlier run left, and only one run can: two never write to the same file.
  const part = `${blob}.${randomUUID()}.part`;
  await files.rename(`${blob}.part`, part).catch(ignoreMissing);
  try {
    await retrying(() => continueBlob(file, part, download, machine), machine, pace);
    await files.setMode(part, 0o644);
    await files.rename(part, blob);
    actions.info(`Downloaded ${file.path} (${file.size} bytes)`);
  } catch (error) {
    await files.rename(part, `${blob}.part`).catch(ignoreMissing);
    throw explainDisk(error, file);
  }
}

/** One attempt: the rest of the file from where `part` ends, hashed on its way. */
async function continueBlob(
  file: DownloadFile,
  part: string,
  { hub, commit }: Download,
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
      // A mirror that knows no ranges sends everything, or nothing (416).
      await files.remove(part);
      digest = hashFor(file);
    }
    if (response.status === 416) {
      response.body.destroy();
      throw new Failure("network", `${url.host} does not continue ${file.path} at byte ${start}`);
    }
    try {
      const bytes = watch(response.body, file, continued ? start : 0, digest, machine);
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
  // A link would lead the bytes to where somebody else wants them.
  if (info.kind === "file" && info.size <= file.size) return info.size;
  await files.remove(part);
  return 0;
}

/** Hashes, tells how far a big file is, and stops one that is bigger than announced. */
async function* watch(
  bytes: AsyncIterable<Uint8Array>,
  file: DownloadFile,
  start: number,
  digest: Hash,
  { actions, now }: HubMachine,
): AsyncGenerator<Uint8Array> {
  let done = start;
  let next = now().getTime() + NEWS_EVERY;
  for await (const chunk of bytes) {
    done += chunk.length;
    digest.update(chunk);
    if (done > file.size) throw new Error(`${file.path} is longer than the ${file.size} bytes it was announced with`);
    if (now().getTime() >= next) {
      actions.info(`Downloading ${file.path}: ${Math.floor((done / file.size) * 100)} % of ${file.size} bytes`);
      next = now().getTime() + NEWS_EVERY;
    }
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
  return new Failure("disk", `${file.path} (${file.size} bytes) cannot be stored: ${String(error)}`, { cause: error });
}
