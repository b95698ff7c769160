/** Functions that render the value of a feature as flags. */
import { type Argv, type Component, noFlag, type Pairs, type Render, type Since } from "./backend.ts";

/** `--flag value`. */
export function value(flag: string): Render<string> {
  return (given) => ({ flags: [flag, given] });
}

/** `--flag one --flag two`. */
export function each(flag: string): Render<readonly string[]> {
  return (given) => ({ flags: given.flatMap((item) => [flag, item]) });
}

/** `--flag one,two`. */
export function joined(flag: string): Render<readonly string[]> {
  return (given) => ({ flags: [flag, given.join(",")] });
}

/** `--flag key=value` for each pair; `prefix` stands before the key. */
export function pairs(flag: string, prefix = ""): Render<Pairs> {
  return (given) => ({ flags: pairFlags(flag, given, prefix) });
}

function pairFlags(flag: string, given: Pairs, prefix = ""): Argv {
  return Object.entries(given).flatMap(([key, text]) => [flag, `${prefix}${key}=${text}`]);
}

/** The flag if true; no flag if false, which is the tool's default. */
export function toggle(flag: string): Render<boolean> {
  return (given) => (given ? { flags: [flag] } : noFlag("it is off by default"));
}

/** The feature needs this version of the component; older versions are refused, and the message names the version. */
export function since<V>(component: Component, version: string, render: Render<V>): Since<V> {
  return { component, since: version, render };
}

/** `--attest type=provenance,mode=max`, as docker and nerdctl take it. */
export function attestFlag([type, attributes]: readonly [string, string]): readonly string[] {
  return ["--attest", attributes === "" ? `type=${type}` : `type=${type},${attributes}`];
}
