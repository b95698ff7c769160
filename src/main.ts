import { build } from "./action/build.ts";
import { openDoor } from "./action/run-action.ts";

await openDoor(build);
