/** Layers to test with: plans over values, and over real files below a temporary directory. */
import { createHash } from "node:crypto";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { FileEntry, LayerEntry, LayerPlan } from "../../src/layers/layer.ts";
import { realFiles } from "../../src/machine/files.ts";
import type { Files } from "../../src/machine/machine.ts";
import { enclosedFile } from "../fakes/enclosed.ts";

/** 1980-01-02, the default time of images. */
export const EPOCH = 315_619_200;
export const OWNER = { uid: 1034, gid: 1034 };

export function planOf(...entries: readonly LayerEntry[]): LayerPlan {
  return { title: "model iris:1", entries, epoch: EPOCH };
}

export function directory(path: string): LayerEntry {
  return { kind: "directory", path, mode: 0o755, owner: OWNER };
}

export function link(path: string, target: string): LayerEntry {
  return { kind: "link", path, target, owner: OWNER };
}

/** A file whose content is in the plan. */
export function text(path: string, content: string, mode = 0o644): FileEntry {
  const size = Buffer.byteLength(content);
  return { kind: "file", path, mode, owner: OWNER, size, source: { kind: "content", content } };
}

export interface TestDirectory {
  readonly files: Files;
  /** Absolute; empty at first, removed when the test ends. */
  readonly root: string;
  /** Writes a file to `root` and returns its entry; the name on disk differs from the path in the image. */
  write(path: string, content: string | Uint8Array): Promise<FileEntry & { readonly on: string }>;
}

export async function makeTestDirectory(): Promise<TestDirectory> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "layer-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  let count = 0;
  return {
    root,
    files: realFiles(root),
    async write(path, content) {
      const on = join(root, `file-${count++}`);
      await writeFile(on, content);
      const size = Buffer.byteLength(content);
      return { kind: "file", path, mode: 0o644, owner: OWNER, size, source: enclosedFile(on), on };
    },
  };
}

/** All bytes. The pieces are copied, because each is valid only until the next one is requested. */
export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces, (piece) => Buffer.from(piece)));
}

export function sha256(content: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Bytes that do not compress, the same in every run. */
export function noise(length: number, seed = "noise"): Buffer {
  return createHash("shake256", { outputLength: length }).update(seed).digest();
}
