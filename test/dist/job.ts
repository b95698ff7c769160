/** Runs dist/main.js as the runner runs it: a process of its own, inputs in INPUT_* variables, files for outputs and summary. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import type { Backend } from "../../src/backends/backend.ts";
import { BACKENDS as ALL } from "../../src/backends/index.ts";
import { refusalOf } from "../../src/commands/answers.ts";
import { compile } from "../../src/commands/compile.ts";
import { planOf } from "../backends/plans.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { type Answers, HEALTHY } from "../fakes/answers.ts";
import type { Behaviour, Call } from "../fakes/cli.ts";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { type Command, commandsIn, parseCommandFile, unmeantIn } from "../fakes/runner.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const CLI = fileURLToPath(new URL("../fakes/cli.ts", import.meta.url));

/** Those that make whole images, with all that those of Bentos need; others make environments for direct assembly alone. */
export const IMAGE_BACKENDS = ALL.filter(
  (backend) =>
    refusalOf(backend, "contexts", [], backend.assumed, {}) === undefined &&
    refusalOf(backend, "secrets", [], backend.assumed, {}) === undefined &&
    refusalOf(backend, "epoch", { seconds: 0, rewrite: true }, backend.assumed, {}) === undefined,
).map(({ name }) => name);

/** Those that can fetch the base image from a mirror of docker.io. */
export const MIRROR_BACKENDS = ALL.filter(
  (backend) => refusalOf(backend, "registryMirrors", {}, backend.assumed, {}) === undefined,
).map(({ name }) => name);

/** Whether the tool pushes the image by itself, and not this action what the tool leaves in a layout. */
export function pushesItself(name: string): boolean {
  const backend = ALL.find((one) => one.name === name);
  if (backend === undefined) throw new Error(`${name} is no backend`);
  const { steps } = compile(backend, planOf({}, [{ kind: "push" }]), backend.assumed, []);
  return !steps.some(({ kind }) => kind === "upload");
}

/** The programs that a backend needs to be asked. */
export function programsOf({ tool, questions }: Backend): readonly string[] {
  return [...new Set([tool, ...questions(undefined).map((question) => question.tool ?? tool)])];
}

const TOOLS = [...new Set(ALL.flatMap(programsOf))];

/** A step's files, of the variables `GITHUB_…`. */
export const RUNNER_FILES = ["OUTPUT", "STATE", "ENV", "PATH", "STEP_SUMMARY"] as const;

type RunnerFile = (typeof RUNNER_FILES)[number];

export type Inputs = Readonly<Record<string, string>>;

export interface BuildOutcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly log: string;
  /** What the runner obeys of the log; each of it is meant, or the scenario fails. */
  readonly commands: readonly Command[];
  readonly outputs: ReadonlyMap<string, string>;
  /** Everything that the step leaves for later steps and for its own post step: state, variables, directories. */
  readonly later: string;
  /** The first line of the error annotation: its class in brackets, what failed. */
  readonly failure: string | undefined;
  readonly summary: string;
  readonly calls: readonly Call[];
  /** Calls that are no probes. */
  readonly builds: readonly Call[];
  /** What is left below RUNNER_TEMP but the kept directory: the Dockerfile, and where the commands write what they built. */
  readonly leftovers: readonly string[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<BuildOutcome>;
}

export class Job {
  readonly root: string;
  readonly workspace: string;
  readonly temporary: string;
  /** BENTOML_HOME; holds the Bento `greeter`. */
  readonly home: string;
  readonly control: string;
  readonly #environment: Record<string, string> = {};

  constructor(root: string, workspace: string) {
    this.root = root;
    this.workspace = join(root, workspace);
    this.temporary = join(root, "temp");
    this.home = join(root, "store");
    this.control = join(root, "control");
  }

  /** What the tools on PATH do; all of them are there unless some are named. */
  async behave(behaviour: Partial<Behaviour> = {}, tools: readonly string[] = TOOLS): Promise<void> {
    const answers: Answers = { ...HEALTHY, ...behaviour.answers };
    await writeFile(join(this.control, "behaviour.json"), JSON.stringify({ ...behaviour, answers }));
    const bin = join(this.root, "bin");
    await rm(bin, { recursive: true, force: true });
    await mkdir(bin);
    for (const tool of tools) {
      const script = `#!/bin/sh\nexec '${process.execPath}' '${CLI}' '${this.control}' ${tool} "$@"\n`;
      await writeFile(join(bin, tool), script, { mode: 0o755 });
      await chmod(join(bin, tool), 0o755);
    }
  }

