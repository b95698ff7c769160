import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { mergedSummary } from "../../src/merging/report.ts";
import { summaryOf } from "../../src/report/summary.ts";
import { reportOf } from "./reports.ts";

/** As GitHub reads it, before anything is taken out that is not safe. */
function render(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

/** Every tag with its attributes, in their order; comments left out. */
function structureOf(markdown: string): readonly string[] {
  return (
    render(markdown)
      .replaceAll("<!-- -->", "")
      .match(/<[^>]*>/g) ?? []
  );
}

function textsOf(markdown: string): readonly string[] {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  const html = render(markdown).replaceAll("<!-- -->", "");
  return html.split(/<[^>]*>/).map((text) => text.replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole).trim());
}

const CRUMBS = [
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

const foreign = fc
  .array(fc.oneof(fc.constantFrom(...CRUMBS), fc.string({ unit: "binary", maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""))
  .filter((text) => /[^\s\p{Cc}\p{Bidi_Control}]/u.test(text));

/** A report in which somebody else wrote all that anybody else may write. */
function summaryWith(foreignText: (index: number) => string): string {
  const ordinary = reportOf();
  let count = 0;
  const next = (): string => {
    count += 1;
    return foreignText(count);
  };
  return summaryOf({
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
    result: {
      ...ordinary.result,
      platforms: ordinary.result.platforms.map((image) => ({
        ...image,
        platform: { os: next(), architecture: next() },
      })),
    },
  });
}

describe("the summary", () => {
  it("has the same blocks, tags and links whatever others wrote, and shows what they wrote", () => {
    const harmless = structureOf(summaryWith((index) => `word${index}`));
    fc.assert(
      fc.property(fc.array(foreign, { minLength: 20, maxLength: 20 }), (texts) => {
        const summary = summaryWith((index) => texts[index] ?? "word");
        expect(structureOf(summary)).toEqual(harmless);
      }),
      { numRuns: 60 },
    );
  });

  it.each(CRUMBS)("takes %j for text in every place", (crumb) => {
    const harmless = structureOf(summaryWith(() => "word"));
    for (const text of [`${crumb}x`, `x${crumb}`, `x${crumb}x${crumb}`]) {
      expect(structureOf(summaryWith(() => text))).toEqual(harmless);
    }
  });

  it("shows what others wrote, in one line", () => {
    const text = "a|b`c\\|d\n# <img> [x](y) https://x.example ![](z) @me & &lt; *i* 1. 😀";
    const shown = textsOf(summaryOf(reportOf({ base: text, notes: [text], assembly: text })));
    const line = text.replace("\n", " ");
    expect(shown.filter((words) => words === line || words === `[!NOTE]\n${line}`)).toHaveLength(3);
  });

  it("shows commands as they are, whatever fences are in them", () => {
    const commands = ["docker --label 'a=`````'", "''```'", "# </details>"];
    const shown = textsOf(summaryOf(reportOf({ commands })));
    expect(shown).toContain(commands.join("\n"));
  });

  it("keeps below the runner's limit though somebody writes a book", () => {
    const book = "x".repeat(1 << 20);
    expect(summaryOf(reportOf({ base: book, notes: [book], assembly: book })).length).toBeLessThan(1 << 16);
  });
});

it("The summary of a merge has the same cells whatever the files of its legs are called", () => {
  const digest = "sha256:0123";
  const merged = (place: string) =>
    mergedSummary({
      members: [
        {
          platform: { os: "linux", architecture: "amd64" },
          descriptor: { digest },
          attestations: [],
          jobImage: { place },
        },
      ],
      index: { descriptor: { digest } },
      tags: [],
    } as unknown as Parameters<typeof mergedSummary>[0]);
  fc.assert(
    fc.property(foreign, (place) => {
      expect(structureOf(merged(place))).toEqual(structureOf(merged("word")));
    }),
  );
});
