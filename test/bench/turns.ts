/**
 * Runs the contestants in turn, A B A B …, so that a busy minute of the machine falls on all of them, and gives what each
 * measured, in order. The first round is a warm-up when `warm` says so, and not among the results.
 */
export async function inTurn<Name extends string, T>(
  rounds: number,
  contestants: Readonly<Record<Name, (round: number) => Promise<T>>>,
  { signal, warm = false }: { readonly signal: AbortSignal; readonly warm?: boolean },
): Promise<Readonly<Record<Name, readonly T[]>>> {
  const names = Object.keys(contestants) as Name[];
  const results = Object.fromEntries(names.map((name): [string, T[]] => [name, []])) as Record<Name, T[]>;
  for (let round = warm ? -1 : 0; round < rounds; round += 1) {
    for (const name of names) {
      signal.throwIfAborted();
      const result = await contestants[name](round);
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return (low + high) / 2;
}
