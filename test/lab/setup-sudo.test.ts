/** An engine of an ordinary user where only root may have one, and sudo asks for no password: as on GitHub's Ubuntu. */
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Job, Step } from "./job.ts";
import { killedStep } from "./killed.ts";
import { addOrdinaryUser, type OrdinaryUser } from "./ordinary-user.ts";
import { told } from "./runner.ts";
import { openSetupSetting, type SetupSetting } from "./setup-setting.ts";
import { openRestrictedView, type RestrictedView } from "./sudo.ts";
import { tracesOf } from "./traces.ts";

const run = promisify(execFile);

let setting: SetupSetting;
let user: OrdinaryUser;
let view: RestrictedView;

beforeAll(async () => {
  setting = await openSetupSetting();
  user = await addOrdinaryUser(`bi-sudo-${process.pid}`, setting);
  view = await openRestrictedView(`${user.name} ALL=(ALL:ALL) NOPASSWD: ALL`);
});

afterAll(async () => {
  await view.close();
  await user.close();
  await setting.close();
});

/** A job of the user's that sees the machine so. */
function openJob({ as }: RestrictedView = view): Promise<Job> {
  return setting.machine.job({ ...user.runner, as: [...as, ...(user.runner.as ?? [])] });
}

async function expectNothingLeft(job: Job, step: Step): Promise<void> {
  await setting.expectNothingLeft(job, step);
  expect(await view.mounts()).not.toContain(step.engine);
}

/** The environment of the process that has the program and, among its arguments, the engine's name. */
async function environmentOf(program: string, engine: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  for (const pid of pids) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
    const [command = "", ...args] = (await read("cmdline")).split("\0");
    if (command.endsWith(`/${program}`) && args.join().includes(engine)) return (await read("environ")).split("\0");
  }
  return [];
}

describe("a buildkitd of root's, started by sudo", () => {
  it("builds and pushes, is reached by its user alone, and goes with the job", async () => {
    const { machine, builds, newTag, expectPushed } = setting;
    const job = await openJob();
    const env = { HTTPS_PROXY: "http://proxy.invalid:1", TOKEN_OF_THE_STEP: "s3cret" };
    const setup = await job.step("setup", { ...machine.inputs, backend: "buildctl" }, { env });
    expect(setup.code, setup.log).toBe(0);
    expect(setup.log).toMatch(/buildkitd runs as root with sudo, because .* user\.max_user_namespaces is 0/);
    const socket = (setup.outputs["builder"] ?? "").replace("unix://", "");
    const { uid, gid, mode } = await stat(socket);
    expect([uid, gid, mode & 0o777]).toEqual([user.id, 0, 0o660]);
    const environment = await environmentOf("buildkitd", setup.engine);
    expect(environment).toContain("HTTPS_PROXY=http://proxy.invalid:1");
    expect(environment).toContain(`BENTO_IMAGE_ENGINE=${job.temporary}/${setup.engine}`);
    expect(environment.join()).not.toContain("s3cret");

    const tag = newTag();
    const step = await job.step("main", builds(tag, { backend: "buildctl", "bentoml-home": user.home }));
    await expectPushed(step, tag);
    expect(step.engine).toBe("");
    await expectNothingLeft(job, setup);
  });

  it.each([
    ["had no post step", async () => undefined],
    [
      "had no post step, and the runner emptied its directory as far as it may",
      async ({ temporary }: Job) => {
        const [tool = "", ...as] = user.runner.as ?? [];
        await run(tool, [...as, "find", temporary, "-mindepth", "1", "-delete"]).catch(() => undefined);
        expect(await readdir(temporary)).toEqual([expect.stringMatching(/^bento-image-engine-/)]);
      },
    ],
  ])("is removed by the next job when its run was killed, and %s", async (_, between) => {
    const { builds, newTag, expectPushed, lab } = setting;
    const job = await openJob();
    const { engine } = await killedStep(job, setting, (home) => run("chown", ["--recursive", user.name, home]));
    await between(job);
    job.next();
    const tag = newTag();
    const next = await job.step("main", builds(tag, { backend: "buildctl", "bentoml-home": user.home }));
    await expectPushed(next, tag);
    expect(next.log).toContain("An engine that an earlier run left behind was removed");
    expect(await tracesOf(engine, lab.env)).toEqual([]);
    expect(await job.left()).not.toContain(engine);
    await expectNothingLeft(job, next);
  });

  it("keeps its cache for the next run where that is asked for", async () => {
    const { builds, newTag, expectPushed } = setting;
    const cached: boolean[] = [];
    for (let times = 0; times < 2; times += 1) {
      const job = await openJob();
      const tag = newTag();
      const inputs = { backend: "buildctl", "bentoml-home": user.home, "keep-state": "true" };
      const step = await job.step("main", builds(tag, inputs));
      await expectPushed(step, tag);
      await expectNothingLeft(job, step);
      cached.push(/ CACHED$/m.test(step.log));
    }
    expect(cached).toEqual([false, true]);
  });
});

describe("where sudo wants a password too", () => {
  it("nothing is started, and the setting and sudo are named", async () => {
    const { machine } = setting;
    const strict = await openRestrictedView(`${user.name} ALL=(ALL:ALL) ALL`);
    onTestFinished(() => strict.close());
    const job = await openJob(strict);
    const step = await job.step("setup", { ...machine.inputs, backend: "buildctl" });
    expect([step.code, told(step)]).toEqual([1, expect.stringContaining("user.max_user_namespaces is 0")]);
    expect(step.log).toMatch(/sudo sysctl -w user\.max_user_namespaces=\d+.* sudo without a password/);
    await expectNothingLeft(job, step);
  });
});

describe("nerdctl", () => {
  it("is refused, and says that buildctl would do", async () => {
    const job = await openJob();
    const step = await job.step("setup", { ...setting.machine.inputs, backend: "nerdctl" });
    expect([step.code, told(step)]).toEqual([1, expect.stringContaining("only root can start")]);
    expect(step.log).toContain("use the backend buildctl");
  });
});
