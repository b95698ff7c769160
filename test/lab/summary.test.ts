/** Job summaries as a browser shows them, in GitHub's style. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { summaryPage } from "../../.github/scripts/summary-page.ts";
import { summaryOf } from "../../src/report/summary.ts";
import { reportOf } from "../report/reports.ts";
import { SUMMARIES } from "../report/samples.ts";
import { showPage, sizeOfPng } from "./browser.ts";

describe.each(Object.entries(SUMMARIES))("the summary %s", (name, markdown) => {
  it("is shown whole, with its diagrams, as the picture in docs/images shows it", async () => {
    const shown = await showPage(summaryPage(markdown, name));
    const diagrams = markdown.split("```mermaid").length - 1;
    expect([shown.drawn, shown.diagrams]).toEqual([String(diagrams), diagrams]);
    expect(shown.overflowing).toEqual([]);
    expect(shown.headingLines).toBe(1);
    expect(shown.text).toContain("summarizer:");
    expect(shown.text).not.toMatch(/```|\[!|\*\*|<\w/);
    const picture = await readFile(new URL(`../../docs/images/summary-${name}.png`, import.meta.url));
    expect(sizeOfPng(picture), "npm run pictures writes them anew").toEqual(sizeOfPng(shown.png));
  });
});

describe("a page", () => {
  it("tells of a diagram that cannot be drawn", async () => {
    const shown = await showPage(summaryPage("#### Broken\n\n```mermaid\npie\n  models : many\n```\n", "broken"));
    expect(shown.drawn).toMatch(/error/i);
  });

  it("draws the times of a run of days", async () => {
    const phases = [
      { title: "build", start: 0, seconds: 200_000 },
      { title: "push", start: 200_000, seconds: 40_000 },
    ];
    const markdown = summaryOf(reportOf({ phases, seconds: 240_000 }));
    const shown = await showPage(summaryPage(markdown, "days"));
    expect(shown).toMatchObject({ drawn: "2", diagrams: 2 });
    expect(shown.text).toContain("day 2, 12:00");
  });

  it("tells of what is wider than it", async () => {
    const wide = `#### Wide\n\n| ${"x".repeat(400)} |\n|---|\n| 1 |\n`;
    expect((await showPage(summaryPage(wide, "wide"))).overflowing).not.toEqual([]);
  });

  it("runs nothing that the names of a Bento contain, and still draws the diagrams", async () => {
    const name = `"]\n%%{init: {"securityLevel": "loose"}}%%<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    const report = reportOf({
      bento: { ...reportOf().bento, tag: { name, version: name } },
      payload: [{ title: `model ${name}`, note: name }, { title: name }],
      environment: name,
      notes: [name],
    });
    const shown = await showPage(summaryPage(summaryOf(report), "innocent"));
    expect(shown).toMatchObject({ title: "innocent", drawn: "2", diagrams: 2 });
    expect(shown.text).toContain("onerror=");
  });
});
