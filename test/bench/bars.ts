import type { Mode } from "./contestants.ts";
import type { Figure } from "./figure.ts";
import type { Medians } from "./medians.ts";

/** What the bars of one size are about, when it was measured. */
const WANTED_MIB = 1024;
const MEMORY_BUDGET = 150;
const MODES: readonly Mode[] = ["backend", "direct"];

/** Every bar, also those for which something was not measured. They were set before there was anything to measure. */
export function barsOf(medians: Medians, sizes: readonly number[]): readonly Figure[] {
  const compared = sizes.filter((size) => medians.has("bentoml", "code", size));
  const size = compared.includes(WANTED_MIB) ? WANTED_MIB : Math.max(...(compared.length > 0 ? compared : sizes));
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return [
    ...codeBars(medians, size),
    ...modelBars(medians, size),
    ...diskBars(medians, size),
    ...[...new Set([smallest, largest])].flatMap((one) => MODES.map((mode) => memoryBar(medians, mode, one))),
    growthBar(medians, smallest, largest),
  ];
}

function codeBars(medians: Medians, size: number): readonly Figure[] {
  const { of } = medians;
  const what = `one line changed, ${size} MiB, wiped builder`;
  const bytes = (100 * of("bytes", "direct", "code", size)) / of("bytes", "bentoml", "code", size);
  const verified = of("seconds", "direct", "verified", size);
  const again = "the same, every model hashed again";
  return [
    { what: `${what}: faster than BentoML`, value: faster(medians, "code", "code", size), unit: "×", floor: 200 },
    { what: "its bytes, of BentoML's", value: bytes, unit: "%", budget: 0.1 },
    { what: "its requests", value: of("requests", "direct", "code", size), unit: "requests", budget: 12 },
    { what: "builders that it started", value: of("builds", "direct", "code", size), unit: "builds", budget: 0 },
    { what: `${again}: faster than BentoML`, value: faster(medians, "verified", "code", size), unit: "×", floor: 40 },
    {
      what: `${again}, of sha256sum's time`,
      value: verified / medians.limit("verified", size),
      unit: "×",
      budget: 1.5,
    },
  ];
}

function modelBars(medians: Medians, size: number): readonly Figure[] {
  const model = medians.of("seconds", "direct", "model", size);
  const over = medians.of("seconds", "direct", "cold", size) - medians.limit("cold", size);
  const fresh = `new model of ${size} MiB, wiped builder`;
  return [
    { what: `${fresh}: faster than BentoML`, value: faster(medians, "model", "model", size), unit: "×", floor: 8 },
    {
      what: `${fresh}: of sha256sum's and curl's time`,
      value: model / medians.limit("model", size),
      unit: "×",
      budget: 1.5,
    },
    {
      what: `first build, ${size} MiB: faster than BentoML`,
      value: faster(medians, "cold", "cold", size),
      unit: "×",
      floor: 2,
    },
    { what: "over the longer of environment and upload", value: over, unit: "s", budget: 3 },
  ];
}

function diskBars({ of }: Medians, size: number): readonly Figure[] {
  const disk = (scenario: "cold" | "code" | "model"): number => of("disk", "direct", scenario, size);
  const beyond = Math.max(disk("cold") - of("disk", "direct", "environment", size), disk("code"), disk("model"));
  const backend = of("disk", "backend", "cold", size) / of("disk", "hand", "cold", size);
  return [
    {
      what: "extra disk, direct, beyond the environment, of the model's size",
      value: beyond / size,
      unit: "×",
      budget: 0.05,
    },
    { what: "extra disk, backend, of the same commands by hand", value: backend, unit: "×", budget: 1.1 },
  ];
}

function memoryBar(medians: Medians, mode: Mode, size: number): Figure {
  return {
    what: `peak memory, ${mode}, ${size} MiB`,
    value: medians.memory(mode, size),
    unit: "MiB",
    budget: MEMORY_BUDGET,
  };
}

function growthBar({ of }: Medians, smallest: number, largest: number): Figure {
  const seconds = (size: number): number => of("seconds", "direct", "code", size);
  const grown = smallest === largest ? Number.NaN : (seconds(largest) - seconds(smallest)) * 1000;
  return {
    what: `one line changed, direct: ${largest} MiB over ${smallest} MiB`,
    value: grown,
    unit: "ms",
    budget: 50,
  };
}

/** Of direct, in its scenario, than BentoML in the one that it is held against. */
function faster(
  { of }: Medians,
  ours: "cold" | "code" | "verified" | "model",
  theirs: "cold" | "code" | "model",
  size: number,
) {
  return of("seconds", "bentoml", theirs, size) / of("seconds", "direct", ours, size);
}
