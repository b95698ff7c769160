/** Workflows under act: the action's repository as somebody else's, on a machine with the lab's engines. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Lab, openLab } from "./backends.ts";
import { labTool } from "./environment.ts";
import { artifactsIn, runWorkflow } from "./workflow.ts";

const run = promisify(execFile);
const WORKFLOW = ".github/workflows/example.yml";

export interface Act {
  readonly lab: Lab;
  /** The variables of the runner's machine; HOME of the stores of Bentos and models. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the stand-ins keep artifacts, by name. */
  readonly artifacts: string;
  /**
   * Commits the workflow to a repository of its own, with the action and its example, and has it pushed to.
   * @param base in place of the example's own base image.
   */
  push(workflow: string, base?: string): Promise<{ readonly commit: string; readonly log: string }>;
  close(): Promise<void>;
}

export async function openAct(): Promise<Act> {
  const [lab, act, directory] = [
    await openLab(),
    await labTool("act"),
    await mkdtemp(join(tmpdir(), "bento-image-act-")),
  ];
  const env = await runnerEnvironment(lab, directory);
  return {
    lab,
    env,
    artifacts: artifactsIn(directory),
    async push(workflow, base) {
      const repository = await mkdtemp(join(directory, "repository-"));
      const commit = await fillRepository(repository, workflow, base);
      const options = workflow.includes("OWNER/bento-image")
        ? ["--local-repository", `OWNER/bento-image@v1=${repository}`]
        : [];
      const ground = { act, repository, file: WORKFLOW, workflow, directory, env, options };
      return { commit, log: await runWorkflow({ ...ground, event: "push" }) };
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Gives the commit. */
async function fillRepository(path: string, workflow: string, base: string | undefined): Promise<string> {
  for (const item of ["action.yml", "matrix", "merge", "dist", "examples"])
    await cp(item, join(path, item), { recursive: true });
  await mkdir(join(path, dirname(WORKFLOW)), { recursive: true });
  await writeFile(join(path, WORKFLOW), workflow);
  if (base !== undefined) await rebase(join(path, "examples/iris/service.py"), base);
  const git = (...args: string[]) =>
    run("git", ["-C", path, "-c", "user.name=acme", "-c", "user.email=acme@example.com", ...args]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", "https://github.com/acme/iris.git");
  await git("add", "--all", "--force");
  await git("commit", "--quiet", "--message", "first");
  const { stdout } = await git("rev-parse", "HEAD");
  return stdout.trim();
}

async function rebase(service: string, base: string): Promise<void> {
  const text = await readFile(service, "utf8");
  await writeFile(service, text.replace('Image(python_version="3.11")', `Image(base_image=${JSON.stringify(base)})`));
}

/** The lab's engines, its Python with BentoML, and a docker configuration that a login may change. */
async function runnerEnvironment(lab: Lab, directory: string): Promise<NodeJS.ProcessEnv> {
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
