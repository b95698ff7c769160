import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listTree } from "../bento/fixtures.ts";
import { tinyImage } from "../fakes/image.ts";
import { IMAGE_BACKENDS, makeJob, pushesItself, startRegistry } from "./job.ts";

const { manifest, config } = tinyImage();

describe.each(IMAGE_BACKENDS)("a build with %s", (backend) => {
  it("is loaded when neither push nor output is asked for", async () => {
    const job = await makeJob();
    const run = await job.run({ backend });
    expect(run.log).not.toContain("::error");
    expect([run.code, run.signal]).toEqual([0, null]);
    expect(run.outputs.get("backend")).toBe(backend);
    expect(run.outputs.get("bento")).toBe("greeter:az3yh3hfjwpwwax4");
    expect(run.outputs.get("tags")).toBe("docker.io/library/greeter:az3yh3hfjwpwwax4");
    expect(run.outputs.get("imageid") || run.outputs.get("digest")).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(run.leftovers).toEqual([]);
  });

  it("that is pushed says what the registry holds", async () => {
    const registry = await startRegistry(pushesItself(backend) ? ["1", "2"] : []);
    const job = await makeJob();
    const name = `${registry.host}/acme/iris`;
    const run = await job.run({ backend, assembly: "backend", tags: `${name}:1\n${name}:2`, push: "true" });
    expect(run.log).not.toContain("::error");
    expect(run.code).toBe(0);
    expect(run.outputs.get("digest")).toBe(manifest.digest);
    expect(run.outputs.get("imageid")).toBe(config.digest);
    expect(run.outputs.get("image")).toBe(`${name}@${manifest.digest}`);
    expect(JSON.parse(run.outputs.get("images") ?? "")).toEqual([`${name}@${manifest.digest}`]);
    expect(JSON.parse(run.outputs.get("digests") ?? "")).toMatchObject({
      "linux/amd64": { digest: manifest.digest, imageid: config.digest },
    });
    expect(registry.manifests.get("acme/iris")?.get("2")?.bytes).toEqual(manifest.bytes);
    expect(run.summary).toContain(manifest.digest);
    expect(run.leftovers).toEqual([]);
  });

  it("writes a layout whose digest is told", async () => {
    const job = await makeJob();
    const run = await job.run({ backend, assembly: "backend", output: "oci:out dir/image" });
    expect(run.code).toBe(0);
    expect(run.outputs.get("layout")).toBe(join(job.workspace, "out dir/image"));
    expect(run.outputs.get("digest")).toBe(manifest.digest);
    expect(await readdir(join(job.workspace, "out dir/image"))).toContain("index.json");
  });

  it("passes however much is printed on standard error", async () => {
    const job = await makeJob({
      prints: ["ERROR: not really", "WARNING: 429 Too Many Requests", "\u001b[31mred\u001b[0m"],
    });
    const run = await job.run({ backend });
    expect([run.code, run.failure]).toEqual([0, undefined]);
  });

  it("asks its engine at most three questions and builds as often as it must", async () => {
    const job = await makeJob();
    const run = await job.run({ backend });
    expect(run.calls.length - run.builds.length).toBeLessThanOrEqual(3);
    expect(run.builds.length).toBeLessThanOrEqual(2);
  });
});

describe("docker's words", () => {
  it.each(["type=registry", "type=image,push=true"])("outputs: %s pushes", async (outputs) => {
    const registry = await startRegistry();
    const job = await makeJob();
    const run = await job.run({
      backend: "podman",
      assembly: "backend",
      tags: `${registry.host}/acme/iris:1`,
      outputs,
    });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(registry.manifests.get("acme/iris")?.get("1")?.bytes).toEqual(manifest.bytes);
    const metadata = JSON.parse(run.outputs.get("metadata") ?? "");
    expect(metadata["containerimage.digest"]).toBe(manifest.digest);
    expect(metadata["image.name"]).toBe(`${registry.host}/acme/iris:1`);
  });

  it("that this action does not have fail the step before any tool runs, all at once and without their values", async () => {
    const job = await makeJob();
    const run = await job.run({
      image: "iris",
      registry: "quay.io/acme",
      password: "hunter2hunter2",
      tags: "latest v1",
    });
    expect([run.code, run.calls]).toEqual([1, []]);
    expect(run.log.match(/^::error/gm)).toHaveLength(4);
    for (const name of ["image", "registry", "password", "tags"]) expect(run.log).toContain(`[input] ${name}: `);
    expect(run.log).not.toContain("hunter2hunter2");
  });
});

