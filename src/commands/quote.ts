import type { Argument } from "../backends/backend.ts";
import { asLogText, asOneLine } from "../machine/log-text.ts";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * The argument as one word of a POSIX shell. No line of it begins with text of the argument, and no `##[` is in it: so a
 * printed command is no command of the runner's, no end of a code block, and need not be changed to be shown.
 */
export function quoteArgument(argument: Argument): string {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN.test(argument) ? argument : singleQuote(argument);
}

/** A line that a shell passes over, whatever the text holds. */
export function printComment(text: string): string {
  return asLogText(`# ${asOneLine(text)}`);
}

/** Two quotes end the quoted text and begin it again, which changes nothing. */
function singleQuote(text: string): string {
  const broken = text
    .replaceAll("'", `'\\''`)
    .replace(/\r\n|\r|\n/g, "$&''")
    .replaceAll("##[", "##''[");
  return `'${broken}'`;
}
