import { cp, mkdir, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { bentomlHome } from "../../src/bento/home.ts";
import { enclosureOf } from "../fakes/enclosed.ts";
import { unpackFixture } from "./fixtures.ts";
import { makeSetting } from "./setting.ts";

/** The store with shelf:abc123, abc124, abd999 and zzz; abc124 is the newest. */
async function shelf() {
  const setting = await makeSetting();
  const home = await unpackFixture(join(setting.root, "home/bentoml"), "good/store/home.tar.gz");
  const locate = (bento: string, bentomlHome?: string) =>
    locateBento({ bento, ...(bentomlHome === undefined ? {} : { bentomlHome }) }, setting.machine);
  return { ...setting, home, locate, versions: join(home, "bentos/shelf") };
}

describe("A tag of the Bento Store", () => {
  it.each([
    ["shelf:zzz", "zzz"],
    ["shelf:abd", "abd999"],
    ["shelf:abc123", "abc123"],
    ["SHELF:ZZZ", "zzz"],
  ])("%s resolves to version %s", async (tag, version) => {
    const { locate, versions } = await shelf();
    expect(await locate(tag)).toEqual({
      directory: enclosureOf(join(versions, version)),
      origin: "store",
      address: tag,
    });
  });

  it.each(["shelf", "shelf:latest"])(
    "%s is what the file latest says, else the newest by creation time",
    async (tag) => {
      const { locate, versions } = await shelf();
      await writeFile(join(versions, "latest"), "abc123\n");
      expect((await locate(tag)).directory.path).toBe(join(versions, "abc123"));
      await unlink(join(versions, "latest"));
      expect((await locate(tag)).directory.path).toBe(join(versions, "abc124"));
    },
  );

  it("a version folder without a manifest is ignored", async () => {
    const { locate, versions } = await shelf();
    await mkdir(join(versions, "zz"));
    expect((await locate("shelf:zz")).directory.path).toBe(join(versions, "zzz"));
    await writeFile(join(versions, "latest"), "zz");
    expect((await locate("shelf")).directory.path).toBe(join(versions, "abc124"));
  });

  it("creation times are compared as instants, offsets included", async () => {
    const { locate, versions, root } = await shelf();
    await rm(join(versions, "latest"));
    const write = (version: string, time: string) =>
      writeFile(join(versions, version, "bento.yaml"), `creation_time: '${time}'\n`);
    await write("abc123", "2999-01-01T01:00:00+02:00");
    await write("zzz", "2998-12-31T23:30:00+00:00");
    expect((await locate("shelf")).directory.path).toBe(join(versions, "zzz"));
    expect(root).toBeTruthy();
  });

  it("if nothing matches, the message lists the tag, the searched paths and the content of the store", async () => {
    const { locate, versions, machine, home } = await shelf();
    await expect(locate("shelf:q")).rejects.toMatchObject({
      class: "input",
      code: "NotFound",
      message: expect.stringMatching(/shelf:q/),
    });
    const message = await locate("nobody").catch((error: Error) => error.message);
    expect(message).toContain(join(machine.workspace, "nobody"));
    expect(message).toContain(join(home, "bentos"));
    expect(message).toContain("shelf:abc124");
    await rm(versions, { recursive: true });
    expect(await locate("nobody").catch((error: Error) => error.message)).toContain("the store is empty");
  });
});

describe("An existing path has precedence over a tag", () => {
  it("for a directory in the workspace with the name of a Bento", async () => {
    const { locate, versions, machine } = await shelf();
    await cp(join(versions, "zzz"), join(machine.workspace, "shelf"), { recursive: true });
    expect(await locate("shelf")).toMatchObject({
      origin: "directory",
      directory: { path: join(machine.workspace, "shelf") },
    });
    expect(await locate("./shelf/")).toMatchObject({ origin: "directory" });
  });

  it("and for a directory that is not a Bento the hint shows how to select the tag", async () => {
    const { locate, machine } = await shelf();
    await mkdir(join(machine.workspace, "shelf"));
    await expect(locate("shelf")).rejects.toMatchObject({
      code: "ManifestMissing",
      hint: expect.stringContaining("shelf:latest"),
    });
  });

  it("also for paths with links, home and variables", async () => {
    const { locate, versions, machine } = await shelf();
    await symlink(join(versions, "zzz"), join(machine.workspace, "current"));
    expect((await locate("current")).directory.path).toBe(join(versions, "zzz"));
    expect((await locate("~/bentoml/bentos/shelf/zzz")).directory.path).toBe(join(versions, "zzz"));
    expect((await locate("$HOME/bentoml/bentos/shelf/zzz")).directory.path).toBe(join(versions, "zzz"));
  });

  it.each(["./gone", "dist/gone.bento", "gone.tar.gz", "/nowhere/at/all"])("%s can only be a path", async (path) => {
    const { locate, machine } = await shelf();
    await expect(locate(path)).rejects.toMatchObject({
      class: "input",
      code: "NotFound",
      hint: expect.stringContaining(machine.workspace),
    });
  });

  it("and a broken link is reported as such", async () => {
    const { locate, machine } = await shelf();
    await symlink("nothing", join(machine.workspace, "dangling"));
    await expect(locate("dangling")).rejects.toMatchObject({ code: "NotFound" });
  });
});

describe("The Bento Store is", () => {
  it("the input's, else BENTOML_HOME, else ~/bentoml", async () => {
    const machine = { env: { HOME: "/home/me", BENTOML_HOME: "$ROOT/store", ROOT: "~/deep" }, workspace: "/w" };
    expect(bentomlHome("mine", machine)).toBe("/w/mine");
    expect(bentomlHome("${ROOT}/x", machine)).toBe("/home/me/deep/x");
    expect(bentomlHome(undefined, machine)).toBe("/home/me/deep/store");
    expect(bentomlHome("", { ...machine, env: { HOME: "/home/me" } })).toBe("/home/me/bentoml");
    expect(bentomlHome("$A", { ...machine, env: { A: "$A" } })).toBe("/w/$A");
  });

  it.each([
    ["~/bentoml", {}],
    ["~/mine", { BENTOML_HOME: "~/mine" }],
    ["~/mine", { BENTOML_HOME: "$ROOT", ROOT: "~/mine", HOME: "" }],
  ])("unknown when it is %s and HOME is not set", (_, env) => {
    expect(() => bentomlHome(undefined, { env, workspace: "/w" })).toThrow(
      expect.objectContaining({
        class: "input",
        code: "HomeUnknown",
        message: expect.stringContaining("HOME is not set"),
        hint: expect.stringContaining("bentoml-home"),
      }),
    );
    expect(bentomlHome("/named", { env, workspace: "/w" })).toBe("/named");
  });

  it("taken from the input before the environment", async () => {
    const { locate, home, root } = await shelf();
    await rename(home, join(root, "elsewhere"));
    await expect(locate("shelf")).rejects.toMatchObject({ code: "NotFound" });
    expect(await locate("shelf", join(root, "elsewhere"))).toMatchObject({ origin: "store" });
  });
});

describe("A link in the checkout", () => {
  async function checkout() {
    const setting = await shelf();
    const { machine, versions } = setting;
    await mkdir(join(machine.workspace, ".git"));
    await writeFile(join(machine.workspace, ".git/config"), "extraheader = AUTHORIZATION: basic");
    await cp(join(versions, "zzz"), machine.workspace, { recursive: true });
    return setting;
  }
  const UNSAFE = { class: "bento", code: "UnsafePath" };

  it.each([
    ["the workspace", "my-bento", "."],
    ["the workspace, by its path", "my-bento", undefined],
    ["the workspace, from further down", "deep/down/my-bento", "../.."],
  ])("is refused as a Bento when it leads to %s", async (_, link, target) => {
    const { machine, locate } = await checkout();
    await mkdir(join(machine.workspace, link, ".."), { recursive: true });
    await symlink(target ?? machine.workspace, join(machine.workspace, link));
    const message = expect.stringContaining(join(machine.workspace, link));
    await expect(locate(`./${link}`)).rejects.toMatchObject({ ...UNSAFE, message });
    await expect(locate(join(machine.workspace, link))).rejects.toMatchObject({ ...UNSAFE, message });
  });

  it("is refused as a Bento when it leads above the workspace or to another working copy", async () => {
    const { machine, root, versions, locate } = await checkout();
    await cp(join(versions, "zzz"), root, { recursive: true });
    await symlink("..", join(machine.workspace, "above"));
    await expect(locate("above")).rejects.toMatchObject(UNSAFE);
    await cp(machine.workspace, join(root, "other"), { recursive: true });
    await symlink("../other", join(machine.workspace, "beside"));
    await expect(locate("beside")).rejects.toMatchObject(UNSAFE);
  });

  it("is refused as a version of a store", async () => {
    const { machine, locate } = await checkout();
    await mkdir(join(machine.workspace, "home/bentos/shelf"), { recursive: true });
    await symlink("../../..", join(machine.workspace, "home/bentos/shelf/v1"));
    await expect(locate("shelf:v1", "./home")).rejects.toMatchObject(UNSAFE);
  });

  it("may lead to a Bento in another directory; the workspace may be a link or the Bento itself", async () => {
    const { machine, root, versions, locate } = await checkout();
    await symlink(join(versions, "zzz"), join(machine.workspace, "disk"));
    expect((await locate("./disk")).directory.path).toBe(join(versions, "zzz"));
    expect((await locate(".")).directory.path).toBe(machine.workspace);
    await symlink("workspace", join(root, "linked"));
    const linked = { ...machine, workspace: join(root, "linked") };
    await cp(join(versions, "zzz"), join(machine.workspace, "plain"), { recursive: true });
    await mkdir(join(machine.workspace, "plain/.git"));
    const found = await locateBento({ bento: "./plain" }, linked);
    expect(found.directory.path).toBe(join(machine.workspace, "plain"));
  });
});
