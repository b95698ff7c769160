import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf, isDigest } from "../../src/oci/digest.ts";
import { type Member, printIndex } from "../../src/oci/image-index.ts";
import { DOCKER_INDEX, DOCKER_MANIFEST, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { BACKENDS, type BackendName, type Lab, openLab } from "./backends.ts";
import { wipe } from "./environment.ts";
import { heldBy, type Index, seenBySkopeo } from "./image.ts";
import { runAction, succeed, told } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** Several platforms in one step, by the backend alone. The order asked for is not the alphabet's. */
const PLATFORMS = ["linux/arm64", "linux/amd64"];

const run = promisify(execFile);

let lab: Lab;
let tiny: TinyBento;
let directory: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-platforms-"));
});

afterAll(async () => {
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

function make(name: BackendName, inputs: Readonly<Record<string, string>>) {
  const backend = lab.backends[name];
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true" };
  return succeed({ ...bento, platforms: PLATFORMS.join(","), ...backend.inputs, ...inputs }, backend.env);
}

/** Of this run alone: one that was stopped leaves its list in the stores. */
const own = randomUUID();
const tagOf = (name: string): string => `${lab.registry}/platforms/${name}:${own}`;

const roots = new Map<BackendName, string>();

async function makeEverywhere(name: BackendName, inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  const places = [`oci:${directory}/${name}`, `oci-archive:${directory}/${name}.tar`];
  const outputs = await make(name, { tags: tagOf(name), output: places.join(","), ...inputs });
  const { digest, manifest } = await heldBy<Index>(tagOf(name));
  roots.set(name, digest);
  expect(manifest.manifests.map(({ platform }) => platform)).toEqual([
    { architecture: "arm64", os: "linux" },
    { architecture: "amd64", os: "linux" },
  ]);
  expect([outputs["digest"], Object.keys(JSON.parse(outputs["digests"] ?? ""))]).toEqual([digest, PLATFORMS]);
  for (const place of places) {
    const { stdout } = await run("skopeo", ["inspect", "--raw", place], { env: lab.env });
    expect(digestOf(stdout)).toBe(digest);
  }
}

const BUILDKITS = ["docker", "buildx", "nerdctl", "buildctl"] as const;
const BUILDAHS = ["podman", "buildah"] as const;

describe("an index of just the platforms asked for, in their order, is in the registry, the layout and the archive", () => {
  it.each(BUILDKITS)("%s", (name) => makeEverywhere(name));

  it.each(BUILDAHS)("%s, and as a list in its store, where the tag was another's", async (name) => {
    // The history has the name under which the store knows the base image, which what was built before decides.
    await wipe(name);
    const { env } = lab.backends[name];
    await run(name, ["manifest", "create", tagOf(name)], { env });
    await makeEverywhere(name, { load: "true" });
    const { manifests } = JSON.parse((await run(name, ["manifest", "inspect", tagOf(name)], { env })).stdout);
    expect(manifests.map((member: { platform: { architecture: string } }) => member.platform.architecture)).toEqual([
      "arm64",
      "amd64",
    ]);
    expect((await run(name, ["images"], { env })).stdout).not.toContain("localhost/bento-image");
    await run(name, ["manifest", "rm", tagOf(name)], { env });
  });
});

it("backends of one builder give one index digest", () => {
  expect(roots.size).toBe(BUILDKITS.length + BUILDAHS.length);
  const digests = (names: readonly BackendName[]) => new Set(names.map((name) => roots.get(name)));
  expect(digests(BUILDKITS).size).toBe(1);
  expect(digests(BUILDAHS).size).toBe(1);
});

it("images that were made one by one make the same index when they are joined", async () => {
  const members: Member[] = [];
  for (const platform of PLATFORMS) {
    const tags = `${tagOf("job")}-${platform.split("/")[1]}`;
    const { digest = "" } = await make("buildctl", { tags, platforms: platform });
    if (!isDigest(digest)) throw new Error(`${tags} has the digest "${digest}"`);
    const { stdout } = await run("skopeo", ["inspect", "--raw", "--tls-verify=false", `docker://${tags}`], {
      env: lab.env,
    });
    members.push({ mediaType: OCI_MANIFEST, digest, size: stdout.length, platform: parsePlatform(platform) });
  }
  expect(digestOf(printIndex(members))).toBe(roots.get("buildctl"));
});

describe("a local store with several platforms", () => {
  it.each(["docker", "buildx", "nerdctl"] as const)("%s loads all of them, under the tag", async (name) => {
    const backend = lab.backends[name];
    const tag = `${tagOf(name)}-loaded`;
    const { digest } = await make(name, { tags: tag, push: "false", load: "true" });
    expect(digest).toBe(roots.get(name));
    for (const platform of PLATFORMS) {
      const { stdout } = await run(backend.store, ["image", "inspect", "--platform", platform, tag], backend);
      expect(JSON.parse(stdout)).toMatchObject([{ Architecture: platform.split("/")[1] }]);
    }
    await run(backend.store, ["image", "rm", tag], backend);
  });

  it("buildctl says who can", async () => {
    const { inputs, env } = lab.backends.buildctl;
    const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", load: "true" };
    const refused = await runAction({ ...inputs, ...bento, platforms: PLATFORMS.join(",") }, env);
    expect(told(refused)).toContain(
      "load: a docker archive holds one platform (docker, buildx, podman, buildah, nerdctl can)",
    );
  });
});

describe("docker's format", () => {
  it.each(BACKENDS)(
    "of %s is pushed as it is, as a list of two and beside an archive and a local store",
    async (name) => {
      const list = `${tagOf(name)}-docker`;
      const { digest } = await make(name, { tags: list, format: "docker" });
      const held = await heldBy<{ readonly mediaType: string; readonly manifests: readonly Member[] }>(list);
      expect([held.digest, held.manifest.mediaType]).toEqual([digest, DOCKER_INDEX]);
      expect(held.manifest.manifests.map(({ mediaType }) => mediaType)).toEqual([DOCKER_MANIFEST, DOCKER_MANIFEST]);
      expect(digestOf(printIndex(held.manifest.manifests))).toBe(digest);

      const one = `${tagOf(name)}-docker-one`;
      const archive = join(directory, `${name}-docker.tar`);
      const places = { output: `docker-archive:${archive}`, load: String(name !== "buildctl") };
      const outputs = await make(name, { tags: one, format: "docker", platforms: "linux/amd64", ...places });
      const image = await heldBy(one);
      expect(image.manifest.mediaType).toBe(DOCKER_MANIFEST);
      expect(outputs).toMatchObject({ digest: image.digest, imageid: image.manifest.config.digest });
      expect(await seenBySkopeo(`docker-archive:${archive}`, lab.env)).toMatch(/^sha256:/);
    },
  );
});
