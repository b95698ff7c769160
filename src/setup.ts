import { prepareJob } from "./action/prepare-job.ts";
import { openDoor } from "./action/run-action.ts";

await openDoor(prepareJob);
