import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const page = await readFile("docs/security.md", "utf8");
const [, holds = ""] = /\n## What holds\n([\s\S]*?)\n## /.exec(page) ?? [];
const paragraphs = holds.split(/\n\n+/).filter((text) => text.trim() !== "");

/** Paths below test/, without `.test.ts`: the words of a `*(…)*` that stand before a colon and have a slash, and `door`. */
function testsNamedBy(paragraph: string): readonly string[] {
  const notes = [...paragraph.matchAll(/\*\(([^)]*)\)\*/g)].map(([, note = ""]) => note);
  return notes.flatMap((note) => note.match(/\b[a-z]+(?:\/[a-z-]+)+\b|^door$/g) ?? []);
}

describe("what the threat model says that holds", () => {
  it("is said in paragraphs", () => {
    expect(paragraphs.length).toBeGreaterThan(12);
  });

  it.each(paragraphs)("names a test that is there: %s", (paragraph) => {
    const tests = testsNamedBy(paragraph);
    expect(tests).not.toEqual([]);
    expect(tests.filter((name) => !existsSync(`test/${name}.test.ts`))).toEqual([]);
  });
});
