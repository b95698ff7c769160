import { describe, expect, it } from "vitest";
import { foldLongLines } from "../../../src/recipe/dockerfile/long-lines.ts";

describe("A line that is too long for BuildKit", () => {
  it("is continued on the next line without changing the instruction", () => {
    const line = `RUN ${"a \\\\b # \u{1f600}".repeat(20_000)}`;
    const folded = foldLongLines(`FROM x\n${line}\nUSER me\n`);
    expect(Math.max(...folded.split("\n").map((piece) => Buffer.byteLength(piece)))).toBeLessThan(60_000);
    expect(folded.replaceAll("\\\n", "")).toBe(`FROM x\n${line}\nUSER me\n`);
    expect(folded).not.toMatch(/[\s\\]\\\n|\n[\s#\\]/);
  });

  it.each(["\u0085", "\u00a0", "\u200b", "\ufeff", "\u0001"])("is not broken at a special character: %j", (mark) => {
    for (let length = 19_990; length < 20_010; length += 1) {
      const folded = foldLongLines(`${"a".repeat(length)}${mark}#${"b".repeat(100)}`);
      expect(folded).toMatch(/a\\\nab*|a\\\na*.#b+|#b+\\\nb/);
      expect(folded).not.toMatch(new RegExp(`${mark}#?\\\\\n|\\n(?:${mark}|#)`));
    }
  });

  it("can be broken even without blanks", () => {
    const line = `LABEL a="${"\u6f22\u5b57".repeat(30_000)}"`;
    expect(foldLongLines(line).replaceAll("\\\n", "")).toBe(line);
  });

  it("is refused if it cannot be broken anywhere", () => {
    expect(() => foldLongLines(`RUN ${"\\".repeat(50_000)}`)).toThrow(
      expect.objectContaining({ class: "bento", code: "ValueInvalid" }),
    );
  });

  it("is the only kind that is changed", () => {
    const text = `RUN a \\\n    b${" ".repeat(19_000)}\n`;
    expect(foldLongLines(text)).toBe(text);
  });
});
