import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../errors.ts";
import type { Exit, LogGroup } from "../machine/machine.ts";
import { candidateOf, refuseOld, type WantedPackage } from "./candidate.ts";
import type { EngineMachine } from "./engine.ts";
import { findSudo } from "./sudo.ts";

type PackageMachine = Pick<EngineMachine, "actions" | "env" | "processes" | "system">;

/** Seconds to wait for another program that installs packages, such as unattended upgrades after a machine's start. */
const LOCK_TIMEOUT = 60;
/** Milliseconds between two tries. */
const LOCK_INTERVAL = 2_000;

/**
 * Package managers; the first that is installed is used. All of them name the package like its program. Existing
 * configuration files are kept without a question, because the job cannot answer one.
 */
const MANAGERS = [
  {
    tool: "apt-get",
    args: [
      ...["install", "--yes", "--quiet", "--no-install-recommends"],
      ...["-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT}`, "-o", "Dpkg::Options::=--force-confold"],
    ],
    refresh: ["update", "--quiet"],
  },
  { tool: "dnf", args: ["install", "--assumeyes"] },
  { tool: "apk", args: ["add", "--no-cache"] },
  { tool: "zypper", args: ["--non-interactive", "install"] },
] as const;

type Manager = (typeof MANAGERS)[number];

/**
 * Installs a program from the distribution's packages, as root or by sudo without a password. Nothing is downloaded if
 * apt's lists show that the program would be too old.
 * @throws Failure `tool` when neither is possible, when the package does not exist or is too old, or when the installation
 * fails; `network` when the packages cannot be fetched.
 */
export async function installPackage(wanted: WantedPackage, machine: PackageMachine): Promise<void> {
  const { actions } = machine;
  const { name } = wanted;
  const manager = await findManager(name, machine);
  const isRoot = machine.system.user().id === 0;
  const sudo = isRoot ? [] : await requireSudo(name, machine);
  const args = [...manager.args, name, ...(manager.tool === "apt-get" ? dependencies(name, isRoot) : [])];
  const group = actions.openGroup(`${manager.tool}: install ${name}`);
  const run = runner(sudo.length === 0 ? [] : [...sudo, "env", ...ASSIGNMENTS], manager, group, machine);
  try {
    if (manager.tool === "apt-get") await readLists(wanted, () => refresh(() => run(manager.refresh)), machine);
    const end = await run(args);
    if (end.code === 0) return;
    // Outdated lists may name files that no longer exist.
    if (!("refresh" in manager) || !end.tail.some((line) => GONE.test(line)))
      throw installFailed(name, manager, end.tail);
    await refresh(() => run(manager.refresh));
    const again = await run(args);
    if (again.code !== 0) throw installFailed(name, manager, again.tail);
  } finally {
    group.end();
  }
}

async function findManager(name: string, { processes }: PackageMachine): Promise<Manager> {
  for (const manager of MANAGERS) if ((await processes.which(manager.tool)) !== undefined) return manager;
  throw notInstallable(name, `no ${MANAGERS.map(({ tool }) => tool).join(", ")} here`);
}

/**
 * Packages that Debian and Ubuntu only recommend but a build needs: buildah's runtime and network; for an ordinary user,
 * tools for ranges of ids and for a network (podman before 5.0 and since). Source: `apt-cache depends podman buildah` of Debian 12 and 13.
 */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = { buildah: ["crun", "netavark"] };
const DEPENDENCIES_OF_USERS = ["uidmap", "slirp4netns", "passt"];

function dependencies(name: string, isRoot: boolean): readonly string[] {
  return [...(DEPENDENCIES[name] ?? []), ...(isRoot ? [] : DEPENDENCIES_OF_USERS)];
}

/** Variables that prevent questions and select the language that is parsed here. sudo drops the caller's environment. */
const SETTINGS = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
const ASSIGNMENTS = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);

