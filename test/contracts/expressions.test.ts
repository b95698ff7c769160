import { glob, readFile } from "node:fs/promises";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { growth } from "../growth.ts";

interface Expression {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** Every literal of a regular expression in the text. */
function expressionsOf(path: string, text: string): readonly Expression[] {
  const found: Expression[] = [];
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    if ("regex" in node && "start" in node) {
      const { pattern: source, flags } = node.regex as { pattern: string; flags: string };
      found.push({ place: `${path}:${text.slice(0, Number(node.start)).split("\n").length}`, source, flags });
      return;
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(path, text).program);
  return found;
}

const files = await Array.fromAsync(glob("src/**/*.ts"));
const expressions = (
  await Promise.all(files.sort().map(async (path) => expressionsOf(path, await readFile(path, "utf8"))))
).flat();

const COMMON = ["a", "0", " ", "\r", "\n", "/", "-", '"', "\\", "=", ":", " #", "[", "\0"];
const ENDINGS = ["!", "?\n\u0001"];
const LONGEST = 1 << 14;

/** What the expression itself says literally: `^FROM\s+(\S+)` begins with `FROM`. */
function literalsOf(source: string): readonly string[] {
  const plain = source.replace(/\\([./\\[\](){}*+?^$|>-])/g, "$1");
  return [...new Set(plain.match(/[\w:/"<># .-]+/g) ?? [])];
}

/** A beginning, then one piece again and again, then an end that fits nothing: what makes a matcher look back. */
function* attacksOn(source: string): Generator<(size: number) => string> {
  const literals = literalsOf(source);
  const units = new Set([
    ...COMMON,
    ...literals,
    ...literals.map((text) => `${text} `),
    ...literals.map((text) => `\n${text}`),
  ]);
  const [first = ""] = literals;
  for (const start of new Set(["x", first])) {
    for (const unit of units) {
      for (const end of ENDINGS) {
        yield (size) => `${start}${unit.repeat(Math.ceil(size / unit.length))}${end}`;
      }
    }
  }
}

/** The attacks, in JSON, at twice whose length the expression takes more than three times as long. */
async function superlinear(source: string, flags: string): Promise<readonly string[]> {
  const expression = new RegExp(source, flags);
  for (const attack of attacksOn(source)) {
    const quotient = await growth(attack, (text) => text.replace(expression, ""), LONGEST);
    if (quotient >= 3) return [JSON.stringify(attack(24))];
  }
  return [];
}

describe("regular expressions", () => {
  it("are all found", () => {
    expect(expressions.length).toBeGreaterThan(200);
  });

  it.each(expressions)(
    "$place takes time that grows with its input alone: /$source/$flags",
    async ({ source, flags }) => {
      expect(await superlinear(source, flags)).toEqual([]);
    },
  );
});

describe("the law of regular expressions", () => {
  it.each([
    ["\\s+$", ""],
    ["^\\s*RUN\\s", "im"],
    ["^(a+)+$", ""],
    ["(?<=.)\\/+$", ""],
    ["no builder .* found", "i"],
    ["^[\\w.-]*Dockerfile[\\w.-]*:\\d+$", ""],
    ["^kubernetes:\\/\\/([^/?]*)([^?]*)\\??(.*)$", ""],
    ["(?:^|\\s)#.*$", ""],
  ])("finds what is wrong with /%s/%s", async (source, flags) => {
    expect(await superlinear(source, flags)).not.toEqual([]);
  });
});