describe("what is told of a build", () => {
  it("goes to every output of action.yml, and to the summary", async () => {
    const job = await makeJob();
    const run = await job.run({ backend: "podman", output: "image" });
    const manifest = await readFile(new URL("../../action.yml", import.meta.url), "utf8");
    const declared = [...manifest.slice(manifest.indexOf("\noutputs:")).matchAll(/^ {2}([a-z]+):$/gm)].map(
      ([, name]) => name,
    );
    expect([...run.outputs.keys()].sort()).toEqual(
      declared.filter((name) => !["using", "main"].includes(name ?? "")).sort(),
    );
    expect(run.summary).toContain("greeter:az3yh3hfjwpwwax4");
    expect(run.outputs.get("commands")).toContain("podman build");
    expect(JSON.parse(run.outputs.get("metadata") ?? "")).toMatchObject({
      backend: "podman",
      bento: { name: "greeter", models: [] },
      versions: { podman: "5.7.0" },
    });
  });

  it("leaves the Dockerfile where the output says", async () => {
    const job = await makeJob();
    const run = await job.run({ backend: "buildah" });
    expect(await readFile(run.outputs.get("dockerfile") ?? "", "utf8")).toContain("FROM ");
  });

  it("has no summary when none is wanted", async () => {
    const job = await makeJob();
    expect((await job.run({ summary: "false" })).summary).toBe("");
  });

  it("needs neither a summary file nor RUNNER_TEMP", async () => {
    const job = await makeJob();
    job.environment({ GITHUB_STEP_SUMMARY: "", RUNNER_TEMP: "", TMPDIR: job.temporary });
    const run = await job.run();
    expect([run.code, run.leftovers]).toEqual([0, []]);
  });

  it("accepts the names of BentoML's own action, with a note each", async () => {
    const job = await makeJob();
    const run = await job.run({ bento: "", "bento-tag": "greeter:latest", "oci-backend": "podman", backend: "auto" });
    expect([run.code, run.outputs.get("backend")]).toEqual([0, "podman"]);
    expect(run.log.match(/^::notice.*is now called/gm)).toHaveLength(2);
  });
});

describe("places", () => {
  it("a workspace with blanks, quotes and letters of any script works", async () => {
    const job = await makeJob({}, { workspace: "my 'work' größe 空間" });
    const run = await job.run({ output: "oci:bild ä", backend: "buildctl" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.outputs.get("layout")).toBe(join(job.workspace, "bild ä"));
  });

  it.each(IMAGE_BACKENDS)("a comma in RUNNER_TEMP parts no field of %s's command", async (backend) => {
    const job = await makeJob();
    const temporary = join(job.root, "one,two");
    await mkdir(temporary);
    job.environment({ RUNNER_TEMP: temporary, TMPDIR: job.temporary });
    const run = await job.run({ backend, secrets: "TOKEN=hush-5719", output: "oci:image" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    expect(run.builds[0]?.secrets).toEqual([{ id: "TOKEN", mode: 0o600, directoryMode: 0o700, content: "hush-5719" }]);
    expect(run.leftovers).toEqual([]);
  });

  it("the store is only read", async () => {
    const job = await makeJob();
    const before = await listTree(job.home);
    await job.run({ backend: "podman" });
    await job.run({ backend: "docker", "dry-run": "true" });
    expect(await listTree(job.home)).toEqual(before);
  });

  it("what lies in the workspace stays as it is", async () => {
    const job = await makeJob();
    await writeFile(join(job.workspace, "mine.txt"), "mine");
    await job.run({ backend: "docker" });
    expect(await readdir(job.workspace)).toEqual(["mine.txt"]);
  });
});
