import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { EVERY_COMMAND, EVIL } from "../fakes/foreign-text.ts";
import { commandsIn, unmeantIn } from "../fakes/runner.ts";

const RUN_ACTION = fileURLToPath(new URL("../../src/action/run-action.ts", import.meta.url));
const MESSAGE = ["no such thing", ...EVERY_COMMAND].join("\n");

/** A run whose story is this JavaScript. */
async function play(story: string, variables: Readonly<Record<string, string>> = {}) {
  const temporary = await mkdtemp(join(tmpdir(), "bento-run-action-"));
  onTestFinished(() => rm(temporary, { recursive: true }));
  const script = `import { runAction } from ${JSON.stringify(RUN_ACTION)};
    const evil = () => new Error(${JSON.stringify(MESSAGE)});
    const idle = () => new Promise((done) => setTimeout(done, 20_000));
    await runAction(
      async (machine) => { await machine.files.scratch(); ${story} },
      { summary: true, inputs: "docs/inputs.md" },
    );`;
  const summary = join(await mkdtemp(join(tmpdir(), "bento-run-summary-")), "summary");
  onTestFinished(() => rm(dirname(summary), { recursive: true }));
  await writeFile(summary, "");
  const env = { PATH: process.env["PATH"], RUNNER_TEMP: temporary, GITHUB_STEP_SUMMARY: summary, ...variables };
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, ["--input-type=module", "-e", script], { env }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
  return { ...ended, left: await readdir(temporary), summary: await readFile(summary, "utf8") };
}

it.each([
  ["its story fails", "throw evil();"],
  ["something throws that nobody waits for", "setImmediate(() => { throw evil(); }); await idle();"],
  ["a promise fails that nobody waits for", "void Promise.reject(evil()); await idle();"],
  ["it cannot tidy up", "machine.workers.dispose = () => Promise.reject(evil());"],
])("A run ends as a bug that is told to the runner, and not in commands to it, when %s", async (_, story) => {
  const { code, stdout, stderr, left, summary } = await play(story);
  expect([code, unmeantIn(stdout), stderr]).toEqual([1, [], ""]);
  const [error, ...others] = commandsIn(stdout).filter(({ name }) => name !== "debug");
  expect([error?.name, others]).toEqual(["error", []]);
  expect(error?.data).toMatch(/^\[internal\] no such thing\n/);
  expect(error?.data).toContain(EVIL);
  if (story.includes("dispose")) return;
  expect(left).toEqual([]);
  expect(summary).toContain("#### ❌ A bug in this action\n\n`no such thing ");
});

describe("The summary of a run that fails", () => {
  it("names the Bento", async () => {
    const { summary } = await play("throw evil();", { INPUT_BENTO: "iris:v1" });
    expect(summary).toMatch(/^#### ❌ `iris:v1` · A bug in this action\n/);
  });

  it.each(["false", "False", " FALSE "])("is not written if the input summary is %j", async (summary) => {
    expect(await play("throw evil();", { INPUT_SUMMARY: summary })).toMatchObject({ code: 1, summary: "" });
  });

  it("is written if the input summary is the mistake", async () => {
    expect((await play("throw evil();", { INPUT_SUMMARY: "maybe" })).summary).toContain("❌");
  });

  it("contains no masked value, in whichever part of the failure it stands", async () => {
    const secret = "hu$h_*5719*`|<b>-]";
    const failure = `new Failure("auth", "no " + secret, { lines: ["a " + secret], hint: "not " + secret })`;
    const story = `const secret = ${JSON.stringify(secret)};
      const { Failure } = await import(${JSON.stringify(new URL("../../src/errors.ts", import.meta.url).href)});
      machine.actions.mask(secret);
      throw ${failure};`;
    const { summary } = await play(story, { INPUT_BENTO: `the ${secret}` });
    expect(summary).toContain("no ***");
    expect(summary.replace(/[^a-z0-9]/g, "")).not.toContain("5719");
  });

  it("that cannot be written is no second failure", async () => {
    const { code, stdout } = await play("throw evil();", { GITHUB_STEP_SUMMARY: "/proc/nowhere/summary" });
    expect(code).toBe(1);
    expect(commandsIn(stdout).filter(({ name }) => name === "error")).toHaveLength(1);
    expect(stdout).toContain("The job summary cannot be written: ");
  });
});
