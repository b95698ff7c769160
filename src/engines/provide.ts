import { startBuildkitd, startGuestBuildkitd } from "./buildkitd.ts";
import { provideBuildx } from "./buildx.ts";
import { cleanUp } from "./clean-up.ts";
import { provideNerdctl } from "./containerd.ts";
import type { EngineMachine, EngineRequest, Provision, StartedEngine } from "./engine.ts";
import { type EngineContext, prepareEngine } from "./engine-context.ts";
import { findProgram, newEngineDirectory, pathWith } from "./engine-paths.ts";
import { ownerOf } from "./owner.ts";
import { installPackage } from "./packages.ts";
import { openJournal, STATE } from "./record.ts";
import { sweep } from "./sweep.ts";

type EngineAccess = Omit<Provision, "notes">;

const START: Readonly<Record<StartedEngine, (context: EngineContext) => Promise<EngineAccess>>> = {
  buildkitd: provideBuildkitd,
  "buildx-builder": provideBuildx,
  containerd: provideNerdctl,
};

/**
 * Installs or starts what the backend needs and does not find, ready for builds. Existing programs and daemons are not
 * changed. The post step ({@link cleanUp}) removes the engine; after a failure nothing is left.
 *
 * @throws Failure `tool`, `engine` or `cancelled`.
 */
export async function provideEngine(request: EngineRequest, machine: EngineMachine): Promise<Provision> {
  const notes = [...(await sweep(machine))];
  const path = { PATH: pathWith(request.tools, machine.env) };
  const { provides } = request;
  if (provides.kind === "package" && (await findProgram(provides.name, request.tools, machine)) === undefined) {
    await installPackage({ name: provides.name, ...request.oldest }, machine);
  }
  if (provides.kind !== "engine") return { env: path, notes };

  const directory = await newEngineDirectory(machine);
  // Saved before anything is created, so that the post step finds it even if this step is killed.
  machine.actions.saveState(STATE, directory);
  try {
    const journal = await openJournal(directory, { owner: await ownerOf(machine), tools: request.tools }, machine);
    const context = await prepareEngine(request, journal, machine);
    const { env, ...access } = await START[provides.engine](context);
    return { ...access, env: { ...path, ...env }, notes: [...notes, ...context.notes] };
  } catch (error) {
    for (const line of await cleanUp(directory, machine)) machine.actions.warning(`Could not be removed: ${line}`);
    throw error;
  }
}

/** With CONTAINERD_ADDRESS, buildkitd uses that containerd; otherwise it works without one. */
async function provideBuildkitd(context: EngineContext): Promise<EngineAccess> {
  const { CONTAINERD_ADDRESS: containerd, CONTAINERD_NAMESPACE: namespace } = context.machine.env;
  const builder = containerd
    ? await startGuestBuildkitd(context, containerd.replace(/^unix:\/\//, ""), namespace || "default")
    : await startBuildkitd(context);
  return { env: { BUILDKIT_HOST: builder }, builder };
}