  /** More variables of the step; an empty value takes one away. */
  environment(variables: Readonly<Record<string, string>>): void {
    Object.assign(this.#environment, variables);
  }

  start(inputs: Inputs): Running {
    // The fake engines fetch no image from this machine, so what is loaded is made by the backend.
    const isLoaded = "load" in inputs || !["push", "push-by-digest", "output"].some((name) => name in inputs);
    const assembly = isLoaded ? { assembly: "backend" } : {};
    const given = { bento: "greeter", "bentoml-home": this.home, install: "never", ...assembly, ...inputs };
    const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const);
    const env: Record<string, string> = {
      PATH: join(this.root, "bin"),
      HOME: join(this.root, "user"),
      RUNNER_TEMP: this.temporary,
      GITHUB_WORKSPACE: this.workspace,
      ...Object.fromEntries(RUNNER_FILES.map((name) => [`GITHUB_${name}`, join(this.root, name)])),
      // Nothing listens there: no test asks anybody but this machine.
      HTTPS_PROXY: "http://127.0.0.1:9",
      ...Object.fromEntries(variables),
      ...this.#environment,
    };
    const child = spawn(process.execPath, [MAIN], {
      cwd: this.workspace,
      env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")),
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { child, outcome: this.#end(child) };
  }

  run(inputs: Inputs = {}): Promise<BuildOutcome> {
    return this.start(inputs).outcome;
  }

  /** Waits until the fake tool hangs; gives its process and the one it started. */
  async hanging(): Promise<readonly number[]> {
    const file = join(this.control, "pids");
    while (!existsSync(file)) await sleep(20);
    await sleep(20);
    return (await readFile(file, "utf8")).split(" ").map(Number);
  }

  async #end(child: ChildProcess): Promise<BuildOutcome> {
    const printed = Promise.all([child.stdout, child.stderr].map((output) => (output === null ? "" : text(output))));
    const [[code, signal], streams] = await Promise.all([once(child, "close"), printed]);
    const log = streams.join("");
    expect(streams.flatMap(unmeantIn)).toEqual([]);
    const read = (name: RunnerFile) => readFile(join(this.root, name), "utf8");
    const calls = await this.#calls();
    return {
      code,
      signal,
      log,
      commands: streams.flatMap(commandsIn),
      calls,
      builds: calls.filter(({ tool, args }) => !isProbe([tool, ...args].join(" "))),
      outputs: parseCommandFile(await read("OUTPUT")),
      later: (await Promise.all([read("STATE"), read("ENV"), read("PATH")])).join(""),
      failure: /^::error[^:]*::([^%\n]*)/m.exec(log)?.[1],
      summary: await read("STEP_SUMMARY"),
      leftovers: await leftoversOf(this.temporary),
    };
  }

  async #calls(): Promise<readonly Call[]> {
    const lines = await readFile(join(this.control, "calls.jsonl"), "utf8").catch(() => "");
    return lines.split("\n").flatMap((line): readonly Call[] => (line === "" ? [] : [JSON.parse(line)]));
  }
}

function isProbe(line: string): boolean {
  return Object.keys(HEALTHY).some((key) => line.replace(/ --addr \S+/, "").startsWith(key));
}

async function leftoversOf(temporary: string): Promise<readonly string[]> {
  const paths = await readdir(temporary, { recursive: true }).catch(() => []);
  const kept = /^[^/]+\/(?:Dockerfile|generated|metadata\.json|image(?:-\d)?\.id)/;
  return paths.filter((path) => path.includes("/") && !kept.test(path));
}

/** A job with a workspace, a store with one Bento, and all tools in good health. Removed when the test ends. */
export async function makeJob(
  behaviour: Partial<Behaviour> = {},
  { workspace = "workspace", tools = TOOLS as readonly string[] } = {},
): Promise<Job> {
  const root = await mkdtemp(join(tmpdir(), "bento-dist-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const job = new Job(root, workspace);
  for (const directory of [job.workspace, job.temporary, job.control]) await mkdir(directory, { recursive: true });
  await unpackFixture(job.home, "good/minimal/home.tar.gz");
  // The runner makes them before the step starts.
  for (const file of RUNNER_FILES) await writeFile(join(root, file), "");
  await job.behave(behaviour, tools);
  return job;
}

/** A registry that holds the fakes' image in `acme/iris` under these tags, as if the tool had pushed it. */
export async function startRegistry(tags: readonly string[] = [], marker?: string): Promise<FakeRegistry> {
  const registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  const { manifest, config, layers } = tinyImage(marker);
  const blobs = [config, ...layers].map(({ digest, bytes }) => [digest, bytes] as const);
  registry.blobs.set("acme/iris", new Map(blobs));
  const names = tags.length === 0 ? [] : [manifest.digest, ...tags];
  registry.manifests.set("acme/iris", new Map(names.map((name) => [name, manifest])));
  return registry;
}
