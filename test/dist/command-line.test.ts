/** The command line by its bundle, with fake tools. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerWithoutDaemon } from "../fakes/answers.ts";
import { tinyImage } from "../fakes/image.ts";
import { runCommand, startCommand } from "./command.ts";
import { makeJob, startRegistry } from "./job.ts";

const { manifest } = tinyImage();
const BUILD = ["build", "greeter", "--install", "never"];

describe("bento-image build", () => {
  it("builds, prints the results on standard output and the log on standard error, and leaves nothing", async () => {
    const job = await makeJob();
    const run = await runCommand(job, [
      ...BUILD,
      "--backend",
      "podman",
      "--assembly",
      "backend",
      "--output",
      "oci:image",
    ]);
    expect([run.code, run.leftovers]).toEqual([0, []]);
    expect(run.stdout).toContain(`digest: ${manifest.digest}\n`);
    expect(run.stdout).toContain(`layout: ${join(job.workspace, "image")}\n`);
    expect(run.stdout).toMatch(/^(?:[a-z-]+: .*\n)+$/);
    expect(run.stderr).not.toMatch(/^::/m);
    for (const text of ["\u001b", "FROM "]) expect(run.stderr).not.toContain(text);
    expect(existsSync(join(job.workspace, "image/index.json"))).toBe(true);
  });

  it("prints one JSON object with --json, whose values are no text in text", async () => {
    const registry = await startRegistry();
    const job = await makeJob();
    const tags = ["1", "2"].flatMap((tag) => ["-t", `${registry.host}/acme/iris:${tag}`]);
    const run = await runCommand(job, [
      ...BUILD,
      ...tags,
      "--push",
      "--backend=podman",
      "--assembly=backend",
      "--json",
    ]);
    const results = JSON.parse(run.stdout);
    expect(results).toMatchObject({
      digest: manifest.digest,
      images: [`${registry.host}/acme/iris@${manifest.digest}`],
      digests: { "linux/amd64": { digest: manifest.digest } },
      metadata: { backend: "podman" },
    });
    expect(results).not.toHaveProperty("dockerfile");
    expect([...(registry.manifests.get("acme/iris")?.keys() ?? [])]).toEqual(expect.arrayContaining(["1", "2"]));
  });

  it("gives the outputs of the action for the same inputs", async () => {
    const job = await makeJob();
    const run = await runCommand(job, [...BUILD, "--backend", "buildah", "--output", "oci:one", "--json"]);
    const action = await job.run({ backend: "buildah", output: "oci:two" });
    const results = JSON.parse(run.stdout);
    for (const name of ["digest", "imageid", "tags", "bento", "backend"]) {
      expect([name, results[name]]).toEqual([name, action.outputs.get(name)]);
    }
  });

  it("keeps the Dockerfile of a dry run, which the printed commands name", async () => {
    const job = await makeJob();
    const run = await runCommand(job, [...BUILD, "--dry-run", "--backend", "docker"]);
    const [, path = ""] = /^dockerfile: (.*)$/m.exec(run.stdout) ?? [];
    expect(await readFile(path, "utf8")).toContain("FROM ");
    expect(run.stderr).toContain(`--file ${path}`);
  });

  it("writes a summary where it is told to, and none by itself", async () => {
    const job = await makeJob();
    const summary = join(job.root, "STEP_SUMMARY");
    const run = await runCommand(job, [...BUILD, "--summary", "summary.md"], { GITHUB_STEP_SUMMARY: summary });
    expect(run.code).toBe(0);
    expect(await readFile(join(job.workspace, "summary.md"), "utf8")).toContain("greeter");
    await runCommand(job, BUILD, { GITHUB_STEP_SUMMARY: summary });
    expect(await readFile(summary, "utf8")).toBe("");
  });

  it("takes inputs from flags alone, and paths from the working directory", async () => {
    const job = await makeJob();
    const variables = { INPUT_BACKEND: "nothing", INPUT_PUSH: "true", GITHUB_WORKSPACE: "/nowhere" };
    const run = await runCommand(job, [...BUILD, "--backend", "podman", "--output", "image.tar"], variables);
    expect(run.code).toBe(0);
    expect(existsSync(join(job.workspace, "image.tar"))).toBe(true);
  });
});

describe("exit codes", () => {
  it("2: mistakes of the command line, all at once and named as flags", async () => {
    const job = await makeJob();
    const args = ["build", "--tgas", "x", "--format", "zip", "--timeout=0", "--cache-key=hush-5719"];
    const run = await runCommand(job, args);
    expect([run.code, run.stdout, run.calls]).toEqual([2, "", []]);
    for (const part of [
      "--tgas: there is no such flag; did you mean --tags?",
      "--bento: it is required (for example: --bento ./dist/iris.bento)",
      '--format: "zip" is none of oci, docker (for example: --format oci)',
      "--timeout: ",
      "--cache-key: the value is not given here, but as env:VARIABLE or file:PATH",
    ]) {
      expect(run.stderr).toContain(part);
    }
    expect(run.stderr).not.toContain("hush");
  });

  it.each([[[]], [["biuld"]]])("2: no command: %j", async (args) => {
    const run = await runCommand(await makeJob(), args);
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain("The commands are build, merge, matrix");
  });

  it("1: the build failed, with the error as JSON where results would be", async () => {
    const job = await makeJob({
      exit: 1,
      prints: ['ERROR: failed to solve: process "/bin/sh -c pip" did not complete'],
    });
    const run = await runCommand(job, [...BUILD, "--backend", "docker", "--json"]);
    expect([run.code, run.leftovers]).toEqual([1, []]);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { class: expect.any(String), message: expect.any(String) } });
    expect(run.stderr).toMatch(/^error: /m);
  });

  it("69: there is no engine", async () => {
    const job = await makeJob({ answers: { "docker info": dockerWithoutDaemon } });
    expect((await runCommand(job, [...BUILD, "--backend", "docker"])).code).toBe(69);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s: %i, when all that was started has ended", async (signal, code) => {
    const job = await makeJob({ hangs: "build" });
    const { child, outcome } = startCommand(job, [...BUILD, "--backend", "podman"]);
    const pids = await job.hanging();
    child.kill(signal);
    const run = await outcome;
    expect([run.code, run.leftovers]).toEqual([code, []]);
    for (const pid of pids) expect(existsSync(`/proc/${pid}/cwd`)).toBe(false);
  });
});

describe("secrets", () => {
  const KEY = "-----BEGIN KEY-----\nc29tZSBieXRlcyA1NzE5\n-----END KEY-----\n";

  it("are hidden in all that is printed: whole, by lines, encoded, and divided by escape sequences", async () => {
    const prints = [
      "token hush-5719",
      "token hu\u001b[0msh-57\u001b]0;title\u000719",
      "token hu\u0000sh\r-57\u000819",
      Buffer.from("user:hush-5719").toString("base64"),
      ...KEY.split("\n"),
      JSON.stringify(KEY),
    ];
    const job = await makeJob({ prints });
    await writeFile(join(job.workspace, "key.pem"), KEY);
    await writeFile(join(job.workspace, "secrets"), "TOKEN=hush-5719\n");
    const run = await runCommand(job, [
      ...[...BUILD, "--backend", "podman", "--secret-files", "key=key.pem", "--secrets", "file:secrets"],
      ...["--labels", "note=hush-5719", "--json", "--debug", "--summary", "summary.md"],
    ]);
    expect(run.code).toBe(0);
    const printed = run.stdout + run.stderr + (await readFile(join(job.workspace, "summary.md"), "utf8"));
    for (const part of [
      "hush-5719",
      "c29tZSBieXRlcyA1NzE5",
      Buffer.from("hush-5719").toString("base64").slice(4, 10),
    ]) {
      expect(printed).not.toContain(part);
    }
    expect(printed.match(/^ +token .*$/gm)).toEqual(Array(3).fill("  token ***"));
    expect(run.calls.some(({ secrets }) => secrets.some(({ content }) => content === "hush-5719"))).toBe(true);
  });

  it("that a flag takes from a variable reach no tool by it", async () => {
    const job = await makeJob();
    const variables = { KEY: "hush-5719-hush-5719-hush-5719-hush", OTHER: "seen" };
    const run = await runCommand(job, [...BUILD, "--backend", "docker", "--cache-key", "env:KEY"], variables);
    expect(run.code).toBe(0);
    expect(new Set(run.calls.map(({ env }) => env["OTHER"]))).toEqual(new Set(["seen"]));
    expect(JSON.stringify(run.calls)).not.toContain("hush-5719");
  });

  it.each([
    ["env:NOWHERE", "--cache-key: NOWHERE is not set"],
    ["file:nowhere", "--cache-key: nowhere cannot be read"],
  ])("that are not there are named: %s", async (place, mistake) => {
    const run = await runCommand(await makeJob(), [...BUILD, "--cache-key", place]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(mistake);
  });
});

it("--debug shows the Dockerfile in the log", async () => {
  const run = await runCommand(await makeJob(), [...BUILD, "--backend", "podman", "--debug"]);
  expect(run.stderr).toMatch(/^ {2}FROM /m);
});

describe("help", () => {
  it("names every input of action.yml but those of older workflows", async () => {
    const job = await makeJob();
    const { code, stdout } = await runCommand(job, ["build", "--help"]);
    const manifest = await readFile(new URL("../../action.yml", import.meta.url), "utf8");
    const inputs = manifest.slice(0, manifest.indexOf("\noutputs:"));
    const names = [...inputs.matchAll(/^ {2}([a-z-]+):\n {4}description/gm)].map(([, name]) => name);
    const missing = names.filter((name) => !new RegExp(`^ +(?:-[a-z], )?--(?:\\[no-\\])?${name}\\b`, "m").test(stdout));
    expect([code, missing]).toEqual([0, ["bento-tag", "oci-backend", "outputs"]]);
  });

  it.each([["--help"], ["-h"], ["merge", "--help"], ["matrix", "-h"], ["--version"], ["build", "--version"]])(
    "and the version need nothing else: %s %s",
    async (...args) => {
      const run = await runCommand(await makeJob({}, { tools: [] }), args);
      expect([run.code, run.stderr]).toEqual([0, ""]);
      expect(run.stdout).toMatch(/^(?:Usage: )?bento-image /);
    },
  );
});

it("bento-image matrix prints the matrix of the action", async () => {
  const run = await runCommand(await makeJob(), ["matrix", "--platforms", "linux/amd64,linux/arm64", "--json"]);
  expect(JSON.parse(run.stdout).matrix.include).toHaveLength(2);
});

it("bento-image merge names its mistakes as flags", async () => {
  const run = await runCommand(await makeJob(), ["merge"]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("--digests, --digests-from, --sources: at least one must name the images to merge");
  expect(run.stderr).toContain("--tags: at least one is required");
});
