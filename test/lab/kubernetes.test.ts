/** Builders in pods: real buildx and buildctl, the lab's buildkitd, and a stand-in for the cluster between them. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type Cluster, type ClusterOptions, openCluster } from "./cluster.ts";
import { heldBy } from "./image.ts";
import { type Job, openJob, type Step, type StepOptions } from "./job.ts";
import { until } from "./ready.ts";
import { type Inputs, told } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

let lab: Lab;
let tiny: TinyBento;
/** That of the buildkitd reached by its own socket. */
let digest: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  const job = await openJob({ env: lab.env });
  digest = await pushed(await build(job, "socket", { backend: "buildctl" }), "socket");
  await job.close();
});

afterAll(() => rm(tiny.home, { recursive: true }));

async function newJob(): Promise<Job> {
  const job = await openJob({ env: lab.env });
  onTestFinished(() => job.close());
  return job;
}

function build(job: Job, name: string, inputs: Inputs, options: StepOptions = {}): Promise<Step> {
  const tags = `${lab.registry}/kubernetes/${name}:1`;
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true", tags };
  return job.step("main", { ...bento, install: "never", ...inputs }, options);
}

async function pushed({ code, log, outputs }: Step, name: string): Promise<string> {
  expect(code, log.slice(-6_000)).toBe(0);
  const held = await heldBy(`${lab.registry}/kubernetes/${name}:1`);
  expect(outputs["digest"]).toBe(held.digest);
  return held.digest;
}

async function expectGone(job: Job, step: Step): Promise<void> {
  const { code, log } = await step.post();
  expect([code, log]).toEqual([0, expect.not.stringContaining("::warning")]);
  expect((await job.left()).filter((name) => name.startsWith("bento-image-engine-"))).toEqual([]);
}

describe("kubernetes:// with buildx", () => {
  async function newCluster(options: Partial<ClusterOptions> = {}): Promise<Cluster & { readonly env: Inputs }> {
    const directory = await mkdtemp(join(tmpdir(), "bento-image-cluster-"));
    const daemons = [lab.env["BUILDKIT_HOST"] ?? ""];
    const cluster = await openCluster({ directory, env: lab.env, daemons, ...options });
    onTestFinished(async () => {
      await cluster.close();
      await rm(directory, { recursive: true });
    });
    return { ...cluster, env: { KUBECONFIG: cluster.kubeconfig } };
  }

  it("makes the Deployment that is asked for, builds in its pod, and removes it", async () => {
    const { env, asked, deployments, configMaps } = await newCluster();
    const options = [
      "replicas=2",
      "image=mirror.internal/buildkit:1",
      "requests.cpu=2",
      "nodeselector=disk=ssd,zone=a",
    ];
    const builder = `kubernetes://builds?${options.join("&")}`;
    const job = await newJob();
    const step = await build(job, "pod", { builder }, { env });
    expect(await pushed(step, "pod")).toBe(digest);
    expect(step.log).toMatch(/^backend: auto is buildx here/m);
    const name = `${step.engine}0`;
    expect([...deployments]).toEqual([
      [
        `builds/${name}`,
        {
          ...{ name, labels: { app: name }, replicas: 2, image: "mirror.internal/buildkit:1" },
          ...{ requests: { cpu: "2" }, nodeSelector: { disk: "ssd", zone: "a" } },
        },
      ],
    ]);
    expect([...asked].filter((line) => line.includes("/exec?"))).not.toEqual([]);
    await expectGone(job, step);
    expect([deployments.size, configMaps.size]).toEqual([0, 0]);
  });

  it("takes the configuration's namespace without one of its own, and the engine's settings into a ConfigMap", async () => {
    const { env, deployments, configMaps } = await newCluster();
    const settings = { "registry-mirrors": `docker.io=${lab.registry}` };
    const job = await newJob();
    const step = await build(job, "settings", { builder: "kubernetes://?rootless=true", ...settings }, { env });
    expect(await pushed(step, "settings")).toBe(digest);
    const image = deployments.get(`of-the-configuration/${step.engine}0`)?.image;
    expect(image).toContain("rootless");
    expect([...configMaps]).toEqual(["of-the-configuration"]);
    await expectGone(job, step);
    expect([deployments.size, configMaps.size]).toEqual([0, 0]);
  });

  it("makes a Deployment a line, each for its platforms; the digest is one daemon's", async () => {
    const daemons = ["BUILDKIT_HOST", "LAB_NERDCTL_BUILDKIT_HOST"].map((name) => lab.env[name] ?? "");
    const { env, deployments } = await newCluster({ daemons });
    const lines = ["arm64", "amd64"].map((one) => `kubernetes://builds?nodeselector=kubernetes.io/arch=${one} ${one}`);
    const platforms = { platforms: "linux/arm64,linux/amd64" };
    const job = await newJob();
    const step = await build(job, "pair", { builder: lines.join("\n"), ...platforms }, { env });
    const one = await build(await newJob(), "single", { backend: "buildctl", ...platforms });
    expect(await pushed(step, "pair")).toBe(await pushed(one, "single"));
    const selectors = [...deployments.values()].map(({ nodeSelector }) => nodeSelector["kubernetes.io/arch"]);
    expect(selectors).toEqual(["arm64", "amd64"]);
    await expectGone(job, step);
    expect(deployments.size).toBe(0);
  });

  it("builds the environment alone there, by direct assembly", async () => {
    const { env, deployments } = await newCluster();
    const job = await newJob();
    const mirrors = { "registry-mirrors": `docker.io=${lab.registry}` };
    const direct = { assembly: "direct", "environment-cache": "off", ...mirrors };
    const step = await build(job, "direct", { builder: "kubernetes://builds", ...direct }, { env });
    const same = await build(await newJob(), "same", { backend: "buildctl", ...direct });
    expect(await pushed(step, "direct")).toBe(await pushed(same, "same"));
    await expectGone(job, step);
    expect(deployments.size).toBe(0);
  });

  it("is one also where the builder alone can look up the base image", async () => {
    const { env, deployments } = await newCluster();
    const job = await newJob();
    const nowhere = { assembly: "auto", "registry-mirrors": "docker.io=127.0.0.1:1" };
    const step = await build(job, "own-base", { builder: "kubernetes://builds", ...nowhere }, { env });
    expect(step.log).toContain("The environment is built in this run and not cached");
    await pushed(step, "own-base");
    expect(deployments.size).toBe(1);
    await expectGone(job, step);
    expect(deployments.size).toBe(0);
  });

  it("serves all steps of a job that the set-up prepares", async () => {
    const { env, deployments } = await newCluster();
    const job = await newJob();
    const setup = await job.step("setup", { builder: "kubernetes://builds" }, { env });
    expect(setup.code, setup.log.slice(-6_000)).toBe(0);
    const step = await build(job, "later", { backend: setup.outputs["backend"] ?? "" }, { env });
    expect(await pushed(step, "later")).toBe(digest);
    expect(deployments.size).toBe(1);
    await expectGone(job, setup);
    expect(deployments.size).toBe(0);
  });

  it("fails as an engine when no pod is ready in time, and leaves nothing", async () => {
    const { env, deployments, asked } = await newCluster({ isReady: false });
    const job = await newJob();
    const step = await build(job, "never", { builder: "kubernetes://builds?timeout=2s" }, { env });
    expect([step.code, told(step)]).toEqual([1, expect.stringMatching(/^\[engine\] .*in the namespace builds/)]);
    expect(step.log).toContain("expected 1 replicas to be ready, got 0");
    expect([...asked].some((line) => line.startsWith("POST "))).toBe(true);
    expect(deployments.size).toBe(0);
    await expectGone(job, step);
  });

  it("fails as an engine without a cluster", async () => {
    const job = await newJob();
    const env = { KUBECONFIG: join(job.directory, "kubeconfig") };
    const step = await build(job, "none", { builder: "kubernetes://builds" }, { env });
    expect([step.code, told(step)]).toEqual([1, expect.stringMatching(/^\[engine\]/)]);
    await expectGone(job, step);
  });

  it("leaves no Deployment when the step is killed while it waits, and a next job sets something up", async () => {
    const { env, deployments } = await newCluster({ isReady: false });
    const job = await newJob();
    const builder = "kubernetes://builds";
    const onStart: StepOptions["onStart"] = (child) =>
      void until("the Deployment", async () => deployments.size === 1).then(() => child.kill("SIGKILL"));
    const killed = await build(job, "killed", { builder }, { env, onStart });
    expect([killed.code, deployments.size]).toEqual([null, 1]);
    job.next();
    const next = await build(job, "next", { backend: "buildx", builder: lab.env["BUILDKIT_HOST"] ?? "" }, { env });
    expect(await pushed(next, "next")).toBe(digest);
    expect(deployments.size).toBe(0);
    await expectGone(job, next);
  });
});

