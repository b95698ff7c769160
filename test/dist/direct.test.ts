/** Direct assembly by the bundle: the fake tools make environments, real bytes go to a registry on this machine. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { printBytes } from "../../src/text/byte-size.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { dockerInfo, HEALTHY } from "../fakes/answers.ts";
import type { Behaviour } from "../fakes/cli.ts";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { type Inputs, type Job, MIRROR_BACKENDS, makeJob } from "./job.ts";

const LABEL = "dev.bento-image.environment";
const TAG = "acme/iris:1";

/** A docker whose store holds no layouts, so that an environment leaves it by a registry alone. */
const CLASSIC: Partial<Behaviour> = { answers: { "docker info": dockerInfo({ classic: true }) } };

let registry: FakeRegistry;

beforeEach(async () => {
  registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  const base = tinyImage("base");
  registry.manifests.set("library/python", new Map([["3.11-slim", base.manifest]]));
});

/** A job for a Bento with a model, and what it takes to push its image. */
async function makeDirectJob(behaviour: Partial<Behaviour> = {}, tools?: readonly string[]) {
  const job = await makeJob(behaviour, tools === undefined ? {} : { tools });
  await unpackFixture(job.home, "good/sklearn/home.tar.gz");
  const inputs: Inputs = {
    bento: "iris_classifier",
    tags: `${registry.host}/${TAG}`,
    push: "true",
    platforms: "linux/amd64",
    "registry-mirrors": `docker.io=${registry.host}`,
  };
  return { job, inputs };
}

function tagsOf(repository: string): readonly string[] {
  const names = [...(registry.manifests.get(repository)?.keys() ?? [])].filter((name) => !name.startsWith("sha256:"));
  return names.map((name) => name.replace(/^(bento-\w+)-[0-9a-f]{40}$/, "$1")).sort();
}

function manifestOf(tag: string) {
  const [path = "", name = ""] = tag.split(":");
  return JSON.parse(registry.manifests.get(path)?.get(name)?.bytes.toString() ?? "null");
}

