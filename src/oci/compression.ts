export type CompressionFormat = "gzip" | "zstd" | "none";

/** How layers are compressed; without a level, as the tool finds right. */
export interface Compression {
  readonly format: CompressionFormat;
  readonly level?: number;
  /** Nobody asked for the format: whoever makes a layer may leave bytes alone that do not compress. */
  readonly auto?: true;
}
