import { describe, expect, it } from "vitest";
import type { ExtractedEntry } from "../../../src/bento/archive/links.ts";
import { resolveLink } from "../../../src/bento/archive/links.ts";

type Tree = Readonly<Record<string, ExtractedEntry>>;
const directory: ExtractedEntry = { kind: "directory" };
const link = (target: string): ExtractedEntry => ({ kind: "link", target });

describe("A link is resolved as by the kernel", () => {
  it.each<[string, Tree, "inside" | "outside"]>([
    ["to a neighbour", { l: link("a") }, "inside"],
    ["up and down again", { d: directory, "d/l": link("../e/f") }, "inside"],
    ["to the root itself", { d: directory, "d/l": link("..") }, "inside"],
    ["above the root", { d: directory, "d/l": link("../..") }, "outside"],
    ["above the root and back into it", { l: link("../root/a") }, "outside"],
    ["to nowhere", { l: link("gone/../x") }, "inside"],
    ["in a circle", { l: link("m"), m: link("l") }, "inside"],
    [
      "through a link that climbs, where its text alone stays inside",
      { d: directory, "d/e": directory, "d/e/up": link("../.."), l: link("d/e/up/../x") },
      "outside",
    ],
    [
      "through a link that descends, where its text alone climbs out",
      { d: directory, "d/e": directory, down: link("d/e"), l: link("down/../../x") },
      "inside",
    ],
    ["to an absolute path by way of another", { l: link("m/x"), m: link("/etc") }, "outside"],
  ])("%s: %#", (_, tree, expected) => {
    const path = Object.keys(tree).findLast((name) => name.endsWith("l")) ?? "";
    expect(resolveLink(path, "", (at) => tree[at])).toBe(expected);
  });

  it("with a folder of the tree as its root", () => {
    const tree: Tree = { top: directory, "top/l": link("../x"), "top/m": link("x") };
    expect(resolveLink("top/l", "top", (at) => tree[at])).toBe("outside");
    expect(resolveLink("top/m", "top", (at) => tree[at])).toBe("inside");
  });
});
