import { Failure, ProgramMissing } from "../errors.ts";
import { buildkitConfiguration, buildkitSocket, type Worker } from "./configuration.ts";
import { startDaemon } from "./daemon.ts";
import { type Ground, stateDirectory, writeConfiguration } from "./ground.ts";
import { findProgram, pathWith } from "./places.ts";
import { checkRootless, hasOwnProc } from "./rootless.ts";

/**
 * Starts a buildkitd that makes containers itself: as root, or for an ordinary user in a user namespace.
 * @returns its address. @throws Failure `tool`, `engine`, `cancelled`.
 */
export async function startBuildkitd(ground: Ground): Promise<string> {
  const { wish, world, sockets } = ground;
  await requireLinux(ground);
  const buildkitd = await requireProgram("buildkitd", ground);
  if ((await findProgram("buildkit-runc", wish.tools, world)) === undefined) await requireProgram("runc", ground);
  const rootless = world.system.user().id === 0 ? undefined : await checkRootless(wish.tools, world);
  const mapped = rootless === undefined ? undefined : { rootlesskit: rootless };
  const worker: Worker = {
    kind: "oci",
    rootless: rootless !== undefined,
    processSandbox: rootless === undefined || (await hasOwnProc(world)),
  };
  const wrapper = rootless === undefined ? [] : [rootless, "--net=host", `--state-dir=${sockets}/rootlesskit`];
  return launchBuildkitd(ground, [...wrapper, buildkitd], worker, await stateDirectory("buildkitd", ground, mapped));
}

/** Starts a buildkitd whose containers and images are containerd's. @returns its address. */
export async function startContainerdBuildkitd(ground: Ground, address: string, namespace: string): Promise<string> {
  const buildkitd = await requireProgram("buildkitd", ground);
  const root = await stateDirectory("buildkitd", ground);
  return launchBuildkitd(ground, [buildkitd], { kind: "containerd", address, namespace }, root);
}

/** The same in a containerd that is not ours: what the builds put there is removed by buildkitd itself, as long as it runs. */
export async function startGuestBuildkitd(ground: Ground, containerd: string, namespace: string): Promise<string> {
  if (!(await ground.world.system.listens(containerd))) {
    throw new Failure("engine", `no containerd listens at ${containerd}`, {
      hint: "Start it, or unset CONTAINERD_ADDRESS: the action then starts what it needs.",
    });
  }
  const buildctl = await requireProgram("buildctl", ground);
  const address = await startContainerdBuildkitd({ ...ground, kept: undefined }, containerd, namespace);
  await ground.journal.add({ kind: "cache", buildctl, address });
  return address;
}

async function launchBuildkitd(
  ground: Ground,
  program: readonly string[],
  worker: Worker,
  root: string,
): Promise<string> {
  const { wish, world, sockets, journal } = ground;
  const [tool = "", ...args] = program;
  const text = buildkitConfiguration(wish.settings, worker, { root, sockets });
  const config = await writeConfiguration("buildkitd.toml", text, ground);
  // What it mounts there for a moment is found below its root when it is killed in that moment.
  const temporary = `${root}/tmp`;
  await world.files.makeDirectory(temporary, 0o700);
  // rootlesskit and runc look for a directory of the user's own there.
  const env = { ...world.env, PATH: pathWith(wish.tools, world.env), XDG_RUNTIME_DIR: sockets, TMPDIR: temporary };
  const socket = buildkitSocket({ sockets });
  await startDaemon({ name: "buildkitd", argv: [tool, ...args, "--config", config], env, socket }, journal, world);
  return `unix://${socket}`;
}

/** Absolute path of the program. @throws Failure `tool` when it is not there. */
export async function requireProgram(name: string, { wish, world }: Ground): Promise<string> {
  const path = await findProgram(name, wish.tools, world);
  if (path !== undefined) return path;
  throw new ProgramMissing(name);
}

/** Only there does a process have a time of its start that can be read. */
async function requireLinux({ world }: Ground): Promise<void> {
  const { started } = await world.system.self();
  if (started !== "") return;
  throw new Failure("engine", "buildkitd runs on Linux only", {
    code: "NoEngineHere",
    hint: "Give the address of a buildkitd elsewhere in the input builder.",
  });
}
