import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openQuotedReader, splitList } from "../../src/inputs/lists.ts";

/** Reads a list as docker's actions do: https://github.com/docker/actions-toolkit/blob/main/src/util.ts, `getList`. */
function readAsDocker(text: string, { commas }: { readonly commas: boolean }): readonly string[] {
  const records: string[][] = parse(text, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const items = records.flatMap((record) => (commas ? record : [record.join(",")]));
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** The items, or `refused` if the text was rejected. */
function outcome(read: () => readonly string[]): readonly string[] | "refused" {
  try {
    return read();
  } catch {
    return "refused";
  }
}

/** Texts mostly of characters that have a meaning in the grammar. */
const texts = fc.string({ unit: fc.constantFrom("a", "=", "#", ",", " ", "\t", "\n", "\r", '"', "é"), maxLength: 30 });

/** The CSV parser, because the texts have quotes. */
const readQuoted = await openQuotedReader(['"']);

describe("splitList", () => {
  it.each([true, false])("splits any text as docker's actions do (commas: %s)", (commas) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(outcome(() => splitList(text, { commas }, readQuoted))).toEqual(
          outcome(() => readAsDocker(text, { commas })),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["keeps commas in quotes", 'a,"b,c"', ["a", "b,c"]],
    ["keeps line ends in quotes", '"a\nb"', ["a\nb"]],
    ["accepts line ends of Windows", "a\r\n# no\r\nb", ["a", "b"]],
    ["takes # for a comment only at the start of a line", "a # b\n#c\nd", ["a # b", "d"]],
  ])("%s", (_, text, items) => {
    expect(splitList(text, { commas: true }, readQuoted)).toEqual(items);
  });
});
