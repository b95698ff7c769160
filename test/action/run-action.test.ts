import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { EVERY_COMMAND, EVIL } from "../fakes/foreign-text.ts";
import { commandsIn, unmeantIn } from "../fakes/runner.ts";

const RUN_ACTION = fileURLToPath(new URL("../../src/action/run-action.ts", import.meta.url));
const MESSAGE = ["no such thing", ...EVERY_COMMAND].join("\n");

/** A run whose story is this JavaScript. */
async function play(story: string) {
  const temporary = await mkdtemp(join(tmpdir(), "bento-run-action-"));
  onTestFinished(() => rm(temporary, { recursive: true }));
  const script = `import { runAction } from ${JSON.stringify(RUN_ACTION)};
    const evil = () => new Error(${JSON.stringify(MESSAGE)});
    const idle = () => new Promise((done) => setTimeout(done, 20_000));
    await runAction(async (machine) => { await machine.files.scratch(); ${story} });`;
  const env = { PATH: process.env["PATH"], RUNNER_TEMP: temporary };
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, ["--input-type=module", "-e", script], { env }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
  return { ...ended, left: await readdir(temporary) };
}

it.each([
  ["its story fails", "throw evil();"],
  ["something throws that nobody waits for", "setImmediate(() => { throw evil(); }); await idle();"],
  ["a promise fails that nobody waits for", "void Promise.reject(evil()); await idle();"],
  ["it cannot tidy up", "machine.workers.dispose = () => Promise.reject(evil());"],
])("A run ends as a bug that is told to the runner, and not in commands to it, when %s", async (_, story) => {
  const { code, stdout, stderr, left } = await play(story);
  expect([code, unmeantIn(stdout), stderr]).toEqual([1, [], ""]);
  const [error, ...others] = commandsIn(stdout).filter(({ name }) => name !== "debug");
  expect([error?.name, others]).toEqual(["error", []]);
  expect(error?.data).toMatch(/^\[internal\] no such thing\n/);
  expect(error?.data).toContain(EVIL);
  if (!story.includes("dispose")) expect(left).toEqual([]);
});
