import { chown, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanUp } from "../../src/engines/clean-up.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { endedIn, engineOf, exists, makeEngineSetting, request } from "./engine-context.ts";

describe("an engine that the action starts", () => {
  it("is ready when provideEngine returns, and gone after the clean-up", async () => {
    const setting = await makeEngineSetting();
    const { builder = "", env } = await provideEngine(request("buildctl", setting), setting.machine);
    const directory = engineOf(setting);
    expect(builder).toBe(`unix://${directory}/run/buildkitd.sock`);
    expect(env["BUILDKIT_HOST"]).toBe(builder);
    expect(await setting.machine.system.listens(builder.slice("unix://".length))).toBe(true);

    expect(await cleanUp(directory, setting.machine)).toEqual([]);
    expect(await exists(directory)).toBe(false);
    expect(await setting.machine.system.marked(MARK, directory)).toEqual([]);
  });

  it("is private to its user", async () => {
    const setting = await makeEngineSetting();
    await provideEngine(request("buildctl", setting), setting.machine);
    expect((await stat(engineOf(setting))).mode & 0o777).toBe(0o700);
    expect((await stat(join(engineOf(setting), "record.json"))).mode & 0o777).toBe(0o600);
  });

  it("is saved for the post step before anything of it exists", async () => {
    const setting = await makeEngineSetting();
    const seen: Promise<boolean>[] = [];
    const actions = {
      ...setting.machine.actions,
      saveState: (_: string, path: string) => void seen.push(exists(path)),
    };
    await provideEngine(request("buildctl", setting), { ...setting.machine, actions });
    expect(await Promise.all(seen)).toEqual([false]);
  });

  it("puts the installed tools before those on PATH", async () => {
    const setting = await makeEngineSetting();
    const { env } = await provideEngine(request("docker", setting), setting.machine);
    expect(env).toEqual({ PATH: `${setting.tools}:${process.env["PATH"]}` });
    expect(setting.machine.state.size).toBe(0);
  });

  it("does not affect another engine", async () => {
    const setting = await makeEngineSetting();
    const one = await provideEngine(request("buildctl", setting), setting.machine);
    const first = engineOf(setting);
    const other = await provideEngine(request("buildctl", setting), setting.machine);
    expect(other.builder).not.toBe(one.builder);
    await cleanUp(engineOf(setting), setting.machine);
    expect(await setting.machine.system.listens(`${first}/run/buildkitd.sock`)).toBe(true);
  });

  it("has short socket paths even in a deep temporary directory", async () => {
    const shallow = await makeEngineSetting();
    const deep = join(shallow.temporary, "deep".repeat(30));
    await mkdir(deep);
    const env = { ...shallow.machine.env, RUNNER_TEMP: deep };
    const machine = { ...shallow.machine, env };
    const { builder = "" } = await provideEngine(request("buildctl", shallow), machine);
    expect(builder.length).toBeLessThan(100);
    await removeEngine(machine);
    expect(await exists(builder.slice("unix://".length, builder.lastIndexOf("/")))).toBe(false);
    expect(await exists(engineOf(shallow))).toBe(false);
  });

  it("for nerdctl is a containerd and a buildkitd, which get no time to end, as their state goes with them", async () => {
    const setting = await makeEngineSetting({ CONTAINERD_ADDRESS: "/nobody/is/here.sock" });
    const { env } = await provideEngine(request("nerdctl", setting), setting.machine);
    expect(Object.keys(env).sort()).toEqual([
      ...["BUILDKIT_HOST", "CONTAINERD_ADDRESS", "CONTAINERD_NAMESPACE", "NERDCTL_TOML", "PATH"],
    ]);
    await removeEngine(setting.machine);
    expect(await endedIn(setting)).toEqual([]);
    expect(await exists(engineOf(setting))).toBe(false);
  });
});

