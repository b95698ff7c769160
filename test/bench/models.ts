/**
 * What a Bento with a big model costs: the real BentoML (`containerize` and `docker push`) against the action, through its
 * backend and by direct assembly, with the same docker, and against the limit: the model read once and sent once.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { barsOf } from "./bars.ts";
import { drawChart } from "./chart.ts";
import { type Contest, openContest } from "./contest.ts";
import { MODES, type Mode } from "./contestants.ts";
import { printFigures } from "./figure.ts";
import { mediansOf, type Played } from "./medians.ts";
import { printModels } from "./models-table.ts";
import { playEnvironment, playHand, playLimit, playMode } from "./plays.ts";
import type { Report } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { Turn } from "./stay.ts";
import { freeMebibytes } from "./watch.ts";

const SECOND_PLATFORM =
  "second platform: BentoML's environment begins with apt-get, which does not work emulated in the lab (test/lab/README.md)";

/** MiB that must be free: so many times the model, and the environment with its registry. */
const NEEDS = { environment: 0, bentoml: 8, backend: 8, hand: 8, direct: 3, limit: 2 };
const ENVIRONMENT_MIB = 5 * 1024;

type Part = keyof typeof NEEDS;

export async function measureModels(settings: Settings): Promise<Report> {
  // What was not measured, and why.
  const missing = new Set([SECOND_PLATFORM]);
  const modes = await presentModes(settings, missing);
  await using contest = await openContest(settings);
  for (const mebibytes of settings.sizes) {
    for (let round = 0; round < settings.builds; round += 1) {
      await playRound(modes, { mebibytes, round }, contest, missing);
    }
  }
  return reportOf(settings, contest.played, missing);
}

/** Those who were asked for and can be had; a build of the action without direct assembly is told by action.yml. */
async function presentModes({ modes }: Settings, missing: Set<string>): Promise<readonly Mode[]> {
  const hasDirect = /^ {2}assembly:/m.test(await readFile(resolve("action.yml"), "utf8"));
  return MODES.filter((mode) => {
    if (!modes.includes(mode)) missing.add(`${mode}: not asked for`);
    else if (mode === "direct" && !hasDirect) missing.add("direct: this action has no input assembly");
    else return true;
    return false;
  });
}

async function playRound(modes: readonly Mode[], turn: Turn, contest: Contest, missing: Set<string>): Promise<void> {
  const play = async (part: Part, visit: (turn: Turn, contest: Contest) => Promise<void>): Promise<void> => {
    const obstacle = (await lackOfDisk(part, turn, contest)) ?? (await failureOf(visit(turn, contest), contest));
    if (obstacle !== undefined) missing.add(`${part} with ${turn.mebibytes} MiB: ${obstacle}`);
  };
  await play("limit", playLimit);
  if (turn.round === 0 && modes.includes("backend")) await play("hand", playHand);
  if (modes.includes("direct")) await play("environment", playEnvironment);
  for (const mode of modes) await play(mode, (...here) => playMode(mode, ...here));
}

async function lackOfDisk(part: Part, { mebibytes }: Turn, { stores }: Contest): Promise<string | undefined> {
  const need = NEEDS[part] * mebibytes + ENVIRONMENT_MIB;
  const free = Math.round(await freeMebibytes(stores));
  return free >= need ? undefined : `needs ${need} MiB of disk, ${free} are free`;
}

/** A failure of one does not take the hours of the others with it; the run then ends with 1. */
async function failureOf(visit: Promise<void>, { signal, say }: Contest): Promise<string | undefined> {
  try {
    await visit;
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    say(String(error));
    process.exitCode = 1;
    return "failed, see the log";
  }
}

function reportOf({ sizes }: Settings, played: readonly Played[], missing: ReadonlySet<string>): Report {
  const medians = mediansOf(played);
  const bars = barsOf(medians, sizes);
  const notes = [...missing].map((line) => `- not measured: ${line}`);
  return {
    text: [printModels(medians, sizes), notes.join("\n"), "### Bars", printFigures(bars)].join("\n\n"),
    data: { played, bars, missing: [...missing] },
    chart: drawChart(medians, sizes),
  };
}
