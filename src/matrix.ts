import { runAction } from "./action/run-action.ts";
import { planMatrix } from "./matrix/matrix.ts";

await runAction(planMatrix, { summary: false, inputs: "docs/matrix.md#matrixactionyml" });
