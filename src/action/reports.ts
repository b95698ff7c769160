/** How each action reports its failure. */
import { schema } from "../inputs/schema.ts";
import type { Pages } from "../report/failure.ts";

export interface FailureReport extends Pages {
  /** Whether it has the input `summary`, and a failure is shown in the job summary too unless that input is false. */
  readonly summary: boolean;
}

export const REPORTS = {
  build: { summary: true, inputs: "docs/inputs.md", anchors: Object.keys(schema) },
  merge: { summary: true, inputs: "docs/matrix.md#mergeactionyml" },
  matrix: { summary: false, inputs: "docs/matrix.md#matrixactionyml" },
  setup: { summary: false, inputs: "docs/setup.md#one-set-up-for-several-steps" },
} as const satisfies Readonly<Record<string, FailureReport>>;
