/** The wall times of the models section as an SVG: bars on a logarithmic scale, readable on a light and on a dark page. */
import { amount } from "./figure.ts";
import type { Medians } from "./medians.ts";
import { PLAYERS, type Player, SCENARIOS, type Scenario } from "./scenarios.ts";

const WIDTH = 760;
const LEFT = 24;
const LABEL = 92;
/** Room for the figure right of the longest bar. */
const RIGHT = 84;
const TOP = 64;
const BAR = 15;
const TITLE = 22;
const GAP = 16;
const SHORTEST_S = 0.05;

interface Bar {
  readonly player: Player;
  readonly seconds: number;
}

interface Group {
  readonly words: string;
  readonly bars: readonly Bar[];
}

/** Of the biggest model that BentoML was measured with, else of the biggest. */
export function drawChart(medians: Medians, sizes: readonly number[]): string {
  const compared = sizes.filter((size) => medians.has("bentoml", "cold", size));
  const size = Math.max(...(compared.length > 0 ? compared : sizes));
  const groups = groupsOf(medians, size);
  const longest = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ seconds }) => seconds)));
  const decades = Array.from({ length: Math.ceil(Math.log10(longest)) + 3 }, (_, at) => 10 ** (at - 2)).filter(
    (tick) => tick >= SHORTEST_S && tick <= longest,
  );
  const x = (seconds: number): number => {
    const part = Math.log(Math.max(seconds, SHORTEST_S) / SHORTEST_S) / Math.log(longest / SHORTEST_S);
    return Math.round(LEFT + LABEL + part * (WIDTH - LEFT - LABEL - RIGHT));
  };
  const { svg, bottom } = drawGroups(groups, x);
  return `\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 28}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>Seconds until a Bento with a model of ${size} MiB is in the registry, on a logarithmic scale</title>
${STYLE}
<rect class="page" width="${WIDTH}" height="${bottom + 28}" rx="8"/>
<text class="strong" x="${LEFT}" y="28" font-size="15">Until a Bento with a model of ${size.toLocaleString("en")} MiB is in the registry</text>
<text class="soft" x="${LEFT}" y="46">wall time, logarithmic scale; every round starts with an empty docker unless it says warm</text>
${decades.map((tick) => drawTick(x(tick), tick, bottom)).join("\n")}
${svg}
</svg>
`;
}

const STYLE = `\
<style>
.page { fill: #ffffff } .strong { fill: #1f2328; font-weight: 600 } .plain { fill: #1f2328 } .soft { fill: #59636e }
.grid { stroke: #d1d9e0 } .bentoml { fill: #bc4c00 } .backend { fill: #8c959f } .direct { fill: #0969da } .limit { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } .strong, .plain { fill: #f0f6fc } .soft { fill: #9198a1 }
.grid { stroke: #3d444d } .bentoml { fill: #f0883e } .backend { fill: #656c76 } .direct { fill: #4493f8 } .limit { fill: #3fb950 }
}
</style>`;

function groupsOf(medians: Medians, size: number): readonly Group[] {
  const players: readonly Player[] = ["bentoml", "backend", "direct", "limit"];
  return (Object.entries(SCENARIOS) as [Scenario, string][])
    .map(([scenario, words]) => ({
      words,
      bars: players
        .map((player): Bar => ({ player, seconds: secondsOf(medians, player, scenario, size) }))
        .filter(({ seconds }) => !Number.isNaN(seconds)),
    }))
    .filter(({ bars }) => bars.some(({ player }) => player !== "limit"));
}

function secondsOf(medians: Medians, player: Player, scenario: Scenario, size: number): number {
  return player === "limit" ? medians.limit(scenario, size) : medians.of("seconds", player, scenario, size);
}

function drawGroups(groups: readonly Group[], x: (seconds: number) => number) {
  const lines: string[] = [];
  let y = TOP;
  for (const { words, bars } of groups) {
    lines.push(`<text class="strong" x="${LEFT}" y="${y + 14}">${words}</text>`);
    y += TITLE;
    for (const { player, seconds } of bars) {
      lines.push(drawBar(player, seconds, x, y));
      y += BAR + 3;
    }
    y += GAP;
  }
  return { svg: lines.join("\n"), bottom: y };
}

function drawBar(player: Player, seconds: number, x: (seconds: number) => number, y: number): string {
  const [from, to] = [LEFT + LABEL, Math.max(x(seconds), LEFT + LABEL + 2)];
  return `\
<text class="soft" x="${from - 8}" y="${y + 12}" text-anchor="end">${PLAYERS[player]}</text>\
<rect class="${player}" x="${from}" y="${y}" width="${to - from}" height="${BAR}" rx="2"/>\
<text class="plain" x="${to + 6}" y="${y + 12}">${amount(seconds, "s")}</text>`;
}

function drawTick(x: number, seconds: number, bottom: number): string {
  return `\
<line class="grid" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/>\
<text class="soft" x="${x}" y="${bottom + 14}" text-anchor="middle">${seconds} s</text>`;
}
