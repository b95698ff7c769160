/**
 * `plan`: whether this commit can be released, for release.yml. `check-again`: whether that still holds, right before its
 * tags are written. `prepare VERSION`: what the pull request before a release changes, but for `dist/` and documents.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { readPackage } from "./docs/repository.ts";
import { closeSection } from "./release/changelog.ts";
import { checkAgain, parseRemoteTags, planRelease } from "./release/plan.ts";

function plan(): void {
  const { tag, movingTag, isPrerelease, isLatest, notes } = planRelease({
    ...readPackage(),
    changelog: readFileSync("CHANGELOG.md", "utf8"),
    readme: readFileSync("README.md", "utf8"),
    tags: execFileSync("git", ["tag"], { encoding: "utf8" }).split("\n"),
    ref: variable("GITHUB_REF"),
    commit: variable("GITHUB_SHA"),
  });
  const outputs = { tag, "moving-tag": movingTag ?? "", prerelease: isPrerelease, latest: isLatest, notes };
  for (const [name, value] of Object.entries(outputs)) {
    const end = randomUUID();
    appendFileSync(variable("GITHUB_OUTPUT"), `${name}<<${end}\n${value}\n${end}\n`);
  }
  const moves = movingTag === undefined ? "No other tag moves." : `Then the tag ${movingTag} moves here.`;
  appendFileSync(variable("GITHUB_STEP_SUMMARY"), `# ${tag}\n\n${moves}\n\n${notes}`);
}

function checkTags(): void {
  const printed = execFileSync("git", ["ls-remote", "--tags", "origin"], { encoding: "utf8" });
  checkAgain(variable("TAG"), variable("GITHUB_SHA"), parseRemoteTags(printed));
}

function prepare(version: string): void {
  const changelog = closeSection(readFileSync("CHANGELOG.md", "utf8"), version, today());
  execFileSync("npm", ["version", "--no-git-tag-version", "--allow-same-version", version], { stdio: "inherit" });
  writeFileSync("CHANGELOG.md", changelog);
}

function today(): string {
  return new Date().toISOString().slice(0, "2026-11-26".length);
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: this runs in a workflow`);
  return value;
}

function main([command, version]: readonly string[]): void {
  if (command === "plan" && version === undefined) plan();
  else if (command === "check-again" && version === undefined) checkTags();
  else if (command === "prepare" && version !== undefined) prepare(version);
  else throw new Error("release.ts plan, release.ts check-again, or release.ts prepare VERSION");
}

try {
  main(process.argv.slice(2));
} catch (error) {
  // Without the stack, which tells a maintainer nothing.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
