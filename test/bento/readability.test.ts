import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { unpackFixture } from "./fixtures.ts";
import { makeSetting } from "./setting.ts";

/** A good Bento, changed by a shell in its directory. */
async function readChanged(script: string, change: (directory: string) => Promise<unknown> = async () => undefined) {
  const { machine, root } = await makeSetting();
  const bentomlHome = await unpackFixture(join(root, "store"), "good/minimal/home.tar.gz");
  const { directory } = await locateBento({ bento: "greeter", bentomlHome }, machine);
  execFileSync("sh", ["-c", script], { cwd: directory.path });
  await change(directory.path);
  return {
    path: directory.path,
    read: () => locateBento({ bento: directory.path }, machine).then((at) => readBento(at, machine)),
  };
}

describe("A Bento's directory is refused with the path in the message", () => {
  it.each([
    [
      "a link out of it",
      "ln -s /etc/hostname src/host",
      "UnsafePath",
      "links that lead outside the directory: src/host",
    ],
    ["one by dots", "ln -s ../../../x src/up", "UnsafePath", "links that lead outside the directory: src/up"],
    [
      "one to nothing outside",
      "ln -s /no/such/place src/gone",
      "UnsafePath",
      "links that lead outside the directory: src/gone",
    ],
    [
      "one to an open file",
      "ln -s /proc/self/fd/0 src/fd",
      "UnsafePath",
      "links that lead outside the directory: src/fd",
    ],
    ["several of them", "ln -s / a && ln -s / src/b", "UnsafePath", "links that lead outside the directory: a, src/b"],
    ["a pipe", "mkfifo src/pipe", "UnsafePath", "not a file, directory or link: src/pipe"],
    ["a name that is not UTF-8", "touch \"src/$(printf 'caf\\351')\"", "NameNotUtf8", "src/caf\\xe9: file names"],
    ["a folder of such a name", "mkdir \"src/$(printf 'caf\\351')\"", "NameNotUtf8", "src/caf\\xe9: file names"],
    ["a link to such a name", "ln -s \"$(printf 'caf\\351')\" src/l", "NameNotUtf8", "src/l -> caf\\xe9: file names"],
    [
      "an entry point that is a directory",
      "mv env/docker/entrypoint.sh e && mkdir env/docker/entrypoint.sh",
      "UnsafePath",
      "env/docker/entrypoint.sh must be a regular file; it is a directory",
    ],
    [
      "an entry point that links to a directory",
      "mv env/docker/entrypoint.sh e && ln -s ../../src env/docker/entrypoint.sh",
      "UnsafePath",
      "env/docker/entrypoint.sh must be a regular file; it is a directory",
    ],
    [
      "requirements that are a directory",
      "rm env/python/requirements.txt && mkdir env/python/requirements.txt",
      "UnsafePath",
      "env/python/requirements.txt must be a regular file; it is a directory",
    ],
    [
      "a manifest that is a directory",
      "rm bento.yaml && mkdir bento.yaml",
      "UnsafePath",
      "bento.yaml must be a regular file; it is a directory",
    ],
    [
      "a manifest that is a link",
      "mv bento.yaml other.yaml && ln -s other.yaml bento.yaml",
      "UnsafePath",
      "bento.yaml must be a regular file; it is a link",
    ],
  ])("for %s", async (_, script, code, message) => {
    const { read } = await readChanged(script);
    await expect(read()).rejects.toMatchObject({ class: "bento", code, message: expect.stringContaining(message) });
  });

  it.each(["bento.yaml", "env/python/requirements.txt"])("for %s of 2 GiB, which is not read", async (name) => {
    const { read, path } = await readChanged("true", (directory) => truncate(join(directory, name), 2 ** 31));
    await expect(read()).rejects.toMatchObject({
      class: "bento",
      code: "TooLarge",
      message: expect.stringContaining(join(path, name)),
    });
  });
});

it("Links that stay in the Bento are kept as links, including broken ones", async () => {
  const { read } = await readChanged("ln -s service.py src/again.py && ln -s gone src/dangling && ln -s src code");
  expect((await read()).entries).toContainEqual({ name: "code", kind: "symlink" });
});

it("The path of a Bento may contain links", async () => {
  const { path } = await readChanged("true");
  const { machine, root } = await makeSetting();
  await mkdir(join(root, "links"));
  await symlink(path, join(root, "links/bento"));
  const located = await locateBento({ bento: join(root, "links/bento") }, machine);
  expect(located.directory).toEqual({ path, root: path });
  expect((await readBento(located, machine)).tag.name).toBe("greeter");
});

it("The latest version of the store is read only from a regular file of the store", async () => {
  const { machine, root } = await makeSetting();
  const bentomlHome = await unpackFixture(join(root, "store"), "good/minimal/home.tar.gz");
  const latest = join(bentomlHome, "bentos/greeter/latest");
  await rm(latest);
  await symlink("/proc/self/environ", latest);
  const failure = locateBento({ bento: "greeter", bentomlHome }, machine);
  await expect(failure).rejects.toMatchObject({ code: "UnsafePath", message: expect.stringContaining(latest) });
  await rm(latest);
  await writeFile(latest, Buffer.alloc(1024, " "));
  expect((await locateBento({ bento: "greeter", bentomlHome }, machine)).origin).toBe("store");
});
