import { describe, expect, it } from "vitest";
import { REPORTS } from "../../src/action/reports.ts";
import { Failure } from "../../src/errors.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { dryRunSummary, summaryOf } from "../../src/report/summary.ts";
import { failureSummary } from "../../src/report/summary-failure.ts";
import { printBytes } from "../../src/text/byte-size.ts";
import { DIGEST, reportOf } from "./reports.ts";
import { SUMMARIES } from "./samples.ts";

const PAGES = REPORTS.build;
const [first] = reportOf().result.platforms;
if (first === undefined) throw new Error("the report has no platform");

describe("the summary of a build", () => {
  it("begins with one line: name, digest, size, what was sent, what was reused, and the time", () => {
    const summary = summaryOf(reportOf({ traffic: { sent: 2_100, reused: 14_900_000_000 }, seconds: 0.4 }));
    expect(summary.split("\n")[0]).toBe(
      `#### ✅ \`iris:v1\` \`${DIGEST.slice(0, 19)}\` · 902.0 kB · 2.1 kB sent, 14.9 GB reused, 0.4 s`,
    );
  });

  it("says nothing about bytes that this action did not send", () => {
    expect(summaryOf(reportOf()).split("\n")[0]).toMatch(/ · 902\.0 kB · 1 min 3 s$/);
    const traffic = { sent: 36, reused: 0, environmentBy: "docker" };
    expect(summaryOf(reportOf({ traffic }))).toContain("36 B sent, environment sent by docker, 1 min 3 s");
  });

  it("shows the commands that run the image, the sizes by class and the layers", () => {
    const summary = summaryOf(reportOf());
    expect(summary).toContain(`\`\`\`sh\ndocker pull ghcr.io/acme/iris@${DIGEST}\n\`\`\``);
    expect(summary).toContain('  "base and environment: 900.0 kB" : 900000\n  "code: 1.5 kB" : 1536\n');
    expect(summary).toContain("| Layer | `linux/amd64` |\n|---|--:|\n| base and environment | 900.0 kB |\n");
    expect(summary).toContain("| `manifest` | 36 B |");
  });

  it("draws every phase from its start, also those at the same time", () => {
    const phases = [
      { title: "hash and upload layers", start: 0.25, seconds: 60 },
      { title: "build", start: 0.5, seconds: 70.5 },
      { title: "too short to draw", start: 71, seconds: 0.001 },
    ];
    const summary = summaryOf(reportOf({ phases, seconds: 71 }));
    expect(summary).toContain("  hash and upload layers (1 min) :2000-01-01 00:00:00.250, 60000ms\n");
    expect(summary).toContain("  build (1 min 11 s) :2000-01-01 00:00:00.500, 70500ms\n");
    expect(summary).not.toContain("too short");
  });

  it("draws a run of more than a day", () => {
    const phases = [
      { title: "build", start: 1, seconds: 100_000 },
      { title: "push", start: 100_001, seconds: 6_000 },
    ];
    const summary = summaryOf(reportOf({ phases, seconds: 106_001 }));
    expect(summary).toContain("  axisFormat day %-d, %H:%M\n");
    expect(summary).toMatch(/^ {2}build \(.*\) :2000-01-01 00:00:01\.000, 100000000ms$/m);
    expect(summary).toMatch(/^ {2}push \(.*\) :2000-01-02 03:46:41\.000, 6000000ms$/m);
  });

  it("has one table of layers with a column for each platform", () => {
    const platforms = ["amd64", "arm64"].map((architecture, index) => ({
      ...first,
      platform: { os: "linux", architecture },
      layers: [{ size: 1_000 * (index + 1), digest: digestOf(architecture) }, ...first.layers.slice(1)],
    }));
    const summary = summaryOf(reportOf({ result: { digest: DIGEST, kind: "index", platforms } }));
    expect(summary).toContain("| Layer | `linux/amd64` | `linux/arm64` |\n");
    expect(summary).toContain("| base and environment | 1.0 kB | 2.0 kB |\n| `sources` | 1.5 kB | 1.5 kB |\n");
  });

  it("compares the sizes with those of the last image", () => {
    const changes = [
      { title: "models", now: 2_000, before: 500 },
      { title: "code", now: 3, before: 3 },
    ];
    const summary = summaryOf(reportOf({ changes }));
    expect(summary).toContain("| models | 500 B | 2.0 kB | \\+1.5 kB |\n| code | 3 B | 3 B | none |");
  });

  it("shows notes, with code in them as code", () => {
    const notes = ["Mind the gap.", "The line `COPY a b` adds it."];
    expect(summaryOf(reportOf({ notes }))).toContain("> [!NOTE]\n> Mind the gap.\n>\n> The line `COPY a b` adds it.\n");
  });

  it("omits sizes of layers that it cannot tell apart", () => {
    const summary = summaryOf(reportOf({ payload: ["a", "b", "c", "d"].map((title) => ({ title })) }));
    expect(summary).not.toContain("| `a` |");
    expect(summary).not.toContain("pie");
    expect(summary).toContain("| all layers | 901.5 kB |");
  });

  it("says so when an identical image existed", () => {
    expect(summaryOf(reportOf({ existed: true }))).toContain("so nothing was built (`if-exists: skip`)");
    expect(summaryOf(reportOf({ existed: true }))).not.toContain("mermaid");
  });
});

