import { chown, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanUp } from "../../src/engines/clean-up.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { endedIn, engineOf, exists, makeEngineGround, request } from "./engine-context.ts";

describe("an engine of our own", () => {
  it("is ready when it is given, and gone after clean-up", async () => {
    const ground = await makeEngineGround();
    const { builder = "", env } = await provideEngine(request("buildctl", ground), ground.machine);
    const directory = engineOf(ground);
    expect(builder).toBe(`unix://${directory}/run/buildkitd.sock`);
    expect(env["BUILDKIT_HOST"]).toBe(builder);
    expect(await ground.machine.system.listens(builder.slice("unix://".length))).toBe(true);

    expect(await cleanUp(directory, ground.machine)).toEqual([]);
    expect(await exists(directory)).toBe(false);
    expect(await ground.machine.system.marked(MARK, directory)).toEqual([]);
  });

  it("is private to its user", async () => {
    const ground = await makeEngineGround();
    await provideEngine(request("buildctl", ground), ground.machine);
    expect((await stat(engineOf(ground))).mode & 0o777).toBe(0o700);
    expect((await stat(join(engineOf(ground), "record.json"))).mode & 0o777).toBe(0o600);
  });

  it("is told to the post step before anything of it exists", async () => {
    const ground = await makeEngineGround();
    const seen: Promise<boolean>[] = [];
    const actions = { ...ground.machine.actions, saveState: (_: string, path: string) => void seen.push(exists(path)) };
    await provideEngine(request("buildctl", ground), { ...ground.machine, actions });
    expect(await Promise.all(seen)).toEqual([false]);
  });

  it("puts the installed tools before those on PATH", async () => {
    const ground = await makeEngineGround();
    const { env } = await provideEngine(request("docker", ground), ground.machine);
    expect(env).toEqual({ PATH: `${ground.tools}:${process.env["PATH"]}` });
    expect(ground.machine.state.size).toBe(0);
  });

  it("does not disturb another one", async () => {
    const ground = await makeEngineGround();
    const one = await provideEngine(request("buildctl", ground), ground.machine);
    const first = engineOf(ground);
    const other = await provideEngine(request("buildctl", ground), ground.machine);
    expect(other.builder).not.toBe(one.builder);
    await cleanUp(engineOf(ground), ground.machine);
    expect(await ground.machine.system.listens(`${first}/run/buildkitd.sock`)).toBe(true);
  });

  it("has short paths of sockets however deep the temporary directory lies", async () => {
    const shallow = await makeEngineGround();
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
    const ground = await makeEngineGround({ CONTAINERD_ADDRESS: "/nobody/is/here.sock" });
    const { env } = await provideEngine(request("nerdctl", ground), ground.machine);
    expect(Object.keys(env).sort()).toEqual([
      ...["BUILDKIT_HOST", "CONTAINERD_ADDRESS", "CONTAINERD_NAMESPACE", "NERDCTL_TOML", "PATH"],
    ]);
    await removeEngine(ground.machine);
    expect(await endedIn(ground)).toEqual([]);
    expect(await exists(engineOf(ground))).toBe(false);
  });
});

describe("a daemon that does not start", () => {
  it("shows the end of its own log and what it means, and leaves nothing", async () => {
    const ground = await makeEngineGround({ FAKE: "ends" });
    await expect(provideEngine(request("buildctl", ground), ground.machine)).rejects.toMatchObject({
      class: "engine",
      code: "EngineNotReady",
      message: "buildkitd ended instead of starting",
      lines: expect.arrayContaining(["line 29", "listen unix: address already in use"]),
      hint: expect.stringContaining("same socket"),
    });
    expect(await exists(engineOf(ground))).toBe(false);
  });

  it("that is not there is named, and leaves nothing", async () => {
    const ground = await makeEngineGround();
    const machine = { ...ground.machine, processes: { ...ground.machine.processes, which: async () => undefined } };
    const asked = request("buildctl", ground, { tools: [] });
    await expect(provideEngine(asked, machine)).rejects.toMatchObject({ class: "tool", code: "ToolMissing" });
    expect(await exists(engineOf(ground))).toBe(false);
  });

  it("is not waited for after a cancel, and leaves nothing", async () => {
    const ground = await makeEngineGround({ FAKE: "silent" });
    const provided = provideEngine(request("buildctl", ground), ground.machine);
    setTimeout(ground.cancel, 200);
    await expect(provided).rejects.toMatchObject({ class: "cancelled" });
    expect(await ground.machine.system.marked(MARK, engineOf(ground))).toEqual([]);
    expect(await exists(engineOf(ground))).toBe(false);
  });
});

