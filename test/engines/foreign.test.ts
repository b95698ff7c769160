/** The clean-up must not do anything because of files and processes of other users, or because of files that a job unpacks. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, renameSync, statSync } from "node:fs";
import { chmod, chown, copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { cleanUp, cleanUpFor } from "../../src/engines/clean-up.ts";
import { OWNER_FLAG } from "../../src/engines/clean-up-as-root.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { sweep } from "../../src/engines/sweep.ts";
import { asLogText } from "../../src/machine/log-text.ts";
import type { Env } from "../../src/machine/machine.ts";
import { type EngineSetting, engineOf, exists, makeEngineSetting, request } from "./engine-context.ts";

const NAME = "bento-image-engine-0123abcd";
/** Another user of this machine. */
const OTHER_USER = 54_321;
const isRoot = process.getuid?.() === 0;

interface Trap {
  /** A file that exists if a program in the record was run. */
  readonly executed: string;
  /** A file that must not be removed. */
  readonly precious: string;
  /** Records of an attacker: in the current form, and in an invented one with commands. */
  readonly records: readonly string[];
}

async function trap({ temporary }: EngineSetting): Promise<Trap> {
  const place = join(temporary, "..", "trap");
  const [executed, precious, program] = [join(place, "sprung"), join(place, "dear"), join(place, "bin/docker-buildx")];
  await mkdir(join(place, "bin"), { recursive: true });
  await mkdir(join(place, "buildx/instances"), { recursive: true });
  await writeFile(join(place, "buildx/instances/mine"), "{}");
  await writeFile(precious, "");
  for (const name of ["docker-buildx", "docker", "buildctl", "rootlesskit"]) {
    await writeFile(join(place, "bin", name), `#!/bin/sh\ntouch ${executed}\n`, { mode: 0o755 });
  }
  const owner = { kind: "process", process: { pid: 1, started: "0" } };
  const commands = [
    { kind: "builder", name: "mine", call: [program], config: join(place, "buildx") },
    { kind: "cache", buildctl: join(place, "bin/buildctl"), address: "unix:///nowhere" },
    { kind: "rights", sudo: [program] },
    { kind: "directory", path: precious },
    { kind: "directory", path: precious, mapped: { rootlesskit: join(place, "bin/rootlesskit") } },
  ];
  const names = [{ kind: "builder" }, { kind: "cache" }, { kind: "mapped" }, { kind: "kept", path: place }];
  return {
    ...{ executed, precious },
    records: [...commands, ...names].map((made) =>
      JSON.stringify({ version: 1, owner, tools: [join(place, "bin")], made: [made] }),
    ),
  };
}

/** Creates an engine's directory with this record, owned by the user who runs the tests. */
async function plant(directory: string, record: string, modes: readonly [number, number] = [0o700, 0o600]) {
  await mkdir(join(directory, "buildx/instances"), { recursive: true });
  await writeFile(join(directory, "buildx/instances", NAME), "{}");
  await mkdir(join(directory, "buildkitd"), { recursive: true });
  await writeFile(join(directory, "record.json"), record);
  await chmod(join(directory, "record.json"), modes[1]);
  await chmod(directory, modes[0]);
}

/** Starts a process of that user. */
async function started(tool: string, words: readonly string[], env: Env, uid: number): Promise<ChildProcess> {
  const child = spawn(tool, [...words], { uid, gid: uid, env, detached: true, stdio: "ignore" });
  onTestFinished(() => void (lives(child) && child.pid && process.kill(-child.pid, "SIGKILL")));
  await once(child, "spawn");
  return child;
}

/** Starts a process with the mark of an engine. */
function marked(directory: string, uid: number): Promise<ChildProcess> {
  return started("sh", ["-c", "sleep 60; true"], { ...process.env, [MARK]: directory }, uid);
}

/** Starts a set-user-ID shell of root as another user. */
async function startSetUid(words: readonly string[], env: Env): Promise<ChildProcess> {
  const place = await mkdtemp("/tmp/bento-programs-");
  onTestFinished(() => rm(place, { recursive: true }));
  await chmod(place, 0o755);
  await copyFile("/bin/sh", join(place, "sh"));
  await chmod(join(place, "sh"), 0o4755);
  return started(join(place, "sh"), ["-p", ...words], env, OTHER_USER);
}

