export type CompressionFormat = "gzip" | "zstd" | "none";

/** The compression of layers. Without a level, the tool's default applies. */
export interface Compression {
  readonly format: CompressionFormat;
  readonly level?: number;
  /** The format is a default, so layers that do not compress may be stored without compression. */
  readonly auto?: true;
}
