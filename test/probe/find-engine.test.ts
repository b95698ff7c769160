import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { unsupportedBy } from "../../src/commands/answers.ts";
import { Failure, isLack } from "../../src/errors.ts";
import type { Env } from "../../src/machine/machine.ts";
import { printPlatform } from "../../src/oci/platform.ts";
import { findEngine, type PlanCheck } from "../../src/probe/find-engine.ts";
import { inSameStore } from "../../src/probe/same-store.ts";
import {
  dockerDriver,
  dockerDriverWithoutDaemon,
  dockerInfo,
  dockerWithoutDaemon,
  HEALTHY,
  podmanInfo,
} from "../fakes/answers.ts";
import { ALL, probeSetting as setting } from "./setting.ts";

const ENV: Env = { PATH: "/bin" };

describe("findEngine", () => {
  it.each([
    ["docker", "docker", "The action does not install docker"],
    ["buildx", "docker", "The action does not install docker"],
    ["podman", "podman", "Let the action install podman"],
    ["buildctl", "buildctl", "Let the action install buildctl"],
  ])(
    "names the missing program of %s, and offers to install only what the action can install",
    async (name, tool, hint) => {
      const backend = BACKENDS.find((one) => one.name === name) ?? "auto";
      const refused = findEngine(backend, undefined, setting([]).machine, ENV);
      await expect(refused).rejects.toMatchObject({
        class: "tool",
        program: tool,
        hint: expect.stringContaining(hint),
      });
    },
  );

  it.each(BACKENDS)("runs at most three commands for $name, in the environment of the tools", async (backend) => {
    const { machine, asked } = setting();
    const { engine, reason } = await findEngine(backend, undefined, machine, ENV);
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(asked.every(({ env }) => env === ENV)).toBe(true);
    expect(Object.keys(engine.versions)).toEqual(expect.arrayContaining(backend.requires.map((one) => one.component)));
    const native = { os: "linux", architecture: "amd64" };
    expect(engine.platform ?? native).toEqual(native);
    expect(reason).toBeUndefined();
  });

  it.each([
    ["buildx", 2],
    ["nerdctl", 3],
    ["buildctl", 2],
  ])("runs independent commands of %s in parallel", async (name, together) => {
    const { machine } = setting();
    const { promise: allAsked, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    const processes: typeof machine.processes = {
      ...machine.processes,
      async capture(invocation) {
        asked += 1;
        if (asked === together) resolve();
        await allAsked;
        return machine.processes.capture(invocation);
      },
    };
    const backend = BACKENDS.find((one) => one.name === name);
    await findEngine(backend ?? "auto", undefined, { processes }, ENV);
    expect(asked).toBe(together);
  });

  it("runs no command if the tool is missing", async () => {
    const { machine, asked } = setting([]);
    for (const backend of BACKENDS) {
      await expect(findEngine(backend, undefined, machine, ENV)).rejects.toMatchObject({ code: "ToolMissing" });
    }
    expect(asked).toEqual([]);
  });

  it("names a missing helper program of an installed tool", async () => {
    const { machine } = setting(["nerdctl"]);
    const [nerdctl] = BACKENDS.filter(({ name }) => name === "nerdctl");
    await expect(findEngine(nerdctl ?? "auto", undefined, machine, ENV)).rejects.toThrow("buildctl is not on PATH");
  });
});

/** Nobody made a builder. */
const PLAIN = { "docker buildx inspect": dockerDriver };

const auto = (answers = {}, env: Env = {}, tools = ALL, suits?: PlanCheck) =>
  findEngine("auto", undefined, setting(tools, answers).machine, { ...ENV, ...env }, undefined, suits);

/** What happened: the backend and the reason, or the failure's message. */
const outcome = (...parameters: Parameters<typeof auto>): Promise<string> =>
  auto(...parameters).then(
    ({ backend, reason }) => `${backend.name}: ${reason}`,
    (error: Error) => error.message,
  );

describe("findEngine with auto", () => {
  it.each<[string, string, Parameters<typeof auto>]>([
    ["a machine with docker alone", "docker: the first choice", [PLAIN]],
    ["a current builder", "buildx: lab is the current builder of docker buildx", []],
    ["BUILDX_BUILDER", "buildx: BUILDX_BUILDER is set", [{}, { BUILDX_BUILDER: "lab" }]],
    ["BUILDX_BUILDER for the daemon itself", "docker: BUILDX_BUILDER is set", [PLAIN, { BUILDX_BUILDER: "default" }]],
    ["BUILDKIT_HOST", "buildctl: BUILDKIT_HOST is set", [PLAIN, { BUILDKIT_HOST: "unix:///b" }]],
    ["DOCKER_HOST", "docker: DOCKER_HOST is set", [PLAIN, { DOCKER_HOST: "unix:///d" }]],
    ["DOCKER_HOST with a current builder there", "buildx: DOCKER_HOST is set", [{}, { DOCKER_HOST: "unix:///d" }]],
    ["DOCKER_CONTEXT", "docker: DOCKER_CONTEXT is set", [PLAIN, { DOCKER_CONTEXT: "far" }]],
    ["CONTAINER_HOST", "podman: CONTAINER_HOST is set", [PLAIN, { CONTAINER_HOST: "unix:///p" }]],
    ["CONTAINER_CONNECTION", "podman: CONTAINER_CONNECTION is set", [PLAIN, { CONTAINER_CONNECTION: "far" }]],
    ["an empty variable, which names nothing", "docker: the first choice", [PLAIN, { BUILDKIT_HOST: "" }]],
    ["docker's default socket", "docker: the first choice", [PLAIN, { DOCKER_HOST: "unix:///var/run/docker.sock" }]],
    ["it by its other path", "docker: the first choice", [PLAIN, { DOCKER_HOST: "unix:///run/docker.sock" }]],
    ["docker's default context", "docker: the first choice", [PLAIN, { DOCKER_CONTEXT: "default" }]],
    [
      "a current builder beside docker's default socket",
      "buildx: lab is the current builder of docker buildx",
      [{}, { DOCKER_HOST: "unix:///var/run/docker.sock" }],
    ],
    [
      "a variable after docker's default socket",
      "podman: CONTAINER_HOST is set",
      [PLAIN, { DOCKER_HOST: "unix:///var/run/docker.sock", CONTAINER_HOST: "unix:///p" }],
    ],
  ])("follows %s: %s", async (_, expected, parameters) => {
    expect(await outcome(...parameters)).toBe(expected);
  });

  it("follows the variable that says most about builds where several are set", async () => {
    const order = ["CONTAINER_HOST", "DOCKER_HOST", "BUILDKIT_HOST", "BUILDX_BUILDER"];
    const chosen = order.map((_, index) => {
      const env = Object.fromEntries(order.slice(0, index + 1).map((name) => [name, "default"]));
      return auto(PLAIN, env).then(({ reason }) => reason);
    });
    expect(await Promise.all(chosen)).toEqual(order.map((name) => `${name} is set`));
  });

  it("prefers the input builder to every variable", async () => {
    const env = { BUILDX_BUILDER: "mine", DOCKER_HOST: "unix:///d" };
    const found = await findEngine("auto", "tcp://kit:1", setting().machine, { ...ENV, ...env });
    expect([found.backend.name, found.reason]).toEqual(["buildctl", "the input builder is set"]);
  });

  it("names the variable, the cause and the way out where the engine that it names does not work", async () => {
    const failure = await auto(
      { "buildctl debug workers": { code: 1, stderr: "EOF" } },
      { BUILDKIT_HOST: "unix:///b" },
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      class: "engine",
      code: "BuildkitdMissing",
      message: "BUILDKIT_HOST is set, but buildctl cannot reach a buildkitd",
      lines: ["EOF"],
      hint: expect.stringMatching(/To use another engine, set the input backend, or leave BUILDKIT_HOST out of/),
    });
    expect(isLack(failure)).toBe(false);
  });

  it.each<[string, RegExp, Parameters<typeof auto>]>([
    [
      "DOCKER_HOST without a daemon",
      /^DOCKER_HOST is set, but the docker daemon cannot be reached$/,
      [
        { "docker buildx inspect": dockerDriverWithoutDaemon, "docker info": dockerWithoutDaemon },
        { DOCKER_HOST: "unix:///nope" },
      ],
    ],
    [
      "DOCKER_HOST with docker, whose plugin is missing",
      /^DOCKER_HOST is set, but docker has no buildx plugin/,
      [
        {
          "docker buildx version": { code: 1, stderr: "unknown command" },
          "docker info": dockerInfo({ buildx: null }),
        },
        { DOCKER_HOST: "unix:///d" },
      ],
    ],
    [
      "DOCKER_CONTEXT without docker",
      /^DOCKER_CONTEXT is set, but docker is not on PATH$/,
      [{}, { DOCKER_CONTEXT: "far" }, ["podman"]],
    ],
    [
      "a BUILDX_BUILDER that does not exist",
      /^BUILDX_BUILDER is set, but buildx finds no builder$/,
      [{ "docker buildx inspect": { code: 1, stderr: 'ERROR: no builder "nope" found' } }, { BUILDX_BUILDER: "nope" }],
    ],
    [
      "a BUILDX_BUILDER that is the daemon of another docker context",
      /^BUILDX_BUILDER is set, but far is the daemon of another docker context than the current one, default$/,
      [PLAIN, { BUILDX_BUILDER: "far" }],
    ],
    [
      "CONTAINER_HOST without a service",
      /^CONTAINER_HOST is set, but podman does not work/,
      [{ "podman info": { code: 125, stderr: "no" } }, { CONTAINER_HOST: "unix:///p" }],
    ],
    [
      "a current builder that does not start",
      /^the current builder of docker buildx cannot be used: the builder made does not start$/,
      [
        {
          "docker buildx inspect --timeout": {
            code: 0,
            stdout: "Name: made\nDriver: docker-container\n\nNodes:\nName: made0\nStatus: inactive\n",
          },
          "docker buildx inspect --bootstrap": { code: 1, stderr: "ERROR: pull access denied" },
        },
      ],
    ],
  ])("uses no other engine in place of %s", async (_, message, parameters) => {
    expect(await outcome(...parameters)).toMatch(message);
  });

  it.each<[string, string, Parameters<typeof auto>]>([
    ["docker is not installed", "podman: docker: docker is not on PATH", [{}, {}, ["podman"]]],
    [
      "the daemon does not run",
      "podman: docker: the docker daemon cannot be reached",
      [{ "docker buildx inspect": dockerDriverWithoutDaemon, "docker info": dockerWithoutDaemon }],
    ],
    [
      "docker is podman",
      "podman: docker: the program docker on this machine is podman",
      [{ "docker buildx version": { code: 0, stdout: "buildah 1.43.2\n" }, "docker info": podmanInfo() }],
    ],
    [
      "docker's configuration names no builder that exists",
      "docker: the first choice",
      [{ "docker buildx inspect": { code: 1, stderr: "ERROR: context nope: not found" } }],
    ],
    [
      "docker is not installed, and DOCKER_HOST is podman's socket",
      "podman: docker: docker is not on PATH",
      [{}, { DOCKER_HOST: "unix:///run/podman/podman.sock" }, ["podman"]],
    ],
    [
      "docker is podman, and DOCKER_HOST its socket",
      "podman: docker: the program docker on this machine is podman",
      [
        { "docker buildx version": { code: 0, stdout: "buildah 1.43.2\n" }, "docker info": podmanInfo() },
        { DOCKER_HOST: "unix:///run/podman/podman.sock" },
      ],
    ],
  ])("passes over what nobody named and what does not work: %s", async (_, expected, parameters) => {
    expect(await outcome(...parameters)).toBe(expected);
  });

  it("reads the platforms of a builder that it knows, and leaves out others", async () => {
    const stdout = HEALTHY["docker buildx inspect"]?.stdout?.replace(
      /^Platforms: .*$/m,
      "Platforms: windows(10.0.20348)/amd64, linux/amd64* (+3), linux/arm64*, linux/quantum, linux/arm/v7, (5 more)",
    );
    const { engine } = await auto({ "docker buildx inspect": { code: 0, stdout } });
    expect(engine.nodes?.[0]?.platforms.map(printPlatform)).toEqual(["linux/amd64", "linux/arm64", "linux/arm/v7"]);
    expect(engine.platform).toEqual(engine.nodes?.[0]?.platforms[0]);
  });

  it("reports for every candidate why it was not selected", async () => {
    const answers = { "podman info": { code: 125, stderr: "no" }, "buildctl debug workers": { code: 1 } };
    const others = BACKENDS.filter(({ name }) => name !== "buildx");
    await expect(auto(answers, {}, ["podman", "buildctl"])).rejects.toMatchObject({
      class: "engine",
      code: "NoEngine",
      lines: others.map(({ name }) => expect.stringMatching(`^${name}: `)),
    });
  });
});

