import { basename } from "node:path/posix";
import type { EngineMachine } from "./engine.ts";
import { findIn, findProgram } from "./engine-paths.ts";
import { PLUGIN } from "./plugin.ts";

/** The builder of the engine in that directory: its name and the absolute directory of its buildx configuration. */
export function builderOf(directory: string): { readonly name: string; readonly config: string } {
  return { name: basename(directory), config: `${directory}/buildx` };
}

/**
 * The command of buildx, if it or docker is in these directories or on PATH. The plugin can be run directly with the same
 * arguments, also in the post step, which has no docker configuration that names it.
 * Source: https://github.com/docker/buildx/blob/master/cmd/buildx/main.go
 */
export async function findBuildx(
  tools: readonly string[],
  machine: Pick<EngineMachine, "files" | "processes">,
): Promise<readonly string[] | undefined> {
  const plugin = await findIn(PLUGIN, tools, machine);
  if (plugin !== undefined) return [plugin];
  const docker = await findProgram("docker", tools, machine);
  return docker === undefined ? undefined : [docker, "buildx"];
}
