import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type CountingProxy, openCountingProxy } from "./counting-proxy.ts";
import { type FreshEngines, openFreshEngines } from "./fresh-engine.ts";
import { type Inputs, succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** What goes between this machine and a buildkitd elsewhere. */
let lab: Lab;
let tiny: TinyBento;
let engines: FreshEngines;
let proxy: CountingProxy;
/** A builder of buildx for the same daemon. */
const farm = `wire-${randomUUID()}`;

const MIB = 1 << 20;
const WEIGHTS = 64 * MIB;
const docker = (...args: readonly string[]) => promisify(execFile)("docker", args, { env: lab.env });

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  engines = await openFreshEngines(lab);
  const { inputs } = await engines.start("buildctl");
  proxy = await openCountingProxy((inputs["builder"] ?? "").replace("unix://", ""));
  await docker("buildx", "create", "--name", farm, "--driver", "remote", proxy.address);
});

afterAll(async () => {
  await docker("buildx", "rm", farm);
  await proxy.close();
  await engines.close();
  await rm(tiny.home, { recursive: true });
});

/** Weights that nobody has seen, in one of its models. */
beforeEach(async () => {
  const [model = ""] = (await readdir(join(tiny.home, "models"), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name === "model.yaml")
    .map((entry) => entry.parentPath);
  await writeFile(join(model, "weights.bin"), randomBytes(WEIGHTS));
});

/** Bytes over the wire for a push. */
async function bytesOf(backend: string, inputs: Inputs = {}, names: readonly string[] = ["one"]): Promise<number> {
  const project = `${lab.registry}/wire/${randomUUID()}`;
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true" };
  const tags = names.map((name) => `${project}:${name}`).join("\n");
  const builder = backend === "buildx" ? farm : proxy.address;
  const where = { backend, builder, "registry-mirrors": `docker.io=${lab.registry}`, install: "never" };
  proxy.take();
  await succeed({ ...bento, ...where, tags, ...inputs }, lab.env);
  return proxy.take();
}

const TWO_PLATFORMS = { platforms: "linux/amd64,linux/arm64" };

describe.each(["buildctl", "nerdctl", "buildx"])("with assembly: backend and %s", (backend) => {
  async function expectOnce(inputs: Inputs, names: readonly string[]): Promise<void> {
    const first = await bytesOf(backend, inputs, names);
    expect(first).toBeGreaterThan(WEIGHTS);
    expect(first).toBeLessThan(1.1 * WEIGHTS);
    expect(await bytesOf(backend, inputs, names)).toBeLessThan(MIB);
  }

  it("weights go to the daemon once for two platforms and two tags, and not again", () =>
    expectOnce(TWO_PLATFORMS, ["one", "two"]));

  it.each<[string, readonly string[]]>([
    ["one tag", ["one"]],
    ["two tags", ["one", "two"]],
  ])("weights go to the daemon once for %s, and not again", { tags: ["long"] }, (_, names) => expectOnce({}, names));
});

it("with assembly: direct, weights never go to the daemon", async () => {
  expect(await bytesOf("buildctl", { assembly: "direct", ...TWO_PLATFORMS })).toBeLessThan(MIB);
});
