import { prepareJob } from "./action/prepare-job.ts";
import { REPORTS } from "./action/reports.ts";
import { runAction } from "./action/run-action.ts";

await runAction(prepareJob, REPORTS.setup);
