/** What the lab asks of a machine. Everything else it installs itself. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What a machine has, as far as the lab asks for it. */
export interface MachineFacts {
  /** As in `process.platform` and `process.arch`. */
  readonly platform: string;
  readonly arch: string;
  /** The user's number; undefined where users have none. */
  readonly user: number | undefined;
  /** `ID` and `VERSION_ID` of /etc/os-release, such as `debian 12`; "" where there is no such file. */
  readonly distribution: string;
  /** Whether this process may mount. Root in a container that is not privileged may not. */
  readonly mayMount: boolean;
  /** Which of {@link PROGRAMS} are on PATH. */
  readonly programs: readonly string[];
}

/** Beyond what every Debian has. */
const PROGRAMS = ["apt-get", "flock", "go"];

/**
 * Why the machine cannot have the lab; undefined when it can.
 * @param programs those that must be on PATH; default: those of the whole lab.
 * @returns a clause such as `it needs Debian 12, and this machine has darwin`.
 */
export function whyNoLab(
  { platform, arch, user, distribution, ...facts }: MachineFacts,
  programs: readonly string[] = PROGRAMS,
): string | undefined {
  if (platform !== "linux") return `it needs Debian 12, and this machine has ${platform}`;
  if (distribution !== "debian 12")
    return `it needs Debian 12, and this machine has ${distribution || "another Linux"}`;
  if (arch !== "x64") return `it needs a machine of x64, and this one is ${arch}`;
  if (user !== 0) return "it needs root: it installs packages, mounts and makes bridges";
  if (!facts.mayMount) return "it needs to mount, which root may not do in a container that is not privileged";
  const missing = programs.filter((program) => !facts.programs.includes(program));
  return missing.length === 0 ? undefined : `it needs ${missing.join(" and ")} on PATH`;
}

/** What this machine has. */
export function surveyMachine(): MachineFacts {
  const { platform, arch, env } = process;
  return {
    ...{ platform, arch, user: process.getuid?.() },
    distribution: distributionOf(textOf("/etc/os-release")),
    mayMount: mayMount(textOf("/proc/self/status")),
    programs: PROGRAMS.filter((name) => isOnPath(name, env["PATH"] ?? "")),
  };
}

/** @param release text of /etc/os-release. Source: os-release(5). */
export function distributionOf(release: string): string {
  const value = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)`, "m").exec(release)?.[1] ?? "";
  return `${value("ID")} ${value("VERSION_ID")}`.trim();
}

/** @param status text of /proc/self/status. Bit 21 of the effective set is CAP_SYS_ADMIN. Source: capabilities(7), capability.h. */
export function mayMount(status: string): boolean {
  const [, set = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return ((BigInt(`0x${set}`) >> 21n) & 1n) === 1n;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // only Linux has it
  }
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some((directory) => isProgram(join(directory, name)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