/** The sweep without engines of other tests that run at the same time. */
function sweepHere({ machine, temporary }: Pick<EngineSetting, "machine" | "temporary">): Promise<readonly string[]> {
  const marks = async (name: string): Promise<readonly string[]> =>
    (await machine.system.marks(name)).filter((path) => path.startsWith(`${temporary}/`));
  return sweep({ ...machine, system: { ...machine.system, marks } });
}

const lives = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** Whether the process ends; Node learns of it with a delay. */
async function ends(child: ChildProcess): Promise<boolean> {
  for (let waited = 0; waited < 5_000 && lives(child); waited += 10) await sleep(10);
  return !lives(child);
}

describe("a record", () => {
  it("cannot make the clean-up run a program or remove anything outside of the engine's directory", async () => {
    const setting = await makeEngineSetting();
    const { records, executed, precious } = await trap(setting);
    const directory = join(setting.temporary, NAME);
    for (const record of records) {
      await plant(directory, record);
      await cleanUp(directory, setting.machine);
      expect([record, await exists(executed), await exists(precious)]).toEqual([record, false, true]);
    }
  });

  it("cannot make the clean-up end a process without the engine's mark", async () => {
    const setting = await makeEngineSetting();
    const bystander = spawn("sleep", ["60"], { detached: true });
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const { pid = 0 } = bystander;
    const processes = await setting.machine.system.marked("PATH", process.env["PATH"] ?? "");
    const started = processes.find((one) => one.pid === pid)?.started ?? "";
    const made = [{ kind: "process", name: "buildkitd", process: { pid, started } }];
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const directory = join(setting.temporary, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made }));
    await cleanUp(directory, setting.machine);
    expect([started === "", lives(bystander)]).toEqual([false, true]);
  });

  const OTHER_FORMS = [
    "null",
    "[]",
    "{}",
    '{"version":1}',
    '{"version":1,"owner":{"kind":"process"},"tools":[],"made":[]}',
    '{"version":1,"owner":{"kind":"job","runner":"r","job":"j"},"tools":[],"made":[{"kind":"constructor"}]}',
    '{"version":1,"owner":{"kind":"job","runner":"r","job":"j"},"tools":[7],"made":[]}',
    '{"version":1,"owner":{"kind":"job","runner":"r","job":"j"},"tools":[],"made":[{"kind":"process","name":"init","process":{"pid":1,"started":"0"}}]}',
    '{"version":1,"owner":{"kind":"job","runner":"r","job":"j"},"tools":[],"made":[{"kind":"kept","path":"/"}]}',
    '{"version":1,"owner":{"kind":"__proto__"},"tools":[],"made":[]}',
    "{",
    " ".repeat(2_000_000),
  ];

  it.each(OTHER_FORMS.map((record) => [record.trim().slice(0, 100), record] as const))(
    "of another form is rejected, and its directory stays: %s",
    async (_, record) => {
      const setting = await makeEngineSetting();
      const directory = join(setting.temporary, NAME);
      await plant(directory, record);
      expect(await cleanUp(directory, setting.machine)).toEqual([
        expect.stringMatching(`^${directory} was left alone: `),
      ]);
      expect(await exists(directory)).toBe(true);
      expect(await sweepHere(setting)).toEqual([]);
    },
  );

  it.each([
    ["a link to another record", async (path: string, other: string) => symlink(other, path)],
    ["a directory", async (path: string) => mkdir(path)],
    ["a pipe", async (path: string) => void spawn("sh", ["-c", 'mkfifo "$0"', path])],
    ["a file that others may write", async (path: string) => writeFile(path, "{}").then(() => chmod(path, 0o622))],
  ])("that is %s is not read", async (_, make) => {
    const setting = await makeEngineSetting();
    const directory = join(setting.temporary, NAME);
    const other = join(setting.temporary, "other.json");
    await writeFile(other, JSON.stringify({ version: 1, owner: {}, tools: [], made: [] }));
    await mkdir(directory, { mode: 0o700 });
    await make(join(directory, "record.json"), other);
    for (let waited = 0; waited < 5_000 && !existsSync(join(directory, "record.json")); waited += 10) await sleep(10);
    expect(await cleanUp(directory, setting.machine)).toEqual([expect.stringContaining("was left alone")]);
  });
});

