/**
 * `npm run bench -- [start] [own] [memory] [readiness] [--rounds N] [--builds N] [--mebibytes N] [--json FILE]`: measures
 * what docs/performance.md tells, and prints it beside the budgets. Without names, all sections.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, printTable } from "./figure.ts";
import { measureMemory } from "./memory.ts";
import { measureOwnTime } from "./own.ts";
import { measureReadiness } from "./readiness.ts";
import type { Settings } from "./settings.ts";
import { measureStart } from "./start.ts";

const SECTIONS: Readonly<Record<string, (settings: Settings) => Promise<readonly Figure[]>>> = {
  start: measureStart,
  own: measureOwnTime,
  memory: measureMemory,
  readiness: measureReadiness,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "15" },
    builds: { type: "string", default: "3" },
    mebibytes: { type: "string", default: "2048" },
    json: { type: "string" },
  },
});

const unknown = positionals.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(", ")}; there are ${Object.keys(SECTIONS).join(", ")}.`);
  process.exit(2);
}

const machine = {
  node: process.version,
  processor: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
};
console.log(`Node ${machine.node}, ${machine.cores} × ${machine.processor}, ${machine.memory}`);

const place = await mkdtemp(join(tmpdir(), "bento-image-bench-"));
const say = (line: string): void => console.error(`bench: ${line}`);
const settings = {
  rounds: Number(values.rounds),
  builds: Number(values.builds),
  mebibytes: Number(values.mebibytes),
  place,
  say,
};
const sections: Record<string, readonly Figure[]> = {};
try {
  for (const [name, measure] of Object.entries(SECTIONS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    say(name);
    sections[name] = await measure(settings);
    console.log(`\n## ${name}\n\n${printTable(sections[name])}`);
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ machine, sections }, null, 2)}\n`);
} finally {
  await rm(place, { recursive: true });
}
