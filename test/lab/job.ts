/** A job on a runner of the test's own: steps of the actions of this repository, then what they leave for their end. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type BundleName, type Inputs, obeyed, parseFile } from "./runner.ts";

type Variables = Readonly<Record<string, string>>;

export interface Step {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Variables;
  readonly milliseconds: number;
  /** Name of the engine that it started; "" when it started none. */
  readonly engine: string;
  /** Its post step, which the runner runs at the end of the job whatever happened. */
  post(): Promise<Ended>;
}

interface Ended {
  readonly code: number | null;
  readonly log: string;
  readonly milliseconds: number;
}

export interface StepOptions {
  readonly env?: Variables;
  /** Words before the program, which run it as somebody else or somewhere else. */
  readonly as?: readonly string[];
  readonly onStart?: (child: ChildProcess) => void;
}

export interface Runner {
  /** PATH and the places of tool cache and home among them. */
  readonly env: Variables;
  /** Directory of the bundles; this repository's when left out. */
  readonly dist?: string;
  readonly node?: string;
  /** Who owns what is in the job's directories. */
  readonly user?: string;
  /** Words before every program. */
  readonly as?: readonly string[];
}

export interface Job {
  readonly directory: string;
  readonly temporary: string;
  step(bundle: BundleName, inputs: Inputs, options?: StepOptions): Promise<Step>;
  /** From now on its steps are those of the runner's next job, in the same places. */
  next(): void;
  /** Names below RUNNER_TEMP. */
  left(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openJob({ env, user, ...runner }: Runner): Promise<Job> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-job-"));
  const temporary = join(directory, "temp");
  let tracking = randomUUID();
  await mkdir(temporary);
  await chmod(directory, 0o755);
  const later: { env: Variables; path: readonly string[] } = { env: {}, path: [] };
  let steps = 0;

  async function step(bundle: BundleName, inputs: Inputs, options: StepOptions = {}): Promise<Step> {
    steps += 1;
    const files = await runnerFiles(join(directory, `step-${steps}`));
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const variables = (more: Variables): Variables => ({
      ...{ ...env, ...later.env, ...options.env },
      PATH: [...later.path, options.env?.["PATH"] ?? env["PATH"] ?? ""].join(":"),
      ...{ ...files, RUNNER_TEMP: temporary, RUNNER_TRACKING_ID: tracking, GITHUB_WORKSPACE: directory },
      ...{ ...Object.fromEntries(given), ...more },
    });
    if (user !== undefined) await promisify(execFile)("chown", ["--recursive", user, directory]);
    const how = { ...runner, as: [...(options.as ?? []), ...(runner.as ?? [])] };
    const ended = await execute(bundle, variables({}), how, options.onStart);
    const [outputs, state, exported] = await Promise.all(
      [files.GITHUB_OUTPUT, files.GITHUB_STATE, files.GITHUB_ENV].map(parseFile),
    );
    later.env = { ...later.env, ...exported };
    const added = (await readFile(files.GITHUB_PATH, "utf8")).split("\n").filter((line) => line !== "");
    later.path = [...added.toReversed(), ...later.path];
    const saved = Object.fromEntries(Object.entries(state ?? {}).map(([name, value]) => [`STATE_${name}`, value]));
    return {
      ...ended,
      outputs: outputs ?? {},
      engine: state?.["engine"]?.split("/").at(-1) ?? "",
      post: () => execute("post", variables(saved), how),
    };
  }

  return {
    directory,
    temporary,
    step,
    next() {
      tracking = randomUUID();
      later.env = {};
      later.path = [];
    },
    left: () => readdir(temporary),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function runnerFiles(prefix: string) {
  const files = {
    GITHUB_OUTPUT: `${prefix}-output`,
    GITHUB_STATE: `${prefix}-state`,
    GITHUB_ENV: `${prefix}-env`,
    GITHUB_PATH: `${prefix}-path`,
    GITHUB_STEP_SUMMARY: `${prefix}-summary`,
  };
  for (const file of Object.values(files)) await writeFile(file, "", { mode: 0o666 });
  return files;
}

function execute(
  bundle: BundleName,
  env: Variables,
  { as = [], dist = "dist", node = process.execPath }: Omit<Runner, "env">,
  onStart?: StepOptions["onStart"],
): Promise<Ended> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const [program = "", ...args] = [...as, node, resolve(dist, `${bundle}.js`)];
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const streams = ["", ""];
    for (const [index, stream] of [child.stdout, child.stderr].entries()) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        streams[index] += chunk;
      });
    }
    child.on("error", fail);
    // Not "close": what the step started may live on.
    child.on("exit", (code) => {
      const milliseconds = performance.now() - started;
      setImmediate(() => done(endedWith(streams, { code, milliseconds })));
    });
    onStart?.(child);
  });
}

async function endedWith(streams: readonly string[], ended: Omit<Ended, "log">): Promise<Ended> {
  obeyed(streams);
  return { ...ended, log: streams.join("") };
}
