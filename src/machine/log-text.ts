/**
 * Text for the runner's log that the runner cannot read as a command. It looks for `::name …::` at a line's start, after
 * blanks, and for `##[name …]` anywhere in a line, in all that a step prints on either stream.
 * Source: https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs.
 *
 * Its own means, `::stop-commands::TOKEN`, is no use here: until the token comes it would also ignore the masks and
 * annotations of what goes on at the same time as a build.
 */

/** Where the runner ends a line: .NET's StreamReader.ReadLine. */
const LINE_END = /(\r\n|\r|\n)/;

/** Blanks, and what a comparison by culture in .NET takes for nothing. */
const COLONS = /^[\s\p{C}]*(?=::)/u;

/** Gives the text with a backslash where a line could be a command: `\::name`, `##\[name]`. Several lines stay several. */
export function asLogText(text: string): string {
  const lines = text.includes("::") ? text.split(LINE_END).map(breakColons).join("") : text;
  return breakBrackets(lines);
}

function breakColons(line: string): string {
  return line.replace(COLONS, "$&\\");
}

/** For what stands in a command of ours: a runner that does not know its name goes on and looks for the other form. */
export function breakBrackets(text: string): string {
  return text.replaceAll("##[", "##\\[");
}

/** Gives the text as one line. */
export function asOneLine(text: string): string {
  return text.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");
}
