/** Entry point of the post step, which always runs: removes the engine that the main step started. */
import { runAction } from "./action/run-action.ts";
import { removeEngine } from "./engines/remove.ts";

// On other systems the main step has said that it cannot run there.
if (process.platform === "linux")
  await runAction(
    async (machine) => removeEngine({ ...machine, system: await machine.system() }, process.argv.slice(2)),
    { summary: false, inputs: "docs/inputs.md" },
  );