describe.each(MIRROR_BACKENDS)("with %s", (backend) => {
  it("the backend makes the environment alone, this action the rest, and the next push needs no tool on PATH", async () => {
    const { job, inputs } = await makeDirectJob();
    const first = await job.run({ ...inputs, backend });
    expect(first.log).not.toContain("::error");
    expect(first.code).toBe(0);
    const [build] = first.builds;
    expect(build?.args.join(" ")).toMatch(/environment/);
    expect(build?.args.join(" ")).toContain(LABEL);
    expect(first.builds.flatMap(({ args }) => args).join(" ")).not.toContain("model-iris");
    expect(tagsOf("acme/iris")).toEqual(["1", "bento-environment", "bento-last", "bento-model"]);
    expect(first.outputs.get("digest")).toBe(digestOf(registry.manifests.get("acme/iris")?.get("1")?.bytes ?? ""));
    expect(first.outputs.get("backend")).toBe(backend);
    expect(first.leftovers).toEqual([]);

    await job.behave({}, []);
    await writeFile(join(job.control, "calls.jsonl"), "");
    const next = await job.run({ ...inputs, backend });
    expect([next.code, next.failure, next.calls]).toEqual([0, undefined, []]);
    expect(next.outputs.get("digest")).toBe(first.outputs.get("digest"));
    expect(next.outputs.get("imageid")).toBe(first.outputs.get("imageid"));
    expect(next.leftovers).toEqual([]);
  });

  it("an environment that is kept nowhere leaves nothing behind", async () => {
    const { job, inputs } = await makeDirectJob();
    const run = await job.run({ ...inputs, backend, "environment-cache": "off" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(tagsOf("acme/iris")).toEqual(["1"]);
    expect(run.leftovers).toEqual([]);
  });

  it("an environment on a base image that only the engine can look up is built and kept nowhere", async () => {
    registry.manifests.delete("library/python");
    const { job, inputs } = await makeDirectJob();
    const run = await job.run({ ...inputs, backend });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.log).toMatch(
      /built in this run and not cached: the base image python:3\.11-slim cannot be resolved \(.+\)/,
    );
    expect(run.builds.flatMap(({ args }) => args).join(" ")).not.toContain("model-iris");
    expect(tagsOf("acme/iris")).toEqual(["1", "bento-last", "bento-model"]);
    expect(run.leftovers).toEqual([]);
  });

  it("several platforms have an environment each, one build after the other", async () => {
    const { job, inputs } = await makeDirectJob();
    for (const cache of [`${registry.host}/acme/iris`, "off"]) {
      const platforms = { platforms: "linux/amd64,linux/arm64", "environment-cache": cache };
      const run = await job.run({ ...inputs, ...platforms, backend });
      expect([run.code, run.failure, run.leftovers]).toEqual([0, undefined, []]);
      expect(Object.keys(JSON.parse(run.outputs.get("digests") ?? ""))).toEqual(["linux/amd64", "linux/arm64"]);
    }
  });

  it("an environment that cannot be built fails the run, and no tag is written", async () => {
    const { job, inputs } = await makeDirectJob({ exit: 1 });
    const run = await job.run({ ...inputs, backend });
    expect([run.code, run.outputs.size, run.leftovers]).toEqual([1, 0, []]);
    expect(tagsOf("acme/iris")).toEqual([]);
  });
});

describe("the image", () => {
  it("has one and the same digest, whichever backend made the environment", async () => {
    const digests = new Set<string | undefined>();
    for (const backend of MIRROR_BACKENDS) {
      const { job, inputs } = await makeDirectJob();
      const run = await job.run({ ...inputs, backend, tags: `${registry.host}/acme/${backend}:1` });
      digests.add(run.outputs.get("digest"));
    }
    expect([...digests]).toEqual([expect.stringMatching(/^sha256:/)]);
  });

  it("starts as the Dockerfile says, and carries no label of the environment", async () => {
    const { job, inputs } = await makeDirectJob();
    await job.run({ ...inputs, labels: "team=ml" });
    const { digest } = manifestOf(TAG).config;
    const config = JSON.parse(registry.blobs.get("acme/iris")?.get(digest)?.toString() ?? "");
    expect(config.config).toMatchObject({
      User: "bentoml",
      WorkingDir: "/home/bentoml/bento",
      Entrypoint: ["/home/bentoml/bento/env/docker/entrypoint.sh"],
      Labels: { team: "ml" },
    });
    expect(JSON.stringify(config)).not.toContain(LABEL);
  });

  it("goes into a layout and to the registry with the same digest", async () => {
    const { job, inputs } = await makeDirectJob();
    const run = await job.run({ ...inputs, output: "oci:image" });
    const index = JSON.parse(await readFile(join(job.workspace, "image/index.json"), "utf8"));
    expect(index.manifests[0].digest).toBe(run.outputs.get("digest"));
    for (const { digest } of manifestOf(TAG).layers) {
      expect(existsSync(join(job.workspace, "image/blobs/sha256", hexOf(digest)))).toBe(true);
    }
    expect(run.outputs.get("layout")).toBe(join(job.workspace, "image"));
  });

  it("is told in the summary and the outputs", async () => {
    const { job, inputs } = await makeDirectJob();
    const run = await job.run(inputs);
    expect(run.summary).toContain("model iris_tree:bhba7qxfjwjd2ax4");
    expect(run.outputs.get("commands")).toMatch(
      /\n# then 6 layers on the environment for linux\/amd64, by this action, /,
    );
    expect(await readFile(run.outputs.get("dockerfile") ?? "", "utf8")).toContain(
      `FROM python:3.11-slim@${tinyImage("base").manifest.digest} AS environment`,
    );
    const received = registry.received.bytes;
    const again = await job.run(inputs);
    expect(again.summary).toContain("cached, not read");
    const sent = printBytes(registry.received.bytes - received);
    expect(again.summary.slice(run.summary.length)).toMatch(
      new RegExp(`^#### ✅ \`[^ ]+\` \`sha256:[0-9a-f]{12}\` · .* · ${sent} sent, .* reused, .* s\\n`),
    );
    expect(again.outputs.get("commands")).toMatch(/^# then 6 layers/);
  });

  it("is the answer when it is there already, and nothing is written", async () => {
    const { job, inputs } = await makeDirectJob();
    const first = await job.run({ ...inputs, "if-exists": "skip" });
    await job.behave({}, []);
    registry.log.length = 0;
    const next = await job.run({ ...inputs, "if-exists": "skip" });
    expect([next.code, next.outputs.get("digest")]).toEqual([0, first.outputs.get("digest")]);
    expect(next.log).toContain(`${registry.host}/${TAG}: an identical image exists already.`);
    expect(next.summary).toContain("An identical image existed already, so nothing was built");
    expect(registry.log.filter((line) => !/^(?:GET|HEAD)/.test(line))).toEqual([]);
  });
});

describe("cache-key", () => {
  const SIGNED = { backend: "docker", "cache-key": "0123456789abcdef0123456789abcdef" };

  it.each([
    ["that pushes by digest", dockerInfo()],
    ["that can only push tags", dockerInfo({ classic: true })],
  ])("signs what an engine has built %s, and is hidden in the log", async (_, info) => {
    const { job, inputs } = await makeDirectJob({ answers: { ...HEALTHY, "docker info": info } });
    const first = await job.run({ ...inputs, ...SIGNED });
    expect([first.code, first.failure]).toEqual([0, undefined]);
    expect(first.log).toContain(`::add-mask::${SIGNED["cache-key"]}`);
    await job.behave({}, []);
    const next = await job.run({ ...inputs, ...SIGNED });
    expect([next.code, next.outputs.get("digest")]).toEqual([0, first.outputs.get("digest")]);
    expect(next.log).not.toContain("is not signed");
  });
});

describe("dry-run", () => {
  it("prints the environment's command and what this action would do, and touches no network", async () => {
    const { job, inputs } = await makeDirectJob({}, []);
    const run = await job.run({ ...inputs, backend: "docker", "dry-run": "true" });
    expect([run.code, run.failure, run.calls]).toEqual([0, undefined, []]);
    const commands = run.outputs.get("commands") ?? "";
    expect(commands).toMatch(/^docker buildx build/);
    expect(commands).toContain("--target environment");
    expect(commands).not.toContain("model-iris");
    expect(commands).toMatch(
      new RegExp(`\n# then .* on the environment .*, by this action, to ${registry.host}/${TAG}$`),
    );
    expect(run.log).toContain("--target environment");
    expect(run.summary).toContain(`\`\`\`sh\n${commands}\n`);
    expect(run.summary).toMatch(/```dockerfile\n(?:.*\n)+FROM /);
    expect(registry.log).toEqual([]);
    expect(run.leftovers).toEqual([]);
  });
});

describe("assembly: direct", () => {
  it("with load is refused where the engine fetches nothing from this process, before anything is built", async () => {
    const { job, inputs } = await makeDirectJob();
    const run = await job.run({ ...inputs, assembly: "direct", load: "true" });
    expect(run.failure).toContain("assembly: direct is not possible here: docker fetches nothing from this machine's");
    expect([run.code, run.log.includes("docker buildx build"), run.leftovers]).toEqual([1, false, []]);
    expect(registry.manifests.get("acme/iris")).toBeUndefined();
  });

  it("fails when the base image cannot be looked up and the engine writes no layout", async () => {
    registry.manifests.delete("library/python");
    const { job, inputs } = await makeDirectJob(CLASSIC);
    const run = await job.run({ ...inputs, assembly: "direct", backend: "docker" });
    expect([run.code, run.builds]).toEqual([1, []]);
    expect(run.failure).toMatch(/^\[network\] .*docker\.io/);
  });

  it.each([["podman", { platforms: "linux/amd64,linux/arm64", allow: "network.host" }, /^\[input\].*allow: /]])(
    "refuses what %s cannot do also when the environment is known",
    async (backend, wish, failure) => {
      const { job, inputs } = await makeDirectJob();
      const run = await job.run({ ...inputs, ...wish, backend });
      expect(run.failure).toMatch(failure);
      expect(run.builds).toEqual([]);
    },
  );
});

describe("assembly: auto", () => {
  async function pushByTool(job: Job, behaviour: Partial<Behaviour> = {}): Promise<void> {
    const { manifest, config, layers } = tinyImage();
    registry.blobs.set("acme/iris", new Map([config, ...layers].map(({ digest, bytes }) => [digest, bytes])));
    registry.manifests.set("acme/iris", new Map([manifest.digest, "1"].map((name) => [name, manifest])));
    await job.behave(behaviour);
  }

  it("leaves the image to the backend when moreover the engine writes no layout, and says so", async () => {
    registry.manifests.delete("library/python");
    const { job, inputs } = await makeDirectJob();
    await pushByTool(job, CLASSIC);
    const run = await job.run({ ...inputs, backend: "docker" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.log).toMatch(
      /The backend makes the whole image: the base image python:3\.11-slim cannot be resolved \(.+\)/,
    );
    expect(run.builds[0]?.args.join(" ")).toContain("model-iris-tree=");
    expect(run.outputs.get("digest")).toBe(tinyImage().manifest.digest);
  });

  it("says why the backend makes the image", async () => {
    const { job, inputs } = await makeDirectJob();
    await pushByTool(job);
    const run = await job.run({ ...inputs, assembly: "auto", backend: "buildx", load: "true" });
    expect(run.log).toContain("The backend makes the whole image: docker fetches nothing from this machine's loopback");
    expect([run.code, run.leftovers]).toEqual([0, []]);
  });
});

describe("a cancel", () => {
  it("in the middle of an upload ends the run, and no tag is written", async () => {
    registry.quirks.stalls = true;
    const { job, inputs } = await makeDirectJob({ hangs: "build" });
    const { child, outcome } = job.start({ ...inputs, backend: "podman" });
    await job.hanging();
    while (!registry.log.some((line) => line.startsWith("PUT"))) await sleep(10);
    child.kill("SIGTERM");
    const run = await outcome;
    expect([run.code, run.signal]).toEqual([1, null]);
    expect(run.failure).toMatch(/^\[cancelled\]/);
    expect(tagsOf("acme/iris")).toEqual([]);
    expect(run.leftovers).toEqual([]);
  });

  it("of uploads alone, with the environment known, too", async () => {
    const { job, inputs } = await makeDirectJob();
    await job.run(inputs);
    registry.log.length = 0;
    registry.quirks.stalls = true;
    const { child, outcome } = job.start({ ...inputs, tags: `${registry.host}/acme/other:1`, labels: "a=1" });
    while (!registry.log.some((line) => line.startsWith("PUT"))) await sleep(10);
    child.kill("SIGTERM");
    const run = await outcome;
    expect(run.code).toBe(1);
    expect(run.failure).toMatch(/^\[cancelled\]/);
    expect(tagsOf("acme/other")).toEqual([]);
    expect(run.leftovers).toEqual([]);
  });
});

it("a failed upload ends the build of the environment at once", async () => {
  registry.quirks.putStatus = 403;
  const { job, inputs } = await makeDirectJob({ hangs: "build" });
  const run = await job.run({ ...inputs, backend: "docker" });
  expect(run.failure).toMatch(/^\[auth\]/);
  expect([run.code, run.leftovers, tagsOf("acme/iris")]).toEqual([1, [], []]);
});
