/** What other users of the machine, and what a job unpacks, can make the clean-up do: nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, renameSync, statSync } from "node:fs";
import { chmod, chown, copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { cleanUp, cleanUpFor } from "../../src/engines/clean-up.ts";
import { FOR } from "../../src/engines/clean-up-as-root.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { MARK } from "../../src/engines/record.ts";
import { removeEngine } from "../../src/engines/remove.ts";
import { sweep } from "../../src/engines/sweep.ts";
import { asLogText } from "../../src/world/log-text.ts";
import type { Env } from "../../src/world/world.ts";
import { type EngineGround, engineOf, exists, makeEngineGround, wish } from "./ground.ts";

const NAME = "bento-image-engine-0123abcd";
/** A user of this machine who is not this one. */
const SOMEBODY = 54_321;
const isRoot = process.getuid?.() === 0;

interface Trap {
  /** A file that is there when what the record names was run. */
  readonly sprung: string;
  /** A file that somebody needs. */
  readonly dear: string;
  /** The records that an attacker would write, in today's form and in one with commands. */
  readonly records: readonly string[];
}

async function trap({ temporary }: EngineGround): Promise<Trap> {
  const place = join(temporary, "..", "trap");
  const [sprung, dear, program] = [join(place, "sprung"), join(place, "dear"), join(place, "bin/docker-buildx")];
  await mkdir(join(place, "bin"), { recursive: true });
  await mkdir(join(place, "buildx/instances"), { recursive: true });
  await writeFile(join(place, "buildx/instances/mine"), "{}");
  await writeFile(dear, "");
  for (const name of ["docker-buildx", "docker", "buildctl", "rootlesskit"]) {
    await writeFile(join(place, "bin", name), `#!/bin/sh\ntouch ${sprung}\n`, { mode: 0o755 });
  }
  const owner = { kind: "process", process: { pid: 1, started: "0" } };
  const commands = [
    { kind: "builder", name: "mine", call: [program], config: join(place, "buildx") },
    { kind: "cache", buildctl: join(place, "bin/buildctl"), address: "unix:///nowhere" },
    { kind: "rights", sudo: [program] },
    { kind: "directory", path: dear },
    { kind: "directory", path: dear, mapped: { rootlesskit: join(place, "bin/rootlesskit") } },
  ];
  const names = [{ kind: "builder" }, { kind: "cache" }, { kind: "mapped" }, { kind: "kept", path: place }];
  return {
    ...{ sprung, dear },
    records: [...commands, ...names].map((made) =>
      JSON.stringify({ version: 1, owner, tools: [join(place, "bin")], made: [made] }),
    ),
  };
}

/** A directory as an engine's with this record, made as whoever runs this. */
async function plant(directory: string, record: string, modes: readonly [number, number] = [0o700, 0o600]) {
  await mkdir(join(directory, "buildx/instances"), { recursive: true });
  await writeFile(join(directory, "buildx/instances", NAME), "{}");
  await mkdir(join(directory, "buildkitd"), { recursive: true });
  await writeFile(join(directory, "record.json"), record);
  await chmod(join(directory, "record.json"), modes[1]);
  await chmod(directory, modes[0]);
}

/** A process of that user. */
async function started(tool: string, words: readonly string[], env: Env, uid: number): Promise<ChildProcess> {
  const child = spawn(tool, [...words], { uid, gid: uid, env, detached: true, stdio: "ignore" });
  onTestFinished(() => void (lives(child) && child.pid && process.kill(-child.pid, "SIGKILL")));
  await once(child, "spawn");
  return child;
}

/** One that carries the mark of an engine. */
function marked(directory: string, uid: number): Promise<ChildProcess> {
  return started("sh", ["-c", "sleep 60; true"], { ...process.env, [MARK]: directory }, uid);
}

/** A shell of root's with the set-user-ID bit, which somebody else starts. */
async function startLent(words: readonly string[], env: Env): Promise<ChildProcess> {
  const place = await mkdtemp("/tmp/bento-programs-");
  onTestFinished(() => rm(place, { recursive: true }));
  await chmod(place, 0o755);
  await copyFile("/bin/sh", join(place, "sh"));
  await chmod(join(place, "sh"), 0o4755);
  return started(join(place, "sh"), ["-p", ...words], env, SOMEBODY);
}

