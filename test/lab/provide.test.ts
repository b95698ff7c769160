/** Engines of our own, from real programs: they build and push, and nothing of them stays. */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBackend } from "../../src/backends/index.ts";
import { type Lab, openLab } from "./backends.ts";
import { labTool } from "./environment.ts";
import type { Report } from "./own-engine.ts";
import { networkLinks, tracesOf } from "./traces.ts";

const run = promisify(execFile);

let lab: Lab;
/** Everything of this file's; readable by all users. */
let root = "";
let linksBefore: readonly string[] = [];

beforeAll(async () => {
  lab = await openLab();
  root = await mkdtemp(join(tmpdir(), "bento-image-provide-"));
  await chmod(root, 0o755);
  const context = join(root, "context");
  await mkdir(context);
  await writeFile(join(context, "Dockerfile"), "FROM busybox:stable\nRUN id -u > /who\n");
  await bundle();
  linksBefore = await networkLinks();
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Neither the checkout nor Node need be readable by other users. */
async function bundle(): Promise<void> {
  const input = join(import.meta.dirname, "own-engine.ts");
  await build({ input, platform: "node", output: { file: join(root, "own-engine.mjs"), codeSplitting: false } });
  await copyFile(process.execPath, join(root, "node"));
}

interface Case {
  readonly backend: string;
  readonly command: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Directory of installed tools; the lab's when left out. */
  readonly tools?: string;
  /** Words before the program, which runs it as somebody else. */
  readonly as?: readonly string[];
}

const NOBODY = "unix:///nobody/is/here.sock";
const NO_ENGINE = { BUILDKIT_HOST: "", CONTAINERD_ADDRESS: "", NERDCTL_TOML: "" };

async function provide({ backend, command, env = {}, tools, as = [] }: Case): Promise<Report> {
  const temporary = await mkdtemp(join(root, "temp-"));
  if (as.length > 0) await chmod(temporary, 0o1777);
  const settings = { mirrors: { "docker.io": [lab.registry] }, insecure: [lab.registry], authorities: {} };
  const places = [tools ?? join(lab.env["LAB_ROOT"] ?? "", "bin")];
  const wish = { backend, provides: findBackend(backend)?.provides, tools: places, settings, keepState: false };
  const [tool = "", ...args] = [
    ...as,
    ...[join(root, "node"), join(root, "own-engine.mjs")],
    ...[JSON.stringify(wish), command],
  ];
  const variables = { ...lab.env, ...NO_ENGINE, RUNNER_TEMP: temporary, CONTEXT: join(root, "context"), ...env };
  const { stdout } = await run(tool, args, { env: variables, maxBuffer: 1 << 26 });
  const report: Report = JSON.parse(/^REPORT (.+)$/m.exec(stdout)?.[1] ?? "{}");
  expect(await readdir(temporary)).toEqual([]);
  return report;
}

/** What every engine is asked: to build and push. */
const FRONTEND = "--progress plain --frontend dockerfile.v0 --local context=$CONTEXT --local dockerfile=$CONTEXT";

function buildctlPush(name: string): string {
  return `buildctl --addr $BUILDER build ${FRONTEND} --output type=image,name=${lab.registry}/${name},push=true`;
}

function buildxPush(name: string): string {
  return `docker buildx build --builder $BUILDER --provenance=false --push -t ${lab.registry}/${name} $CONTEXT`;
}

async function expectPushed(name: string, report: Report): Promise<void> {
  expect(report.command).toMatchObject({ status: 0 });
  const tags = await fetch(`http://${lab.registry}/v2/${name}/tags/list`);
  expect(await tags.json()).toMatchObject({ tags: ["latest"] });
}

async function expectNothingLeft(report: Report): Promise<void> {
  expect(report.left).toEqual([]);
  expect(basename(report.directory)).toMatch(/^bento-image-engine-/);
  expect(await tracesOf(basename(report.directory), lab.env)).toEqual([]);
  expect(await networkLinks()).toEqual(linksBefore);
}

describe("an engine of our own", () => {
  it("buildctl: a buildkitd", async () => {
    const report = await provide({ backend: "buildctl", command: buildctlPush("provide/buildctl") });
    await expectPushed("provide/buildctl", report);
    await expectNothingLeft(report);
  });

  it("nerdctl: a containerd and its buildkitd", async () => {
    const name = "provide/nerdctl";
    const command = `nerdctl build -t ${lab.registry}/${name} $CONTEXT && nerdctl push ${lab.registry}/${name}`;
    const report = await provide({ backend: "nerdctl", command, env: { CONTAINERD_ADDRESS: NOBODY } });
    await expectPushed(name, report);
    await expectNothingLeft(report);
  });

  it("nerdctl: a buildkitd in the containerd that is there, which is as before afterwards", async () => {
    const name = "provide/guest";
    const images = async () => (await run("nerdctl", ["images", "--quiet", "--no-trunc"], { env: lab.env })).stdout;
    const imagesBefore = await images();
    const command = `nerdctl build -q -t ${lab.registry}/${name} $CONTEXT && nerdctl push ${lab.registry}/${name} && nerdctl rmi ${lab.registry}/${name}`;
    const address = { CONTAINERD_ADDRESS: lab.env["CONTAINERD_ADDRESS"] ?? "" };
    const report = await provide({ backend: "nerdctl", command, env: address });
    await expectPushed(name, report);
    expect(await images()).toBe(imagesBefore);
    await expectNothingLeft(report);
  });

  it("buildx: a builder in a container of docker, which is nobody's default", async () => {
    const current = async () => (await run("docker", ["buildx", "ls"], { env: lab.env })).stdout;
    const builders = await current();
    const report = await provide({ backend: "buildx", command: buildxPush("provide/buildx") });
    await expectPushed("provide/buildx", report);
    expect(await current()).toBe(builders);
    await expectNothingLeft(report);
  });

  it("buildx: without a docker daemon, a buildkitd that buildx is pointed at", async () => {
    const env = { DOCKER_HOST: NOBODY };
    const report = await provide({ backend: "buildx", command: buildxPush("provide/remote"), env });
    await expectPushed("provide/remote", report);
    await expectNothingLeft(report);
  });

  it("buildctl: with a step that is still running when it ends", async () => {
    await writeFile(
      join(root, "context", "Dockerfile.sleep"),
      'FROM busybox:stable\nRUN echo SLEEP""ING && sleep 600\n',
    );
    const file = "--opt filename=Dockerfile.sleep";
    // Its output is a file's: the end of the command is not the end of the build.
    const build = `timeout 30 buildctl --addr $BUILDER build ${FRONTEND} ${file}`;
    const command = `${build} > $RUNNER_TEMP/log 2>&1 & timeout 20 sh -c "until grep -q SLEEPING $RUNNER_TEMP/log; do sleep 0.1; done"; rm $RUNNER_TEMP/log`;
    const report = await provide({ backend: "buildctl", command });
    expect(report.command).toMatchObject({ status: 0 });
    await expectNothingLeft(report);
  });
});

describe("an engine of an ordinary user", () => {
  const user = `bi-${process.pid}`;
  const home = () => join(root, "home");
  const cache = () => join(root, "cache");
  const tools = () => join(cache(), "bento-image-tools/1.0.0/x64");

  beforeAll(async () => {
    await run("useradd", ["--no-create-home", "--home-dir", home(), user]);
    for (const path of [tools(), home()]) await mkdir(path, { recursive: true });
    await run("chown", [user, home()]);
    const bin = join(lab.env["LAB_ROOT"] ?? "", "bin");
    for (const name of ["buildkitd", "buildctl", "runc"]) await copyFile(join(bin, name), join(tools(), name));
    await copyFile(await labTool("rootlesskit"), join(tools(), "rootlesskit"));
  });

  afterAll(() => run("userdel", [user]));

  it("builds and pushes in a user namespace, or names the setting that forbids it", async () => {
    const report = await provide({
      backend: "buildctl",
      command: buildctlPush("provide/rootless"),
      tools: tools(),
      env: { HOME: home(), RUNNER_TOOL_CACHE: cache(), PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DOCKER_CONFIG: home() },
      as: ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups"],
    });
    if (report.failure?.code === "RootlessForbidden") {
      expect(report.failure.message).toMatch(/kernel\.|user\.max|newuidmap|\/etc\/sub/);
    } else {
      await expectPushed("provide/rootless", report);
    }
    await expectNothingLeft(report);
  });
});
