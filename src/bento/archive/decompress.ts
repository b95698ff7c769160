import { pipeline, Readable } from "node:stream";
import { Failure } from "../../errors.ts";
import type { Machine } from "../../machine/machine.ts";
import type { ArchiveFormat } from "./format.ts";

type Compression = Exclude<ArchiveFormat, "tar" | "zip">;

/**
 * Decompresses a stream chunk by chunk, so memory does not depend on the size of the archive. Reading rejects when the
 * stream is damaged or ends early.
 *
 * xz uses a library, because slim containers have no `xz`. On float32 weights and text, xz-decompress (xz-embedded in
 * WebAssembly) writes 24 MB/s and `xz -d` 34 MB/s. It supports every check except SHA-256 and dictionaries of up to about
 * 64 MiB (`xz -9`); Python's `tarfile`, which BentoML uses, writes CRC64 and 8 MiB. For bzip2, which is rare, there is no
 * maintained library, so the machine's program is used, at 20 MB/s, in a process that a signal ends.
 * @throws {Failure} tool/ToolMissing when bzip2 is needed and not installed.
 */
export async function decompress(
  source: Readable,
  format: Compression,
  machine: Pick<Machine, "env" | "filter" | "processes">,
): Promise<AsyncIterable<Uint8Array>> {
  switch (format) {
    case "gzip":
      return gunzip(source);
    case "zstd": {
      const { createZstdDecompress } = await import("node:zlib");
      return pipeline(source, createZstdDecompress(), () => undefined);
    }
    case "xz": {
      const { XzReadableStream } = await import("../../machine/libraries.ts");
      return Readable.fromWeb(new XzReadableStream(Readable.toWeb(source)));
    }
    case "bzip2":
      return bunzip2(source, machine);
  }
}

/** See {@link decompress}. */
export async function gunzip(source: Readable): Promise<AsyncIterable<Uint8Array>> {
  const { createGunzip } = await import("node:zlib");
  // The returned stream reports the errors of both.
  return pipeline(source, createGunzip(), () => undefined);
}

async function bunzip2(
  source: Readable,
  { env, filter, processes }: Pick<Machine, "env" | "filter" | "processes">,
): Promise<AsyncIterable<Uint8Array>> {
  if ((await processes.which("bzip2")) === undefined) {
    throw new Failure("tool", "The archive is compressed with bzip2, but the program bzip2 is not on PATH", {
      code: "ToolMissing",
      hint: "Install it in an earlier step (`apt-get install bzip2`), or compress the Bento with xz or gzip.",
    });
  }
  // The program processes untrusted data, so it gets none of the job's variables.
  return filter({ tool: "bzip2", args: ["-dc"], env: { PATH: env["PATH"] } }, source);
}
