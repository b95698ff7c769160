import { describe, expect, it } from "vitest";
import { foldLongLines } from "../../../src/recipe/dockerfile/long-lines.ts";

describe("A line that is too long for BuildKit", () => {
  it("is continued on the next, which joined are the same", () => {
    const line = `RUN ${"a \\\\b # \u{1f600}".repeat(20_000)}`;
    const folded = foldLongLines(`FROM x\n${line}\nUSER me\n`);
    expect(Math.max(...folded.split("\n").map((piece) => Buffer.byteLength(piece)))).toBeLessThan(60_000);
    expect(folded.replaceAll("\\\n", "")).toBe(`FROM x\n${line}\nUSER me\n`);
    expect(folded).not.toMatch(/[\s\\]\\\n|\n[\s#\\]/);
  });

  it.each(["\u0085", "\u00a0", "\u200b", "\ufeff", "\u0001"])("is not broken at what is no letter: %j", (mark) => {
    for (let length = 19_990; length < 20_010; length += 1) {
      const folded = foldLongLines(`${"a".repeat(length)}${mark}#${"b".repeat(100)}`);
      expect(folded).toMatch(/a\\\nab*|a\\\na*.#b+|#b+\\\nb/);
      expect(folded).not.toMatch(new RegExp(`${mark}#?\\\\\n|\\n(?:${mark}|#)`));
    }
  });

  it("may have no blanks at all", () => {
    const line = `LABEL a="${"\u6f22\u5b57".repeat(30_000)}"`;
    expect(foldLongLines(line).replaceAll("\\\n", "")).toBe(line);
  });

  it("is refused where no place of it can be broken", () => {
    expect(() => foldLongLines(`RUN ${"\\".repeat(50_000)}`)).toThrow(
      expect.objectContaining({ class: "bento", code: "ValueInvalid" }),
    );
  });

  it("is seldom there: others stay as they are", () => {
    const text = `RUN a \\\n    b${" ".repeat(19_000)}\n`;
    expect(foldLongLines(text)).toBe(text);
  });
});
