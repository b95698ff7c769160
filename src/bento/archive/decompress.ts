import { pipeline, Readable } from "node:stream";
import { Failure } from "../../errors.ts";
import type { Machine } from "../../machine/machine.ts";
import type { ArchiveFormat } from "./format.ts";

type Compression = Exclude<ArchiveFormat, "tar" | "zip">;

/**
 * The plain bytes of a compressed stream, chunk by chunk, so that memory does not grow with the archive. Rejects, while
 * it is read, when the stream is damaged or ends early.
 *
 * xz is a library, as slim containers have no `xz`: measured on float32 weights and text, xz-decompress (xz-embedded in
 * WebAssembly) writes 24 MB/s where `xz -d` writes 34 MB/s. It decodes every check but SHA-256 and dictionaries up to some
 * 64 MiB (`xz -9`); Python's `tarfile`, which BentoML uses, writes CRC64 and 8 MiB. For bzip2, which nobody chooses, there
 * is no maintained library: the machine's own program unpacks it, at 20 MB/s, in a process that a signal ends.
 * @throws {Failure} tool/ToolMissing when it is bzip2 and there is no such program.
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
  // The error of either comes out of the returned one.
  return pipeline(source, createGunzip(), () => undefined);
}

async function bunzip2(
  source: Readable,
  { env, filter, processes }: Pick<Machine, "env" | "filter" | "processes">,
): Promise<AsyncIterable<Uint8Array>> {
  if ((await processes.which("bzip2")) === undefined) {
    throw new Failure("tool", "The archive is packed with bzip2, and there is no program bzip2 on PATH to unpack it", {
      code: "ToolMissing",
      hint: "Install it in a step before this one (`apt-get install bzip2`), or pack the Bento with xz or gzip.",
    });
  }
  // What unpacks foreign bytes needs none of the job's credentials.
  return filter({ tool: "bzip2", args: ["-dc"], env: { PATH: env["PATH"] } }, source);
}
