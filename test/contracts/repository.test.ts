import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readPackage } from "../../.github/scripts/docs/repository.ts";
import { copyCheckout } from "./checkout.ts";

const run = promisify(execFile);

let copy = "";

/** This checkout, without the Bentos of tests, as a repository of its own. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "bento-image-repository-"));
  await copyCheckout(copy);
  await symlink(resolve("node_modules"), join(copy, "node_modules"));
  await run("git", ["init", "--quiet"], { cwd: copy });
  await run("git", ["add", "--all"], { cwd: copy });
}, 60_000);

afterAll(() => rm(copy, { recursive: true }));

async function change(changes: object): Promise<void> {
  const metadata = JSON.parse(await readFile("package.json", "utf8"));
  await writeFile(join(copy, "package.json"), JSON.stringify({ ...metadata, ...changes }));
}

/** Tracked files with the text, but for what `npm run bundle` writes. */
async function filesWith(text: string, cwd: string): Promise<readonly string[]> {
  const search = run("git", ["grep", "-l", "--fixed-strings", text, "--", ":!dist"], { cwd });
  const { stdout } = await search.catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((file) => file !== "");
}

const docs = (...args: string[]) => run(process.execPath, [".github/scripts/docs.ts", ...args], { cwd: copy });

it("another repository in package.json, and `npm run docs` writes it everywhere", async () => {
  const { repository } = readPackage();
  const named = await filesWith(repository, copy);
  expect(named).toEqual(expect.arrayContaining(["README.md", "docs/matrix.md", "src/text/documentation.ts"]));

  await change({ repository: "github:some-company/image-of-bento", version: "7.8.9" });
  await expect(docs("--check")).rejects.toThrow("README.md is not what package.json");
  await docs();
  expect(await filesWith(repository, copy)).toEqual([]);
  expect(await filesWith("some-company/image-of-bento", copy)).toEqual(expect.arrayContaining([...named]));
  expect(await readFile(join(copy, "src/text/documentation.ts"), "utf8")).toContain('VERSION = "7.8.9"');
  await docs("--check");
});

it("a repository that is not on github.com is refused by name", async () => {
  await change({ repository: "https://git.example.com/some/thing" });
  await expect(docs()).rejects.toThrow("repository in package.json is https://git.example.com/some/thing");
});
