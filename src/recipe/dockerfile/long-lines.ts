import { Failure } from "../../errors.ts";

/** In UTF-16 units, of at most three bytes: BuildKit reads lines of less than 64 KiB (Go's bufio.MaxScanTokenSize). */
const LONGEST = 20_000;

/**
 * The same Dockerfile with its long lines continued on the next: where neither side of the break means anything to a
 * reader of lines, such as a backslash, a blank (for Go, U+0085 is one too), a
 * character that is not seen, or the start of a comment.
 * @throws {Failure} bento/ValueInvalid when a line has no such place.
 */
export function foldLongLines(dockerfile: string): string {
  return dockerfile.length <= LONGEST ? dockerfile : dockerfile.split("\n").map(fold).join("\n");
}

function fold(line: string): string {
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > LONGEST) {
    const end = placeOfBreak(line, start);
    pieces.push(line.slice(start, end));
    start = end;
  }
  return [...pieces, line.slice(start)].join("\\\n");
}

function placeOfBreak(line: string, start: number): number {
  for (let at = start + LONGEST; at > start; at -= 1) {
    if (/^[^\s\p{Cc}\p{Cf}\\#][^\s\p{Cc}\p{Cf}\\#\udc00-\udfff]$/u.test(line.slice(at - 1, at + 1))) return at;
  }
  throw new Failure(
    "bento",
    `A text of the Bento has ${LONGEST} blanks or backslashes in a row, which no Dockerfile holds`,
    {
      code: "ValueInvalid",
    },
  );
}
