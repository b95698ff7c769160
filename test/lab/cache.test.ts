import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackendName, type Lab, openLab } from "./backends.ts";
import { heldBy, type Index } from "./image.ts";
import { until } from "./ready.ts";
import { type Inputs, type Run, runAction } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

type Variables = Readonly<Record<string, string>>;

const execute = promisify(execFile);

/** What a test leaves running ends with the tests. */
const ends: (() => Promise<unknown>)[] = [];

let lab: Lab;
let tiny: TinyBento;
/** Of this run alone, so that no builder has seen its steps. */
let run: string;
let scratch: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  run = randomUUID();
  tiny = await unpackTiny({ commands: [`echo mark:${run} | tee /etc/ran`] });
  scratch = await mkdtemp(join(tmpdir(), "bento-image-cache-"));
});

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
  await rm(tiny.home, { recursive: true });
  await rm(scratch, { recursive: true, force: true });
});

/** The backend makes the whole image, so that its steps are what is looked for again. */
async function build(name: BackendName, inputs: Inputs, more: Variables = {}): Promise<Run> {
  const { inputs: own, env } = lab.backends[name];
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true" };
  const result = await runAction(
    { ...own, ...common, ...inputs },
    { ...env, XDG_CACHE_HOME: join(scratch, name), ...more },
  );
  if (result.code !== 0) throw new Error(result.log.slice(-8_000));
  return result;
}

/** What the log says of the first command's steps. */
function taken({ log }: Run): number {
  return Number(/^cache: (\d+) steps? (?:was|were) taken from a cache$/m.exec(log)?.[1] ?? "-1");
}

/** Engines that nothing was built by yet: what a wiped one is, without taking anything from others. */
async function freshEngine(name: Exclude<BackendName, "docker">): Promise<{ inputs: Inputs; env: Variables }> {
  const directory = await mkdtemp(join(scratch, "engine-"));
  if (name === "podman" || name === "buildah") {
    const config = join(directory, "storage.conf");
    const place = (kind: string): string => `${kind} = ${JSON.stringify(join(directory, kind))}\n`;
    await writeFile(config, `[storage]\ndriver = "overlay"\n${place("graphroot")}${place("runroot")}`);
    return { inputs: {}, env: { CONTAINERS_STORAGE_CONF: config } };
  }
  const address = await startBuildkitd(directory);
  if (name !== "buildx") return { inputs: { builder: address }, env: {} };
  const builder = `cache-${randomUUID()}`;
  await execute("docker", ["buildx", "create", "--name", builder, "--driver", "remote", address], { env: lab.env });
  ends.push(() => execute("docker", ["buildx", "rm", builder], { env: lab.env }));
  return { inputs: { builder }, env: {} };
}

/** A buildkitd of its own root and socket; gives its address. */
async function startBuildkitd(directory: string): Promise<string> {
  const socket = join(directory, "s");
  const config = join(directory, "buildkitd.toml");
  const registries = `[registry."docker.io"]\nmirrors = ["${lab.registry}"]\n[registry."${lab.registry}"]\nhttp = true\n`;
  await writeFile(config, `[otel]\nsocketPath = ${JSON.stringify(join(directory, "otel"))}\n${registries}`);
  const args = ["--config", config, "--root", join(directory, "root"), "--addr", `unix://${socket}`];
  const daemon = spawn("buildkitd", args, { env: lab.env, stdio: "ignore" });
  const ended = new Promise((done) => daemon.once("exit", done));
  ends.push(async () => {
    daemon.kill("SIGTERM");
    await ended;
  });
  await until("buildkitd", () =>
    execute("buildctl", ["--addr", `unix://${socket}`, "debug", "workers"], { env: lab.env }).then(
      () => true,
      () => false,
    ),
  );
  return `unix://${socket}`;
}

async function buildFresh(name: Exclude<BackendName, "docker">, inputs: Inputs): Promise<Run> {
  const engine = await freshEngine(name);
  return build(name, { ...engine.inputs, ...inputs }, engine.env);
}

describe.each(["buildx", "nerdctl", "buildctl", "podman", "buildah"] as const)(
  "%s, with the registry's cache",
  (name) => {
    it("repeats no command of the environment on an engine that is empty", async () => {
      const tags = `${lab.registry}/cache/${run}/${name}:1`;
      const first = await buildFresh(name, { cache: "registry", tags });
      const second = await buildFresh(name, { cache: "registry", tags });
      expect(taken(first)).toBe(0);
      expect(taken(second)).toBeGreaterThan(0);
      expect(commandsRun(first.log)).toBeGreaterThan(0);
      expect(commandsRun(second.log)).toBe(0);
      // Podman and buildah write a layer otherwise when it comes from their cache.
      if (name !== "podman" && name !== "buildah") expect(second.outputs["digest"]).toBe(first.outputs["digest"]);
      expect(second.log).toMatch(/^cache: registry is registry, .*as asked$/m);
      expect(second.summary).toMatch(/\| Cache \| registry, .*taken from a cache \|/);
    });
  },
);

describe.each(["buildx", "nerdctl", "buildctl"] as const)("%s, with a local cache", (name) => {
  it("repeats no command of the environment on an engine that is empty", async () => {
    const tags = `${lab.registry}/cache/${run}/${name}:local`;
    await buildFresh(name, { cache: "local", tags });
    const second = await buildFresh(name, { cache: "local", tags });
    expect(taken(second)).toBeGreaterThan(0);
    expect(commandsRun(second.log)).toBe(0);
  });
});

/** The Bento's command prints its mark whenever it really runs. */
function commandsRun(log: string): number {
  return log.split("\n").filter((line) => line.includes(`mark:${run}`) && !line.includes("echo")).length;
}

describe("a provenance", () => {
  it.each(["docker", "buildx", "nerdctl", "buildctl"] as const)(
    "by %s hangs in the index, over the same manifest",
    async (name) => {
      const tags = `${lab.registry}/cache/${run}/${name}:provenance`;
      const { outputs } = await build(name, { tags, provenance: "mode=max", annotations: "index:com.example.a=b" });
      const { digest, manifest: index } = await heldBy<Index>(tags);
      expect(outputs["digest"]).toBe(digest);
      expect(index).toMatchObject({ annotations: { "com.example.a": "b" } });
      const [image, attestation, ...others] = index.manifests;
      expect(others).toEqual([]);
      expect(JSON.parse(outputs["digests"] ?? "")).toMatchObject({ "linux/amd64": { digest: image?.digest } });
      const repository = tags.replace(/:provenance$/, "");
      const { manifest } = await heldBy(`${repository}@${attestation?.digest}`);
      const statement = await fetch(
        `http://${lab.registry}/v2/cache/${run}/${name}/blobs/${manifest.layers[0]?.digest}`,
      );
      expect(await statement.json()).toMatchObject({
        predicateType: expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//),
        subject: expect.arrayContaining([
          expect.objectContaining({ digest: { sha256: image?.digest.replace("sha256:", "") } }),
        ]),
      });
    },
  );
});