describe("an engine's directory", () => {
  it.each([
    ["that the job checked out", 0o755, 0o644],
    ["that others may write to", 0o777, 0o600],
    ["whose group may write to it", 0o770, 0o600],
  ])("%s is left alone", async (_, ...modes) => {
    const setting = await makeEngineSetting();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const directory = join(setting.temporary, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made: [] }), modes);
    expect(await sweepHere(setting)).toEqual([]);
    expect(await cleanUp(directory, setting.machine)).toEqual([expect.stringContaining("was left alone")]);
    expect(await exists(directory)).toBe(true);
  });

  it("that is a link is left alone, and so is what it leads to", async () => {
    const setting = await makeEngineSetting();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const elsewhere = join(setting.temporary, "..", "elsewhere");
    await plant(elsewhere, JSON.stringify({ version: 1, owner, tools: [], made: [] }));
    await symlink(elsewhere, join(setting.temporary, NAME));
    expect(await sweepHere(setting)).toEqual([]);
    await cleanUp(join(setting.temporary, NAME), setting.machine);
    expect(await exists(join(elsewhere, "record.json"))).toBe(true);
  });

  it("is left alone if every user may rename it", async () => {
    const setting = await makeEngineSetting();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const directory = join(setting.temporary, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made: [] }));
    await chmod(setting.temporary, 0o777);
    expect(await cleanUp(directory, setting.machine)).toEqual([expect.stringContaining("was left alone")]);
    await chmod(setting.temporary, 0o1777);
    expect(await cleanUp(directory, setting.machine)).toEqual([]);
  });

  it("is rejected before anything starts if a record in it could not be trusted later", async () => {
    const setting = await makeEngineSetting();
    await chmod(setting.temporary, 0o777);
    await expect(provideEngine(request("buildctl", setting), setting.machine)).rejects.toMatchObject({
      class: "engine",
      code: "NotPrivate",
      message: expect.stringContaining(setting.temporary),
    });
    expect(await setting.machine.system.marked(MARK, engineOf(setting))).toEqual([]);
  });

  it.runIf(isRoot)(
    "of another user is left alone, whatever its record contains (only as root, who can create one)",
    async () => {
      const setting = await makeEngineSetting();
      const { records, executed, precious } = await trap(setting);
      const directory = join(setting.temporary, NAME);
      for (const record of records) {
        await plant(directory, record);
        await chown(directory, OTHER_USER, OTHER_USER);
        await chown(join(directory, "record.json"), OTHER_USER, OTHER_USER);
        expect(await sweepHere(setting)).toEqual([]);
        expect(await cleanUp(directory, setting.machine)).toEqual([expect.stringContaining("was left alone")]);
        expect([await exists(executed), await exists(precious)]).toEqual([false, true]);
        // The record alone is theirs.
        await chown(directory, 0, 0);
        expect(await cleanUp(directory, setting.machine)).toEqual([expect.stringContaining("was left alone")]);
      }
    },
  );
});

describe.runIf(isRoot)("the clean-up as root for another user (only as root)", () => {
  it("ignores records of a third user", async () => {
    const setting = await makeEngineSetting();
    const { records, executed, precious } = await trap(setting);
    const directory = join(setting.temporary, NAME);
    await plant(directory, records[0] ?? "");
    await chown(directory, OTHER_USER, OTHER_USER);
    expect(await cleanUpFor(1000, directory, setting.machine)).toEqual([expect.stringContaining("was left alone")]);
    expect([await exists(directory), await exists(executed), await exists(precious)]).toEqual([true, false, true]);
  });

  it("runs no program of that user, and removes only the engine's directory", async () => {
    const setting = await makeEngineSetting();
    const { records, executed, precious } = await trap(setting);
    const directory = join(setting.temporary, NAME);
    for (const record of records) {
      await plant(directory, record);
      for (const path of [directory, join(directory, "record.json")]) await chown(path, OTHER_USER, OTHER_USER);
      const left = await cleanUpFor(OTHER_USER, directory, setting.machine);
      const isTrusted = left.length === 0;
      expect([isTrusted, await exists(directory)]).toEqual([isTrusted, !isTrusted]);
      expect([await exists(executed), await exists(precious)]).toEqual([false, true]);
    }
  });

  it("does not end that user's processes, even with an engine's mark", async () => {
    const setting = await makeEngineSetting();
    const theirs = await marked(join(setting.temporary, NAME), OTHER_USER);
    expect(await cleanUpFor(OTHER_USER, join(setting.temporary, NAME), setting.machine)).toEqual([]);
    expect(lives(theirs)).toBe(true);
  });

  it.each([
    ["a path that is not an engine's", (temporary: string) => ["--for", "0", temporary]],
    ["a path with ..", (temporary: string) => ["--for", "0", `${temporary}/x/../${NAME}`]],
    ["a user name instead of an id", (temporary: string) => ["--for", "root", join(temporary, NAME)]],
  ])("does nothing for %s", async (_, words) => {
    const setting = await makeEngineSetting();
    await plant(join(setting.temporary, NAME), "{}");
    await removeEngine(setting.machine, words(setting.temporary));
    expect(await exists(join(setting.temporary, NAME))).toBe(true);
  });
});

