/** `backend: auto` on a machine with six engines: what was named before the step decides. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { heldBy } from "./image.ts";
import { type Inputs, type Run, runAction } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

const run = promisify(execFile);

type Variables = Readonly<Record<string, string>>;

let lab: Lab;
let tiny: TinyBento;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  return () => rm(tiny.home, { recursive: true });
});

/** The variables of a machine on which none names an engine: docker finds the daemon by its context. */
async function machineWith(daemon: string): Promise<Variables> {
  const config = await mkdtemp(join(tmpdir(), "bento-image-docker-"));
  onTestFinished(() => rm(config, { recursive: true }));
  await symlink(join(lab.env["DOCKER_CONFIG"] ?? "", "cli-plugins"), join(config, "cli-plugins"));
  await writeFile(join(config, "config.json"), "{}");
  const { DOCKER_HOST, BUILDKIT_HOST, BUILDX_CONFIG, ...others } = lab.env;
  const env = { ...others, DOCKER_CONFIG: config };
  await run("docker", ["context", "create", "lab", "--docker", `host=${lab.env[daemon]}`], { env });
  await run("docker", ["context", "use", "lab"], { env });
  return env;
}

/** A build of the whole image by whatever is selected. */
function build(env: Variables, inputs: Inputs = {}): Promise<Run> {
  const registry = {
    "registry-mirrors": `docker.io=${lab.registry}`,
    tags: `${lab.registry}/auto/tiny:${randomUUID()}`,
  };
  const image = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", install: "never" };
  return runAction({ ...image, ...registry, ...inputs }, env);
}

async function expectPushed({ code, log, outputs }: Run): Promise<void> {
  expect(code, log.slice(-6_000)).toBe(0);
  const [tag = ""] = (outputs["tags"] ?? "").split("\n");
  expect((await heldBy(tag)).digest).toBe(outputs["digest"]);
}

describe("backend: auto", () => {
  it("builds with docker if nothing names an engine", async () => {
    const step = await build(await machineWith("DOCKER_HOST"), { push: "true" });
    await expectPushed(step);
    expect(step.log).toContain("backend: auto is docker here (the first choice)");
  });

  it("builds with the builder that an earlier step made the current one", async () => {
    const env = await machineWith("DOCKER_HOST");
    const address = lab.env["BUILDKIT_HOST"] ?? "";
    await run("docker", ["buildx", "create", "--name", "made", "--driver", "remote", "--use", address], { env });
    const step = await build(env, { push: "true" });
    await expectPushed(step);
    expect(step.log).toContain("backend: auto is buildx here (made is the current builder of docker buildx)");
    await run("docker", ["buildx", "use", "lab"], { env });
    expect((await build(env, { push: "true" })).outputs["backend"]).toBe("docker");
    const named = await build({ ...env, BUILDX_BUILDER: "made" }, { push: "true" });
    await expectPushed(named);
    expect(named.log).toContain("backend: auto is buildx here (BUILDX_BUILDER is set)");
  });

  it("builds with the buildkitd of BUILDKIT_HOST, whatever else is there", async () => {
    const step = await build(lab.env, { push: "true" });
    await expectPushed(step);
    expect(step.log).toContain("backend: auto is buildctl here (BUILDKIT_HOST is set)");
  });

  it("passes over a daemon with the classic store for what it does not support, and says for which input", async () => {
    const step = await build(await machineWith("LAB_CLASSIC_DOCKER_HOST"), { output: "oci:image" });
    expect(step.code, step.log.slice(-6_000)).toBe(0);
    expect(step.log).toMatch(/^backend: auto is podman here \(docker: output: the classic image store .*\)$/m);
  });

  it.each<[string, (env: Variables) => Variables, RegExp]>([
    [
      "a daemon that does not support it",
      (env) => ({ ...env, DOCKER_HOST: lab.env["LAB_CLASSIC_DOCKER_HOST"] ?? "" }),
      /DOCKER_HOST is set, but the backend docker does not support .*output: the classic image store/,
    ],
    [
      "a dead daemon",
      (env) => ({ ...env, DOCKER_HOST: "unix:///nope" }),
      /DOCKER_HOST is set, but the docker daemon cannot/,
    ],
    [
      "no podman service",
      (env) => ({ ...env, CONTAINER_HOST: "unix:///nope" }),
      /CONTAINER_HOST is set, but podman does not/,
    ],
    ["no builder", (env) => ({ ...env, BUILDX_BUILDER: "nope" }), /BUILDX_BUILDER is set, but buildx finds no builder/],
  ])("uses no other engine where a variable names %s", async (_, change, failure) => {
    const step = await build(change(await machineWith("DOCKER_HOST")), { output: "oci:image" });
    expect(step.code).toBe(1);
    expect(step.log).toMatch(failure);
  });
});
