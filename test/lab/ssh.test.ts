import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type FreshEngines, openFreshEngines } from "./fresh-engine.ts";
import { heldBy } from "./image.ts";
import { type Run, runAction, told } from "./runner.ts";
import { type SshMachine, startSshMachine } from "./sshd.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** A buildkitd with a Unix socket alone, on a machine that ssh leads to. */
let lab: Lab;
let tiny: TinyBento;
let directory: string;
let engines: FreshEngines;
let machine: SshMachine;
/** The daemon's socket, a path on that machine. */
let socket: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-ssh-"));
  engines = await openFreshEngines(lab);
  const { inputs } = await engines.start("buildctl");
  socket = (inputs["builder"] ?? "").replace("unix://", "");
  machine = await startSshMachine(join(directory, "machine"), lab.env["PATH"] ?? "");
});

afterAll(async () => {
  await machine.close();
  await engines.close();
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

function make(name: string, backend: string, builder: string, path: string): Promise<Run> {
  const tags = `${lab.registry}/ssh/${name}:1`;
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true", tags };
  const mirrors = { "registry-mirrors": `docker.io=${lab.registry}` };
  return runAction({ ...bento, ...mirrors, install: "never", backend, builder }, { ...lab.env, PATH: path });
}

describe.each(["buildctl", "nerdctl"])("%s and a buildkitd behind ssh", (backend) => {
  it("build and push what the same daemon gives at its socket", async () => {
    const { welcome } = machine.clients;
    const far = await make(`${backend}-far`, backend, `${machine.address}${socket}`, welcome);
    expect([far.code, far.code === 0 ? "" : far.log.slice(-4_000)]).toEqual([0, ""]);
    const near = await make(`${backend}-near`, backend, `unix://${socket}`, welcome);
    const { digest } = await heldBy(`${lab.registry}/ssh/${backend}-far:1`);
    expect([far.outputs["digest"], near.outputs["digest"]]).toEqual([digest, digest]);
  });

  it.each([
    ["stranger", "Permission denied (publickey)", "SSH_AUTH_SOCK"],
    ["newcomer", "Host key verification failed.", "known_hosts"],
  ] as const)("refuse for a %s in ssh's own words, with what to do", async (who, line, hint) => {
    const builder = `${machine.address}${socket}`;
    const refused = await make("refused", backend, builder, machine.clients[who]);
    const start = `[engine] ${backend} cannot reach the buildkitd at ${builder}: `;
    expect([refused.code, told(refused)]).toEqual([1, expect.stringContaining(start)]);
    expect(told(refused)).toContain(line);
    expect(refused.log).toContain(hint);
  });

  it("say so when no daemon listens there", async () => {
    const refused = await make("refused", backend, `${machine.address}/nowhere.sock`, machine.clients.welcome);
    expect(told(refused)).toMatch(/^\[engine\] .*dial unix \/nowhere\.sock: connect: no such file or directory$/);
  });

  it("wait 5 s for a machine that stays silent", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", () => resolve()));
    try {
      const builder = `ssh://ci@127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const refused = await make("silent", backend, builder, machine.clients.welcome);
      expect(told(refused)).toBe(`[engine] the builder at ${builder} does not answer within 5 s`);
    } finally {
      silent.close();
    }
  });
});
