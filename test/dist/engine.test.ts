import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { dockerDriver, dockerInfo, dockerWithoutDaemon, podmanInfo } from "../fakes/answers.ts";
import { IMAGE_BACKENDS, makeJob, programsOf } from "./job.ts";

const BROKEN = { code: 1, stderr: "error: failed to list workers: Unavailable" };

describe("backend: auto", () => {
  /** Nobody made a builder for buildx. */
  const answers = { "docker buildx inspect": dockerDriver };
  /** Each with the programs of those after it. */
  const able = BACKENDS.filter(({ name }) => name !== "buildx");
  const rows = able
    .map(({ name }, index) => [name, [...new Set(able.slice(index).flatMap(programsOf))]] as const)
    .filter(([name]) => IMAGE_BACKENDS.includes(name));

  it.each(rows)("takes %s of %j", async (backend, tools) => {
    const job = await makeJob({ answers }, { tools });
    const run = await job.run({ backend: "auto", output: "image.tar" });
    expect([run.code, run.outputs.get("backend")]).toEqual([0, backend]);
  });

  it("goes on to the next when an engine does not answer, and says why", async () => {
    const job = await makeJob({ answers: { ...answers, "docker info": dockerWithoutDaemon } });
    const run = await job.run({ backend: "auto" });
    expect(run.outputs.get("backend")).toBe("podman");
    expect(run.log).toContain("docker: the docker daemon cannot be reached");
  });

  it("takes podman when podman hides behind docker's name", async () => {
    const podman = { "docker buildx version": { code: 0, stdout: "buildah 1.43.2\n" }, "docker info": podmanInfo() };
    const job = await makeJob({ answers: podman });
    expect((await job.run({ backend: "auto" })).outputs.get("backend")).toBe("podman");
  });

  it.each([
    ["tcp://buildkitd:1234", "buildctl"],
    ["lab", "buildx"],
  ])("takes builder %s with %s", async (builder, backend) => {
    const job = await makeJob();
    const run = await job.run({ backend: "auto", builder });
    expect([run.code, run.outputs.get("backend")]).toEqual([0, backend]);
    expect(run.builds[0]?.args).toContain(builder);
  });

  it("builds with the builder that an earlier step made, or that BUILDX_BUILDER names, and says so", async () => {
    const job = await makeJob();
    const current = await job.run({ backend: "auto" });
    expect(current.log).toContain("backend: auto is buildx here (lab is the current builder of docker buildx)");
    job.environment({ BUILDX_BUILDER: "lab" });
    const named = await job.run({ backend: "auto" });
    expect(named.log).toContain("backend: auto is buildx here (BUILDX_BUILDER is set)");
    const line = ["buildx", "build", "--builder", "lab"];
    expect(named.builds.map(({ args }) => args.slice(0, 4))).toEqual([line, line]);
  });

  it("builds by another backend what docker's classic store does not support, and says which input", async () => {
    const classic = { ...answers, "docker info": dockerInfo({ classic: true }) };
    const run = await (await makeJob({ answers: classic })).run({ backend: "auto", output: "oci:image" });
    expect([run.code, run.outputs.get("backend")]).toEqual([0, "podman"]);
    expect(run.log).toMatch(/^backend: auto is podman here \(docker: output: the classic image store .*\)$/m);
  });

  it("fails with the reason of each backend if none supports what is requested", async () => {
    const classic = { ...answers, "docker info": dockerInfo({ classic: true }) };
    const job = await makeJob({ answers: classic }, { tools: ["docker", "podman"] });
    const run = await job.run({ backend: "auto", provenance: "true", push: "true", tags: "registry.example/a:1" });
    expect(run.failure).toMatch(/^\[input\] no backend on this machine supports everything that is requested/);
    expect(run.log).toMatch(/docker: provenance, sbom, attests: the classic image store/);
    expect(run.log).toMatch(/podman: provenance, sbom, attests: podman and buildah do not create attestations/);
    expect([run.builds, run.leftovers]).toEqual([[], []]);
  });

  it("an explicit backend is not changed by BUILDX_BUILDER", async () => {
    const job = await makeJob();
    job.environment({ BUILDX_BUILDER: "other" });
    const run = await job.run({ backend: "docker" });
    expect(run.builds.map(({ args }) => args.slice(0, 4))).toEqual([["buildx", "build", "--builder", "default"]]);
  });

  it("shows a builder at an address its certificates, in the questions and in the build", async () => {
    const job = await makeJob();
    const keys = { "builder-ca": "CA", "builder-cert": "CERT", "builder-key": "KEY" };
    const run = await job.run({ backend: "buildctl", builder: "tcp://buildkitd:1234", ...keys });
    expect(run.code).toBe(0);
    const read = run.calls.filter(({ args }) => args.includes("tcp://buildkitd:1234")).map(({ pem }) => pem.join(""));
    expect(new Set(read)).toEqual(new Set(["CA\nCERT\nKEY\n"]));
    expect(run.builds.some(({ args }) => args.includes("tcp://buildkitd:1234"))).toBe(true);
    expect(run.log).not.toContain("neither encrypted nor authenticated");
    expect(run.leftovers).toEqual([]);
  });

  it("warns of a builder at an address whose certificates are not given", async () => {
    const run = await (await makeJob()).run({ backend: "buildctl", builder: "tcp://buildkitd:1234" });
    expect(run.log).toMatch(/^::warning.*tcp:\/\/buildkitd:1234 is neither encrypted nor authenticated/m);
  });

  it("fails with all reasons when there is nothing", async () => {
    const job = await makeJob({}, { tools: [] });
    const run = await job.run({ backend: "auto" });
    expect(run.failure).toMatch(/^\[engine\] no builder works on this machine/);
    for (const { name, tool } of able) expect(run.log).toContain(`${name}: ${tool} is not on PATH`);
  });
});

