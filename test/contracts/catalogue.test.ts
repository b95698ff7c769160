/** The shell of catalogue.yml, played between two checkouts of one repository. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { beforeEach, expect, it, onTestFinished } from "vitest";

const run = promisify(execFile);

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
}

async function workflow(name: string): Promise<Workflow> {
  return load(await readFile(`.github/workflows/${name}`, "utf8")) as Workflow;
}

/** The script of the step of that name. */
async function scriptOf(job: string, name: string): Promise<string> {
  const { jobs } = await workflow("catalogue.yml");
  const script = jobs[job]?.steps.find((step) => step.name === name)?.run;
  if (script === undefined) throw new Error(`catalogue.yml has no step "${name}" in ${job}`);
  return script;
}

/** More than one argument or variable of a program can hold. Source: execve(2), MAX_ARG_STRLEN */
const LARGE = randomBytes(600_000).toString("base64");

let root: string;
let origin: string;

/** Like the runner: bash ends at the first error. */
async function play(script: string, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = `${join(root, "bin")}:${process.env["PATH"]}`;
  const all = {
    ...process.env,
    PATH: path,
    RUNNER_TEMP: join(root, "temp"),
    GITHUB_OUTPUT: join(root, "output"),
    ...env,
  };
  const { stdout } = await run("bash", ["-e", "-o", "pipefail", "-c", script], { cwd, env: all });
  return stdout.trim();
}

async function put(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

async function checkout(name: string): Promise<string> {
  const directory = join(root, name);
  await play(`git clone --quiet ${origin} ${directory}`, root);
  return directory;
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bento-image-catalogue-"));
  onTestFinished(() => rm(root, { recursive: true }));
  origin = join(root, "origin.git");
  await mkdir(join(root, "temp"));
  await put(root, { output: "", "bin/gh": '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/gh"\n' });
  await put(join(root, "first"), {
    "src/tools/catalogue.json": "{}\n",
    "dist/main.js": 'import "./old.js";\n',
    "dist/old.js": "old\n",
    "README.md": "readme\n",
  });
  await play(
    `chmod +x ../bin/gh; git init --quiet --initial-branch=main; git add .; git -c user.name=a -c user.email=a@b commit --quiet -m first; git clone --quiet --bare . ${origin}`,
    join(root, "first"),
  );
});

const NEWER = {
  "src/tools/catalogue.json": '{"newer": true}\n',
  "dist/main.js": 'import "./new.js";\n',
  "dist/new.js": LARGE,
};

it("a change of the catalogue arrives in the pull request's branch: new, changed and removed files, whatever their size", async () => {
  const proposed = await checkout("propose");
  await put(proposed, NEWER);
  await rm(join(proposed, "dist/old.js"));
  await play(await scriptOf("propose", "Write the patch"), proposed);
  expect(await readFile(join(root, "output"), "utf8")).toBe("changed=true\n");

  const opened = await checkout("open");
  await play(await scriptOf("open", "Open or renew the pull request"), opened, { BASE: "main", GH_TOKEN: "t" });
  const branch = await checkout("result");
  await play("git checkout --quiet catalogue", branch);
  expect(await play("git ls-files", branch)).toBe(
    ["README.md", "dist/main.js", "dist/new.js", "src/tools/catalogue.json"].join("\n"),
  );
  for (const [name, text] of Object.entries(NEWER)) expect(await readFile(join(branch, name), "utf8")).toBe(text);
  expect(await readFile(join(root, "temp/gh"), "utf8")).toMatch(/^pr create --base main --head catalogue /m);
});

it("nothing outside the catalogue and dist gets there, whatever the first job hands on", async () => {
  const proposed = await checkout("propose");
  await put(proposed, { ...NEWER, ".github/workflows/evil.yml": "on: push\n", "README.md": "evil\n" });
  await play(await scriptOf("propose", "Write the patch"), proposed);
  const honest = await readFile(join(root, "temp/catalogue.patch"), "utf8");
  expect(honest).not.toMatch(/^diff .*(?:evil\.yml|README)/m);
  await play('git add --all . && git diff --cached --binary > "$RUNNER_TEMP/catalogue.patch"', proposed);
  expect(await readFile(join(root, "temp/catalogue.patch"), "utf8")).toContain("evil.yml");

  const opened = await checkout("open");
  await play(await scriptOf("open", "Open or renew the pull request"), opened, { BASE: "main", GH_TOKEN: "t" });
  expect((await play("git diff --name-only origin/main origin/catalogue", opened)).split("\n")).toEqual([
    ...["dist/main.js", "dist/new.js", "src/tools/catalogue.json"],
  ]);
});

it("without a change there is nothing to open", async () => {
  await play(await scriptOf("propose", "Write the patch"), await checkout("propose"));
  expect(await readFile(join(root, "output"), "utf8")).toBe("");
});

it("the checks of the pull request can be started by name, as those of a push by this token do not start", async () => {
  const script = await scriptOf("check", "Start the checks of the pull request");
  const [, name = ""] = /gh workflow run (\S+) --ref catalogue/.exec(script) ?? [];
  expect(Object.keys((await workflow(name)).on)).toContain("workflow_dispatch");
});
