import { createHash, type Hash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { cancelled, Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { type RetryPolicy, withRetries } from "../registry/retry.ts";
import { printBytes } from "../text/byte-size.ts";
import type { Asset } from "./choose.ts";
import { type DownloadSource, printSource, sourcesOf } from "./download-sources.ts";
import { brokenConnection, openUrl } from "./http-request.ts";

export type DownloadMachine = Pick<Machine, "files" | "http" | "actions" | "signal" | "now">;

/** Bytes; four times the largest release of these tools. For files whose size is not known. */
const MOST_BYTES = 1 << 30;
/** Bytes from which on a download tells how far it is. */
const BIG = 16_000_000;
/** Per cent between two lines. */
const STEP = 20;

/**
 * Brings an asset into a private file that is not there yet. Mirror before release; a place that has not got it leads to
 * the next one, any other failure does not. When this resolves, the file has the asset's checksum.
 * @returns where it was found.
 * @throws Failure `tool`: ChecksumMismatch, TooLarge; `tool` (of a version the user picked: `input`) with code NotFound;
 * network; rate-limit; auth; disk; cancelled.
 */
export async function download(
  asset: Asset,
  mirror: string | undefined,
  target: string,
  machine: DownloadMachine,
  retryPolicy: RetryPolicy,
): Promise<DownloadSource["from"]> {
  const places = sourcesOf(asset, mirror);
  for (const place of places) {
    const isThere = await withRetries(machine, retryPolicy, () => attempt(asset, place, target, machine));
    if (isThere) return place.from;
  }
  throw notFound(asset, places);
}

async function attempt(
  asset: Asset,
  place: DownloadSource,
  target: string,
  machine: DownloadMachine,
): Promise<boolean> {
  const opened = place.kind === "file" ? await openFile(place.path, machine) : await openUrl(place.url, machine);
  if (opened === undefined) return false;
  const shown = printSource(place);
  await machine.files.remove(target);
  const hash = createHash("sha256");
  const meter = watch(opened.body, asset, shown, hash, machine);
  try {
    await pipeline(meter, machine.files.sink(target, { mode: 0o600 }));
  } catch (error) {
    await machine.files.remove(target);
    throw explain(error, place, machine);
  }
  const sha256 = hash.digest("hex");
  if (sha256 === asset.sha256) return true;
  await machine.files.remove(target);
  throw mismatch(asset, shown, sha256);
}

async function openFile(path: string, { files }: DownloadMachine) {
  return (await files.info(path)) === undefined ? undefined : { body: files.source(path) };
}

/** Hashes, tells how far a big file is, and stops one that is too long. */
async function* watch(
  bytes: AsyncIterable<Uint8Array>,
  { file, size }: Asset,
  shown: string,
  hash: Hash,
  { actions }: DownloadMachine,
): AsyncGenerator<Uint8Array> {
  actions.info(`Fetching ${shown}${size === undefined ? "" : ` (${printBytes(size)})`}`);
  let done = 0;
  let told = 0;
  for await (const chunk of bytes) {
    done += chunk.length;
    if (done > (size ?? MOST_BYTES)) throw tooLarge(file, shown, size);
    hash.update(chunk);
    const share = size === undefined ? 0 : Math.floor((done * 100) / size / STEP) * STEP;
    if (size !== undefined && size >= BIG && share > told) {
      told = share;
      actions.info(`${file}: ${share} % of ${printBytes(size)}`);
    }
    yield chunk;
  }
}

/** What broke was the reading, unless the disk says otherwise. */
function explain(error: unknown, place: DownloadSource, { signal }: DownloadMachine): unknown {
  if (error instanceof Failure) return error;
  if (signal.aborted) return cancelled(signal, "The download was stopped", error);
  const isOfDisk = error instanceof Error && "syscall" in error && /^(?:open|write|close)$/.test(String(error.syscall));
  return isOfDisk || place.kind === "file" ? error : brokenConnection(error, place.url);
}

function tooLarge(file: string, shown: string, size: number | undefined): Failure {
  const most = size === undefined ? printBytes(MOST_BYTES) : `the ${size} bytes that were published`;
  return new Failure("tool", `${file} from ${shown} is longer than ${most}`, { code: "TooLarge" });
}

function mismatch({ file, sha256: wanted }: Asset, shown: string, found: string): Failure {
  return new Failure("tool", `${file} from ${shown} is not the file that was published; it was thrown away`, {
    code: "ChecksumMismatch",
    lines: [`expected sha256 ${wanted}`, `received sha256 ${found}`],
    hint: "Do not trust that place: it, or something on the way, changed the file. If the sum is from tool-checksums, compare it with the release's own list.",
  });
}

function notFound({ tool, version, file, path, isWish }: Asset, places: readonly DownloadSource[]): Failure {
  const releases = `https://github.com/${path.slice(0, path.indexOf("/download/"))}`;
  return new Failure(isWish ? "input" : "tool", `${tool} ${version} cannot be installed: nobody has ${file}`, {
    code: "NotFound",
    lines: places.map((place) => `not at ${printSource(place)}`),
    hint: isWish
      ? `See at ${releases} which versions there are for this machine, and name one in the input tools.`
      : `The release has it (${releases}), so a proxy may answer in its place. Put the file into the mirror that tool-mirror names, or install ${tool} on the runner.`,
  });
}
