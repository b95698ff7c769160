import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { WORKFLOWS } from "../contracts/documents.ts";
import { labTool } from "./environment.ts";

/** What it prints; without files it looks at .github/workflows. */
async function lint(files: readonly string[] = []): Promise<string> {
  const printed = promisify(execFile)(await labTool("actionlint"), ["-color=false", ...files]);
  const { stdout } = await printed.catch((error: { stdout: string }) => error);
  return stdout;
}

it("actionlint has nothing to say about the workflows", async () => {
  expect(await lint()).toBe("");
});

it("actionlint has nothing to say about the workflows that the pages show", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-actionlint-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const files = WORKFLOWS.map(({ place }) => join(directory, `${place.replaceAll(/\W+/g, "-")}.yml`));
  await Promise.all(WORKFLOWS.map(({ text }, index) => writeFile(files[index] ?? "", text)));
  expect(files).not.toEqual([]);
  expect(await lint(files)).toBe("");
});