describe("the summary of a dry run", () => {
  it("shows what would be executed, and the Dockerfile", () => {
    const report = reportOf({ dryRun: true, pushed: false, usage: [], result: { platforms: [] } });
    const summary = dryRunSummary(report, "FROM python:3.12-slim\nRUN true\n");
    expect(summary).toMatch(/^#### Dry run: `iris:v1`, nothing was built\n/);
    expect(summary).toContain("```sh\ndocker buildx build .\n```");
    expect(summary).toContain("```dockerfile\nFROM python:3.12-slim\nRUN true\n```");
    expect(summary).not.toContain("image store");
  });
});

describe("the summary of a failure", () => {
  it("shows class, cause, the tool's deciding lines, where, what to do, and the documentation", () => {
    const failure = new Failure("run-step", "pip failed: no `x`", {
      lines: ["ERROR: one", "ERROR: two"],
      hint: "Run `pip index`.",
      position: { file: "Dockerfile", line: 3 },
    });
    expect(failureSummary(failure, "iris:v1", PAGES, (text) => text).split("\n")).toEqual([
      "#### ❌ `iris:v1` · A build step failed",
      "",
      "`` pip failed: no `x` ``",
      "",
      "```text",
      "ERROR: one",
      "ERROR: two",
      "```",
      "",
      "In `Dockerfile`, line 3",
      "",
      "**What to do:** ``Run `pip index`.``",
      "",
      expect.stringMatching(/^Class `run-step`: \[.*\]\(https:.*\/docs\/troubleshooting\.md#run-step\)$/),
      "",
    ]);
  });

  it("lists every mistake with the documentation of its input", () => {
    const mistakes = ['tags: "A" is no reference', "push and load exclude each other"];
    const failure = new Failure("input", mistakes.join(" · "), { lines: mistakes, mistakes });
    const summary = failureSummary(failure, "", PAGES, (text) => text);
    expect(summary).toMatch(/^- `tags: "A" is no reference` \[documentation\]\(.*\/docs\/inputs\.md#tags\)$/m);
    expect(summary).toMatch(/^- `push and load exclude each other` \[documentation\]\(.*\/docs\/inputs\.md\)$/m);
    expect(summary).not.toContain("·");
  });

  it("leaves every character of foreign text as it is, so that the runner finds its secrets there", () => {
    const secret = "p@ss_w*rd-$x|`y\\z=!";
    const failure = new Failure("auth", `no ${secret}`, {
      lines: [`line ${secret}`],
      hint: `Log in with ${secret}.`,
      position: { file: `/temp/${secret}` },
    });
    const wrong = new Failure("input", "", { mistakes: [`tags: ${secret}`, `${secret} is no input`] });
    const parts = (one: Failure) => failureSummary(one, `iris:${secret}`, PAGES, (text) => text).split(secret);
    expect(parts(failure)).toHaveLength(1 + 5);
    expect(parts(wrong)).toHaveLength(1 + 3);
    expect([...parts(failure), ...parts(wrong)].join("")).not.toContain("rd");
  });
});

describe("every summary", () => {
  it.each(Object.entries(SUMMARIES))("has no line twice and no empty head (%s)", (_, summary) => {
    const lines = summary.split("\n").filter((line) => /\w{4}/.test(line) && !/^(?:```|<\/)/.test(line));
    expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
    expect(summary).not.toMatch(/^\|\s*\|/m);
  });
});

describe("a summary of very much", () => {
  const long = "é`|@".repeat(1 << 14);
  const many = Array.from({ length: 6_000 }, (_, index) => `${index} ${"`x` 漢".repeat(50)}`);
  const much = reportOf({
    base: long,
    assembly: long,
    notes: Array.from({ length: 20 }, () => long),
    usage: many,
    commands: many,
    payload: many.map((title) => ({ title, note: title })),
    result: { digest: DIGEST, kind: "manifest", platforms: [{ ...first, layers: many.flatMap(() => first.layers) }] },
  });
  const mistakes = many.map((text) => `${"tags".repeat(50)}: ${text}`);
  const lines = Array.from({ length: 30 }, () => long);

  it.each([
    ["a build", () => summaryOf(much)],
    ["a dry run", () => dryRunSummary(much, many.join("\n"))],
    [
      "a failure",
      () =>
        failureSummary(
          new Failure("tool", "failed", { lines, hint: long, position: { file: long } }),
          long,
          PAGES,
          (text) => text,
        ),
    ],
    ["mistakes", () => failureSummary(new Failure("input", "", { mistakes }), long, PAGES, (text) => text)],
  ])("of %s is not dropped by the runner, which takes 1 MiB", (_, summary) => {
    const text = summary();
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(text.match(/more (?:characters|lines|mistakes)/g)).not.toBeNull();
  });

  it("says what it leaves out", () => {
    const dockerfile = ["RUN true", "#".repeat(10_000), ...Array.from({ length: 150_000 }, () => "RUN true")];
    expect(dockerfile.join("\n").length).toBeGreaterThan(1_200_000);
    const summary = dryRunSummary(reportOf(), dockerfile.join("\n"));
    expect(summary).toContain(`\nRUN true\n${"#".repeat(8_000)}… 2000 more characters\nRUN true\n`);
    expect(summary).toMatch(/\nRUN true\n… \d{6} more lines\n```\n/);
    expect(summary).toContain("**Base image:**");
  });

  it("lists the first mistakes and counts the others", () => {
    const summary = failureSummary(new Failure("input", "", { mistakes }), "", PAGES, (text) => text);
    expect(summary.match(/^- `/gm)).toHaveLength(100);
    expect(summary).toContain("\n- 5900 more mistakes\n");
  });
});

describe("sizes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_536_000, "1.5 MB"],
    [7_000_000_000_000_000, "7000.0 TB"],
  ])("%i is %s", (count, text) => {
    expect(printBytes(count)).toBe(text);
  });
});
