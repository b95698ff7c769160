import { startBuildkitd, startGuestBuildkitd } from "./buildkitd.ts";
import { provideBuildx } from "./buildx.ts";
import { cleanUp } from "./clean-up.ts";
import { provideNerdctl } from "./containerd.ts";
import type { EngineMachine, EngineWish, Provision } from "./engine.ts";
import { type Ground, prepareGround } from "./engine-context.ts";
import { findProgram, newEngineDirectory, pathWith } from "./engine-paths.ts";
import { ownerOf } from "./owner.ts";
import { installPackage } from "./packages.ts";
import { openJournal, STATE } from "./record.ts";
import { sweep } from "./sweep.ts";

type Made = Omit<Provision, "notes">;

/** Backends whose engine this room starts. */
const ENGINES: Readonly<Record<string, (ground: Ground) => Promise<Made>>> = {
  buildctl: provideBuildctl,
  buildx: provideBuildx,
  nerdctl: provideNerdctl,
};

/** Backends that are a program and no daemon, and are in every distribution. */
const PROGRAMS = ["podman", "buildah"];

/**
 * Starts what the backend needs and does not find, ready for builds; of what it needs nothing that is there already is
 * touched. The post step ({@link cleanUp}) takes it away; on failure nothing stays.
 *
 * @throws Failure `tool`, `engine` or `cancelled`.
 */
export async function provideEngine(wish: EngineWish, machine: EngineMachine): Promise<Provision> {
  const notes = [...(await sweep(machine))];
  const path = { PATH: pathWith(wish.tools, machine.env) };
  if (PROGRAMS.includes(wish.backend)) {
    if ((await findProgram(wish.backend, wish.tools, machine)) === undefined) {
      await installPackage({ name: wish.backend, ...wish.oldest }, machine);
    }
    return { env: path, notes };
  }
  const provide = ENGINES[wish.backend];
  if (provide === undefined) return { env: path, notes };

  const directory = await newEngineDirectory(machine);
  // Before anything is made, so that the post step finds it whatever happens to this one.
  machine.actions.saveState(STATE, directory);
  try {
    const journal = await openJournal(directory, { owner: await ownerOf(machine), tools: wish.tools }, machine);
    const ground = await prepareGround(wish, journal, machine);
    const { env, ...made } = await provide(ground);
    return { ...made, env: { ...path, ...env }, notes: [...notes, ...ground.notes] };
  } catch (error) {
    for (const line of await cleanUp(directory, machine)) machine.actions.warning(`Could not be removed: ${line}`);
    throw error;
  }
}

/** A containerd that somebody names keeps what is built; otherwise buildkitd does. */
async function provideBuildctl(ground: Ground): Promise<Made> {
  const { CONTAINERD_ADDRESS: containerd, CONTAINERD_NAMESPACE: namespace } = ground.machine.env;
  const builder = containerd
    ? await startGuestBuildkitd(ground, containerd.replace(/^unix:\/\//, ""), namespace || "default")
    : await startBuildkitd(ground);
  return { env: { BUILDKIT_HOST: builder }, builder };
}
