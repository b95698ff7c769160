import { isDebian } from "./base-image.ts";
import { FIXED_TIME } from "./fixed-time.ts";
import type { Section, Step } from "./step.ts";

/**
 * The same steps, each of which sets the files that it changed to a fixed time. The builder could rewrite the times, but
 * then it compresses every layer twice at each export (moby/buildkit, exporter/containerimage/writer.go,
 * rewriteRemoteWithEpoch). This is done only on images that are certainly derived from Debian, whose `find`, `date` and
 * `touch` have the options, because a builder must be told in advance whether to rewrite. It is not done when files are
 * copied between the steps, because the builder has to rewrite every layer then.
 */
export function fixTimes(sections: readonly Section[], base: string): readonly Section[] {
  const copies = sections.some(({ steps }) => steps.some(({ kind }) => kind === "copy"));
  if (copies || !isDebian(base)) return sections;
  const fixed = sections.map(({ comment, steps }) => ({ comment, steps: steps.map(withFixedTime) }));
  return [{ comment: WHY, steps: [] }, ...fixed];
}

const WHY = [
  "Each RUN ends with giving what it changed one time, so that the same files are the same layer, whoever builds it and when.",
];

function withFixedTime(step: Step): Step {
  return step.kind === "run" ? { ...step, time: FIXED_TIME } : step;
}

/** The newest time of the files that these steps write, in seconds since 1970; undefined when it is not fixed. */
export function newestTime(sections: readonly Section[]): number | undefined {
  const isFixed = ({ steps }: Section): boolean =>
    steps.every((step) => step.kind !== "copy" && (step.kind !== "run" || step.time !== undefined));
  return sections.every(isFixed) ? FIXED_TIME : undefined;
}

/**
 * Surrounds the statements with commands that set the files that they changed to a fixed time. Changed files are found by
 * their ctime, which programs cannot set. Files of lower layers are not touched, because that would copy them into this
 * layer. The sleep is needed because on some kernels file times lag behind the clock by up to a tick.
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
