import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { BACKENDS, type BackendName, type Lab, openLab } from "./backends.ts";
import { unpackHome } from "./bento.ts";
import { openFaultProxy, uploadsAt } from "./fault-proxy.ts";
import { canonicalConfig, differences, type Held, heldBy, type Index, payloadOf, treeOf } from "./image.ts";
import { type Inputs, type Run, runAction, succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

const run = promisify(execFile);

let lab: Lab;
let tiny: TinyBento;
/** Of this run alone: nothing in it is known before. */
let repository: string;

beforeAll(async () => {
  lab = await openLab();
  tiny = await unpackTiny();
  repository = `${lab.registry}/direct/${randomUUID()}`;
  await pushTinyBase(lab);
});

afterAll(() => rm(tiny.home, { recursive: true }));

/** Pushes the tiny Bento's image; gives what the registry then holds. */
async function push(name: BackendName, reference: string, inputs: Inputs = {}): Promise<Held> {
  const { inputs: own, env } = lab.backends[name];
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags: reference };
  const { digest } = await succeed({ ...own, ...common, ...inputs }, env);
  const held = await heldBy(reference);
  expect(digest).toBe(held.digest);
  return held;
}

describe("on an environment that each backend builds", () => {
  const made = new Map<BackendName, Held>();

  it.each(BACKENDS)("%s: the image is pushed", async (name) => {
    const cache = { "environment-cache": `${repository}/environment-by-${name}` };
    made.set(name, await push(name, `${repository}:by-${name}`, cache));
  });

  it("the payload's layers are the same", () => {
    const payloads = [...made.values()].map(payloadOf);
    const models = ["model embedder:v1", "model extra_vocab:2024", "model ranker:r.2"];
    const first = payloads[0] ?? new Map();
    expect([...first.keys()]).toEqual([...models, "apis", "env", "generated", "src", "manifest"]);
    for (const payload of payloads) expect(payload).toEqual(first);
  });

  it("the image is one from the four of BuildKit, and one from podman and buildah", () => {
    const digests = (...names: readonly BackendName[]) => new Set(names.map((name) => made.get(name)?.digest));
    expect(digests("docker", "buildx", "nerdctl", "buildctl").size).toBe(1);
    expect(digests("podman", "buildah").size).toBe(1);
  });

  const dress = {
    labels: "team=web",
    annotations: "team=web",
    "build-args": "BENTO_USER=ada\nBENTO_USER_UID=2000\nBENTO_USER_GID=2001\nBENTO_PATH=/srv/bento",
  };

  it.each(["buildctl", "buildah"] as const)("%s makes the same config and tree of the whole image", async (name) => {
    const [whole, direct] = [`${repository}:whole-by-${name}`, `${repository}:direct-by-${name}`];
    await push(name, whole, { ...dress, assembly: "backend" });
    await push(name, direct, { ...dress, assembly: "direct", "environment-cache": `${repository}/${name}` });
    const [one, other] = [await treeOf(direct, lab.env), await treeOf(whole, lab.env)];
    expect(canonicalConfig(one)).toEqual(canonicalConfig(other));
    expect(differences(one, other)).toEqual([]);
    expect(one.entries.get("srv/bento/bento.yaml")).toMatch(/^file 644 2000:2001 /);
  });
});

describe("an environment that the action itself puts under its tag", () => {
  it.each(BACKENDS)("%s: is signed with cache-key, and found again without an engine", async (name) => {
    const own = `${repository}/signed-by-${name}`;
    // Named, so that no engine need be asked for its own.
    const key = { "cache-key": "0123456789abcdef0123456789abcdef", platforms: "linux/amd64" };
    const { digest } = await push(name, `${own}:1`, key);
    const inputs = { ...lab.backends[name].inputs, bento: tiny.bento, "bentoml-home": tiny.home, push: "true" };
    const again = await succeed({ ...inputs, ...key, tags: `${own}:2` }, { PATH: "/nowhere", HOME: tiny.home });
    expect(again["digest"]).toBe(digest);
  });
});