/** The sweep, but for engines of other tests that run at the same time. */
function sweepHere({ world, temporary }: Pick<EngineGround, "world" | "temporary">): Promise<readonly string[]> {
  const marks = async (name: string): Promise<readonly string[]> =>
    (await world.system.marks(name)).filter((path) => path.startsWith(`${temporary}/`));
  return sweep({ ...world, system: { ...world.system, marks } });
}

const lives = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** Node hears of it a little later. */
async function ends(child: ChildProcess): Promise<boolean> {
  for (let waited = 0; waited < 5_000 && lives(child); waited += 10) await sleep(10);
  return !lives(child);
}

describe("a record", () => {
  it("runs no program that it names and removes nothing outside the engine's directory, whatever it says", async () => {
    const ground = await makeEngineGround();
    const { records, sprung, dear } = await trap(ground);
    const directory = join(ground.temporary, NAME);
    for (const record of records) {
      await plant(directory, record);
      await cleanUp(directory, ground.world);
      expect([record, await exists(sprung), await exists(dear)]).toEqual([record, false, true]);
    }
  });

  it("ends no process that does not carry the engine's mark", async () => {
    const ground = await makeEngineGround();
    const bystander = spawn("sleep", ["60"], { detached: true });
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const { pid = 0 } = bystander;
    const processes = await ground.world.system.marked("PATH", process.env["PATH"] ?? "");
    const started = processes.find((one) => one.pid === pid)?.started ?? "";
    const made = [{ kind: "process", name: "buildkitd", process: { pid, started } }];
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const directory = join(ground.temporary, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made }));
    await cleanUp(directory, ground.world);
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
    "of another form is not believed, and its directory stays: %s",
    async (_, record) => {
      const ground = await makeEngineGround();
      const directory = join(ground.temporary, NAME);
      await plant(directory, record);
      expect(await cleanUp(directory, ground.world)).toEqual([expect.stringMatching(`^${directory} was left alone: `)]);
      expect(await exists(directory)).toBe(true);
      expect(await sweepHere(ground)).toEqual([]);
    },
  );

  it.each([
    ["a link to another record", async (path: string, other: string) => symlink(other, path)],
    ["a directory", async (path: string) => mkdir(path)],
    ["a pipe", async (path: string) => void spawn("sh", ["-c", 'mkfifo "$0"', path])],
    ["a file that others may write", async (path: string) => writeFile(path, "{}").then(() => chmod(path, 0o622))],
  ])("that is %s is not read", async (_, make) => {
    const ground = await makeEngineGround();
    const directory = join(ground.temporary, NAME);
    const other = join(ground.temporary, "other.json");
    await writeFile(other, JSON.stringify({ version: 1, owner: {}, tools: [], made: [] }));
    await mkdir(directory, { mode: 0o700 });
    await make(join(directory, "record.json"), other);
    for (let waited = 0; waited < 5_000 && !existsSync(join(directory, "record.json")); waited += 10) await sleep(10);
    expect(await cleanUp(directory, ground.world)).toEqual([expect.stringContaining("was left alone")]);
  });
});

