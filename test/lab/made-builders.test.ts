/** Builders that the backend buildx makes of addresses: of our own, nobody's default, gone with the job. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { heldBy, type Index } from "./image.ts";
import { type Job, openJob, type Step, type StepOptions } from "./job.ts";
import { type RemoteNode, startNode } from "./node.ts";
import { type Inputs, told } from "./runner.ts";
import { builderContainer } from "./setting.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

let lab: Lab;
let tiny: TinyBento;
let directory: string;
let made: Certificates;
let nodes: readonly RemoteNode[];
let keys: Inputs;
let known: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-made-"));
  made = await makeCertificates(directory);
  nodes = await Promise.all(["one", "two"].map((name) => startNode(lab, join(directory, name), made)));
  keys = {
    "builder-ca": await readFile(made.authority.cert, "utf8"),
    "builder-cert": await readFile(made.client.cert, "utf8"),
    "builder-key": await readFile(made.client.key, "utf8"),
  };
  known = await builders();
});

afterAll(async () => {
  for (const node of nodes) await node.kill();
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

/** Those of the user, and which of them is current. */
async function builders(): Promise<string> {
  const args = ["buildx", "ls", "--format", "{{.Builder.Name}} {{.Builder.Current}}"];
  return (await promisify(execFile)("docker", args, { env: lab.env })).stdout;
}

async function newJob(): Promise<Job> {
  const job = await openJob({ env: lab.env });
  onTestFinished(() => job.close());
  return job;
}

function build(job: Job, name: string, inputs: Inputs, options: StepOptions = {}): Promise<Step> {
  const tags = `${lab.registry}/made/${name}:1`;
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true", tags };
  const mirrors = { "registry-mirrors": `docker.io=${lab.registry}` };
  return job.step("main", { ...bento, ...mirrors, backend: "buildx", install: "never", ...inputs }, options);
}

/** The digest that it pushed; its post step then leaves nothing, and the user's own builders are as they were. */
async function digestOf(job: Job, step: Step, name: string): Promise<string> {
  expect(step.code, step.log.slice(-6_000)).toBe(0);
  const { digest } = await heldBy(`${lab.registry}/made/${name}:1`);
  expect(step.outputs["digest"]).toBe(digest);
  await expectGone(job, step);
  return digest;
}

async function expectGone(job: Job, step: Step): Promise<void> {
  expect(step.engine).toMatch(/^bento-image-engine-/);
  const { code, log } = await step.post();
  expect([code, log]).toEqual([0, expect.not.stringContaining("::warning")]);
  expect(await job.left()).not.toContain(step.engine);
  expect(await builders()).toBe(known);
}

const addressOf = (index: number): string => nodes[index]?.address ?? "";

it.each([
  ["unix://", () => lab.env["BUILDKIT_HOST"] ?? ""],
  ["docker-container://", () => `docker-container://${builderContainer}`],
])("a builder at %s gives the digest that buildctl gives there", async (_, address) => {
  const job = await newJob();
  const builder = address();
  const digest = await digestOf(job, await build(job, "one", { builder }), "one");
  const other = await build(job, "other", { backend: "buildctl", builder });
  expect(other.outputs["digest"], other.log.slice(-6_000)).toBe(digest);
});