describe("on Debian, where the steps themselves settle the times of files", () => {
  const REWRITING = "rewriting layers";
  let debian: TinyBento;
  const layers = new Map<BackendName, readonly string[]>();

  beforeAll(async () => {
    debian = await unpackTiny({ base: "python:3.11-slim", commands: ["apt-get update && apt-get install -y hello"] });
  });

  afterAll(() => rm(debian.home, { recursive: true }));

  async function build(
    name: BackendName,
    tag: string,
    inputs: Inputs,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ log: string; layers: string[] }> {
    const reference = `${repository}:${tag}`;
    const common = { bento: debian.bento, "bentoml-home": debian.home, push: "true", tags: reference };
    const { inputs: own, env: lent } = lab.backends[name];
    const { code, log } = await runAction({ ...own, ...common, ...inputs }, { ...lent, ...env });
    expect([code, log]).toEqual([0, log]);
    return { log, layers: (await heldBy(reference)).manifest.layers.map(({ digest }) => digest) };
  }

  // The three ways to keep files: docker's containerd, containerd's own worker, BuildKit's own.
  async function expectSettled(name: BackendName): Promise<void> {
    const cache = { "environment-cache": `${repository}/settled-by-${name}` };
    const made = await build(name, `settled-by-${name}`, { assembly: "direct", ...cache });
    expect(made.log).not.toContain(REWRITING);
    layers.set(name, made.layers);
  }

  it("buildctl need not look at each file at its export", () => expectSettled("buildctl"));

  it.each(["docker", "nerdctl"] as const)(
    "%s need not look at each file at its export",
    { tags: ["long"] },
    expectSettled,
  );

  it("every layer is the one of a builder that rewrites times; of WORKDIR there is none", {
    tags: ["long"],
  }, async () => {
    const { log, layers: rewritten } = await build("docker", "rewritten", {
      assembly: "backend",
      target: "environment",
    });
    expect(log).toContain(REWRITING);
    expect(rewritten.length).toBeGreaterThan(4);
    expect(layers.size).toBe(3);
    const [base, workdir, ...steps] = rewritten;
    for (const [name, made] of layers) {
      expect(made.slice(0, steps.length + 1), name).toEqual([base, ...steps]);
      expect(made, name).not.toContain(workdir);
    }
  });

  it("docker's classic image store makes layers of its own, with the same files; they are found again, and the payload's are the same", {
    tags: ["long"],
  }, async () => {
    const env = { DOCKER_HOST: lab.env["LAB_CLASSIC_DOCKER_HOST"] ?? "" };
    const inputs = { assembly: "direct", "environment-cache": `${repository}/classic` };
    const { layers: made, log } = await build("docker", "classic", inputs, env);
    const [one, other] = [`${repository}:classic`, `${repository}:settled-by-docker`];
    const [tree, containerd] = [await treeOf(one, lab.env), await treeOf(other, lab.env)];
    expect(differences(tree, containerd)).toEqual([]);
    expect(canonicalConfig(tree)).toEqual(canonicalConfig(containerd));
    expect(payloadOf(await heldBy(one))).toEqual(payloadOf(await heldBy(other)));
    const again = await build("buildctl", "found", inputs);
    expect(again.layers).toEqual(made);
    const building = "load build definition";
    expect([log.includes(building), again.log.includes(building)]).toEqual([true, false]);
  });
});

describe("with several platforms", () => {
  it.each(["buildctl", "podman"] as const)(
    "by %s the index has them in the order asked for, and each layer is uploaded once",
    async (name) => {
      const proxy = await openFaultProxy({ registry: lab.registry, faults: [] });
      onTestFinished(() => proxy.close());
      const path = `direct/${randomUUID()}:platforms`;
      await push(name, `${proxy.host}/${path}`, { platforms: "linux/arm64,linux/amd64" });

      const { manifests } = (await heldBy<Index>(`${lab.registry}/${path}`)).manifest;
      const platforms = ["arm64", "amd64"].map((architecture) => ({ architecture, os: "linux" }));
      expect(manifests.map(({ platform }) => platform)).toEqual(platforms);
      const members = manifests.map(({ digest }) => heldBy(`${lab.registry}/${path.replace(/:.*/, `@${digest}`)}`));
      const [arm = [], amd = []] = (await Promise.all(members)).map((held) => [...payloadOf(held).values()]);
      expect(amd).toEqual(arm);
      expect(arm.length).toBeGreaterThan(0);
      const uploads = uploadsAt(proxy).filter((digest) => arm.includes(digest));
      expect(uploads.toSorted()).toEqual(arm.toSorted());
    },
  );
});

describe("the backend makes the whole image, and the log says why:", () => {
  async function dryRun(inputs: Inputs): Promise<Run> {
    const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags: `${repository}:dry` };
    return runAction({ ...lab.backends.docker.inputs, ...common, "dry-run": "true", ...inputs }, lab.env);
  }

  it.each([
    [{ load: "true", platforms: "linux/amd64,linux/arm64" }, "only the backend loads several platforms"],
    [{ target: "environment" }, "target stops at a stage of the Dockerfile"],
    [{ format: "docker" }, "the docker format has no annotations"],
    [{ assembly: "backend" }, "assembly: backend"],
  ])("%j", async (inputs, because) => {
    const { code, log } = await dryRun(inputs);
    expect([code, log]).toEqual([0, expect.stringContaining(`The backend makes the whole image: ${because}`)]);
  });

  it("a Bento with a setup_script", async () => {
    const home = await unpackHome("v1-setup-script");
    onTestFinished(() => rm(home, { recursive: true }));
    const { code, log } = await dryRun({ bento: "classic", "bentoml-home": home });
    const because = "the Bento's setup_script runs after its files are copied";
    expect([code, log]).toEqual([0, expect.stringContaining(`The backend makes the whole image: ${because}`)]);
  });
});

describe("on a base image that only the engine has", () => {
  it("the engine builds the environment in every run, and the payload is assembled and known as ever", async () => {
    const base = `127.0.0.1:9/direct/${randomUUID()}:1`;
    const { env } = lab.backends.docker;
    await run("docker", ["pull", "tiny/base:1"], { env });
    await run("docker", ["tag", "tiny/base:1", base], { env });
    onTestFinished(async () => {
      await run("docker", ["rmi", base], { env });
    });
    const { bento, home } = await unpackTiny({ base });
    onTestFinished(() => rm(home, { recursive: true }));
    const tags = `${repository}:local-base`;
    const inputs = { ...lab.backends.docker.inputs, bento, "bentoml-home": home, push: "true", tags };
    const because = `The environment is built in this run and not cached: the base image ${base} cannot be resolved`;
    const digests: string[] = [];
    for (const round of ["first", "again"]) {
      const { code, log, outputs } = await runAction(inputs, env);
      expect([round, code, log]).toEqual([round, 0, expect.stringContaining(because)]);
      const held = await heldBy(tags);
      expect(outputs["digest"]).toBe(held.digest);
      expect(payloadOf(held).size).toBeGreaterThan(0);
      digests.push(held.digest);
    }
    expect(digests[1]).toBe(digests[0]);
  });
});
