/** The command line with real engines: the digest of the action, and an engine of its own that it removes itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heldBy } from "./image.ts";
import { type Inputs, succeed } from "./runner.ts";
import { openSetupSetting, type SetupSetting } from "./setup-setting.ts";
import { tracesOf } from "./traces.ts";

type Variables = Readonly<Record<string, string>>;

let setting: SetupSetting;
let temporary: string;

beforeAll(async () => {
  setting = await openSetupSetting();
  temporary = await mkdtemp(join(tmpdir(), "bento-image-cli-"));
});

afterAll(async () => {
  await setting.close();
  await rm(temporary, { recursive: true });
});

interface Outcome {
  readonly code: number | null;
  readonly results: Readonly<Record<string, string>>;
  readonly log: string;
}

/** A list is given line by line, as a person would repeat the flag. */
function flagsOf(inputs: Inputs): readonly string[] {
  return Object.entries(inputs).flatMap(([name, value]) => value.split("\n").map((line) => `--${name}=${line}`));
}

function start(inputs: Inputs, env: Variables): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const args = [resolve("dist/bento-image.js"), "build", ...flagsOf(inputs), "--json"];
  const child = spawn(process.execPath, args, {
    cwd: temporary,
    env: { ...env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const outcome = once(child, "close").then(async ([code]) => {
    const [results, log] = await printed;
    return { code, log, results: results === "" ? {} : JSON.parse(results) };
  });
  return { child, outcome };
}

/** The name of the engine that the command starts. */
async function engineOf(child: ChildProcess): Promise<string> {
  for (;;) {
    const found = (await readdir(temporary)).find((name) => name.startsWith("bento-image-engine-"));
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error("the command started no engine");
    await sleep(20);
  }
}

/** Kept for later runs: programs that were installed, and podman's own cache mounts of the test with podman. */
const KEPT = /^(?:bento-image-tools-|buildah-cache-)/;

async function expectNothingLeft(engine: string): Promise<void> {
  expect(await tracesOf(engine, setting.lab.env)).toEqual([]);
  expect((await readdir(temporary)).filter((name) => !KEPT.test(name))).toEqual([]);
}

it.each(["buildctl", "podman"] as const)("a push by %s has the digest that the action's has", async (name) => {
  const { lab, tiny, newTag } = setting;
  const { env, inputs } = lab.backends[name];
  const image = { ...inputs, bento: tiny.bento, "bentoml-home": tiny.home, push: "true" };
  const tag = newTag();
  const { code, results, log } = await start({ ...image, tags: tag }, env).outcome;
  expect(code, log.slice(-6000)).toBe(0);
  expect(results["digest"]).toBe((await heldBy(tag)).digest);
  expect(results["digest"]).toBe((await succeed({ ...image, tags: newTag() }, env))["digest"]);
});

it("an engine is started where there is none, and is gone when the command ends", async () => {
  const { machine, builds, newTag } = setting;
  const tag = newTag();
  const { child, outcome } = start(builds(tag, { backend: "buildctl" }), machine.env);
  const engine = await engineOf(child);
  const { code, results, log } = await outcome;
  expect(code, log.slice(-6000)).toBe(0);
  expect(results["digest"]).toBe((await heldBy(tag)).digest);
  await expectNothingLeft(engine);
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("an engine is gone when %s ends the command", async (signal, expected) => {
  const { machine, builds, newTag } = setting;
  const { child, outcome } = start(builds(newTag(), { backend: "buildctl" }), machine.env);
  const engine = await engineOf(child);
  await Promise.race([once(child.stderr ?? child, "data"), outcome]);
  child.kill(signal);
  const { code, results, log } = await outcome;
  expect(code, log).toBe(expected);
  expect(results).toMatchObject({ error: { class: "cancelled" } });
  await expectNothingLeft(engine);
});

it("an engine is gone when the build fails", async () => {
  const { machine, builds, newTag } = setting;
  const inputs = builds(newTag(), { backend: "buildctl", target: "nowhere" });
  const { child, outcome } = start(inputs, machine.env);
  const engine = await engineOf(child);
  const { code, log } = await outcome;
  expect(code, log).not.toBe(0);
  await expectNothingLeft(engine);
});
