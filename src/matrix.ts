import { openDoor } from "./action/run-action.ts";
import { planMatrix } from "./matrix/matrix.ts";

await openDoor(planMatrix);
