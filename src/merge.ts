import { openDoor } from "./door.ts";
import { merge } from "./merging/merge.ts";

await openDoor(merge);
