import { REPORTS } from "./action/reports.ts";
import { runAction } from "./action/run-action.ts";
import { planMatrix } from "./matrix/matrix.ts";

await runAction(planMatrix, REPORTS.matrix);
