/** Loading by the bundle: the fake stores fetch what it serves, over real HTTP. */
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { unpackFixture } from "../bento/fixtures.ts";
import type { Behaviour } from "../fakes/cli.ts";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { readStore } from "../fakes/store.ts";
import { type Inputs, MIRROR_BACKENDS, makeJob } from "./job.ts";

const ENVIRONMENTS = "localhost/bento-environment/iris_classifier:";
const TAGS = ["docker.io/acme/iris:1", "docker.io/acme/iris:2"];

let registry: FakeRegistry;

beforeEach(async () => {
  registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  registry.manifests.set("library/python", new Map([["3.11-slim", tinyImage("base").manifest]]));
});

async function makeLoadingJob(behaviour: Partial<Behaviour> = {}) {
  const job = await makeJob({ store: {}, ...behaviour });
  await unpackFixture(job.home, "good/sklearn/home.tar.gz");
  const inputs: Inputs = {
    bento: "iris_classifier",
    tags: TAGS.join("\n"),
    assembly: "auto",
    "registry-mirrors": `docker.io=${registry.host}`,
  };
  return { job, inputs };
}

/** 24 random bytes as hexadecimal digits, or the Base64 form of a user name and them. */
const LOGIN = /\b[0-9a-f]{48}\b|YmVudG8taW1hZ2U6/;

it.each(MIRROR_BACKENDS)(
  "with %s the store fetches the image and keeps its environment for the next",
  async (backend) => {
    const { job, inputs } = await makeLoadingJob();
    const run = await job.run({ ...inputs, backend });
    expect([run.code, run.failure, run.leftovers]).toEqual([0, undefined, []]);
    const { images, fetched } = readStore(job.control);
    const [environment = "", ...others] = Object.keys(images).filter((name) => !TAGS.includes(name));
    expect([environment.startsWith(ENVIRONMENTS), others]).toEqual([true, []]);
    for (const tag of TAGS) expect(images[tag]?.digest).toBe(run.outputs.get("digest"));
    // The login of the registry that this run opens is in no argument, no variable and no line of the log.
    expect(run.calls.filter(({ args }) => args.includes("pull")).length).toBe(3);
    expect(JSON.stringify(run.calls.map(({ args, env }) => [args, env]))).not.toMatch(LOGIN);
    expect(run.log).not.toMatch(LOGIN);

    const builds = ({ calls }: typeof run) => calls.filter(({ args }) => /target/.test(args.join(" "))).length;
    const next = await job.run({ ...inputs, backend });
    expect([next.code, next.outputs.get("digest")]).toEqual([0, run.outputs.get("digest")]);
    // Its model is not read again.
    expect(next.log).toMatch(/^model iris_tree:\S+: cached, /m);
    expect(run.log).toMatch(/^model iris_tree:\S+: hashed, /m);
    // The calls of both runs are written into one file.
    expect([readStore(job.control).fetched, builds(next)]).toEqual([fetched, builds(run)]);
  },
);

it("layers that the store has lost are made again, those of the environment too", async () => {
  const { job, inputs } = await makeLoadingJob();
  const first = await job.run({ ...inputs, backend: "podman" });
  await job.behave({ store: { forgets: true } });
  const next = await job.run({ ...inputs, backend: "podman" });
  expect([next.code, next.failure, next.leftovers]).toEqual([0, undefined, []]);
  expect(next.outputs.get("digest")).toBe(first.outputs.get("digest"));
});

