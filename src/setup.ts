import { openDoor } from "./door.ts";
import { prepareJob } from "./prepare-job.ts";

await openDoor(prepareJob);
