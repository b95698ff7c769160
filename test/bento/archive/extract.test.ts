import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { extractArchive } from "../../../src/bento/archive/extract.ts";
import { LIMITS, type Limits } from "../../../src/bento/archive/limits.ts";
import { fixture, listTree } from "../fixtures.ts";
import { makeMachine } from "../machine.ts";
import { END, MANIFEST, type Member, makeMember, makeTar, makeZip } from "./making.ts";

const exported = {
  bzip2: await readFile(fixture("good/exports/archives/picker.tar.bz2")),
  xz: await readFile(fixture("good/exports/archives/picker.tar.xz")),
  zip: await readFile(fixture("good/exports/archives/picker.zip")),
};

async function extract(archive: Buffer, options: { limits?: Partial<Limits>; signal?: AbortSignal } = {}) {
  const { world, root, temporary } = await makeMachine();
  const path = join(root, "archive");
  await writeFile(path, archive);
  const signal = options.signal ?? world.signal;
  const outcome = await extractArchive(path, "archive", { ...world, signal }, { ...LIMITS, ...options.limits }).then(
    (directory) => ({ directory, failure: undefined }),
    (failure: unknown) => ({ directory: "", failure }),
  );
  const scratch = await readdir(temporary);
  const left = (await Promise.all(scratch.map((name) => readdir(join(temporary, name))))).flat();
  return { ...outcome, left };
}

async function refusal(archive: Buffer, limits: Partial<Limits> = {}) {
  const { failure, left } = await extract(archive, { limits });
  expect(left).toEqual([]);
  return failure;
}

const file = (path: string, content = "x"): Member => ({ path, content });
const link = (path: string, linkpath: string): Member => ({ path, type: "SymbolicLink", linkpath });

describe("Members of a tar", () => {
  it("a later file of one name replaces the earlier", async () => {
    const { directory } = await extract(makeTar(MANIFEST, file("a", "old"), file("./a", "new")));
    expect(await readFile(join(directory, "a"), "utf8")).toBe("new");
  });

  it("a hard link to an earlier file becomes a copy with its mode", async () => {
    const program: Member = { ...file("src/run", "#!"), mode: 0o700 };
    const { directory } = await extract(makeTar(MANIFEST, program, { path: "b", type: "Link", linkpath: "src/run" }));
    expect(await listTree(directory)).toEqual([
      expect.stringMatching(/^b 755 2 /),
      expect.stringMatching(/^bento.yaml 644/),
      "src/ 755",
      expect.stringMatching(/^src\/run 755 2 /),
    ]);
  });

  it("links inside stay links, also when they dangle", async () => {
    const { directory } = await extract(makeTar(MANIFEST, link("src/l", "../bento.yaml"), link("gone", "nothing")));
    expect(await readlink(join(directory, "src/l"))).toBe("../bento.yaml");
    expect(await readlink(join(directory, "gone"))).toBe("nothing");
  });

  it("names beyond 100 bytes, in pax headers or not", async () => {
    const long = `src/${"d".repeat(90)}/${"f".repeat(90)}`;
    const { directory } = await extract(makeTar(MANIFEST, file(long)));
    expect(await readFile(join(directory, long), "utf8")).toBe("x");
  });

  it.each<[string, readonly Member[], string]>([
    ["a file below a file", [file("a"), file("a/b")], "a/b"],
    ["a file through a link", [link("a", "src"), file("a/b")], "a/b"],
    ["a link in the place of a file", [file("a"), link("a", "b")], "a"],
    ["a file in the place of a link", [link("a", "b"), file("a")], "a"],
    ["a file in the place of a directory", [{ path: "a/", type: "Directory" }, file("a")], "a"],
    ["a hard link to nothing", [{ path: "a", type: "Link", linkpath: "b" }], "a"],
    ["a hard link to a link", [link("l", "b"), { path: "a", type: "Link", linkpath: "l" }], "a"],
    ["a link that climbs out through another", [file("d/e/f"), link("d/e/up", "../.."), link("l", "d/e/up/../x")], "l"],
    ["a device", [{ path: "null", type: "CharacterDevice" }], "null"],
  ])("%s is refused", async (_, members, name) => {
    const failure = await refusal(makeTar(MANIFEST, ...members));
    expect(failure).toMatchObject({ class: "bento", code: "UnsafePath", message: expect.stringContaining(name) });
  });

  it.each([
    ["a name that is not UTF-8", makeTar(MANIFEST, file("a\ufffd"))],
    ["no end", Buffer.concat([makeMember(MANIFEST), makeMember(file("a"))])],
    ["something after the end", Buffer.concat([makeTar(MANIFEST), makeMember(file("a"))])],
    ["a header whose check sum is wrong", Buffer.concat([makeMember(MANIFEST), Buffer.alloc(512, "x"), END])],
    ["the end in the middle of a member", makeTar(MANIFEST, file("a", "x".repeat(4000))).subarray(0, 2600)],
  ])("%s makes the archive corrupt", async (_, archive) => {
    expect(await refusal(archive)).toMatchObject({ class: "bento", code: "ArchiveCorrupt" });
  });
});

