import type { Command } from "../backends/backend.ts";

/** Counts in the first command alone: those after it find what it left. */
export function countCached(line: RegExp): {
  readonly onLine: (command: Command, text: string) => void;
  print(): string;
} {
  let first: Command | undefined;
  let count = 0;
  return {
    onLine(command, text) {
      first ??= command;
      if (command === first && line.test(text)) count += 1;
    },
    print: () => `${count === 1 ? "1 step was" : `${count} steps were`} taken from a cache`,
  };
}
