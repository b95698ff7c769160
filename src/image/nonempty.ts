export type NonEmpty<T> = readonly [T, ...T[]];

/** `undefined` when there is nothing in the list. */
export function nonEmpty<T>(list: readonly T[]): NonEmpty<T> | undefined {
  const [first, ...rest] = list;
  return first === undefined ? undefined : [first, ...rest];
}
