/** release.yml from the preparation of a version to its tags. What GitHub itself does stands in: checks, approval, signing, the release. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { copyCheckout } from "../contracts/checkout.ts";
import { type GitHub, git, openGitHub, packages } from "./github.ts";

const run = promisify(execFile);
const FILE = ".github/workflows/release.yml";
/** Whose jobs are a run of all tests. */
const CHECKS = `name: ci
on: workflow_call
jobs:
  passed:
    runs-on: ubuntu-latest
    steps:
      - run: eval "$DURING_CHECKS"
`;

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bento-image-release-"));
  onTestFinished(() => rm(root, { recursive: true }));
});

/** This checkout, after a contributor's line in the changelog, at version 1.0.0 with a tag. */
async function openProject(isImmutable: boolean): Promise<GitHub> {
  const files = { archive: join(root, "asset.tar.gz"), notes: join(root, "notes.md") };
  const answers = `case "$1 $2" in
  "release create") cp "$4" ${files.archive}; cat > ${files.notes} ;;
  "release view") echo ${isImmutable} ;;
esac`;
  const github = await openGitHub(
    root,
    async (repository) => {
      await copyCheckout(repository);
      await writeFile(join(repository, ".github/workflows/ci.yml"), CHECKS);
      await writeFile(join(repository, "CHANGELOG.md"), "# Changelog\n\n## Unreleased\n\n- Twice as fast.\n");
    },
    answers,
  );
  await git(github.repository, "tag", "v1.0.0");
  await git(github.repository, "tag", "v1");
  await git(github.repository, "push", "--quiet", "origin", "v1.0.0", "v1");
  return github;
}

/** Without a single package. */
async function release(github: GitHub, options: readonly string[] = []): Promise<string> {
  const none = join(root, "no-packages");
  await mkdir(none, { recursive: true });
  return github.run({ file: FILE, event: "workflow_dispatch", options: [...packages(none), ...options] });
}

/** What happens while the release waits for its checks. */
function during(command: string): readonly string[] {
  return ["--env", `DURING_CHECKS=${command}`];
}

/** What docs/releasing.md says to do. Gives the commit. */
async function prepare({ repository, commit }: GitHub, version: string): Promise<string> {
  await symlink(resolve("node_modules"), join(repository, "node_modules"));
  const options = { cwd: repository };
  await run(process.execPath, [".github/scripts/release.ts", "prepare", version], options);
  await run(process.execPath, [".github/scripts/docs.ts"], options);
  await rm(join(repository, "node_modules"));
  return commit("main");
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

it("a prepared version becomes an immutable release of what is committed, attested file by file, and its major tag moves", async () => {
  const github = await openProject(true);
  const commit = await prepare(github, "1.9.0");
  await release(github);

  expect(await github.asked()).toEqual([
    "auth setup-git",
    expect.stringMatching(
      new RegExp(
        `^release create v1\\.9\\.0 /\\S+/bento-image-v1\\.9\\.0\\.tar\\.gz --target ${commit} --title v1\\.9\\.0 --notes-file - --latest=true --prerelease=false$`,
      ),
    ),
    "release view v1.9.0 --json isImmutable --jq .isImmutable",
    "auth setup-git",
  ]);
  expect(await readFile(join(root, "notes.md"), "utf8")).toMatch(
    new RegExp(`^- Twice as fast\\.\n\n\`\`\`yaml\n- uses: \\S+/bento-image@${commit} # v1\\.9\\.0\n\`\`\`\n`),
  );
  expect(await git(github.origin, "rev-parse", "v1")).toBe(commit);
  expect(await git(github.origin, "rev-parse", "v1.0.0")).not.toBe(commit);

  const unpacked = join(root, "unpacked");
  await mkdir(unpacked);
  await run("tar", ["--extract", "--gzip", "--file", join(root, "asset.tar.gz"), "--directory", unpacked]);
  const top = join(unpacked, "bento-image-v1.9.0");
  const shipped = await readdir(join(top, "dist"));
  const files = ["asset.tar.gz", ...shipped.map((name) => join(top, "dist", name))];
  const sums = await Promise.all(files.map(async (file) => sha256(await readFile(resolve(root, file)))));
  const attested = (await readFile(join(github.artifacts, "subjects"), "utf8")).trim().split("\n");
  expect(attested.map((line) => line.split(" ")[0]).sort()).toEqual(sums.sort());
  // The archive alone is an action.
  const step = run(process.execPath, [join(top, "dist/main.js")], { env: { RUNNER_TEMP: root } });
  await expect(step).rejects.toMatchObject({ stdout: expect.stringContaining("::error") });
});

it("a release that anybody could change later fails the run, and the major tag stays", async () => {
  const github = await openProject(false);
  const before = await git(github.origin, "rev-parse", "v1");
  await prepare(github, "1.9.0");
  await expect(release(github)).rejects.toThrow("v1.9.0 is not immutable");
  expect(await git(github.origin, "rev-parse", "v1")).toBe(before);
});

it.each([
  ["whose tag somebody took", "v1.9.0", /the tag v1\.9\.0 is at [0-9a-f]{40}, and this run is for/],
  ["older than another", "v1.10.0", /v1\.10\.0 is newer than v1\.9\.0, and v1 would move back/],
])("a version %s meanwhile is not released", async (_, tag, reason) => {
  const github = await openProject(true);
  const before = await git(github.origin, "rev-parse", "v1");
  await prepare(github, "1.9.0");
  await expect(release(github, during(`git -C ${github.origin} tag ${tag} v1.0.0`))).rejects.toThrow(reason);
  expect(await github.asked()).toEqual(["auth setup-git"]);
  expect(await git(github.origin, "rev-parse", "v1")).toBe(before);
});

it("a version that nobody prepared, or whose checks fail, is not released", async () => {
  const github = await openProject(true);
  await expect(release(github)).rejects.toThrow(/1\.0\.0 cannot be released:[\s\S]*the tag v1\.0\.0 is there already/);
  await prepare(github, "1.9.0");
  await expect(release(github, during("false"))).rejects.toThrow("Job 'passed' failed");
  expect(await github.asked()).toEqual([""]);
});
