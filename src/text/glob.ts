/**
 * Patterns as in Python's fnmatch. Matching backtracks only to the last star, so the worst case is the length of the pattern
 * times the length of the text.
 * https://docs.python.org/3/library/fnmatch.html: `*`, `?`, `[seq]`, `[!seq]`; no escapes, case-sensitive.
 */

/** A condition for one character of a text; a star matches any number of any characters. */
type Piece = "star" | "any" | ((character: string) => boolean);

export interface Glob {
  matches(text: string): boolean;
}

export function compileGlob(pattern: string): Glob {
  const pieces = parse([...pattern]);
  return { matches: (text) => matches(pieces, [...text]) };
}

function parse(pattern: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? "";
    const end = character === "[" ? classEnd(pattern, at) : undefined;
    if (end !== undefined) {
      pieces.push(characterClass(pattern.slice(at + 1, end)));
      at = end;
    } else if (character === "*") {
      if (pieces.at(-1) !== "star") pieces.push("star");
    } else {
      pieces.push(character === "?" ? "any" : (other) => other === character);
    }
    at += 1;
  }
  return pieces;
}

/** The end of the class that starts here. A `]` as its first character is a member of the class. */
function classEnd(pattern: readonly string[], start: number): number | undefined {
  const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
  const end = pattern.indexOf("]", first + 1);
  return end === -1 ? undefined : end;
}

/** A descending range has no members, as in Python 3.10.5 and later. */
function characterClass(content: readonly string[]): (character: string) => boolean {
  const negated = content[0] === "!";
  const members = negated ? content.slice(1) : content;
  const ranges: (readonly [number, number])[] = [];
  for (let at = 0; at < members.length; ) {
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    ranges.push([codeOf(members[at]), codeOf(members[isRange ? at + 2 : at])]);
    at += isRange ? 3 : 1;
  }
  return (character) => {
    const code = codeOf(character);
    return ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  };
}

function codeOf(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}

/** On a mismatch, the last star matches one more character. Earlier stars never have to change. */
function matches(pieces: readonly Piece[], text: readonly string[]): boolean {
  let piece = 0;
  let at = 0;
  let star: { readonly piece: number; at: number } | undefined;
  while (at < text.length) {
    const expected = pieces[piece];
    if (expected === "star") {
      star = { piece, at };
      piece += 1;
    } else if (expected === "any" || expected?.(text[at] ?? "") === true) {
      piece += 1;
      at += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      piece = star.piece + 1;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every((rest) => rest === "star");
}
