import { prepareJob } from "./action/prepare-job.ts";
import { runAction } from "./action/run-action.ts";

await runAction(prepareJob, { summary: false, inputs: "docs/setup.md#one-set-up-for-several-steps" });
