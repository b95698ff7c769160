export type CompressionFormat = "gzip" | "zstd" | "none";

/** How layers are compressed; without a level, as the tool finds right. */
export interface Compression {
  readonly format: CompressionFormat;
  readonly level?: number;
}
