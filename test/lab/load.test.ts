/** Images that are assembled by the action and loaded into the store of each engine. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { BACKENDS, type BackendName, type Lab, type LabBackend, openLab } from "./backends.ts";
import { heldBy, seenBySkopeo } from "./image.ts";
import { type Inputs, runAction, succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

const run = promisify(execFile);

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
});

/** A tiny Bento of its own version, so that no other test's image or environment is taken for its own. */
async function openTrial(name: BackendName): Promise<{ backend: LabBackend; tiny: TinyBento; inputs: Inputs }> {
  const tiny = await unpackTiny();
  onTestFinished(() => rm(tiny.home, { recursive: true, force: true }));
  const backend = lab.backends[name];
  const own = { bento: tiny.bento, "bentoml-home": tiny.home, "build-args": `RUN_OF_TEST=${randomUUID()}` };
  return { backend, tiny, inputs: { ...backend.inputs, ...own } };
}

async function ask({ store, env }: LabBackend, args: readonly string[]): Promise<string> {
  return (await run(store, [...args], { env, maxBuffer: 1 << 26 })).stdout;
}

/** The digests by which the store knows the image. */
async function digestsIn(backend: LabBackend, reference: string): Promise<string> {
  const args = backend.store === "buildah" ? ["inspect", "--type", "image"] : ["image", "inspect"];
  return ask(backend, [...args, reference]);
}

/** All names of images in the store, `repository:tag`. */
async function namesIn(backend: LabBackend): Promise<readonly string[]> {
  const name = backend.store === "buildah" ? "{{.Name}}" : "{{.Repository}}";
  return (await ask(backend, ["images", "--format", `${name}:{{.Tag}}`])).split("\n");
}

/** More bytes than a configuration has, or than the Bento's own files have. */
const SMALL = 20_000;

/** The bytes that the first line of a summary says were sent. */
function sentIn(summary: string): number {
  const [, amount = "", unit] = / · ([\d.]+) (B|kB) sent, /.exec(summary) ?? expect.fail(summary.slice(0, 200));
  return Number(amount) * (unit === "kB" ? 1000 : 1);
}

const isOfLoading = (name: string): boolean => name.includes("bento-image-load");
const ENVIRONMENTS = "localhost/bento-environment/search_gateway:";

describe.each(BACKENDS)("%s", (name) => {
  it("loads the very image that it would push, and keeps nothing else but its environment", async () => {
    const { backend, inputs } = await openTrial(name);
    const reference = `${lab.registry}/load/${randomUUID()}:1`;
    const pushed = await succeed({ ...inputs, push: "true", tags: reference }, backend.env);
    expect((await heldBy(reference)).digest).toBe(pushed["digest"]);

    const local = `localhost/load/${randomUUID()}`;
    const { code, log, outputs } = await runAction({ ...inputs, tags: `${local}:1\n${local}:2` }, backend.env);
    expect(code, log).toBe(0);
    expect(log).toMatch(/^Environment: not in /m);
    expect(outputs).toMatchObject({ digest: pushed["digest"], imageid: pushed["imageid"] });
    for (const tag of ["1", "2"]) expect(await digestsIn(backend, `${local}:${tag}`)).toContain(pushed["digest"]);
    expect((await namesIn(backend)).filter(isOfLoading)).toEqual([]);
  });

  it("fetches only what changed, and builds no environment again", async () => {
    const { backend, tiny, inputs } = await openTrial(name);
    const tags = `localhost/load/${randomUUID()}:1`;
    await succeed({ ...inputs, tags }, backend.env);

    const unchanged = await runAction({ ...inputs, tags }, backend.env);
    expect(unchanged.log).toContain(`Environment: in ${backend.store}'s store`);
    // At most the configuration, which podman and buildah always fetch.
    expect(sentIn(unchanged.summary)).toBeLessThan(SMALL);

    const before = unchanged.outputs["digest"] ?? "";
    await appendFile(join(tiny.directory, "src", (await readdir(join(tiny.directory, "src")))[0] ?? ""), "# changed\n");
    const changed = await runAction({ ...inputs, tags }, backend.env);
    expect([changed.code, changed.outputs["digest"] === before], changed.log).toEqual([0, false]);
    expect(sentIn(changed.summary)).toBeLessThan(2 * SMALL);
    expect(changed.log).not.toMatch(/^::group::(?!(docker|podman|buildah|nerdctl) pull)/m);
    expect(await digestsIn(backend, tags)).toContain(changed.outputs["digest"]);
  });

  it("keeps three environments of a Bento at most", async () => {
    const { backend, inputs } = await openTrial(name);
    for (let round = 0; round < 4; round += 1) {
      const own = { "build-args": `RUN_OF_TEST=${randomUUID()}`, tags: `localhost/load/${randomUUID()}:1` };
      await succeed({ ...inputs, ...own }, backend.env);
    }
    const kept = (await namesIn(backend)).filter((name) => name.startsWith(ENVIRONMENTS));
    expect(kept.length).toBeLessThanOrEqual(3);
  });
});

describe("a run that is killed while it loads", () => {
  /** What the log says just before the moment of the kill. */
  const MOMENTS: readonly (readonly [string, RegExp])[] = [
    ["before anything is built", /^Direct assembly/m],
    ["while the environment is built", /^docker buildx build/m],
    ["when the store begins to fetch", /^::group::docker pull/m],
    ["when the store has fetched the image", /^127\.0\.0\.1:.*@sha256:/m],
    ["when the store fetches the environment", /^::group::docker pull[\s\S]*^::group::docker pull/m],
  ];

  it.each(MOMENTS)("%s leaves no name in the store once another run has loaded", async (_, moment) => {
    const { backend, inputs } = await openTrial("docker");
    const tags = `localhost/load/${randomUUID()}:1`;
    expect(await endAt("SIGKILL", { ...inputs, tags }, backend.env, moment)).toEqual([null, "SIGKILL"]);
    await succeed({ ...inputs, tags }, backend.env);
    expect((await namesIn(backend)).filter((name) => isOfLoading(name) || name === "<none>:<none>")).toEqual([]);
    expect(await digestsIn(backend, tags)).toContain("sha256:");
  });
});

