import { openDoor } from "./door.ts";
import { planMatrix } from "./matrix/matrix.ts";

await openDoor(planMatrix);
