import { type Cell, diskOf, measureCell } from "./cell.ts";
import type { Contest } from "./contest.ts";
import { removeModel } from "./model-store.ts";
import { type OwnRegistry, openRegistry } from "./registry.ts";
import type { Player, Scenario } from "./scenarios.ts";

export interface Turn {
  readonly mebibytes: number;
  readonly round: number;
}

type Work = (follow: (pid: number) => void) => Promise<void>;

/** A player's time at a registry of its own, which is empty at first. */
export interface Stay {
  readonly repository: string;
  /** A name for a Bento, a model or a tag that no other has in this run. */
  version(): string;
  /** Empties docker, unless nothing was built since it was. */
  wiped(): Promise<void>;
  /** Measures the work and keeps it. */
  play(scenario: Scenario, work: Work): Promise<Cell>;
}

export async function stay(
  player: Player,
  turn: Turn,
  contest: Contest,
  visit: (stay: Stay) => Promise<void>,
): Promise<void> {
  await using registry = await openRegistry(contest.place, contest.env);
  await visit(openStay(player, turn, contest, registry)).finally(() => removeModel(contest.home));
}

function openStay(player: Player, turn: Turn, contest: Contest, registry: OwnRegistry): Stay {
  let number = 0;
  let used = true;
  return {
    repository: `${registry.host}/bench/${player}`,
    version() {
      number += 1;
      return `${player}-${turn.mebibytes}-${turn.round}-${number}`;
    },
    async wiped() {
      if (used) await contest.wipe(diskOf(contest, registry));
      used = false;
    },
    async play(scenario, work) {
      contest.signal.throwIfAborted();
      contest.say(`${turn.mebibytes} MiB, round ${turn.round + 1}: ${player}, ${scenario}`);
      const cell = await measureCell(contest, registry, work);
      used ||= cell.builds > 0;
      contest.played.push({ player, scenario, ...turn, ...cell });
      return cell;
    },
  };
}