describe("an engine's directory", () => {
  it.each([
    ["that the job checked out", 0o755, 0o644],
    ["that others may write to", 0o777, 0o600],
    ["whose group may write to it", 0o770, 0o600],
  ])("%s is left alone", async (_, ...modes) => {
    const ground = await makeEngineGround();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const directory = join(ground.temporary, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made: [] }), modes);
    expect(await sweepHere(ground)).toEqual([]);
    expect(await cleanUp(directory, ground.world)).toEqual([expect.stringContaining("was left alone")]);
    expect(await exists(directory)).toBe(true);
  });

  it("that is a link is left alone, and so is what it leads to", async () => {
    const ground = await makeEngineGround();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const elsewhere = join(ground.temporary, "..", "elsewhere");
    await plant(elsewhere, JSON.stringify({ version: 1, owner, tools: [], made: [] }));
    await symlink(elsewhere, join(ground.temporary, NAME));
    expect(await sweepHere(ground)).toEqual([]);
    await cleanUp(join(ground.temporary, NAME), ground.world);
    expect(await exists(join(elsewhere, "record.json"))).toBe(true);
  });

  it("is left alone where everybody may rename it", async () => {
    const ground = await makeEngineGround();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const directory = join(ground.temporary, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made: [] }));
    await chmod(ground.temporary, 0o777);
    expect(await cleanUp(directory, ground.world)).toEqual([expect.stringContaining("was left alone")]);
    await chmod(ground.temporary, 0o1777);
    expect(await cleanUp(directory, ground.world)).toEqual([]);
  });

  it("in which a record could not be believed later is refused before anything starts", async () => {
    const ground = await makeEngineGround();
    await chmod(ground.temporary, 0o777);
    await expect(provideEngine(wish("buildctl", ground), ground.world)).rejects.toMatchObject({
      class: "engine",
      code: "NotPrivate",
      message: expect.stringContaining(ground.temporary),
    });
    expect(await ground.world.system.marked(MARK, engineOf(ground))).toEqual([]);
  });

  it.runIf(isRoot)(
    "of somebody else is left alone, with all that it says (run by root, who can make another user's)",
    async () => {
      const ground = await makeEngineGround();
      const { records, sprung, dear } = await trap(ground);
      const directory = join(ground.temporary, NAME);
      for (const record of records) {
        await plant(directory, record);
        await chown(directory, SOMEBODY, SOMEBODY);
        await chown(join(directory, "record.json"), SOMEBODY, SOMEBODY);
        expect(await sweepHere(ground)).toEqual([]);
        expect(await cleanUp(directory, ground.world)).toEqual([expect.stringContaining("was left alone")]);
        expect([await exists(sprung), await exists(dear)]).toEqual([false, true]);
        // The record alone is theirs.
        await chown(directory, 0, 0);
        expect(await cleanUp(directory, ground.world)).toEqual([expect.stringContaining("was left alone")]);
      }
    },
  );
});

describe.runIf(isRoot)("root, who is asked to clean up for another user,", () => {
  it("believes nothing of a third one", async () => {
    const ground = await makeEngineGround();
    const { records, sprung, dear } = await trap(ground);
    const directory = join(ground.temporary, NAME);
    await plant(directory, records[0] ?? "");
    await chown(directory, SOMEBODY, SOMEBODY);
    expect(await cleanUpFor(1000, directory, ground.world)).toEqual([expect.stringContaining("was left alone")]);
    expect([await exists(directory), await exists(sprung), await exists(dear)]).toEqual([true, false, true]);
  });

  it("runs no program for that user either, and removes the engine's own directory alone", async () => {
    const ground = await makeEngineGround();
    const { records, sprung, dear } = await trap(ground);
    const directory = join(ground.temporary, NAME);
    for (const record of records) {
      await plant(directory, record);
      for (const path of [directory, join(directory, "record.json")]) await chown(path, SOMEBODY, SOMEBODY);
      const left = await cleanUpFor(SOMEBODY, directory, ground.world);
      const believed = left.length === 0;
      expect([believed, await exists(directory)]).toEqual([believed, !believed]);
      expect([await exists(sprung), await exists(dear)]).toEqual([false, true]);
    }
  });

  it("ends no process of theirs, whatever mark it carries", async () => {
    const ground = await makeEngineGround();
    const theirs = await marked(join(ground.temporary, NAME), SOMEBODY);
    expect(await cleanUpFor(SOMEBODY, join(ground.temporary, NAME), ground.world)).toEqual([]);
    expect(lives(theirs)).toBe(true);
  });

  it.each([
    ["a place that is no engine's", (temporary: string) => ["--for", "0", temporary]],
    ["a place beside it", (temporary: string) => ["--for", "0", `${temporary}/x/../${NAME}`]],
    ["a user who is none", (temporary: string) => ["--for", "root", join(temporary, NAME)]],
  ])("does nothing for %s", async (_, words) => {
    const ground = await makeEngineGround();
    await plant(join(ground.temporary, NAME), "{}");
    await removeEngine(ground.world, words(ground.temporary));
    expect(await exists(join(ground.temporary, NAME))).toBe(true);
  });
});

