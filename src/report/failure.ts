import { FAILURE_TITLES, type Failure } from "../errors.ts";
import type { Actions } from "../world/world.ts";

/** The runner cuts a message of an annotation at 4,096 characters. */
const MOST_CHARACTERS = 4_000;
/** Of the first line: a list of mistakes may be long, the hint must still fit. */
const MOST_OF_MESSAGE = 2_000;

/** One annotation: what failed, the tool's own lines, what to do; with file and line where they are known. */
export function reportFailure(failure: Failure, actions: Actions): void {
  actions.error(printFailure(failure), {
    title: FAILURE_TITLES[failure.class],
    ...(failure.position === undefined ? {} : { file: failure.position.file }),
    ...(failure.position?.line === undefined ? {} : { line: failure.position.line }),
  });
  if (failure.cause instanceof Error && failure.cause.stack !== undefined) actions.debug(failure.cause.stack);
}

export function printFailure(failure: Failure): string {
  const lines = failure.lines.filter((line) => !failure.message.includes(line)).map((line) => `  ${line}`);
  const hint = failure.hint === undefined ? [] : [`→ ${failure.hint}`];
  const { message: whole } = failure;
  const message = whole.length > MOST_OF_MESSAGE ? `${whole.slice(0, MOST_OF_MESSAGE)}…` : whole;
  const room = MOST_CHARACTERS - message.length - (failure.hint?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines, room), ...hint].join("\n");
}

/** A log's end says more than its beginning. */
function lastThatFit(lines: readonly string[], room: number): readonly string[] {
  const kept: string[] = [];
  let used = 0;
  for (const line of lines.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    kept.unshift(line);
  }
  return kept;
}
