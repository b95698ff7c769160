import { FAILURE_TITLES, type Failure } from "../errors.ts";
import type { Actions, Annotation } from "../machine/machine.ts";
import { documentationUrl } from "../text/documentation.ts";

/** A page, with or without a heading. */
type Page = Parameters<typeof documentationUrl>[0];

/** The pages of an action. */
export interface Pages {
  readonly inputs: Page;
  /** The inputs that have an anchor of their own name on that page. */
  readonly anchors?: readonly string[];
}

/** Characters of the whole text; the runner cuts an annotation's message at 4,096. */
const MOST_CHARACTERS = 4_000;
/** Characters of the message: it may list many mistakes, and the hint must still fit. */
const MOST_OF_MESSAGE = 2_000;
const MOST_OF_HINT = 1_500;
/** Lines of a tool's log that are shown; lists of mistakes are shorter. */
const MOST_LINES = 30;
/** GitHub shows ten error annotations of a step. */
const MOST_ANNOTATIONS = 10;

/**
 * Writes an error annotation: what failed, the tool's own lines and what to do, with file and line where these are known.
 * Mistakes in inputs have an annotation each.
 */
export function reportFailure(failure: Failure, actions: Actions, pages: Pages): void {
  const shown = withoutMasked(failure, actions.hide);
  for (const text of annotationsOf(shown, pages)) actions.error(text, annotationOf(shown));
  if (failure.cause instanceof Error && failure.cause.stack !== undefined) actions.debug(failure.cause.stack);
}

/** What people see of a failure. */
export type FailureText = Pick<Failure, "class" | "message" | "lines" | "mistakes" | "hint" | "position">;

/** The text without masked values. To be taken before it is cut or escaped: a mask does not match what is left of a value then. */
export function withoutMasked(failure: Failure, hide: Actions["hide"]): FailureText {
  const { class: failureClass, message, lines, mistakes, hint, position } = failure;
  return {
    class: failureClass,
    message: hide(message),
    lines: lines.map(hide),
    mistakes: mistakes.map(hide),
    hint: hint === undefined ? undefined : hide(hint),
    position: position === undefined ? undefined : { ...position, file: hide(position.file) },
  };
}

function annotationOf({ class: failureClass, position }: FailureText): Annotation {
  return {
    title: FAILURE_TITLES[failureClass],
    ...(position === undefined ? {} : { file: position.file }),
    ...(position?.line === undefined ? {} : { line: position.line }),
  };
}

function annotationsOf(failure: FailureText, pages: Pages): readonly string[] {
  const { mistakes } = failure;
  if (mistakes.length === 0)
    return [`${printFailure(failure)}\n→ ${documentationUrl(`docs/troubleshooting.md#${failure.class}`)}`];
  const each = mistakes.map((mistake) => printMistake(mistake, pages));
  if (each.length <= MOST_ANNOTATIONS) return each;
  const rest = mistakes.slice(MOST_ANNOTATIONS - 1);
  return [
    ...each.slice(0, MOST_ANNOTATIONS - 1),
    cut([`[input] ${rest.length} more mistakes:`, ...rest].join("\n  "), MOST_CHARACTERS),
  ];
}

function printMistake(mistake: string, pages: Pages): string {
  return `[input] ${cut(mistake, MOST_OF_MESSAGE)}\n→ ${documentationUrl(inputPage(mistake, pages))}`;
}

/** The page about the input, or the flag of the same name, that a mistake begins with. */
export function inputPage(mistake: string, { inputs, anchors = [] }: Pages): Page {
  const [, name = ""] = /^(?:--)?([a-z][a-z-]{0,63}): /.exec(mistake) ?? [];
  return isPage(inputs) && anchors.includes(name) ? `${inputs}#${name}` : inputs;
}

function isPage(page: Page): page is `${string}.md` {
  return page.endsWith(".md");
}

/** The text of a failure: its message, the last of those lines that the message does not contain, and its hint. */
export function printFailure(failure: FailureText): string {
  const message = cut(failure.message, MOST_OF_MESSAGE);
  const hint = failure.hint === undefined ? [] : [`→ ${cut(failure.hint, MOST_OF_HINT)}`];
  const room = MOST_CHARACTERS - message.length - (hint[0]?.length ?? 0);
  const lines = deciding(failure).map((line) => `  ${line}`);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines, room), ...hint].join("\n");
}

/** The last of a failure's lines that its message does not contain. */
export function deciding({ message, lines }: FailureText): readonly string[] {
  return lines.slice(-MOST_LINES).filter((line) => !message.includes(line));
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
