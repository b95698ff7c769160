import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { WORKFLOWS } from "../contracts/documents.ts";
import { labTool } from "./environment.ts";

/** What it prints, without asking GitHub. */
async function audit(files: readonly string[], persona: "regular" | "pedantic"): Promise<string> {
  const options = ["--offline", "--no-progress", "--quiet", "--color=never", "--config=.github/zizmor.yml"];
  const audited = promisify(execFile)(await labTool("zizmor"), [...options, `--persona=${persona}`, ...files]);
  const { stdout, stderr } = await audited.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

const NOTHING = expect.stringMatching(/^No findings to report\. .*\n$/);

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "bento-image-zizmor-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it("zizmor finds nothing in the workflows, the actions and dependabot.yml, at its strictest", async () => {
  expect(await audit([".github", "action.yml", "setup", "matrix", "merge"], "pedantic")).toEqual(NOTHING);
});

it.each(WORKFLOWS)("zizmor finds nothing in the workflow at $place", async ({ text }) => {
  const file = join(await directory(), "workflow.yml");
  await writeFile(file, text);
  expect(await audit([file], "regular")).toEqual(NOTHING);
});

it("zizmor sees a workflow that hands every permission to every job", async () => {
  const file = join(await directory(), "ci.yml");
  const text = await readFile(".github/workflows/ci.yml", "utf8");
  await writeFile(file, text.replace("permissions:\n  contents: read\n", "permissions: write-all\n"));
  expect(await audit([file], "pedantic")).toContain("error[excessive-permissions]");
});