describe("findEngine with auto and a plan", () => {
  /** A plan that only these backends support. */
  const onlyBy =
    (...names: readonly string[]): PlanCheck =>
    async ({ backend }) => {
      if (!names.includes(backend.name))
        throw unsupportedBy(backend, [`sbom: ${backend.name} makes none (no backend can)`]);
    };

  it("passes over a backend that refuses it, and says for which feature", async () => {
    expect(await outcome(PLAIN, {}, ALL, onlyBy("buildah"))).toBe(
      "buildah: docker: sbom: docker makes none (no backend can); podman: sbom: podman makes none (no backend can)",
    );
  });

  it("names each backend with its own reason if none supports it", async () => {
    const failure = await auto(PLAIN, {}, ["docker", "podman"], onlyBy()).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      class: "input",
      code: "NoneSuits",
      lines: [
        "docker: sbom: docker makes none (no backend can)",
        "podman: sbom: podman makes none (no backend can)",
        "buildah: buildah is not on PATH",
        "nerdctl: nerdctl is not on PATH",
        "buildctl: buildctl is not on PATH",
      ],
    });
  });

  it.each([
    ["BUILDKIT_HOST is set, but the backend buildctl does not support", { BUILDKIT_HOST: "unix:///b" }],
    ["DOCKER_HOST is set, but the backend docker does not support", { DOCKER_HOST: "unix:///d" }],
  ])("that an engine which somebody named refuses uses no other: %s", async (message, env) => {
    expect(await outcome(PLAIN, env, ALL, onlyBy("podman"))).toContain(message);
  });

  it("ends at any other failure of the plan", async () => {
    const plan = async (): Promise<never> => Promise.reject(new Failure("input", "secret-files: no such file"));
    expect(await outcome(PLAIN, {}, ALL, plan)).toBe("secret-files: no such file");
  });
});

