/**
 * How much memory unpacking takes: `node test/bench/archive-memory.ts [format] [MiB]` makes an archive of that format
 * (tar, gzip, zstd, xz, bzip2; the last two need the program) with so much data in it, unpacks it in a process of its own
 * and prints that one's peak resident set and the speed.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, createZstdCompress } from "node:zlib";
import { Header } from "tar";
import { extractArchive } from "../../src/bento/archive/extract.ts";
import { realFiles } from "../../src/world/files.ts";

const MIB = 1024 * 1024;
const MANIFEST = "name: big\nversion: one\ncreation_time: '2026-01-01T00:00:00+00:00'\n";

function headerOf(path: string, size: number): Buffer {
  const header = new Header({ path, size, type: "File", mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 });
  header.encode();
  return header.block ?? Buffer.alloc(0);
}

/** Half random, half text, so that every decompressor has something to do. */
function* bigTar(mebibytes: number): Generator<Buffer> {
  yield headerOf("bento.yaml", MANIFEST.length);
  yield Buffer.concat([Buffer.from(MANIFEST), Buffer.alloc(512 - MANIFEST.length)]);
  yield headerOf("models/big/one/weights.bin", mebibytes * MIB);
  const block = Buffer.alloc(MIB, "some text that compresses well\n");
  for (let written = 0; written < mebibytes; written += 1) {
    randomBytes(MIB / 2).copy(block);
    yield Buffer.from(block);
  }
  yield Buffer.alloc(1024);
}

async function make(format: string, mebibytes: number, path: string): Promise<void> {
  const source = Readable.from(bigTar(mebibytes));
  const file = createWriteStream(path);
  if (format === "tar") return pipeline(source, file);
  if (format === "gzip") return pipeline(source, createGzip({ level: 1 }), file);
  if (format === "zstd") return pipeline(source, createZstdCompress(), file);
  const program = spawn(format, format === "xz" ? ["-0", "-c"] : ["-1", "-c"], { stdio: ["pipe", "pipe", "inherit"] });
  await Promise.all([pipeline(source, program.stdin as Writable), pipeline(program.stdout, file)]);
}

async function unpack(path: string, directory: string, mebibytes: number): Promise<void> {
  const files = realFiles(directory);
  const started = performance.now();
  await extractArchive(path, path, { files, signal: new AbortController().signal });
  const seconds = (performance.now() - started) / 1000;
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${mebibytes} MiB in ${seconds.toFixed(1)} s (${(mebibytes / seconds).toFixed(0)} MiB/s), peak ${peak.toFixed(0)} MiB resident`,
  );
}

const [format = "gzip", size = "2048", archive, directory] = process.argv.slice(2);
if (archive !== undefined && directory !== undefined) {
  await unpack(archive, directory, Number(size));
} else {
  const place = await mkdtemp(join(tmpdir(), "archive-memory-"));
  try {
    const path = join(place, "big.bento");
    await make(format, Number(size), path);
    const child = spawn(process.execPath, [import.meta.filename, format, size, path, place], { stdio: "inherit" });
    process.exitCode = await new Promise((resolve) => child.on("close", resolve));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
