import { describe, expect, it } from "vitest";
import { lastBase, parseDockerfile } from "../../../src/recipe/dockerfile/parse.ts";

function keywords(text: string): readonly string[] {
  return parseDockerfile(text).map(({ keyword }) => keyword);
}

describe("Reading a Dockerfile", () => {
  it("joins continued lines, over comments and empty lines between them", () => {
    const [run] = parseDockerfile("\n# why\nRUN one \\\n  # not a command\n\n  two \\\n  three\n");
    const place = { firstLine: 3, lastLine: 7, hasHereDocument: false };
    expect(run).toEqual({ keyword: "RUN", flags: [], operands: "one   two   three", ...place });
  });

  it("separates the flags, also of an instruction in lower case", () => {
    const [copy] = parseDockerfile('copy --link --chown=1:1 ["a b", "/c/"]\r\n');
    expect(copy).toMatchObject({ keyword: "COPY", flags: ["--link", "--chown=1:1"], operands: '["a b", "/c/"]' });
  });

  it.each([
    ["RUN <<EOF\nFROM evil\nEOF\nUSER me", ["RUN", "USER"]],
    ["RUN <<-'END' cat\n\tFROM evil\n\tEND\nUSER me", ["RUN", "USER"]],
    ["COPY <<A <<B /d/\nFROM x\nA\nFROM y\nB\nUSER me", ["COPY", "USER"]],
    ["RUN echo '<<EOF'\nUSER me", ["RUN", "USER"]],
    ["RUN cat <<EOF\nUSER me", ["RUN", "USER"]],
  ])("leaves out the bodies of heredocs: %j", (text, expected) => {
    expect(keywords(text)).toEqual(expected);
  });

  it("applies the escape directive", () => {
    expect(keywords("# escape=`\nRUN a `\n b\nRUN c:\\\nUSER me")).toEqual(["RUN", "RUN", "USER"]);
    expect(keywords("# a comment\n# escape=`\nRUN a `\nUSER me")).toEqual(["RUN", "USER"]);
  });
});

describe("The base image of a Dockerfile", () => {
  it.each([
    ["FROM python:3.11-slim as base-container", "python:3.11-slim"],
    ["FROM --platform=linux/amd64 a AS one\nFROM b\n", "b"],
    ["FROM a AS One\nRUN x\nFROM one", "a"],
    ['ARG V=3.12\nFROM "python:${V}-slim"', '"python:3.12-slim"'],
    ["ARG V=3.12\nARG W\nFROM python:$V-$W", "python:3.12-"],
    ["FROM python:$UNKNOWN", "python:$UNKNOWN"],
  ])("%j", (text, base) => {
    expect(lastBase(parseDockerfile(text), {})).toBe(base);
  });

  it("depends on the user's build arguments", () => {
    expect(lastBase(parseDockerfile("ARG V=3.12\nFROM python:$V"), { V: "3.9" })).toBe("python:3.9");
  });

  it("is unknown without a FROM", () => {
    expect(lastBase(parseDockerfile("RUN x"), {})).toBeUndefined();
  });
});
