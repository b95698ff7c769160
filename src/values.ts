/** Helper types and functions for plain values. */

export type NonEmpty<T> = readonly [T, ...T[]];

/** The list as a non-empty list; `undefined` when it is empty. */
export function nonEmpty<T>(list: readonly T[]): NonEmpty<T> | undefined {
  const [first, ...rest] = list;
  return first === undefined ? undefined : [first, ...rest];
}

/**
 * The own value of a table for an untrusted key, so that keys such as `constructor` and `toString` are not found.
 * @returns undefined when the table has no such key.
 */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The table without the keys whose value is undefined. */
export function definedOnly<Value>(table: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).filter((pair): pair is [string, Value] => pair[1] !== undefined));
}

/** The items that occur more than once, each once. */
export function duplicates(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
