import { describe, expect, it } from "vitest";
import { selectPaths } from "../../../src/bento/hub/patterns.ts";

const files = ["README.md", "a/b.json", "config.json", "old/x/y.bin", "v1.bin", "v[1].bin"].map((path) => ({ path }));
const select = (include: string[], exclude: string[] = []) =>
  selectPaths(files, { include, exclude }).map(({ path }) => path);

/** Compared with Python's `fnmatch.fnmatchcase`. */
describe("Patterns select as Python's fnmatch", () => {
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
    [[], ["*"], []],
  ])("include %j exclude %j", (include, exclude, expected) => {
    expect(select(include, exclude)).toEqual(expected);
  });

  it("a range that runs backwards is no pattern", () => {
    expect(() => select(["[z-a]"])).toThrow(expect.objectContaining({ class: "bento", code: "ValueInvalid" }));
  });
});
