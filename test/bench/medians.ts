import type { Cell } from "./cell.ts";
import type { Player, Scenario } from "./scenarios.ts";
import { median } from "./turns.ts";

/** One run, and what it was a run of. */
export interface Played extends Cell {
  readonly player: Player;
  readonly scenario: Scenario;
  /** Of the model. */
  readonly mebibytes: number;
  readonly round: number;
}

type Count = keyof Cell;

/** The medians of one run of the section. NaN of what was not measured. */
export interface Medians {
  has(player: Player, scenario: Scenario, mebibytes: number): boolean;
  of(count: Count, player: Player, scenario: Scenario, mebibytes: number): number;
  /** Seconds of the limit of a scenario: what must be read and sent in it, by `sha256sum` and `curl`, and built. */
  limit(scenario: Scenario, mebibytes: number): number;
  /** The most memory that a player took at a size, in any scenario. */
  memory(player: Player, mebibytes: number): number;
}

export function mediansOf(played: readonly Played[]): Medians {
  const find = (player: Player, scenario: Scenario, mebibytes: number): readonly Played[] =>
    played.filter((one) => one.player === player && one.scenario === scenario && one.mebibytes === mebibytes);
  const of: Medians["of"] = (count, player, scenario, mebibytes) =>
    median(find(player, scenario, mebibytes).map((one) => one[count]));
  const seconds = (player: Player, scenario: Scenario, mebibytes: number): number =>
    of("seconds", player, scenario, mebibytes);
  return {
    of,
    has: (...what) => find(...what).length > 0,
    limit(scenario, mebibytes) {
      const hash = seconds("limit", "hash", mebibytes);
      const sent = hash + seconds("limit", "upload", mebibytes);
      if (scenario === "verified") return hash;
      if (scenario === "model" || scenario === "modelWarm") return sent;
      return scenario === "cold" ? Math.max(seconds("direct", "environment", mebibytes), sent) : Number.NaN;
    },
    memory(player, mebibytes) {
      const of = played.filter((one) => one.player === player && one.mebibytes === mebibytes);
      return of.length === 0 ? Number.NaN : Math.max(...of.map(({ memory }) => memory));
    },
  };
}
