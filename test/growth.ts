/** How the time of a piece of work grows with its input. */

/** Milliseconds. Below them the clock, the compiler and the collector are heard more than the work. */
const HEARD = 5;
const TRIES = 4;
/** A pause of the collector, or a neighbour on the same core, is heard in some of them, not in all. */
const PAIRS = 5;
/** The quotient that counts, from the smallest; work that grows too fast has none that is small. */
const RANK = 1;
/** What duplicates with each character takes milliseconds on so few of them. */
const SMALL = 22;

/** Milliseconds of processor time, which other processes of a busy machine do not lengthen; of some tries the least. */
async function timeOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  while (times.length < TRIES && (times.at(-1) ?? HEARD) >= HEARD) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}

/**
 * How many times as long twice the input takes, at the smallest input that takes long enough to be measured. 0 when not
 * even `limit` does, which is best; infinity when a handful of characters does.
 * @param make gives the input of a size; @param work holds the processor until it is done, or until what it gives is fulfilled.
 */
export async function growth<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
  limit: number,
): Promise<number> {
  const at = (size: number): Promise<number> => {
    const input = make(size);
    return timeOf(() => work(input));
  };
  if ((await at(SMALL)) >= HEARD) return Number.POSITIVE_INFINITY;
  for (let size = limit / 2 ** 6; size <= limit; size *= 2) {
    if ((await at(size)) < HEARD) continue;
    const quotients: number[] = [];
    while (quotients.length < PAIRS) {
      const time = await at(size);
      quotients.push((await at(2 * size)) / time);
    }
    return quotients.sort((one, other) => one - other)[RANK] ?? Number.POSITIVE_INFINITY;
  }
  return 0;
}
