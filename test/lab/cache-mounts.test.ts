/** One long-lived builder and jobs of different trust: what one leaves in a cache mount, no other finds. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackendName, type Lab, openLab } from "./backends.ts";
import { succeed } from "./runner.ts";
import { pushTinyBase, TINY_BASE, type TinyBento, unpackTiny } from "./tiny.ts";

type Names = Readonly<Record<string, string>>;

const RELEASE: Names = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/iris",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF_PROTECTED: "true",
};
const PULL_REQUEST: Names = { ...RELEASE, GITHUB_EVENT_NAME: "pull_request", GITHUB_REF_PROTECTED: "false" };
const ELSEWHERE: Names = { ...RELEASE, GITHUB_REPOSITORY: "acme/other" };

let lab: Lab;
let tiny: TinyBento;
let directory: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-mounts-"));
});

afterAll(async () => {
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

/** The digest of an image with one more step, which has the cache mount of uv. */
async function build(name: BackendName, command: string, job: Names): Promise<string> {
  const { env, inputs } = lab.backends[name];
  const dockerfile = join(directory, `${randomUUID()}.Dockerfile`);
  await writeFile(dockerfile, `FROM ${TINY_BASE}\nRUN --mount=type=cache,target=/var/cache/uv ${command}\n`);
  const tags = `${lab.registry}/mounts/${name}:1`;
  const bento = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true", tags };
  const { digest = "" } = await succeed({ ...inputs, ...bento, dockerfile }, { ...env, ...job });
  return digest;
}

describe.each(["docker", "buildx", "nerdctl", "buildctl"] as const)("%s", (name) => {
  it("gives a release neither a pull request's cache mounts nor what was made with them", async () => {
    const wheel = `/var/cache/uv/${randomUUID()}`;
    await build(name, `echo evil > ${wheel}`, PULL_REQUEST);
    const install = `cat ${wheel} > /wheel 2>/dev/null || echo honest > /wheel`;
    const poisoned = await build(name, install, PULL_REQUEST);
    const released = await build(name, install, RELEASE);
    expect(released).not.toBe(poisoned);
    // The name of the cache is in no byte of the image.
    expect(await build(name, install, ELSEWHERE)).toBe(released);
  });

  it("keeps a job's cache mounts for the next one of the same trust", async () => {
    const wheel = `/var/cache/uv/${randomUUID()}`;
    await build(name, `echo good > ${wheel}`, RELEASE);
    await build(name, `cat ${wheel}`, { ...RELEASE, GITHUB_EVENT_NAME: "workflow_dispatch" });
  });
});
