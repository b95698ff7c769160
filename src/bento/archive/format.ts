/** The format of an archive. All except zip contain a tar. */
export type ArchiveFormat = "tar" | "xz" | "gzip" | "bzip2" | "zstd" | "zip";

/** Bytes from the start that `recognizeFormat` needs. */
export const HEAD_LENGTH = 512;

const MAGIC: readonly { readonly format: ArchiveFormat; readonly at: number; readonly bytes: readonly number[] }[] = [
  { format: "xz", at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { format: "gzip", at: 0, bytes: [0x1f, 0x8b] },
  { format: "bzip2", at: 0, bytes: [0x42, 0x5a, 0x68] },
  { format: "zstd", at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { format: "zip", at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  { format: "tar", at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72] },
];

/**
 * Recognizes the format of an archive by its first bytes. Names are not reliable: BentoML writes xz into `.bento`, and
 * reads `.tgz` as xz (https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/exportable.py).
 * @returns undefined for an unknown format.
 */
export function recognizeFormat(head: Uint8Array): ArchiveFormat | undefined {
  return MAGIC.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte))?.format;
}
