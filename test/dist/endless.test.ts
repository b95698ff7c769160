/** A signal ends the run soon, whatever it is busy with: what a Bento, a tool or a registry gives decides nothing about it. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { MANIFEST, makeMember } from "../bento/archive/making.ts";
import { type BuildOutcome, type Inputs, type Job, makeJob } from "./job.ts";

/** Milliseconds of the run's processor time, which other processes do not lengthen. A second is what it should be. */
const SOON = 5_000;
/** Milliseconds until the run is in the midst of it. */
const MIDST = 700;
const MIB = 2 ** 20;

/**
 * NODE_OPTIONS with which a run keeps a file as long as it listens to SIGTERM: not before it begins, and not when it is over
 * and its process ends. The process's status in /proc does not tell, because Node has a handler of its own from its start.
 */
function tellsOfSigterm(file: string): string {
  const path = JSON.stringify(file);
  const script = `import { rmSync, writeFileSync } from "node:fs";
    process.on("newListener", (name) => name === "SIGTERM" && writeFileSync(${path}, ""));
    process.on("removeListener", (name) => name === "SIGTERM" && rmSync(${path}, { force: true }));`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

/** Milliseconds; undefined when it is over. Source: proc_pid_stat(5), `utime` and `stime` in ticks of 10 ms. */
async function processorTime(pid = 0): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? undefined : 10 * (Number(fields[11]) + Number(fields[12]));
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(20);
}

/** Starts, waits until the run is in the midst of its work, and sends SIGTERM. Some work is over by then, or refused. */
async function interrupt(
  job: Job,
  inputs: Inputs,
  isBusy: () => Promise<boolean> | boolean = () => true,
): Promise<BuildOutcome> {
  const listens = join(job.root, "listens");
  job.environment({ NODE_OPTIONS: tellsOfSigterm(listens) });
  const { child, outcome } = job.start(inputs);
  const ended = once(child, "exit");
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until(() => isOver() || existsSync(listens));
  await until(async () => isOver() || (await isBusy()));
  await Promise.race([ended, sleep(MIDST)]);
  const before = await processorTime(child.pid);
  if (existsSync(listens)) child.kill("SIGTERM");
  let spent = 0;
  while (!isOver() && spent < SOON) {
    await Promise.race([ended, sleep(50)]);
    const now = await processorTime(child.pid);
    if (now !== undefined && before !== undefined) spent = now - before;
  }
  expect(spent).toBeLessThan(SOON);
  await ended;
  const run = await outcome;
  expect([run.signal, run.leftovers]).toEqual([null, []]);
  return run;
}

const HEAD =
  "service: service:Svc\nname: big\nversion: a\nbentoml_version: 1.4.38\ncreation_time: '2026-01-01T00:00:00+00:00'\n";

/** As much of what `line` gives as fits. */
function fill(size: number, line: (index: number) => string): string {
  const lines: string[] = [];
  for (let index = 0, length = 0; length + line(index).length <= size; index += 1) {
    lines.push(line(index));
    length += line(index).length;
  }
  return lines.join("");
}

async function makeBento(job: Job, files: Readonly<Record<string, string>>): Promise<string> {
  const bento = join(job.root, "bento");
  for (const directory of ["src", "env/python", "env/conda"]) await mkdir(join(bento, directory), { recursive: true });
  for (const [path, text] of Object.entries({ "bento.yaml": HEAD, ...files })) await writeFile(join(bento, path), text);
  return bento;
}

describe("a Bento whose bento.yaml is as large as is read", () => {
  it.each<[string, (size: number) => string]>([
    ["flow sequences", (size) => `${HEAD}x: [${"[],".repeat((size - HEAD.length - 5) / 3)}]`],
    ["anchors", (size) => `${HEAD}x:\n${fill(size - 400, (index) => `- &a${index} b\n`)}`],
    ["keys", (size) => HEAD + fill(size - 400, (index) => `k${index}:\n`)],
    ["labels", (size) => `${HEAD}labels:\n${fill(size - 400, (index) => ` k${index}: v\n`)}`],
    ["wrong models", (size) => `${HEAD}models:\n${fill(size - 400, () => "- {}\n")}`],
    ["models that are nowhere", (size) => `${HEAD}models:\n${fill(size - 400, (index) => `- tag: m:${index}\n`)}`],
    [
      "files that are nowhere",
      (size) => `${HEAD}spec: 2\nimage:\n  build_include:\n${fill(size - 400, (index) => `  - a${index}\n`)}`,
    ],
  ])("%s", async (_, make) => {
    const job = await makeJob();
    const bento = await makeBento(job, { "bento.yaml": make(MIB) });
    const run = await interrupt(job, { bento, "dry-run": "true" });
    if (run.code !== 0) expect(run.failure).toMatch(/^\[(?:cancelled|bento)\]/);
  });

  it("a larger one is refused with its name", async () => {
    const job = await makeJob();
    const bento = await makeBento(job, { "bento.yaml": `${HEAD}${"#\n".repeat(MIB / 2)}` });
    const run = await job.run({ bento });
    expect(run.failure).toMatch(/^\[bento\] .*bento\.yaml has \d+ bytes/);
  });
});

