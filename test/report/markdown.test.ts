import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { REPORTS } from "../../src/action/reports.ts";
import { Failure } from "../../src/errors.ts";
import { mergedSummary } from "../../src/merging/report.ts";
import type { Report } from "../../src/report/report.ts";
import { dryRunSummary, summaryOf } from "../../src/report/summary.ts";
import { failureSummary } from "../../src/report/summary-failure.ts";
import { reportOf } from "./reports.ts";

/** Renders Markdown as GitHub does, without removing unsafe HTML. */
function render(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

/** All HTML tags with their attributes, in order, without comments, and without the code that backticks in prose mark. */
function structureOf(markdown: string): readonly string[] {
  return (
    render(markdown)
      .replace(/<!-- -->|<\/?code>/g, "")
      .match(/<[^>]*>/g) ?? []
  );
}

function textsOf(markdown: string): readonly string[] {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  const html = render(markdown).replaceAll("<!-- -->", "");
  return html.split(/<[^>]*>/).map((text) => text.replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole).trim());
}

const FRAGMENTS = [
  ...[
    "```",
    "~~~",
    "`",
    "``",
    "|",
    "\\",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\n\n# h",
    "\n- x",
    "\n> q",
    "\n1. x",
    "\n    x",
    "\t",
  ],
  ...["# h", "- x", "+ ", "* ", "> q", "1. ", "7) ", "---", "===", "\n---\n", "| a |\n|---|\n", "[!NOTE]", "    x"],
  ...[
    "<img src=x>",
    "<!--",
    "-->",
    "<!-- -->",
    "</details>",
    "<script>x</script>",
    "<br>",
    "<a href=x>",
    "<?",
    "]]>",
    "&lt;",
    "&#96;",
  ],
  ...[
    "[a](javascript:x)",
    "![](http://evil.example)",
    "<http://evil.example>",
    "https://evil.example",
    "www.evil.example",
  ],
  ...["mail@evil.example", "mailto:a@b.example", "xmpp:a@b.example", "@user", "[a]: http://x\n", "[^1]", "[^1]: x\n"],
  ...["**b**", "*i*", "_i_", "~~s~~", "$x$", "\u2028", "\u0085", "\u202e", "\0", " ", "x", "é", "😀"],
];

const untrusted = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: "binary", maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""))
  .filter((text) => /[^\s\p{Cc}\p{Bidi_Control}]/u.test(text));

/** The summary of a report in which every text that may come from outside is replaced. */
function summaryWith(textAt: (index: number) => string): string {
  const ordinary = reportOf();
  let count = 0;
  const next = (): string => {
    count += 1;
    return textAt(count);
  };
  const report: Report = {
    ...ordinary,
    bento: { ...ordinary.bento, bentomlVersion: next(), tag: { name: next(), version: next() } },
    base: next(),
    assembly: next(),
    cache: next(),
    backend: next(),
    engine: { versions: { buildx: next() } },
    payload: [{ title: next(), note: next() }, { title: next() }],
    notes: [next(), next()],
    commands: [next(), next()],
    usage: [next()],
    environment: next(),
    changes: [{ title: "models", now: 1, before: 2 }],
    result: {
      ...ordinary.result,
      platforms: ordinary.result.platforms.map((image) => ({
        ...image,
        platform: { os: next(), architecture: next() },
      })),
    },
  };
  // A line that the message contains is left out, and with the only one its block.
  const lines = [next(), "the last line"];
  const failure = new Failure("tool", next(), { lines, hint: next(), position: { file: next() } });
  const wrong = new Failure("input", "", { mistakes: [next()] });
  return [
    summaryOf(report),
    dryRunSummary(report, next()),
    ...[failure, wrong].map((one) => failureSummary(one, next(), REPORTS.build, (text) => text)),
  ].join("\n");
}

/** The sources of all diagrams. */
function diagramsOf(markdown: string): readonly string[] {
  return markdown.match(/^```mermaid\n[\s\S]*?^```$/gm) ?? [];
}

describe("the summary", () => {
  it("has the same blocks, tags and links whatever untrusted text it contains", () => {
    const harmless = structureOf(summaryWith((index) => `word${index}`));
    fc.assert(
      fc.property(fc.array(untrusted, { minLength: 40, maxLength: 40 }), (texts) => {
        const summary = summaryWith((index) => texts[index] ?? "word");
        expect(structureOf(summary)).toEqual(harmless);
      }),
      { numRuns: 60 },
    );
  });

  it.each(FRAGMENTS)("shows %j as text in every place", (fragment) => {
    const harmless = structureOf(summaryWith(() => "word"));
    for (const text of [`${fragment}x`, `x${fragment}`, `x${fragment}x${fragment}`]) {
      expect(structureOf(summaryWith(() => text))).toEqual(harmless);
    }
  });

  it("has no untrusted text in its diagrams, as Mermaid has escapes of its own", () => {
    const hostile = summaryWith(() => 'a"\nclick x href "javascript:alert(1)"\n%%{init: {"securityLevel": "loose"}}%%');
    expect(diagramsOf(hostile)).toEqual(diagramsOf(summaryWith(() => "word")));
    expect(diagramsOf(hostile)).toHaveLength(2);
  });

  it("shows untrusted text in one line", () => {
    const text = "a|b`c\\|d\n# <img> [x](y) https://x.example ![](z) @me & &lt; *i* 1. 😀";
    const shown = textsOf(summaryOf(reportOf({ base: text, notes: [text], assembly: text })));
    const line = text.replace("\n", " ");
    expect(shown.filter((words) => words === line || words === `[!NOTE]\n${line}`)).toHaveLength(3);
  });

  it("shows commands literally, even if they contain fences", () => {
    const commands = ["docker --label 'a=`````'", "''```'", "# </details>"];
    const shown = textsOf(summaryOf(reportOf({ commands })));
    expect(shown).toContain(commands.join("\n"));
  });

  it("stays below the runner's limit even with very long texts", () => {
    const book = "x".repeat(1 << 20);
    expect(summaryOf(reportOf({ base: book, notes: [book], assembly: book })).length).toBeLessThan(1 << 16);
  });
});

it("the summary of a merge has the same cells, whatever the names of the digest files", () => {
  const digest = "sha256:0123";
  const merged = (source: string) =>
    mergedSummary({
      members: [
        {
          platform: { os: "linux", architecture: "amd64" },
          descriptor: { digest },
          attestations: [],
          jobImage: { source },
        },
      ],
      index: { descriptor: { digest } },
      tags: [],
    } as unknown as Parameters<typeof mergedSummary>[0]);
  fc.assert(
    fc.property(untrusted, (source) => {
      expect(structureOf(merged(source))).toEqual(structureOf(merged("word")));
    }),
  );
});
