/**
 * Properties under random input. Each is checked with a fixed seed, so that two runs of the same code agree, and with one
 * that is new in each run of vitest and printed at its start. `FUZZ_SEED=N` checks with that seed alone; `FUZZ_RUNS=N`
 * tries N times as many inputs, as `npm run fuzz` does.
 */
import { randomInt } from "node:crypto";
import fc from "fast-check";

const FIXED_SEED = 20_240_229;

/** Vitest calls this once, before it starts the processes that run tests; they inherit the variable. */
export function setup(): void {
  if (process.env["FUZZ_SEED"] !== undefined) return;
  const seed = String(randomInt(2 ** 31));
  process.env["FUZZ_FRESH_SEED"] = seed;
  console.log(`fuzz: FUZZ_SEED=${seed} repeats this run's random inputs`);
}

/** Checks the property with `runs` inputs for each seed. Rejects with fast-check's report, which names seed and input. */
export async function fuzz<Input>(property: fc.IRawProperty<Input>, runs = 100): Promise<void> {
  for (const seed of seeds()) {
    await fc.assert(property, { seed, numRuns: runs * Number(process.env["FUZZ_RUNS"] ?? 1) });
  }
}

function seeds(): readonly number[] {
  const { FUZZ_SEED, FUZZ_FRESH_SEED } = process.env;
  if (FUZZ_SEED !== undefined) return [Number(FUZZ_SEED)];
  return FUZZ_FRESH_SEED === undefined ? [FIXED_SEED] : [FIXED_SEED, Number(FUZZ_FRESH_SEED)];
}
