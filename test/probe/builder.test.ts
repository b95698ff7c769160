import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import type { Env } from "../../src/machine/machine.ts";
import { assumedEngine } from "../../src/probe/assume.ts";
import { builderToMake, isEngineHere } from "../../src/probe/builder.ts";
import { checkBuilder } from "../../src/probe/check-builder.ts";
import { findEngine } from "../../src/probe/find-engine.ts";
import { warnOfPlain } from "../../src/probe/plain-builder.ts";
import { isLocalEngine, isLocalSelection } from "../../src/probe/probe.ts";
import { able } from "../backends/able.ts";
import { testMachine } from "../registry/fixture.ts";
import { probeSetting } from "./setting.ts";

const backend = (wanted: string) => BACKENDS.find(({ name }) => name === wanted) ?? "auto";

function check(name: string, builder: string, keys?: { ca?: string; cert?: string }, programs: readonly string[] = []) {
  const which = async (program: string) => (programs.includes(program) ? `/bin/${program}` : undefined);
  const refuse = () => Promise.reject(new Error("no command is expected"));
  const processes = { which, ask: refuse, capture: refuse, stream: refuse };
  return checkBuilder(backend(name), { builder, keys }, {}, { processes });
}

/** As docker buildx use writes it. */
const CURRENT = '{"Key":"unix:///var/run/docker.sock","Name":"far","Global":false}';

