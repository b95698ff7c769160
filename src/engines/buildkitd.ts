import { Failure, ProgramMissing } from "../errors.ts";
import { buildkitConfiguration, buildkitSocket, type Worker } from "./configuration.ts";
import { startDaemon } from "./daemon.ts";
import { type Ground, stateDirectory, writeConfiguration } from "./engine-context.ts";
import { findProgram, pathWith } from "./engine-paths.ts";
import { MARK } from "./record.ts";
import { findRights } from "./rights.ts";
import { hasOwnProc } from "./rootless.ts";
import { asRoot, type Sudo } from "./sudo.ts";

/**
 * Starts a buildkitd that makes containers itself: as root, or for an ordinary user in a user namespace, or by sudo.
 * @returns its address. @throws Failure `tool`, `engine`, `cancelled`.
 */
export async function startBuildkitd(ground: Ground): Promise<string> {
  const { wish, machine } = ground;
  await requireLinux(ground);
  const buildkitd = await requireProgram("buildkitd", ground);
  if ((await findProgram("buildkit-runc", wish.tools, machine)) === undefined) await requireProgram("runc", ground);
  const rights = await findRights(ground);
  switch (rights.kind) {
    case "root":
      return launchBuildkitd(ground, [buildkitd], ROOTFUL, await stateDirectory("buildkitd", ground));
    case "rootless":
      return startRootless(ground, buildkitd, rights.rootlesskit);
    case "sudo":
      return startBySudo(ground, buildkitd, rights.sudo);
  }
}

const ROOTFUL: Worker = { kind: "oci", rootless: false, processSandbox: true };

async function startRootless(ground: Ground, buildkitd: string, rootlesskit: string): Promise<string> {
  const worker: Worker = { kind: "oci", rootless: true, processSandbox: await hasOwnProc(ground.machine) };
  const program = [rootlesskit, "--net=host", `--state-dir=${ground.sockets}/rootlesskit`, buildkitd] as const;
  if (ground.kept === undefined) await ground.journal.add({ kind: "mapped" });
  return launchBuildkitd(ground, program, worker, await stateDirectory("buildkitd", ground));
}

/** Its state is root's, so that a kept one is not the user's. The socket is the user's, in a directory of theirs. */
async function startBySudo(ground: Ground, buildkitd: string, sudo: Sudo): Promise<string> {
  await ground.journal.add({ kind: "root" });
  return launchBuildkitd(ground, [buildkitd], ROOTFUL, await stateDirectory("buildkitd-root", ground), sudo);
}

/** Starts a buildkitd whose containers and images are containerd's. @returns its address. */
export async function startContainerdBuildkitd(ground: Ground, address: string, namespace: string): Promise<string> {
  const buildkitd = await requireProgram("buildkitd", ground);
  const root = await stateDirectory("buildkitd", ground);
  return launchBuildkitd(ground, [buildkitd], { kind: "containerd", address, namespace }, root);
}

/** The same in a containerd that is not ours: what the builds put there is removed by buildkitd itself, as long as it runs. */
export async function startGuestBuildkitd(ground: Ground, containerd: string, namespace: string): Promise<string> {
  if (!(await ground.machine.system.listens(containerd))) {
    throw new Failure("engine", `no containerd listens at ${containerd}`, {
      hint: "Start it, or unset CONTAINERD_ADDRESS: the action then starts what it needs.",
    });
  }
  await requireProgram("buildctl", ground);
  const address = await startContainerdBuildkitd({ ...ground, kept: undefined }, containerd, namespace);
  await ground.journal.add({ kind: "cache" });
  return address;
}

async function launchBuildkitd(
  ground: Ground,
  program: readonly [string, ...string[]],
  worker: Worker,
  root: string,
  sudo?: Sudo,
): Promise<string> {
  const { wish, machine, sockets, journal } = ground;
  const owner = sudo === undefined ? undefined : machine.system.user().id;
  const text = buildkitConfiguration(wish.settings, worker, { root, sockets, owner });
  const config = await writeConfiguration("buildkitd.toml", text, ground);
  // What it mounts there for a moment is found below its root when it is killed in that moment.
  const temporary = `${root}/tmp`;
  await machine.files.makeDirectory(temporary, 0o700);
  // rootlesskit and runc look for a directory of the user's own there.
  const own = { PATH: pathWith(wish.tools, machine.env), XDG_RUNTIME_DIR: sockets, TMPDIR: temporary };
  const argv = [...program, "--config", config] as const;
  const command =
    sudo === undefined
      ? { argv, env: { ...machine.env, ...own } }
      : asRoot(sudo, argv, { ...own, [MARK]: journal.directory }, machine.env);
  const socket = buildkitSocket({ sockets });
  await startDaemon({ name: "buildkitd", ...command, socket }, journal, machine);
  return `unix://${socket}`;
}

/** Absolute path of the program. @throws Failure `tool` when it is not there. */
export async function requireProgram(name: string, { wish, machine }: Ground): Promise<string> {
  const path = await findProgram(name, wish.tools, machine);
  if (path !== undefined) return path;
  throw new ProgramMissing(name);
}

/** Only there does a process have a time of its start that can be read. */
async function requireLinux({ machine }: Ground): Promise<void> {
  const { started } = await machine.system.self();
  if (started !== "") return;
  throw new Failure("engine", "buildkitd runs on Linux only", {
    code: "NoEngineHere",
    hint: "Give the address of a buildkitd elsewhere in the input builder.",
  });
}
