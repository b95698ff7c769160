import { Failure, ProgramMissing } from "../errors.ts";
import type { EngineMachine } from "./engine.ts";
import { findProgram } from "./engine-paths.ts";

/** Failure code: the machine does not allow rootless builds. */
export const FORBIDDEN = "RootlessForbidden";

type RootlessMachine = Pick<EngineMachine, "files" | "processes" | "system">;

/** Kernel settings with the values that forbid user namespaces. Sources: user_namespaces(7), Debian's and Ubuntu's kernel patches. */
const SYSCTLS = [
  { name: "kernel.unprivileged_userns_clone", forbids: "0", better: "1" },
  { name: "user.max_user_namespaces", forbids: "0", better: "28633" },
] as const;

const APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";
const PERMIT_ALL = `sudo sysctl -w ${APPARMOR}=0`;

/**
 * Checks that this user may create a user namespace with a range of ids, and gives the path of rootlesskit.
 * @throws Failure `engine` (RootlessForbidden), which names the setting and the command that changes it; `tool`.
 */
export async function checkRootless(tools: readonly string[], machine: RootlessMachine): Promise<string> {
  for (const { name, forbids, better } of SYSCTLS) {
    if ((await sysctl(name, machine)) === forbids)
      throw forbidden(`${name} is ${forbids}`, `sudo sysctl -w ${name}=${better}`);
  }
  const rootlesskit = await findProgram("rootlesskit", tools, machine);
  // AppArmor profiles name paths, so none can exempt a program that is not installed yet.
  if (rootlesskit === undefined && (await sysctl(APPARMOR, machine)) === "1") {
    throw forbidden(`${APPARMOR} is 1, and there is no rootlesskit that an AppArmor profile exempts`, PERMIT_ALL);
  }
  if (rootlesskit === undefined) {
    throw new ProgramMissing("rootlesskit", {
      message: "rootlesskit is not on PATH; an ordinary user needs it to run buildkitd",
      hint: "Let the action install rootlesskit (input install), install it on the runner, or run the action as root.",
    });
  }
  if ((await findProgram("newuidmap", tools, machine)) === undefined) {
    throw forbidden("newuidmap is not on PATH", "sudo apt-get install uidmap (Fedora: sudo dnf install shadow-utils)");
  }
  const { id, name } = machine.system.user();
  for (const file of ["/etc/subuid", "/etc/subgid"]) {
    if (await hasRange(file, [name, String(id)], machine)) continue;
    throw forbidden(
      `${file} has no ids for ${name}`,
      `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`,
    );
  }
  await checkApparmor(rootlesskit, machine);
  return rootlesskit;
}

/** An AppArmor profile may exempt this program from the setting, so the program is run to find out. */
async function checkApparmor(rootlesskit: string, machine: RootlessMachine): Promise<void> {
  if ((await sysctl(APPARMOR, machine)) !== "1") return;
  const { code } = await machine.processes.capture({ tool: rootlesskit, args: ["true"] });
  if (code !== 0) throw forbidden(`${APPARMOR} is 1, and no AppArmor profile exempts ${rootlesskit}`, PERMIT_ALL);
}

function forbidden(setting: string, command: string): Failure {
  return new Failure("engine", `this machine does not let ordinary users run buildkitd: ${setting}`, {
    code: FORBIDDEN,
    hint: `Run \`${command}\` on the runner, allow its user sudo without a password, or run the action as root.`,
  });
}

/** Whether a line `user:first:count` of subuid(5) has one of these names. */
async function hasRange(file: string, names: readonly string[], { files }: RootlessMachine): Promise<boolean> {
  const text = (await files.info(file)) === undefined ? "" : await files.readText(file);
  return text.split("\n").some((line) => names.includes(line.split(":")[0] ?? "") && line.split(":").length === 3);
}

/** The value of a kernel setting; undefined if the kernel does not have it. */
async function sysctl(name: string, { files }: RootlessMachine): Promise<string | undefined> {
  const path = `/proc/sys/${name.replace(".", "/")}`;
  return (await files.info(path)) === undefined ? undefined : (await files.readText(path)).trim();
}

/**
 * Whether the kernel lets a user namespace mount its own /proc, which isolates build steps from other processes. It does not
 * if parts of /proc are masked, as in a container. Source: BuildKit docs/rootless.md, `--oci-worker-no-process-sandbox`.
 */
export async function hasOwnProc({ system }: RootlessMachine): Promise<boolean> {
  const covered = await system.mountsBelow("/proc");
  return covered.every((point) => point === "/proc/sys/fs/binfmt_misc");
}
