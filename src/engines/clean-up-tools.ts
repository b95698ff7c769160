/** Removes what only the tools that created it can remove. The tools are looked up again, because a record does not name them. */
import { builderOf, findBuildx } from "./buildx-plugin.ts";
import { buildkitSocket } from "./configuration.ts";
import { findProgram, socketDirectory } from "./engine-paths.ts";
import type { CleanUpMachine, Leftover } from "./leftover.ts";

/**
 * Limit of one tool, so that one that hangs does not block the rest of the clean-up. Removing gigabytes of cache takes more
 * than 20 s on a slow disk: builders, prunes and files of mapped user ids have that much.
 */
const SECONDS = "120";

/** Removes the buildx builder. Its default of 20 s is too short for a volume of gigabytes; older versions do not know the flag. Source: buildx commands/rm.go, `--timeout` */
export async function removeBuilder({ directory, tools, machine }: Leftover): Promise<void> {
  const { name, config } = builderOf(directory);
  // A builder that buildx does not know was not created yet.
  if ((await machine.files.info(`${config}/instances/${name}`)) === undefined) return;
  const command = await findBuildx(tools, machine);
  if (command === undefined) throw new Error("neither docker-buildx nor docker is installed any more");
  const remove = (...more: readonly string[]): Promise<void> =>
    runTool([...command, "rm", "--force", ...more, name], machine, { BUILDX_CONFIG: config });
  try {
    await remove("--timeout", "110s");
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("unknown flag")) throw error;
    await remove();
  }
}

/** Removes the build cache of a buildkitd from a containerd of the machine. */
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

/** @throws Error with the tool's own message when it fails. */
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
  if (program === undefined) throw new Error(`${name} is not installed any more`);
  return program;
}
