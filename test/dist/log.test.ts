/** The log of a run as a whole: what a user reads, and with debug logging what nobody may read. */
import { once } from "node:events";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { unpackFixture } from "../bento/fixtures.ts";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { type Inputs, type Job, makeJob } from "./job.ts";

const PRINTS = ["#1 [internal] load build definition from Dockerfile", "#2 DONE 0.1s"];

let registry: FakeRegistry;
let job: Job;
let push: Inputs;

beforeEach(async () => {
  registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  registry.manifests.set("library/python", new Map([["3.11-slim", tinyImage("base").manifest]]));
  job = await makeJob({ prints: PRINTS });
  await unpackFixture(job.home, "good/sklearn/home.tar.gz");
  push = {
    bento: "iris_classifier",
    backend: "docker",
    tags: `${registry.host}/acme/iris:1\n${registry.host}/acme/iris:latest`,
    push: "true",
    platforms: "linux/amd64",
    "registry-mirrors": `docker.io=${registry.host}`,
  };
});

/** The lines without what differs from run to run, and each group as its title with the number of its lines. */
function linesOf(log: string): readonly string[] {
  const plain = log
    .replaceAll(registry.host, "registry.example.com")
    .replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:…")
    .replaceAll(/\d+\.\d s\b/g, "0.0 s");
  const lines = plain
    .replaceAll(/^::group::(.*)\n([\s\S]*?)::endgroup::$/gm, "▸ $1")
    .trim()
    .split("\n");
  return lines;
}

describe("The log", () => {
  it("of a first push tells what is made, what becomes of each layer, and ends with a command", async () => {
    const { log } = await job.run(push);
    const lines = linesOf(log);
    expect(lines.slice(0, 5)).toEqual([
      "Bento: iris_classifier:bkemozxfjwqs2ax4, made with BentoML 1.4.38",
      "Image: registry.example.com/acme/iris:1, registry.example.com/acme/iris:latest for linux/amd64",
      "Models: iris_tree:bhba7qxfjwjd2ax4 (2.1 kB)",
      "Direct assembly: the backend builds the environment unless it is cached; this action makes all other layers",
      "Cache registry.example.com/acme/iris: environment for linux/amd64 not cached; 0 of 1 model layers cached",
    ]);
    // The environment is built while layers are uploaded.
    expect(lines.slice(5, -3).toSorted()).toEqual([
      "apis: uploaded, 2.0 kB",
      "env: uploaded, 3.0 kB",
      "generated: uploaded, 1.4 kB",
      "manifest: uploaded, 2.0 kB",
      "model iris_tree:bhba7qxfjwjd2ax4: uploaded, 1.4 kB",
      "src: uploaded, 745 B",
      "▸ Generated Dockerfile",
      "▸ docker buildx build (default)",
    ]);
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^Uploaded \d+\.\d kB\.$/),
      "Pushed registry.example.com/acme/iris:1, registry.example.com/acme/iris:latest",
      "docker pull registry.example.com/acme/iris@sha256:…",
    ]);
  });

  it("of a second push tells what is cached, and has no group", async () => {
    await job.run(push);
    const { log } = await job.run(push);
    expect(log).not.toContain("::group::");
    expect(linesOf(log)[4]).toBe(
      "Cache registry.example.com/acme/iris: environment for linux/amd64 cached; 1 of 1 model layers cached (1.4 kB)",
    );
    expect(linesOf(log)).toContain("model iris_tree:bhba7qxfjwjd2ax4: cached, 1.4 kB");
    expect(linesOf(log)).toContain("src: already in the registry, 745 B");
  });

  it("of a build by the backend has its words, the Dockerfile and each command in a group", async () => {
    const { log } = await job.run({ bento: "iris_classifier", backend: "docker" });
    expect(linesOf(log)).toEqual([
      "Bento: iris_classifier:bkemozxfjwqs2ax4, made with BentoML 1.4.38",
      "Image: docker.io/library/iris_classifier:bkemozxfjwqs2ax4",
      "Models: iris_tree:bhba7qxfjwjd2ax4 (2.1 kB)",
      "The backend makes the whole image: assembly: backend",
      "▸ Generated Dockerfile",
      "▸ docker buildx build (default)",
      "Built docker.io/library/iris_classifier:bkemozxfjwqs2ax4: sha256:…",
      "docker run --rm -p 3000:3000 docker.io/library/iris_classifier:bkemozxfjwqs2ax4",
    ]);
  });

  it("has a line for each request when debug logging is on, and no login", async () => {
    Object.assign(registry.quirks, { login: "bearer", user: "acme:pa55-w0rd-5719" });
    const auth = Buffer.from("acme:pa55-w0rd-5719").toString("base64");
    job.environment({
      RUNNER_DEBUG: "1",
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [registry.host]: { auth } } }),
    });
    // podman's image is pushed by this action.
    const { code, log } = await job.run({ ...push, backend: "podman", assembly: "backend" });
    expect([code, log]).toEqual([0, expect.stringContaining("::debug::")]);
    const requests = log.split("\n").filter((line) => /^::debug::[A-Z]+ http/.test(line));
    expect(requests.length).toBeGreaterThanOrEqual(registry.log.length);
    expect(requests.join("\n")).toMatch(
      /^::debug::PUT http:\S+\/v2\/acme\/iris\/blobs\/uploads\/…\?digest=sha256:[0-9a-f]{64}&…: 201, \d+\.\d s$/m,
    );
    const shown = log.replaceAll(/^::add-mask::.*$/gm, "");
    expect(shown).not.toMatch(/pa55-w0rd|state=/);
    expect(shown).not.toContain(auth);
    for (const login of registry.logins.filter((one) => one !== undefined)) {
      expect(shown).not.toContain(login.replace(/^\w+ /, ""));
    }
  });

  it("may have no reader any more: the run goes on and ends", async () => {
    const { child, outcome } = job.start(push);
    outcome.catch(() => undefined);
    const ended = once(child, "exit");
    child.stdout?.destroy();
    expect(await ended).toEqual([0, null]);
  });

  it("has no requests otherwise", async () => {
    expect((await job.run(push)).log).not.toContain("::debug::");
  });
});
