import type { Command } from "../backends/backend.ts";

/** Counts cached steps in the first command only: later commands reuse what it built. */
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
    print: () => `${count === 1 ? "1 step" : `${count} steps`} cached`,
  };
}