describe("kube-pod://", () => {
  const ADDRESS = "kube-pod://buildkitd-0?namespace=builds&context=lab&container=buildkitd";
  const WORDS = "--context=lab --namespace=builds exec --container=buildkitd -i buildkitd-0 -- buildctl dial-stdio";

  /** A directory with a kubectl that knows that one pod, which is the lab's buildkitd. */
  async function kubectl(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "bento-image-kubectl-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const dial = `exec buildctl --addr ${lab.env["BUILDKIT_HOST"]} dial-stdio`;
    // A pod is looked up before it is missed; until then the client can write.
    const script = `#!/bin/sh\nif [ "$*" = "${WORDS}" ]; then ${dial}; fi\nsleep 0.5\necho "no such pod: $*" >&2\nexit 1\n`;
    await writeFile(join(directory, "kubectl"), script);
    await chmod(join(directory, "kubectl"), 0o755);
    return directory;
  }

  it.each(["buildctl", "nerdctl", "buildx"])("%s builds in the pod that kubectl reaches", async (backend) => {
    const PATH = `${await kubectl()}:${lab.env["PATH"]}`;
    const job = await newJob();
    const step = await build(job, backend, { backend, builder: ADDRESS }, { env: { PATH, BUILDKIT_HOST: "" } });
    expect(await pushed(step, backend)).toBe(digest);
    await expectGone(job, step);
  });

  it("a pod that is not there is an engine that cannot be reached, in kubectl's words", async () => {
    const PATH = `${await kubectl()}:${lab.env["PATH"]}`;
    const builder = "kube-pod://other?namespace=builds";
    const step = await build(await newJob(), "other", { backend: "buildctl", builder }, { env: { PATH } });
    expect([step.code, told(step)]).toEqual([1, expect.stringMatching(/^\[engine\]/)]);
    expect(step.log).toContain("no such pod: --context= --namespace=builds exec");
  });

  it.each(["buildctl", "nerdctl", "buildx"])(
    "%s without kubectl is told so before anything is asked",
    async (backend) => {
      const env = { PATH: join(lab.env["LAB_ROOT"] ?? "", "bin") };
      const step = await build(await newJob(), "without", { backend, builder: ADDRESS }, { env });
      expect([step.code, told(step)]).toEqual([1, expect.stringContaining("[tool] kubectl is not on PATH")]);
      expect(step.engine).toBe("");
    },
  );
});
