import type { Captured } from "../machine/machine.ts";

/** The last five lines that a program printed, of both its streams, for messages. */
export function lastLines({ stdout, stderr }: Captured): readonly string[] {
  return `${stdout}\n${stderr}`
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-5);
}
