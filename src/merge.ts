import { REPORTS } from "./action/reports.ts";
import { runAction } from "./action/run-action.ts";
import { merge } from "./merging/merge.ts";

await runAction(merge, REPORTS.merge);
