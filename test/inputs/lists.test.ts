import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openQuotedReader, splitList } from "../../src/inputs/lists.ts";

/** As docker's actions read a list: https://github.com/docker/actions-toolkit/blob/main/src/util.ts, `getList`. */
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

/** What came out, or that nothing did. */
function outcome(read: () => readonly string[]): readonly string[] | "refused" {
  try {
    return read();
  } catch {
    return "refused";
  }
}

/** Texts of little else than what means something to the grammar. */
const texts = fc.string({ unit: fc.constantFrom("a", "=", "#", ",", " ", "\t", "\n", "\r", '"', "é"), maxLength: 30 });

/** Loaded, because the texts have quotes. */
const readQuoted = await openQuotedReader(['"']);

describe("a list is what docker's actions make of it", () => {
  it.each([true, false])("whatever is in it (commas: %s)", (commas) => {
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
    ["quotes protect commas", 'a,"b,c"', ["a", "b,c"]],
    ["quotes protect line ends", '"a\nb"', ["a\nb"]],
    ["line ends of Windows", "a\r\n# no\r\nb", ["a", "b"]],
    ["a comment starts its line", "a # b\n#c\nd", ["a # b", "d"]],
  ])("%s", (_, text, items) => {
    expect(splitList(text, { commas: true }, readQuoted)).toEqual(items);
  });
});