function runner(
  prefix: readonly string[],
  { tool: manager }: Manager,
  group: LogGroup,
  { processes, env }: PackageMachine,
) {
  return (command: readonly string[]) => {
    const [tool = "", ...args] = [...prefix, manager, ...command];
    return processes.stream({ tool, args, env: { ...env, ...SETTINGS } }, group.info);
  };
}

/** Updates apt's lists. apt waits for dpkg's locks itself, but not for the lock of its lists. Source: pkgAcquire::GetLock of apt 3.0, apt-pkg/acquire.cc */
async function refresh(update: () => Promise<Exit>): Promise<Exit> {
  const deadline = performance.now() + LOCK_TIMEOUT * 1000;
  for (;;) {
    const end = await update();
    if (!end.tail.some((line) => LOCKED.test(line)) || performance.now() > deadline) return end;
    await sleep(LOCK_INTERVAL);
  }
}

/** Checks the version in apt's lists, which a fresh machine has not fetched yet. */
async function readLists(wanted: WantedPackage, update: () => Promise<Exit>, machine: PackageMachine): Promise<void> {
  let candidate = await candidateOf(wanted.name, machine);
  if (candidate === undefined) {
    const { tail } = await update();
    candidate = await candidateOf(wanted.name, machine);
    if (candidate === undefined) throw notInLists(wanted.name, tail);
  }
  refuseOld(candidate, wanted);
}

async function requireSudo(name: string, machine: PackageMachine): Promise<readonly string[]> {
  const sudo = await findSudo(machine);
  if (sudo === undefined) throw notInstallable(name, "installing it requires root or sudo without a password");
  return sudo;
}

/** Texts of apt 2.6 and 3.0 and of dpkg 1.21, with `LC_ALL=C`. */
const ERROR_LINE = /^(?:E|W|Err):|^(?:dpkg|sudo):/;
const GONE = /404 +Not Found|Unable to fetch some archives|Hash Sum mismatch/;
const LOCKED = /Could not get lock|Unable to (?:acquire|lock)/;
const UNREACHABLE =
  /Failed to fetch|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection/;

function installFailed(name: string, { tool }: Manager, tail: readonly string[]): Failure {
  const lines = errorLines(tail);
  const isAbout = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  if (isAbout(LOCKED)) {
    return new Failure("tool", `${tool} cannot install ${name}: another program installs packages on this machine`, {
      code: "PackagesLocked",
      lines,
      hint: `Wait for that program before this step (unattended-upgrades runs after a machine's start), or install ${name} on the runner.`,
    });
  }
  if (isAbout(UNREACHABLE)) return unreachable(name, tool, lines);
  return notInstallable(name, `${tool} failed`, lines);
}

function notInLists(name: string, tail: readonly string[]): Failure {
  const lines = errorLines(tail);
  if (lines.some((line) => UNREACHABLE.test(line))) return unreachable(name, "apt-get", lines);
  if (lines.some((line) => LOCKED.test(line))) return installFailed(name, MANAGERS[0], tail);
  return notInstallable(name, "apt-get does not know this package", lines);
}

function unreachable(name: string, tool: string, lines: readonly string[]): Failure {
  return new Failure("network", `${tool} cannot fetch ${name}: the distribution's package servers cannot be reached`, {
    code: "PackagesUnreachable",
    lines,
    hint: `Give this runner access to the servers in /etc/apt, by a mirror or proxy (http_proxy), or install ${name} on the runner.`,
  });
}

function errorLines(tail: readonly string[]): readonly string[] {
  const errors = tail.filter((line) => ERROR_LINE.test(line));
  return (errors.length === 0 ? tail : errors).slice(-5);
}

function notInstallable(name: string, why: string, lines: readonly string[] = []): Failure {
  return new Failure("tool", `${name} is not on PATH and cannot be installed: ${why}`, {
    code: "ToolMissing",
    lines,
    hint: `Install the package ${name} on the runner, or choose another backend (backend: auto uses what is installed).`,
  });
}
