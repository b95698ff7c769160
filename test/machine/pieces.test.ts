import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { blockingFiles } from "../../src/machine/blocking-files.ts";
import { realFiles } from "../../src/machine/files.ts";
import { enclosedFile } from "../fakes/enclosed.ts";

const MEBIBYTE = 2 ** 20;

async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "pieces-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

describe.each([
  ["the main thread", () => realFiles("/").enclosed],
  ["a worker thread", blockingFiles],
])("A file in pieces, for %s,", (_, open) => {
  it("is complete, and no piece is larger than 1 MiB", async () => {
    const path = join(await makeRoot(), "file");
    const content = Buffer.alloc(2.5 * MEBIBYTE, "weights ");
    await writeFile(path, content);
    const pieces = await Array.fromAsync(open().pieces(enclosedFile(path)), (piece) => Buffer.from(piece));
    expect(pieces.map(({ length }) => length)).toEqual([MEBIBYTE, MEBIBYTE, MEBIBYTE / 2]);
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
  });

  it("uses one buffer for all files that are read in sequence, even if one is not read to its end", async () => {
    const root = await makeRoot();
    const files = open();
    const buffers = new Set<ArrayBufferLike>();
    for (const name of ["a", "b", "c"]) {
      const path = join(root, name);
      await writeFile(path, name.repeat(2 * MEBIBYTE));
      for await (const piece of files.pieces(enclosedFile(path))) {
        buffers.add(piece.buffer);
        if (name === "b") break;
      }
    }
    expect(buffers.size).toBe(1);
  });

  it("is not mixed with files that are read at the same time", async () => {
    const root = await makeRoot();
    const files = open();
    const firstOf = async (name: string) => {
      await writeFile(join(root, name), name);
      const iterator = files.pieces(enclosedFile(join(root, name)))[Symbol.asyncIterator]();
      return { iterator, piece: (await iterator.next()).value as Uint8Array };
    };
    const [one, two] = [await firstOf("one"), await firstOf("two")];
    expect([one, two].map(({ piece }) => Buffer.from(piece).toString())).toEqual(["one", "two"]);
    for (const { iterator } of [one, two]) await iterator.return?.();
  });

  it("rejects with Node's error if it does not exist", async () => {
    const pieces = Array.fromAsync(open().pieces(enclosedFile(join(await makeRoot(), "none"))));
    await expect(pieces).rejects.toMatchObject({ code: "ENOENT" });
  });
});

it("A worker thread gets the same metadata of a path as the main thread", async () => {
  const root = await makeRoot();
  await writeFile(join(root, "file"), "abc", { mode: 0o640 });
  await symlink("nowhere", join(root, "link"));
  for (const path of [
    join(root, "file"),
    join(root, "link"),
    root,
    "/dev/null",
    join(root, "none"),
    join(root, "file/x"),
  ])
    expect(await blockingFiles().info(enclosedFile(path))).toEqual(await realFiles("/").info(path));
});
