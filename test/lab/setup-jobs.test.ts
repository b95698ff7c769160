/** Engines of the action's own beside each other, over several steps, of an ordinary user, and of a run that was killed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killedStep } from "./killed.ts";
import { addOrdinaryUser, type OrdinaryUser } from "./ordinary-user.ts";
import { told } from "./runner.ts";
import { openSetupSetting, type SetupSetting } from "./setup-setting.ts";
import { tracesOf } from "./traces.ts";

let setting: SetupSetting;

beforeAll(async () => {
  setting = await openSetupSetting();
});

afterAll(() => setting.close());

describe("a run that is killed in the middle of a build", () => {
  it("is cleaned up by its post step", async () => {
    const job = await setting.machine.job();
    await setting.expectNothingLeft(job, await killedStep(job, setting));
  });

  it("is cleaned up by the next job when it has no post step", async () => {
    const { machine, builds, newTag, expectPushed, expectNothingLeft, lab } = setting;
    const job = await machine.job();
    const { engine } = await killedStep(job, setting);
    job.next();
    const tag = newTag();
    const next = await job.step("main", builds(tag, { backend: "buildctl" }));
    await expectPushed(next, tag);
    expect(next.log).toContain("An engine that an earlier run left behind was removed");
    expect(await tracesOf(engine, lab.env)).toEqual([]);
    await expectNothingLeft(job, next);
  });
});

describe("engines beside each other", () => {
  it("two jobs at the same time, each with two steps, do not disturb each other", async () => {
    const { machine, builds, newTag, expectPushed, expectNothingLeft, lab } = setting;
    const play = async (backend: string) => {
      const job = await machine.job();
      const tags = [newTag(), newTag()] as const;
      const first = await job.step("main", builds(tags[0], { backend }));
      const second = await job.step("main", builds(tags[1], { backend }));
      await expectPushed(first, tags[0]);
      await expectPushed(second, tags[1]);
      return { job, first, second };
    };
    const [one, other] = await Promise.all([play("buildctl"), play("nerdctl")]);
    const all = [one.first, one.second, other.first, other.second];
    expect(new Set(all.map(({ engine }) => engine)).size).toBe(4);
    await expectNothingLeft(one.job, one.second);
    for (const { engine } of [one.first, other.first, other.second]) {
      expect(await tracesOf(engine, lab.env)).not.toEqual([]);
    }
    await expectNothingLeft(one.job, one.first);
    await expectNothingLeft(other.job, other.second);
    await expectNothingLeft(other.job, other.first);
  });

  it.each(["buildctl", "nerdctl", "buildx"])(
    "setup/action.yml with %s is one engine for all steps that follow",
    async (backend) => {
      const { machine, builds, newTag, expectPushed, expectNothingLeft, docker } = setting;
      const job = await machine.job();
      const env = backend === "buildx" ? docker : {};
      const setup = await job.step("setup", { ...machine.inputs, backend }, { env });
      expect(setup.code, setup.log).toBe(0);
      expect(setup.outputs).toMatchObject({ backend, builder: expect.any(String) });
      for (const cached of [false, true]) {
        const tag = newTag();
        const asked = { backend: setup.outputs["backend"] ?? "", install: "never" };
        const step = await job.step("main", builds(tag, asked), { env });
        await expectPushed(step, tag);
        expect([step.engine, / CACHED$/m.test(step.log)]).toEqual(["", cached]);
        expect((await step.post()).code).toBe(0);
      }
      await expectNothingLeft(job, setup);
    },
  );
});

describe("of an ordinary user", () => {
  let user: OrdinaryUser;

  beforeAll(async () => {
    user = await addOrdinaryUser(`bi-setup-${process.pid}`, setting);
  });

  afterAll(() => user.close());

  it("buildctl works in a user namespace, or the setting is named that forbids it", async () => {
    const { machine, builds, newTag, expectPushed, expectNothingLeft } = setting;
    const job = await machine.job(user.runner);
    const tag = newTag();
    const step = await job.step("main", builds(tag, { backend: "buildctl", "bentoml-home": user.home }));
    if (told(step).includes("does not let ordinary users run buildkitd")) {
      expect(told(step)).toMatch(/kernel\.|user\.max|newuidmap|\/etc\/sub/);
    } else {
      await expectPushed(step, tag);
      await expectNothingLeft(job, step);
    }
  });
});
