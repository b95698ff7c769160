import { amount, printTable } from "./figure.ts";
import type { Medians } from "./medians.ts";
import { PLAYERS, type Player, SCENARIOS, type Scenario } from "./scenarios.ts";

const HEADINGS = ["scenario", "by", "wall", "uploaded", "requests", "extra disk", "peak memory", "builds"];
const KIB = 1024;

/** A table for each size: medians of every player in every scenario. */
export function printModels(medians: Medians, sizes: readonly number[]): string {
  return sizes
    .map((size) => `### A model of ${size.toLocaleString("en")} MiB\n\n${printTable(HEADINGS, rowsOf(medians, size))}`)
    .join("\n\n");
}

function rowsOf(medians: Medians, size: number): readonly (readonly string[])[] {
  const players = Object.keys(PLAYERS) as Player[];
  const scenarios = Object.entries(SCENARIOS) as [Scenario, string][];
  return [
    ...playedRows(medians, size, ["limit", "hash", "sha256sum of the model"]),
    ...playedRows(medians, size, ["limit", "upload", "curl of the model to the registry"]),
    ...playedRows(medians, size, ["direct", "environment", "the environment alone; wiped builder"]),
    ...scenarios.flatMap(([scenario, words]) => [
      ...players.flatMap((player) => playedRows(medians, size, [player, scenario, words])),
      ...limitRow(medians, size, scenario, words),
    ]),
  ];
}

function playedRows(medians: Medians, size: number, [player, scenario, words]: readonly [Player, Scenario, string]) {
  if (!medians.has(player, scenario, size)) return [];
  const of = (count: Parameters<Medians["of"]>[0]): number => medians.of(count, player, scenario, size);
  return [
    [
      words,
      PLAYERS[player],
      amount(of("seconds"), "s"),
      bytesOf(of("bytes")),
      String(of("requests")),
      amount(of("disk"), "MiB"),
      Number.isNaN(of("memory")) ? "" : amount(of("memory"), "MiB"),
      String(of("builds")),
    ],
  ];
}

function limitRow(medians: Medians, size: number, scenario: Scenario, words: string) {
  const limit = medians.limit(scenario, size);
  return Number.isNaN(limit) ? [] : [[words, PLAYERS.limit, amount(limit, "s"), "", "", "", "", ""]];
}

function bytesOf(bytes: number): string {
  if (bytes < 10 * KIB) return amount(bytes, "bytes");
  return bytes < KIB * KIB ? amount(bytes / KIB, "KiB") : amount(bytes / KIB / KIB, "MiB");
}
