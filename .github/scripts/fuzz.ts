/** Random inputs for so many minutes (the argument, 10 by default): each round has a seed of its own; the first failure ends it. */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { glob, readFile } from "node:fs/promises";

/** Times as many inputs as in `npm test`. */
const RUNS = "20";

const minutes = Number(process.argv[2] ?? 10);
const tests = await Array.fromAsync(glob("test/**/*.test.ts"));
const texts = await Promise.all(tests.map((path) => readFile(path, "utf8")));
const fuzzed = tests.filter((_, index) => texts[index]?.includes('/fuzz.ts"')).sort();

const end = Date.now() + minutes * 60_000;
for (let round = 1; Date.now() < end; round += 1) {
  const seed = String(randomInt(2 ** 31));
  console.log(`round ${round}: FUZZ_SEED=${seed} FUZZ_RUNS=${RUNS}`);
  const { status } = spawnSync("vitest", ["run", "--project", "unit", "--testTimeout=0", ...fuzzed], {
    stdio: "inherit",
    env: { ...process.env, FUZZ_SEED: seed, FUZZ_RUNS: RUNS },
  });
  if (status !== 0) {
    process.exitCode = 1;
    break;
  }
}
