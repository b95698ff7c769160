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
import { type EngineGround, engineOf, exists, makeEngineGround, request } from "./engine-context.ts";

/** An owner that is no more. */
const GONE = { kind: "process", process: { pid: 1, started: "0" } };

const NAME = "bento-image-engine-0123abcd";

/** A directory as an engine's, with a record of these things and, where it is named, a builder that buildx knows. */
async function plant({ temporary, tools }: EngineGround, owner: object, made: readonly object[], builder?: string) {
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

function withoutDocker({ machine }: EngineGround): EngineGround["machine"] {
  return { ...machine, processes: { ...machine.processes, which: async () => undefined } };
}

describe("clean-up", () => {
  it("does nothing the second time, and nothing where nothing was started", async () => {
    const ground = await makeEngineGround();
    await removeEngine(ground.machine);
    await provideEngine(request("buildctl", ground), ground.machine);
    expect(await cleanUp(engineOf(ground), ground.machine)).toEqual([]);
    expect(await cleanUp(engineOf(ground), ground.machine)).toEqual([]);
  });

  it("ends what a daemon started, in a session of its own or not", async () => {
    const ground = await makeEngineGround({ FAKE: "child" });
    await provideEngine(request("buildctl", ground), ground.machine);
    const family = await ground.machine.system.marked(MARK, engineOf(ground));
    expect(family).toHaveLength(2);
    await removeEngine(ground.machine);
    for (const member of family) expect(await ground.machine.system.isAlive(member)).toBe(false);
  });

  it("never ends a process that only has the number of one that was recorded", async () => {
    const ground = await makeEngineGround();
    const bystander = spawn("sleep", ["60"]);
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const process = { pid: bystander.pid, started: "1" };
    const directory = await plant(ground, GONE, [{ kind: "process", name: "buildkitd", process }]);
    expect(await cleanUp(directory, ground.machine)).toEqual([]);
    expect(bystander.exitCode ?? bystander.signalCode).toBe(null);
  });

  it("ends a daemon that was started but not yet recorded, by the mark it carries", async () => {
    const ground = await makeEngineGround();
    const directory = await plant(ground, GONE, [{ kind: "process", name: "buildkitd" }]);
    const invocation = { tool: "sleep", args: ["60"], env: { ...ground.machine.env, [MARK]: directory } };
    const daemon = await ground.machine.system.launch(invocation, join(directory, "log"));
    expect(await cleanUp(directory, ground.machine)).toEqual([]);
    expect(await ground.machine.system.isAlive(daemon)).toBe(false);
  });

  it("ends a daemon that does not want to", async () => {
    const { machine } = await makeEngineGround({ FAKE: "deaf" });
    const log = join(machine.env["RUNNER_TEMP"] ?? "", "log");
    const deaf = await machine.system.launch({ tool: "sh", args: ["-c", "trap '' TERM; sleep 60 & wait; wait"] }, log);
    await sleep(100);
    await endProcess(deaf, machine.system, 100);
    expect(await machine.system.isAlive(deaf)).toBe(false);
  });

  it("looks for no builder that was recorded but not yet made", async () => {
    const ground = await makeEngineGround();
    const directory = await plant(ground, GONE, [{ kind: "builder" }]);
    expect(await cleanUp(directory, withoutDocker(ground))).toEqual([]);
  });

  it("goes on after what cannot be removed, and tells of it", async () => {
    const ground = await makeEngineGround();
    const directory = await plant(ground, GONE, [{ kind: "builder" }], NAME);
    const left = await cleanUp(directory, withoutDocker(ground));
    expect(left).toEqual([expect.stringContaining("neither docker-buildx nor docker")]);
    expect(await exists(directory)).toBe(false);
  });

  it("gives a builder time for a large volume, where the tool knows how", async () => {
    const ground = await makeEngineGround();
    const log = join(ground.temporary, "..", "calls");
    const docker = join(ground.tools, "docker");
    const script = `#!/bin/sh\necho "$@" >> ${log}\ncase "$*" in *--timeout*) echo "unknown flag: --timeout" >&2; exit 125 ;; esac\n`;
    await writeFile(docker, script);
    await chmod(docker, 0o755);
    expect(await cleanUp(await plant(ground, GONE, [{ kind: "builder" }], NAME), ground.machine)).toEqual([]);
    const calls = (await readFile(log, "utf8")).trim().split("\n");
    expect(calls).toEqual([`buildx rm --force --timeout 110s ${NAME}`, `buildx rm --force ${NAME}`]);
  });

  it("in the post step removes what a main step left that was killed", async () => {
    const ground = await makeEngineGround();
    const state = join(ground.temporary, "..", "state");
    await writeFile(state, "");
    const env = { ...process.env, ...ground.machine.env, GITHUB_STATE: state };
    const victim = spawn(process.execPath, [join(import.meta.dirname, "victim.ts"), ground.tools], { env });
    await once(victim.stdout, "data");
    victim.kill("SIGKILL");
    const [, directory = ""] = /(\/\S+bento-image-engine-\w+)/.exec(await readFile(state, "utf8")) ?? [];
    expect(await ground.machine.system.marked(MARK, directory)).toHaveLength(1);
    ground.machine.actions.saveState("engine", directory);
    await removeEngine(ground.machine);
    expect(await ground.machine.system.marked(MARK, directory)).toEqual([]);
    expect(await exists(directory)).toBe(false);
  });

  it("works after the run was cancelled", async () => {
    const ground = await makeEngineGround();
    await provideEngine(request("buildctl", ground), ground.machine);
    ground.cancel();
    expect(await cleanUp(engineOf(ground), ground.machine)).toEqual([]);
  });

  it("takes no directory that is no engine's from the state of the step", async () => {
    const { machine, temporary } = await makeEngineGround();
    machine.actions.saveState("engine", temporary);
    await removeEngine(machine);
    expect(await exists(temporary)).toBe(true);
  });
});

describe("the sweep", () => {
  it("removes the engine of a run that was killed", async () => {
    const ground = await makeEngineGround();
    await provideEngine(request("buildctl", ground), ground.machine);
    const abandoned = engineOf(ground);
    const nobody = { self: async () => ({ pid: 1, started: "0" }) };
    await provideEngine(request("buildctl", ground), {
      ...ground.machine,
      system: { ...ground.machine.system, ...nobody },
    });
    const killed = engineOf(ground);

    const { notes } = await provideEngine(request("buildctl", ground), ground.machine);
    expect(notes).toEqual([expect.stringContaining(killed)]);
    expect(await exists(killed)).toBe(false);
    expect(await exists(abandoned)).toBe(true);
  });

  it("ends daemons whose directory somebody removed", async () => {
    const ground = await makeEngineGround();
    await provideEngine(request("buildctl", ground), ground.machine);
    await rm(engineOf(ground), { recursive: true });
    await sweep(ground.machine);
    expect(await ground.machine.system.marked(MARK, engineOf(ground))).toEqual([]);
  });

  it("leaves a directory alone that others may write to", async () => {
    const ground = await makeEngineGround();
    const directory = await plant(ground, GONE, []);
    await chmod(directory, 0o777);
    expect(await sweep(ground.machine)).toEqual([]);
    expect(await exists(directory)).toBe(true);
  });

  it.each([
    ["removes what an earlier job of this runner left", { RUNNER_TRACKING_ID: "now", RUNNER_NAME: "r1" }, false],
    ["leaves what this job uses", { RUNNER_TRACKING_ID: "then", RUNNER_NAME: "r1" }, true],
    ["leaves what another runner's job may use", { RUNNER_TRACKING_ID: "now", RUNNER_NAME: "r2" }, true],
    ["leaves a job's engine where there is no job to tell", {}, true],
  ])("%s", async (_, env, stays) => {
    const ground = await makeEngineGround(env);
    const directory = await plant(ground, { kind: "job", runner: "r1", job: "then" }, []);
    await sweep(ground.machine);
    expect(await exists(directory)).toBe(stays);
  });
});