describe("Limits", () => {
  it.each<[string, Partial<Limits>]>([
    ["too many entries", { entries: 3 }],
    ["too many bytes for its size", { freeBytes: 0, ratio: 2 }],
  ])("%s", async (_, limits) => {
    const members = ["a", "b", "c"].map((name) => file(name, "x".repeat(10_000)));
    expect(await refusal(gzipSync(makeTar(MANIFEST, ...members)), limits)).toMatchObject({ code: "TooLarge" });
  });

  it("a name longer than any file system takes", async () => {
    const archive = makeTar(MANIFEST, file(`${"d/".repeat(60)}f`));
    expect(await refusal(archive, { nameBytes: 100 })).toMatchObject({ code: "ArchiveCorrupt" });
  });
});

describe("Where the Bento lies", () => {
  it("in the only folder at the top that has a manifest, whatever lies beside it", async () => {
    const archive = makeTar({ ...MANIFEST, path: "one/bento.yaml" }, file("__MACOSX/._one"), file("one/src/a"));
    expect((await extract(archive)).directory).toMatch(/\/one$/);
  });

  it.each([
    ["two folders", makeTar({ ...MANIFEST, path: "one/bento.yaml" }, { ...MANIFEST, path: "two/bento.yaml" })],
    ["a folder in a folder", makeTar({ ...MANIFEST, path: "one/two/bento.yaml" })],
  ])("not in %s", async (_, archive) => {
    expect(await refusal(archive)).toMatchObject({ code: "ManifestMissing" });
  });

  it("a link may not leave the Bento's folder, even for another one of the archive", async () => {
    const archive = makeTar({ ...MANIFEST, path: "one/bento.yaml" }, file("two/a"), link("one/l", "../two/a"));
    expect(await refusal(archive)).toMatchObject({ code: "UnsafePath" });
  });
});

describe("Compressed archives", () => {
  const tar = makeTar(MANIFEST, file("a", "content"));

  it("a tar in zstd", async () => {
    const { directory } = await extract(zstdCompressSync(tar));
    expect(await readFile(join(directory, "a"), "utf8")).toBe("content");
  });

  it.each([
    ["gzip, cut", gzipSync(tar).subarray(0, -20)],
    ["zstd, cut", zstdCompressSync(tar).subarray(0, -10)],
    ["bzip2, cut", exported.bzip2.subarray(0, -40)],
    ["xz, cut", exported.xz.subarray(0, -40)],
    ["zip, cut", exported.zip.subarray(0, -40)],
    ["gzip of no tar", gzipSync(Buffer.alloc(2048, "x"))],
    ["gzip of nothing", gzipSync(Buffer.alloc(0))],
  ])("%s", async (_, archive) => {
    expect(await refusal(archive)).toMatchObject({ class: "bento", code: "ArchiveCorrupt" });
  });
});

describe("Members of a zip", () => {
  const manifest = { name: "bento.yaml", content: MANIFEST.content ?? "" };

  it("a link that stays inside is kept, and so is the x bit", async () => {
    const { directory, failure } = await extract(
      makeZip(
        manifest,
        { name: "l", content: "bento.yaml", mode: 0o120777 },
        { name: "src/run", content: "#!", mode: 0o100755 },
        { name: "env/", content: "", mode: 0o040755 },
      ),
    );
    expect(failure).toBeUndefined();
    expect(await listTree(directory)).toEqual([
      expect.stringMatching(/^bento.yaml 644/),
      "env/ 755",
      "l -> bento.yaml",
      "src/ 755",
      expect.stringMatching(/^src\/run 755/),
    ]);
  });

  it.each([
    ["a link that leaves", { name: "l", content: "../x", mode: 0o120777 }, "UnsafePath"],
    ["a link to an absolute path", { name: "l", content: "/etc/passwd", mode: 0o120777 }, "UnsafePath"],
    ["a device", { name: "d", content: "", mode: 0o020644 }, "UnsafePath"],
    ["an absolute name", { name: "/x", content: "" }, "UnsafePath"],
    ["content that does not fit its check sum", { name: "a", content: "x", crc: 1 }, "ArchiveCorrupt"],
  ])("%s is refused", async (_, member, code) => {
    expect(await refusal(makeZip(manifest, member))).toMatchObject({ class: "bento", code });
  });
});

it("a cancelled run leaves nothing unpacked", async () => {
  const { failure, left } = await extract(gzipSync(makeTar(MANIFEST)), { signal: AbortSignal.abort() });
  expect(failure).toMatchObject({ class: "cancelled" });
  expect(left).toEqual([]);
});
