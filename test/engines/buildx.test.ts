import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { BuilderWish } from "../../src/engines/engine.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { type EngineGround, engineOf, exists, makeEngineGround, wish } from "./ground.ts";

/** Tells what it was asked, and keeps builders where buildx does; FAKE says which words go wrong. */
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

interface BuildxGround extends EngineGround {
  asked(): Promise<readonly (readonly string[])[]>;
}

async function makeGround(fake?: string): Promise<BuildxGround> {
  const ground = await makeEngineGround({ ...(fake === undefined ? {} : { FAKE: fake }) });
  const log = join(ground.temporary, "..", "log");
  await writeFile(log, "");
  await writeFile(join(ground.tools, "docker-buildx"), BUILDX);
  await chmod(join(ground.tools, "docker-buildx"), 0o755);
  const world = { ...ground.world, env: { ...ground.world.env, LOG: log } };
  const lines = async (): Promise<readonly string[]> => (await readFile(log, "utf8")).split("\n").filter(Boolean);
  return { ...ground, world, asked: async () => (await lines()).map((line) => JSON.parse(line)) };
}

function make(ground: BuildxGround, builder: BuilderWish, settings = {}) {
  const asked = wish("buildx", ground, { builder });
  return provideEngine({ ...asked, settings: { ...asked.settings, ...settings } }, ground.world);
}

const TCP = { driver: "remote", options: {}, platforms: [] } as const;
const POD = { driver: "kubernetes", options: { namespace: "builds" }, readyWithin: 1_000, platforms: [] } as const;

describe("a builder of buildx that is asked for", () => {
  it("has a node for each address, and is removed in the post step", async () => {
    const ground = await makeGround();
    const nodes = [
      { ...TCP, endpoint: "tcp://a:1", platforms: ["linux/arm64", "linux/arm/v7"] },
      { ...TCP, endpoint: "unix:///b" },
    ];
    const { builder = "", env } = await make(ground, { nodes, keys: {} });
    expect(env["BUILDX_CONFIG"]).toBe(`${engineOf(ground)}/buildx`);
    const remote = ["--driver", "remote"];
    expect(await ground.asked()).toEqual([
      ["version"],
      [
        ...["create", "--name", builder, "--node", `${builder}0`, "--use", ...remote],
        ...["--platform", "linux/arm64,linux/arm/v7", "tcp://a:1"],
      ],
      ["create", "--name", builder, "--node", `${builder}1`, "--append", ...remote, "unix:///b"],
    ]);
    await removeEngine(ground.world);
    expect((await ground.asked()).at(-1)).toEqual(["rm", "--force", "--timeout", "110s", builder]);
    expect(await exists(engineOf(ground))).toBe(false);
  });

  it("takes the keys with it, for its owner alone, and shows them to tcp:// only", async () => {
    const ground = await makeGround();
    const given = (name: string): string => join(ground.temporary, "..", `${name}.pem`);
    for (const name of ["ca", "cert", "key"]) await writeFile(given(name), "PEM\n", { mode: 0o600 });
    const nodes = [
      { ...TCP, endpoint: "tcp://a:1" },
      { ...TCP, endpoint: "unix:///b" },
    ];
    await make(ground, { nodes, keys: { ca: given("ca"), cert: given("cert"), key: given("key") } });
    const [, first = [], second = []] = await ground.asked();
    const kept = `${engineOf(ground)}/key.pem`;
    expect(first).toContain(`key=${kept}`);
    expect(second.join(" ")).not.toContain(".pem");
    expect([await readFile(kept, "utf8"), (await stat(kept)).mode & 0o777]).toEqual(["PEM\n", 0o600]);
    expect(await exists(given("key"))).toBe(false);
  });

  it("in a cluster has its options as fields of CSV, and a configuration where there is one to have", async () => {
    const ground = await makeGround();
    const options = { namespace: "builds", tolerations: "key=a,operator=Exists" };
    await make(ground, { nodes: [{ ...POD, options }], keys: {} });
    const plain = (await ground.asked()).at(-1) ?? [];
    const driver = ["--driver", "kubernetes", "--driver-opt", "namespace=builds"];
    expect(plain.slice(6)).toEqual([...driver, "--driver-opt", '"tolerations=key=a,operator=Exists"', "--bootstrap"]);
    await make(ground, { nodes: [POD], keys: {} }, { insecure: ["registry.internal:5000"] });
    const configured = (await ground.asked()).at(-1) ?? [];
    expect(configured.slice(-3)).toEqual(["--buildkitd-config", `${engineOf(ground)}/builder.toml`, "--bootstrap"]);
  });

  it("that cannot be made is a failure of the engine in buildx's words, and nothing stays", async () => {
    const ground = await makeGround("create");
    await expect(make(ground, { nodes: [POD], keys: {} })).rejects.toMatchObject({
      class: "engine",
      message: "buildx cannot make a builder in the namespace builds",
      lines: ["ERROR: it cannot be"],
      hint: expect.stringContaining("KUBECONFIG"),
    });
    expect((await ground.asked()).at(-1)?.[0]).toBe("rm");
    expect(await exists(engineOf(ground))).toBe(false);
  });

  it("whose time is over is a failure, even when buildx, asked to end, ends with 0", async () => {
    const ground = await makeGround();
    const late = new AbortController();
    const { capture } = ground.world.processes;
    const processes: typeof ground.world.processes = {
      ...ground.world.processes,
      async capture({ signal, ...invocation }) {
        const answer = await capture(invocation);
        if (signal !== undefined) late.abort();
        return answer;
      },
    };
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(late.signal);
    onTestFinished(() => timeout.mockRestore());
    const nodes = [{ ...TCP, endpoint: "tcp://a:1" }];
    await expect(make({ ...ground, world: { ...ground.world, processes } }, { nodes, keys: {} })).rejects.toMatchObject(
      {
        class: "engine",
        message: "buildx cannot make a builder at tcp://a:1 within 8 s",
      },
    );
    expect(await exists(engineOf(ground))).toBe(false);
  });

  it("without the plugin is a program that is missing", async () => {
    const ground = await makeGround("version");
    await expect(make(ground, { nodes: [POD], keys: {} })).rejects.toMatchObject({ program: "docker-buildx" });
    expect(await exists(engineOf(ground))).toBe(false);
  });
});
