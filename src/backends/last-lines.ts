import type { Captured } from "../machine/machine.ts";

/** The last five non-empty lines that a program printed to stdout and stderr, for messages. */
export function lastLines({ stdout, stderr }: Captured): readonly string[] {
  return `${stdout}\n${stderr}`
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-5);
}
