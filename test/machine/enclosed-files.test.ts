import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { blockingFiles } from "../../src/machine/blocking-files.ts";
import type { EnclosedFile, EnclosedFiles, EnclosedReading, Enclosure } from "../../src/machine/enclosure.ts";
import { realFiles } from "../../src/machine/files.ts";

/** A directory `in` with `sub/file`, and beside it `out` with another `sub/file` and `secret`. */
async function makeTestDirectory() {
  const root = await realpath(await mkdtemp(join(tmpdir(), "enclosed-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries({ "in/sub/file": "inside", "out/sub/file": "secret" })) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const files = realFiles(root).enclosed;
  return { root, files, enclosure: await files.enclose(join(root, "in")) };
}

async function fileAt(directory: Enclosure, path: string, files: EnclosedFiles): Promise<EnclosedFile> {
  const found = await files.find(directory, path);
  return found?.kind === "file" ? found.file : expect.fail(`there is no file ${path}`);
}

async function textOf(file: EnclosedFile, files: EnclosedReading): Promise<string> {
  const pieces = await Array.fromAsync(files.pieces(file), (piece) => Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

/** A name of the maximum length. */
const LONG = "d".repeat(255);

const UNSAFE = { class: "bento", code: "UnsafePath" };

describe("An abort signal", () => {
  it("ends the reading of an enclosure but not the clean-up", async () => {
    const { root, enclosure } = await makeTestDirectory();
    const cancellation = new AbortController();
    const files = realFiles(root, cancellation.signal);
    const file = await fileAt(enclosure, "sub/file", files.enclosed);
    cancellation.abort("SIGTERM");
    const { enclosed } = files;
    for (const work of [
      () => enclosed.find(enclosure, "sub"),
      () => enclosed.list(enclosure),
      () => enclosed.read(file, 0, 1),
    ]) {
      await expect(work()).rejects.toMatchObject({ class: "cancelled" });
    }
    await files.remove(join(root, "in"));
    expect(await files.info(join(root, "in"))).toBeUndefined();
  });
});

describe("A path in an enclosure", () => {
  it("is resolved through links that stay inside", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await symlink("sub", join(root, "in/link"));
    await symlink("../link/file", join(root, "in/sub/round"));
    const file = await fileAt(enclosure, "link/round", files);
    expect(file.path).toBe(join(root, "in/sub/file"));
    expect(await textOf(file, files)).toBe("inside");
  });

  it.each([
    ["absolute", (root: string) => join(root, "out/sub/file")],
    ["by dots", () => "../out/sub/file"],
    ["to a directory", () => "../out"],
    ["to the directory above", () => ".."],
    ["to a neighbour whose name begins the same", () => "../in-more"],
    ["to the environment of this process", () => "/proc/self/environ"],
    ["to a device", () => "/dev/zero"],
  ])("is refused if a link leads outside: %s", async (_, targetIn) => {
    const { root, files, enclosure } = await makeTestDirectory();
    await mkdir(join(root, "in-more"));
    await symlink(targetIn(root), join(root, "in/leak"));
    for (const path of ["leak", "sub/../leak"]) {
      const message = expect.stringContaining(join(root, "in/leak"));
      await expect(files.find(enclosure, path)).rejects.toMatchObject({ ...UNSAFE, message });
    }
  });

  it("is refused if a directory in it is a link that leads outside", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await symlink("../out/sub", join(root, "in/door"));
    await expect(files.find(enclosure, "door/file")).rejects.toMatchObject(UNSAFE);
  });

  it("is undefined if it does not exist or links form a cycle", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await symlink("one", join(root, "in/two"));
    await symlink("two", join(root, "in/one"));
    await symlink("gone", join(root, "in/dangling"));
    for (const path of ["none", "sub/file/below", "one", "dangling"]) {
      expect([path, await files.find(enclosure, path)]).toEqual([path, undefined]);
    }
  });

  it("is undefined if no file can have its name", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await symlink("x".repeat(300), join(root, "in/long"));
    for (const path of ["a\0b", "x".repeat(300), "sub/".repeat(2_000), "long"]) {
      expect([path, await files.find(enclosure, path)]).toEqual([path, undefined]);
    }
  });

  it("is refused if it is longer than the system allows", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    const deep = Array.from({ length: 9 }, () => LONG).join("/");
    for (const half of ["in", "out"]) await mkdir(join(root, half, deep), { recursive: true });
    await rename(join(root, "out", LONG), join(root, "in", deep, LONG));
    const walk = async (): Promise<void> => {
      for (let here = enclosure; ; ) {
        const found = await files.entry(here, LONG);
        if (found?.kind !== "directory") return;
        await files.list(found.directory);
        here = found.directory;
      }
    };
    await expect(walk()).rejects.toMatchObject({ ...UNSAFE, message: expect.stringContaining("too long") });
    // Otherwise the path is too long for the clean-up as well.
    await rename(join(root, "in", deep, LONG), join(root, "out", LONG));
  });

  it("is reported as `other` for pipes and devices, which are not opened", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "in/pipe")]);
    expect(await files.find(enclosure, "pipe")).toEqual({ kind: "other" });
    expect(await files.entry(enclosure, "pipe")).toEqual({ kind: "other" });
  });

  it("may be above the directory if the enclosure's root is", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await writeFile(join(root, "in/common"), "common");
    await symlink("../common", join(root, "in/sub/link"));
    const found = await files.find(enclosure, "sub");
    const sub = found?.kind === "directory" ? found.directory : expect.fail();
    expect(await textOf(await fileAt(sub, "link", files), files)).toBe("common");
    const alone = await files.enclose(join(root, "in/sub"));
    await expect(files.find(alone, "link")).rejects.toMatchObject(UNSAFE);
  });
});

