/** The word that is most like the given one; undefined if none is. At most a third of its letters may differ. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, changes: distance(given, word) }))
    .filter(({ word, changes }) => changes <= Math.max(1, Math.floor(word.length / 3)) && changes < word.length)
    .sort((one, other) => one.changes - other.changes);
  return best?.word;
}

/** How many letters must be inserted, removed, replaced or swapped with their neighbours (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const changes = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (isSame ? 0 : 1)];
      if (isSwapped) changes.push(at(row - 2, column - 2) + 1);
      rows[row]?.push(Math.min(...changes));
    }
  }
  return at(from.length, to.length);
}
