/** Gives the fields of each line of a text with quotes. @throws Error when quotes do not close. */
export type QuotedReader = (text: string) => readonly (readonly string[])[];

/**
 * Splits a list input by docker's grammar: one item a line, `#` starts a comment, double quotes protect commas and
 * newlines, and with `commas` a comma separates items too.
 * Source: `Util.getInputList` in docker/actions-toolkit, which docker's own actions use for every list.
 *
 * @throws Error with csv-parse's message when quotes do not close.
 */
export function splitList(
  text: string,
  separators: { readonly commas: boolean },
  readQuoted: QuotedReader,
): readonly string[] {
  return (NEEDS_READER.test(text) ? readQuoted(text) : readPlain(text))
    .flatMap((record) => (separators.commas ? record : [record.join(",")]))
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** What makes the grammar more than lines and commas. The first line end decides which ends count, so `\r` is among it. */
const NEEDS_READER = /["\r]/;

function readPlain(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(","));
}

/** Loads the CSV parser when one of the texts needs it; few runs do. */
export async function openQuotedReader(texts: readonly string[]): Promise<QuotedReader> {
  if (!texts.some((text) => NEEDS_READER.test(text))) return readPlain;
  const { parse } = await import("../libraries.ts");
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

/** One item a line, nothing else means anything: for values such as argv items, where a comma or a quote is just that. */
export function splitLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
