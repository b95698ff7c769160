import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { cleanUp } from "../../src/engines/clean-up.ts";
import { endProcess } from "../../src/engines/ending.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { sweep } from "../../src/engines/sweep.ts";
import { type EngineSetting, engineOf, exists, makeEngineSetting, request } from "./engine-context.ts";

/** An owner that has ended. */
const GONE = { kind: "process", process: { pid: 1, started: "0" } };

const NAME = "bento-image-engine-0123abcd";

/** Creates an engine's directory, with a record of these entries and, if given, a builder that buildx knows. */
async function plant({ temporary, tools }: EngineSetting, owner: object, made: readonly object[], builder?: string) {
  const directory = join(temporary, NAME);
  await mkdir(directory, { mode: 0o700 });
  if (builder !== undefined) {
    await mkdir(join(directory, "buildx/instances"), { recursive: true });
    await writeFile(join(directory, "buildx/instances", builder), "{}");
  }
  await writeFile(join(directory, "record.json"), JSON.stringify({ version: 1, owner, tools: [tools], made }), {
    mode: 0o600,
  });
  return directory;
}

function withoutDocker({ machine }: EngineSetting): EngineSetting["machine"] {
  return { ...machine, processes: { ...machine.processes, which: async () => undefined } };
}

describe("clean-up", () => {
  it("does nothing the second time, and nothing if no engine was started", async () => {
    const setting = await makeEngineSetting();
    await removeEngine(setting.machine);
    await provideEngine(request("buildctl", setting), setting.machine);
    expect(await cleanUp(engineOf(setting), setting.machine)).toEqual([]);
    expect(await cleanUp(engineOf(setting), setting.machine)).toEqual([]);
  });

  it("ends children of a daemon, even in another session", async () => {
    const setting = await makeEngineSetting({ FAKE: "child" });
    await provideEngine(request("buildctl", setting), setting.machine);
    const family = await setting.machine.system.marked(MARK, engineOf(setting));
    expect(family).toHaveLength(2);
    await removeEngine(setting.machine);
    for (const member of family) expect(await setting.machine.system.isAlive(member)).toBe(false);
  });

  it("does not end another process that has the id of a recorded one", async () => {
    const setting = await makeEngineSetting();
    const bystander = spawn("sleep", ["60"]);
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const process = { pid: bystander.pid, started: "1" };
    const directory = await plant(setting, GONE, [{ kind: "process", name: "buildkitd", process }]);
    expect(await cleanUp(directory, setting.machine)).toEqual([]);
    expect(bystander.exitCode ?? bystander.signalCode).toBe(null);
  });

  it("ends a daemon that was started but not yet recorded, by the mark it carries", async () => {
    const setting = await makeEngineSetting();
    const directory = await plant(setting, GONE, [{ kind: "process", name: "buildkitd" }]);
    const invocation = { tool: "sleep", args: ["60"], env: { ...setting.machine.env, [MARK]: directory } };
    const daemon = await setting.machine.system.launch(invocation, join(directory, "log"));
    expect(await cleanUp(directory, setting.machine)).toEqual([]);
    expect(await setting.machine.system.isAlive(daemon)).toBe(false);
  });

  it("ends a daemon that ignores SIGTERM", async () => {
    const { machine } = await makeEngineSetting({ FAKE: "deaf" });
    const log = join(machine.env["RUNNER_TEMP"] ?? "", "log");
    const deaf = await machine.system.launch({ tool: "sh", args: ["-c", "trap '' TERM; sleep 60 & wait; wait"] }, log);
    await sleep(100);
    await endProcess(deaf, machine.system, 100);
    expect(await machine.system.isAlive(deaf)).toBe(false);
  });

  it("does not remove a builder that was recorded but not yet created", async () => {
    const setting = await makeEngineSetting();
    const directory = await plant(setting, GONE, [{ kind: "builder" }]);
    expect(await cleanUp(directory, withoutDocker(setting))).toEqual([]);
  });

  it("continues after something that cannot be removed, and reports it", async () => {
    const setting = await makeEngineSetting();
    const directory = await plant(setting, GONE, [{ kind: "builder" }], NAME);
    const left = await cleanUp(directory, withoutDocker(setting));
    expect(left).toEqual([expect.stringContaining("neither docker-buildx nor docker")]);
    expect(await exists(directory)).toBe(false);
  });

  it("gives a builder time for a large volume if buildx supports it", async () => {
    const setting = await makeEngineSetting();
    const log = join(setting.temporary, "..", "calls");
    const docker = join(setting.tools, "docker");
    const script = `#!/bin/sh\necho "$@" >> ${log}\ncase "$*" in *--timeout*) echo "unknown flag: --timeout" >&2; exit 125 ;; esac\n`;
    await writeFile(docker, script);
    await chmod(docker, 0o755);
    expect(await cleanUp(await plant(setting, GONE, [{ kind: "builder" }], NAME), setting.machine)).toEqual([]);
    const calls = (await readFile(log, "utf8")).trim().split("\n");
    expect(calls).toEqual([`buildx rm --force --timeout 110s ${NAME}`, `buildx rm --force ${NAME}`]);
  });

  it("removes in the post step the engine of a main step that was killed", async () => {
    const setting = await makeEngineSetting();
    const state = join(setting.temporary, "..", "state");
    await writeFile(state, "");
    const env = { ...process.env, ...setting.machine.env, GITHUB_STATE: state };
    const victim = spawn(process.execPath, [join(import.meta.dirname, "victim.ts"), setting.tools], { env });
    await once(victim.stdout, "data");
    victim.kill("SIGKILL");
    const [, directory = ""] = /(\/\S+bento-image-engine-\w+)/.exec(await readFile(state, "utf8")) ?? [];
    expect(await setting.machine.system.marked(MARK, directory)).toHaveLength(1);
    setting.machine.actions.saveState("engine", directory);
    await removeEngine(setting.machine);
    expect(await setting.machine.system.marked(MARK, directory)).toEqual([]);
    expect(await exists(directory)).toBe(false);
  });

  it("works after the run was cancelled", async () => {
    const setting = await makeEngineSetting();
    await provideEngine(request("buildctl", setting), setting.machine);
    setting.cancel();
    expect(await cleanUp(engineOf(setting), setting.machine)).toEqual([]);
  });

  it("ignores a directory in the step's state that is not an engine's", async () => {
    const { machine, temporary } = await makeEngineSetting();
    machine.actions.saveState("engine", temporary);
    await removeEngine(machine);
    expect(await exists(temporary)).toBe(true);
  });
});