describe("the state of a step", () => {
  it("is ignored if it names a directory elsewhere, even one with the right name, owner and modes", async () => {
    const setting = await makeEngineSetting();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const checkout = join(setting.temporary, "..", "work");
    const directory = join(checkout, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made: [] }));
    for (const state of [directory, `${setting.temporary}/../work/${NAME}`, `${setting.temporary}//../work/${NAME}`]) {
      setting.machine.actions.saveState("engine", state);
      await removeEngine(setting.machine);
      expect(await exists(join(directory, "record.json"))).toBe(true);
    }
  });
});

it("a path that contains a workflow command is reported by root without change", async () => {
  const setting = await makeEngineSetting();
  const directory = join(setting.temporary, "##[add-mask]x", NAME);
  await plant(directory, "{}", [0o777, 0o666]);
  const logged: string[] = [];
  const actions = { ...setting.machine.actions, info: (text: string) => void logged.push(asLogText(text)) };
  await removeEngine({ ...setting.machine, actions }, [OWNER_FLAG, `${process.getuid?.()}`, directory]);
  expect(logged.map((line) => JSON.parse(line))).toEqual([[expect.stringContaining(directory)]]);
});

describe("the sweep of a machine with several users", () => {
  it.runIf(isRoot)(
    "does not end processes of other users that carry an engine's mark (only as root, who can start one)",
    async () => {
      const setting = await makeEngineSetting();
      const directory = join(setting.temporary, NAME);
      const theirs = await marked(directory, OTHER_USER);
      expect(await sweepHere(setting)).toEqual([]);
      expect(lives(theirs)).toBe(true);
      const own = await marked(directory, 0);
      expect(await sweepHere(setting)).toEqual([expect.stringContaining(directory)]);
      expect([await ends(own), lives(theirs)]).toEqual([true, true]);
    },
  );

  it("reads no record in a directory that appears after the processes were found", async () => {
    const setting = await makeEngineSetting();
    const directory = join(setting.temporary, NAME);
    const { records, executed, precious } = await trap(setting);
    for (const record of records) {
      const prepared = join(setting.temporary, "prepared");
      await plant(prepared, record);
      const { system } = setting.machine;
      // The directory appears between the check and the clean-up.
      const readPrivate: typeof system.readPrivate = (path, ...more) => {
        const found = system.readPrivate(path, ...more);
        if (path === directory && found.kind === "absent") renameSync(prepared, directory);
        return found;
      };
      // The sweep of another test at the same time may end the process first.
      while (!(await exists(directory))) {
        const daemon = await marked(directory, process.getuid?.() ?? 0);
        await sweepHere({ ...setting, machine: { ...setting.machine, system: { ...system, readPrivate } } });
        expect(await ends(daemon)).toBe(true);
      }
      expect([await exists(executed), await exists(precious)]).toEqual([false, true]);
      expect(await exists(join(directory, "record.json"))).toBe(true);
      await rename(directory, `${prepared}-${records.indexOf(record)}`);
    }
  });

  it.runIf(isRoot)("ignores arguments and environment of a set-user-ID process (only as root)", async () => {
    const { system } = (await makeEngineSetting()).machine;
    const directory = `/tmp/bento-image-engine-${randomBytes(4).toString("hex")}`;
    const words = ["-c", "sleep 60; true", `${MARK}=${directory}`];
    const setUid = await startSetUid(words, { ...process.env, [MARK]: directory });
    expect(statSync(`/proc/${setUid.pid}`).uid).toBe(0);
    expect(await system.rootsArguments(MARK)).not.toContain(directory);
    expect(await system.marked(MARK, directory)).toEqual([]);
    expect(await system.marks(MARK)).not.toContain(directory);
    await started("sh", words, process.env, 0);
    expect(await system.rootsArguments(MARK)).toContain(directory);
  });
});
