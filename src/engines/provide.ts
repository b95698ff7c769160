import { startBuildkitd, startGuestBuildkitd } from "./buildkitd.ts";
import { provideBuildx } from "./buildx.ts";
import { cleanUp } from "./clean-up.ts";
import { provideNerdctl } from "./containerd.ts";
import type { EngineMachine, EngineRequest, Provision } from "./engine.ts";
import { type EngineContext, prepareEngine } from "./engine-context.ts";
import { findProgram, newEngineDirectory, pathWith } from "./engine-paths.ts";
import { ownerOf } from "./owner.ts";
import { installPackage } from "./packages.ts";
import { openJournal, STATE } from "./record.ts";
import { sweep } from "./sweep.ts";

type EngineAccess = Omit<Provision, "notes">;

/** Backends whose engine can be started. */
const ENGINES: Readonly<Record<string, (context: EngineContext) => Promise<EngineAccess>>> = {
  buildctl: provideBuildctl,
  buildx: provideBuildx,
  nerdctl: provideNerdctl,
};

/** Backends that have no daemon and are packaged by every distribution. */
const PROGRAMS = ["podman", "buildah"];

/**
 * Installs or starts what the backend needs and does not find, ready for builds. Existing programs and daemons are not
 * changed. The post step ({@link cleanUp}) removes the engine; after a failure nothing is left.
 *
 * @throws Failure `tool`, `engine` or `cancelled`.
 */
export async function provideEngine(request: EngineRequest, machine: EngineMachine): Promise<Provision> {
  const notes = [...(await sweep(machine))];
  const path = { PATH: pathWith(request.tools, machine.env) };
  if (PROGRAMS.includes(request.backend)) {
    if ((await findProgram(request.backend, request.tools, machine)) === undefined) {
      await installPackage({ name: request.backend, ...request.oldest }, machine);
    }
    return { env: path, notes };
  }
  const provide = ENGINES[request.backend];
  if (provide === undefined) return { env: path, notes };

  const directory = await newEngineDirectory(machine);
  // Saved before anything is created, so that the post step finds it even if this step is killed.
  machine.actions.saveState(STATE, directory);
  try {
    const journal = await openJournal(directory, { owner: await ownerOf(machine), tools: request.tools }, machine);
    const context = await prepareEngine(request, journal, machine);
    const { env, ...access } = await provide(context);
    return { ...access, env: { ...path, ...env }, notes: [...notes, ...context.notes] };
  } catch (error) {
    for (const line of await cleanUp(directory, machine)) machine.actions.warning(`Could not be removed: ${line}`);
    throw error;
  }
}

/** With CONTAINERD_ADDRESS, buildkitd uses that containerd; otherwise it works without one. */
async function provideBuildctl(context: EngineContext): Promise<EngineAccess> {
  const { CONTAINERD_ADDRESS: containerd, CONTAINERD_NAMESPACE: namespace } = context.machine.env;
  const builder = containerd
    ? await startGuestBuildkitd(context, containerd.replace(/^unix:\/\//, ""), namespace || "default")
    : await startBuildkitd(context);
  return { env: { BUILDKIT_HOST: builder }, builder };
}
