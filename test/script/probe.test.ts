import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { assumeBackend, candidates, findEngine } from "../../src/script/probe.ts";
import type { Env, Invocation } from "../../src/world/world.ts";
import { type Answer, HEALTHY } from "../fakes/answers.ts";

/** Every program that a backend needs, or asks. */
const ALL = [
  ...new Set(BACKENDS.flatMap(({ tool, questions }) => [tool, ...questions(undefined).map((one) => one.tool ?? tool)])),
];

function machine(tools: readonly string[] = ALL, answers: Readonly<Record<string, Answer>> = {}) {
  const asked: Invocation[] = [];
  const known = Object.entries({ ...HEALTHY, ...answers });
  const processes = {
    which: async (tool: string) => (tools.includes(tool) ? `/bin/${tool}` : undefined),
    ask: () => Promise.reject(new Error("no helper to ask")),
    capture: async (invocation: Invocation) => {
      asked.push(invocation);
      const line = [invocation.tool, ...invocation.args].join(" ").replace(/ --addr \S+/, "");
      const [, answer = { code: 127 }] = known.find(([key]) => line.startsWith(key)) ?? [];
      return { stdout: "", stderr: "", ...answer };
    },
    stream: () => Promise.reject(new Error("nothing is built here")),
  };
  return { world: { processes }, asked };
}

const ENV: Env = { PATH: "/bin" };

describe("findEngine", () => {
  it.each([
    ["docker", "docker", "The action does not install docker"],
    ["buildx", "docker", "The action does not install docker"],
    ["podman", "podman", "Let the action install podman"],
    ["buildctl", "buildctl", "Let the action install buildctl"],
  ])(
    "without the program of %s names it, and promises to install only what the action installs",
    async (name, tool, hint) => {
      const backend = BACKENDS.find((one) => one.name === name) ?? "auto";
      const refused = findEngine(backend, undefined, machine([]).world, ENV);
      await expect(refused).rejects.toMatchObject({
        class: "tool",
        program: tool,
        hint: expect.stringContaining(hint),
      });
    },
  );

  it.each(BACKENDS)("asks $name's engine at most three questions, in the tools' own environment", async (backend) => {
    const { world, asked } = machine();
    const { engine, reason } = await findEngine(backend, undefined, world, ENV);
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
  ])("asks %s side by side what depends on no answer", async (name, together) => {
    const { world } = machine();
    const { promise: allAsked, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    const processes: typeof world.processes = {
      ...world.processes,
      async capture(invocation) {
        asked += 1;
        if (asked === together) resolve();
        await allAsked;
        return world.processes.capture(invocation);
      },
    };
    const backend = BACKENDS.find((one) => one.name === name);
    await findEngine(backend ?? "auto", undefined, { processes }, ENV);
    expect(asked).toBe(together);
  });

  it("asks no tool that is not there", async () => {
    const { world, asked } = machine([]);
    for (const backend of BACKENDS) {
      await expect(findEngine(backend, undefined, world, ENV)).rejects.toMatchObject({ code: "ToolMissing" });
    }
    expect(asked).toEqual([]);
  });

  it("names the missing helper of a tool that is there", async () => {
    const { world } = machine(["nerdctl"]);
    const [nerdctl] = BACKENDS.filter(({ name }) => name === "nerdctl");
    await expect(findEngine(nerdctl ?? "auto", undefined, world, ENV)).rejects.toThrow("buildctl is not on PATH");
  });

  const REFUSALS: Readonly<Record<string, RegExp>> = { podman: /^podman: podman does not work/ };

  it("tells of every candidate why it was not taken", async () => {
    const { world } = machine(["podman", "buildctl"], {
      "podman info": { code: 125, stderr: "no" },
      "buildctl debug workers": { code: 1 },
    });
    await expect(findEngine("auto", undefined, world, ENV)).rejects.toMatchObject({
      class: "engine",
      lines: candidates(undefined).map(({ name }) => expect.stringMatching(REFUSALS[name] ?? `^${name}: `)),
    });
  });
});

describe("findEngine, of the one backend that takes an address", () => {
  it("tells what that one tells", async () => {
    const { world } = machine(ALL, { "buildctl debug workers": { code: 1, stderr: "error: EOF" } });
    await expect(findEngine("auto", "tcp://kit:1", world, ENV)).rejects.toMatchObject({
      message: "buildctl cannot reach the buildkitd at tcp://kit:1",
      lines: ["error: EOF"],
    });
  });
});

describe("assumeBackend", () => {
  it.each([
    [ALL, undefined, "docker"],
    [["buildah"], undefined, "buildah"],
    [[], undefined, "docker"],
    [[], "tcp://buildkitd:1234", "buildctl"],
    [ALL, "mybuilder", "buildx"],
  ])("of %j with builder %s is %s, and asks nothing", async (tools, builder, name) => {
    const { world, asked } = machine(tools);
    expect((await assumeBackend({ backend: "auto", builder }, ENV, world)).backend.name).toBe(name);
    expect(asked).toEqual([]);
  });
});
