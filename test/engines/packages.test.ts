import { describe, expect, it } from "vitest";
import { installPackage } from "../../src/engines/packages.ts";
import type { Exit } from "../../src/machine/machine.ts";
import { makeEngineSetting } from "./engine-context.ts";

interface Facts {
  readonly programs: readonly string[];
  readonly user?: number;
  /** Exit codes of the commands, in order. */
  readonly codes?: readonly number[];
  readonly sudo?: number;
  /** The candidate versions in apt's lists, one for each query. */
  readonly candidates?: readonly string[];
  /** The output of each command. */
  readonly prints?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function setting(facts: Facts) {
  const { programs, user = 0, codes = [0], sudo = 0, candidates = ["5.4.2+ds1-2+b2"], prints = [] } = facts;
  const { machine } = await makeEngineSetting();
  const commands: string[] = [];
  let queries = 0;
  const processes = {
    ...machine.processes,
    which: async (tool: string) => (programs.includes(tool) ? `/usr/bin/${tool}` : undefined),
    capture: async ({ tool }: { tool: string }) => {
      if (tool !== "apt-cache") return { code: sudo, stdout: "", stderr: "a password is required" };
      queries += 1;
      const candidate = candidates[queries - 1] ?? "(none)";
      return { code: 0, stdout: `podman:\n  Installed: (none)\n  Candidate: ${candidate}\n`, stderr: "" };
    },
    stream: async ({ tool, args }: { tool: string; args: readonly string[] }): Promise<Exit> => {
      commands.push([tool, ...args].join(" "));
      return { code: codes[commands.length - 1] ?? 0, signal: undefined, tail: prints };
    },
  };
  const system = { ...machine.system, user: () => ({ id: user, name: "ann" }) };
  return { machine: { ...machine, processes, system, env: { ...machine.env, ...facts.env } }, commands };
}

const APT = "apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=60";
const KEEP = "-o Dpkg::Options::=--force-confold";

describe("a package of the distribution", () => {
  it("is installed by root", async () => {
    const { machine, commands } = await setting({ programs: ["dnf"] });
    await installPackage({ name: "podman" }, machine);
    expect(commands).toEqual(["dnf install --assumeyes podman"]);
  });

  it("is installed by sudo without a password, with the necessary variables", async () => {
    const { machine, commands } = await setting({ programs: ["apk", "sudo"], user: 1000 });
    await installPackage({ name: "buildah" }, machine);
    expect(commands).toEqual([
      "/usr/bin/sudo -n env DEBIAN_FRONTEND=noninteractive LC_ALL=C apk add --no-cache buildah",
    ]);
  });

  it("is fetched through the caller's proxy with sudo too, without the proxy's address on the command line", async () => {
    const env = { http_proxy: "http://ann:secret@proxy.example:3128" };
    const { machine, commands } = await setting({ programs: ["dnf", "sudo"], user: 1000, env });
    await installPackage({ name: "podman" }, machine);
    expect(commands[0]).toMatch(/^\/usr\/bin\/sudo -n --preserve-env=http_proxy env /);
    expect(commands.join()).not.toContain("secret");
  });

  it("waits for apt's lock, and is installed with the packages that Debian only recommends", async () => {
    const root = await setting({ programs: ["apt-get"] });
    await installPackage({ name: "buildah" }, root.machine);
    expect(root.commands).toEqual([`${APT} ${KEEP} buildah crun netavark`]);
    const user = await setting({ programs: ["apt-get", "sudo"], user: 1000 });
    await installPackage({ name: "podman" }, user.machine);
    expect(user.commands[0]).toMatch(/ podman uidmap slirp4netns passt$/);
  });

  it("is looked up in apt's lists, which a fresh machine fetches first", async () => {
    const { machine, commands } = await setting({ programs: ["apt-get"], candidates: ["(none)", "5.4.2+ds1-2"] });
    await installPackage({ name: "podman" }, machine);
    expect(commands.map((line) => line.split(" ")[1])).toEqual(["update", "install"]);
  });

  it("is installed after a second update if apt's lists are outdated", async () => {
    const prints = ["E: Failed to fetch http://deb.example/podman_5.4.2_amd64.deb  404  Not Found"];
    const { machine, commands } = await setting({ programs: ["apt-get"], codes: [100, 0, 0], prints });
    await installPackage({ name: "podman" }, machine);
    expect(commands.map((line) => line.split(" ")[1])).toEqual(["install", "update", "install"]);
  });

  it("that is too old is rejected before the download, whatever form Debian's version has", async () => {
    const because = "earlier ones misread here-documents";
    for (const [candidate, minimum] of [
      ["4.3.1+ds1-8+deb12u1+b3", "4.8.0"],
      ["5:4.7.9-1", "4.8.0"],
    ] as const) {
      const { machine, commands } = await setting({ programs: ["apt-get"], candidates: [candidate] });
      await expect(installPackage({ name: "podman", minimum, because }, machine)).rejects.toMatchObject({
        class: "tool",
        code: "TooOld",
        message: expect.stringContaining(`older than 4.8.0: ${because}`),
        lines: [`apt-cache policy podman: ${candidate}`],
      });
      expect(commands).toEqual([]);
    }
    const { machine } = await setting({ programs: ["apt-get"], candidates: ["5:4.9.3+ds1-1ubuntu0.2"] });
    await installPackage({ name: "podman", minimum: "4.8.0", because }, machine);
  });

  it.each<[string, string, Facts]>([
    ["ToolMissing", "requires root or sudo", { programs: ["apt-get", "sudo"], user: 1000, sudo: 1 }],
    ["ToolMissing", "requires root or sudo", { programs: ["apt-get"], user: 1000 }],
    ["ToolMissing", "no apt-get, dnf", { programs: [] }],
    ["ToolMissing", "dnf failed", { programs: ["dnf"], codes: [1] }],
    ["ToolMissing", "apt-get does not know this package", { programs: ["apt-get"], candidates: [] }],
    [
      "PackagesUnreachable",
      "cannot be reached",
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
  ])("that cannot be installed fails with %s: %s", async (code, why, facts) => {
    const { machine } = await setting(facts);
    await expect(installPackage({ name: "podman" }, machine)).rejects.toMatchObject({
      class: code === "PackagesUnreachable" ? "network" : "tool",
      code,
      message: expect.stringContaining(why),
      lines: facts.prints ?? [],
    });
  });
});
