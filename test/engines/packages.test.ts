import { describe, expect, it } from "vitest";
import { installPackage } from "../../src/engines/packages.ts";
import type { Exit } from "../../src/machine/machine.ts";
import { makeEngineGround } from "./engine-context.ts";

interface Facts {
  readonly programs: readonly string[];
  readonly user?: number;
  /** Exit codes of what is run, the first first. */
  readonly codes?: readonly number[];
  readonly sudo?: number;
  /** What apt's lists have, each time they are asked. */
  readonly candidates?: readonly string[];
  /** What every program that is run prints. */
  readonly prints?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function setting(facts: Facts) {
  const { programs, user = 0, codes = [0], sudo = 0, candidates = ["5.4.2+ds1-2+b2"], prints = [] } = facts;
  const { machine } = await makeEngineGround();
  const ran: string[] = [];
  let asked = 0;
  const processes = {
    ...machine.processes,
    which: async (tool: string) => (programs.includes(tool) ? `/usr/bin/${tool}` : undefined),
    capture: async ({ tool }: { tool: string }) => {
      if (tool !== "apt-cache") return { code: sudo, stdout: "", stderr: "a password is required" };
      asked += 1;
      const candidate = candidates[asked - 1] ?? "(none)";
      return { code: 0, stdout: `podman:\n  Installed: (none)\n  Candidate: ${candidate}\n`, stderr: "" };
    },
    stream: async ({ tool, args }: { tool: string; args: readonly string[] }): Promise<Exit> => {
      ran.push([tool, ...args].join(" "));
      return { code: codes[ran.length - 1] ?? 0, signal: undefined, tail: prints };
    },
  };
  const system = { ...machine.system, user: () => ({ id: user, name: "ann" }) };
  return { machine: { ...machine, processes, system, env: { ...machine.env, ...facts.env } }, ran };
}

const APT = "apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=60";
const KEEP = "-o Dpkg::Options::=--force-confold";

describe("a package of the distribution", () => {
  it("is installed by root", async () => {
    const { machine, ran } = await setting({ programs: ["dnf"] });
    await installPackage({ name: "podman" }, machine);
    expect(ran).toEqual(["dnf install --assumeyes podman"]);
  });

  it("is installed by a sudo that asks for nothing, which drops the environment", async () => {
    const { machine, ran } = await setting({ programs: ["apk", "sudo"], user: 1000 });
    await installPackage({ name: "buildah" }, machine);
    expect(ran).toEqual(["/usr/bin/sudo -n env DEBIAN_FRONTEND=noninteractive LC_ALL=C apk add --no-cache buildah"]);
  });

  it("is fetched through the caller's proxy by sudo too, whose address is on no command line", async () => {
    const env = { http_proxy: "http://ann:secret@proxy.example:3128" };
    const { machine, ran } = await setting({ programs: ["dnf", "sudo"], user: 1000, env });
    await installPackage({ name: "podman" }, machine);
    expect(ran[0]).toMatch(/^\/usr\/bin\/sudo -n --preserve-env=http_proxy env /);
    expect(ran.join()).not.toContain("secret");
  });

  it("waits for apt's lock, and comes with what Debian only recommends: a runtime, a network, an ordinary user's ids and network", async () => {
    const root = await setting({ programs: ["apt-get"] });
    await installPackage({ name: "buildah" }, root.machine);
    expect(root.ran).toEqual([`${APT} ${KEEP} buildah crun netavark`]);
    const user = await setting({ programs: ["apt-get", "sudo"], user: 1000 });
    await installPackage({ name: "podman" }, user.machine);
    expect(user.ran[0]).toMatch(/ podman uidmap slirp4netns passt$/);
  });

  it("is looked for in apt's lists, which a fresh machine fetches first", async () => {
    const { machine, ran } = await setting({ programs: ["apt-get"], candidates: ["(none)", "5.4.2+ds1-2"] });
    await installPackage({ name: "podman" }, machine);
    expect(ran.map((line) => line.split(" ")[1])).toEqual(["update", "install"]);
  });

  it("is asked for again when apt's lists name a file that is gone", async () => {
    const prints = ["E: Failed to fetch http://deb.example/podman_5.4.2_amd64.deb  404  Not Found"];
    const { machine, ran } = await setting({ programs: ["apt-get"], codes: [100, 0, 0], prints });
    await installPackage({ name: "podman" }, machine);
    expect(ran.map((line) => line.split(" ")[1])).toEqual(["install", "update", "install"]);
  });

  it("that is too old is refused before anything is downloaded, whatever Debian puts around its version", async () => {
    const because = "earlier ones misread here-documents";
    for (const [candidate, minimum] of [
      ["4.3.1+ds1-8+deb12u1+b3", "4.8.0"],
      ["5:4.7.9-1", "4.8.0"],
    ] as const) {
      const { machine, ran } = await setting({ programs: ["apt-get"], candidates: [candidate] });
      await expect(installPackage({ name: "podman", minimum, because }, machine)).rejects.toMatchObject({
        class: "tool",
        code: "TooOld",
        message: expect.stringContaining(`older than 4.8.0: ${because}`),
        lines: [`apt-cache policy podman: ${candidate}`],
      });
      expect(ran).toEqual([]);
    }
    const { machine } = await setting({ programs: ["apt-get"], candidates: ["5:4.9.3+ds1-1ubuntu0.2"] });
    await installPackage({ name: "podman", minimum: "4.8.0", because }, machine);
  });

  it.each<[string, string, Facts]>([
    ["ToolMissing", "root, or a sudo", { programs: ["apt-get", "sudo"], user: 1000, sudo: 1 }],
    ["ToolMissing", "root, or a sudo", { programs: ["apt-get"], user: 1000 }],
    ["ToolMissing", "no apt-get, dnf", { programs: [] }],
    ["ToolMissing", "dnf failed", { programs: ["dnf"], codes: [1] }],
    ["ToolMissing", "apt-get knows no such package", { programs: ["apt-get"], candidates: [] }],
    [
      "PackagesUnreachable",
      "are not reached",
      { programs: ["apt-get"], candidates: [], prints: ["W: Failed to fetch http://deb.example/InRelease"] },
    ],
    [
      "PackagesLocked",
      "another program",
      {
        programs: ["apt-get"],
        codes: [100],
        prints: ["E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt-get)"],
      },
    ],
  ])("that cannot be installed is %s: %s", async (code, why, facts) => {
    const { machine } = await setting(facts);
    await expect(installPackage({ name: "podman" }, machine)).rejects.toMatchObject({
      class: code === "PackagesUnreachable" ? "network" : "tool",
      code,
      message: expect.stringContaining(why),
      lines: facts.prints ?? [],
    });
  });
});