describe("the state of a step", () => {
  it("that names a directory elsewhere is not believed, even one of this user's own form and modes", async () => {
    const ground = await makeEngineGround();
    const owner = { kind: "process", process: { pid: 1, started: "0" } };
    const checkout = join(ground.temporary, "..", "work");
    const directory = join(checkout, NAME);
    await plant(directory, JSON.stringify({ version: 1, owner, tools: [], made: [] }));
    for (const state of [directory, `${ground.temporary}/../work/${NAME}`, `${ground.temporary}//../work/${NAME}`]) {
      ground.world.actions.saveState("engine", state);
      await removeEngine(ground.world);
      expect(await exists(join(directory, "record.json"))).toBe(true);
    }
  });
});

it("What root could not remove is told as it is, though its name is a command of the runner", async () => {
  const ground = await makeEngineGround();
  const directory = join(ground.temporary, "##[add-mask]x", NAME);
  await plant(directory, "{}", [0o777, 0o666]);
  const said: string[] = [];
  const actions = { ...ground.world.actions, info: (text: string) => void said.push(asLogText(text)) };
  await removeEngine({ ...ground.world, actions }, [FOR, `${process.getuid?.()}`, directory]);
  expect(said.map((line) => JSON.parse(line))).toEqual([[expect.stringContaining(directory)]]);
});

describe("the sweep of a machine that others use", () => {
  it.runIf(isRoot)(
    "ends no process because somebody else's environment names its engine (run by root, who can start another user's)",
    async () => {
      const ground = await makeEngineGround();
      const directory = join(ground.temporary, NAME);
      const theirs = await marked(directory, SOMEBODY);
      expect(await sweepHere(ground)).toEqual([]);
      expect(lives(theirs)).toBe(true);
      const own = await marked(directory, 0);
      expect(await sweepHere(ground)).toEqual([expect.stringContaining(directory)]);
      expect([await ends(own), lives(theirs)]).toEqual([true, true]);
    },
  );

  it("reads no record in a directory that was not there when its processes were found", async () => {
    const ground = await makeEngineGround();
    const directory = join(ground.temporary, NAME);
    const { records, sprung, dear } = await trap(ground);
    for (const record of records) {
      const daemon = await marked(directory, process.getuid?.() ?? 0);
      const prepared = join(ground.temporary, "prepared");
      await plant(prepared, record);
      const { system } = ground.world;
      // Between the look and what follows from it.
      const readPrivate: typeof system.readPrivate = (path, ...more) => {
        const found = system.readPrivate(path, ...more);
        if (path === directory && found.kind === "absent") renameSync(prepared, directory);
        return found;
      };
      await sweepHere({ ...ground, world: { ...ground.world, system: { ...system, readPrivate } } });
      expect(await ends(daemon)).toBe(true);
      expect([await exists(sprung), await exists(dear)]).toEqual([false, true]);
      expect(await exists(join(directory, "record.json"))).toBe(true);
      await rename(directory, `${prepared}-${records.indexOf(record)}`);
    }
  });

  it.runIf(isRoot)("takes no word of a process that only looks like root's (run by root)", async () => {
    const { system } = (await makeEngineGround()).world;
    const directory = `/tmp/bento-image-engine-${randomBytes(4).toString("hex")}`;
    const words = ["-c", "sleep 60; true", `${MARK}=${directory}`];
    const lent = await startLent(words, { ...process.env, [MARK]: directory });
    expect(statSync(`/proc/${lent.pid}`).uid).toBe(0);
    expect(await system.rootsArguments(MARK)).not.toContain(directory);
    expect(await system.marked(MARK, directory)).toEqual([]);
    expect(await system.marks(MARK)).not.toContain(directory);
    await started("sh", words, process.env, 0);
    expect(await system.rootsArguments(MARK)).toContain(directory);
  });
});
