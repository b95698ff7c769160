import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type FreshEngines, openFreshEngines } from "./fresh-engine.ts";
import { heldBy } from "./image.ts";
import { listens, until } from "./ready.ts";
import { type Inputs, type Run, runAction, told } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** podman's service with a store of its own, and a client that has only its socket. */
let lab: Lab;
let tiny: TinyBento;
let directory: string;
let engines: FreshEngines;
let service: ChildProcess;
let address: string;
/** Leads podman to a store of its own, in its own process. */
let local: Inputs;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-podman-"));
  engines = await openFreshEngines(lab);
  local = (await engines.start("podman")).env;
  const { env } = await engines.start("podman");
  const socket = join(directory, "podman.sock");
  address = `unix://${socket}`;
  const args = ["system", "service", "--time", "0", address];
  service = spawn("podman", args, { env: { ...lab.env, ...env }, stdio: "ignore" });
  await until("podman's service", () => listens(socket));
});

afterAll(async () => {
  const ended = new Promise((done) => service.once("exit", done));
  service.kill("SIGTERM");
  await ended;
  await engines.close();
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

/** Nobody has an environment there yet. */
const project = `podman-remote/${randomUUID()}`;

function make(name: string, inputs: Inputs, env: Inputs = { CONTAINER_HOST: address }): Promise<Run> {
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, tags: `${lab.registry}/${project}/${name}:1` };
  const mirrors = { "registry-mirrors": `docker.io=${lab.registry}` };
  return runAction({ ...bento, ...mirrors, backend: "podman", install: "never", ...inputs }, { ...lab.env, ...env });
}

describe("podman as the client of a service elsewhere", () => {
  it.each(["backend", "direct"])("pushes what podman itself pushes, with assembly: %s", async (assembly) => {
    const far = await make(`${assembly}-far`, { assembly, push: "true" });
    expect([far.code, far.code === 0 ? "" : far.log.slice(-4_000)]).toEqual([0, ""]);
    const near = await make(`${assembly}-near`, { assembly, push: "true" }, local);
    const { digest } = await heldBy(`${lab.registry}/${project}/${assembly}-far:1`);
    expect([far.outputs["digest"], near.outputs["digest"]]).toEqual([digest, digest]);
  });

  it("takes a layout and its archive over", async () => {
    const paths = { layout: join(directory, "layout"), archive: join(directory, "image.tar") };
    const output = `oci:${paths.layout}\noci-archive:${paths.archive}`;
    const { code, log, outputs } = await make("files", { assembly: "backend", output });
    expect([code, code === 0 ? "" : log.slice(-4_000)]).toEqual([0, ""]);
    expect(outputs["digest"]).toBe((await heldBy(`${lab.registry}/${project}/backend-far:1`)).digest);
  });

  it.each([
    ["several platforms", { platforms: "linux/amd64,linux/arm64" }, "saves only one platform at a time"],
    ["docker's format", { format: "docker" }, "saves only OCI images"],
  ])("refuses %s before anything is built", async (_, inputs, because) => {
    const { code, log } = await make("refused", { assembly: "backend", push: "true", ...inputs });
    expect([code, told({ log })]).toEqual([1, expect.stringContaining(because)]);
    expect(log).not.toContain("STEP 1");
  });

  it("fails as an engine where no service listens", async () => {
    const { code, log } = await make("none", { push: "true" }, { CONTAINER_HOST: "unix:///nowhere.sock" });
    expect([code, told({ log })]).toEqual([
      1,
      expect.stringMatching(/^\[engine\] podman does not work on this machine/),
    ]);
    expect(log).toContain("unable to connect to Podman socket");
  });
});
