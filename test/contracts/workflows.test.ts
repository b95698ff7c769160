import { readdirSync, readFileSync } from "node:fs";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readPackage } from "../../.github/scripts/docs/repository.ts";
import { WORKFLOWS as SHOWN } from "./documents.ts";

const { repository } = readPackage();
const WORKFLOWS = ".github/workflows";
const files = readdirSync(WORKFLOWS).map((name) => `${WORKFLOWS}/${name}`);
const workflows = files.map((path) => [path, readFileSync(path, "utf8")] as const);
const shown = SHOWN.map(({ place, text }) => [place, text] as const);

function mistakes(name: string, content: string, parse: typeof parseWorkflow | typeof parseAction): readonly string[] {
  const { context } = parse({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

describe.each([...workflows, ...shown])("%s", (name, text) => {
  const uses = [...text.matchAll(/uses: (\S+)(.*)$/gm)];

  it("is a workflow in the eyes of GitHub's own parser", () => {
    expect(mistakes(name, text, parseWorkflow)).toEqual([]);
  });

  it("takes other people's actions by commit, with the version beside it", () => {
    const others = uses.filter(([, action = ""]) => !action.startsWith("./") && !action.startsWith(repository));
    for (const [line] of others) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("says what it may do", () => {
    expect(text).toMatch(/^permissions:/m);
  });

  it("keeps expressions out of shell code", () => {
    expect(text).not.toMatch(/^\s*(?:- )?run: (?!\|).*\$\{\{/m);
  });
});

describe("ci.yml", () => {
  it("passes only if every job does", () => {
    const { jobs } = load(readFileSync(`${WORKFLOWS}/ci.yml`, "utf8")) as {
      jobs: Record<string, { needs?: string | string[] }>;
    };
    const others = Object.keys(jobs).filter((name) => name !== "passed");
    expect(jobs["passed"]?.needs).toEqual(others);
    expect(JSON.stringify(jobs["passed"])).toContain(`\\"${others.map(() => "success").join(" ")}\\"`);
  });
});

describe("action.yml", () => {
  it("is an action in the eyes of GitHub's own parser", () => {
    expect(mistakes("action.yml", readFileSync("action.yml", "utf8"), parseAction)).toEqual([]);
  });
});
