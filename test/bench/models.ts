/**
 * What a Bento with a big model costs: the real BentoML (`containerize` and `docker push`) against the action, through its
 * backend and by direct assembly, with the same docker, and against the limit: the model read once and sent once.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { barsOf } from "./bars.ts";
import { drawChart } from "./chart.ts";
import { MODES, type Mode } from "./contestants.ts";
import { printFigures } from "./figure.ts";
import { type Ground, openGround } from "./ground.ts";
import { mediansOf, type Played } from "./medians.ts";
import { printModels } from "./models-table.ts";
import { playEnvironment, playHand, playLimit, playMode } from "./plays.ts";
import type { Report } from "./report.ts";
import type { Player } from "./scenarios.ts";
import type { Settings } from "./settings.ts";
import { freeMebibytes } from "./watch.ts";

const SECOND_PLATFORM =
  "second platform: BentoML's environment begins with apt-get, which does not work emulated in the lab (test/lab/README.md)";

/** MiB that must be free: so many times the model, and the environment with its registry. */
const NEEDS: Readonly<Record<Player, number>> = { bentoml: 8, backend: 8, hand: 8, direct: 3, limit: 2 };
const ENVIRONMENT_MIB = 5 * 1024;

interface Recording {
  readonly played: Played[];
  /** What was not measured, and why. */
  readonly missing: Set<string>;
}

export async function measureModels(settings: Settings): Promise<Report> {
  const recording: Recording = { played: [], missing: new Set([SECOND_PLATFORM]) };
  const modes = await presentModes(settings, recording);
  await using ground = await openGround(settings);
  for (const mebibytes of settings.sizes) {
    for (let round = 0; round < settings.builds; round += 1) {
      await playRound(modes, mebibytes, round, ground, recording);
    }
  }
  return reportOf(settings, recording);
}

/** Those who were asked for and can be had; a build of the action without direct assembly is told by action.yml. */
async function presentModes({ modes }: Settings, { missing }: Recording): Promise<readonly Mode[]> {
  const hasDirect = /^ {2}assembly:/m.test(await readFile(resolve("action.yml"), "utf8"));
  return MODES.filter((mode) => {
    if (!modes.includes(mode)) missing.add(`${mode}: not asked for`);
    else if (mode === "direct" && !hasDirect) missing.add("direct: this action has no input assembly");
    else return true;
    return false;
  });
}

async function playRound(
  modes: readonly Mode[],
  mebibytes: number,
  round: number,
  ground: Ground,
  { played, missing }: Recording,
): Promise<void> {
  const turn = { mebibytes, round };
  const fits = async (name: Player): Promise<boolean> => {
    const need = NEEDS[name] * mebibytes + ENVIRONMENT_MIB;
    const free = await freeMebibytes(ground.stores);
    if (free < need)
      missing.add(`${name} with ${mebibytes} MiB: needs ${need} MiB of disk, ${Math.round(free)} are free`);
    return free >= need;
  };
  if (await fits("limit")) played.push(...(await playLimit(turn, ground)));
  if (round === 0 && modes.includes("backend") && (await fits("hand"))) played.push(...(await playHand(turn, ground)));
  if (modes.includes("direct")) played.push(...(await playEnvironment(turn, ground)));
  for (const mode of modes) {
    if (await fits(mode)) played.push(...(await playMode(mode, turn, ground)));
  }
}

function reportOf({ sizes }: Settings, { played, missing }: Recording): Report {
  const medians = mediansOf(played);
  const bars = barsOf(medians, sizes);
  const notes = [...missing].map((line) => `- not measured: ${line}`);
  return {
    text: [printModels(medians, sizes), notes.join("\n"), "### Bars", printFigures(bars)].join("\n\n"),
    data: { played, bars, missing: [...missing] },
    chart: drawChart(medians, sizes),
  };
}
