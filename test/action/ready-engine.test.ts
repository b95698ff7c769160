import { describe, expect, it } from "vitest";
import { readyEngine } from "../../src/action/ready-engine.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { unsupportedBy } from "../../src/commands/answers.ts";
import { decodeWith } from "../../src/inputs/decode.ts";
import type { Invocation, Machine } from "../../src/machine/machine.ts";
import type { PlanCheck } from "../../src/probe/find-engine.ts";
import { HEALTHY } from "../fakes/answers.ts";
import { testMachine } from "../registry/fixture.ts";

/** A machine with these programs, whose engines answer when they are named. */
function setting(programs: readonly string[], healthy = true) {
  const asked: string[] = [];
  const said: string[] = [];
  const refuse = (what: string) => (): never => {
    throw new Error(`${what} must not be touched`);
  };
  const machine = {
    ...testMachine(),
    processes: {
      which: async (program: string) => (programs.includes(program) ? `/bin/${program}` : undefined),
      ask: refuse("a helper"),
      stream: refuse("a build"),
      capture: async ({ tool, args }: Invocation) => {
        asked.push([tool, ...args].join(" "));
        const [, answer] = Object.entries(HEALTHY).find(([line]) => asked.at(-1)?.startsWith(line)) ?? [];
        return { stdout: "", stderr: "", code: 1, ...(healthy ? answer : {}) };
      },
    },
    actions: { info: (line: string) => void said.push(line) },
    http: { request: refuse("the network") },
    toolCache: refuse("the tool cache"),
    system: refuse("the system"),
  } as unknown as Machine;
  return { machine, asked, said };
}

function ready(machine: Machine, given: Readonly<Record<string, string>>, env = {}) {
  const variables = Object.entries({ bento: "iris", ...given }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const { inputs } = decodeWith(Object.fromEntries(variables), () => []);
  return readyEngine({ inputs, env: { PATH: "/bin", ...env }, machine });
}

describe("An engine that answers", () => {
  it("is taken as it is: nothing is looked for, installed or started", async () => {
    const { machine } = setting(["buildctl"]);
    const { backend, env } = await ready(machine, { backend: "buildctl" });
    expect([backend.name, env]).toEqual(["buildctl", { PATH: "/bin" }]);
  });

  it("is chosen by auto, which says why in one line", async () => {
    const { machine, said } = setting(["podman"]);
    expect((await ready(machine, {})).backend.name).toBe("podman");
    expect(said).toEqual([expect.stringMatching(/^backend: auto is podman here \(docker: docker is not on PATH/)]);
  });
});

describe("An engine that somebody named", () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["buildctl", { BUILDKIT_HOST: "unix:///run/mine.sock" }],
    ["podman", { CONTAINER_HOST: "unix:///run/podman.sock" }],
    ["buildx", { BUILDX_BUILDER: "lab" }],
  ])("is taken by auto with %s, which says which variable names it", async (backend, env) => {
    const { machine, said } = setting(["docker", "podman", "buildctl"]);
    expect((await ready(machine, {}, env)).backend.name).toBe(backend);
    expect(said).toEqual([`backend: auto is ${backend} here (${Object.keys(env)[0]} is set)`]);
  });

  it.each([
    { BUILDKIT_HOST: "unix:///run/mine.sock" },
    { DOCKER_HOST: "unix:///run/mine.sock" },
    { CONTAINER_HOST: "unix:///run/mine.sock" },
    { BUILDX_BUILDER: "mine" },
  ])("is not replaced by one that is started: %j", async (env) => {
    const { machine } = setting(["docker", "podman", "buildctl"], false);
    const [name] = Object.keys(env);
    await expect(ready(machine, {}, env)).rejects.toThrow(`${name} is set, but `);
  });
});

describe("DOCKER_HOST without docker", () => {
  const env = { PATH: "/bin", DOCKER_HOST: "unix:///run/podman/podman.sock" };

  it("counts as not set, so the backend that is set up in place of all others is buildctl", async () => {
    const { machine } = setting(["podman"]);
    const { inputs } = decodeWith({ INPUT_BENTO: "iris" }, () => []);
    const suits: PlanCheck = async ({ backend }) => {
      throw unsupportedBy(backend, ["sbom: no"]);
    };
    await expect(readyEngine({ inputs, env, machine }, suits)).rejects.toMatchObject({
      code: "NoneSuits",
      lines: expect.arrayContaining(["docker: docker is not on PATH", "podman: sbom: no", "buildctl: sbom: no"]),
    });
  });
});

describe("A set-up is not begun", () => {
  it.each(BACKENDS.map(({ name }) => name))("with install: never; %s fails as it is", async (backend) => {
    const { machine } = setting([]);
    await expect(ready(machine, { backend, install: "never" })).rejects.toMatchObject({ code: "ToolMissing" });
  });

  it("with install: never and auto, which tells of every backend", async () => {
    const { machine } = setting([]);
    await expect(ready(machine, { install: "never" })).rejects.toMatchObject({ code: "NoEngine" });
  });

  it("on a dry run, which asks nothing", async () => {
    const { machine, asked } = setting([]);
    await ready(machine, { "dry-run": "true" });
    expect(asked).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ["builder", { builder: "unix:///run/mine.sock" }, {}],
    ["BUILDKIT_HOST", {}, { BUILDKIT_HOST: "unix:///run/mine.sock" }],
  ])("in place of an engine that %s names and that does not answer", async (_, given, env) => {
    const { machine } = setting(["buildctl"], false);
    await expect(ready(machine, { backend: "buildctl", ...given }, env)).rejects.toMatchObject({
      class: "engine",
      message: expect.stringMatching(/^buildctl cannot reach (?:a|the) buildkitd/),
    });
  });
});