describe("a Bento with a file as large as is read", () => {
  it.each<[string, string, string, (index: number) => string]>([
    ["requirements of many packages", "env/python/requirements.txt", "", () => "a\n"],
    ["requirements that name themselves", "env/python/requirements.txt", "", () => "-r requirements.txt\n"],
    ["requirements of wheels that are nowhere", "env/python/requirements.txt", "", (index) => `./a${index}\n`],
    ["an environment of conda", "env/conda/environment.yml", "conda:\n  environment_yml: x\n", () => "- a\n"],
  ])("%s", async (_, path, more, line) => {
    const job = await makeJob();
    const bento = await makeBento(job, { "bento.yaml": HEAD + more, [path]: fill(2 * MIB, line) });
    const run = await interrupt(job, { bento, "dry-run": "true" });
    if (run.code !== 0) expect(run.failure).toMatch(/^\[(?:cancelled|bento)\]/);
  });
});

/** A tar of a Bento with one file of zeros; the end is missing. */
const BOMB = Buffer.concat([makeMember(MANIFEST), bigFile(), Buffer.alloc(16 * MIB)]);

function bigFile(): Buffer {
  const header = makeMember({ path: "zeros", content: "" });
  header.write(`${(2 ** 32).toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** As the program compresses it, then 16 MiB of zeros again and again, for all formats may be strung together. */
function compress(program: string, ...args: readonly string[]): Buffer {
  const run = (input: Buffer): Buffer => spawnSync(program, args, { input, maxBuffer: BOMB.length }).stdout;
  const more = run(Buffer.alloc(16 * MIB));
  return Buffer.concat([run(BOMB), ...Array.from({ length: 30 }, () => more)]);
}

async function hasScratch({ temporary }: Job): Promise<boolean> {
  return (await readdir(temporary, { recursive: true })).some((path) => path.endsWith("bento.yaml"));
}

describe("an archive that is unpacked", () => {
  it.each<[string, () => Buffer]>([
    ["gzip", () => compress("gzip", "-c")],
    ["bzip2", () => compress("bzip2", "-c")],
    ["xz", () => compress("xz", "-0c")],
    ["zstd", () => compress("zstd", "-c")],
    [
      "tar of many entries",
      () =>
        gzipSync(
          Buffer.concat([
            makeMember(MANIFEST),
            ...Array.from({ length: 20_000 }, (_, index) => makeMember({ path: `${index}` })),
          ]),
          { level: 1 },
        ),
    ],
  ])("%s", async (_, make) => {
    const job = await makeJob();
    job.environment({ PATH: `${join(job.root, "bin")}:/usr/bin:/bin` });
    const bento = join(job.root, "bento.archive");
    await writeFile(bento, make());
    const run = await interrupt(job, { bento }, () => hasScratch(job));
    expect(run.failure).toMatch(/^\[(?:cancelled|bento)\]/);
  });
});

describe("a tool that prints without end", () => {
  it.each(["line", "lines"] as const)("%s while it builds", async (floods) => {
    const job = await makeJob({ floods: { what: floods, when: "build" } });
    const run = await interrupt(job, { backend: "podman" }, () => existsSync(join(job.control, "flood")));
    expect(run.failure).toMatch(/^\[cancelled\]/);
  });

  it.each(["line", "lines"] as const)("%s when it is asked", async (floods) => {
    const job = await makeJob({ floods: { what: floods, when: "probe" } });
    const run = await interrupt(job, { backend: "podman" }, () => existsSync(join(job.control, "flood")));
    expect(run.failure).toMatch(/^\[(?:cancelled|tool|engine)\]/);
  });
});

it("a tool whose answer never ends is stopped, and the run says so", async () => {
  const job = await makeJob({ floods: { what: "lines", when: "probe" } });
  const run = await job.run({ backend: "podman" });
  expect(run.failure).toMatch(/^\[tool\] podman printed more than \d+ characters/);
  expect(run.leftovers).toEqual([]);
});

describe("a registry whose answer never ends", () => {
  it.each([
    ["of JSON", '{"a":"', "a".repeat(1 << 14)],
    ["of nothing at all", "", ""],
  ])("%s", async (_, first, more) => {
    let asked = false;
    const server = createServer((_request, response) => {
      asked = true;
      response.writeHead(200, { "content-type": "application/vnd.oci.image.index.v1+json" }).write(first || " ");
      const pump = setInterval(() => more !== "" && response.write(more), 5);
      response.on("close", () => clearInterval(pump)).on("error", () => undefined);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const job = await makeJob();
    const run = await interrupt(
      job,
      {
        backend: "docker",
        tags: `127.0.0.1:${port}/acme/iris:1`,
        push: "true",
        platforms: "linux/amd64",
        "registry-mirrors": `docker.io=127.0.0.1:${port}`,
      },
      () => asked,
    );
    expect(run.failure).toMatch(/^\[(?:cancelled|network)\]/);
  });
});