describe("the sweep", () => {
  it("removes the engine of a run that was killed", async () => {
    const setting = await makeEngineSetting();
    await provideEngine(request("buildctl", setting), setting.machine);
    const abandoned = engineOf(setting);
    const nobody = { self: async () => ({ pid: 1, started: "0" }) };
    await provideEngine(request("buildctl", setting), {
      ...setting.machine,
      system: { ...setting.machine.system, ...nobody },
    });
    const killed = engineOf(setting);

    const { notes } = await provideEngine(request("buildctl", setting), setting.machine);
    expect(notes).toEqual([expect.stringContaining(killed)]);
    expect(await exists(killed)).toBe(false);
    expect(await exists(abandoned)).toBe(true);
  });

  it("ends daemons whose directory was removed", async () => {
    const setting = await makeEngineSetting();
    await provideEngine(request("buildctl", setting), setting.machine);
    await rm(engineOf(setting), { recursive: true });
    await sweep(setting.machine);
    expect(await setting.machine.system.marked(MARK, engineOf(setting))).toEqual([]);
  });

  it("leaves a directory that others may write to", async () => {
    const setting = await makeEngineSetting();
    const directory = await plant(setting, GONE, []);
    await chmod(directory, 0o777);
    expect(await sweep(setting.machine)).toEqual([]);
    expect(await exists(directory)).toBe(true);
  });

  it.each([
    ["removes the engine of an earlier job of this runner", { RUNNER_TRACKING_ID: "now", RUNNER_NAME: "r1" }, false],
    ["leaves the engine of this job", { RUNNER_TRACKING_ID: "then", RUNNER_NAME: "r1" }, true],
    ["leaves the engine of another runner's job", { RUNNER_TRACKING_ID: "now", RUNNER_NAME: "r2" }, true],
    ["leaves a job's engine if the current job is unknown", {}, true],
  ])("%s", async (_, env, stays) => {
    const setting = await makeEngineSetting(env);
    const directory = await plant(setting, { kind: "job", runner: "r1", job: "then" }, []);
    await sweep(setting.machine);
    expect(await exists(directory)).toBe(stays);
  });
});
