import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectPaths } from "../../../src/bento/hub/patterns.ts";
import { compileGlob } from "../../../src/text/glob.ts";

const files = ["README.md", "a/b.json", "config.json", "old/x/y.bin", "v1.bin", "v[1].bin"].map((path) => ({ path }));
const { signal } = new AbortController();
const select = async (include: string[], exclude: string[] = []) =>
  (await selectPaths(files, { include, exclude }, signal)).map(({ path }) => path);

/** The results are compared with Python's `fnmatch.fnmatchcase`. */
describe("Patterns select files as Python's fnmatch does", () => {
  it.each([
    [[], [], files.map(({ path }) => path)],
    [["*.json"], [], ["a/b.json", "config.json"]],
    [["old/"], [], ["old/x/y.bin"]],
    [["?1.bin"], [], ["v1.bin"]],
    [["v[[]1].bin"], [], ["v[1].bin"]],
    [["v[0-9].bin"], [], ["v1.bin"]],
    [["v[!2].bin"], [], ["v1.bin"]],
    [["v[1.bin"], [], []],
    [["readme.md"], [], []],
    [
      ["*.bin", "*.json"],
      ["old/", "*config*"],
      ["a/b.json", "v1.bin", "v[1].bin"],
    ],
    [["v[^]1.bin"], [], []],
    [["v[a&&1].bin"], [], ["v1.bin"]],
    [["v[z-a].bin"], [], []],
    [["v[!z-a].bin"], [], ["v1.bin"]],
    [["v[0--1].bin"], [], ["v1.bin"]],
    [["*[]-]*"], [], ["v[1].bin"]],
    [[""], [], []],
    [[], ["*"], []],
  ])("include %j exclude %j", async (include, exclude, expected) => {
    expect(await select(include, exclude)).toEqual(expected);
  });

  it("for any stars, classes and characters", () => {
    const piece = fc.constantFrom("*", "?", "a", "b", "/", "-", "]", "[", "[ab]", "[!a]", "[a-b]", "[]a]", "😀");
    const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    const text = fc.array(fc.constantFrom("a", "b", "c", "/", "-", "]", "[", "\n", "😀"), { maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, (glob, characters) => {
        expect(compileGlob(glob).matches(characters.join(""))).toBe(reference([...glob], characters));
      }),
      { numRuns: 5_000 },
    );
  });

  it("in time proportional to pattern and path, regardless of the number of stars", () => {
    const glob = compileGlob(`${"*a".repeat(400)}b`);
    expect(glob.matches("a".repeat(4_000))).toBe(false);
  });

  it("and stop when the run is cancelled", async () => {
    const stop = new AbortController();
    const many = Array.from({ length: 10_000 }, (_, index) => ({ path: `${"a".repeat(1_000)}${index}` }));
    const selecting = selectPaths(many, { include: [`${"*a".repeat(400)}b`], exclude: [] }, stop.signal);
    setImmediate(() => stop.abort());
    await expect(selecting).rejects.toMatchObject({ class: "cancelled" });
  });
});

/** A simple reference implementation of patterns, which is too slow for real use. */
function reference(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  const [character, ...others] = text;
  if (first === undefined) return character === undefined;
  if (first === "*") return reference(rest, text) || (character !== undefined && reference(pattern, others));
  if (character === undefined) return false;
  const found = first === "[" ? /^\[(!?)(\][^\]]*|[^\]]+)\]/.exec(pattern.join("")) : null;
  if (found === null) return (first === "?" || first === character) && reference(rest, others);
  const [whole, negation, members = ""] = found;
  return (
    membersOf(members).includes(character) !== (negation === "!") &&
    reference([...pattern.join("").slice(whole.length)], others)
  );
}

/** The characters of the test's texts that a class matches. */
function membersOf(text: string): readonly string[] {
  const range = /(.)-(.)/su.exec(text);
  if (range === null) return [...text];
  const [whole, low = "", high = ""] = range;
  const between = [..."ab c/-][\n😀"].filter((one) => low <= one && one <= high);
  return [...text.slice(0, range.index), ...between, ...membersOf(text.slice(range.index + whole.length))];
}
