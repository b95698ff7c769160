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

/** Text in which backticks mark code, such as a note or a hint of this action. */
export function prose(text: string): Markdown {
  const parts = oneLine(text).split(/`([^`]+)`/);
  return join(
    parts.map((part, index) => (index % 2 === 1 ? code(part) : escapeLine(part))),
    "",
  );
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
  return escapeLine(oneLine(text));
}

function escapeLine(line: string): Markdown {
  const escaped = line.replace(PUNCTUATION, "\\$&").replace(BEFORE_DOT, "$&\\");
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

/**
 * Prints text as code without a change of any character, so that the runner, which masks the lines of a summary, finds the
 * secrets that an escape would hide from it. Not for table cells, which a bar would end.
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/FileCommandManager.cs CreateStepSummaryCommand
 */
export function literal(text: string): Markdown {
  const line = oneLine(text);
  if (line === "") return NOTHING;
  const fence = "`".repeat(longestRun([line]) + 1);
  const gap = /^`|`$/.test(line) ? " " : "";
  return new Markdown(`${fence}${gap}${line}${gap}${fence}`);
}

function longestRun(lines: readonly string[]): number {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return runs.reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** Bytes of a summary; the runner drops one above 1 MiB. */
const MOST_BYTES = 990_000;
/** Bytes of a block of code: two of them are in one summary. */
const MOST_OF_BLOCK = 400_000;
/** Characters of a line of code. */
const LONGEST_LINE = 8_000;
/** Characters of any other text. */
const LONGEST = 2_000;

/** Replaces line breaks, other control characters and marks of writing direction by blanks. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/**
 * A fenced block that shows the lines literally, whatever they contain. Of a line that is too long it shows the beginning,
 * and of too many lines the first.
 */
export function codeBlock(language: string, lines: readonly string[]): Markdown {
  const cut = lines.map(cutLine);
  const count = countOfFitting(cut, MOST_OF_BLOCK);
  const shown = cut.slice(0, count);
  const fence = "`".repeat(Math.max(2, longestRun(shown)) + 1);
  const rest = count === lines.length ? [] : [`… ${lines.length - count} more lines`];
  return new Markdown([`${fence}${language}`, ...shown, ...rest, fence].join("\n"));
}

function cutLine(line: string): string {
  const rest = line.length - LONGEST_LINE;
  return rest > 0 ? `${line.slice(0, LONGEST_LINE)}… ${rest} more characters` : line;
}

/** How many of the first texts have no more than `most` bytes together, with a line break behind each. */
function countOfFitting(texts: readonly string[], most: number): number {
  let bytes = 0;
  const first = texts.findIndex((text) => {
    bytes += Buffer.byteLength(text) + 1;
    return bytes > most;
  });
  return first === -1 ? texts.length : first;
}

/** A table; the columns after the first are aligned as numbers, except those in `texts`. */
export function table(
  head: readonly Markdown[],
  rows: readonly (readonly Markdown[])[],
  texts: readonly number[] = [],
): Markdown {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const sources = [head, ...rows].map((cells) => line(cells.map(({ source }) => source)));
  const columns = head.map((_, index) => (index === 0 || texts.includes(index) ? "---" : "--:"));
  return new Markdown(sources.toSpliced(1, 0, `|${columns.join("|")}|`).join("\n"));
}

/** A link to an address that this action knows. */
export function link(text: string, address: string): Markdown {
  return markdown`[${text}](${new Markdown(address)})`;
}

/** The sections that are not empty, a blank line between them; without the last ones if the runner would drop the whole. */
export function printSections(sections: readonly Markdown[]): string {
  const filled = sections.filter(({ source }) => source !== "");
  const count = countOfFitting(
    filled.map(({ source }) => `${source}\n`),
    MOST_BYTES,
  );
  const rest = count === filled.length ? NOTHING : markdown`The rest is too long for a job summary.`;
  return `${join([...filled.slice(0, count), rest], "\n\n").source}\n`;
}

/** A list of names and values; those without a value are left out. */
export function facts(items: readonly (readonly [string, Markdown])[]): Markdown {
  const filled = items.filter(([, value]) => value.source !== "");
  return join(
    filled.map(([name, value]) => markdown`- **${name}:** ${value}`),
    "\n",
  );
}

/** Content that the reader opens with a click. */
export function folded(title: string, content: Markdown): Markdown {
  return markdown`<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** A coloured box: https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts */
export function alert(kind: "NOTE" | "CAUTION", paragraphs: readonly Markdown[]): Markdown {
  if (paragraphs.length === 0) return NOTHING;
  return markdown`> [!${new Markdown(kind)}]\n${join(
    paragraphs.map((paragraph) => markdown`> ${paragraph}`),
    "\n>\n",
  )}`;
}
