import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { labTool } from "./environment.ts";
import { heldBy, payloadOf } from "./image.ts";

const run = promisify(execFile);
const WORKFLOW = ".github/workflows/example.yml";

let lab: Lab;
let act: string;
let directory: string;

beforeAll(async () => {
  lab = await openLab();
  act = await labTool("act");
  directory = await mkdtemp(join(tmpdir(), "bento-image-act-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A repository with the action, the example and the workflow; only the registries' names are others. */
async function makeRepository(): Promise<{ readonly path: string; readonly commit: string }> {
  const path = join(directory, "repository");
  for (const item of ["action.yml", "dist", "examples", WORKFLOW])
    await cp(item, join(path, item), { recursive: true });
  const text = await readFile(WORKFLOW, "utf8");
  const mirrored = text.replace(/^( +)push: true$/m, `$&\n$1registry-mirrors: docker.io=${lab.registry}`);
  await writeFile(join(path, WORKFLOW), mirrored.replaceAll("ghcr.io", lab.registry));
  const git = (...args: string[]) =>
    run("git", ["-C", path, "-c", "user.name=acme", "-c", "user.email=acme@example.com", ...args]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", "https://github.com/acme/iris.git");
  await git("add", "--all", "--force");
  await git("commit", "--quiet", "--message", "first");
  const { stdout } = await git("rev-parse", "HEAD");
  return { path, commit: stdout.trim() };
}

/** The runner's machine: the lab's engines, its Python with BentoML, and a docker configuration that a login may change. */
async function makeRunner(): Promise<NodeJS.ProcessEnv> {
  const docker = join(directory, "docker");
  await mkdir(docker);
  await symlink(join(lab.env["DOCKER_CONFIG"] ?? "", "cli-plugins"), join(docker, "cli-plugins"));
  await writeFile(join(docker, "config.json"), "{}");
  return {
    ...process.env,
    ...lab.env,
    PATH: [dirname(lab.env["LAB_BENTOML"] ?? ""), dirname(process.execPath), lab.env["PATH"]].join(":"),
    DOCKER_CONFIG: docker,
    // act works below it, and BentoML refuses files below a hidden directory such as ~/.cache.
    XDG_CACHE_HOME: join(directory, "cache"),
    BENTOML_HOME: join(directory, "bentoml"),
    BENTOML_DO_NOT_TRACK: "true",
  };
}

describe("the workflow of the README, under act", () => {
  it("builds the example's Bento, pushes its image, and names what the registry holds", async () => {
    const [repository, env] = [await makeRepository(), await makeRunner()];
    const args = ["push", "--workflows", WORKFLOW, "--platform", "ubuntu-latest=-self-hosted", "--actor", "acme"];
    const { stdout } = await run(act, [...args, "--secret", "GITHUB_TOKEN=none"], {
      cwd: repository.path,
      env,
      maxBuffer: 1 << 26,
    }).catch((error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr}`.slice(-8_000));
    });
    const held = await heldBy(`${lab.registry}/acme/iris:${repository.commit}`);
    expect([...payloadOf(held).keys()]).toContain("src");
    expect(stdout).toContain(`pushed ${lab.registry}/acme/iris@${held.digest}`);
  });
});
