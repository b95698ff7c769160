import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../errors.ts";
import type { Exit } from "../machine/machine.ts";
import { candidateOf, refuseOld, type WantedPackage } from "./candidate.ts";
import type { EngineMachine } from "./engine.ts";
import { findSudo } from "./sudo.ts";

type PackageMachine = Pick<EngineMachine, "actions" | "env" | "processes" | "system">;

/** Seconds to wait for another program which installs packages, as a machine does by itself after its start. */
const LOCK_PATIENCE = 60;
/** Milliseconds. */
const LOCK_PAUSE = 2_000;

/**
 * How distributions install a package, the first that is there; a package has its program's name in all of them.
 * A file of the machine's own stays where a package brings one of the same name, as nobody is there to be asked.
 */
const MANAGERS = [
  {
    tool: "apt-get",
    args: [
      ...["install", "--yes", "--quiet", "--no-install-recommends"],
      ...["-o", `DPkg::Lock::Timeout=${LOCK_PATIENCE}`, "-o", "Dpkg::Options::=--force-confold"],
    ],
    refresh: ["update", "--quiet"],
  },
  { tool: "dnf", args: ["install", "--assumeyes"] },
  { tool: "apk", args: ["add", "--no-cache"] },
  { tool: "zypper", args: ["--non-interactive", "install"] },
] as const;

type Manager = (typeof MANAGERS)[number];

/**
 * Installs a program from the distribution's packages, as root or by a sudo that asks for no password. Nothing is
 * downloaded when apt's lists say that the program would be too old.
 * @throws Failure `tool` when neither is possible, when there is no such package or an old one only, or when it fails;
 * `network` when the packages cannot be fetched.
 */
export async function installPackage(wanted: WantedPackage, machine: PackageMachine): Promise<void> {
  const { actions } = machine;
  const { name } = wanted;
  const manager = await findManager(name, machine);
  const isRoot = machine.system.user().id === 0;
  const sudo = isRoot ? [] : await passwordless(name, machine);
  const run = runner(sudo.length === 0 ? [] : [...sudo, "env", ...WORDS], manager, machine);
  const words = [...manager.args, name, ...(manager.tool === "apt-get" ? companions(name, isRoot) : [])];
  actions.startGroup(`${manager.tool}: install ${name}`);
  try {
    if (manager.tool === "apt-get") await readLists(wanted, () => refresh(() => run(manager.refresh)), machine);
    const end = await run(words);
    if (end.code === 0) return;
    // The lists may name files that are gone.
    if (!("refresh" in manager) || !end.tail.some((line) => GONE.test(line))) throw broken(name, manager, end.tail);
    await refresh(() => run(manager.refresh));
    const again = await run(words);
    if (again.code !== 0) throw broken(name, manager, again.tail);
  } finally {
    actions.endGroup();
  }
}

async function findManager(name: string, { processes }: PackageMachine): Promise<Manager> {
  for (const manager of MANAGERS) if ((await processes.which(manager.tool)) !== undefined) return manager;
  throw missing(name, `no ${MANAGERS.map(({ tool }) => tool).join(", ")} here`);
}

/**
 * What Debian and Ubuntu only recommend and a build needs: buildah's runtime and network and, for an ordinary user, ranges
 * of ids and a network, podman's before 5.0 and since. Source: `apt-cache depends podman buildah` of Debian 12 and 13.
 */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = { buildah: ["crun", "netavark"] };
const COMPANIONS_OF_USERS = ["uidmap", "slirp4netns", "passt"];

function companions(name: string, isRoot: boolean): readonly string[] {
  return [...(COMPANIONS[name] ?? []), ...(isRoot ? [] : COMPANIONS_OF_USERS)];
}

/** Asks no question, and speaks the language that is read here; sudo drops the environment of its caller. */
const SETTINGS = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
const WORDS = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);

function runner(before: readonly string[], { tool: manager }: Manager, { processes, actions, env }: PackageMachine) {
  return (words: readonly string[]) => {
    const [tool = "", ...args] = [...before, manager, ...words];
    return processes.stream({ tool, args, env: { ...env, ...SETTINGS } }, actions.info);
  };
}

/** apt itself waits for dpkg's locks, but not for that of its lists. Source: pkgAcquire::GetLock of apt 3.0, apt-pkg/acquire.cc */
async function refresh(update: () => Promise<Exit>): Promise<Exit> {
  const deadline = performance.now() + LOCK_PATIENCE * 1000;
  for (;;) {
    const end = await update();
    if (!end.tail.some((line) => LOCKED.test(line)) || performance.now() > deadline) return end;
    await sleep(LOCK_PAUSE);
  }
}

/** Looks into apt's lists, which a fresh machine has not fetched yet. */
async function readLists(wanted: WantedPackage, update: () => Promise<Exit>, machine: PackageMachine): Promise<void> {
  let candidate = await candidateOf(wanted.name, machine);
  if (candidate === undefined) {
    const { tail } = await update();
    candidate = await candidateOf(wanted.name, machine);
    if (candidate === undefined) throw absent(wanted.name, tail);
  }
  refuseOld(candidate, wanted);
}

async function passwordless(name: string, machine: PackageMachine): Promise<readonly string[]> {
  const sudo = await findSudo(machine);
  if (sudo === undefined) throw missing(name, "to install it needs root, or a sudo without a password");
  return sudo;
}

/** Texts of apt 2.6 and 3.0 and of dpkg 1.21, in their `LC_ALL=C` words. */
const DECIDING = /^(?:E|W|Err):|^(?:dpkg|sudo):/;
const GONE = /404 +Not Found|Unable to fetch some archives|Hash Sum mismatch/;
const LOCKED = /Could not get lock|Unable to (?:acquire|lock)/;
const UNREACHABLE =
  /Failed to fetch|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection/;

function broken(name: string, { tool }: Manager, tail: readonly string[]): Failure {
  const lines = decidingOf(tail);
  const isAbout = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  if (isAbout(LOCKED)) {
    return new Failure("tool", `${tool} cannot install ${name}: another program installs packages on this machine`, {
      code: "PackagesLocked",
      lines,
      hint: `Let that program end before this step (unattended-upgrades runs after a machine's start), or install ${name} on the runner.`,
    });
  }
  if (isAbout(UNREACHABLE)) return unreachable(name, tool, lines);
  return missing(name, `${tool} failed`, lines);
}

function absent(name: string, tail: readonly string[]): Failure {
  const lines = decidingOf(tail);
  if (lines.some((line) => UNREACHABLE.test(line))) return unreachable(name, "apt-get", lines);
  if (lines.some((line) => LOCKED.test(line))) return broken(name, MANAGERS[0], tail);
  return missing(name, "apt-get knows no such package", lines);
}

function unreachable(name: string, tool: string, lines: readonly string[]): Failure {
  return new Failure("network", `${tool} cannot fetch ${name}: the distribution's packages are not reached`, {
    code: "PackagesUnreachable",
    lines,
    hint: `Let this runner reach the places in /etc/apt, by a mirror or proxy (http_proxy), or install ${name} on the runner.`,
  });
}

function decidingOf(tail: readonly string[]): readonly string[] {
  const deciding = tail.filter((line) => DECIDING.test(line));
  return (deciding.length === 0 ? tail : deciding).slice(-5);
}

function missing(name: string, why: string, lines: readonly string[] = []): Failure {
  return new Failure("tool", `${name} is not on PATH and cannot be installed: ${why}`, {
    code: "ToolMissing",
    lines,
    hint: `Install the package ${name} on the runner, or choose another backend (backend: auto takes what is there).`,
  });
}
