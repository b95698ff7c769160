import { describe, expect, it } from "vitest";
import type { Backend } from "../../src/backends/backend.ts";
import { unsupportedBy } from "../../src/commands/answers.ts";
import type { Env } from "../../src/machine/machine.ts";
import { assumeBackend } from "../../src/probe/assume.ts";
import { ALL, probeSetting } from "./setting.ts";

const plan = async ({ backend }: { readonly backend: Backend }): Promise<string> => `planned by ${backend.name}`;

describe("assumeBackend", () => {
  it.each<[readonly string[], string | undefined, Env, string]>([
    [ALL, undefined, {}, "docker"],
    [["buildah"], undefined, {}, "buildah"],
    [[], undefined, {}, "docker"],
    [[], "tcp://buildkitd:1234", {}, "buildctl"],
    [ALL, "mybuilder", {}, "buildx"],
    [ALL, undefined, { BUILDX_BUILDER: "mine" }, "buildx"],
    [ALL, undefined, { BUILDKIT_HOST: "unix:///b" }, "buildctl"],
    [ALL, undefined, { DOCKER_HOST: "unix:///d" }, "docker"],
    [["podman"], undefined, { DOCKER_HOST: "unix:///p" }, "podman"],
    [["podman"], undefined, { DOCKER_CONTEXT: "far" }, "docker"],
    [ALL, undefined, { CONTAINER_HOST: "unix:///p" }, "podman"],
  ])("with the tools %j, builder %s and %j selects %s without running a command", async (tools, builder, env, name) => {
    const { machine, asked } = probeSetting(tools);
    const { selection, planned } = await assumeBackend({ backend: "auto", builder }, env, machine, plan);
    expect([selection.backend.name, planned]).toEqual([name, `planned by ${name}`]);
    expect(asked).toEqual([]);
  });

  it("passes over those that refuse the plan, also for one that is not installed", async () => {
    const { machine } = probeSetting(["docker", "podman"]);
    const refuse = async ({ backend }: { readonly backend: Backend }): Promise<void> => {
      if (backend.name !== "buildctl") throw unsupportedBy(backend, ["sbom: no"]);
    };
    const { selection } = await assumeBackend({ backend: "auto", builder: undefined }, {}, machine, refuse);
    expect(selection.backend.name).toBe("buildctl");
  });

  it("names each backend with its own reason if none supports the plan", async () => {
    const { machine } = probeSetting();
    const refuse = ({ backend }: { readonly backend: Backend }) => Promise.reject(unsupportedBy(backend, ["sbom: no"]));
    await expect(assumeBackend({ backend: "auto", builder: undefined }, {}, machine, refuse)).rejects.toMatchObject({
      code: "NoneSuits",
      lines: ["docker", "podman", "buildah", "nerdctl", "buildctl"].map((name) => `${name}: sbom: no`),
    });
  });
});
