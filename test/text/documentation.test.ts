import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPackage } from "../../.github/scripts/docs/repository.ts";
import { BUG_REPORT_URL, documentationUrl } from "../../src/text/documentation.ts";

const { repository, version } = readPackage();

describe("addresses in messages", () => {
  it("lead to the page of the version that runs", () => {
    expect(documentationUrl("docs/security.md#what-holds")).toBe(
      `https://github.com/${repository}/blob/v${version}/docs/security.md#what-holds`,
    );
  });

  it("lead to the form for bugs", () => {
    const [, form = ""] =
      /^https:\/\/github\.com\/(?:[^/]+\/){2}issues\/new\?template=(.+)$/.exec(BUG_REPORT_URL) ?? [];
    expect(existsSync(`.github/ISSUE_TEMPLATE/${form}`)).toBe(true);
  });

  it("name pages and headings that there are", () => {
    const missing = globSync("src/**/*.ts").flatMap((file) => {
      const named = readFileSync(file, "utf8").matchAll(/documentationUrl\(\s*["`]([^"`#]+)(?:#([^"`]*))?["`]/g);
      return [...named]
        .filter(([, page = "", heading]) => !hasHeading(page, heading))
        .map(([call]) => `${file}: ${call}`);
    });
    expect(missing).toEqual([]);
  });
});

/** A heading that the code computes is held to nothing. */
function hasHeading(page: string, heading: string | undefined): boolean {
  if (!existsSync(page)) return false;
  return heading === undefined || heading.includes("${") || anchorsOf(readFileSync(page, "utf8")).includes(heading);
}

/** As GitHub makes them of headings: lower case, hyphens for blanks, without punctuation. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
