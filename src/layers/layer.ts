import type { RemoteFile } from "../bento/bento.ts";
import type { EnclosedFile } from "../machine/enclosure.ts";
import type { Digest } from "../oci/digest.ts";
import type { Owner } from "../recipe/step.ts";

/** The source of a file's bytes. */
export type FileSource =
  | EnclosedFile
  | { readonly kind: "content"; readonly content: string }
  /** Only at the Hub: its layer can be streamed, but not read twice. */
  | { readonly kind: "remote"; readonly file: RemoteFile };

/** One entry of a layer. `path` is relative to the image's root, with `/`, without `./` and without a trailing slash. */
export type LayerEntry =
  | { readonly kind: "directory"; readonly path: string; readonly mode: number; readonly owner: Owner }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly mode: number;
      readonly owner: Owner;
      /** Bytes. */
      readonly size: number;
      readonly source: FileSource;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string; readonly owner: Owner };

export type FileEntry = Extract<LayerEntry, { readonly kind: "file" }>;

/** An entry without its content. */
export type EntryHeader = Exclude<LayerEntry, FileEntry> | Omit<FileEntry, "source">;

/**
 * The plan of a layer: a value that determines all of its bytes except the content of the files. Entries are sorted by
 * the bytes of their paths, every directory comes before its entries, and no path occurs twice.
 */
export interface LayerPlan {
  /** For logs: `model iris_tree:bhba7q`, `src`. */
  readonly title: string;
  readonly entries: readonly LayerEntry[];
  /** The time of every entry, in seconds since 1970. */
  readonly epoch: number;
  /** Its files are in a Hugging Face cache. Big ones are named by their SHA-256, which is verified when they are hashed. */
  readonly fromCache?: true;
}

/** The encoding of a layer's tar as a blob. `stored` is gzip without compression, for bytes that do not compress. */
export type Encoding =
  | { readonly kind: "stored" }
  | { readonly kind: "gzip"; readonly level: number }
  | { readonly kind: "zstd"; readonly level: number }
  | { readonly kind: "none" };

/** A layer with its digests and size; its bytes are not kept. */
export interface MeasuredLayer {
  readonly plan: LayerPlan;
  readonly encoding: Encoding;
  /** The digest of the tar. */
  readonly diffId: Digest;
  /** The digest of the blob. */
  readonly digest: Digest;
  /** Bytes of the blob. */
  readonly size: number;
}