describe("a store that refuses the image", () => {
  const REFUSES = { store: { refuses: "Source image rejected by policy" } };

  it("gets it from the builder, and the log says why", async () => {
    const { job, inputs } = await makeLoadingJob(REFUSES);
    const run = await job.run({ ...inputs, backend: "docker" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.log).toMatch(/^The backend makes the whole image: docker did not load the image: .*rejected by policy/m);
    expect([readStore(job.control).images, run.leftovers]).toEqual([{}, []]);
  });

  it("fails the run with assembly: direct, and no tag is pushed either", async () => {
    const { job, inputs } = await makeLoadingJob(REFUSES);
    const tags = `${registry.host}/acme/iris:1`;
    const run = await job.run({ ...inputs, backend: "docker", assembly: "direct", push: "true", load: "true", tags });
    expect(run.code).toBe(1);
    expect(run.failure).toMatch(/^\[engine\] docker did not load the image: .*rejected by policy/);
    expect([...(registry.manifests.get("acme/iris")?.keys() ?? [])]).not.toContain("1");
    expect([readStore(job.control).images, run.leftovers]).toEqual([{}, []]);
  });
});

describe("with environment-cache, a run that pushes nothing", () => {
  const cacheOf = ({ host }: FakeRegistry) => `${host}/acme/cache`;

  it("takes the environment from there, and builds none", async () => {
    const { job, inputs } = await makeLoadingJob();
    const cached = { ...inputs, backend: "docker", "environment-cache": cacheOf(registry), platforms: "linux/amd64" };
    const pushed = await job.run({ ...cached, push: "true", tags: `${registry.host}/acme/iris:1` });
    expect([pushed.code, pushed.failure]).toEqual([0, undefined]);
    const loaded = await job.run(cached);
    expect([loaded.code, loaded.outputs.get("digest")]).toEqual([0, pushed.outputs.get("digest")]);
    expect(loaded.log).not.toContain("::group::docker buildx build");
    expect(loaded.summary).toContain("direct, environment cached");
  });

  it("writes nothing there", async () => {
    const { job, inputs } = await makeLoadingJob();
    const run = await job.run({ ...inputs, backend: "docker", "environment-cache": cacheOf(registry) });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(registry.log.filter((line) => !/^(?:GET|HEAD) /.test(line))).toEqual([]);
    expect(Object.keys(readStore(job.control).images)).toEqual(expect.arrayContaining(TAGS));
  });

  it("goes on without a cache that it may not read", async () => {
    const closed = await startFakeRegistry({ login: "basic" });
    onTestFinished(() => closed.close());
    const { job, inputs } = await makeLoadingJob();
    const run = await job.run({ ...inputs, backend: "docker", "environment-cache": cacheOf(closed) });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.log).toMatch(new RegExp(`^The cache ${cacheOf(closed)} is not used: `, "m"));
    expect(Object.keys(readStore(job.control).images)).toEqual(expect.arrayContaining(TAGS));
  });
});

it.each([
  ["environment-cache: off", { "environment-cache": "off" }],
  ["cache-key", { "cache-key": "0123456789abcdef0123456789abcdef" }],
])("with %s no environment of the store is used, and none is kept", async (_, own) => {
  const { job, inputs } = await makeLoadingJob();
  const kept = () => Object.keys(readStore(job.control).images).filter((name) => name.startsWith(ENVIRONMENTS));
  await job.run({ ...inputs, ...own, backend: "docker" });
  expect(kept()).toEqual([]);
  await job.run({ ...inputs, backend: "docker" });
  expect(kept().length).toBe(1);
  const run = await job.run({ ...inputs, ...own, backend: "docker" });
  expect([run.code, run.log]).toEqual([0, expect.stringContaining("::group::docker buildx build")]);
});

it("an image that is pushed and loaded is one image", async () => {
  const { job, inputs } = await makeLoadingJob();
  const tags = `${registry.host}/acme/iris:1`;
  const run = await job.run({
    ...inputs,
    backend: "docker",
    push: "true",
    load: "true",
    tags,
    platforms: "linux/amd64",
  });
  expect([run.code, run.failure]).toEqual([0, undefined]);
  expect(Object.entries(readStore(job.control).images).map(([name, { digest }]) => [name, digest])).toEqual([
    [tags, run.outputs.get("digest")],
  ]);
});
