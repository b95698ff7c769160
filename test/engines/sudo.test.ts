import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanUp } from "../../src/engines/clean-up.ts";
import type { EngineMachine } from "../../src/engines/engine.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { asRoot, findSudo } from "../../src/engines/sudo.ts";
import type { Env } from "../../src/machine/machine.ts";
import { engineOf, exists, makeEngineGround, request } from "./engine-context.ts";

/** A sudo that takes the environment away, and writes down what it is asked for. */
const SUDO = `#!/bin/sh
printf '%s\\n' "$*" >> "$(dirname "$0")/sudo.log"
[ "$SUDO_ASKS" = password ] && exit 1
while case $1 in -*) true ;; *) false ;; esac; do shift; done
exec env -i PATH="$PATH" "$@"
`;

const SETTING = "/proc/sys/user/max_user_namespaces";

/** The user `ann` on a machine that forbids user namespaces and has such a sudo. */
async function restricted(env: Env = {}) {
  const ground = await makeEngineGround();
  const bin = join(ground.tools, "..");
  await writeFile(join(bin, "sudo"), SUDO);
  await chmod(join(bin, "sudo"), 0o755);
  const { files, processes, system } = ground.machine;
  const all = { ...ground.machine.env, PATH: `${bin}:${process.env["PATH"]}`, ...env };
  const machine: EngineMachine = {
    ...ground.machine,
    env: all,
    files: { ...files, readText: async (path) => (path === SETTING ? "0\n" : files.readText(path)) },
    processes: {
      ...processes,
      which: async (tool) => (tool === "sudo" ? join(bin, "sudo") : processes.which(tool)),
      capture: (invocation) => processes.capture({ env: all, ...invocation }),
    },
    system: { ...system, user: () => ({ id: 1000, name: "ann" }) },
  };
  const asked = async () => (await readFile(join(bin, "sudo.log"), "utf8")).trim().split("\n");
  return { ground, machine, asked };
}

describe("where user namespaces are forbidden, and sudo asks for no password", () => {
  it("buildkitd is root's, and says so; its socket is the user's", async () => {
    const { ground, machine } = await restricted();
    const { notes } = await provideEngine(request("buildctl", ground), machine);
    expect(notes).toEqual([expect.stringMatching(/^buildkitd runs as root, by sudo, as .*max_user_namespaces is 0$/)]);
    const configuration = await readFile(join(engineOf(ground), "buildkitd.toml"), "utf8");
    expect(configuration).toMatch(/^uid = 1000$/m);
    expect((await stat(join(engineOf(ground), "run"))).mode & 0o777).toBe(0o700);
    await cleanUp(engineOf(ground), machine);
  });

  it("the clean-up is root's post step", async () => {
    const { ground, machine, asked } = await restricted();
    await provideEngine(request("buildctl", ground), machine);
    const [daemon] = await ground.machine.system.marked(MARK, engineOf(ground));
    expect(await cleanUp(engineOf(ground), machine)).toEqual([]);
    expect((await asked()).at(-1)).toMatch(
      new RegExp(`^-n env timeout 280 \\S*node \\S*/post.ts --for 1000 ${engineOf(ground)}$`),
    );
    expect(daemon === undefined || (await machine.system.isAlive(daemon))).toBe(false);
    expect(await exists(engineOf(ground))).toBe(false);
  });

  it("what root could not remove is told", async () => {
    const { ground, machine } = await restricted();
    await provideEngine(request("buildctl", ground), machine);
    const ask: EngineMachine["processes"]["ask"] = async (invocation) =>
      invocation.args.includes("timeout")
        ? { code: 1, stdout: "", stderr: "sudo: a password is required\n" }
        : machine.processes.ask(invocation);
    const left = await cleanUp(engineOf(ground), { ...machine, processes: { ...machine.processes, ask } });
    expect(left).toEqual([expect.stringMatching(/^what is root's in .*: sudo: a password is required$/)]);
  });

  it("what the runner could not remove is found by the daemon's arguments", async () => {
    const { ground, machine, asked } = await restricted();
    const forgotten = join(ground.temporary, "bento-image-engine-0123abcd");
    const system = {
      ...machine.system,
      rootsArguments: async () => [forgotten, "/elsewhere/bento-image-engine-0123abcd", `${ground.temporary}/x`],
    };
    const { notes } = await provideEngine(request("buildctl", ground), { ...machine, system });
    expect(notes[0]).toContain(forgotten);
    expect((await asked()).filter((words) => words.includes("--for"))).toEqual([expect.stringContaining(forgotten)]);
    await cleanUp(engineOf(ground), machine);
  });
});

describe("where sudo asks for a password", () => {
  it("the failure names the setting, and sudo", async () => {
    const { ground, machine } = await restricted({ SUDO_ASKS: "password" });
    await expect(provideEngine(request("buildctl", ground), machine)).rejects.toMatchObject({
      code: "RootlessForbidden",
      message: expect.stringContaining("user.max_user_namespaces is 0"),
      hint: expect.stringMatching(/sudo sysctl -w .* a sudo without a password/),
    });
    expect(await exists(engineOf(ground))).toBe(false);
  });
});

describe("a command of root's", () => {
  const env = { PATH: "/bin", HTTPS_PROXY: "http://ann:pass@proxy", TOKEN: "s3cret", SSL_CERT_FILE: "/ca.pem" };

  it("gets what it is given, proxies and certificates, and nothing else of the step", async () => {
    const { machine } = await restricted(env);
    const sudo = await findSudo(machine);
    expect(sudo?.slice(1)).toEqual(["-n", "--preserve-env=HTTPS_PROXY"]);
    const command = asRoot(sudo ?? [""], ["buildkitd"], { TMPDIR: "/e/tmp" }, env);
    expect(command.argv.slice(3)).toEqual(["env", "SSL_CERT_FILE=/ca.pem", "TMPDIR=/e/tmp", "buildkitd"]);
    expect(command.env).toMatchObject({ PATH: "/bin", HTTPS_PROXY: "http://ann:pass@proxy" });
    expect(JSON.stringify(command)).not.toContain("s3cret");
  });
});
