/** What only the tools that made it can remove. They are found anew: a record names none. */
import { builderOf, findBuildx } from "./buildx-plugin.ts";
import { buildkitSocket } from "./configuration.ts";
import { findProgram, socketDirectory } from "./engine-paths.ts";
import type { CleanUpMachine, Leftover } from "./leftover.ts";

/**
 * A tool that hangs must not keep the rest from being removed. To remove a cache of gigabytes, as builders, prunes and
 * other users' files have, takes a slow disk more than 20 s.
 */
const SECONDS = "120";

/** Its own 20 s are too short for a volume of gigabytes. Older versions do not know the flag. Source: buildx commands/rm.go, `--timeout` */
export async function removeBuilder({ directory, tools, machine }: Leftover): Promise<void> {
  const { name, config } = builderOf(directory);
  // Where it is not known, it was not made yet; then nothing of it is anywhere.
  if ((await machine.files.info(`${config}/instances/${name}`)) === undefined) return;
  const call = await findBuildx(tools, machine);
  if (call === undefined) throw new Error("neither docker-buildx nor docker is there any more");
  const remove = (...more: readonly string[]): Promise<void> =>
    runTool([...call, "rm", "--force", ...more, name], machine, { BUILDX_CONFIG: config });
  try {
    await remove("--timeout", "110s");
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("unknown flag")) throw error;
    await remove();
  }
}

/** Removes what a buildkitd put into a containerd that is not ours. */
export async function removeCache({ directory, tools, machine }: Leftover): Promise<void> {
  const address = `unix://${buildkitSocket({ sockets: socketDirectory(directory) })}`;
  await runTool([await programOf("buildctl", tools, machine), "--addr", address, "prune", "--all"], machine);
}

/** Removes the state of a rootless buildkitd. */
export async function removeMapped({ directory, tools, machine }: Leftover): Promise<void> {
  const path = `${directory}/buildkitd`;
  if ((await machine.files.info(path)) === undefined) return;
  await runTool([await programOf("rootlesskit", tools, machine), "rm", "-rf", path], machine);
}

/** @throws Error with the tool's own words when it fails. */
export async function runTool(
  [tool = "", ...args]: readonly string[],
  machine: CleanUpMachine,
  env = {},
): Promise<void> {
  const invocation = { tool: "timeout", args: [SECONDS, tool, ...args], env: { ...machine.env, ...env } };
  const { code, stderr } = await machine.processes.ask(invocation);
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}

async function programOf(name: string, tools: readonly string[], machine: CleanUpMachine): Promise<string> {
  const program = await findProgram(name, tools, machine);
  if (program === undefined) throw new Error(`${name} is not there any more`);
  return program;
}
