/** Workflows under act: the action's repository as somebody else's, on a machine with the lab's engines. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
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
  /** Commits the workflow to a repository of its own, and has it pushed to. */
  push(workflow: string, project?: Project): Promise<{ readonly commit: string; readonly log: string }>;
  close(): Promise<void>;
}

/** What is in the repository beside the workflow. */
interface Project {
  /** Its files, by path; without them the action and its examples. */
  readonly files?: Readonly<Record<string, string>>;
  /** In place of the base image of the examples. */
  readonly base?: string;
  /** Where the workflow is. */
  readonly path?: string;
  /** Published actions, as `OWNER/NAME`, in whose place those of `actions/` run. */
  readonly standIns?: readonly string[];
  /** What its author types to push. */
  readonly commands?: string;
}

/** @param variables of the runner's machine, besides the lab's; undefined takes one away. */
export async function openAct(variables: NodeJS.ProcessEnv = {}): Promise<Act> {
  const [lab, act, directory] = [
    await openLab(),
    await labTool("act"),
    await mkdtemp(join(tmpdir(), "bento-image-act-")),
  ];
  const env = { ...(await runnerEnvironment(lab, directory)), ...variables };
  const action = join(directory, "action");
  await copyInto(action, ACTION);
  return {
    lab,
    env,
    artifacts: artifactsIn(directory),
    async push(workflow, project = {}) {
      const repository = await mkdtemp(join(directory, "repository-"));
      const commit = await fillRepository(repository, workflow, project);
      const options = workflow.includes("OWNER/bento-image")
        ? ["--local-repository", `OWNER/bento-image@v1=${action}`]
        : [];
      const { path: file = WORKFLOW, standIns = [] } = project;
      const run = { act, repository, file, workflow, directory, env, standIns, options };
      return { commit, log: await runWorkflow({ ...run, event: "push" }) };
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

const ACTION = ["action.yml", "matrix", "merge", "dist"];

async function copyInto(path: string, items: readonly string[]): Promise<void> {
  for (const item of items) await cp(item, join(path, item), { recursive: true });
}

/** Gives the commit. */
async function fillRepository(path: string, workflow: string, project: Project): Promise<string> {
  const { files, base, commands } = project;
  if (files === undefined) await copyInto(path, [...ACTION, "examples"]);
  for (const [name, text] of Object.entries({ ...files, [project.path ?? WORKFLOW]: workflow })) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  if (base !== undefined) await rebase(join(path, "examples"), base);
  const git = (...args: string[]) => run("git", ["-C", path, ...args], { env: AUTHOR });
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", "https://github.com/acme/iris.git");
  if (commands === undefined) {
    await git("add", "--all", "--force");
    await git("commit", "--quiet", "--message", "first");
  } else {
    await pushAsAuthor(path, commands);
  }
  const { stdout } = await git("rev-parse", "HEAD");
  return stdout.trim();
}

const AUTHOR = {
  ...process.env,
  ...{ GIT_AUTHOR_NAME: "acme", GIT_AUTHOR_EMAIL: "acme@example.com" },
  ...{ GIT_COMMITTER_NAME: "acme", GIT_COMMITTER_EMAIL: "acme@example.com" },
};

/** In a repository as a clone from GitHub is; what is pushed goes to one beside it. */
async function pushAsAuthor(path: string, commands: string): Promise<void> {
  await run("git", ["init", "--quiet", "--bare", `${path}.git`]);
  const settings = { "branch.main.remote": "origin", "branch.main.merge": "refs/heads/main" };
  for (const [name, value] of Object.entries({
    ...settings,
    [`url.${path}.git.pushInsteadOf`]: "https://github.com/acme/iris.git",
  }))
    await run("git", ["-C", path, "config", name, value]);
  await run("bash", ["-e", "-c", commands], { cwd: path, env: AUTHOR });
}

/** Puts every service of the examples on another base image. */
export async function rebase(examples: string, base: string): Promise<void> {
  for (const name of await readdir(examples, { recursive: true })) {
    if (basename(name) !== "service.py") continue;
    const service = join(examples, name);
    const text = await readFile(service, "utf8");
    await writeFile(service, text.replace('Image(python_version="3.11")', `Image(base_image=${JSON.stringify(base)})`));
  }
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