describe("an engine that cannot build is refused before the build", () => {
  it.each([
    ["docker", "docker info", dockerWithoutDaemon, /^\[engine\] the docker daemon cannot be reached/],
    ["docker", "docker info", podmanInfo(), /^\[tool\] the program docker on this machine is podman/],
    ["docker", "docker info", dockerInfo({ buildx: null }), /^\[tool\] docker has no buildx/],
    [
      "docker",
      "docker info",
      dockerInfo({ server: "20.10.24", classic: true }),
      /^\[tool\] docker 20\.10\.24 is older/,
    ],
    ["docker", "docker info", dockerInfo({ buildx: "v0.12.1" }), /^\[tool\] buildx 0\.12\.1 is older/],
    ["docker", "docker info", { code: 0, stdout: "not json" }, /^\[engine\]/],
    [
      "buildx",
      "docker buildx version",
      { code: 1, stderr: "docker: 'buildx' is not a docker command." },
      /^\[tool\] docker has no/,
    ],
    ["buildx", "docker buildx inspect", { code: 1, stderr: 'ERROR: no builder "x" found' }, /^\[engine\]/],
    ["podman", "podman info", podmanInfo("3.4.4", "1.23.1"), /^\[tool\] podman 3\.4\.4 is older/],
    ["podman", "podman info", { code: 125, stderr: "cannot find newuidmap" }, /^\[engine\] podman does not work/],
    ["buildah", "buildah version", { code: 0, stdout: '{"version":"1.23.1"}' }, /^\[tool\] buildah 1\.23\.1 is older/],
    [
      "nerdctl",
      "nerdctl version",
      { code: 1, stderr: "cannot access containerd socket" },
      /^\[engine\] nerdctl cannot/,
    ],
    ["buildctl", "buildctl debug workers", BROKEN, /^\[engine\] buildctl cannot reach a buildkitd/],
  ])("%s: %s %#", async (backend, question, answer, failure) => {
    const job = await makeJob({ answers: { [question]: answer } });
    const run = await job.run({ backend });
    expect(run.failure).toMatch(failure);
    expect([run.code, run.builds, run.leftovers]).toEqual([1, [], []]);
  });

  it.each(BACKENDS)("$name, whose program is not on PATH", async ({ name, tool }) => {
    const job = await makeJob({}, { tools: [] });
    const run = await job.run({ backend: name });
    expect(run.failure).toBe(`[tool] ${tool} is not on PATH`);
  });

  it("a version that nobody tells is taken as new", async () => {
    const answers = { "docker buildx version": { code: 0, stdout: "github.com/docker/buildx 0.0.0+unknown" } };
    const job = await makeJob({ answers });
    expect((await job.run({ backend: "buildx" })).code).toBe(0);
  });
});
