/** Runs one of the smaller bundles as the runner does: nothing on PATH, inputs in INPUT_* variables, files for outputs and summary. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Inputs, type Outcome, parseOutputs } from "./job.ts";

export type DoorOutcome = Pick<Outcome, "code" | "log" | "outputs" | "failure" | "summary"> & {
  /** What lies in the workspace, and below RUNNER_TEMP. */
  readonly workspace: readonly string[];
  readonly temporary: readonly string[];
};

/** @param files path below the workspace → content */
export async function runDoor(
  name: "matrix" | "merge",
  inputs: Inputs,
  files: Readonly<Record<string, string>> = {},
): Promise<DoorOutcome> {
  const root = await mkdtemp(join(tmpdir(), `bento-dist-${name}-`));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const [workspace, temporary, output, summary] = ["workspace", "temp", "output", "summary"].map((item) =>
    join(root, item),
  ) as [string, string, string, string];
  for (const directory of [workspace, temporary]) await mkdir(directory);
  for (const file of [output, summary]) await writeFile(file, "");
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
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    ...Object.fromEntries(given),
  };
  const bundle = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [bundle], { cwd: workspace, env, stdio: ["ignore", "pipe", "pipe"] });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  const log = (await printed).join("");
  return {
    code,
    log,
    outputs: parseOutputs(await readFile(output, "utf8")),
    failure: /^::error[^:]*::([^%\n]*)/m.exec(log)?.[1],
    summary: await readFile(summary, "utf8"),
    workspace: (await readdir(workspace)).sort(),
    temporary: await readdir(temporary),
  };
}
