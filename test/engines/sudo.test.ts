import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanUp } from "../../src/engines/clean-up.ts";
import type { EngineMachine } from "../../src/engines/engine.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { asRoot, findSudo } from "../../src/engines/sudo.ts";
import type { Env } from "../../src/machine/machine.ts";
import { engineOf, exists, makeEngineSetting, request } from "./engine-context.ts";

/** A sudo that clears the environment and logs its arguments. */
const SUDO = `#!/bin/sh
printf '%s\\n' "$*" >> "$(dirname "$0")/sudo.log"
[ "$SUDO_ASKS" = password ] && exit 1
while case $1 in -*) true ;; *) false ;; esac; do shift; done
exec env -i PATH="$PATH" "$@"
`;

const NAMESPACES_SETTING = "/proc/sys/user/max_user_namespaces";

/** The user `ann` on a machine that forbids user namespaces and has this sudo. */
async function restricted(env: Env = {}) {
  const setting = await makeEngineSetting();
  const bin = join(setting.tools, "..");
  await writeFile(join(bin, "sudo"), SUDO);
  await chmod(join(bin, "sudo"), 0o755);
  const { files, processes, system } = setting.machine;
  const all = { ...setting.machine.env, PATH: `${bin}:${process.env["PATH"]}`, ...env };
  const machine: EngineMachine = {
    ...setting.machine,
    env: all,
    files: { ...files, readText: async (path) => (path === NAMESPACES_SETTING ? "0\n" : files.readText(path)) },
    processes: {
      ...processes,
      which: async (tool) => (tool === "sudo" ? join(bin, "sudo") : processes.which(tool)),
      capture: (invocation) => processes.capture({ env: all, ...invocation }),
    },
    system: { ...system, user: () => ({ id: 1000, name: "ann" }) },
  };
  const sudoCalls = async () => (await readFile(join(bin, "sudo.log"), "utf8")).trim().split("\n");
  return { setting, machine, sudoCalls };
}

describe("without user namespaces, but with sudo without a password", () => {
  it("buildkitd runs as root, with a note, and its socket belongs to the user", async () => {
    const { setting, machine } = await restricted();
    const { notes } = await provideEngine(request("buildctl", setting), machine);
    expect(notes).toEqual([
      expect.stringMatching(/^buildkitd runs as root with sudo, because .*max_user_namespaces is 0$/),
    ]);
    const configuration = await readFile(join(engineOf(setting), "buildkitd.toml"), "utf8");
    expect(configuration).toMatch(/^uid = 1000$/m);
    expect((await stat(join(engineOf(setting), "run"))).mode & 0o777).toBe(0o700);
    await cleanUp(engineOf(setting), machine);
  });

  it("the clean-up runs the post step as root", async () => {
    const { setting, machine, sudoCalls } = await restricted();
    await provideEngine(request("buildctl", setting), machine);
    const [daemon] = await setting.machine.system.marked(MARK, engineOf(setting));
    expect(await cleanUp(engineOf(setting), machine)).toEqual([]);
    expect((await sudoCalls()).at(-1)).toMatch(
      new RegExp(`^-n env timeout 280 \\S*node \\S*/post.ts --for 1000 ${engineOf(setting)}$`),
    );
    expect(daemon === undefined || (await machine.system.isAlive(daemon))).toBe(false);
    expect(await exists(engineOf(setting))).toBe(false);
  });

  it("the clean-up reports what root could not remove", async () => {
    const { setting, machine } = await restricted();
    await provideEngine(request("buildctl", setting), machine);
    const ask: EngineMachine["processes"]["ask"] = async (invocation) =>
      invocation.args.includes("timeout")
        ? { code: 1, stdout: "", stderr: "sudo: a password is required\n" }
        : machine.processes.ask(invocation);
    const left = await cleanUp(engineOf(setting), { ...machine, processes: { ...machine.processes, ask } });
    expect(left).toEqual([expect.stringMatching(/^processes and files of root in .*: sudo: a password is required$/)]);
  });

  it("the sweep finds engines of root by their daemon's arguments", async () => {
    const { setting, machine, sudoCalls } = await restricted();
    const forgotten = join(setting.temporary, "bento-image-engine-0123abcd");
    const system = {
      ...machine.system,
      rootsArguments: async () => [forgotten, "/elsewhere/bento-image-engine-0123abcd", `${setting.temporary}/x`],
    };
    const { notes } = await provideEngine(request("buildctl", setting), { ...machine, system });
    expect(notes[0]).toContain(forgotten);
    expect((await sudoCalls()).filter((words) => words.includes("--for"))).toEqual([
      expect.stringContaining(forgotten),
    ]);
    await cleanUp(engineOf(setting), machine);
  });
});

describe("without user namespaces, and with a sudo that asks for a password", () => {
  it("the failure names the kernel setting and sudo", async () => {
    const { setting, machine } = await restricted({ SUDO_ASKS: "password" });
    await expect(provideEngine(request("buildctl", setting), machine)).rejects.toMatchObject({
      code: "RootlessForbidden",
      message: expect.stringContaining("user.max_user_namespaces is 0"),
      hint: expect.stringMatching(/sudo sysctl -w .* sudo without a password/),
    });
    expect(await exists(engineOf(setting))).toBe(false);
  });
});

describe("a command that runs as root", () => {
  const env = { PATH: "/bin", HTTPS_PROXY: "http://ann:pass@proxy", TOKEN: "s3cret", SSL_CERT_FILE: "/ca.pem" };

  it("gets only its own variables, proxies and certificates of the step's environment", async () => {
    const { machine } = await restricted(env);
    const sudo = await findSudo(machine);
    expect(sudo?.slice(1)).toEqual(["-n", "--preserve-env=HTTPS_PROXY"]);
    const command = asRoot(sudo ?? [""], ["buildkitd"], { TMPDIR: "/e/tmp" }, env);
    expect(command.argv.slice(3)).toEqual(["env", "SSL_CERT_FILE=/ca.pem", "TMPDIR=/e/tmp", "buildkitd"]);
    expect(command.env).toMatchObject({ PATH: "/bin", HTTPS_PROXY: "http://ann:pass@proxy" });
    expect(JSON.stringify(command)).not.toContain("s3cret");
  });
});
