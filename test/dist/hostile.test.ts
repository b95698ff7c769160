import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVERY_COMMAND, EVIL, foreignText } from "../fakes/foreign-text.ts";
import { type BuildOutcome, IMAGE_BACKENDS, makeJob, startRegistry } from "./job.ts";

/** Raw, below BuildKit's prefix, and after what a terminal would take for the beginning of a line. */
const HOSTILE_LINES = ["", "  ", "#7 0.1 ", "fine\r", "\u0085"].flatMap((before) =>
  EVERY_COMMAND.map((command) => `${before}${command}`),
);

const HOSTILE = `$(touch pwned) \`touch pwned\`; touch pwned & "two" 'one' \\ * ~ --push %0A ::stop-commands::x`;

/** What the runner gives to this action alone. */
const TOKENS = {
  ACTIONS_RUNTIME_TOKEN: "runtime-9174",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "identity-9174",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://identity-9174.example",
};

function everythingSaid({ log, outputs, summary, calls }: BuildOutcome): string {
  const seen = calls.map(({ tool, args, env }) => ({ tool, args, env }));
  return [log.replace(/^::add-mask::.*$/gm, ""), JSON.stringify([...outputs]), summary, JSON.stringify(seen)].join(
    "\n",
  );
}

describe.each(IMAGE_BACKENDS)("with %s", (backend) => {
  it("a hostile value is one argument, and no shell sees it", async () => {
    const job = await makeJob();
    const run = await job.run({
      backend,
      "build-args": `EVIL=${HOSTILE}`,
      target: "--help",
      "extra-args": `--x=${HOSTILE}`,
    });
    const args = run.builds[0]?.args ?? [];
    expect(run.code).toBe(0);
    expect(args.filter((arg) => arg.endsWith(`EVIL=${HOSTILE}`))).toHaveLength(1);
    expect(args).toContain(`--x=${HOSTILE}`);
    expect(existsSync(join(job.workspace, "pwned"))).toBe(false);
  });

  it("secrets reach the build in private files, and are seen nowhere else", async () => {
    const job = await makeJob();
    await writeFile(join(job.workspace, "netrc"), "file-secret-9174\nsecond-line-9174");
    job.environment({ API_KEY: "variable-secret-9174" });
    const run = await job.run({
      backend,
      secrets: "TOKEN=input-secret-9174",
      "secret-envs": "KEY=API_KEY",
      "secret-files": "netrc=netrc",
    });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.builds[0]?.secrets).toEqual([
      { id: "TOKEN", mode: 0o600, directoryMode: 0o700, content: "input-secret-9174" },
      { id: "KEY", mode: 0o600, directoryMode: 0o700, content: "variable-secret-9174" },
      { id: "netrc", mode: 0o600, directoryMode: 0o700, content: "file-secret-9174\nsecond-line-9174" },
    ]);
    expect(everythingSaid(run)).not.toContain("9174");
    for (const value of ["input-secret", "variable-secret", "file-secret", "second-line"]) {
      expect(run.log).toContain(`::add-mask::${value}-9174\n`);
    }
    expect(run.leftovers).toEqual([]);
  });

  it("the tools see none of the variables that would decide in the inputs' place", async () => {
    const job = await makeJob();
    const ambient = {
      DOCKER_DEFAULT_PLATFORM: "linux/s390x",
      DOCKER_BUILDKIT: "0",
      BUILDX_NO_DEFAULT_LOAD: "1",
      BUILDAH_FORMAT: "docker",
      BUILDAH_LAYERS: "false",
      SOURCE_DATE_EPOCH: "1",
    };
    job.environment({ ...ambient, HTTPS_PROXY: "http://proxy.example:3128" });
    const run = await job.run({ backend });
    expect(run.code).toBe(0);
    for (const { env } of run.calls) {
      expect(Object.keys(env).filter((name) => name in ambient || name.startsWith("INPUT_"))).toEqual([]);
      expect(env["HTTPS_PROXY"]).toBe("http://proxy.example:3128");
    }
  });

  it.each([
    ["goes well", {}],
    ["fails, so that its lines are in the error", { exit: 1 }],
  ])("a build that prints every command of the runner, and %s, is not obeyed", async (_, ending) => {
    const inputs = { backend, secrets: "TOKEN=input-secret-9174" };
    const quiet = await (await makeJob({ prints: ["fine"], ...ending })).run(inputs);
    const others = [7241, undefined].flatMap((seed) => fc.sample(foreignText, { numRuns: 150, ...(seed && { seed }) }));
    const job = await makeJob({ prints: [...others, ...HOSTILE_LINES], ...ending });
    const run = await job.run(inputs);
    const said = ({ commands }: BuildOutcome) =>
      commands.filter(({ name }) => name !== "error").map(({ line }) => line);
    expect([run.code, said(run), run.later]).toEqual([quiet.code, said(quiet), quiet.later]);
    expect([...run.outputs.keys()]).toEqual([...quiet.outputs.keys()]);
    expect(JSON.stringify([...run.outputs])).not.toContain(EVIL);
    expect(run.log).toContain(`\\::error name=engine,file=${EVIL}::${EVIL}`);
    expect(run.log).toContain(`#7 0.1 ##\\[save-state name=engine;file=${EVIL}]${EVIL}`);
  });

  it("a dry run starts nothing, needs no tool, and prints lines that paste", async () => {
    const job = await makeJob({}, { tools: [] });
    const run = await job.run({
      backend,
      "dry-run": "true",
      push: "true",
      tags: "registry.example.com/acme/iris:1\nregistry.example.com/acme/iris:2",
      "build-args": `EVIL=${HOSTILE}`,
      secrets: "TOKEN=input-secret-9174",
    });
    expect([run.code, run.calls, run.leftovers]).toEqual([0, [], []]);
    expect(everythingSaid(run)).not.toContain("9174");
    const commands = run.outputs.get("commands") ?? "";
    expect(run.log).toContain(commands.split("\n")[0]);
    expect(spawnSync("sh", ["-n"], { input: commands }).status).toBe(0);
    expect(await readFile(run.outputs.get("dockerfile") ?? "", "utf8")).toContain("FROM ");
    expect([run.outputs.get("digest"), run.outputs.get("layout")]).toEqual(["", ""]);
  });
});