it("A run that is cancelled while the store fetches leaves no name at once", async () => {
  const { backend, inputs } = await openTrial("docker");
  const tags = `localhost/load/${randomUUID()}:1`;
  expect(await endAt("SIGTERM", { ...inputs, tags }, backend.env, /^::group::docker pull/m)).toEqual([1, null]);
  const names = await namesIn(backend);
  expect(names.filter((name) => isOfLoading(name) || name === tags)).toEqual([]);
});

/** Starts the action by the words of a program, if any. */
async function start(inputs: Inputs, env: LabBackend["env"], by: readonly string[] = []): Promise<ChildProcess> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-load-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  // A shell passes no variable on whose name has a hyphen.
  const given = Object.entries(inputs).map(([name, value]) => `INPUT_${name.toUpperCase()}=${value}`);
  const [program = "", ...args] = [...by, "env", ...given, process.execPath, resolve("dist/main.js")];
  const variables = { ...env, RUNNER_TEMP: directory, GITHUB_WORKSPACE: directory };
  return spawn(program, args, { env: variables, stdio: ["ignore", "pipe", "inherit"] });
}

/** Sends the signal to the action, and to nothing else, when its log matches. @returns its exit code and signal. */
async function endAt(
  signal: NodeJS.Signals,
  inputs: Inputs,
  env: LabBackend["env"],
  moment: RegExp,
): Promise<readonly unknown[]> {
  const child = await start(inputs, env);
  let log = "";
  child.stdout?.on("data", (chunk) => {
    log += String(chunk);
    if (moment.test(log)) child.kill(signal);
  });
  return once(child, "close");
}

/** With a loopback interface of its own, which the engine does not see. */
const IN_OWN_NETWORK = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"];

describe("an engine that cannot fetch from the action", () => {
  it("gets the image from its builder, in one line of the log", async () => {
    const { backend, inputs } = await openTrial("docker");
    const tags = `localhost/load/${randomUUID()}:1`;
    const child = await start({ ...inputs, tags }, backend.env, IN_OWN_NETWORK);
    const [log, [code]] = await Promise.all([text(child.stdout ?? expect.fail()), once(child, "close")]);
    expect([code, log]).toEqual([
      0,
      expect.stringMatching(/^The backend makes the whole image: docker fetches nothing from this machine's loopback/m),
    ]);
    expect(await digestsIn(backend, tags)).toContain("sha256:");
  });
});

describe("docker's classic image store", () => {
  const trial = async () => {
    const { backend, inputs } = await openTrial("docker");
    return {
      inputs,
      classic: { ...backend, env: { ...backend.env, DOCKER_HOST: lab.env["LAB_CLASSIC_DOCKER_HOST"] ?? "" } },
    };
  };

  it("gets the image from its builder, as it exports no environment", async () => {
    const { classic, inputs } = await trial();
    const tags = `localhost/load/${randomUUID()}:1`;
    const { code, log } = await runAction({ ...inputs, tags }, classic.env);
    expect([code, log]).toEqual([
      0,
      expect.stringMatching(/^The backend makes the whole image: .*classic image store/m),
    ]);
    expect(await digestsIn(classic, tags)).toContain("sha256:");
  });

  it("fetches the image whose environment a registry has, under the configuration's digest", async () => {
    const { classic, inputs } = await trial();
    const cache = { "environment-cache": `${lab.registry}/load/${randomUUID()}/environments` };
    const pushed = `${lab.registry}/load/${randomUUID()}:1`;
    const { imageid = "" } = await succeed({ ...inputs, ...cache, push: "true", tags: pushed }, classic.env);
    const tags = `localhost/load/${randomUUID()}:1`;
    const { code, log, outputs } = await runAction({ ...inputs, ...cache, tags }, classic.env);
    expect([code, outputs["imageid"]], log).toEqual([0, imageid]);
    expect(log).not.toContain("The backend makes the whole image");
    expect(await digestsIn(classic, tags)).toContain(imageid);
    expect((await namesIn(classic)).filter(isOfLoading)).toEqual([]);
  });
});

describe("archives", () => {
  const STORES: readonly BackendName[] = ["docker", "podman", "nerdctl"];

  it.each(["oci-archive", "docker-archive"] as const)(
    "%s: docker, podman and nerdctl load the image that a push would make",
    async (kind) => {
      const { inputs, backend } = await openTrial("buildctl");
      const directory = await mkdtemp(join(tmpdir(), "bento-image-archive-"));
      onTestFinished(() => rm(directory, { recursive: true }));
      const file = join(directory, "image.tar");
      const tags = `localhost/archive/${randomUUID()}:1`;
      const { digest, imageid = "" } = await succeed({ ...inputs, tags, output: `${kind}:${file}` }, backend.env);
      expect(await seenBySkopeo(`${kind}:${file}`, lab.env)).toMatch(/^sha256:/);
      for (const name of STORES) {
        const { store, env } = lab.backends[name];
        await run(store, ["load", "--input", file], { env });
        // docker and nerdctl name an image by its manifest, podman by its configuration.
        const known = [digest ?? "", imageid.slice("sha256:".length)];
        const printed = await digestsIn(lab.backends[name], tags);
        expect(
          known.some((one) => printed.includes(one)),
          `${name}: ${printed}`,
        ).toBe(true);
      }
    },
  );
});
