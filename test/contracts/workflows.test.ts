import { readdirSync, readFileSync } from "node:fs";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { describe, expect, it } from "vitest";

const WORKFLOWS = ".github/workflows";
const workflows = readdirSync(WORKFLOWS).map((name) => `${WORKFLOWS}/${name}`);

function mistakes(path: string, parse: typeof parseWorkflow | typeof parseAction): readonly string[] {
  const { context } = parse({ name: path, content: readFileSync(path, "utf8") }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

describe.each(workflows)("%s", (path) => {
  const text = readFileSync(path, "utf8");
  const uses = [...text.matchAll(/uses: (\S+)(.*)$/gm)];

  it("is a workflow in the eyes of GitHub's own parser", () => {
    expect(mistakes(path, parseWorkflow)).toEqual([]);
  });

  it("takes other people's actions by commit, with the version beside it", () => {
    const others = uses.filter(([, action = ""]) => !action.startsWith("./"));
    for (const [line] of others) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("says what it may do", () => {
    expect(text).toMatch(/^permissions:/m);
  });

  it("keeps expressions out of shell code", () => {
    expect(text).not.toMatch(/^\s*(?:- )?run: (?!\|).*\$\{\{/m);
  });
});

describe("action.yml", () => {
  it("is an action in the eyes of GitHub's own parser", () => {
    expect(mistakes("action.yml", parseAction)).toEqual([]);
  });
});
