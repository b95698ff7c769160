import { describe, expect, it } from "vitest";
import { uncoveredPackages } from "../../src/bento/references.ts";
import { parseRequirements } from "../../src/bento/requirements.ts";
import { Failure } from "../../src/errors.ts";
import { parseDockerfile } from "../../src/recipe/dockerfile/parse.ts";
import { printFailure } from "../../src/report/failure.ts";
import { growth } from "../growth.ts";

const MOST_LINES = 1 << 19;

/** Of as many lines as characters are asked for, so that what looks at each line for each line is slow. */
const linesOf = (line: (index: number) => string) => (size: number) =>
  Array.from({ length: size }, (_, index) => line(index)).join("\n");

const namesOf = (name: string) => (size: number) => Array.from({ length: size }, (_, index) => `${name}${index}`);

describe("What a Bento or a tool wrote is read in a time that grows with its length alone", () => {
  it.each([
    ["here-documents without an end", linesOf(() => "RUN <<A")],
    ["here-documents without an end, each with a name of its own", linesOf((index) => `RUN <<-A${index}`)],
    ["many here-documents of one instruction", (size: number) => `RUN ${"<<A ".repeat(size)}\n${"#\n".repeat(size)}`],
    ["here-documents of one name", linesOf(() => "RUN <<A\nA")],
    ["continued lines", linesOf(() => "RUN x \\")],
  ])("a Dockerfile: %s", async (_, make) => {
    expect(await growth(make, parseDockerfile, MOST_LINES)).toBeLessThan(3);
  });

  it.each([
    ["of files", linesOf((index) => `./${index}.whl`)],
    ["of the same file", linesOf(() => "-r more.txt")],
    ["continued lines", linesOf(() => "a \\")],
  ])("requirements: %s", async (_, make) => {
    expect(await growth(make, parseRequirements, MOST_LINES)).toBeLessThan(3);
  });

  it.each([
    ["all the same", () => "./w.whl", () => "inc"],
    ["all different", (index: number) => `./w${index}.whl`, (index: number) => `inc${index}`],
  ])("requirements of files beside build_include, %s", async (_, requirement, include) => {
    const make = (size: number) => ({
      references: parseRequirements(linesOf(requirement)(size)).references,
      included: Array.from({ length: size }, (__, index) => include(index)),
    });
    const work = ({ references, included }: ReturnType<typeof make>) => uncoveredPackages(references, included);
    expect(await growth(make, work, MOST_LINES)).toBeLessThan(3);
  });

  it.each([
    ["lines that the message names", (names: readonly string[]) => names.join("; ")],
    ["lines that the message does not name", (names: readonly string[]) => "x".repeat(10 * names.length)],
  ])("a failure: %s", async (_, messageOf) => {
    const make = (size: number) => {
      const lines = namesOf("a requirement is ./w")(size);
      return new Failure("bento", messageOf(lines), { lines });
    };
    expect(await growth(make, printFailure, MOST_LINES)).toBeLessThan(3);
  });
});
