import type { RemoteFile } from "../bento/bento.ts";
import type { EnclosedFile } from "../machine/enclosure.ts";
import type { Digest } from "../oci/digest.ts";
import type { Owner } from "../recipe/step.ts";

/** Where a file's bytes come from. */
export type FileSource =
  | EnclosedFile
  | { readonly kind: "content"; readonly content: string }
  /** Not on this machine: its layer can be streamed, and not be read twice. */
  | { readonly kind: "remote"; readonly file: RemoteFile };

/** One entry of a layer. `path` is relative to the image's root, with `/`, without `./` and without a slash at its end. */
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

/**
 * What a layer shall hold: a value that says everything about its bytes but the content of the files. Entries are sorted
 * by the bytes of their paths, every directory comes before what is in it, and no path comes twice.
 */
export interface LayerPlan {
  /** For logs: `model iris_tree:bhba7q`, `src`. */
  readonly title: string;
  readonly entries: readonly LayerEntry[];
  /** The time of every entry, in seconds since 1970. */
  readonly epoch: number;
  /** Its files lie in a Hugging Face cache: big ones have their SHA-256 for a name, which is checked when they are hashed. */
  readonly fromCache?: true;
}

/** How the tar of a layer becomes its blob. `stored` is gzip without compression, for bytes that do not compress. */
export type Encoding =
  | { readonly kind: "stored" }
  | { readonly kind: "gzip"; readonly level: number }
  | { readonly kind: "zstd"; readonly level: number }
  | { readonly kind: "none" };

/** A layer whose bytes are known without holding them. */
export interface MeasuredLayer {
  readonly plan: LayerPlan;
  readonly encoding: Encoding;
  /** Of the tar. */
  readonly diffId: Digest;
  /** Of the blob. */
  readonly digest: Digest;
  /** Bytes of the blob. */
  readonly size: number;
}
