import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { BuilderRequest } from "../../src/engines/engine.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { type EngineSetting, engineOf, exists, makeEngineSetting, request } from "./engine-context.ts";

/** Logs its arguments, and stores builders like buildx does. FAKE is the argument on which it fails. */
const BUILDX = `#!${process.execPath}
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const words = process.argv.slice(2);
const { FAKE, LOG, BUILDX_CONFIG, RUNNER_TEMP } = process.env;
appendFileSync(LOG, JSON.stringify(words) + "\\n");
if (words[0] === "create") {
  const name = words[words.indexOf("--name") + 1];
  const record = readFileSync(RUNNER_TEMP + "/" + name + "/record.json", "utf8");
  if (!record.includes('"kind":"builder"')) process.exit(9);
  mkdirSync(BUILDX_CONFIG + "/instances", { recursive: true });
  writeFileSync(BUILDX_CONFIG + "/instances/" + name, "{}");
}
if (FAKE !== undefined && words.includes(FAKE)) { console.error("ERROR: it cannot be"); process.exit(1); }
`;

interface BuildxSetting extends EngineSetting {
  calls(): Promise<readonly (readonly string[])[]>;
}

async function makeSetting(fake?: string): Promise<BuildxSetting> {
  const setting = await makeEngineSetting({ ...(fake === undefined ? {} : { FAKE: fake }) });
  const log = join(setting.temporary, "..", "log");
  await writeFile(log, "");
  await writeFile(join(setting.tools, "docker-buildx"), BUILDX);
  await chmod(join(setting.tools, "docker-buildx"), 0o755);
  const machine = { ...setting.machine, env: { ...setting.machine.env, LOG: log } };
  const lines = async (): Promise<readonly string[]> => (await readFile(log, "utf8")).split("\n").filter(Boolean);
  return { ...setting, machine, calls: async () => (await lines()).map((line) => JSON.parse(line)) };
}

function make(setting: BuildxSetting, builder: BuilderRequest, settings = {}) {
  const calls = request("buildx", setting, { builder });
  return provideEngine({ ...calls, settings: { ...calls.settings, ...settings } }, setting.machine);
}

const TCP = { driver: "remote", options: {}, platforms: [] } as const;
const POD = { driver: "kubernetes", options: { namespace: "builds" }, readyWithin: 1_000, platforms: [] } as const;

describe("a requested buildx builder", () => {
  it("has a node for each address, and is removed in the post step", async () => {
    const setting = await makeSetting();
    const nodes = [
      { ...TCP, endpoint: "tcp://a:1", platforms: ["linux/arm64", "linux/arm/v7"] },
      { ...TCP, endpoint: "unix:///b" },
    ];
    const { builder = "", env } = await make(setting, { nodes, keys: {} });
    expect(env["BUILDX_CONFIG"]).toBe(`${engineOf(setting)}/buildx`);
    const remote = ["--driver", "remote"];
    expect(await setting.calls()).toEqual([
      ["version"],
      [
        ...["create", "--name", builder, "--node", `${builder}0`, "--use", ...remote],
        ...["--platform", "linux/arm64,linux/arm/v7", "tcp://a:1"],
      ],
      ["create", "--name", builder, "--node", `${builder}1`, "--append", ...remote, "unix:///b"],
    ]);
    await removeEngine(setting.machine);
    expect((await setting.calls()).at(-1)).toEqual(["rm", "--force", "--timeout", "110s", builder]);
    expect(await exists(engineOf(setting))).toBe(false);
  });

  it("moves the keys to its own directory, with mode 0600, and uses them for tcp:// only", async () => {
    const setting = await makeSetting();
    const pemPath = (name: string): string => join(setting.temporary, "..", `${name}.pem`);
    for (const name of ["ca", "cert", "key"]) await writeFile(pemPath(name), "PEM\n", { mode: 0o600 });
    const nodes = [
      { ...TCP, endpoint: "tcp://a:1" },
      { ...TCP, endpoint: "unix:///b" },
    ];
    await make(setting, { nodes, keys: { ca: pemPath("ca"), cert: pemPath("cert"), key: pemPath("key") } });
    const [, first = [], second = []] = await setting.calls();
    const kept = `${engineOf(setting)}/key.pem`;
    expect(first).toContain(`key=${kept}`);
    expect(second.join(" ")).not.toContain(".pem");
    expect([await readFile(kept, "utf8"), (await stat(kept)).mode & 0o777]).toEqual(["PEM\n", 0o600]);
    expect(await exists(pemPath("key"))).toBe(false);
  });

  it("in a cluster has its options as CSV fields, and a configuration if there are settings", async () => {
    const setting = await makeSetting();
    const options = { namespace: "builds", tolerations: "key=a,operator=Exists" };
    await make(setting, { nodes: [{ ...POD, options }], keys: {} });
    const plain = (await setting.calls()).at(-1) ?? [];
    const driver = ["--driver", "kubernetes", "--driver-opt", "namespace=builds"];
    expect(plain.slice(6)).toEqual([...driver, "--driver-opt", '"tolerations=key=a,operator=Exists"', "--bootstrap"]);
    await make(setting, { nodes: [POD], keys: {} }, { insecure: ["registry.internal:5000"] });
    const configured = (await setting.calls()).at(-1) ?? [];
    expect(configured.slice(-3)).toEqual(["--buildkitd-config", `${engineOf(setting)}/builder.toml`, "--bootstrap"]);
  });

  it("that cannot be created fails with class engine and buildx's own lines, and leaves nothing", async () => {
    const setting = await makeSetting("create");
    await expect(make(setting, { nodes: [POD], keys: {} })).rejects.toMatchObject({
      class: "engine",
      message: "buildx cannot create a builder in the namespace builds",
      lines: ["ERROR: it cannot be"],
      hint: expect.stringContaining("KUBECONFIG"),
    });
    expect((await setting.calls()).at(-1)?.[0]).toBe("rm");
    expect(await exists(engineOf(setting))).toBe(false);
  });

  it("fails when its time is over, even if buildx, asked to end, exits with 0", async () => {
    const setting = await makeSetting();
    const late = new AbortController();
    const { capture } = setting.machine.processes;
    const processes: typeof setting.machine.processes = {
      ...setting.machine.processes,
      async capture({ signal, ...invocation }) {
        const answer = await capture(invocation);
        if (signal !== undefined) late.abort();
        return answer;
      },
    };
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(late.signal);
    onTestFinished(() => timeout.mockRestore());
    const nodes = [{ ...TCP, endpoint: "tcp://a:1" }];
    const machine = { ...setting.machine, processes };
    await expect(make({ ...setting, machine }, { nodes, keys: {} })).rejects.toMatchObject({
      class: "engine",
      message: "buildx cannot create a builder at tcp://a:1 within 8 s",
    });
    expect(await exists(engineOf(setting))).toBe(false);
  });

  it("fails with the missing program if docker has no buildx plugin", async () => {
    const setting = await makeSetting("version");
    await expect(make(setting, { nodes: [POD], keys: {} })).rejects.toMatchObject({ program: "docker-buildx" });
    expect(await exists(engineOf(setting))).toBe(false);
  });
});