describe("An enclosure", () => {
  it("may be given by a path with links", async () => {
    const { root, files } = await makeTestDirectory();
    await symlink("in", join(root, "named"));
    expect(await files.enclose(join(root, "named"))).toEqual({ path: join(root, "in"), root: join(root, "in") });
  });

  it("that does not exist has no entries", async () => {
    const { root, files } = await makeTestDirectory();
    expect(await files.find(await files.enclose(join(root, "none")), "file")).toBeUndefined();
  });
});

/** Changes by another process between the check of a file and its opening. */
const EXCHANGES: Readonly<Record<string, (root: string) => Promise<void>>> = {
  "a link to a file outside": async (root) => {
    await rm(join(root, "in/sub/file"));
    await symlink("../../out/sub/file", join(root, "in/sub/file"));
  },
  "a link to a file that is inside": async (root) => {
    await rename(join(root, "in/sub/file"), join(root, "in/sub/other"));
    await symlink("other", join(root, "in/sub/file"));
  },
  "a directory that is a link outside": async (root) => {
    await rename(join(root, "in/sub"), join(root, "in/moved"));
    await symlink("../out/sub", join(root, "in/sub"));
  },
  "a root that is a link outside": async (root) => {
    await rename(join(root, "in"), join(root, "moved"));
    await symlink("out", join(root, "in"));
  },
  "a link to a device without end": async (root) => {
    await rm(join(root, "in/sub/file"));
    await symlink("/dev/zero", join(root, "in/sub/file"));
  },
  "a pipe that nobody writes to": async (root) => {
    await rm(join(root, "in/sub/file"));
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "in/sub/file")]);
  },
  "a directory": async (root) => {
    await rm(join(root, "in/sub/file"));
    await mkdir(join(root, "in/sub/file"));
  },
};

describe("A file that is found and then replaced by", () => {
  it.each(Object.entries(EXCHANGES))("%s, is not opened", async (_, exchange) => {
    const { root, files, enclosure } = await makeTestDirectory();
    const file = await fileAt(enclosure, "sub/file", files);
    await exchange(root);
    const wanted = { ...UNSAFE, message: expect.stringContaining(file.path) };
    await expect(files.read(file, 0, 100)).rejects.toMatchObject(wanted);
    await expect(textOf(file, files)).rejects.toMatchObject(wanted);
    await expect(textOf(file, blockingFiles())).rejects.toMatchObject(wanted);
  });

  it.each(["a directory that is a link outside", "a root that is a link outside"])(
    "%s: its entries are not listed either",
    async (name) => {
      const { root, files, enclosure } = await makeTestDirectory();
      const found = await files.find(enclosure, "sub");
      await EXCHANGES[name]?.(root);
      if (found?.kind !== "directory") expect.fail();
      await expect(files.list(found.directory)).rejects.toMatchObject(UNSAFE);
    },
  );

  it("another file while it is read, gives the content of the opened file", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await writeFile(join(root, "in/sub/file"), Buffer.alloc(3 << 20, "i"));
    const seen = new Set<string>();
    for await (const piece of files.pieces(await fileAt(enclosure, "sub/file", files))) {
      await EXCHANGES["a link to a file outside"]?.(root);
      for (const byte of new Set(piece)) seen.add(String.fromCharCode(byte));
    }
    expect([...seen]).toEqual(["i"]);
  });
});

describe("A name that is not UTF-8", () => {
  const make = (script: string, root: string) => execFileSync("sh", ["-c", script], { cwd: join(root, "in") });

  it.each([
    ["of a file", "touch \"sub/$(printf 'caf\\351')\""],
    ["of a directory", "mkdir \"sub/$(printf 'caf\\351')\""],
  ])("%s is refused with its path", async (_, script) => {
    const { root, files, enclosure } = await makeTestDirectory();
    make(script, root);
    const found = await files.find(enclosure, "sub");
    if (found?.kind !== "directory") expect.fail();
    await expect(files.list(found.directory)).rejects.toMatchObject({
      class: "bento",
      code: "NameNotUtf8",
      message: expect.stringContaining(`${join(root, "in/sub")}/caf\\xe9`),
    });
  });

  it("in a link is refused and not replaced by another name", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    make("ln -s \"$(printf 'caf\\351')\" link", root);
    await expect(files.readLink(enclosure, "link")).rejects.toMatchObject({
      code: "NameNotUtf8",
      message: expect.stringContaining("/in/link -> caf\\xe9"),
    });
  });

  it("is distinguished from a name with the replacement character", async () => {
    const { root, files, enclosure } = await makeTestDirectory();
    await writeFile(join(root, "in/\ufffd"), "");
    expect((await files.list(enclosure)).map(({ name }) => name)).toEqual(["sub", "\ufffd"]);
  });
});

it("A file or directory of an enclosure is not accepted by other readers", async () => {
  const { root, files, enclosure } = await makeTestDirectory();
  const plain = realFiles(root);
  const file = await fileAt(enclosure, "sub/file", files);
  // @ts-expect-error a found file is not a path
  await expect(plain.readBytes(file)).rejects.toThrow();
  // @ts-expect-error nor is a found directory
  await expect(plain.list(enclosure)).rejects.toThrow();
  // @ts-expect-error a path is not a found file
  expect(() => files.pieces(join(root, "out/sub/file"))).not.toThrow();
  // @ts-expect-error files of the machine are not files of a Bento
  const wanted: EnclosedFiles = plain;
  expect(wanted).not.toHaveProperty("find");
});
