import { build } from "./action/build.ts";
import { runAction } from "./action/run-action.ts";

await runAction(build, { summary: true, inputs: "docs/inputs.md" });
