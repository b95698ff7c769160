import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { badgeLines, badges } from "../../.github/scripts/docs/badges.ts";

describe("the badges of the README", () => {
  it("say the version of package.json, and a figure that the page about performance has", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    const labels = Object.values(badges()).map((svg) => /aria-label="([^"]*)"/.exec(svg)?.[1]);
    expect(labels).toEqual([`release: v${version}`, expect.stringMatching(/^code change, 1 GiB model: \d/)]);
    const [, figure = ""] = /model: (.*)$/.exec(labels[1] ?? "") ?? [];
    expect(await readFile("docs/performance.md", "utf8")).toContain(`**${figure}**`);
  });

  it("are all shown, from this repository alone and from GitHub", () => {
    const shown = [...badgeLines().matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, address]) => address);
    const served = shown.filter((address) => !address?.startsWith("https://github.com/"));
    expect(served).toEqual(Object.keys(badges()));
    expect(shown).toHaveLength(served.length + 1);
  });
});
