/** What does an engine of the action's own cost, when its programs are in the tool cache? The whole step, and its post step. */
import { openLab } from "../lab/backends.ts";
import { openBareMachine } from "../lab/bare.ts";
import type { Figure } from "./figure.ts";
import type { Settings } from "./settings.ts";
import { median } from "./turns.ts";

const READY_BUDGET = 500;
const POST_BUDGET = 200;

export async function measureSetUp({ rounds, signal }: Settings): Promise<readonly Figure[]> {
  const machine = await openBareMachine(await openLab());
  const [ready, post]: [number[], number[]] = [[], []];
  try {
    const job = await machine.job();
    // The first one fills the tool cache.
    for (let round = 0; round <= rounds; round += 1) {
      signal.throwIfAborted();
      job.next();
      const step = await job.step("setup", { ...machine.inputs, backend: "buildctl", install: "missing" });
      const ended = await step.post();
      if (step.code !== 0 || ended.code !== 0) throw new Error(`${step.log}\n${ended.log}`);
      if (round === 0) continue;
      ready.push(step.milliseconds);
      post.push(ended.milliseconds);
    }
  } finally {
    await machine.close();
  }
  return [
    {
      what: "set-up until buildkitd is ready, warm tool cache",
      value: median(ready),
      unit: "ms",
      budget: READY_BUDGET,
    },
    { what: "post step that ends it", value: median(post), unit: "ms", budget: POST_BUDGET },
  ];
}
