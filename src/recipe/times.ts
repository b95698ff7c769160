import { isDebian } from "./base-image.ts";
import { FIXED_TIME } from "./fixed-time.ts";
import type { Section, Step } from "./step.ts";

/**
 * The same steps, of which each gives the files that it changed one time. A builder that shall do so compresses every
 * layer twice, before and after, at each export (moby/buildkit, exporter/containerimage/writer.go,
 * rewriteRemoteWithEpoch). Only on images that are certainly of Debian's kin, whose `find`, `date` and `touch` know what it
 * takes, as a builder must be told beforehand whether it shall rewrite; and not where files are copied between the steps,
 * as it must then look at every layer anyway.
 */
export function fixTimes(sections: readonly Section[], base: string): readonly Section[] {
  const copies = sections.some(({ steps }) => steps.some(({ kind }) => kind === "copy"));
  if (copies || !isDebian(base)) return sections;
  const settled = sections.map(({ comment, steps }) => ({ comment, steps: steps.map(withFixedTime) }));
  return [{ comment: WHY, steps: [] }, ...settled];
}

const WHY = [
  "Each RUN ends with giving what it changed one time, so that the same files are the same layer, whoever builds it and when.",
];

function withFixedTime(step: Step): Step {
  return step.kind === "run" ? { ...step, time: FIXED_TIME } : step;
}

/** The newest time, in seconds since 1970, of the files that these steps leave behind; undefined when it may be any. */
export function newestTime(sections: readonly Section[]): number | undefined {
  const isSettled = ({ steps }: Section): boolean =>
    steps.every((step) => step.kind !== "copy" && (step.kind !== "run" || step.time !== undefined));
  return sections.every(isSettled) ? FIXED_TIME : undefined;
}

/**
 * The statements, and before and after them what finds the files they changed, by the time of the change, which nobody
 * can set, and gives them a time. Files of the image below are not touched: they would be in this layer then. The nap is
 * for kernels whose files' times lag behind the clock by up to a tick.
 */
export function statementsWithTime(statements: readonly string[], time: number): readonly string[] {
  return [
    `started="$(date +@%s.%N)"; sleep 0.02`,
    ...statements,
    [
      "find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune",
      `    -o -newerct "$started" -newermt @${time} -exec touch --no-dereference --date=@${time} '{}' + || true`,
    ].join("\n"),
  ];
}
