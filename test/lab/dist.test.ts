/** dist.yml on a pull request of Dependabot. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { type GitHub, git, openGitHub, packages } from "./github.ts";

const FILE = ".github/workflows/dist.yml";
const BRANCH = "dependabot/npm_and_yarn/p-retry-9.9.9";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bento-image-dist-workflow-"));
  onTestFinished(() => rm(root, { recursive: true }));
});

/** The bundle and the workflow on a branch of Dependabot. Only what installs and builds is another. */
async function openPullRequest(build: string): Promise<GitHub> {
  const workflow = (await readFile(FILE, "utf8"))
    .replaceAll("          ref: ${{ github.event.pull_request.head.sha }}\n", "")
    .replace("npm ci --ignore-scripts && npm run bundle", build);
  const github = await openGitHub(root, async (repository) => {
    await cp("dist", join(repository, "dist"), { recursive: true });
    await mkdir(join(repository, dirname(FILE)), { recursive: true });
    await writeFile(join(repository, FILE), workflow);
  });
  await git(github.repository, "checkout", "--quiet", "-b", BRANCH);
  await writeFile(join(github.repository, "package-lock.json"), "{}\n");
  await github.commit(BRANCH);
  return github;
}

async function open(github: GitHub, by: string, from: string): Promise<string> {
  const head = { ref: BRANCH, sha: await git(github.repository, "rev-parse", "HEAD"), repo: { full_name: from } };
  const event = { pull_request: { user: { login: by }, head, base: { ref: "main" } }, number: 1 };
  await writeFile(join(root, "event.json"), JSON.stringify(event));
  const named = ["--eventpath", join(root, "event.json"), "--env", "GITHUB_REPOSITORY=acme/bento-image"];
  return github.run({ file: FILE, event: "pull_request", options: [...named, ...packages(join(root, "bin"))] });
}

/** Files that the last commit of the branch changes at the origin. */
async function changed({ origin }: GitHub): Promise<readonly string[]> {
  return (await git(origin, "diff", "--name-only", `${BRANCH}~1`, BRANCH)).split("\n");
}

it("a dependency of Dependabot gets its dist/ on the same branch, and the checks start", async () => {
  const github = await openPullRequest("echo 'a new library' >> dist/shared.js");
  await open(github, "dependabot[bot]", "acme/bento-image");
  expect(await changed(github)).toEqual(["dist/shared.js"]);
  expect(await git(github.origin, "log", "-1", "--format=%s", BRANCH)).toContain("[dependabot skip]");
  expect(await github.asked()).toEqual(["auth setup-git", `workflow run ci.yml --ref ${BRANCH}`]);
});

it("a hostile dependency changes dist/ and nothing else of the repository, whatever its build does", async () => {
  // It takes the place of git in the job, and hands on a patch of its own.
  const file = (path: string) =>
    `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+mine\n`;
  const patch = [".github/workflows/mine.yml", "action-of-mine.yml", "dist/mine.js"].map(file).join("");
  await writeFile(join(root, "hostile.patch"), patch);
  const git = `#!/bin/sh\ncase "$*" in *--cached*) cat ${join(root, "hostile.patch")} ;; esac\n`;
  await writeFile(join(root, "hostile-git"), git, { mode: 0o755 });
  const github = await openPullRequest(
    `mkdir "$RUNNER_TEMP/bin" && cp ${join(root, "hostile-git")} "$RUNNER_TEMP/bin/git" && echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"`,
  );
  await open(github, "dependabot[bot]", "acme/bento-image");
  expect(await changed(github)).toEqual(["dist/mine.js"]);
});

it.each([
  ["somebody else", "mallory", "acme/bento-image"],
  ["a fork", "dependabot[bot]", "mallory/bento-image"],
])("a pull request of %s is not built, and nothing is pushed", async (_, by, from) => {
  const github = await openPullRequest("echo 'a new library' >> dist/shared.js");
  await open(github, by, from);
  expect(await changed(github)).toEqual(["package-lock.json"]);
  expect(await github.asked()).toEqual([""]);
});
