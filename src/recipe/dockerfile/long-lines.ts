import { Failure } from "../../errors.ts";

/** The longest line, in UTF-16 units of at most three bytes. BuildKit reads lines of less than 64 KiB (Go's bufio.MaxScanTokenSize). */
const MAX_LENGTH = 20_000;

/**
 * The same Dockerfile with long lines continued on the next line. A line is broken only between two characters that have
 * no special meaning at the end or start of a line, as a backslash, a blank (to Go, U+0085 is one too), an invisible
 * character or the start of a comment have.
 * @throws {Failure} bento/ValueInvalid when a line has no such position.
 */
export function foldLongLines(dockerfile: string): string {
  return dockerfile.length <= MAX_LENGTH ? dockerfile : dockerfile.split("\n").map(fold).join("\n");
}

function fold(line: string): string {
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > MAX_LENGTH) {
    const end = breakPosition(line, start);
    pieces.push(line.slice(start, end));
    start = end;
  }
  return [...pieces, line.slice(start)].join("\\\n");
}

function breakPosition(line: string, start: number): number {
  for (let at = start + MAX_LENGTH; at > start; at -= 1) {
    if (/^[^\s\p{Cc}\p{Cf}\\#][^\s\p{Cc}\p{Cf}\\#\udc00-\udfff]$/u.test(line.slice(at - 1, at + 1))) return at;
  }
  throw new Failure(
    "bento",
    `A text of the Bento has ${MAX_LENGTH} blanks or backslashes in a row, which a Dockerfile cannot contain`,
    {
      code: "ValueInvalid",
    },
  );
}