describe("what a stranger wrote", () => {
  it("cannot add outputs", async () => {
    const job = await makeJob();
    // One value of several lines, each of which would be an output of its own if it were written as it comes.
    const lines = ["EVIL=1", "digest<<EOF", "sha256:forged", "EOF", "forged=yes", "ghadelimiter_x", "imageid=forged"];
    const run = await job.run({
      backend: "docker",
      "build-args": `"${lines.join("\n")}"`,
      "extra-args": "ghadelimiter\ndigest<<X",
    });
    expect(run.code).toBe(0);
    // On lines of its own, so that this can fail.
    expect(run.outputs.get("commands")).toMatch(/^(?:'')?forged=yes$/m);
    expect(run.outputs.get("digest")).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(run.outputs.get("imageid")).not.toBe("forged");
    expect([...run.outputs.keys()].filter((name) => name === "forged" || !/^[a-z]+$/.test(name))).toEqual([]);
  });

  it("cannot put HTML or code fences of its own into the summary", async () => {
    const fencesOf = async (value: string) => {
      const run = await (await makeJob()).run({ "build-args": `A=${value}\nB=</details><img src=x>` });
      expect(run.code).toBe(0);
      return run.summary.match(/^```/gm)?.length;
    };
    expect(await fencesOf("```")).toBe(await fencesOf("x"));
  });

  it("a secret without a value ends the run before anything is built", async () => {
    const job = await makeJob();
    const run = await job.run({ "secret-envs": "NO_SUCH_VARIABLE", "secret-files": "a=missing.txt" });
    expect(run.failure).toMatch(/^\[input\].*NO_SUCH_VARIABLE.*missing\.txt/);
    expect(run.builds).toEqual([]);
  });

  it("a program that keeps passwords does not see the inputs", async () => {
    const registry = await startRegistry();
    Object.assign(registry.quirks, { login: "basic", user: "me:password" });
    const job = await makeJob();
    const seen = join(job.root, "seen");
    await writeFile(join(job.root, "bin/docker-credential-spy"), `#!/bin/sh\nexport -p > '${seen}'\nexit 1\n`, {
      mode: 0o755,
    });
    await mkdir(join(job.root, "user/.docker"), { recursive: true });
    await writeFile(join(job.root, "user/.docker/config.json"), '{"credsStore":"spy"}');
    job.environment({ AWS_PROFILE: "for-the-program", ...TOKENS });
    await job.run({
      backend: "podman",
      push: "true",
      tags: `${registry.host}/acme/iris:1`,
      secrets: "TOKEN=input-secret-9174",
    });
    expect(await readFile(seen, "utf8")).not.toContain("9174");
    expect(await readFile(seen, "utf8")).toContain("for-the-program");
  });

  it("a Bento that asks for tokens of the job, or for what tools need, gets its own words and takes nothing away", async () => {
    const job = await makeJob();
    const step = { ...TOKENS, GITHUB_TOKEN: "github-9174", AWS_SECRET_ACCESS_KEY: "aws-9174", HF_TOKEN: "hf-9174" };
    const names = [...Object.keys(step), "INPUT_BENTO", "PATH", "HOME", "HTTPS_PROXY", "DOCKER_HOST"];
    const file = join(job.home, "bentos/greeter/az3yh3hfjwpwwax4/bento.yaml");
    const envs = names.map((name) => ({ name, value: "the-bento's-own", stage: "build" }));
    await writeFile(file, (await readFile(file, "utf8")).replace(/^envs: \[\]$/m, `envs: ${JSON.stringify(envs)}`));
    job.environment({ ...step, DOCKER_HOST: "tcp://engine.example:2375" });
    const run = await job.run({ backend: "podman" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    const [build] = run.builds;
    expect(build?.secrets.map(({ id, content }) => [id, content])).toEqual(
      names.map((name) => [name, "the-bento's-own"]),
    );
    expect(build?.env).toMatchObject({ DOCKER_HOST: "tcp://engine.example:2375", HTTPS_PROXY: "http://127.0.0.1:9" });
  });
});
