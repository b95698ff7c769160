import { printReference, printRepository } from "../oci/reference.ts";
import type { Report } from "../report/report.ts";

/** The last lines of the log: what was made, and last of all a command that fetches or runs it. */
export function closingOf({ references, pushed, existed, byDigest, layout, result, usage }: Report): readonly string[] {
  const [command] = usage;
  const digest = result.digest ?? result.imageid ?? "";
  const names = (byDigest ? [...new Set(references.map(printRepository))] : references.map(printReference)).join(", ");
  const place = layout === undefined ? "" : ` in ${layout}`;
  const pushedAs = existed ? "Unchanged:" : "Pushed";
  return [
    pushed ? `${pushedAs} ${names}` : `Built ${names}${place}: ${digest}`,
    ...(command === undefined ? [] : [command]),
  ];
}
