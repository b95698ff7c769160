import { openDoor } from "./action/run-action.ts";
import { merge } from "./merging/merge.ts";

await openDoor(merge);