describe("kept state", () => {
  const KEEP = { keepState: true };

  it("is there again for the next engine", async () => {
    const ground = await makeEngineGround();
    await provideEngine(request("buildctl", ground, KEEP), ground.machine);
    const config = async () => readFile(join(engineOf(ground), "buildkitd.toml"), "utf8");
    const [, root = ""] = /^root = "(.+)"/.exec(await config()) ?? [];
    await removeEngine(ground.machine);
    expect(await exists(root)).toBe(true);
    const { notes } = await provideEngine(request("buildctl", ground, KEEP), ground.machine);
    expect(notes).toEqual([]);
    expect(await config()).toContain(`root = "${root}"`);
  });

  it("is put in order by the daemons, which end in the reverse order", async () => {
    const ground = await makeEngineGround({ CONTAINERD_ADDRESS: "/nobody/is/here.sock" });
    await provideEngine(request("nerdctl", ground, KEEP), ground.machine);
    await removeEngine(ground.machine);
    expect(await endedIn(ground)).toEqual(["buildkitd", "containerd"]);
  });

  it("is one engine's at a time; another one starts without it and says so", async () => {
    const ground = await makeEngineGround();
    await provideEngine(request("buildctl", ground, KEEP), ground.machine);
    const { notes } = await provideEngine(request("buildctl", ground, KEEP), ground.machine);
    expect(notes).toEqual([expect.stringContaining("keep-state")]);
    expect(await readFile(join(engineOf(ground), "buildkitd.toml"), "utf8")).toContain(`root = "${engineOf(ground)}/`);
  });

  /** A machine whose tool cache has another user's state beside it, which this one may not write into. */
  async function shared(beside: string, env = {}) {
    const ground = await makeEngineGround(env);
    const { files } = ground.machine;
    const makeDirectory: typeof files.makeDirectory = async (path, mode) => {
      if (path.includes(beside)) throw Object.assign(new Error("permission denied"), { code: "EACCES" });
      return files.makeDirectory(path, mode);
    };
    return { ...ground, machine: { ...ground.machine, files: { ...files, makeDirectory } } };
  }

  it("is in the user's own directory where the one beside the tool cache is another user's", async () => {
    const ground = await shared("/_bento-image/");
    const { notes } = await provideEngine(request("buildctl", ground, KEEP), ground.machine);
    expect(notes).toEqual([]);
    expect(await readFile(join(engineOf(ground), "buildkitd.toml"), "utf8")).toMatch(
      /^root = ".*\/\.local\/state\/bento-image\/\d+\/buildctl\/buildkitd"/,
    );
  });

  it("is left out, with the places that were tried, where there is none for this user", async () => {
    const ground = await shared("bento-image/");
    const { notes } = await provideEngine(request("buildctl", ground, KEEP), ground.machine);
    expect(notes).toEqual([expect.stringMatching(/^keep-state: neither .*_bento-image\/0 nor .*\/bento-image\/0 is/)]);
  });

  it.runIf(process.getuid?.() === 0)(
    "is never what somebody else prepared (run by root, who can make another user's)",
    async () => {
      const ground = await makeEngineGround();
      const prepared = join(ground.temporary, "../_bento-image/0");
      await mkdir(prepared, { recursive: true });
      await chown(prepared, 54_321, 54_321);
      await provideEngine(request("buildctl", ground, KEEP), ground.machine);
      expect(await readFile(join(engineOf(ground), "buildkitd.toml"), "utf8")).not.toContain("_bento-image");
    },
  );
});
