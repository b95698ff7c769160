import { build } from "./action/build.ts";
import { REPORTS } from "./action/reports.ts";
import { runAction } from "./action/run-action.ts";

await runAction(build, REPORTS.build);
