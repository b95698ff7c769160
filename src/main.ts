import { build } from "./build.ts";
import { openDoor } from "./door.ts";

await openDoor(build);
