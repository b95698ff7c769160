import { createHash, type Hash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { cancelled, Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { counted } from "../machine/progress.ts";
import { type RetryPolicy, withRetries } from "../registry/retry.ts";
import { printBytes } from "../text/byte-size.ts";
import type { Asset } from "./choose.ts";
import { type DownloadSource, printSource, sourcesOf } from "./download-sources.ts";
import { brokenConnection, openUrl } from "./http-request.ts";

export type DownloadMachine = Pick<Machine, "files" | "http" | "actions" | "signal" | "now">;

/** Limit in bytes for files whose size is unknown: four times the largest release of these tools. */
const MAX_BYTES = 1 << 30;

/**
 * Downloads an asset to a new private file, from the mirror or else from the release. If a source does not have the file, the
 * next one is tried; any other failure ends the download. When this resolves, the file has the asset's checksum.
 * @returns the kind of source that had the file.
 * @throws Failure `tool`: ChecksumMismatch, TooLarge; `tool` (for a requested version: `input`) with code NotFound;
 * network; rate-limit; auth; disk; cancelled.
 */
export async function download(
  asset: Asset,
  mirror: string | undefined,
  target: string,
  machine: DownloadMachine,
  retryPolicy: RetryPolicy,
): Promise<DownloadSource["from"]> {
  const sources = sourcesOf(asset, mirror);
  for (const source of sources) {
    const isFound = await withRetries(machine, retryPolicy, () => attempt(asset, source, target, machine));
    if (isFound) return source.from;
  }
  throw notFound(asset, sources);
}

async function attempt(
  asset: Asset,
  source: DownloadSource,
  target: string,
  machine: DownloadMachine,
): Promise<boolean> {
  const opened = source.kind === "file" ? await openFile(source.path, machine) : await openUrl(source.url, machine);
  if (opened === undefined) return false;
  const location = printSource(source);
  await machine.files.remove(target);
  const hash = createHash("sha256");
  const { file, size } = asset;
  machine.actions.info(`Downloading ${location}${size === undefined ? "" : ` (${printBytes(size)})`}`);
  const task = machine.actions.progress(`downloading ${file}`, size);
  try {
    const bytes = counted(watch(opened.body, asset, location, hash), task.add);
    await pipeline(bytes, machine.files.sink(target, { mode: 0o600 }));
  } catch (error) {
    await machine.files.remove(target);
    throw explain(error, source, machine);
  } finally {
    task.end();
  }
  const sha256 = hash.digest("hex");
  if (sha256 === asset.sha256) return true;
  await machine.files.remove(target);
  throw mismatch(asset, location, sha256);
}

async function openFile(path: string, { files }: DownloadMachine) {
  return (await files.info(path)) === undefined ? undefined : { body: files.source(path) };
}

/** Hashes the bytes, and fails when the file is too long. */
async function* watch(
  bytes: AsyncIterable<Uint8Array>,
  { file, size }: Asset,
  location: string,
  hash: Hash,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of bytes) {
    received += chunk.length;
    if (received > (size ?? MAX_BYTES)) throw tooLarge(file, location, size);
    hash.update(chunk);
    yield chunk;
  }
}

/** An error is a broken connection, unless it comes from the disk. */
function explain(error: unknown, source: DownloadSource, { signal }: DownloadMachine): unknown {
  if (error instanceof Failure) return error;
  if (signal.aborted) return cancelled(signal, "The download was stopped", error);
  const isDiskError =
    error instanceof Error && "syscall" in error && /^(?:open|write|close)$/.test(String(error.syscall));
  return isDiskError || source.kind === "file" ? error : brokenConnection(error, source.url);
}

function tooLarge(file: string, location: string, size: number | undefined): Failure {
  const limit = size === undefined ? printBytes(MAX_BYTES) : `the ${size} bytes that were published`;
  return new Failure("tool", `${file} from ${location} is longer than ${limit}`, { code: "TooLarge" });
}

function mismatch({ file, sha256: wanted }: Asset, location: string, found: string): Failure {
  return new Failure("tool", `${file} from ${location} does not have the expected checksum; it was deleted`, {
    code: "ChecksumMismatch",
    lines: [`expected sha256 ${wanted}`, `received sha256 ${found}`],
    hint: "Do not trust this source: it, or something on the way to it, changed the file. If the checksum is from tool-checksums, compare it with the release's list.",
  });
}

function notFound({ tool, version, file, path, isRequested }: Asset, sources: readonly DownloadSource[]): Failure {
  const releases = `https://github.com/${path.slice(0, path.indexOf("/download/"))}`;
  return new Failure(isRequested ? "input" : "tool", `${tool} ${version} cannot be installed: ${file} was not found`, {
    code: "NotFound",
    lines: sources.map((source) => `not at ${printSource(source)}`),
    hint: isRequested
      ? `See ${releases} for the versions that support this machine, and set one in the input tools.`
      : `The release has this file (${releases}), so a proxy may have answered instead. Put the file into the mirror of the input tool-mirror, or install ${tool} on the runner.`,
  });
}
