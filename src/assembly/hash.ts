import { createHash } from "node:crypto";
import type { Digest } from "../image/digest.ts";
import type { EnclosedFile } from "../world/enclosure.ts";
import type { FileInfo } from "../world/world.ts";
import { contentOf, type Reading } from "./file-content.ts";
import type { Encoding, FileEntry, LayerPlan } from "./layer.ts";
import { blobOf, tarOf } from "./layer-bytes.ts";
import { checkNames } from "./named-content.ts";
import { filesOf } from "./tar.ts";

/** What a thread can be asked for: values only, so that they can cross to it. */
export type HashJob = FilesJob | TarJob | BlobJob;

interface FilesJob {
  readonly kind: "files";
  readonly files: readonly FileEntry[];
}

interface TarJob {
  readonly kind: "tar";
  readonly plan: LayerPlan;
  /** Whether the files' own hashes are wanted too: more work, but one reading. */
  readonly withFiles: boolean;
}

interface BlobJob {
  readonly kind: "blob";
  readonly plan: LayerPlan;
  readonly encoding: Encoding;
}

/** SHA-256 of each file, in hexadecimal digits, in the order of the files. */
export type FileHashes = readonly string[];

/** Two jobs that saw the same `newest` read the same bytes, as far as the files' times tell. */
interface Seen {
  /** The time of the file that was written last, in milliseconds since 1970; 0 without files. */
  readonly newest: number;
}

export interface TarHashes extends Seen {
  readonly digest: Digest;
  /** Empty unless asked for. */
  readonly files: FileHashes;
}

export interface BlobHash extends Seen {
  readonly digest: Digest;
  readonly size: number;
}

export type HashOf<Job extends HashJob> = Job extends FilesJob ? FileHashes : Job extends TarJob ? TarHashes : BlobHash;

/** @throws Failure `bento`, code `ContentChanged`, naming the file that is not what was planned. */
export function performHash(job: HashJob, files: Reading): Promise<FileHashes | TarHashes | BlobHash> {
  switch (job.kind) {
    case "files":
      return hashFiles(job.files, files);
    case "tar":
      return hashTar(job, files);
    case "blob":
      return hashBlob(job, files);
  }
}

async function hashFiles(entries: readonly FileEntry[], files: Reading): Promise<FileHashes> {
  const hashes: string[] = [];
  for (const entry of entries) {
    const hash = createHash("sha256");
    for await (const piece of contentOf(entry, files)) hash.update(piece);
    hashes.push(hash.digest("hex"));
  }
  return hashes;
}

async function hashTar({ plan, withFiles }: TarJob, files: Reading): Promise<TarHashes> {
  const tar = createHash("sha256");
  const watched = watch(checkNames(plan, files));
  const each = withFiles ? new EachFile() : undefined;
  const pieces = tarOf(plan, watched.files, (entry, piece) => each?.update(entry, piece));
  for await (const piece of pieces) tar.update(piece);
  return {
    digest: `sha256:${tar.digest("hex")}`,
    files: each === undefined ? [] : filesOf(plan).map((entry) => each.hashOf(entry)),
    newest: watched.newest(),
  };
}

/** Hashes files that come one after the other. */
export class EachFile {
  readonly #done = new Map<FileEntry, string>();
  #entry: FileEntry | undefined;
  #hash = createHash("sha256");

  update(entry: FileEntry, piece: Uint8Array): void {
    if (entry !== this.#entry) this.#next(entry);
    this.#hash.update(piece);
  }

  /** A file of which nothing came is empty. */
  hashOf(entry: FileEntry): string {
    this.#next(undefined);
    return this.#done.get(entry) ?? createHash("sha256").digest("hex");
  }

  #next(entry: FileEntry | undefined): void {
    if (this.#entry !== undefined) this.#done.set(this.#entry, this.#hash.digest("hex"));
    this.#entry = entry;
    this.#hash = createHash("sha256");
  }
}

async function hashBlob({ plan, encoding }: BlobJob, files: Reading): Promise<BlobHash> {
  const hash = createHash("sha256");
  // Where the blob is the tar, no other job reads the files.
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
