import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { able } from "../backends/able.ts";
import { tinyImage } from "../fakes/image.ts";
import { IMAGE_BACKENDS, makeJob, startRegistry } from "./job.ts";

const RUN_STEP = [
  "#12 [environment 5/6] RUN pip install torch",
  "------",
  " > [environment 5/6] RUN pip install torch:",
  "1.2 No matching distribution found for torch",
  "------",
  "Dockerfile:31",
  "--------------------",
  "  30 |",
  "  31 | >>> RUN pip install torch",
  "--------------------",
  'ERROR: failed to build: failed to solve: process "/bin/sh -c pip install torch" did not complete successfully: exit code: 1',
];

describe("the summary of a build that fails", () => {
  it("tells the step, its own lines and what to do, without the secrets of the build", async () => {
    const secret = "hu$h_*5719";
    const job = await makeJob({
      exit: 1,
      prints: [...RUN_STEP.slice(0, 3), `1.1 token ${secret}`, ...RUN_STEP.slice(3)],
    });
    const run = await job.run({ backend: "buildx", secrets: `TOKEN=${secret}` });
    expect(run.code).toBe(1);
    expect(run.summary).toMatch(/^#### ❌ `greeter` · A build step failed\n/);
    expect(run.summary).toContain("1.2 No matching distribution found for torch");
    expect(run.summary).toContain("token ***");
    expect(run.summary).not.toContain("5719");
    expect(run.summary).toContain("**What to do:** ");
    expect(run.summary).toContain("/docs/troubleshooting.md#run-step");
  });

  it("is not written when none is wanted", async () => {
    const job = await makeJob({ exit: 1 });
    expect(await job.run({ summary: "false" })).toMatchObject({ code: 1, summary: "" });
  });
});

describe.each(IMAGE_BACKENDS)("a build with %s fails", (backend) => {
  it("when the tool ends with an exit code, though it prints nothing", async () => {
    const job = await makeJob({ exit: 3 });
    const run = await job.run({ backend });
    expect([run.code, run.signal]).toEqual([1, null]);
    expect(run.failure).toMatch(/^\[tool\] .*exit code 3/);
    expect(run.outputs.size).toBe(0);
    expect(run.leftovers).toEqual([]);
  });

  it("when a signal ends the tool", async () => {
    const job = await makeJob({ signal: "SIGKILL" });
    const run = await job.run({ backend });
    expect([run.code, run.signal]).toEqual([1, null]);
    expect(run.failure).toMatch(/^\[tool\] .*SIGKILL/);
  });

  it("when the tool ends well and leaves nothing that says what it built", async () => {
    const job = await makeJob({ silent: true });
    const run = await job.run({ backend });
    expect(run.code).toBe(1);
    expect(run.failure).toMatch(/^\[tool\] .*did not report what it built/);
  });

  it("when what the tool says cannot be read", async () => {
    const job = await makeJob({ claimsText: "<html>" });
    const run = await job.run({ backend });
    expect(run.code).toBe(1);
    expect(run.failure).toMatch(/^\[tool\]/);
  });

  it("when the registry does not hold what was to be pushed", async () => {
    const registry = await startRegistry();
    registry.quirks.tagPut = { status: 201, body: "" };
    const job = await makeJob();
    const run = await job.run({ backend, tags: `${registry.host}/acme/iris:1`, push: "true" });
    expect(run.code).toBe(1);
    expect(run.failure).toContain("acme/iris");
    expect(run.outputs.get("digest")).toBeUndefined();
  });

  it("when the tool says another image than the layout holds", async () => {
    const job = await makeJob({ claims: "another" });
    const run = await job.run({ backend, output: "oci:image", ...(backend === "nerdctl" ? { load: "true" } : {}) });
    expect(run.code).toBe(1);
    expect(run.failure).toMatch(/is not the same everywhere/);
    expect(run.log).toContain(tinyImage("another").config.digest.slice(0, 7));
    expect(existsSync(join(job.workspace, "image"))).toBe(false);
  });
});

describe("a failed step", () => {
  it("is told by class, tool's own lines, advice, file and line of the Dockerfile", async () => {
    const job = await makeJob({ prints: RUN_STEP, exit: 1 });
    const run = await job.run({ backend: "buildx" });
    expect(run.failure).toMatch(/^\[run-step\]/);
    expect(run.log).toMatch(/^::error title=A build step failed,file=[^,]+Dockerfile,line=31::/m);
    expect(run.log).toMatch(/No matching distribution found for torch%0A/);
  });

  it("removes the files that were asked for", async () => {
    const job = await makeJob({ claims: "another" });
    const run = await job.run({
      backend: "buildx",
      output: "oci:layout\noci-archive:image.tar\ndocker-archive:docker.tar",
    });
    expect(run.code).toBe(1);
    expect(await readdir(job.workspace)).toEqual([]);
  });

  it("never removes what was there before", async () => {
    const job = await makeJob({ exit: 1 });
    await mkdir(join(job.workspace, "layout"));
    await writeFile(join(job.workspace, "layout/mine"), "");
    await writeFile(join(job.workspace, "image.tar"), "older");
    await job.run({ backend: "buildx", output: "oci:layout\noci-archive:image.tar" });
    expect(await readdir(job.workspace, { recursive: true })).toEqual(["image.tar", "layout", "layout/mine"]);
  });
});

describe("mistakes in the inputs", () => {
  it("are told all at once, before any tool is asked", async () => {
    const job = await makeJob();
    const run = await job.run({ push: "yes", platforms: "toaster", compression: "lzma", tags: "Acme/Iris" });
    const errors = run.commands.filter(({ name }) => name === "error").map(({ data }) => data);
    const names = ["tags", "push", "platforms", "compression"];
    expect(errors.map((text) => text.split(":")[0]).sort()).toEqual(names.map((name) => `[input] ${name}`).sort());
    for (const name of names) {
      expect(run.summary).toMatch(new RegExp(`^- \`+ ?${name}: .*/docs/inputs\\.md#${name}\\)$`, "m"));
    }
    expect([run.code, run.calls]).toEqual([1, []]);
  });

  it("what a backend cannot do is refused with those that can", async () => {
    const job = await makeJob();
    const run = await job.run({ backend: "podman", sbom: "true", allow: "network.host" });
    expect(run.failure).toMatch(
      new RegExp(`^\\[input\\].*attests: .*allow: .*${able("docker", "buildx", "nerdctl", "buildctl")}`),
    );
    expect(run.builds).toEqual([]);
  });
});