describe("nodes that want a certificate", () => {
  const PLATFORMS = "linux/arm64,linux/amd64";
  const pair = (): Inputs => ({ ...keys, builder: `${addressOf(0)} linux/arm64\n${addressOf(1)} linux/amd64` });

  it("each build their platform; the digest is one daemon's, and the key lives as long as the builder", async () => {
    const job = await newJob();
    const step = await build(job, "pair", { ...pair(), backend: "auto", platforms: PLATFORMS });
    const place = join(job.temporary, step.engine);
    const modes = (await readdir(place)).filter((name) => name.endsWith(".pem")).sort();
    expect(modes).toEqual(["cacert.pem", "cert.pem", "key.pem"]);
    expect((await stat(join(place, "key.pem"))).mode & 0o777).toBe(0o600);
    const secret = (keys["builder-key"] ?? "").split("\n")[1] ?? "";
    expect(step.log.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain(secret);
    const digest = await digestOf(job, step, "pair");
    const { manifest } = await heldBy<Index>(`${lab.registry}/made/pair:1`);
    expect(manifest.manifests.map(({ platform }) => platform?.architecture)).toEqual(["arm64", "amd64"]);
    const one = await build(job, "single", { backend: "buildctl", platforms: PLATFORMS });
    expect(one.outputs["digest"], one.log.slice(-6_000)).toBe(digest);
  });

  it("serve all steps of a job that the set-up prepares for them", async () => {
    const job = await newJob();
    const setup = await job.step("setup", { ...pair(), backend: "buildx", install: "never" });
    expect(setup.code, setup.log.slice(-6_000)).toBe(0);
    const step = await build(job, "later", { platforms: PLATFORMS });
    expect(step.code, step.log.slice(-6_000)).toBe(0);
    expect(step.engine).toBe("");
    await expectGone(job, setup);
  });

  it("leave neither key nor builder when the step is killed, and a next job sets something up", async () => {
    const job = await newJob();
    const dockerfile = join(directory, "Dockerfile");
    await writeFile(dockerfile, "FROM busybox:stable\nRUN echo it began && sleep 60\n");
    const [first] = nodes;
    const onStart: StepOptions["onStart"] = async (child) => {
      for (let tries = 300; tries > 0; tries--) {
        if ((await first?.log())?.includes("sleep 60")) break;
        await sleep(100);
      }
      child.kill("SIGKILL");
    };
    const killed = await build(job, "killed", { ...keys, builder: addressOf(0), dockerfile }, { onStart });
    expect(killed.code).toBeNull();
    const [left = ""] = (await job.left()).filter((name) => name.startsWith("bento-image-engine-"));
    expect(await readdir(join(job.temporary, left))).toContain("key.pem");
    job.next();
    const next = await build(job, "next", { ...keys, builder: addressOf(1) });
    expect(await job.left()).not.toContain(left);
    await digestOf(job, next, "next");
  });

  it("fail as an engine without one, and nothing stays", async () => {
    const job = await newJob();
    const { "builder-ca": ca = "" } = keys;
    const refused = await build(job, "refused", { builder: addressOf(0), "builder-ca": ca });
    expect([refused.code, told(refused)]).toEqual([1, expect.stringContaining(`${addressOf(0)} is inactive`)]);
    await expectGone(job, refused);
  });
});

it("an address that takes the call and stays silent is named", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => void silent.close());
  const at = silent.address();
  const builder = `tcp://127.0.0.1:${typeof at === "object" ? at?.port : ""}`;
  const job = await newJob();
  const refused = await build(job, "silent", { builder });
  expect([refused.code, told(refused)]).toEqual([1, expect.stringMatching(/^\[engine\]/)]);
  expect(told(refused)).toContain(builder);
  const left = (await job.left()).filter((name) => name.startsWith("bento-image-engine-"));
  expect(left, refused.log).toEqual([]);
});

it.each([
  [{ builder: "podman-container://buildkitd" }, "buildx does not support the address podman-container://buildkitd"],
  [{ builder: "kubernetes://builds?replica=2" }, '"replica" is not an option of kubernetes://builds'],
  [{ backend: "buildctl", builder: "kubernetes://builds" }, "builder: buildctl takes one address"],
  [{ backend: "nerdctl", builder: "tcp://a:1\ntcp://b:1" }, "builder: nerdctl takes the address of one buildkitd"],
] as readonly (readonly [Inputs, string])[])("%j is refused before anything is made", async (inputs, message) => {
  const job = await newJob();
  const refused = await build(job, "refused", inputs);
  expect([refused.code, told(refused), refused.engine]).toEqual([1, expect.stringContaining(message), ""]);
  expect(told(refused)).toMatch(/^\[input\]/);
});
