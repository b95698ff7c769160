import type { Argument } from "../backends/backend.ts";
import { asLogText, asOneLine } from "../machine/log-text.ts";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * The argument as one word of a POSIX shell. Each line begins with a quote and `##[` is broken up, so that a printed
 * command is never read as a command by the runner, never ends a code block, and can be pasted as it is.
 */
export function quoteArgument(argument: Argument): string {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN.test(argument) ? argument : singleQuote(argument);
}

/** A comment line for a shell, whatever the text contains. */
export function printComment(text: string): string {
  return asLogText(`# ${asOneLine(text)}`);
}

/** `''` closes and reopens the quotes, which does not change the value. */
function singleQuote(text: string): string {
  const broken = text
    .replaceAll("'", `'\\''`)
    .replace(/\r\n|\r|\n/g, "$&''")
    .replaceAll("##[", "##''[");
  return `'${broken}'`;
}
