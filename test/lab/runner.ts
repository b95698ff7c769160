/** Runs a bundle of dist/ as the runner does, and gives what the runner would see. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { type Command, commandsIn, parseCommandFile, unmeantIn } from "../fakes/runner.ts";

export type Inputs = Readonly<Record<string, string>>;

export interface Run {
  readonly code: number | null;
  readonly log: string;
  /** What the runner obeys of the log; all of it is meant, or the run is an error. */
  readonly commands: readonly Command[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What is left for later steps and for the post step: state, variables, directories. */
  readonly later: string;
  readonly summary: string;
  /** Names left below RUNNER_TEMP. */
  readonly left: readonly string[];
}

/** What a machine without any builder has. */
export const BARE = { PATH: "/nowhere", HOME: "/nowhere" };

/** The actions of this repository, by their bundles. */
export type BundleName = "main" | "matrix" | "merge" | "setup" | "post";

/** @param cancelled when it is fulfilled, the runner cancels the job. */
export async function runAction(
  inputs: Inputs,
  env: Readonly<Record<string, string>>,
  cancelled?: Promise<unknown>,
  bundle: BundleName = "main",
): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-run-"));
  try {
    const temp = join(directory, "temp");
    const file = (name: string): string => join(directory, name);
    const later = { GITHUB_STATE: file("state"), GITHUB_ENV: file("env"), GITHUB_PATH: file("path") };
    const files = { GITHUB_OUTPUT: file("output"), GITHUB_STEP_SUMMARY: file("summary"), ...later };
    await mkdir(temp);
    for (const path of Object.values(files)) await writeFile(path, "");
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const variables = { ...env, ...files, RUNNER_TEMP: temp, GITHUB_WORKSPACE: directory };
    const { code, streams } = await execute(bundle, { ...variables, ...Object.fromEntries(given) }, cancelled);
    return {
      code,
      log: streams.join(""),
      commands: obeyed(streams),
      later: (await Promise.all(Object.values(later).map((path) => readFile(path, "utf8")))).join(""),
      outputs: await parseFile(files.GITHUB_OUTPUT),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, "utf8"),
      left: await readdir(temp),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The outputs of a run that must go well; its log is the message when it does not. */
export async function succeed(
  inputs: Inputs,
  env: Readonly<Record<string, string>>,
  bundle: BundleName = "main",
): Promise<Readonly<Record<string, string>>> {
  const { code, log, outputs } = await runAction(inputs, env, undefined, bundle);
  if (code !== 0) throw new Error(log.slice(-8_000));
  return outputs;
}

/** The first line of the run's error annotation; the whole log when there is none. */
export function told({ log }: Pick<Run, "log">): string {
  const error = commandsIn(log).find(({ name }) => name === "error");
  return error?.data.split("\n")[0] ?? log;
}

function execute(
  bundle: BundleName,
  env: Readonly<Record<string, string>>,
  cancelled?: Promise<unknown>,
): Promise<{ code: number | null; streams: readonly string[] }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [resolve(`dist/${bundle}.js`)], { env });
    cancelled?.then(() => child.kill("SIGTERM"), fail);
    const streams = Promise.all([text(child.stdout), text(child.stderr)]);
    child.on("error", fail);
    child.on("close", async (code) => done({ code, streams: await streams }));
  });
}

/**
 * What the runner obeys of a step's two streams.
 * @throws Error with the lines that it would obey, and nobody meant.
 */
export function obeyed(streams: readonly string[]): readonly Command[] {
  const unmeant = streams.flatMap(unmeantIn);
  if (unmeant.length > 0) throw new Error(`The runner would obey\n${unmeant.join("\n")}`);
  return streams.flatMap(commandsIn);
}

/** What a step wrote for the runner. */
export async function parseFile(path: string): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(parseCommandFile(await readFile(path, "utf8")));
}
