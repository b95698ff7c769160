/** The post step by its bundle: whatever the state of the step says, nothing that somebody else wrote is run. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, expect, it, onTestFinished } from "vitest";

const POST = fileURLToPath(new URL("../../dist/post.js", import.meta.url));
const NAME = "bento-image-engine-0123abcd";

let root = "";

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "bento-image-post-")));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, "temp"));
});

/** A directory as an engine's, whose record would have a program run and a file removed. */
async function plant(below: string, modes: readonly [number, number]): Promise<string> {
  const directory = join(root, below, NAME);
  await mkdir(join(directory, "instances"), { recursive: true });
  await writeFile(join(directory, "instances/mine"), "{}");
  await writeFile(join(root, "dear"), "");
  await writeFile(join(root, "program"), `#!/bin/sh\ntouch ${join(root, "sprung")}\n`, { mode: 0o755 });
  const made = [
    { kind: "builder", name: "mine", call: [join(root, "program")], config: directory },
    { kind: "directory", path: join(root, "dear") },
  ];
  const owner = { kind: "process", process: { pid: 1, started: "0" } };
  await writeFile(join(directory, "record.json"), JSON.stringify({ version: 1, owner, tools: [], made }));
  await chmod(join(directory, "record.json"), modes[1]);
  await chmod(directory, modes[0]);
  return directory;
}

async function post(state: string): Promise<string> {
  const env = { PATH: process.env["PATH"], RUNNER_TEMP: join(root, "temp"), STATE_engine: state };
  return (await promisify(execFile)(process.execPath, [POST], { env })).stdout;
}

it.each([
  ["a checkout", "work", [0o755, 0o644]],
  ["a directory elsewhere, with the modes of an engine's", "work", [0o700, 0o600]],
  ["what an archive put below RUNNER_TEMP", "temp", [0o755, 0o644]],
  ["a record with commands in an engine's own place", "temp", [0o700, 0o600]],
] as const)("a state that names %s has nothing run and nothing removed", async (_, below, modes) => {
  const directory = await plant(below, modes);
  const log = await post(directory);
  expect([existsSync(join(root, "sprung")), existsSync(join(root, "dear"))]).toEqual([false, true]);
  expect(existsSync(join(directory, "record.json"))).toBe(true);
  expect(/^::warning.*was left alone/m.test(log)).toBe(below === "temp");
});

const NONE = ["", "/", "../temp", `\n${NAME}`, NAME, "::set-output name=a::b", "\0", "x".repeat(100_000)];

it.each(NONE.map((state) => [JSON.stringify(state.slice(0, 40)), state] as const))(
  "a state that is none is passed over: %s",
  async (_, state) => {
    expect(state.includes("\0") ? "" : await post(state)).toBe("");
  },
);
