/**
 * Patterns as Python's fnmatch reads them, matched without backtracking over more than one star: in the worst case the
 * length of the pattern times that of the text.
 * https://docs.python.org/3/library/fnmatch.html: `*`, `?`, `[seq]`, `[!seq]`; nothing quotes, case counts.
 */

/** What one character of a text must be; a star stands for any number of any. */
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

/** Where the class that begins here ends; a `]` as its first character is one of its members. */
function classEnd(pattern: readonly string[], start: number): number | undefined {
  const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
  const end = pattern.indexOf("]", first + 1);
  return end === -1 ? undefined : end;
}

/** A range that runs backwards has no members, as in Python from 3.10.5 on. */
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

/** When the text does not go on as the pattern does, the last star takes one character more; earlier stars never need to. */
function matches(pieces: readonly Piece[], text: readonly string[]): boolean {
  let piece = 0;
  let at = 0;
  let star: { readonly piece: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = pieces[piece];
    if (wanted === "star") {
      star = { piece, at };
      piece += 1;
    } else if (wanted === "any" || wanted?.(text[at] ?? "") === true) {
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
