import { describe, expect, it } from "vitest";
import { podman } from "../../src/backends/podman.ts";
import type { Invocation } from "../../src/machine/machine.ts";
import { findEngine } from "../../src/probe/find-engine.ts";

/** Detects podman with a service and a client of these versions; without a client, podman builds in its own process. */
function detect(service: string, client?: string) {
  const asked: string[] = [];
  const host = { arch: "arm64", os: "linux", buildahVersion: "1.43.2", serviceIsRemote: client !== undefined };
  const info = JSON.stringify({ host, version: { Version: service } });
  const processes = {
    which: async () => "/bin/podman",
    ask: () => Promise.reject(new Error("no helper to ask")),
    stream: () => Promise.reject(new Error("nothing is built here")),
    capture: async ({ args: [word = ""] }: Invocation) => {
      asked.push(word);
      return { code: 0, stdout: word === "info" ? info : `${client}\n`, stderr: "" };
    },
  };
  return { asked, found: findEngine(podman, undefined, { processes }, {}) };
}

describe("podman as the client of a service", () => {
  it("builds for the platform of the service's machine", async () => {
    const { found } = detect("5.6.0", "5.8.4");
    const { engine } = await found;
    expect(engine).toMatchObject({ remote: true, platform: { architecture: "arm64" }, versions: { podman: "5.6.0" } });
    expect(engine.emulation).toBeUndefined();
  });

  it.each([
    ["5.8.6", "5.8.3", /podman 5\.8\.3 is too old as the client/],
    ["5.5.2", "5.8.6", /podman 5\.5\.2 is too old as the service/],
  ])("is refused with a service %s and a client %s", async (service, client, message) => {
    await expect(detect(service, client).found).rejects.toMatchObject({
      class: "tool",
      code: "TooOld",
      message: expect.stringMatching(message),
    });
  });

  it("is not asked for the client's version if it builds itself", async () => {
    const { asked, found } = detect("4.9.3");
    expect((await found).engine).toMatchObject({ emulation: "kernel", versions: { podman: "4.9.3" } });
    expect(asked).toEqual(["info"]);
  });
});
