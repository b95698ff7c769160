/**
 * GitHub-flavoured Markdown in which what others wrote is data: a string becomes Markdown only by a function of this
 * file, and none of them lets it begin or end a block, or be a link, an image, HTML or a mention.
 */

/** Written by this action, or escaped. */
export class Markdown {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export const NOTHING = new Markdown("");

/** Our own words as they stand, with strings between them as text. */
export function markdown(words: TemplateStringsArray, ...values: readonly (string | Markdown)[]): Markdown {
  const sources = values.map((value) => (typeof value === "string" ? textOf(value) : value).source);
  return new Markdown(String.raw({ raw: words }, ...sources));
}

/** Without those that are empty. */
export function join(parts: readonly Markdown[], separator: string): Markdown {
  const sources = parts.map(({ source }) => source).filter((source) => source !== "");
  return new Markdown(sources.join(separator));
}

/** What can mean something inside of a line. */
const PUNCTUATION = /[\\`*_{}[\]<>()#+!|~&:@=$^-]/g;

/** Before a dot that makes an item of a list, or a link. */
const BEFORE_DOT = /^\d+(?=\.(?: |$))|www(?=\.)/gi;

/**
 * With backslashes, which take the meaning from any punctuation mark (https://spec.commonmark.org/0.31.2/#backslash-escapes).
 * Addresses of mail are looked for when these are gone already, so a comment stands inside of them.
 */
function textOf(text: string): Markdown {
  const escaped = oneLine(text).replace(PUNCTUATION, "\\$&").replace(BEFORE_DOT, "$&\\");
  return new Markdown(escaped.replaceAll("@", "@<!-- -->"));
}

/**
 * As code. A cell of a table has no way to say a backslash before a bar in backticks; as entities, characters never have
 * a meaning (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references).
 */
export function code(text: string): Markdown {
  const line = oneLine(text);
  if (line === "") return NOTHING;
  if (!/[`|\\]/.test(line)) return new Markdown(`\`${line}\``);
  const entities = line.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
  return new Markdown(`<code>${entities.replaceAll("&#64;", "&#64;<!-- -->")}</code>`);
}

/** Characters of one text; the runner takes no summary above 1 MiB. */
const LONGEST = 2_000;

/** Breaks, other control characters and marks of writing direction become blanks. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** Lines that are shown as they are, whatever is in them. */
export function codeBlock(language: string, lines: readonly string[]): Markdown {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return new Markdown([`${fence}${language}`, ...lines, fence].join("\n"));
}

/** Rows with nothing in their second cell are left out. */
export function table(
  rows: readonly (readonly Markdown[])[],
  head: readonly Markdown[] = [NOTHING, NOTHING],
): Markdown {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const filled = rows.filter(([, second]) => second?.source !== "");
  const sources = [head, ...filled].map((cells) => line(cells.map(({ source }) => source)));
  return new Markdown(sources.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n"));
}
