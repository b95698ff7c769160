import { Failure, ProgramMissing } from "../errors.ts";
import { buildkitConfiguration, buildkitSocket, type Worker } from "./configuration.ts";
import { startDaemon } from "./daemon.ts";
import { type EngineContext, stateDirectory, writeConfiguration } from "./engine-context.ts";
import { findProgram, pathWith } from "./engine-paths.ts";
import { MARK } from "./record.ts";
import { findRights } from "./rights.ts";
import { hasOwnProc } from "./rootless.ts";
import { asRoot, type Sudo } from "./sudo.ts";

/**
 * Starts a buildkitd that runs containers itself: as root, rootless for an ordinary user, or with sudo.
 * @returns its address. @throws Failure `tool`, `engine`, `cancelled`.
 */
export async function startBuildkitd(context: EngineContext): Promise<string> {
  const { request, machine } = context;
  await requireLinux(context);
  const buildkitd = await requireProgram("buildkitd", context);
  if ((await findProgram("buildkit-runc", request.tools, machine)) === undefined) await requireProgram("runc", context);
  const rights = await findRights(context);
  switch (rights.kind) {
    case "root":
      return launchBuildkitd(context, [buildkitd], ROOTFUL, await stateDirectory("buildkitd", context));
    case "rootless":
      return startRootless(context, buildkitd, rights.rootlesskit);
    case "sudo":
      return startBySudo(context, buildkitd, rights.sudo);
  }
}

const ROOTFUL: Worker = { kind: "oci", rootless: false, processSandbox: true };

async function startRootless(context: EngineContext, buildkitd: string, rootlesskit: string): Promise<string> {
  const worker: Worker = { kind: "oci", rootless: true, processSandbox: await hasOwnProc(context.machine) };
  const program = [rootlesskit, "--net=host", `--state-dir=${context.sockets}/rootlesskit`, buildkitd] as const;
  if (context.keptState === undefined) await context.journal.add({ kind: "mapped" });
  return launchBuildkitd(context, program, worker, await stateDirectory("buildkitd", context));
}

/** The state belongs to root, so it is kept apart from the user's. The socket belongs to the user, in the user's directory. */
async function startBySudo(context: EngineContext, buildkitd: string, sudo: Sudo): Promise<string> {
  await context.journal.add({ kind: "root" });
  return launchBuildkitd(context, [buildkitd], ROOTFUL, await stateDirectory("buildkitd-root", context), sudo);
}

/** Starts a buildkitd that uses containerd for containers and images. @returns its address. */
export async function startContainerdBuildkitd(
  context: EngineContext,
  address: string,
  namespace: string,
): Promise<string> {
  const buildkitd = await requireProgram("buildkitd", context);
  const root = await stateDirectory("buildkitd", context);
  return launchBuildkitd(context, [buildkitd], { kind: "containerd", address, namespace }, root);
}

/** Starts a buildkitd in a containerd of the machine. The clean-up removes its build cache through buildkitd, which must still run. */
export async function startGuestBuildkitd(
  context: EngineContext,
  containerd: string,
  namespace: string,
): Promise<string> {
  if (!(await context.machine.system.listens(containerd))) {
    throw new Failure("engine", `no containerd listens at ${containerd}`, {
      hint: "Start it, or unset CONTAINERD_ADDRESS: the action then starts what it needs.",
    });
  }
  await requireProgram("buildctl", context);
  const address = await startContainerdBuildkitd({ ...context, keptState: undefined }, containerd, namespace);
  await context.journal.add({ kind: "cache" });
  return address;
}

async function launchBuildkitd(
  context: EngineContext,
  program: readonly [string, ...string[]],
  worker: Worker,
  root: string,
  sudo?: Sudo,
): Promise<string> {
  const { request, machine, sockets, journal } = context;
  const owner = sudo === undefined ? undefined : machine.system.user().id;
  const text = buildkitConfiguration(request.settings, worker, { root, sockets, owner });
  const config = await writeConfiguration("buildkitd.toml", text, context);
  // buildkitd mounts there for short times; if it is killed meanwhile, the clean-up finds the mounts below its root.
  const temporary = `${root}/tmp`;
  await machine.files.makeDirectory(temporary, 0o700);
  // rootlesskit and runc expect a directory of the user in XDG_RUNTIME_DIR.
  const own = { PATH: pathWith(request.tools, machine.env), XDG_RUNTIME_DIR: sockets, TMPDIR: temporary };
  const argv = [...program, "--config", config] as const;
  const command =
    sudo === undefined
      ? { argv, env: { ...machine.env, ...own } }
      : asRoot(sudo, argv, { ...own, [MARK]: journal.directory }, machine.env);
  const socket = buildkitSocket({ sockets });
  await startDaemon({ name: "buildkitd", ...command, socket }, journal, machine);
  return `unix://${socket}`;
}

/** Absolute path of the program. @throws Failure `tool` when it is not found. */
export async function requireProgram(name: string, { request, machine }: EngineContext): Promise<string> {
  const path = await findProgram(name, request.tools, machine);
  if (path !== undefined) return path;
  throw new ProgramMissing(name);
}

/** Only Linux exposes the start time of a process, which identifies a daemon. */
async function requireLinux({ machine }: EngineContext): Promise<void> {
  const { started } = await machine.system.self();
  if (started !== "") return;
  throw new Failure("engine", "buildkitd runs on Linux only", {
    code: "NoEngineHere",
    hint: "Give the address of a buildkitd elsewhere in the input builder.",
  });
}
