import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { heldBy, type Index } from "./image.ts";
import { type RemoteNode, startNode } from "./node.ts";
import { until } from "./ready.ts";
import { type Inputs, type Run, runAction, told } from "./runner.ts";
import { builderContainer } from "./setting.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** Daemons that are reached by TCP alone, and want to see a certificate. */
let lab: Lab;
let tiny: TinyBento;
let directory: string;
let made: Certificates;
const nodes: RemoteNode[] = [];
let keys: Inputs;

const run = promisify(execFile);

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-remote-"));
  made = await makeCertificates(directory);
  // One after the other: a port is free until somebody listens there.
  for (const name of ["one", "two"]) nodes.push(await startNode(lab, join(directory, name), made));
  keys = {
    "builder-ca": await readFile(made.authority.cert, "utf8"),
    "builder-cert": await readFile(made.client.cert, "utf8"),
    "builder-key": await readFile(made.client.key, "utf8"),
  };
});

afterAll(async () => {
  for (const node of nodes) await node.kill();
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

function make(name: string, inputs: Inputs, env: Inputs = {}): Promise<Run> {
  const tags = `${lab.registry}/remote/${name}:1`;
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true", tags };
  const mirrors = { "registry-mirrors": `docker.io=${lab.registry}` };
  return runAction({ ...bento, ...mirrors, install: "never", ...inputs }, { ...lab.env, ...env });
}

/** Builds for long, and ends the node once it has begun. */
async function makeAndKill(index: number, name: string, inputs: Inputs, env: Inputs = {}): Promise<Run> {
  const slow = join(directory, "Dockerfile");
  await writeFile(slow, `FROM busybox:stable\nRUN echo ${name} began && sleep 30\n`);
  const node = nodes[index];
  const building = make(name, { ...inputs, dockerfile: slow }, env);
  await until("the step", async () => ((await node?.log()) ?? "").includes(`${name} began`));
  await node?.kill();
  return building;
}

const addressOf = (index: number): string => nodes[index]?.address ?? "";

describe("buildctl and a daemon that wants a certificate", () => {
  it("build and push, and the key is nowhere in the log", async () => {
    const { code, log, outputs, left } = await make("mtls", { builder: addressOf(0), ...keys });
    expect([code, code === 0 ? "" : log.slice(-4_000)]).toEqual([0, ""]);
    expect(outputs["digest"]).toBe((await heldBy(`${lab.registry}/remote/mtls:1`)).digest);
    const secret = (keys["builder-key"] ?? "").split("\n")[1] ?? "";
    expect(log.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain(secret);
    expect(left.filter((name) => name.includes("scratch"))).toEqual([]);
  });

  it("fail at once without one", async () => {
    const { "builder-ca": ca = "" } = keys;
    const refused = await make("mtls", { backend: "buildctl", builder: addressOf(0), "builder-ca": ca });
    expect([refused.code, told(refused)]).toEqual([1, expect.stringMatching(/^\[engine\]/)]);
  });
});

it("buildctl builds in the daemon of a container, named by docker-container://", async () => {
  const { code, log, outputs } = await make("container", { builder: `docker-container://${builderContainer}` });
  expect([code, code === 0 ? "" : log.slice(-4_000)]).toEqual([0, ""]);
  expect(outputs["backend"]).toBe("buildctl");
  expect(outputs["digest"]).toBe((await heldBy(`${lab.registry}/remote/container:1`)).digest);
});

it("a daemon that takes the call and stays silent is named", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", () => resolve()));
  const at = silent.address();
  try {
    const builder = `tcp://127.0.0.1:${typeof at === "object" ? at?.port : ""}`;
    const refused = await make("silent", { backend: "buildctl", builder });
    expect([refused.code, told(refused)]).toEqual([1, expect.stringContaining(`${builder} does not answer`)]);
  } finally {
    silent.close();
  }
});

describe("a builder of buildx with a node for each platform", () => {
  const PLATFORMS = "linux/arm64,linux/amd64";
  let env: Inputs;

  beforeAll(async () => {
    const config = join(directory, "buildx");
    await mkdir(config);
    env = { BUILDX_CONFIG: config };
    const options = `cacert=${made.authority.cert},cert=${made.client.cert},key=${made.client.key}`;
    for (const [index, platform] of PLATFORMS.split(",").entries()) {
      const more = index === 0 ? [] : ["--append"];
      const driver = ["--driver", "remote", "--driver-opt", options, "--platform", platform];
      const args = ["buildx", "create", "--name", "pair", ...more, ...driver, addressOf(index)];
      await run("docker", args, { env: { ...lab.env, ...env } });
    }
  });

  const inputs = { backend: "buildx", builder: "pair", platforms: PLATFORMS };

  it("gives the digest that one daemon gives", async () => {
    const pair = await make("pair", inputs, env);
    expect([pair.code, pair.code === 0 ? "" : pair.log.slice(-4_000)]).toEqual([0, ""]);
    const one = await make("single", { backend: "buildctl", platforms: PLATFORMS });
    const { digest, manifest } = await heldBy<Index>(`${lab.registry}/remote/pair:1`);
    expect(manifest.manifests.map(({ platform }) => platform?.architecture)).toEqual(["arm64", "amd64"]);
    expect([pair.outputs["digest"], one.outputs["digest"]]).toEqual([digest, digest]);
  });

  it("is a failure of the engine when a node dies while it builds, and no tag moves", async () => {
    const { code, log } = await makeAndKill(1, "dying", inputs, env);
    expect(code).toBe(1);
    const named = `node pair1 at ${addressOf(1)} (linux/amd64) no longer answers: docker buildx build (pair)`;
    expect(told({ log })).toContain(`[engine] ${named}`);
    await expect(heldBy(`${lab.registry}/remote/dying:1`)).rejects.toThrow("404");
  });

  it("names a node that is dead before the build", async () => {
    const refused = await make("dead", inputs, env);
    expect([refused.code, told(refused)]).toEqual([1, expect.stringContaining(`at ${addressOf(1)} is inactive`)]);
  });
});

it("buildctl names the daemon that dies while it builds", async () => {
  const { code, log } = await makeAndKill(0, "gone", { builder: addressOf(0), ...keys });
  const named = `the buildkitd at ${addressOf(0)} no longer answers: buildctl build`;
  expect([code, told({ log })]).toEqual([1, expect.stringContaining(`[engine] ${named}`)]);
});
