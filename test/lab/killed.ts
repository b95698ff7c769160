import { rm } from "node:fs/promises";
import { expect } from "vitest";
import type { Job, Step } from "./job.ts";
import type { SetupSetting } from "./setup-setting.ts";
import { unpackTiny } from "./tiny.ts";
import { tracesOf } from "./traces.ts";

/**
 * A step whose action is killed when its build by buildctl is in the middle of a command that takes long; its engine lives.
 * @param prepare what the job's user needs to read the Bento in its BENTOML_HOME.
 */
export async function killedStep(
  job: Job,
  { builds, newTag, lab }: SetupSetting,
  prepare: (home: string) => Promise<unknown> = async () => undefined,
): Promise<Step> {
  const slow = await unpackTiny({ commands: ["sleep 600"] });
  try {
    await prepare(slow.home);
    const inputs = builds(newTag(), { backend: "buildctl", bento: slow.bento, "bentoml-home": slow.home });
    const step = await job.step("main", inputs, {
      onStart: (child) =>
        child.stdout?.on("data", (chunk) => {
          if (/\+ bento_command '?sleep 600/.test(String(chunk))) child.kill("SIGKILL");
        }),
    });
    expect(step.code, step.log.slice(-3000)).toBe(null);
    expect(await tracesOf(step.engine, lab.env)).not.toEqual([]);
    return step;
  } finally {
    await rm(slow.home, { recursive: true });
  }
}
