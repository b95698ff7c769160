/** The words in which backends answer: small functions from a value to flags or exporter attributes. */
import gte from "semver/functions/gte.js";
import type { Argv, Engine, Pairs, Part, Say, Since } from "./backend.ts";

/** `--flag value`. */
export function value(flag: string): Say<string> {
  return (given) => ({ flags: [flag, given] });
}

/** `--flag one --flag two`. */
export function each(flag: string): Say<readonly string[]> {
  return (given) => ({ flags: given.flatMap((item) => [flag, item]) });
}

/** `--flag one,two`. */
export function joined(flag: string): Say<readonly string[]> {
  return (given) => ({ flags: [flag, given.join(",")] });
}

/** `--flag key=value` for each pair; `prefix` stands before the key. */
export function pairs(flag: string, prefix = ""): Say<Pairs> {
  return (given) => ({ flags: pairFlags(flag, given, prefix) });
}

function pairFlags(flag: string, given: Pairs, prefix = ""): Argv {
  return Object.entries(given).flatMap(([key, text]) => [flag, `${prefix}${key}=${text}`]);
}

/** The flags when true, nothing when false. */
export function toggle(...flags: readonly string[]): Say<boolean> {
  return (given) => ({ flags: given ? flags : [] });
}

/** A gate: what older versions cannot do is refused with the version that can. */
export function since<V>(part: Part, version: string, say: Say<V>): Since<V> {
  return { part, since: version, say };
}

/** Whether the engine's part is at least that version; a part that did not tell its version passes. */
export function has(engine: Engine, part: Part, version: string): boolean {
  const found = engine.versions[part];
  return found === undefined || gte(found, version);
}