describe("findEngine with auto and a plan that loads the image", () => {
  const onlyBy = (...names: readonly string[]): PlanCheck =>
    inSameStore(async ({ backend }) => {
      if (!names.includes(backend.name)) throw unsupportedBy(backend, ["annotations: no"]);
    });

  it("uses no other program's store in place of that of an engine which refuses it", async () => {
    const failure = await auto(PLAIN, {}, ["docker", "podman"], onlyBy("podman", "buildctl")).catch((error) => error);
    expect(failure).toMatchObject({
      class: "input",
      code: "NoneSuits",
      lines: expect.arrayContaining([
        "docker: annotations: no",
        expect.stringMatching(/^podman: load: the image would be in podman's store and not in docker's/),
      ]),
    });
  });

  it("uses another backend that loads into the same store", async () => {
    expect(await outcome(PLAIN, {}, ALL, onlyBy("podman", "buildctl"))).toMatch(/^buildctl: docker: annotations: no/);
  });

  it("uses every store if no engine has answered before", async () => {
    expect(await outcome({}, {}, ["podman"], onlyBy("podman"))).toMatch(/^podman: docker: docker is not on PATH/);
  });
});

describe("findEngine for the only backend that accepts an address", () => {
  it("reports the failure of that backend", async () => {
    const { machine } = setting(ALL, { "buildctl debug workers": { code: 1, stderr: "error: EOF" } });
    await expect(findEngine("auto", "tcp://kit:1", machine, ENV)).rejects.toMatchObject({
      message: "buildctl cannot reach the buildkitd at tcp://kit:1",
      lines: ["error: EOF"],
    });
  });
});
