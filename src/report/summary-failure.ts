import { FAILURE_TITLES, type Failure, type SourcePosition } from "../errors.ts";
import { documentationOf } from "./documentation.ts";
import { deciding, inputPage, type Pages } from "./failure.ts";
import {
  code,
  codeBlock,
  join,
  link,
  literal,
  type Markdown,
  markdown,
  NOTHING,
  printSections,
  prose,
} from "./markdown.ts";

/**
 * The job summary of a failed run: its class, the cause, the tool's deciding lines, what to do, and where to read more.
 * Messages and lines stand there as they are, see {@link literal}.
 * @param bento the input; empty if there is none.
 */
export function failureSummary(failure: Failure, bento: string, pages: Pages): string {
  const { mistakes, hint, position } = failure;
  const subject = bento === "" ? NOTHING : markdown`${code(bento)} · `;
  const lines = mistakes.length > 0 ? [] : deciding(failure);
  return printSections([
    markdown`#### ❌ ${subject}${FAILURE_TITLES[failure.class]}`,
    ...(mistakes.length > 0 ? [listOf(mistakes, pages)] : [literal(failure.message)]),
    lines.length === 0 ? NOTHING : codeBlock("text", lines),
    position === undefined ? NOTHING : markdown`In ${code(position.file)}${lineOf(position)}`,
    hint === undefined || mistakes.length > 0 ? NOTHING : markdown`**What to do:** ${prose(hint)}`,
    markdown`Class ${code(failure.class)}: ${link("causes and remedies", documentationOf(`troubleshooting.md#${failure.class}`))}`,
  ]);
}

function lineOf({ line }: SourcePosition): string {
  return line === undefined ? "" : `, line ${line}`;
}

function listOf(mistakes: readonly string[], pages: Pages): Markdown {
  return join(
    mistakes.map(
      (mistake) => markdown`- ${literal(mistake)} ${link("documentation", documentationOf(inputPage(mistake, pages)))}`,
    ),
    "\n",
  );
}
