/**
 * Docker's own actions, as they are published, before ours: what they leave is what `backend: auto` and the inputs take. act
 * fetches them from github.com, unless the directory LAB_ACTIONS has them (`docker/login-action`, …).
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Act, openAct } from "./act.ts";
import { heldBy } from "./image.ts";
import { pushTinyBase, unpackTiny } from "./tiny.ts";

const run = promisify(execFile);

let act: Act;
/** What metadata-action asks GitHub about the repository. */
const github = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  const repository = {
    name: "iris",
    html_url: "https://github.com/acme/iris",
    description: "Irises",
    default_branch: "main",
  };
  response.end(JSON.stringify(request.url?.startsWith("/repos/acme/iris") ? { ...repository, license: null } : {}));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve));
  const api = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  act = await openAct({
    BUILDKIT_HOST: undefined,
    BUILDX_CONFIG: undefined,
    DOCKER_HOST: undefined,
    GITHUB_API_URL: api,
  });
  await pushTinyBase(act.lab);
  // As on a machine whose docker needs no variable.
  const docker = (...args: string[]) => run("docker", args, { env: act.env });
  await docker("context", "create", "lab", "--docker", `host=${act.lab.env["DOCKER_HOST"]}`);
  await docker("context", "use", "lab");
});

afterAll(async () => {
  github.close();
  await act.close();
});

/** @param builder inputs of setup-buildx-action, as lines of YAML. */
function workflowOf(builder: readonly string[], inputs: Readonly<Record<string, string>>): string {
  const lines = (indent: string, list: readonly string[]): string => list.map((line) => `${indent}${line}\n`).join("");
  const given = Object.entries(inputs).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const { registry } = act.lab;
  return `name: image
on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/setup-buildx-action@v4
        with:
          cache-binary: false
${lines("          ", builder)}\
      - uses: docker/login-action@v4
        with:
          registry: ${registry}
          username: acme
          password: secret-9174
      - uses: docker/metadata-action@v6
        id: meta
        with:
          images: ${registry}/acme/tiny
          tags: |
            type=sha,format=long
            type=raw,value=newest
      - uses: OWNER/bento-image@v1
        with:
          tags: \${{ steps.meta.outputs.tags }}
          labels: \${{ steps.meta.outputs.labels }}
          annotations: \${{ steps.meta.outputs.annotations }}
${lines("          ", given)}`;
}

const inContainer = (): readonly string[] => [
  "driver-opts: network=host",
  "buildkitd-config-inline: |",
  `  [registry."docker.io"]`,
  `    mirrors = ["${act.lab.registry}"]`,
  `  [registry."${act.lab.registry}"]`,
  "    http = true",
];

const CREATED = /backend: auto is buildx here \(builder-\S+ is the current builder of docker buildx\)/;
const OWN = /backend: auto is docker here \(the first choice\)/;

describe("after setup-buildx-action, login-action and metadata-action", { tags: ["github"] }, () => {
  it.each([
    ["the builder in a container", inContainer, CREATED],
    ["the docker daemon, where the driver is docker", () => ["driver: docker"], OWN],
  ])(
    "auto builds with %s, and the image has the tags, labels and annotations that were made",
    async (_, builder, said) => {
      // Of this test alone, so that no environment is cached.
      const tiny = await unpackTiny({ commands: [`echo ${randomUUID()}`] });
      onTestFinished(() => rm(tiny.home, { recursive: true }));
      const { registry } = act.lab;
      const image = {
        bento: tiny.bento,
        "bentoml-home": tiny.home,
        push: "true",
        "registry-mirrors": `docker.io=${registry}`,
      };
      const { commit, log } = await act.push(workflowOf(builder(), image));
      expect(log).toMatch(said);
      const { digest, manifest } = await heldBy(`${registry}/acme/tiny:sha-${commit}`);
      expect((await heldBy(`${registry}/acme/tiny:newest`)).digest).toBe(digest);
      const made = { "org.opencontainers.image.revision": commit, "org.opencontainers.image.title": "iris" };
      expect(manifest).toMatchObject({ annotations: made });
      const config = await fetch(`http://${registry}/v2/acme/tiny/blobs/${manifest.config.digest}`);
      expect(await config.json()).toMatchObject({ config: { Labels: made } });
      const { stdout } = await run("docker", ["buildx", "ls"], { env: act.env });
      expect(stdout).not.toContain("builder-");
    },
  );
});
