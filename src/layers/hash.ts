import { createHash } from "node:crypto";
import type { EnclosedFile } from "../machine/enclosure.ts";
import type { FileInfo } from "../machine/file-info.ts";
import { counted } from "../machine/progress.ts";
import type { Digest } from "../oci/digest.ts";
import type { Reading } from "./file-content.ts";
import type { Encoding, LayerPlan } from "./layer.ts";
import { blobOf, tarOf } from "./layer-bytes.ts";
import { checkNames } from "./named-content.ts";

/** A job for a worker thread. It consists of plain values, which can be sent to the thread. */
export type HashJob = TarJob | BlobJob;

interface TarJob {
  readonly kind: "tar";
  readonly plan: LayerPlan;
}

interface BlobJob {
  readonly kind: "blob";
  readonly plan: LayerPlan;
  readonly encoding: Encoding;
}

/** Two jobs with the same `newest` have read the same bytes, as far as the files' times show. */
interface ReadState {
  /** The time of the file that was written last, in milliseconds since 1970; 0 without files. */
  readonly newest: number;
}

export interface TarHash extends ReadState {
  readonly digest: Digest;
}

export interface BlobHash extends ReadState {
  readonly digest: Digest;
  readonly size: number;
}

export type HashOf<Job extends HashJob> = Job extends TarJob ? TarHash : BlobHash;

/** Runs a hash job; `onBytes` gets the size of each piece that was read. @throws Failure `bento`, code `ContentChanged`, with the file that differs from the plan. */
export function performHash(
  job: HashJob,
  files: Reading,
  onBytes: (count: number) => void = () => undefined,
): Promise<TarHash | BlobHash> {
  const counting = { ...files, pieces: (file: EnclosedFile) => counted(files.pieces(file), onBytes) };
  return job.kind === "tar" ? hashTar(job, counting) : hashBlob(job, counting);
}

async function hashTar({ plan }: TarJob, files: Reading): Promise<TarHash> {
  const hash = createHash("sha256");
  const watched = watch(checkNames(plan, files));
  for await (const piece of tarOf(plan, watched.files)) hash.update(piece);
  return { digest: `sha256:${hash.digest("hex")}`, newest: watched.newest() };
}

async function hashBlob({ plan, encoding }: BlobJob, files: Reading): Promise<BlobHash> {
  const hash = createHash("sha256");
  // Without compression the blob is the tar, and this is the only job that reads the files.
  const watched = watch(encoding.kind === "none" ? checkNames(plan, files) : files);
  let size = 0;
  for await (const piece of blobOf(plan, encoding, watched.files)) {
    hash.update(piece);
    size += piece.length;
  }
  return { digest: `sha256:${hash.digest("hex")}`, size, newest: watched.newest() };
}

function watch(files: Reading): { readonly files: Reading; newest(): number } {
  let newest = 0;
  const info = async (file: EnclosedFile): Promise<FileInfo | undefined> => {
    const found = await files.info(file);
    newest = Math.max(newest, found?.modified.getTime() ?? 0);
    return found;
  };
  return { files: { info, pieces: (file) => files.pieces(file) }, newest: () => newest };
}
