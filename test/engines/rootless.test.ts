import { describe, expect, it } from "vitest";
import { checkRootless, hasOwnProc } from "../../src/engines/rootless.ts";
import type { Machine } from "../../src/machine/machine.ts";
import { makeEngineSetting } from "./engine-context.ts";

/** A machine that allows rootless builds by the user `ann` (1000), with these files changed and these programs missing. */
async function setting(files: Readonly<Record<string, string>>, missing: readonly string[] = [], code = 0) {
  const { machine } = await makeEngineSetting();
  const all: Readonly<Record<string, string>> = {
    "/proc/sys/user/max_user_namespaces": "96365\n",
    "/etc/subuid": "ann:100000:65536\n",
    "/etc/subgid": "1000:100000:65536\n",
    ...files,
  };
  const info: Machine["files"]["info"] = async (path) =>
    all[path] === undefined ? undefined : { kind: "file", size: 0, mode: 0o644, modified: new Date(0) };
  return {
    files: { ...machine.files, info, readText: async (path: string) => all[path] ?? "" },
    processes: {
      ...machine.processes,
      which: async (tool: string) => (missing.includes(tool) ? undefined : `/usr/bin/${tool}`),
      capture: async () => ({ code, stdout: "", stderr: "" }),
    },
    system: { ...machine.system, user: () => ({ id: 1000, name: "ann" }) },
  };
}

describe("a rootless buildkitd", () => {
  it("is possible for a user with subordinate ids", async () => {
    expect(await checkRootless([], await setting({}))).toBe("/usr/bin/rootlesskit");
  });

  it.each([
    ["kernel.unprivileged_userns_clone", { "/proc/sys/kernel/unprivileged_userns_clone": "0\n" }, []],
    ["user.max_user_namespaces", { "/proc/sys/user/max_user_namespaces": "0\n" }, []],
    ["newuidmap", {}, ["newuidmap"]],
    ["/etc/subuid", { "/etc/subuid": "anna:100000:65536\n" }, []],
    ["/etc/subgid", { "/etc/subgid": "" }, []],
  ])("is prevented by %s, with a hint how to change it", async (obstacle, files, missing) => {
    await expect(checkRootless([], await setting(files, missing))).rejects.toMatchObject({
      class: "engine",
      code: "RootlessForbidden",
      message: expect.stringContaining(obstacle),
      hint: expect.stringContaining("sudo "),
    });
  });

  it("requires an AppArmor profile if AppArmor restricts user namespaces", async () => {
    const files = { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" };
    expect(await checkRootless([], await setting(files, [], 0))).toBe("/usr/bin/rootlesskit");
    await expect(checkRootless([], await setting(files, [], 1))).rejects.toMatchObject({
      message: expect.stringContaining("kernel.apparmor_restrict_unprivileged_userns is 1"),
    });
  });

  it("is prevented by AppArmor if rootlesskit is not installed yet", async () => {
    const files = { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" };
    await expect(checkRootless([], await setting(files, ["rootlesskit"]))).rejects.toMatchObject({
      code: "RootlessForbidden",
      hint: expect.stringContaining("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    });
  });

  it("needs rootlesskit", async () => {
    await expect(checkRootless([], await setting({}, ["rootlesskit"]))).rejects.toMatchObject({ class: "tool" });
  });

  it.each([
    ["gives build steps their own /proc", [], true],
    ["gives build steps their own /proc if only binfmt_misc is mounted", ["/proc/sys/fs/binfmt_misc"], true],
    ["cannot do this if parts of /proc are masked", ["/proc/kcore"], false],
  ])("%s", async (_, mounts, own) => {
    const { system, ...rest } = await setting({});
    expect(await hasOwnProc({ ...rest, system: { ...system, mountsBelow: async () => mounts } })).toBe(own);
  });
});
