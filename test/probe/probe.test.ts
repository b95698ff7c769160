import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import type { Env, Invocation } from "../../src/machine/machine.ts";
import { assumeBackend, candidates, findEngine } from "../../src/probe/probe.ts";
import { type Answer, HEALTHY } from "../fakes/answers.ts";

/** Every program that a backend needs, or asks. */
const ALL = [
  ...new Set(BACKENDS.flatMap(({ tool, questions }) => [tool, ...questions(undefined).map((one) => one.tool ?? tool)])),
];

function setting(tools: readonly string[] = ALL, answers: Readonly<Record<string, Answer>> = {}) {
  const asked: Invocation[] = [];
  const answerList = Object.entries({ ...HEALTHY, ...answers });
  const processes = {
    which: async (tool: string) => (tools.includes(tool) ? `/bin/${tool}` : undefined),
    ask: () => Promise.reject(new Error("no helper to ask")),
    capture: async (invocation: Invocation) => {
      asked.push(invocation);
      const line = [invocation.tool, ...invocation.args].join(" ").replace(/ --addr \S+/, "");
      const [, answer = { code: 127 }] = answerList.find(([key]) => line.startsWith(key)) ?? [];
      return { stdout: "", stderr: "", ...answer };
    },
    stream: () => Promise.reject(new Error("nothing is built here")),
  };
  return { machine: { processes }, asked };
}

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

  const REFUSALS: Readonly<Record<string, RegExp>> = { podman: /^podman: podman does not work/ };

  it("reports for every candidate why it was not selected", async () => {
    const { machine } = setting(["podman", "buildctl"], {
      "podman info": { code: 125, stderr: "no" },
      "buildctl debug workers": { code: 1 },
    });
    await expect(findEngine("auto", undefined, machine, ENV)).rejects.toMatchObject({
      class: "engine",
      lines: candidates(undefined).map(({ name }) => expect.stringMatching(REFUSALS[name] ?? `^${name}: `)),
    });
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

describe("assumeBackend", () => {
  it.each([
    [ALL, undefined, "docker"],
    [["buildah"], undefined, "buildah"],
    [[], undefined, "docker"],
    [[], "tcp://buildkitd:1234", "buildctl"],
    [ALL, "mybuilder", "buildx"],
  ])("with the tools %j and builder %s selects %s without running a command", async (tools, builder, name) => {
    const { machine, asked } = setting(tools);
    expect((await assumeBackend({ backend: "auto", builder }, ENV, machine)).backend.name).toBe(name);
    expect(asked).toEqual([]);
  });
});
