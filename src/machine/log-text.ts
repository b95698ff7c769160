/**
 * Escapes text for the runner's log so that the runner does not read it as a command. In both output streams of a step it
 * searches for `::name …::` at the start of a line, after blanks, and for `##[name …]` anywhere in a line.
 * Source: https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs.
 *
 * The runner's own `::stop-commands::TOKEN` is not suitable: until the token, it would also ignore masks and annotations
 * that are printed during a build.
 */

/** The line ends of the runner: .NET's StreamReader.ReadLine. */
const LINE_END = /(\r\n|\r|\n)/;

/** Blanks, and characters that .NET ignores in a culture-sensitive comparison. */
const COLONS = /^[\s\p{C}]*(?=::)/u;

/** Adds a backslash where a line could be a command: `\::name`, `##\[name]`. Line breaks are kept. */
export function asLogText(text: string): string {
  const lines = text.includes("::") ? text.split(LINE_END).map(breakColons).join("") : text;
  return breakBrackets(lines);
}

function breakColons(line: string): string {
  return line.replace(COLONS, "$&\\");
}

/** For text inside our own commands: a runner that does not know the command searches its line for the other form. */
export function breakBrackets(text: string): string {
  return text.replaceAll("##[", "##\\[");
}

/** Joins the lines of the text. */
export function asOneLine(text: string): string {
  return text.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");
}
