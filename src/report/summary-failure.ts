import { FAILURE_TITLES, type Failure } from "../errors.ts";
import type { Actions } from "../machine/machine.ts";
import { documentationUrl } from "../text/documentation.ts";
import { deciding, type FailureText, inputPage, type Pages, withoutMasked } from "./failure.ts";
import { code, codeBlock, join, link, literal, type Markdown, markdown, NOTHING, printSections } from "./markdown.ts";

/**
 * The job summary of a failed run: its class, the cause, the tool's deciding lines, what to do, and where to read more.
 * What comes from outside stands there as it is, see {@link literal}.
 * @param bento the input; empty if there is none.
 * @param hide takes masked values away.
 */
export function failureSummary(failure: Failure, bento: string, pages: Pages, hide: Actions["hide"]): string {
  const shown = withoutMasked(failure, hide);
  const { mistakes } = shown;
  const subject = bento === "" ? NOTHING : markdown`${literal(hide(bento))} · `;
  return printSections([
    markdown`#### ❌ ${subject}${FAILURE_TITLES[failure.class]}`,
    ...(mistakes.length > 0 ? [listOf(mistakes, pages)] : causeOf(shown)),
    markdown`Class ${code(failure.class)}: ${link("causes and remedies", documentationUrl(`docs/troubleshooting.md#${failure.class}`))}`,
  ]);
}

function causeOf(failure: FailureText): readonly Markdown[] {
  const { message, position, hint } = failure;
  const lines = deciding(failure);
  const place = position?.line === undefined ? "" : `, line ${position.line}`;
  return [
    literal(message),
    lines.length === 0 ? NOTHING : codeBlock("text", lines),
    position === undefined ? NOTHING : markdown`In ${literal(position.file)}${place}`,
    hint === undefined ? NOTHING : markdown`**What to do:** ${literal(hint)}`,
  ];
}

/** Mistakes that a summary lists, each with up to 2,000 characters. */
const MOST_MISTAKES = 100;

function listOf(mistakes: readonly string[], pages: Pages): Markdown {
  const items = mistakes.slice(0, MOST_MISTAKES).map((mistake) => {
    const page = documentationUrl(inputPage(mistake, pages));
    return markdown`- ${literal(mistake)} ${link("documentation", page)}`;
  });
  const rest = mistakes.length - items.length;
  return join([...items, rest > 0 ? markdown`- ${String(rest)} more mistakes` : NOTHING], "\n");
}
