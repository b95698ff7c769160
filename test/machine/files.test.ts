import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { realFiles } from "../../src/machine/files.ts";

async function setUp() {
  const root = await mkdtemp(join(tmpdir(), "files-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return { root, files: realFiles(root) };
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("Reading files", () => {
  it("returns the kind of a path without following links", async () => {
    const { root, files } = await setUp();
    await writeFile(join(root, "file"), "abc", { mode: 0o640 });
    await symlink("nowhere", join(root, "link"));
    expect(await files.info(join(root, "file"))).toMatchObject({ kind: "file", size: 3, mode: 0o640 });
    expect(await files.info(join(root, "link"))).toMatchObject({ kind: "symlink" });
    expect(await files.info(root)).toMatchObject({ kind: "directory" });
    expect(await files.info("/dev/null")).toMatchObject({ kind: "other" });
    expect(await files.info(join(root, "none"))).toBeUndefined();
    expect(await files.info(join(root, "file/below"))).toBeUndefined();
    expect(await files.readLink(join(root, "link"))).toBe("nowhere");
  });

  it("lists directories in the same order on every machine", async () => {
    const { root, files } = await setUp();
    for (const name of ["b", "ä", "B", "a", "10", "2"]) await writeFile(join(root, name), "");
    expect((await files.list(root)).map(({ name }) => name)).toEqual(["10", "2", "B", "a", "b", "ä"]);
  });

  it("reads the head of a shorter file, and a range", async () => {
    const { root, files } = await setUp();
    await writeFile(join(root, "file"), "0123456789");
    expect(Buffer.from(await files.readHead(join(root, "file"), 4)).toString()).toBe("0123");
    expect(Buffer.from(await files.readHead(join(root, "file"), 99)).toString()).toBe("0123456789");
    const range = await files.source(join(root, "file"), { start: 2, end: 4 }).toArray();
    expect(Buffer.concat(range).toString()).toBe("234");
  });
});

describe("Writing files", () => {
  it("sets exact modes with any umask", async () => {
    const { root, files } = await setUp();
    const umask = process.umask(0o077);
    onTestFinished(() => void process.umask(umask));
    await files.write(join(root, "script"), "x", 0o755);
    await files.makeDirectory(join(root, "new"), 0o755);
    expect([await modeOf(join(root, "script")), await modeOf(join(root, "new"))]).toEqual([0o755, 0o755]);
  });

  it("replaces the content and mode of a file, and keeps the mode of an existing directory", async () => {
    const { root, files } = await setUp();
    await files.write(join(root, "file"), "long content", 0o644);
    await files.write(join(root, "file"), "short", 0o600);
    await mkdir(join(root, "mine"), { mode: 0o700 });
    await files.makeDirectory(join(root, "mine"), 0o755);
    expect(await files.readText(join(root, "file"))).toBe("short");
    expect([await modeOf(join(root, "file")), await modeOf(join(root, "mine"))]).toEqual([0o600, 0o700]);
  });

  it("does not overwrite a file with a sink unless it appends", async () => {
    const { root, files } = await setUp();
    const path = join(root, "blob");
    await pipeline(["one"], files.sink(path, { mode: 0o600 }));
    await expect(pipeline(["two"], files.sink(path, { mode: 0o600 }))).rejects.toMatchObject({ code: "EEXIST" });
    await pipeline(["two"], files.sink(path, { mode: 0o600, append: true }));
    expect(await files.readText(path)).toBe("onetwo");
  });

  it("removes trees and links but not their targets, and ignores missing paths", async () => {
    const { root, files } = await setUp();
    await mkdir(join(root, "kept/below"), { recursive: true });
    await mkdir(join(root, "gone"));
    await symlink(join(root, "kept"), join(root, "gone/link"));
    await files.remove(join(root, "gone"));
    await files.remove(join(root, "none"));
    expect(await readdir(root, { recursive: true })).toEqual(["kept", "kept/below"]);
  });
});

describe("The run's own directories", () => {
  it.each(["a,b", 'a"b'])(
    "are in another directory if their path cannot be used in a field of a command: %s",
    async (name) => {
      const { root } = await setUp();
      await mkdir(join(root, name));
      const files = realFiles(join(root, name));
      const [scratch, kept] = [await files.scratch(), await files.kept()];
      expect(scratch.startsWith(join(tmpdir(), "bento-image-"))).toBe(true);
      expect(kept.startsWith(join(root, name))).toBe(true);
      await files.dispose();
      await expect(stat(scratch)).rejects.toMatchObject({ code: "ENOENT" });
    },
  );

  it("are a private scratch directory, which is removed, and a readable one, which is kept", async () => {
    const { files, root } = await setUp();
    const [scratch, again, kept] = [await files.scratch(), await files.scratch(), await files.kept()];
    expect(again).toBe(scratch);
    expect([await modeOf(scratch), await modeOf(kept)]).toEqual([0o700, 0o755]);
    await files.write(join(scratch, "secret"), "hush", 0o600);
    await files.dispose();
    expect(await readdir(root)).toEqual([kept.slice(root.length + 1)]);
  });

  it("are created only on demand", async () => {
    const { files, root } = await setUp();
    await files.dispose();
    expect(await readdir(root)).toEqual([]);
  });
});
