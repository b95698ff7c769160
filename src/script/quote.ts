import type { Argument } from "../backends/backend.ts";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** The argument as one word of a POSIX shell. */
export function quoteArgument(argument: Argument): string {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
