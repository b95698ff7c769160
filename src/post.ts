/** The door of the post step, which runs always: removes what the main step left for it. */
import { openDoor } from "./door.ts";
import { removeEngine } from "./engines/remove.ts";

await openDoor(async (world) => removeEngine({ ...world, system: await world.system() }, process.argv.slice(2)));
