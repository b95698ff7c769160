/** Where a command prints, and what its caller's environment holds. */
import { fileURLToPath } from "node:url";
import type { Env } from "./machine.ts";

/** The two output streams of a command. Text is printed as it is. */
export interface Terminal {
  /** To standard output: results. */
  print(text: string): void;
  /** To standard error: the log. */
  log(text: string): void;
  /** Whether the log is shown on a terminal with colours: not with NO_COLOR or TERM=dumb. */
  readonly hasColors: boolean;
  /** Columns of the terminal that shows the log; undefined if it is a file or a pipe. */
  columns(): number | undefined;
}

/** The streams of this process. A reader that stops reading, such as `head`, does not end the command. What others write to standard output is dropped. */
export function realTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const { isTTY } = process.stderr;
  const print = process.stdout.write.bind(process.stdout);
  // Libraries that are made for GitHub's runner write commands for it there, such as `::debug::…`.
  process.stdout.write = () => true;
  return {
    print: (text) => void print(text),
    log: (text) => void process.stderr.write(text),
    hasColors: isTTY === true && process.stderr.hasColors(),
    columns: () => (isTTY === true ? process.stderr.columns : undefined),
  };
}

/** The variables of this process. */
export function processEnvironment(): Env {
  return { ...process.env };
}

/** Absolute path of a file of this repository. `src` and `dist` are beside each other. */
export function repositoryFile(path: string): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith(".ts") ? `../../${path}` : `../${path}`, here));
}
