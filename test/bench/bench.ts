/**
 * `npm run bench -- [start] [own] [setup] [memory] [readiness] [load] [models] [--rounds N] [--builds N] [--mebibytes N] [--sizes N,N]
 * [--modes bentoml,backend,direct] [--json FILE] [--svg FILE]`: measures what docs/performance.md tells, and prints it
 * beside the budgets. Without names, all sections. Interrupted, it takes down what it started.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { constants, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MODES } from "./contestants.ts";
import type { Figure } from "./figure.ts";
import { measureLoad } from "./load.ts";
import { measureMemory } from "./memory.ts";
import { measureModels } from "./models.ts";
import { measureOwnTime } from "./own.ts";
import { measureReadiness } from "./readiness.ts";
import { figuresReport, type Report } from "./report.ts";
import type { Settings } from "./settings.ts";
import { measureSetUp } from "./setup.ts";
import { measureStart } from "./start.ts";

type Section = (settings: Settings) => Promise<Report>;

const inFigures =
  (measure: (settings: Settings) => Promise<readonly Figure[]>): Section =>
  async (settings) =>
    figuresReport(await measure(settings));

const SECTIONS: Readonly<Record<string, Section>> = {
  start: inFigures(measureStart),
  own: inFigures(measureOwnTime),
  setup: inFigures(measureSetUp),
  memory: inFigures(measureMemory),
  readiness: inFigures(measureReadiness),
  load: inFigures(measureLoad),
  models: measureModels,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "15" },
    builds: { type: "string", default: "3" },
    mebibytes: { type: "string", default: "2048" },
    sizes: { type: "string", default: "64,1024,8192" },
    modes: { type: "string", default: MODES.join(",") },
    json: { type: "string" },
    svg: { type: "string" },
  },
});

const machine = {
  node: process.version,
  processor: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
};
const say = (line: string): void => console.error(`bench: ${line}`);

refuse("section", positionals, Object.keys(SECTIONS));
refuse("mode", values.modes.split(","), MODES);
console.log(`Node ${machine.node}, ${machine.cores} × ${machine.processor}, ${machine.memory}`);

const place = await mkdtemp(join(tmpdir(), "bento-image-bench-"));
const signal = onInterrupt();
try {
  await measureAll({
    rounds: Number(values.rounds),
    builds: Number(values.builds),
    mebibytes: Number(values.mebibytes),
    sizes: values.sizes.split(",").map(Number),
    modes: values.modes.split(","),
    place,
    signal,
    say,
  });
} catch (error) {
  if (!signal.aborted) throw error;
} finally {
  await rm(place, { recursive: true, force: true });
}

async function measureAll(settings: Settings): Promise<void> {
  const sections: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries(SECTIONS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    say(name);
    const { text, data, chart } = await measure(settings);
    sections[name] = data;
    console.log(`\n## ${name}\n\n${text}`);
    // What is measured stays, also when a later section fails.
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ machine, sections }, null, 2)}\n`);
    if (values.svg !== undefined && chart !== undefined) await writeFile(values.svg, chart);
  }
}

/** Aborts on the first signal, so that everything is taken down in order; a second one ends the process at once. */
function onInterrupt(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      say(`${name}: taking down what was started`);
      process.exitCode = 128 + constants.signals[name];
      interrupt.abort(new Error(`interrupted by ${name}`));
    });
  }
  return interrupt.signal;
}

function refuse(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  console.error(`There is no ${what} ${unknown.join(", ")}; there are ${known.join(", ")}.`);
  process.exit(2);
}
