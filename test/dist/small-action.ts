/** Runs one of the smaller bundles as the runner does: nothing on PATH, inputs in INPUT_* variables, files for outputs and summary. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { parseCommandFile, unmeantIn } from "../fakes/runner.ts";
import { type BuildOutcome, type Inputs, RUNNER_FILES } from "./job.ts";

export type ActionOutcome = Pick<BuildOutcome, "code" | "log" | "outputs" | "failure" | "summary"> & {
  /** What lies in the workspace, and below RUNNER_TEMP. */
  readonly workspace: readonly string[];
  readonly temporary: readonly string[];
};

/**
 * @param files path below the workspace → content
 * @param variables what they have in `%s` is the workspace
 */
export async function runSmallAction(
  name: "matrix" | "merge" | "post",
  inputs: Inputs,
  files: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<ActionOutcome> {
  const root = await mkdtemp(join(tmpdir(), `bento-dist-${name}-`));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const [workspace, temporary] = [join(root, "workspace"), join(root, "temp")];
  for (const directory of [workspace, temporary]) await mkdir(directory);
  for (const file of RUNNER_FILES) await writeFile(join(root, file), "");
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  const given = Object.entries(inputs).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]);
  const env = {
    PATH: "",
    HOME: join(root, "user"),
    RUNNER_TEMP: temporary,
    GITHUB_WORKSPACE: workspace,
    ...Object.fromEntries(RUNNER_FILES.map((file) => [`GITHUB_${file}`, join(root, file)])),
    ...Object.fromEntries(given),
    ...Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, value.replace("%s", workspace)])),
  };
  const bundle = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [bundle], { cwd: workspace, env, stdio: ["ignore", "pipe", "pipe"] });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  const streams = await printed;
  const log = streams.join("");
  expect(streams.flatMap(unmeantIn)).toEqual([]);
  return {
    code,
    log,
    outputs: parseCommandFile(await readFile(join(root, "OUTPUT"), "utf8")),
    failure: /^::error[^:]*::([^%\n]*)/m.exec(log)?.[1],
    summary: await readFile(join(root, "STEP_SUMMARY"), "utf8"),
    workspace: (await readdir(workspace)).sort(),
    temporary: await readdir(temporary),
  };
}
