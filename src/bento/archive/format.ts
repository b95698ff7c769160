/** How an archive is packed. All but zip are a tar inside. */
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
 * The format of an archive by its first bytes. Names say little: BentoML itself writes xz into `.bento`, and takes a
 * `.tgz` for xz (https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/exportable.py).
 * @returns undefined when it is none of them.
 */
export function recognizeFormat(head: Uint8Array): ArchiveFormat | undefined {
  return MAGIC.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte))?.format;
}
