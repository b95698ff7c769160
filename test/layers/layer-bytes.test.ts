import { execFileSync } from "node:child_process";
import { appendFile, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Encoding } from "../../src/layers/layer.ts";
import { blobOf, tarOf } from "../../src/layers/layer-bytes.ts";
import { storedSize } from "../../src/layers/stored-gzip.ts";
import { tarSize } from "../../src/layers/tar-writer.ts";
import type { EnclosedReading } from "../../src/machine/enclosure.ts";
import {
  bytesOf,
  directory,
  link,
  makeTestDirectory,
  noise,
  planOf,
  sha256,
  type TestDirectory,
  text,
} from "../assembly/plans.ts";

const MEBIBYTE = 2 ** 20;

async function plan({ write }: TestDirectory) {
  return planOf(
    directory("home"),
    await write("home/model.bin", noise(3 * MEBIBYTE + 7)),
    text("home/readme", "weights\n".repeat(1000)),
    link("home/latest", "model.bin"),
  );
}

const ENCODINGS: readonly Encoding[] = [
  { kind: "none" },
  { kind: "stored" },
  { kind: "gzip", level: 6 },
  { kind: "zstd", level: 3 },
];

describe("The blob of a layer", () => {
  it.each(ENCODINGS)("is its tar, encoded as $kind", async (encoding) => {
    const place = await makeTestDirectory();
    const layer = await plan(place);
    const tar = await bytesOf(tarOf(layer, place.files.enclosed));
    const blob = await bytesOf(blobOf(layer, encoding, place.files.enclosed));
    const decode = { none: () => blob, stored: zcat, gzip: zcat, zstd: () => zstdDecompressSync(blob) }[encoding.kind];
    expect(decode(blob).equals(tar)).toBe(true);
    expect(tar).toHaveLength(tarSize(layer));
    if (encoding.kind === "stored") expect(blob).toHaveLength(storedSize(tar.length));
  });

  it("contains no time, name or operating system in the gzip header", async () => {
    const { files } = await makeTestDirectory();
    const layer = planOf(text("a", "a"));
    for (const encoding of ENCODINGS.filter(({ kind }) => kind === "stored" || kind === "gzip")) {
      const blob = await bytesOf(blobOf(layer, encoding, files.enclosed));
      expect([...blob.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    }
  });

  it.each(ENCODINGS)("does not depend on the size of a file's pieces, as $kind", async (encoding) => {
    const place = await makeTestDirectory();
    const layer = await plan(place);
    const whole = await bytesOf(blobOf(layer, encoding, place.files.enclosed));
    const { enclosed } = place.files;
    const files: EnclosedReading = { info: enclosed.info, pieces: (file) => short(enclosed.pieces(file)) };
    expect(sha256(await bytesOf(blobOf(layer, encoding, files)))).toBe(sha256(whole));
  });

  it("does not depend on the time or mode of a file on disk", async () => {
    const place = await makeTestDirectory();
    const entry = await place.write("model.bin", "weights");
    const before = await bytesOf(tarOf(planOf(entry), place.files.enclosed));
    await utimes(entry.on, 1, 1);
    await place.files.setMode(entry.on, 0o600);
    expect((await bytesOf(tarOf(planOf(entry), place.files.enclosed))).equals(before)).toBe(true);
  });
});

/** A file in pieces of 1000 bytes, all of them in one buffer. */
async function* short(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(1000);
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; from += buffer.length) {
      const part = piece.subarray(from, from + buffer.length);
      buffer.set(part);
      yield buffer.subarray(0, part.length);
    }
  }
}

function zcat(blob: Uint8Array): Buffer {
  execFileSync("gzip", ["--test"], { input: blob });
  return execFileSync("gzip", ["--decompress", "--stdout"], { input: blob, maxBuffer: 2 ** 24 });
}

describe("A file that differs from the plan", () => {
  const changes: Readonly<Record<string, readonly [string, (path: string) => Promise<void>]>> = {
    grew: ["has 8 bytes instead of 7", (path) => appendFile(path, "+")],
    shrank: ["has 3 bytes instead of 7", (path) => truncate(path, 3)],
    "is gone": ["no longer exists", (path) => rm(path)],
    "became a link": [
      "is no longer a regular file",
      async (path) => {
        await rm(path);
        await symlink("/etc/hostname", path);
      },
    ],
  };

  it.each(Object.entries(changes))("fails when it %s, with its path in the message", async (_, [how, change]) => {
    const place = await makeTestDirectory();
    const entry = await place.write("model.bin", "weights");
    await change(entry.on);
    for (const encoding of ENCODINGS) {
      await expect(bytesOf(blobOf(planOf(entry), encoding, place.files.enclosed))).rejects.toMatchObject({
        class: "bento",
        code: "ContentChanged",
        message: `${entry.on} changed while its layer was created: it ${how}`,
      });
    }
  });

  const meanwhile: Readonly<Record<string, readonly [string, (path: string) => Promise<void>]>> = {
    grows: [`has more than the expected ${2 * MEBIBYTE} bytes`, (path) => appendFile(path, "+")],
    shrinks: [`ends after ${MEBIBYTE} of ${2 * MEBIBYTE} bytes`, (path) => truncate(path, MEBIBYTE)],
    "is written": ["was modified while it was read", (path) => writeFile(path, noise(2 * MEBIBYTE, "other"))],
  };

  it.each(Object.entries(meanwhile))("fails when it %s while it is read", async (_, [how, change]) => {
    const place = await makeTestDirectory();
    const entry = await place.write("model.bin", noise(2 * MEBIBYTE));
    await utimes(entry.on, 1, 1);
    const { enclosed } = place.files;
    const files: EnclosedReading = {
      info: enclosed.info,
      pieces: (file) => interrupted(enclosed.pieces(file), () => change(file.path)),
    };
    await expect(bytesOf(tarOf(planOf(entry), files))).rejects.toMatchObject({
      code: "ContentChanged",
      message: expect.stringContaining(how),
    });
  });

  it("fails when it is removed between the check and the opening", async () => {
    const place = await makeTestDirectory();
    const entry = await place.write("model.bin", "weights");
    const { enclosed } = place.files;
    const info: EnclosedReading["info"] = async (file) => {
      const found = await enclosed.info(file);
      await rm(file.path);
      return found;
    };
    const bytes = bytesOf(tarOf(planOf(entry), { ...enclosed, info }));
    await expect(bytes).rejects.toMatchObject({
      code: "ContentChanged",
      message: expect.stringContaining("no longer exists"),
    });
  });
});

/** Changes the file after the first piece. */
async function* interrupted(
  pieces: AsyncIterable<Uint8Array>,
  change: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const piece of pieces) {
    yield piece;
    if (first) await change();
    first = false;
  }
}
