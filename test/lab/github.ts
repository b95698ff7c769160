/** What a workflow needs of GitHub to change a repository: an origin, and `gh`, which here notes what it is asked for. */
import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { labTool } from "./environment.ts";
import { artifactsIn, runWorkflow, type WorkflowRun } from "./workflow.ts";

const run = promisify(execFile);

export interface GitHub {
  /** A clone of the origin, on the branch that a workflow runs on. */
  readonly repository: string;
  readonly origin: string;
  /** Where artifacts and the like are kept. */
  readonly artifacts: string;
  /** Commits everything, and pushes the branch. Gives the commit. */
  commit(branch: string): Promise<string>;
  /** The log of a workflow of the repository. @throws Error with the end of it when a job fails. */
  run(workflow: Pick<WorkflowRun, "file" | "event" | "options">): Promise<string>;
  /** What `gh` was asked for. */
  asked(): Promise<readonly string[]>;
}

export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const who = ["-c", "user.name=acme", "-c", "user.email=acme@example.com"];
  return (await run("git", ["-C", directory, ...who, ...args])).stdout.trim();
}

/** The packages that jobs get from the stand-in of actions/setup-node. */
export function packages(directory: string): readonly string[] {
  return ["--env", `LAB_PACKAGES=${directory}`];
}

/**
 * @param root an empty directory for all of it.
 * @param fill writes what the repository's first commit has.
 * @param answers shell code of `gh`, which answers what a workflow reads.
 */
export async function openGitHub(
  root: string,
  fill: (repository: string) => Promise<void>,
  answers = "",
): Promise<GitHub> {
  const [repository, origin, bin] = [join(root, "repository"), join(root, "origin.git"), join(root, "bin")];
  await Promise.all([repository, bin].map((path) => mkdir(path)));
  await fill(repository);
  await git(root, "init", "--quiet", "--bare", "--initial-branch=main", origin);
  await git(root, "init", "--quiet", "--initial-branch=main", repository);
  await git(repository, "remote", "add", "origin", origin);
  const notes = join(root, "gh.log");
  await appendFile(notes, "");
  await writeFile(join(bin, "gh"), `#!/bin/sh\necho "$@" >> ${notes}\n${answers}\n`, { mode: 0o755 });
  const path = [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const github: GitHub = {
    repository,
    origin,
    artifacts: artifactsIn(root),
    async commit(branch) {
      await git(repository, "add", "--all");
      await git(repository, "commit", "--quiet", "--message", "a change");
      await git(repository, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
      return git(repository, "rev-parse", "HEAD");
    },
    run: async ({ options = [], ...workflow }) =>
      runWorkflow({
        ...{ act: await labTool("act"), repository, directory: root, ...workflow },
        workflow: await readFile(join(repository, workflow.file), "utf8"),
        env: { ...process.env, PATH: path, XDG_CACHE_HOME: join(root, "cache") },
        options: ["--defaultbranch", "main", ...options],
      }),
    asked: async () => (await readFile(notes, "utf8")).trim().split("\n"),
  };
  await github.commit("main");
  return github;
}
