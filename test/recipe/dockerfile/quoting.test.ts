import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../../src/recipe/dockerfile/parse.ts";
import { quoteForDockerfile, quoteForShell, quoteOpen, quoteOperands } from "../../../src/recipe/dockerfile/quoting.ts";
import { fuzz } from "../../fuzz.ts";

/** Special characters, much more often than by chance. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(..."'\"\\$`#<>&|;{}()[]*? \t=-!~%\nEOF".split("")), fc.string({ unit: "grapheme" })),
  maxLength: 40,
});
const printable = text.map((value) => value.replace(/[\0\r]/g, ""));

function shellWords(statement: string): readonly string[] {
  const printed = execFileSync("sh", ["-c", `print() { printf '%s\\0' "$@"; }; print ${statement}`], {
    encoding: "utf8",
  });
  return printed.split("\0").slice(0, -1);
}

/** What the shell of a `RUN` receives for a word that spans several lines of the Dockerfile. */
function throughDockerfile(word: string): string {
  const [run] = parseDockerfile(`RUN first; \\\n    ${word.split("\n").join(" \\\n    ")}; \\\n    last\nUSER me\n`);
  const operands = run?.operands ?? "";
  expect(operands.startsWith("first;") && operands.endsWith("last")).toBe(true);
  return operands.slice("first;".length, -"last".length).trim().replace(/;$/, "");
}

/** The rules of BuildKit's and Buildah's lexers inside and outside double quotes. */
function expandDockerfileWord(word: string): string {
  if (!word.startsWith('"')) return word;
  expect(word).toMatch(/^"(?:[^"$\\]|\\["$\\])*"$/s);
  return word.slice(1, -1).replace(/\\(["$\\])/g, "$1");
}

describe("A text from a manifest, quoted for the shell,", () => {
  it("is unchanged after the Dockerfile and a real shell", async () => {
    await fuzz(
      fc.property(printable, (value) => {
        expect(shellWords(throughDockerfile(quoteForShell(value)))).toEqual([
          value.includes("\n") ? value.replace(/\n+$/, "") : value,
        ]);
      }),
    );
  });

  it("contains nothing that a builder could read as a here-document", async () => {
    await fuzz(
      fc.property(printable, (value) => {
        expect(`${quoteForShell(value)}${quoteOpen(value)}`).not.toContain("<<");
      }),
    );
    expect(shellWords(quoteForShell("cat <<<<EOF"))).toEqual(["cat <<<<EOF"]);
  });

  it("is unchanged between double quotes too, except for variables", async () => {
    const oneLine = printable.map((value) => value.replaceAll("\n", ""));
    await fuzz(
      fc.property(oneLine, (value) => {
        expect(shellWords(`"${quoteOpen(value)}"`)).toEqual([value]);
      }),
    );
    expect(shellWords(`"${quoteOpen("a${NO_SUCH}b$c")}"`)).toEqual(["ab$c"]);
  });

  it("has no quotes if none are needed", () => {
    expect(quoteForShell("libgomp1=12.2.0-14")).toBe("libgomp1=12.2.0-14");
    expect(quoteForShell("it's")).toBe(`'it'\\''s'`);
    expect(quoteForShell("set -e\n# why\nmake")).toBe(
      [`"$(printf '%s\\n'`, "    'set -e'", "    '# why'", "    'make')\""].join("\n"),
    );
  });
});

describe("A text from a manifest, quoted for the Dockerfile,", () => {
  it("is unchanged", async () => {
    await fuzz(
      fc.property(printable, (value) => {
        expect(expandDockerfileWord(quoteForDockerfile(value))).toBe(value);
      }),
    );
  });

  it.each([
    ["a,b,c=d", "a,b,c=d"],
    ["", '""'],
    ["$HOME and ${PATH}", '"\\$HOME and \\${PATH}"'],
    ["C:\\new\\table", '"C:\\\\new\\\\table"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["ends with \\", '"ends with \\\\"'],
  ])("of %j is %s", (value, word) => {
    expect(quoteForDockerfile(value)).toBe(word);
  });
});

describe("The operands of COPY", () => {
  it.each([
    [["env"], "/d/", "env /d/"],
    [["a b"], "/d/", '["a b", "/d/"]'],
    [["-x"], "/d/", '["-x", "/d/"]'],
    [["a[1]*?.txt", "b"], "/d/", '["a[[]1][*][?].txt", "b", "/d/"]'],
    [["$HOME"], "/d/", '["\\\\$HOME", "/d/"]'],
    [["it's"], "/d/", '["it\\\\\'s", "/d/"]'],
    [["3<<EOF"], "/d/", '["3[<][<]EOF", "/d/"]'],
    [["\ufeffx"], "/d/", '["[\ufeff]x", "/d/"]'],
  ])("%j to %s", (sources, destination, operands) => {
    expect(quoteOperands(sources, destination)).toBe(operands);
  });
});
