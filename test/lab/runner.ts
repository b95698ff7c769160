/** Runs a bundle of dist/ as the runner does, and gives what the runner would see. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

export type Inputs = Readonly<Record<string, string>>;

export interface Run {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Names left below RUNNER_TEMP. */
  readonly left: readonly string[];
}

/** What a machine without any builder has. */
export const BARE = { PATH: "/nowhere", HOME: "/nowhere" };

/** The actions of this repository, by their bundles. */
export type Door = "main" | "matrix" | "merge" | "setup" | "post";

/** @param cancelled when it is fulfilled, the runner cancels the job. */
export async function runAction(
  inputs: Inputs,
  env: Readonly<Record<string, string>>,
  cancelled?: Promise<unknown>,
  door: Door = "main",
): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-run-"));
  try {
    const temp = join(directory, "temp");
    const files = { GITHUB_OUTPUT: join(directory, "output"), GITHUB_STEP_SUMMARY: join(directory, "summary") };
    await mkdir(temp);
    for (const file of Object.values(files)) await writeFile(file, "");
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const variables = { ...env, ...files, RUNNER_TEMP: temp, GITHUB_WORKSPACE: directory };
    const { code, log } = await execute(door, { ...variables, ...Object.fromEntries(given) }, cancelled);
    return {
      code,
      log,
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
  door: Door = "main",
): Promise<Readonly<Record<string, string>>> {
  const { code, log, outputs } = await runAction(inputs, env, undefined, door);
  if (code !== 0) throw new Error(log.slice(-8_000));
  return outputs;
}

/** The first line of the run's error annotation. */
export function told({ log }: Pick<Run, "log">): string {
  const annotation = /^::error [^:]*::(.*)$/m.exec(log)?.[1] ?? log;
  return decodeURIComponent(annotation).split("\n")[0] ?? "";
}

function execute(
  door: Door,
  env: Readonly<Record<string, string>>,
  cancelled?: Promise<unknown>,
): Promise<{ code: number | null; log: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [resolve(`dist/${door}.js`)], { env });
    cancelled?.then(() => child.kill("SIGTERM"), fail);
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", (code) => done({ code, log: Buffer.concat(chunks).toString() }));
  });
}

/** What a step wrote for the runner: `name<<delimiter`, the value, `delimiter`. */
export async function parseFile(path: string): Promise<Readonly<Record<string, string>>> {
  const found = (await readFile(path, "utf8")).matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?^\2$/gm);
  return Object.fromEntries([...found].map(([, name = "", , value = ""]) => [name, value]));
}
