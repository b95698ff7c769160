import { FAILURE_TITLES, type Failure } from "../errors.ts";
import type { Actions } from "../machine/machine.ts";

/** Characters of the whole text; the runner cuts an annotation's message at 4,096. */
const MOST_CHARACTERS = 4_000;
/** Characters of the message: it may list many mistakes, and the hint must still fit. */
const MOST_OF_MESSAGE = 2_000;
const MOST_OF_HINT = 1_500;
/** Lines of a tool's log that are shown; lists of mistakes are shorter. */
const MOST_LINES = 30;

/** Writes one error annotation: what failed, the tool's own lines and what to do, with file and line where these are known. */
export function reportFailure(failure: Failure, actions: Actions): void {
  actions.error(printFailure(failure), {
    title: FAILURE_TITLES[failure.class],
    ...(failure.position === undefined ? {} : { file: failure.position.file }),
    ...(failure.position?.line === undefined ? {} : { line: failure.position.line }),
  });
  if (failure.cause instanceof Error && failure.cause.stack !== undefined) actions.debug(failure.cause.stack);
}

/** The text of a failure: its message, the last of those lines that the message does not contain, and its hint. */
export function printFailure(failure: Failure): string {
  const message = cut(failure.message, MOST_OF_MESSAGE);
  const hint = failure.hint === undefined ? [] : [`→ ${cut(failure.hint, MOST_OF_HINT)}`];
  const last = failure.lines.slice(-MOST_LINES);
  const lines = last.filter((line) => !message.includes(line)).map((line) => `  ${line}`);
  const room = MOST_CHARACTERS - message.length - (hint[0]?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines, room), ...hint].join("\n");
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** The end of a log is kept, because it says more than the beginning. */
function lastThatFit(lines: readonly string[], room: number): readonly string[] {
  const fitting: string[] = [];
  let used = 0;
  for (const line of lines.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    fitting.unshift(line);
  }
  return fitting;
}
