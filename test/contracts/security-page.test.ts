import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const page = await readFile("docs/security.md", "utf8");
const [, holds = ""] = /\n## What holds\n([\s\S]*?)\n## /.exec(page) ?? [];
/** Items of the lists; between them are the headings of the lists alone. */
const statements = holds.split(/\n(?=- |\n)/).filter((text) => text.startsWith("- "));

/** Paths below test/, without `.test.ts`: the words of a `*(…)*` that have a slash. */
function testsNamedBy(statement: string): readonly string[] {
  const notes = [...statement.matchAll(/\*\(([^)]*)\)\*/g)].map(([, note = ""]) => note);
  return notes.flatMap((note) => note.match(/\b[a-z]+(?:\/[a-z-]+)+\b/g) ?? []);
}

describe("what the threat model says that holds", () => {
  it("is said in lists alone", () => {
    const others = holds.split(/\n(?=- |\n)/).filter((text) => text.trim() !== "" && !text.startsWith("- "));
    expect(others.filter((text) => !/^\n?\*\*[^*]+\*\*$/.test(text))).toEqual([]);
    expect(statements.length).toBeGreaterThan(30);
  });

  it.each(statements)("names a test that is there: %s", (statement) => {
    const tests = testsNamedBy(statement);
    expect(tests).not.toEqual([]);
    expect(tests.filter((name) => !existsSync(`test/${name}.test.ts`))).toEqual([]);
  });
});
