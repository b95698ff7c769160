import { PassThrough, pipeline, Readable } from "node:stream";
import type { ArchiveFormat } from "./format.ts";

type Compression = Exclude<ArchiveFormat, "tar" | "zip">;

/**
 * The plain bytes of a compressed stream, chunk by chunk, so that memory does not grow with the archive. Rejects, while
 * it is read, when the stream is damaged or ends early.
 *
 * xz and bzip2 are libraries rather than programs because runners of macOS and Windows, and slim containers, have no
 * `xz`. Measured on float32 weights and text: xz-decompress (xz-embedded in WebAssembly) writes 24 MB/s where `xz -d`
 * writes 34 MB/s; unbzip2-stream writes 4.5 MB/s where `bzip2 -d` writes 20 MB/s, and takes some 70 MiB more memory than
 * the others (see test/bench/memory.ts), which is bearable for the format that nobody chooses. xz-decompress decodes
 * every check but SHA-256 and dictionaries up to some 64 MiB (`xz -9`); Python's `tarfile`, which BentoML uses, writes
 * CRC64 and 8 MiB.
 */
export async function decompress(source: Readable, format: Compression): Promise<AsyncIterable<Uint8Array>> {
  switch (format) {
    case "gzip":
    case "zstd": {
      const { createGunzip, createZstdDecompress } = await import("node:zlib");
      // The error of either comes out of the returned one.
      return pipeline(source, format === "gzip" ? createGunzip() : createZstdDecompress(), () => undefined);
    }
    case "xz": {
      const { XzReadableStream } = (await import("xz-decompress")).default;
      return Readable.fromWeb(new XzReadableStream(Readable.toWeb(source)));
    }
    case "bzip2": {
      const { default: unbzip2 } = await import("unbzip2-stream");
      // An old-style stream: it knows back-pressure, but neither async iteration nor the errors of its neighbours.
      const filter = unbzip2();
      const plain = new PassThrough();
      for (const stream of [source, filter]) stream.once("error", (error) => plain.destroy(error));
      return source.pipe(filter).pipe(plain);
    }
  }
}
