/** Gives the fields of each line of a text with quotes. @throws Error when a quote is not closed. */
export type QuotedReader = (text: string) => readonly (readonly string[])[];

/**
 * Splits a list input by docker's grammar: one item per line, `#` starts a comment, double quotes protect commas and
 * newlines, and with `commas` a comma separates items too.
 * Source: `Util.getInputList` in docker/actions-toolkit, which docker's own actions use for every list.
 *
 * @throws Error with csv-parse's message when a quote is not closed.
 */
export function splitList(
  text: string,
  separators: { readonly commas: boolean },
  readQuoted: QuotedReader,
): readonly string[] {
  return splitRecords(text, readQuoted)
    .flatMap((record) => (separators.commas ? record : [record.join(",")]))
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/**
 * The fields of each line, separated by commas, as they are written; double quotes protect commas.
 * @throws Error with csv-parse's message when a quote is not closed.
 */
export function splitRecords(text: string, readQuoted: QuotedReader): readonly (readonly string[])[] {
  return NEEDS_READER.test(text) ? readQuoted(text) : readPlain(text);
}

/** Characters that only the CSV parser handles. `\r` is one of them: the parser takes the first line end for all of them. */
const NEEDS_READER = /["\r]/;

function readPlain(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(","));
}

/** Loads the CSV parser only if one of the texts needs it, because few runs do. */
export async function openQuotedReader(texts: readonly string[]): Promise<QuotedReader> {
  if (!texts.some((text) => NEEDS_READER.test(text))) return readPlain;
  const { parse } = await import("../machine/libraries.ts");
  return (text) =>
    parse(text, {
      columns: false,
      relax_quotes: true,
      comment: "#",
      comment_no_infix: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
}

/** One item per line, taken literally: for values such as argv items, in which commas and quotes have no special meaning. */
export function splitLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