describe("a builder", () => {
  it.each([
    ["buildx", "mine", undefined],
    ["buildx", "tcp://a:1", "buildx"],
    ["auto", "tcp://a:1", undefined],
    ["auto", "tcp://a:1\ntcp://b:1", "buildx"],
    ["auto", "kubernetes://builds", "buildx"],
    ["buildctl", "tcp://a:1", undefined],
  ])("for %s with %j is created by %s", (name, builder, maker) => {
    expect(builderToMake(backend(name), builder)?.backend.name).toBe(maker);
  });

  it.each([
    ["buildctl", "mine", /builder: buildctl takes one address/],
    ["buildctl", "kubernetes://builds", able("buildx")],
    ["nerdctl", "tcp://a:1\ntcp://b:1", able("buildx")],
    ["podman", "tcp://a:1", able("buildx", "nerdctl", "buildctl")],
    ["buildx", "podman-container://a", able("nerdctl", "buildctl")],
  ])("that %s cannot use is rejected before any command: %j", async (name, builder, message) => {
    const refused = check(name, builder);
    await expect(refused).rejects.toMatchObject({ class: "input", code: "Unsupported" });
    await expect(refused).rejects.toThrow(new RegExp(message));
  });

  it("with a client certificate requires a CA certificate for buildx", async () => {
    await expect(check("buildx", "tcp://a:1", { cert: "/c.pem" })).rejects.toThrow("also needs the CA certificate");
    await check("buildx", "tcp://a:1", { ca: "/ca.pem" });
  });

  it.each([
    ["kube-pod://pod", "kubectl"],
    ["docker-container://name", "docker"],
    ["tcp://a:1\nkube-pod://pod", "kubectl"],
  ])("at %j requires the program %s", async (builder, program) => {
    await expect(check("buildx", builder)).rejects.toMatchObject({ code: "ToolMissing", program });
    await check("buildx", builder, undefined, [program]);
  });

  it.each<[string | undefined, { ca: string } | undefined, readonly string[]]>([
    ["tcp://a:1", undefined, ["tcp://a:1"]],
    ["tcp://a:1 linux/amd64\nunix:///b\ntcp://c:1", undefined, ["tcp://a:1", "tcp://c:1"]],
    ["tcp://localhost.evil.example:1", undefined, ["tcp://localhost.evil.example:1"]],
    ["tcp://a:1", { ca: "/ca.pem" }, []],
    ["tcp://127.0.0.1:1\ntcp://localhost:1\ntcp://[::1]:1", undefined, []],
    ["ssh://a", undefined, []],
    ["mine", undefined, []],
    [undefined, undefined, []],
  ])("%j with the certificates %j causes warnings for %j", (builder, keys, plain) => {
    const warnings = warnOfPlain(builder, keys);
    expect(warnings).toHaveLength(plain.length);
    for (const [index, address] of plain.entries())
      expect(warnings[index]).toContain(`the builder ${address} is neither`);
  });

  it("is local if all its nodes are", () => {
    expect(isLocalEngine("unix:///a linux/arm64\nunix:///b", {})).toBe(true);
    expect(isLocalEngine("unix:///a\ntcp://b:1", {})).toBe(false);
    expect(isLocalEngine(undefined, { DOCKER_CONTEXT: "default" })).toBe(true);
    expect(isLocalEngine(undefined, { DOCKER_CONTEXT: "far" })).toBe(false);
    expect(isLocalEngine(" ", {})).toBe(true);
  });

  it.each([
    [["unix:///var/run/docker.sock"], true],
    [["default"], true],
    [["default", "tcp://far:1234"], false],
    [["kubernetes:///far"], false],
    [["far"], false],
  ])("that is the current one and has its nodes at %j is on this machine: %s", async (addresses, isHere) => {
    const stdout = addresses
      .map((address, index) => `Name: far${index}\nEndpoint: ${address}\nStatus: running\nBuildKit: v0.33.0\n`)
      .join("\n");
    const answer = { code: 0, stdout: `Name: far\nDriver: docker-container\n\nNodes:\n${stdout}` };
    const { machine } = probeSetting(undefined, { "docker buildx inspect": answer });
    const selection = await findEngine("auto", undefined, machine, {});
    expect([selection.engine.builder, isLocalSelection(selection, undefined)]).toEqual(["far", isHere]);
  });

  it.each<[string, Readonly<Record<string, string>>, Env, boolean, { backend?: string; builder?: string }?]>([
    ["a builder that was made the current one", { "/h/.docker/buildx/current": CURRENT }, {}, false],
    ["it with the backend buildx", { "/h/.docker/buildx/current": CURRENT }, {}, false, { backend: "buildx" }],
    ["it beside DOCKER_HOST", { "/h/.docker/buildx/current": CURRENT }, { DOCKER_HOST: "unix:///d" }, false],
    ["its file in DOCKER_CONFIG", { "/d/buildx/current": CURRENT }, { DOCKER_CONFIG: "/d" }, false],
    ["its file in BUILDX_CONFIG", { "/w/x/current": CURRENT }, { BUILDX_CONFIG: "x", DOCKER_CONFIG: "/d" }, false],
    ["no file", {}, {}, true],
    ["the file of docker buildx use default", { "/h/.docker/buildx/current": CURRENT.replace("far", "") }, {}, true],
    ["a file that is damaged", { "/h/.docker/buildx/current": '[{"Name":' }, {}, true],
    ["a backend that does not use it", { "/h/.docker/buildx/current": CURRENT }, {}, true, { backend: "docker" }],
    ["another builder by name", { "/h/.docker/buildx/current": CURRENT }, {}, true, { builder: "unix:///b" }],
  ])("is taken to be on this machine without asking, given %s", async (_, stored, env, isHere, inputs = {}) => {
    const files = {
      ...testMachine().files,
      readText: async (path: string) => stored[path] ?? Promise.reject(new Error("ENOENT")),
    };
    const { backend = "auto", builder } = inputs;
    const found = await isEngineHere({ backend, builder }, { HOME: "/h", ...env }, { files, workspace: "/w" });
    expect(found).toBe(isHere);
  });

  it("has a placeholder in the commands of a dry run, which a note explains", () => {
    const [buildx] = BACKENDS.filter(({ name }) => name === "buildx");
    const engine = buildx && assumedEngine(buildx, "tcp://a:1\ntcp://b:1");
    expect(engine).toMatchObject({
      builder: "bento-image",
      notes: [expect.stringContaining("from tcp://a:1, tcp://b:1")],
    });
  });
});
