import { describe, expect, it } from "vitest";
import { type Arguments, type Flag, parseFlags } from "../../src/command-line/flags.ts";

const FLAGS: readonly Flag[] = [
  { name: "tags", kind: "list", short: "t" },
  { name: "target", kind: "text" },
  { name: "cache", kind: "text" },
  { name: "no-cache", kind: "toggle" },
  { name: "push", kind: "toggle" },
  { name: "cache-key", kind: "secret" },
];

function parse(...args: readonly string[]): Arguments {
  return parseFlags(args, FLAGS);
}

function valuesOf(...args: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const { values, mistakes } = parse(...args);
  expect(mistakes).toEqual([]);
  return Object.fromEntries(values);
}

describe("flags", () => {
  it("have their values after a blank or =, and lists have several", () => {
    expect(valuesOf("--tags", "a", "--tags=b,c", "-t", "d", "-te")).toEqual({ tags: ["a", "b,c", "d", "e"] });
    expect(valuesOf("--target=")).toEqual({ target: [""] });
  });

  it("that are toggles are on, off, or what is after =", () => {
    expect(valuesOf("--push")).toEqual({ push: ["true"] });
    expect(valuesOf("--no-push")).toEqual({ push: ["false"] });
    expect(valuesOf("--push=False", "--push")).toEqual({ push: ["False", "true"] });
  });

  it("whose name begins with no- are not the negation of another", () => {
    expect(valuesOf("--no-cache", "--cache", "off")).toEqual({ "no-cache": ["true"], cache: ["off"] });
  });

  it("end at --", () => {
    expect(parse("x", "--", "--push", "-y")).toMatchObject({ operands: ["x", "--push", "-y"], mistakes: [] });
    expect(parse("--", "--push").values.size).toBe(0);
  });
});

describe("mistakes", () => {
  it("are told all at once, each with what was probably meant", () => {
    expect(parse("--tag", "a", "--psuh", "--no-pusch", "-x", "--frobnicate=1", "bento").mistakes).toEqual([
      "--tag: there is no such flag; did you mean --tags?",
      "--psuh: there is no such flag; did you mean --push?",
      "--no-pusch: there is no such flag; did you mean --no-push?",
      "-x: there is no such flag",
      "--frobnicate: there is no such flag",
    ]);
  });

  it("do not take the value of a misspelt flag for an argument", () => {
    expect(parse("--tag", "a", "bento").operands).toEqual(["bento"]);
    expect(parse("--psuh", "bento").operands).toEqual(["bento"]);
  });

  it.each([
    [["--target"], "--target: a value is missing"],
    [["--tags", "--push"], "--tags: a value is missing; one that begins with - is given after ="],
    [["--no-push=true"], "--no-push: it has no value"],
  ])("in %j are found", (args, mistake) => {
    expect(parse(...args).mistakes).toEqual([mistake]);
  });

  it("name the counterpart of a flag of docker's", () => {
    const others = { file: { instead: ["target"], note: "there is one" }, registry: { instead: [], note: "log in" } };
    expect(parseFlags(["--file", "x", "--registry=y", "--constructor"], FLAGS, others)).toMatchObject({
      operands: [],
      mistakes: [
        "--file: there is no such flag; use --target: there is one",
        "--registry: there is no such flag: log in",
        "--constructor: there is no such flag",
      ],
    });
  });

  it("never show a value, which could be a secret", () => {
    const { mistakes } = parse("--cache-keys", "hush-5719", "--cache-kez=hush-5719", "--cache-key", "-hush-5719");
    expect(mistakes).toHaveLength(3);
    expect(mistakes.join()).not.toContain("hush");
  });

  it("do not arise from names that every object has", () => {
    expect(parse("--constructor", "--__proto__=x", "--toString").mistakes).toHaveLength(3);
  });
});