describe("a daemon that does not start", () => {
  it("is reported with the end of its log and a hint, and leaves nothing", async () => {
    const setting = await makeEngineSetting({ FAKE: "ends" });
    await expect(provideEngine(request("buildctl", setting), setting.machine)).rejects.toMatchObject({
      class: "engine",
      code: "EngineNotReady",
      message: "buildkitd ended instead of starting",
      lines: expect.arrayContaining(["line 29", "listen unix: address already in use"]),
      hint: expect.stringContaining("same socket"),
    });
    expect(await exists(engineOf(setting))).toBe(false);
  });

  it("is named if its program is missing, and leaves nothing", async () => {
    const setting = await makeEngineSetting();
    const machine = { ...setting.machine, processes: { ...setting.machine.processes, which: async () => undefined } };
    const asked = request("buildctl", setting, { tools: [] });
    await expect(provideEngine(asked, machine)).rejects.toMatchObject({ class: "tool", code: "ToolMissing" });
    expect(await exists(engineOf(setting))).toBe(false);
  });

  it("is not awaited after a cancel, and leaves nothing", async () => {
    const setting = await makeEngineSetting({ FAKE: "silent" });
    const provided = provideEngine(request("buildctl", setting), setting.machine);
    setTimeout(setting.cancel, 200);
    await expect(provided).rejects.toMatchObject({ class: "cancelled" });
    expect(await setting.machine.system.marked(MARK, engineOf(setting))).toEqual([]);
    expect(await exists(engineOf(setting))).toBe(false);
  });
});

describe("kept state", () => {
  const KEEP = { keepState: true };

  it("is reused by the next engine", async () => {
    const setting = await makeEngineSetting();
    await provideEngine(request("buildctl", setting, KEEP), setting.machine);
    const config = async () => readFile(join(engineOf(setting), "buildkitd.toml"), "utf8");
    const [, root = ""] = /^root = "(.+)"/.exec(await config()) ?? [];
    await removeEngine(setting.machine);
    expect(await exists(root)).toBe(true);
    const { notes } = await provideEngine(request("buildctl", setting, KEEP), setting.machine);
    expect(notes).toEqual([]);
    expect(await config()).toContain(`root = "${root}"`);
  });

  it("is closed cleanly by the daemons, which end in reverse order", async () => {
    const setting = await makeEngineSetting({ CONTAINERD_ADDRESS: "/nobody/is/here.sock" });
    await provideEngine(request("nerdctl", setting, KEEP), setting.machine);
    await removeEngine(setting.machine);
    expect(await endedIn(setting)).toEqual(["buildkitd", "containerd"]);
  });

  it("is locked by one engine; another engine starts without it and notes this", async () => {
    const setting = await makeEngineSetting();
    await provideEngine(request("buildctl", setting, KEEP), setting.machine);
    const { notes } = await provideEngine(request("buildctl", setting, KEEP), setting.machine);
    expect(notes).toEqual([expect.stringContaining("keep-state")]);
    expect(await readFile(join(engineOf(setting), "buildkitd.toml"), "utf8")).toContain(
      `root = "${engineOf(setting)}/`,
    );
  });

  /** A machine on which this user may not write to paths that contain `beside`. */
  async function shared(beside: string, env = {}) {
    const setting = await makeEngineSetting(env);
    const { files } = setting.machine;
    const makeDirectory: typeof files.makeDirectory = async (path, mode) => {
      if (path.includes(beside)) throw Object.assign(new Error("permission denied"), { code: "EACCES" });
      return files.makeDirectory(path, mode);
    };
    return { ...setting, machine: { ...setting.machine, files: { ...files, makeDirectory } } };
  }

  it("is in the user's home if the directory beside the tool cache belongs to another user", async () => {
    const setting = await shared("/_bento-image/");
    const { notes } = await provideEngine(request("buildctl", setting, KEEP), setting.machine);
    expect(notes).toEqual([]);
    expect(await readFile(join(engineOf(setting), "buildkitd.toml"), "utf8")).toMatch(
      /^root = ".*\/\.local\/state\/bento-image\/\d+\/buildctl\/buildkitd"/,
    );
  });

  it("is left out, with a note of the paths that were tried, if this user cannot write to any", async () => {
    const setting = await shared("bento-image/");
    const { notes } = await provideEngine(request("buildctl", setting, KEEP), setting.machine);
    expect(notes).toEqual([expect.stringMatching(/^keep-state: neither .*_bento-image\/0 nor .*\/bento-image\/0 is/)]);
  });

  it.runIf(process.getuid?.() === 0)(
    "is never a directory of another user (only as root, who can create one)",
    async () => {
      const setting = await makeEngineSetting();
      const prepared = join(setting.temporary, "../_bento-image/0");
      await mkdir(prepared, { recursive: true });
      await chown(prepared, 54_321, 54_321);
      await provideEngine(request("buildctl", setting, KEEP), setting.machine);
      expect(await readFile(join(engineOf(setting), "buildkitd.toml"), "utf8")).not.toContain("_bento-image");
    },
  );
});
