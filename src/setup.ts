import { prepareJob } from "./action/prepare-job.ts";
import { runAction } from "./action/run-action.ts";

await runAction(prepareJob);
