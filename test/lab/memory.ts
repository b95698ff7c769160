import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Places } from "./places.ts";
import type { Setting } from "./setting.ts";

/** A daemon that was started: its pid alone could by now be somebody else's. */
export interface Started {
  pid: number;
  /** Clock ticks since boot, from /proc. */
  since: string;
  /** Program and configuration it was started with. */
  identity: string;
}

/** What one checkout's lab remembers between commands, in `.lab/lab.json`. */
export interface Memory {
  port?: number;
  subnet?: number;
  /** What buildx's builder was made from. */
  builder?: string;
  daemons: Record<string, Started>;
}

const file = (places: Places) => join(places.lab, "lab.json");

/** What is remembered; nothing on a fresh checkout. */
export function recall(places: Places): Memory {
  try {
    return JSON.parse(readFileSync(file(places), "utf8")) as Memory;
  } catch {
    return { daemons: {} };
  }
}

/** Writes it down whole or not at all. */
export function remember(places: Places, memory: Memory): void {
  mkdirSync(places.lab, { recursive: true });
  writeFileSync(`${file(places)}.draft`, JSON.stringify(memory, null, 2));
  renameSync(`${file(places)}.draft`, file(places));
}

/** What the lab was last set to; nothing if it was never up. */
export function settingOf(at: Places, { port, subnet }: Memory): Setting | undefined {
  return port === undefined || subnet === undefined ? undefined : { places: at, port, subnet };
}
