import { parse } from "csv-parse/sync";

/**
 * Splits a list input by docker's grammar: one item a line, `#` starts a comment, double quotes protect commas and
 * newlines, and with `commas` a comma separates items too.
 * Source: `Util.getInputList` in docker/actions-toolkit, which docker's own actions use for every list.
 *
 * @throws Error with csv-parse's message when quotes do not close.
 */
export function splitList(text: string, separators: { readonly commas: boolean }): readonly string[] {
  const records: string[][] = parse(text, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  return records
    .flatMap((record) => (separators.commas ? record : [record.join(",")]))
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** One item a line, nothing else means anything: for values such as argv items, where a comma or a quote is just that. */
export function splitLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
