import { runAction } from "./action/run-action.ts";
import { merge } from "./merging/merge.ts";

await runAction(merge, { summary: true, inputs: "docs/matrix.md#mergeactionyml" });
