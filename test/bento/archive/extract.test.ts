import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { extractArchive } from "../../../src/bento/archive/extract.ts";
import { LIMITS, type Limits } from "../../../src/bento/archive/limits.ts";
import { fixture, listTree } from "../fixtures.ts";
import { makeSetting } from "../setting.ts";
import { END, MANIFEST, type Member, makeMember, makeRaw, makeTar, makeZip, paxRecord } from "./making.ts";

const exported = {
  bzip2: await readFile(fixture("good/exports/archives/picker.tar.bz2")),
  xz: await readFile(fixture("good/exports/archives/picker.tar.xz")),
  zip: await readFile(fixture("good/exports/archives/picker.zip")),
};

async function extract(archive: Buffer, options: { limits?: Partial<Limits>; signal?: AbortSignal } = {}) {
  const { machine, root, temporary } = await makeSetting();
  const path = join(root, "archive");
  await writeFile(path, archive);
  const signal = options.signal ?? machine.signal;
  const outcome = await extractArchive(path, "archive", { ...machine, signal }, { ...LIMITS, ...options.limits }).then(
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
  it("a later file replaces an earlier one of the same name", async () => {
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

  it("links inside stay links, including broken ones", async () => {
    const { directory } = await extract(makeTar(MANIFEST, link("src/l", "../bento.yaml"), link("gone", "nothing")));
    expect(await readlink(join(directory, "src/l"))).toBe("../bento.yaml");
    expect(await readlink(join(directory, "gone"))).toBe("nothing");
  });

  it("with a single block of zeros at the end are read, as by GNU tar and Python", async () => {
    const { directory } = await extract(
      Buffer.concat([makeMember(MANIFEST), makeMember(file("a")), END.subarray(512)]),
    );
    expect(await readFile(join(directory, "a"), "utf8")).toBe("x");
  });

  it("a link whose target is not UTF-8 is refused", async () => {
    const archive = makeTar(MANIFEST, link("l", "caf?"));
    archive[archive.indexOf("caf?") + 3] = 0xe9;
    const header = archive.subarray(archive.indexOf("caf") - 157).subarray(0, 512);
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    expect(await refusal(archive)).toMatchObject({ class: "bento", message: expect.stringContaining("UTF-8") });
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
    ["something after half an end", Buffer.concat([makeMember(MANIFEST), END.subarray(512), makeMember(file("a"))])],
    ["something after the end", Buffer.concat([makeTar(MANIFEST), makeMember(file("a"))])],
    ["a header whose check sum is wrong", Buffer.concat([makeMember(MANIFEST), Buffer.alloc(512, "x"), END])],
    ["the end in the middle of a member", makeTar(MANIFEST, file("a", "x".repeat(4000))).subarray(0, 2600)],
  ])("%s makes the archive corrupt", async (_, archive) => {
    expect(await refusal(archive)).toMatchObject({ class: "bento", code: "ArchiveCorrupt" });
  });
});

describe("An unsupported member is refused with its name", () => {
  const odd = makeMember(file("odd"));
  it.each([
    ["a sparse file of GNU tar", [makeRaw("S", "x")], "odd is a sparse file"],
    ["a sparse file in pax form", [makeRaw("x", paxRecord("GNU.sparse.major", "1")), odd], "odd is a sparse file"],
    ["a contiguous file", [makeRaw("7", "x")], "odd is a contiguous file"],
    ["the rest of a file from another volume", [makeRaw("M", "x")], "odd is the rest of a file"],
    ["the label of a volume", [makeRaw("V", "")], "odd is the label"],
    ["an unknown type", [makeRaw("Z", "x")], 'odd is of the unknown type "Z"'],
    ["one name for all members", [makeRaw("g", paxRecord("path", "odd")), odd], "one name"],
  ])("%s", async (_, members, message) => {
    const archive = Buffer.concat([makeMember(MANIFEST), ...members, END]);
    expect(await refusal(archive)).toMatchObject({
      code: "ArchiveCorrupt",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ["a header longer than any program writes", makeRaw("x", paxRecord("comment", "x".repeat(1 << 20)))],
    ["a record that ends elsewhere than it says", makeRaw("x", "30 path=a\n")],
    ["a record without a length", makeRaw("x", "path=a\n")],
    ["a size that is no number", makeRaw("x", paxRecord("size", "-1"))],
  ])("%s makes the archive corrupt", async (_, header) => {
    const archive = Buffer.concat([makeMember(MANIFEST), header, odd, END]);
    expect(await refusal(archive)).toMatchObject({ class: "bento", code: "ArchiveCorrupt" });
  });
});

describe("Names", () => {
  const contentOf = async (...parts: readonly Buffer[]) => {
    const { directory, failure } = await extract(Buffer.concat([makeMember(MANIFEST), ...parts, END]));
    expect(failure).toBeUndefined();
    return listTree(directory);
  };
  const member = makeMember(file("short"));

  it.each([
    ["in a pax header", makeRaw("x", paxRecord("path", "long"))],
    ["in GNU's header", makeRaw("L", "long\0")],
    ["beside a global comment", Buffer.concat([makeRaw("g", paxRecord("comment", "x")), makeRaw("L", "long\0")])],
  ])("%s replace the name of the next member only", async (_, header) => {
    const names = (await contentOf(header, member, makeMember(file("z")))).map((line) => line.split(" ")[0]);
    expect(names).toEqual(["bento.yaml", "long", "z"]);
  });
});

describe("The limits of an archive", () => {
  it.each([
    ["extended headers", Array.from({ length: 50 }, () => makeRaw("x", paxRecord("comment", "x".repeat(2000))))],
    ["zeros after the end", [Buffer.alloc(100_000)]],
    ["members without content", Array.from({ length: 200 }, (_, index) => makeMember(file(`f${index}`, "")))],
  ])("include the bytes of %s", async (_, parts) => {
    const archive = gzipSync(Buffer.concat([makeTar(MANIFEST).subarray(0, -1024), ...parts, END]));
    expect(await refusal(archive, { freeBytes: 50_000, ratio: 0 })).toMatchObject({ code: "TooLarge" });
    expect((await extract(archive, { limits: { freeBytes: 150_000 } })).failure).toBeUndefined();
  });

  it("include the copies of hard links", async () => {
    const members = ["a", "b", "c"].map((path): Member => ({ path, type: "Link", linkpath: "big" }));
    const archive = makeTar(MANIFEST, file("big", "x".repeat(50_000)), ...members);
    expect(await refusal(archive, { freeBytes: 100_000, ratio: 0 })).toMatchObject({ code: "TooLarge" });
  });

  it("refuse a zip that announces too many entries before any is unpacked", async () => {
    const made: string[] = [];
    const { machine, root } = await makeSetting();
    const path = join(root, "archive");
    await writeFile(path, makeZip(...["a", "b", "c"].map((name) => ({ name, content: "x" }))));
    const write = async (at: string): Promise<void> => void made.push(at);
    const files = { ...machine.files, write, sink: (at: string) => void made.push(at) as never };
    const unpacked = extractArchive(path, "archive", { ...machine, files }, { ...LIMITS, entries: 2 });
    await expect(unpacked).rejects.toMatchObject({ code: "TooLarge" });
    expect(made).toEqual([]);
  });

  it("include the cost to resolve links", async () => {
    const links = Array.from({ length: 40 }, (_, index) => link(`l${index}`, `${"./d/../".repeat(10)}l${index + 1}`));
    const archive = makeTar(MANIFEST, { path: "d/", type: "Directory" }, ...links);
    expect(await refusal(archive, { linkPaths: 10_000 })).toMatchObject({ code: "TooLarge" });
    expect((await extract(archive)).failure).toBeUndefined();
  });

  it("include the length of a link's target", async () => {
    const target = makeRaw("x", paxRecord("linkpath", "a/".repeat(3000)));
    const archive = Buffer.concat([makeMember(MANIFEST), target, makeMember(link("l", "short")), END]);
    expect(await refusal(archive)).toMatchObject({ code: "UnsafePath" });
  });

  it.each<[string, Partial<Limits>]>([
    ["too many entries", { entries: 3 }],
    ["too many bytes for its size", { freeBytes: 0, ratio: 2 }],
  ])("%s", async (_, limits) => {
    const members = ["a", "b", "c"].map((name) => file(name, "x".repeat(10_000)));
    expect(await refusal(gzipSync(makeTar(MANIFEST, ...members)), limits)).toMatchObject({ code: "TooLarge" });
  });

  it("include the length of a name", async () => {
    const archive = makeTar(MANIFEST, file(`${"d/".repeat(60)}f`));
    expect(await refusal(archive, { nameBytes: 100 })).toMatchObject({ code: "ArchiveCorrupt" });
  });
});

describe("The Bento in an archive", () => {
  it("is found in the only top-level folder that has a manifest, beside any other files", async () => {
    const archive = makeTar({ ...MANIFEST, path: "one/bento.yaml" }, file("__MACOSX/._one"), file("one/src/a"));
    expect((await extract(archive)).directory).toMatch(/\/one$/);
  });

  it.each([
    ["two folders", makeTar({ ...MANIFEST, path: "one/bento.yaml" }, { ...MANIFEST, path: "two/bento.yaml" })],
    ["a folder in a folder", makeTar({ ...MANIFEST, path: "one/two/bento.yaml" })],
  ])("is not found in %s", async (_, archive) => {
    expect(await refusal(archive)).toMatchObject({ code: "ManifestMissing" });
  });

  it("may not have a link to another folder of the archive", async () => {
    const archive = makeTar({ ...MANIFEST, path: "one/bento.yaml" }, file("two/a"), link("one/l", "../two/a"));
    expect(await refusal(archive)).toMatchObject({ code: "UnsafePath" });
  });
});

describe("Compressed archives", () => {
  const tar = makeTar(MANIFEST, file("a", "content"));

  it("may be a tar with zstd", async () => {
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

it("An archive with bzip2 fails with a hint if the program is missing", async () => {
  const { machine, root } = await makeSetting();
  const path = join(root, "archive");
  await writeFile(path, exported.bzip2);
  const processes = { ...machine.processes, which: async () => undefined };
  const unpacked = extractArchive(path, "archive", { ...machine, processes });
  await expect(unpacked).rejects.toMatchObject({ class: "tool", code: "ToolMissing", message: /bzip2/ });
});

it("The program for bzip2 gets none of the job's variables", async () => {
  const { machine, root } = await makeSetting({ env: { GITHUB_TOKEN: "hush" } });
  const path = join(root, "archive");
  await writeFile(path, exported.bzip2);
  const seen: unknown[] = [];
  await extractArchive(path, "archive", {
    ...machine,
    filter: (invocation, input) => {
      seen.push(invocation.env);
      return machine.filter(invocation, input);
    },
  });
  expect(JSON.stringify(seen)).not.toContain("hush");
});

describe("Members of a zip", () => {
  const manifest = { name: "bento.yaml", content: MANIFEST.content ?? "" };

  it("that are links inside are kept, and so is the x bit", async () => {
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

it("A cancelled run leaves no unpacked files behind", async () => {
  const { failure, left } = await extract(gzipSync(makeTar(MANIFEST)), { signal: AbortSignal.abort() });
  expect(failure).toMatchObject({ class: "cancelled" });
  expect(left).toEqual([]);
});
