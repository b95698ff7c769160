/**
 * Writes GitHub-flavoured Markdown that contains untrusted text. A string becomes Markdown only by a function of this file,
 * which escapes it: it cannot begin or end a block, or become a link, an image, HTML or a mention.
 */

/** Markdown that this action wrote, or escaped text. */
export class Markdown {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export const NOTHING = new Markdown("");

/** A template tag: the literal parts are Markdown, and strings in between are escaped. */
export function markdown(literals: TemplateStringsArray, ...values: readonly (string | Markdown)[]): Markdown {
  const sources = values.map((value) => (typeof value === "string" ? textOf(value) : value).source);
  return new Markdown(String.raw({ raw: literals }, ...sources));
}

/** Joins the parts that are not empty. */
export function join(parts: readonly Markdown[], separator: string): Markdown {
  const sources = parts.map(({ source }) => source).filter((source) => source !== "");
  return new Markdown(sources.join(separator));
}

/** Characters that can have a meaning inside of a line. */
const PUNCTUATION = /[\\`*_{}[\]<>()#+!|~&:@=$^-]/g;

/** Text before a dot that would make it an item of a list or a link. */
const BEFORE_DOT = /^\d+(?=\.(?: |$))|www(?=\.)/gi;

/**
 * Escapes text with backslashes, which work for every punctuation mark
 * (https://spec.commonmark.org/0.31.2/#backslash-escapes). GitHub finds mail addresses after it has removed the backslashes,
 * so an empty comment is put behind each `@`.
 */
function textOf(text: string): Markdown {
  const escaped = oneLine(text).replace(PUNCTUATION, "\\$&").replace(BEFORE_DOT, "$&\\");
  return new Markdown(escaped.replaceAll("@", "@<!-- -->"));
}

/**
 * Prints text as code. In a table cell, backticks cannot contain a backslash before a bar; entities can express any
 * character literally (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references).
 */
export function code(text: string): Markdown {
  const line = oneLine(text);
  if (line === "") return NOTHING;
  if (!/[`|\\]/.test(line)) return new Markdown(`\`${line}\``);
  const entities = line.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
  return new Markdown(`<code>${entities.replaceAll("&#64;", "&#64;<!-- -->")}</code>`);
}

/** Most characters of one text; the runner refuses a summary above 1 MiB. */
const LONGEST = 2_000;

/** Replaces line breaks, other control characters and marks of writing direction by blanks. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** A fenced block that shows the lines literally, whatever they contain. */
export function codeBlock(language: string, lines: readonly string[]): Markdown {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return new Markdown([`${fence}${language}`, ...lines, fence].join("\n"));
}

/** A table; rows whose second cell is empty are left out. */
export function table(
  rows: readonly (readonly Markdown[])[],
  head: readonly Markdown[] = [NOTHING, NOTHING],
): Markdown {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const filled = rows.filter(([, second]) => second?.source !== "");
  const sources = [head, ...filled].map((cells) => line(cells.map(({ source }) => source)));
  return new Markdown(sources.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n"));
}
