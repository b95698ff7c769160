import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { BACKENDS, type Lab, type LabBackend, openLab } from "./backends.ts";
import { unpackHome } from "./bento.ts";
import { heldBy } from "./image.ts";
import { type Inputs, type Run, runAction, succeed, told } from "./runner.ts";

/** What goes wrong for real on real engines: each ends in its class, and leaves nothing. */
const BASE = "busybox:stable";

let lab: Lab;
let home: string;
let directory: string;
let locked: FakeRegistry;

beforeAll(async () => {
  lab = await openLab();
  home = await unpackHome("minimal");
  directory = await mkdtemp(join(tmpdir(), "bento-image-failures-"));
  locked = await startFakeRegistry({ login: "basic", user: "somebody:else" });
});

afterAll(async () => {
  await locked.close();
  await rm(home, { recursive: true });
  await rm(directory, { recursive: true });
});

let count = 0;

/** The action with a Dockerfile of the test's own on the smallest Bento. */
async function make(backend: LabBackend, dockerfile: string, inputs: Inputs = {}, env: Inputs = {}): Promise<Run> {
  count += 1;
  const path = join(directory, `Dockerfile.${count}`);
  await mkdir(directory, { recursive: true });
  await writeFile(path, dockerfile);
  return runAction(
    { bento: "greeter", "bentoml-home": home, dockerfile: path, ...backend.inputs, ...inputs },
    { ...backend.env, ...env },
  );
}

function tag(name: string): string {
  return `${lab.registry}/failures/${name}:${count}`;
}

describe.each(BACKENDS)("%s", (name) => {
  it("a step that fails is a run-step failure with what it printed", async () => {
    const run = await make(lab.backends[name], `FROM ${BASE}\nRUN echo the deciding words; exit 42\n`, {
      push: "true",
      tags: tag(name),
    });
    expect(run.code).toBe(1);
    expect(told(run)).toMatch(/^\[run-step\]/);
    expect(decodeURIComponent(/^::error.*$/m.exec(run.log)?.[0] ?? "")).toContain("the deciding words");
  });

  it("a line that is no instruction is a dockerfile failure", async () => {
    const run = await make(lab.backends[name], `FROM ${BASE}\nFETCH everything\n`, { load: "true" });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[dockerfile\]/)]);
  });

  it("a base image that is nowhere is a base-image failure", async () => {
    const run = await make(lab.backends[name], `FROM ${lab.registry}/no/such/base:1\n`, { load: "true" });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[base-image\]/)]);
  });

  it("a base image for another platform is a platform failure, and no tag is pushed", async () => {
    const reference = `${lab.registry}/failures/amd64-only:1`;
    const maker = lab.backends.buildctl;
    await writeFile(join(directory, "Dockerfile.base"), `FROM ${BASE}\n`);
    const base = {
      push: "true",
      tags: reference,
      platforms: "linux/amd64",
      dockerfile: join(directory, "Dockerfile.base"),
    };
    await succeed({ bento: "greeter", "bentoml-home": home, ...maker.inputs, ...base }, maker.env);
    const wanted = tag(name);
    const run = await make(lab.backends[name], `FROM ${reference}\nCOPY bento.yaml /\n`, {
      push: "true",
      tags: wanted,
      platforms: "linux/arm64",
    });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[platform\]/)]);
    await expect(heldBy(wanted)).rejects.toThrow("404");
  });

  it("a registry that wants a login is an auth failure", async () => {
    const run = await make(lab.backends[name], `FROM ${BASE}\n`, { push: "true", tags: `${locked.host}/acme/iris:1` });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[auth\]/)]);
    expect(locked.manifests.size).toBe(0);
  });

  it("a registry that is not there is a network failure", async () => {
    const run = await make(lab.backends[name], `FROM ${BASE}\n`, { push: "true", tags: "127.0.0.1:9/acme/iris:1" });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[network\]/)]);
  });

  it("a failed output leaves no file and no directory", async () => {
    const layout = join(directory, `layout-${name}`);
    const run = await make(lab.backends[name], `FROM ${BASE}\nRUN exit 1\n`, { output: `oci:${layout}` });
    expect(run.code).toBe(1);
    const { existsSync } = await import("node:fs");
    expect(existsSync(layout)).toBe(false);
    expect(run.left.filter((entry) => !entry.startsWith("bento-image-"))).toEqual([]);
  });
});

describe("an engine that cannot be reached", () => {
  it.each([
    ["docker", { DOCKER_HOST: "unix:///nowhere/docker.sock" }],
    ["buildctl", { BUILDKIT_HOST: "unix:///nowhere/buildkitd.sock" }],
    ["nerdctl", { CONTAINERD_ADDRESS: "/nowhere/containerd.sock" }],
  ] as const)("%s: is an engine failure", async (name, env) => {
    const run = await make(lab.backends[name], `FROM ${BASE}\n`, { load: "true" }, env);
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[engine\]/)]);
  });

  it("buildx: a builder that is the docker daemon is refused, for the backend docker", async () => {
    const run = await make(lab.backends.buildx, `FROM ${BASE}\n`, { load: "true", builder: "default" });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[engine\].*docker driver/)]);
  });

  it("buildx: a builder that does not exist is an engine failure", async () => {
    const run = await make(lab.backends.buildx, `FROM ${BASE}\n`, { load: "true", builder: "no-such-builder" });
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[engine\]/)]);
  });
});

describe("docker on the classic image store", () => {
  it("never passes off the config's digest as the manifest's", async () => {
    const env = { DOCKER_HOST: lab.env["LAB_CLASSIC_DOCKER_HOST"] ?? "" };
    const loaded = await make(lab.backends.docker, `FROM ${BASE}\nCOPY bento.yaml /\n`, { load: "true" }, env);
    expect(loaded.outputs).toMatchObject({ digest: "", imageid: expect.stringMatching(/^sha256:/) });
    const wanted = tag("classic");
    const pushed = await make(
      lab.backends.docker,
      `FROM ${BASE}\nCOPY bento.yaml /\n`,
      { push: "true", tags: wanted },
      env,
    );
    const held = await heldBy(wanted);
    expect(pushed.outputs).toMatchObject({ digest: held.digest, imageid: held.manifest.config.digest });
  });
});
