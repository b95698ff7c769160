import { describe, expect, it } from "vitest";
import { installPackage } from "../../src/engines/packages.ts";
import type { Exit } from "../../src/world/world.ts";
import { makeEngineGround } from "./ground.ts";

interface Facts {
  readonly programs: readonly string[];
  readonly user?: number;
  /** Exit codes of what is run, the first first. */
  readonly codes?: readonly number[];
  readonly sudo?: number;
}

async function machine({ programs, user = 0, codes = [0], sudo = 0 }: Facts) {
  const { world } = await makeEngineGround();
  const ran: string[] = [];
  const processes = {
    ...world.processes,
    which: async (tool: string) => (programs.includes(tool) ? `/usr/bin/${tool}` : undefined),
    capture: async () => ({ code: sudo, stdout: "", stderr: "a password is required" }),
    stream: async ({ tool, args }: { tool: string; args: readonly string[] }): Promise<Exit> => {
      ran.push([tool, ...args].join(" "));
      return { code: codes[ran.length - 1] ?? 0, signal: undefined, tail: ["E: no such package"] };
    },
  };
  return { world: { ...world, processes, system: { ...world.system, user: () => ({ id: user, name: "ann" }) } }, ran };
}

describe("a package of the distribution", () => {
  it("is installed by root", async () => {
    const { world, ran } = await machine({ programs: ["dnf"] });
    await installPackage("podman", world);
    expect(ran).toEqual(["dnf install --assumeyes podman"]);
  });

  it("is installed by a sudo that asks for nothing", async () => {
    const { world, ran } = await machine({ programs: ["apk", "sudo"], user: 1000 });
    await installPackage("buildah", world);
    expect(ran).toEqual(["/usr/bin/sudo -n apk add --no-cache buildah"]);
  });

  it("is looked for again after the lists are fetched", async () => {
    const { world, ran } = await machine({ programs: ["apt-get"], codes: [100, 0, 0] });
    await installPackage("podman", world);
    expect(ran.map((line) => line.split(" ")[1])).toEqual(["install", "update", "install"]);
  });

  it.each<[string, Facts]>([
    ["root, or a sudo", { programs: ["apt-get", "sudo"], user: 1000, sudo: 1 }],
    ["root, or a sudo", { programs: ["apt-get"], user: 1000 }],
    ["no apt-get, dnf", { programs: [] }],
    ["dnf failed", { programs: ["dnf"], codes: [1] }],
  ])("that cannot be installed is a missing tool: %s", async (why, facts) => {
    const { world } = await machine(facts);
    await expect(installPackage("podman", world)).rejects.toMatchObject({
      class: "tool",
      code: "ToolMissing",
      message: expect.stringContaining(why),
    });
  });
});
