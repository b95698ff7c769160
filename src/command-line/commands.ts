/** The commands. Each runs the story of one action; its flags are the inputs of that action. */
import { build } from "../action/build.ts";
import { type FailureReport, REPORTS } from "../action/reports.ts";
import type { Schema } from "../inputs/decode-schema.ts";
import { FOREIGN } from "../inputs/foreign.ts";
import { GROUPS } from "../inputs/groups.ts";
import { schema } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { matrixSchema } from "../matrix/inputs.ts";
import { planMatrix } from "../matrix/matrix.ts";
import { mergeSchema } from "../merging/inputs.ts";
import { merge } from "../merging/merge.ts";
import type { Counterparts } from "./flags.ts";

export interface Command {
  readonly name: string;
  /** Its action.yml in this repository. */
  readonly metadata: string;
  readonly schema: Schema;
  /** The input that an argument without a flag gives. */
  readonly operand?: string;
  /** Flags of docker, buildah and others that have another name here. */
  readonly others?: Counterparts;
  /** Titles → names of inputs, for the help. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Outputs that are long, and are therefore printed with --json only. */
  readonly onlyAsJson: readonly string[];
  readonly story: (machine: Machine) => Promise<void>;
  readonly report: FailureReport;
}

export const COMMANDS: readonly Command[] = [
  {
    name: "build",
    metadata: "action.yml",
    schema,
    operand: "bento",
    others: FOREIGN,
    groups: GROUPS,
    onlyAsJson: ["images", "digests", "metadata", "commands"],
    story: build,
    report: REPORTS.build,
  },
  {
    name: "merge",
    metadata: "merge/action.yml",
    schema: mergeSchema,
    groups: { Inputs: Object.keys(mergeSchema) },
    onlyAsJson: ["images", "digests"],
    story: merge,
    report: REPORTS.merge,
  },
  {
    name: "matrix",
    metadata: "matrix/action.yml",
    schema: matrixSchema,
    groups: { Inputs: Object.keys(matrixSchema) },
    onlyAsJson: [],
    story: planMatrix,
    report: REPORTS.matrix,
  },
];
