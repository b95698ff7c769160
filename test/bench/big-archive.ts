/** Archives of Bentos as big as wished, made on the spot. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Header } from "tar";

export type ArchiveFormat = "tar" | "gz" | "xz";

const MIB = 1024 * 1024;
const MANIFEST = `\
service: service:Big
name: big
version: one
bentoml_version: 1.4.38
creation_time: '2026-01-01T00:00:00+00:00'
models: []
spec: 2
image:
  base_image: python:3.11-slim
  python_version: '3.11'
  commands: []
  python_requirements: ''
  post_commands: []
`;

const FILES = {
  "bento.yaml": MANIFEST,
  "env/docker/entrypoint.sh": "#!/bin/sh\n",
  "env/python/requirements.txt": "bentoml==1.4.38\n",
};

/** Fast rather than small: the reader's work is the same. */
const COMPRESSORS = { gz: ["gzip", "-1", "-c"], xz: ["xz", "-0", "-c"] } as const;

/** Writes a Bento with one file of so many MiB beside its manifest. gz and xz take the program of that name. */
export async function writeArchive(path: string, format: ArchiveFormat, mebibytes: number): Promise<void> {
  const source = Readable.from(bigTar(mebibytes));
  const file = createWriteStream(path);
  if (format === "tar") return pipeline(source, file);
  const [program, ...args] = COMPRESSORS[format];
  const compressor = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  await Promise.all([pipeline(source, compressor.stdin), pipeline(compressor.stdout, file), once(compressor, "spawn")]);
}

function* bigTar(mebibytes: number): Generator<Buffer> {
  for (const [path, content] of Object.entries(FILES)) {
    yield header(path, content.length);
    yield Buffer.from(content.padEnd(Math.ceil(content.length / 512) * 512, "\0"));
  }
  yield header("src/weights.bin", mebibytes * MIB);
  for (let written = 0; written < mebibytes; written += 1) yield halfRandom();
  yield Buffer.alloc(1024);
}

/** Half noise, half text, so that every decompressor has something to do. */
function halfRandom(): Buffer {
  const block = Buffer.alloc(MIB, "some text that compresses well\n");
  randomBytes(MIB / 2).copy(block);
  return block;
}

function header(path: string, size: number): Buffer {
  const entry = new Header({ path, size, type: "File", mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 });
  entry.encode();
  return entry.block ?? Buffer.alloc(0);
}
