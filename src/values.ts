/** What the language lacks for plain values. */

export type NonEmpty<T> = readonly [T, ...T[]];

/** `undefined` when there is nothing in the list. */
export function nonEmpty<T>(list: readonly T[]): NonEmpty<T> | undefined {
  const [first, ...rest] = list;
  return first === undefined ? undefined : [first, ...rest];
}

/**
 * The table's own value under a key that somebody else chose: `constructor` and `toString` are in no table of ours.
 * @returns undefined when the table has no such key.
 */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
